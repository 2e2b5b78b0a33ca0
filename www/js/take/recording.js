// A run as a recording (docs/recordings.md): what `grok record` writes, of what the page has seen of it.

import { VERSION } from '../run/recording.js';
import { NO_SYMBOL } from '../run/symbol.js';
import { wentOn } from '../text/take.js';

/** @typedef {import('../run/run.js').Run} Run */

/** The version of a recording without weights. */
const PLAIN_VERSION = 2;
/** Points are whole numbers up to this. */
const GRID = 127;
const DIGITS = 4;

/** Safetensors files, by step. @typedef {Map<number, Uint8Array<ArrayBuffer>>} Files */

/**
 * @param {Run} run @param {string} command What made it. @param {Files} [files] Of networks that go with it.
 * @returns {Promise<Blob>} Compressed.
 */
export async function recordingOf(run, command, files = new Map()) {
  const text = JSON.stringify(encode(run, command, files));
  const behind = files.size > 0 ? [new Uint8Array(1), ...files.values()] : [];
  const zipped = new Blob([text, ...behind]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(zipped).blob();
}

/** @param {Run} run @param {string} command @param {Files} files */
function encode({ started, latest, curves, frames, recording }, command, files) {
  if (!started || !latest) throw new Error('there is no run yet');
  for (const step of files.keys()) if (!frames.some((frame) => frame.step === step)) throw new Error(wentOn(step));
  const { type: _, answer, heldOut, mirrored, outlier, ...about } = started;
  // `grok record` does not write it.
  const { collapsed: _collapsed, ...recorded } = curves;
  const columns = Object.entries(recorded).map(([name, column]) => [name, column.map(shortened)]);
  return {
    format: 'grokking-run',
    version: files.size > 0 ? VERSION : PLAIN_VERSION,
    command,
    started: about,
    answer: Array.from(answer, (symbol) => (symbol === NO_SYMBOL ? null : symbol)),
    heldOut: digits(heldOut),
    mirrored: digits(mirrored),
    outlier: digits(outlier),
    firstRight: Array.from(latest.firstRight),
    memorisedAt: latest.memorisedAt,
    generalisedAt: latest.generalisedAt,
    curves: Object.fromEntries(columns),
    frames: frames.map(({ step, evaluated: { predicted }, inspected }) => ({
      step,
      right: digits(predicted.map((symbol, cell) => Number(symbol === answer[cell] && symbol !== NO_SYMBOL))),
      inspected: inspected && inspection(inspected),
      points: recording ? projectionsOf(recording.projections.get(step)) : pointsOf(inspected),
    })),
    ...(files.size > 0 ? { weights: [...files].map(([step, { length: bytes }]) => ({ step, bytes })) } : {}),
  };
}

/** @param {import('../worker/protocol.js').Inspected} inspected */
function inspection({ weightNorm, fourier, powers, sharpness, outlook }) {
  const shorter = (/** @type {string} */ _key, /** @type {unknown} */ value) => (typeof value === 'number' ? shortened(value) : value);
  return JSON.parse(JSON.stringify({ weightNorm, fourier, powers, sharpness, outlook }, shorter));
}

/** @param {import('../worker/protocol.js').Inspected | null} inspected */
function pointsOf(inspected) {
  const projection = inspected?.watch.points;
  if (!inspected || !projection || inspected.points.length === 0) return [];
  return projectionsOf(new Map([[projection.join(' '), inspected.points]]));
}

/** @param {Map<string, Float32Array> | undefined} projections */
const projectionsOf = (projections) => [...projections ?? []].filter(([, points]) => points.every(Number.isFinite)).map(([name, points]) => {
  const [matrix, method] = name.split(' ');
  const largest = Math.max(...points.map(Math.abs), 1e-20);
  return { matrix, method, xy: Array.from(points, (value) => Math.round((value / largest) * GRID)) };
});

/** A number that is not whole, so that files are small; null where there is none. @param {number} value */
const shortened = (value) => (Number.isInteger(value) ? value : Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null);

/** Four cells a hexadecimal digit, the first in its lowest bit. @param {ArrayLike<number>} flags */
const digits = (flags) => Array.from({ length: Math.ceil(flags.length / 4) }, (_, at) =>
  [0, 1, 2, 3].reduce((digit, bit) => digit + ((flags[4 * at + bit] ? 1 : 0) << bit), 0).toString(16)).join('');
