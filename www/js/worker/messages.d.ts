// Written by a test from src/session/message.rs: `UPDATE=1 cargo test --lib messages`.

export type Command = { "type": "start", 
/**
 * What to train.
 */
config: RawConfig, 
/**
 * Where to go on; none for the first step.
 */
resume: Pick<Snapshot, 'step' | 'history'> | null, 
/**
 * The settings of the run that the snapshot is of, if this one forks off with others: its
 * milestones begin anew, and only its budget ends it.
 */
from?: RawConfig | null, } | { "type": "run" } | { "type": "pause" } | { "type": "step", 
/**
 * From 1; 0 counts as 1.
 */
steps: number, } | { "type": "set", 
/**
 * By id, as they would be typed.
 */
settings: { [key in string]: string }, } | { "type": "pace", 
/**
 * From 1.
 */
steps: number | null, 
/**
 * Without `steps`: 2 % more of them each time.
 */
growing: boolean, } | { "type": "check", 
/**
 * What would be trained.
 */
config: RawConfig, } | { "type": "watch", 
/**
 * Nothing ends it.
 */
watch: Watch, } | { "type": "predict", 
/**
 * A symbol, by its number.
 */
x: number, 
/**
 * A symbol, by its number.
 */
y: number, } | { "type": "ablate", 
/**
 * Names of parts, such as `head:0.2`: those of [`Switch`](crate::inspect::inside::Switch).
 */
cuts: Array<string>, 
/**
 * What is put in place of heads and neurons.
 */
fill: Fill, } | { "type": "subgroups", 
/**
 * The operation is that of this run.
 */
config: RawConfig, } | { "type": "snapshot" } | { "type": "export" } | { "type": "import", } | { "type": "test", 
/**
 * The network.
 */
config: RawConfig, 
/**
 * Steps that are timed, from 1.
 */
steps: number | null, } | { "type": "peak" };

export type Event = { "type": "started" } & Started | { "type": "evaluated" } & Curves | { "type": "status", 
/**
 * The state.
 */
status: Status, 
/**
 * Steps done.
 */
step: number, } | { "type": "configured", 
/**
 * As they would be typed.
 */
config: { [key in string]: string }, } | { "type": "inspected" } & Inspected | { "type": "predicted", 
/**
 * Steps done.
 */
step: number, 
/**
 * A symbol, by its number.
 */
x: number, 
/**
 * A symbol, by its number.
 */
y: number, 
/**
 * The network's logits.
 */
network: Array<number>, 
/**
 * What the rule of the key frequencies says, on the symbols that have an index.
 */
rule: Array<number | null> | null, 
/**
 * What each layer does at `=`, the first one first.
 */
layers: Array<LayerTrace>, } | { "type": "ablated", 
/**
 * Steps done.
 */
step: number, 
/**
 * The parts, as they were named.
 */
cuts: Array<string>, 
/**
 * What was put in their place.
 */
fill: Fill, 
/**
 * How right the whole network is.
 */
whole: Scores, 
/**
 * How right what is left of it is.
 */
left: Scores, 
/**
 * The likeliest symbol of each equation.
 */
predicted: Uint16Array, 
/**
 * The probability of that symbol, 0 to 1.
 */
confidence: Float32Array, } | { "type": "subgroups", 
/**
 * Empty if the operation is not a group's.
 */
subgroups: Array<Subgroup>, } | { "type": "snapshot" } & Snapshot | { "type": "exported", 
/**
 * Steps done.
 */
step: number, 
/**
 * In the order of their values.
 */
tensors: Array<Tensor>, 
/**
 * All of them, end to end.
 */
values: Float32Array, } | { "type": "tested" } & Tested | { "type": "peak", 
/**
 * Billions of operations a second.
 */
gflops: number, };

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
 * The place of each symbol in the cycle that the operation adds in, if it is such a sum.
 */
index: Array<number | null> | null, 
/**
 * Whether x ∘ y = y ∘ x.
 */
commutative: boolean, 
/**
 * Whether (x ∘ y) ∘ z = x ∘ (y ∘ z).
 */
associative: boolean, 
/**
 * Symbols that are the answer of some cell.
 */
distinctAnswers: number, 
/**
 * Equations of the table.
 */
