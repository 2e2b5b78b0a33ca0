// Written by a test from src/session/message.rs: `UPDATE=1 cargo test --lib messages`.

export type Command = { "type": "start", config: RawConfig, resume: Pick<Snapshot, 'step' | 'history'> | null, } | { "type": "run" } | { "type": "pause" } | { "type": "step", steps: number, } | { "type": "set", settings: { [key in string]: string }, } | { "type": "pace", steps: number | null, growing: boolean, } | { "type": "check", config: RawConfig, } | { "type": "watch", watch: Watch, } | { "type": "predict", x: number, y: number, } | { "type": "subgroups", config: RawConfig, } | { "type": "snapshot" } | { "type": "test", config: RawConfig, steps: number | null, } | { "type": "peak" };

export type Event = { "type": "started" } & Started | { "type": "evaluated" } & Curves | { "type": "status", status: Status, step: number, } | { "type": "configured", config: { [key in string]: string }, } | { "type": "inspected" } & Inspected | { "type": "predicted", step: number, x: number, y: number, 
/**
 * The network's logits.
 */
network: Array<number>, 
/**
 * What the rule of the key frequencies says, on the symbols that have an index.
 */
rule: Array<number | null> | null, } | { "type": "subgroups", subgroups: Array<Subgroup>, } | { "type": "snapshot" } & Snapshot | { "type": "tested" } & Tested | { "type": "peak", gflops: number, };

export type Started = { 
/**
 * Every setting, as it would be typed.
 */
config: { [key in string]: string }, 
/**
 * The operation as it is written for readers.
 */
operation: string, 
/**
 * The names of the symbols.
 */
symbols: Array<string>, 
/**
 * Whether they are residues.
 */
modular: boolean, 
/**
 * Whether they are a group's elements.
 */
group: boolean, 
/**
 * Of each symbol: its place in the cycle that the operation adds in, if it is such a sum.
 */
index: Array<number | null> | null, commutative: boolean, associative: boolean, distinctAnswers: number, equations: number, 
/**
 * Equations that are trained on.
 */
train: number, batch: number, parameters: number, 
/**
 * Accuracy of always giving the commonest answer, 0 to 1.
 */
chance: number, 
/**
 * Place of each symbol where they are coloured in order: of residues their own, of a group's
 * elements coset by coset.
 */
order: Array<number>, 
/**
 * Row-major n x n; [`crate::data::NO_SYMBOL`] where there is no equation.
 */
answer: Uint16Array, 
/**
 * Row-major n x n; 1 where a cell is held out.
 */
heldOut: Uint8Array, 
/**
 * Row-major n x n; 1 where a cell is held out and its mirror image trained on, of a commutative
 * operation.
 */
mirrored: Uint8Array, 
/**
 * Row-major n x n; 1 where a cell is trained on with another's answer.
 */
outlier: Uint8Array, };

export type Curves = { step: number, trainAccuracy: number, heldOutAccuracy: number, 
/**
 * Of held-out cells whose mirror image is trained on, and of the others; none where there are
 * none of a kind, or the operation is not commutative.
 */
mirroredAccuracy: number | null, unmirroredAccuracy: number | null, trainLoss: number, heldOutLoss: number, 
/**
 * Of training alone, without evaluations; none before it was measured.
 */
stepsPerSecond: number | null, 
/**
 * First evaluated step with a train accuracy of 99 %.
 */
memorisedAt: number | null, 
/**
 * First evaluated step with a held-out accuracy of 99 %.
 */
generalisedAt: number | null, predicted: Uint16Array, confidence: Float32Array, 
/**
 * Row-major n x n: the first evaluated step, plus one, at which a cell was right; 0 if none.
 */
firstRight: Uint32Array, };

export type Status = "idle" | "running" | "paused" | "finished" | "failed";

export type Inspected = { step: number, watch: Watch, 
/**
 * ‖θ‖₂ of all parameters.
 */
weightNorm: number, 
/**
 * What frequencies the network uses; none if its operation is no sum.
 */
fourier: Fourier | null, 
/**
 * How close to grokking.
 */
outlook: Outlook | null, 
/**
 * What irreducible representations it uses; none if its operation is no group's.
 */
powers: Array<Power> | null, 
/**
 * φ of the loss over the training equations.
 */
sharpness: number | null, 
/**
 * [symbols, 2]
 */
points: Float32Array, };

