// The shapes that travel between page and worker; src/session/message.rs defines them.

/**
 * Every setting, as it would be typed.
 * @typedef {Record<string, string>} Settings
 */

/**
 * A preset and what differs from it.
 * @typedef {{ preset: string | null, settings: Settings }} RawConfig
 */

/**
 * @typedef {{ type: 'started', config: Settings, operation: string, symbols: string[],
 *   modular: boolean, group: boolean, index: (number | null)[] | null, commutative: boolean, associative: boolean, distinctAnswers: number,
 *   equations: number, train: number, batch: number, parameters: number, chance: number, order: number[],
 *   answer: Uint16Array, heldOut: Uint8Array, mirrored: Uint8Array, outlier: Uint8Array }} Started
 * @typedef {{ type: 'evaluated', step: number, trainAccuracy: number, heldOutAccuracy: number,
 *   mirroredAccuracy: number | null, unmirroredAccuracy: number | null,
 *   trainLoss: number, heldOutLoss: number, stepsPerSecond: number | null,
 *   memorisedAt: number | null, generalisedAt: number | null,
 *   predicted: Uint16Array, confidence: Float32Array, firstRight: Uint32Array }} Evaluated
 * @typedef {'idle' | 'running' | 'paused' | 'finished' | 'failed'} Status
 * @typedef {{ type: 'status', status: Status, step: number }} StatusEvent
 * @typedef {{ type: 'configured', config: Settings }} Configured
 * @typedef {{ type: 'snapshot', step: number, history: object, values: Float32Array }} Snapshot
 * @typedef {{ type: 'tested', losses: number[], stepMillis: number, stepGflop: number }} Tested
 * @typedef {'embedding' | 'unembedding'} Matrix
 * @typedef {'pca' | 'tsne' | 'fourier'} Method
 * @typedef {{ structure: boolean, sharpness: boolean, gauge: boolean, points: [Matrix, Method] | null }} Watch
 * @typedef {{ n: number, a: number, b: number, c: number, root: number | null, embedding: number[],
 *   gini: number, coefficients: number[], keys: number[], stride: number | null, explained: number,
 *   restrictedLoss: number, excludedLoss: number }} Fourier
 * @typedef {{ name: string, embedding: number, unembedding: number }} Power
 * @typedef {{ state: 'unknown', why: string } | { state: 'early' } | { state: 'generalised' }
 *   | { state: 'ahead', step: number, low: number, high: number, normLaw: number | null, unlike: string[] }} Outlook
 * @typedef {{ type: 'inspected', step: number, watch: Watch, weightNorm: number,
 *   fourier: Fourier | null, powers: Power[] | null, sharpness: number | null, outlook: Outlook | null, points: Float32Array }} Inspected
 * @typedef {{ type: 'predicted', step: number, x: number, y: number, network: number[],
 *   rule: (number | null)[] | null }} Predicted
 * @typedef {{ generators: string[], order: number, coset: number[] }} Subgroup
 * @typedef {{ type: 'subgroups', subgroups: Subgroup[] }} Subgroups
 * @typedef {Started | Evaluated | StatusEvent | Configured | Snapshot | Tested | Inspected
 *   | Predicted | Subgroups} SessionEvent
 */

/**
 * What only the worker script says: loading, readiness, answers to commands, and its end.
 * @typedef {{ type: 'loading', loaded: number, total: number | null }} Loading
 * @typedef {{ type: 'loaded', version: number }} Loaded
 * @typedef {{ type: 'ready' }} Ready
 * @typedef {{ type: 'done', id: number, error: Fault | null, result?: unknown }} Done
 * @typedef {{ type: 'failed', error: Fault }} Failed
 * @typedef {{ type: 'crashed', message: string }} Crashed
 * @typedef {SessionEvent | Loading | Loaded | Ready | Done | Failed | Crashed} WorkerMessage
 */

/** @typedef {{ code: string, message: string }} Fault */
/** Where a worker trains; the reference kernels are a larger program, for the CPU.
 * @typedef {'cpu' | 'webgpu' | 'reference'} Backend */

/** Marks a cell without an equation or a prediction. */
export const NO_SYMBOL = 65535;
