// Reads a recorded run: what `grok record` writes (docs/recordings.md).

import { noCurves } from './curves.js';
import { NO_SYMBOL } from '../worker/protocol.js';

/** Of the format that this page reads. */
const VERSION = 1;

/**
 * @typedef {{ command: string, started: import('../worker/protocol.js').Started,
 *   curves: import('./curves.js').Curves, frames: import('./frames.js').Frame[],
 *   projections: Map<number, Map<string, Float32Array>> }} Recording
 */

/** What is wrong with a recording. */
export class BadRecording extends Error {}

/**
 * @param {ArrayBuffer} bytes
 * @returns {Promise<Recording>}
 */
export async function readRecording(bytes) {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  const zipped = first === 0x1f && second === 0x8b;
  let text;
  try {
    const body = new Response(bytes).body;
    const stream = zipped ? body?.pipeThrough(new DecompressionStream('gzip')) : body;
    text = await new Response(stream).text();
  } catch {
    throw new BadRecording('the file is cut short or damaged: it does not decompress');
  }
  let file;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new BadRecording(`the file is no recording: ${/** @type {Error} */ (error).message}`);
  }
  return decode(file);
}

/** @param {any} file @returns {Recording} */
function decode(file) {
  if (file?.format !== 'grokking-run') throw new BadRecording('the file is no recording of a run');
  if (file.version !== VERSION) {
    const newer = file.version > VERSION ? 'a newer page' : 'another page';
    throw new BadRecording(
      `the recording has version ${file.version}, this page reads version ${VERSION}: it needs ${newer}`,
    );
  }
  const answer = array(file, 'answer').map((/** @type {number | null} */ z) => z ?? NO_SYMBOL);
  const cells = answer.length;
  const symbols = array(file.started, 'symbols');
  if (symbols.length ** 2 !== cells) {
    throw new BadRecording(`\`answer\` has ${cells} cells, expected ${symbols.length ** 2}`);
  }
  const started = {
    ...file.started,
    type: 'started',
    answer: Uint16Array.from(answer),
    heldOut: flags(file, 'heldOut', cells),
    outlier: flags(file, 'outlier', cells),
  };
  const curves = noCurves();
  for (const key of /** @type {(keyof typeof curves)[]} */ (Object.keys(curves))) {
    curves[key] = array(file.curves, key);
    if (curves[key].length !== curves.step.length) {
      throw new BadRecording(`\`curves.${key}\` has ${curves[key].length} values, expected ${curves.step.length}`);
    }
  }
  const firstRight = array(file, 'firstRight');
  /** @type {Recording['projections']} */
  const projections = new Map();
  const frames = array(file, 'frames').map((frame, at) => {
    const right = flags(frame, 'right', cells, `frames[${at}].`);
    const point = curves.step.indexOf(frame.step);
    if (point < 0) throw new BadRecording(`\`frames[${at}].step\` is ${frame.step}, which the curves do not have`);
    const by = new Map();
    for (const { matrix, method, xy } of array(frame, 'points', `frames[${at}].`)) {
      by.set(`${matrix} ${method}`, Float32Array.from(xy));
    }
    projections.set(frame.step, by);
    return {
      step: frame.step,
      evaluated: {
        type: /** @type {const} */ ('evaluated'),
        step: frame.step,
        trainAccuracy: curves.trainAccuracy[point],
        heldOutAccuracy: curves.heldOutAccuracy[point],
        trainLoss: curves.trainLoss[point],
        heldOutLoss: curves.heldOutLoss[point],
        stepsPerSecond: null,
        memorisedAt: reached(file.memorisedAt, frame.step),
        generalisedAt: reached(file.generalisedAt, frame.step),
        predicted: started.answer.map((/** @type {number} */ z, /** @type {number} */ cell) =>
          (right[cell] ? z : NO_SYMBOL)),
        confidence: new Float32Array(0),
        firstRight: Uint32Array.from(firstRight, (step) => (step - 1 <= frame.step ? step : 0)),
      },
      inspected: frame.inspected && {
        type: /** @type {const} */ ('inspected'),
        step: frame.step,
        watch: { structure: true, sharpness: true, gauge: true, points: null },
        fourier: null,
        powers: null,
        sharpness: null,
        outlook: null,
        ...frame.inspected,
        points: new Float32Array(0),
      },
    };
  });
  if (frames.length === 0) throw new BadRecording('the recording has no frames');
  return { command: String(file.command ?? ''), started, curves, frames, projections };
}

/**
 * The frames with the points of one projection.
 * @param {Recording} recording @param {import('./state.js').State['projection']} projection
 */
export function projected({ frames, projections }, projection) {
  return frames.map((frame) => {
    const points = projections.get(frame.step)?.get(projection.join(' '));
    const watch = { structure: true, sharpness: true, gauge: true, points: projection };
    const seen = { watch, points: points ?? new Float32Array(0) };
    return { ...frame, inspected: frame.inspected && { ...frame.inspected, ...seen } };
  });
}

/** @param {number | null} at @param {number} step */
const reached = (at, step) => (typeof at === 'number' && at <= step ? at : null);

/** @param {any} from @param {string} key @param {string} [where] @returns {any[]} */
function array(from, key, where = '') {
  if (!Array.isArray(from?.[key])) throw new BadRecording(`\`${where}${key}\` is missing or no list`);
  return from[key];
}

/**
 * Four cells a hexadecimal digit, the first in its lowest bit.
 * @param {any} from @param {string} key @param {number} cells @param {string} [where]
 */
function flags(from, key, cells, where = '') {
  const digits = from?.[key];
  const expected = Math.ceil(cells / 4);
  if (typeof digits !== 'string' || digits.length !== expected) {
    throw new BadRecording(`\`${where}${key}\` has ${digits?.length ?? 0} digits, expected ${expected}`);
  }
  const wrong = digits.search(/[^0-9a-f]/);
  if (wrong >= 0) throw new BadRecording(`\`${where}${key}\` has \`${digits[wrong]}\` at character ${wrong + 1}`);
  return Uint8Array.from({ length: cells }, (_, cell) => (parseInt(digits[cell >> 2], 16) >> (cell & 3)) & 1);
}