export type Inspection = { 
/**
 * ‖θ‖₂ of all parameters.
 */
weightNorm: number, 
/**
 * What frequencies the network uses; none if its operation is no sum.
 */
fourier: Fourier | null, 
/**
 * How close to grokking.
 */
outlook: Outlook | null, 
/**
 * What irreducible representations it uses; none if its operation is no group's.
 */
powers: Array<Power> | null, 
/**
 * φ of the loss over the training equations.
 */
sharpness: number | null, 
/**
 * [symbols, 2]
 */
points: Float32Array, };

export type Fourier = { 
/**
 * The index: i(z) = a i(x) + b i(y) + c mod n.
 */
n: number, a: number, b: number, c: number, 
/**
 * The primitive root, where the index is a logarithm.
 */
root: number | null, 
/**
 * Length of the embedding's part with each frequency.
 */
embedding: Array<number>, 
/**
 * Of `embedding`: 0 if all frequencies are alike, near 1 if there is one.
 */
gini: number, 
/**
 * Coefficient of cos(2πk (i(x ∘ y) − i(z)) / n) in the logits, relative to their length.
 */
coefficients: Array<number>, keys: Array<number>, 
/**
 * Steps along the index that turn the strongest frequency by one n-th: joined at this stride, the
 * symbols run round its circle once. None if there is no such number.
 */
stride: number | null, 
/**
 * Share of the logits' variance that the cosines of the key frequencies explain.
 */
explained: number, 
/**
 * Mean cross-entropy in nats over all pairs when only key frequencies are left.
 */
restrictedLoss: number, 
/**
 * Mean cross-entropy in nats of the training equations without them.
 */
excludedLoss: number, };

export type Power = { 
/**
 * Such as "4" or "4′", by dimension, the trivial one first.
 */
name: string, embedding: number, unembedding: number, };

export type Outlook = { "state": "unknown", why: string, } | { "state": "early" } | { "state": "ahead", 
/**
 * What the law of the norm says, from when the run had memorised.
 */
normLaw: number | null, 
/**
 * In what the run is unlike those that the gauge was fitted on.
 */
unlike: Array<string>, step: number, 
/**
 * The band that should hold the truth in [`BAND`] of all cases.
 */
low: number, high: number, } | { "state": "generalised" };

export type Forecast = { step: number, 
/**
 * The band that should hold the truth in [`BAND`] of all cases.
 */
low: number, high: number, };

export type Prediction = { 
/**
 * The network's logits.
 */
network: Array<number>, 
/**
 * What the rule of the key frequencies says, on the symbols that have an index.
 */
rule: Array<number | null> | null, };

export type Subgroup = { generators: Array<string>, order: number, 
/**
 * The coset of each symbol.
 */
coset: Array<number>, };

export type Snapshot = { step: number, history: History, values: Float32Array, };

export type History = { 
/**
 * First evaluated step at which train accuracy reached [`THRESHOLD`].
 */
memorised_at: number | null, 
/**
 * The same for held-out accuracy.
 */
generalised_at: number | null, 
/**
 * Whether it was told to go on after it had ended: then only its budget ends it.
 */
went_on: boolean, 
/**
 * Per equation: the first evaluated step, plus one, at which it was right; 0 if none.
 */
first_right: Array<number>, };

export type Tested = { 
/**
 * Of each step, then of the whole table: trained on, held out.
 */
losses: Array<number>, stepMillis: number, 
/**
 * Billions of operations of a step's matrix products.
 */
stepGflop: number, };

export type RawConfig = { 
/**
 * The id of a preset; the first one if it is missing.
 */
preset: string | null, 
/**
 * What was typed by the id of its setting, over those of the preset.
 */
settings: { [key in string]: string }, };

export type Watch = { 
/**
 * Frequencies, or irreducible representations.
 */
structure: boolean, sharpness: boolean, 
/**
 * How close to grokking, which needs the structure of sums.
 */
gauge: boolean, points: [Matrix, Method] | null, };

export type Matrix = "embedding" | "unembedding";

export type Method = "pca" | "tsne" | "fourier";