equations: number, 
/**
 * Equations that are trained on.
 */
train: number, 
/**
 * Equations of a full step.
 */
batch: number, 
/**
 * Parameters of the network.
 */
parameters: number, 
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

export type Curves = { 
/**
 * Steps done before it.
 */
step: number, 
/**
 * Share of the training equations that are right, 0 to 1.
 */
trainAccuracy: number, 
/**
 * Share of the held-out equations that are right, 0 to 1.
 */
heldOutAccuracy: number, 
/**
 * Accuracy on held-out cells whose mirror image is trained on; none where there are none, or the
 * operation is not commutative.
 */
mirroredAccuracy: number | null, 
/**
 * The same of the other held-out cells.
 */
unmirroredAccuracy: number | null, 
/**
 * Mean cross-entropy of the training equations, in nats.
 */
trainLoss: number, 
/**
 * Mean cross-entropy of the held-out equations, in nats.
 */
heldOutLoss: number, 
/**
 * Share of the training equations whose right answer has a probability of exactly 1 in the precision
 * of the loss, 0 to 1; none in a recording.
 */
collapsed: number | null, 
/**
 * Steps a second of training alone, without evaluations; none before it was measured.
 */
stepsPerSecond: number | null, 
/**
 * First evaluated step with a train accuracy of 99 %.
 */
memorisedAt: number | null, 
/**
 * First evaluated step with a held-out accuracy of 99 %.
 */
generalisedAt: number | null, 
/**
 * Row-major n x n: the likeliest symbol; [`crate::data::NO_SYMBOL`] where there is no
 * equation.
 */
predicted: Uint16Array, 
/**
 * Row-major n x n: the probability of that symbol, 0 to 1.
 */
confidence: Float32Array, 
/**
 * Row-major n x n: the first evaluated step, plus one, at which a cell was right; 0 if none.
 */
firstRight: Uint32Array, };

export type Status = "idle" | "running" | "paused" | "finished" | "failed";

export type Inspected = { 
/**
 * Steps done.
 */
step: number, 
/**
 * What was asked for.
 */
watch: Watch, 
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
 * x and y of each symbol, [symbols, 2].
 */
points: Float32Array, 
/**
 * A layer's neurons and heads.
 */
inside: Inside | null, 
/**
 * Their pictures, [neurons + heads · positions, symbols, symbols], a byte a cell: 0 where there is
 * no equation, 1 to 255 from least to largest.
 */
pictures: Uint8Array, 
/**
 * What could be taken away.
 */
parts: Parts | null, 
/**
 * Its circles; none if its operation is no sum, or no frequency stands out.
 */
clock: Clock | null, };

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
 * x and y of each symbol, [symbols, 2].
 */
points: Float32Array, 
/**
 * A layer's neurons and heads.
 */
inside: Inside | null, 
/**
 * Their pictures, [neurons + heads · positions, symbols, symbols], a byte a cell: 0 where there is
 * no equation, 1 to 255 from least to largest.
 */
pictures: Uint8Array, 
/**
 * What could be taken away.
 */
parts: Parts | null, 
/**
 * Its circles; none if its operation is no sum, or no frequency stands out.
 */
clock: Clock | null, };

export type Fourier = { 
/**
 * Length of the cycle of the index i: i(z) = a i(x) + b i(y) + c mod n.
 */
n: number, 
/**
 * Factor of x's index.
 */
a: number, 
/**
 * Factor of y's index.
 */
b: number, 
/**
 * What is added.
 */
c: number, 
/**
 * The primitive root, where the index is a logarithm.
 */
root: number | null, 
/**
 * Length of the embedding's part with each frequency.
 */
embedding: Array<number>, 
/**
 * Gini coefficient of `embedding`: 0 if all frequencies are alike, near 1 if there is one.
 */
gini: number, 
/**
 * Coefficient of cos(2πk (i(x ∘ y) − i(z)) / n) in the logits, relative to their length.
 */
coefficients: Array<number>, 
/**
 * The key frequencies, the strongest first.
 */
keys: Array<number>, 
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
name: string, 
/**
 * Share of the embedding, 0 to 1.
 */
embedding: number, 
/**
 * Share of the output matrix, 0 to 1.
 */
unembedding: number, };

