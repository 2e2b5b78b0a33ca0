// The names under which the page knows what travels between it and a worker.
//
// `messages.d.ts` is written from src/session/message.rs.

/**
 * @template {import('./messages.js').Event['type']} T
 * @typedef {Extract<import('./messages.js').Event, { type: T }>} EventOf
 */

/**
 * Every setting, as it would be typed.
 * @typedef {import('./messages.js').RawConfig['settings']} Settings
 */

/**
 * @typedef {import('./messages.js').RawConfig} RawConfig
 * @typedef {import('./messages.js').Command} Command
 * @typedef {import('./messages.js').Event} SessionEvent
 * @typedef {import('./messages.js').Status} Status
 * @typedef {import('./messages.js').Matrix} Matrix
 * @typedef {import('./messages.js').Method} Method
 * @typedef {import('./messages.js').Watch} Watch
 * @typedef {import('./messages.js').Look} Look
 * @typedef {import('./messages.js').Inside} Inside
 * @typedef {import('./messages.js').Tuning} Tuning
 * @typedef {import('./messages.js').Opened} Opened
 * @typedef {import('./messages.js').LayerTrace} LayerTrace
 * @typedef {import('./messages.js').Fourier} Fourier
 * @typedef {import('./messages.js').Power} Power
 * @typedef {import('./messages.js').Clock} Clock
 * @typedef {import('./messages.js').Face} Face
 * @typedef {import('./messages.js').Outlook} Outlook
 * @typedef {import('./messages.js').Subgroup} Subgroup
 * @typedef {import('./messages.js').Fill} Fill
 * @typedef {import('./messages.js').Parts} Parts
 * @typedef {import('./messages.js').Rule} Rule
 * @typedef {import('./messages.js').Scores} Scores
 * @typedef {import('./messages.js').Switch} Switch
 * @typedef {EventOf<'started'>} Started
 * @typedef {EventOf<'evaluated'>} Evaluated
 * @typedef {EventOf<'status'>} StatusEvent
 * @typedef {EventOf<'configured'>} Configured
 * @typedef {EventOf<'inspected'>} Inspected
 * @typedef {EventOf<'predicted'>} Predicted
 * @typedef {EventOf<'ablated'>} Ablated
 * @typedef {EventOf<'subgroups'>} Subgroups
 * @typedef {EventOf<'snapshot'>} Snapshot
 * @typedef {EventOf<'tested'>} Tested
 * @typedef {EventOf<'exported'>} Exported
 * @typedef {Exported['tensors'][number]} Tensor
 */

/**
 * What only the worker script says: loading, readiness, answers to commands, and its end.
 * @typedef {{ type: 'loading', loaded: number }} Loading
 * @typedef {{ type: 'loaded', version: number }} Loaded
 * @typedef {{ type: 'ready' }} Ready
 * @typedef {{ type: 'done', id: number, error: Fault | null, result?: unknown }} Done
 * @typedef {{ type: 'failed', error: Fault }} Failed
 * @typedef {{ type: 'crashed', message: string }} Crashed
 * @typedef {{ type: 'helped', helpers: number }} Helped
 * @typedef {SessionEvent | Loading | Loaded | Ready | Done | Failed | Crashed | Helped} WorkerMessage
 */

/** @typedef {{ code: string, message: string }} Fault */
/** Where a worker trains. @typedef {'cpu' | 'webgpu'} Backend */
/** By which kernels: our own, or those of the reference. @typedef {'fused' | 'reference'} Program */
/** What a worker is. @typedef {{ backend: Backend, program: Program }} Place */
