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
 *   modular: boolean, commutative: boolean, associative: boolean, distinctAnswers: number,
 *   equations: number, train: number, batch: number, parameters: number,
 *   answer: Uint16Array, heldOut: Uint8Array, outlier: Uint8Array }} Started
 * @typedef {{ type: 'evaluated', step: number, trainAccuracy: number, heldOutAccuracy: number,
 *   trainLoss: number, heldOutLoss: number, stepsPerSecond: number | null,
 *   memorisedAt: number | null, generalisedAt: number | null,
 *   predicted: Uint16Array, confidence: Float32Array, firstRight: Uint32Array }} Evaluated
 * @typedef {'idle' | 'running' | 'paused' | 'finished' | 'failed'} Status
 * @typedef {{ type: 'status', status: Status, step: number }} StatusEvent
 * @typedef {{ type: 'configured', config: Settings }} Configured
 * @typedef {{ type: 'snapshot', step: number, history: object, values: Float32Array }} Snapshot
 * @typedef {{ type: 'tested', losses: number[], stepMillis: number }} Tested
 * @typedef {Started | Evaluated | StatusEvent | Configured | Snapshot | Tested} SessionEvent
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
/** @typedef {'cpu' | 'webgpu'} Backend */

/** Marks a cell without an equation or a prediction. */
export const NO_SYMBOL = 65535;