export type Inside = { 
/**
 * The layer, from 0.
 */
layer: number, 
/**
 * Layers of the network.
 */
layers: number, 
/**
 * Heads of a layer.
 */
heads: number, 
/**
 * Positions that `=` looks at, itself the last.
 */
positions: number, 
/**
 * The frequencies, or the representations, that neurons are sorted by; none if the operation has
 * none.
 */
waves: Array<string>, 
/**
 * Every neuron, in the order of the wall: those tuned to one wave, wave by wave; then the others.
 */
neurons: Array<Tuning>, 
/**
 * Neurons with more than 85 % of their variance in one wave.
 */
tuned: number, 
/**
 * The neuron that was asked for, if the layer has it.
 */
opened: Opened | null, };

export type Tuning = { 
/**
 * Its number in the layer, from 0.
 */
neuron: number, 
/**
 * The wave with the most of its variance, by its place in [`Inside::waves`]; none if it is the same
 * everywhere.
 */
wave: number | null, 
/**
 * The share of its variance in that wave, 0 to 1.
 */
share: number, 
/**
 * Its least activation over the table.
 */
low: number, 
/**
 * Its largest.
 */
high: number, };

export type Opened = { 
/**
 * Its number in the layer, from 0.
 */
neuron: number, 
/**
 * In the first layer, what each symbol as x adds to its input, and as y, with every head's mean
 * attention, around the symbols' mean. Where a norm comes before the neuron, before that divides.
 */
inputs: [Array<number>, Array<number>] | null, 
/**
 * In the last layer, what one unit of its activation adds to each symbol's logit, around the
 * symbols' mean, at the mean deviation of the norm before the logits.
 */
effects: Array<number> | null, };

export type Parts = { 
/**
 * What can be taken away.
 */
switches: Array<Switch>, 
/**
 * How much its rule gets right alone; none if its operation is no sum.
 */
rule: Rule | null, };

export type Switch = { 
/**
 * Its name, as a command takes it.
 */
cut: string, 
/**
 * Neurons of a cluster.
 */
neurons: number | null, };

export type Rule = { 
/**
 * The key frequencies, the strongest first.
 */
keys: Array<number>, 
/**
 * The network's own logits of the symbols that the rule speaks of.
 */
whole: Scores, 
/**
 * The part of the logits with the key frequencies of the sum, and each symbol's mean.
 */
only: Scores, 
/**
 * The logits without that part, but with each symbol's mean.
 */
without: Scores, };

export type Scores = { 
/**
 * The training equations.
 */
train: Score, 
/**
 * The others.
 */
heldOut: Score, };

export type Score = { 
/**
 * Equations that are right.
 */
right: number, 
/**
 * Equations.
 */
of: number, 
/**
 * Mean cross-entropy in nats; 0 without equations.
 */
loss: number, };

export type Clock = { 
/**
 * Hours: length of the cycle of the index.
 */
n: number, 
/**
 * One for each key frequency, the strongest first.
 */
faces: Array<Face>, 
/**
 * Mean logit of the symbol so many places behind the answer, around the mean over symbols, `[n]`.
 */
whole: Array<number>, 
/**
 * Mean over the differences of x's place and y's of the deviation of the right answer's logit, over
 * its deviation altogether. Pizzas have 0 to 0.4, clocks 0.4 to 1.
 */
distanceIrrelevance: number, 
/**
 * Mean cosine of the gradients of a logit by the embeddings of x and of y, over 100 triples. Pizzas
 * have 0.99, clocks less.
 */
symmetricity: number, };

export type Face = { 
/**
 * The frequency: one place is k n-ths of a turn.
 */
k: number, 
/**
 * Where each symbol lies as x, [symbols, 2]: its embedding on the two directions with x's frequency,
 * at a mean distance of 1. A symbol without an index lies where it may.
 */
x: Array<[number, number]>, 
/**
 * The same as y, whose frequency differs where the operation is no plain sum.
 */
y: Array<[number, number]>, 
/**
 * Where the logits point for each answer, by its place, [n, 2]: their cosine and sine with this
 * frequency over the symbols, the mean of the pairs with that answer, at a mean length of 1.
 */
answer: Array<[number, number]>, 
/**
 * The part of [`Clock::whole`] with this frequency, `[n]`.
 */
curve: Array<number>, };

export type Ablated = { 
/**
 * The parts, as they were named.
 */
cuts: Array<string>, 
/**
 * What was put in their place.
 */
fill: Fill, 
/**
 * How right the whole network is.
 */
whole: Scores, 
/**
 * How right what is left of it is.
 */
left: Scores, 
/**
 * The likeliest symbol of each equation.
 */
predicted: Uint16Array, 
/**
 * The probability of that symbol, 0 to 1.
 */
confidence: Float32Array, };

export type Fill = "zero" | "mean";

export type Outlook = { "state": "unknown", 
/**
 * What about it.
 */
why: string, } | { "state": "early" } | { "state": "ahead", 
/**
 * What the law of the norm says, from when the run had memorised.
 */
normLaw: number | null, 
/**
 * In what the run is unlike those that the gauge was fitted on.
 */
unlike: Array<string>, 
/**
 * The likeliest.
 */
step: number, 
/**
 * Lower end of the band that should hold the truth in [`BAND`] of all cases.
 */
low: number, 
/**
 * Upper end of that band.
 */
high: number, } | { "state": "generalised" };

export type Forecast = { 
/**
 * The likeliest.
 */
step: number, 
/**
 * Lower end of the band that should hold the truth in [`BAND`] of all cases.
 */
low: number, 
/**
 * Upper end of that band.
 */
high: number, };

export type Prediction = { 
/**
 * The network's logits.
 */
network: Array<number>, 
/**
 * What the rule of the key frequencies says, on the symbols that have an index.
 */
rule: Array<number | null> | null, 
/**
 * What each layer does at `=`, the first one first.
 */
layers: Array<LayerTrace>, };

export type LayerTrace = { 
/**
 * What each head takes of each position, its attention as it is applied: a row for each head.
 */
attention: Array<Array<number>>, 
/**
 * The neurons that do most: in the last layer by what they add to the answer's logit, in others by
 * their activation.
 */
neurons: Array<Fired>, 
/**
 * Neurons with an activation above 0.
 */
firing: number, 
/**
 * Neurons of the layer.
 */
of: number, 
/**
 * What all neurons of the last layer add to the answer's logit, around the symbols' mean.
 */
effect: number | null, };

export type Fired = { 
/**
 * Its number in the layer, from 0.
 */
neuron: number, 
/**
 * After the nonlinearity.
 */
activation: number, 
/**
 * What it adds to the logit of the network's answer, around the symbols' mean; of the last layer
 * alone.
 */
effect: number | null, };

export type Subgroup = { 
/**
 * The names of one or two elements that generate it.
 */
generators: Array<string>, 
/**
 * How many elements it has.
 */
order: number, 
/**
 * The coset of each symbol.
 */
coset: Array<number>, };

export type Tensor = { 
/**
 * As `docs/weights.md` has it.
 */
name: string, 
/**
 * Rows and columns.
 */
shape: [number, number], };

export type Snapshot = { 
/**
 * Steps done.
 */
step: number, 
/**
 * What it had passed.
 */
history: History, 
/**
 * Parameters, then each moment of the optimiser, end to end.
 */
values: Float32Array, };

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
 * The loss of each step, then the losses of what is trained on and of what is held out.
 */
losses: Array<number>, 
/**
 * Time of a step.
 */
stepMillis: number, 
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
structure: boolean, 
/**
 * How flat the loss is around the network, which takes slopes of it.
 */
sharpness: boolean, 
/**
 * How close to grokking, which needs the structure of sums.
 */
gauge: boolean, 
/**
 * The rows of a matrix as points of a plane.
 */
points: [Matrix, Method] | null, 
/**
 * A layer's neurons and heads, over the table.
 */
inside: Look | null, 
/**
 * Which parts could be taken away, and what the rule does alone.
 */
parts: boolean, 
/**
 * The circles that symbols lie on, and where the answers point.
 */
clock: boolean, };

export type Look = { 
/**
 * From 0; beyond the last it is the last.
 */
layer: number, 
/**
 * A neuron whose weights are asked for, from 0.
 */
neuron: number | null, };

export type Matrix = "embedding" | "unembedding";

export type Method = "pca" | "tsne" | "fourier";
