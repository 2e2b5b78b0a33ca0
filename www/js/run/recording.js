// Reads a recorded run: what `grok record` writes (docs/recordings.md). Everything is checked before
// anything is shown.

import { noCurves } from './curves.js';
import {
  BadRecording, ascending, between, field, finite, flags, list, oneOf, orNull, text, truth, whole,
} from './checked.js';
import { chanceOf, mirrorAccuracies, mirroredCells } from './mirror.js';
import { readInspection } from './inspection.js';
import { PRESETS, SETTINGS } from './settings.js';
import { unpack } from './unpack.js';
import { isAddress } from './url.js';
import { RECORDED } from './watch.js';
import { NO_SYMBOL } from './symbol.js';

export { BadRecording };

/** The version of the format; version 1 knew nothing of mirrors and colour orders, and version 2 nothing of weights. */
export const VERSION = 3;
const SYMBOLS_MAX = 400;
const TEXT_MAX = 200_000;
const COUNT_MAX = 1e9;
const MATRICES = /** @type {const} */ (['embedding', 'unembedding']);
const METHODS = /** @type {const} */ (['pca', 'fourier', 'tsne']);

/** @typedef {import('./checked.js').Found} Found */
/** @typedef {import('../worker/protocol.js').Started} Started */
/** What is drawn as points, and how. @typedef {[import('../worker/protocol.js').Matrix, import('../worker/protocol.js').Method]} Projection */
/** Points by matrix and method, of each step. @typedef {Map<number, Map<string, Float32Array>>} Projections */
/**
 * @typedef {{ command: string, started: Started, curves: import('./curves.js').Curves,
 *   frames: import('./frames.js').Frame[], projections: Projections, weights: import('./weights.js').Weights | null }} Recording
 */

/**
 * @param {ArrayBuffer} bytes
 * @returns {Promise<Recording>} Fails with a {@link BadRecording}.
 */
export async function readRecording(bytes) {
  const content = await unpack(bytes);
  let file;
  try {
    file = JSON.parse(content);
  } catch (error) {
    throw new BadRecording(`the file is no recording: ${/** @type {Error} */ (error).message}`);
  }
  const recording = decode(file);
  return file.version < 3 ? recording : { ...recording, weights: (await import('./weights.js')).behind(file, recording, bytes) };
}

/** The file of a recording that ships with the page, by what a link calls it. Another's address is both. */
export const fileOf = (/** @type {string} */ name) => (isAddress(name) ? name : `${name}.grok`);
export const nameOf = (/** @type {string} */ file) => (isAddress(file) ? file : file.replace(/\.grok$/, ''));

/** The text of a file. @param {any} value @returns {Recording} */
export function decode(value) {
  if (value?.format !== 'grokking-run') throw new BadRecording('the file is no recording of a run');
  const file = { value, at: '' };
  const version = whole(COUNT_MAX)(field(file, 'version'));
  if (version < 1 || version > VERSION) {
    throw new BadRecording(
      `the recording has version ${version}, this page reads versions 1 to ${VERSION}: it needs ` +
        (version > VERSION ? 'a newer page' : 'another page'),
    );
  }
  const command = 'command' in value ? text(TEXT_MAX)(field(file, 'command')) : '';
  const started = readStarted(file, version);
  const curves = readCurves(field(file, 'curves'), version);
  const milestone = (/** @type {string} */ key) => (key in value ? orNull(whole(COUNT_MAX))(field(file, key)) : null);
  const milestones = { memorisedAt: milestone('memorisedAt'), generalisedAt: milestone('generalisedAt') };
  const firstRight = list(field(file, 'firstRight'), whole(COUNT_MAX), started.answer.length);
  /** @type {Projections} */
  const projections = new Map();
  const kept = field(file, 'frames');
  const frames = list(kept, (frame) => {
    const read = readFrame(frame, started, curves, { ...milestones, firstRight });
    projections.set(read.frame.step, read.points);
    return read.frame;
  });
  if (frames.length === 0) throw new BadRecording('the recording has no frames');
  ascending(kept, frames.map(({ step }) => step));
  return { command, started, curves, frames, projections, weights: null };
}

/** @param {Found} file @param {number} version @returns {Started} */
function readStarted(file, version) {
  const from = field(file, 'started');
  const read = /** @type {<T>(key: string, read: (found: Found) => T) => T} */ ((key, as) => as(field(from, key)));
  const symbols = read('symbols', (found) => list(found, text(100)));
  const n = symbols.length;
  if (n < 1 || n > SYMBOLS_MAX) throw new BadRecording(`\`started.symbols\` has ${n} names, allowed is 1 to ${SYMBOLS_MAX}`);
  const cells = n * n;
  const symbol = whole(n - 1);
  const answer = Uint16Array.from(list(field(file, 'answer'), (found) => orNull(symbol)(found) ?? NO_SYMBOL, cells));
  const count = whole(COUNT_MAX);
  const heldOut = flags(cells)(field(file, 'heldOut'));
  const table = { answer, heldOut, commutative: read('commutative', truth) };
  return {
    type: 'started',
    ...table,
    config: read('config', readConfig),
    operation: read('operation', text(TEXT_MAX)),
    symbols,
    modular: read('modular', truth),
    group: read('group', truth),
    index: read('index', orNull((found) => list(found, orNull(symbol), n))),
    associative: read('associative', truth),
    distinctAnswers: read('distinctAnswers', count),
    equations: read('equations', count),
    train: read('train', count),
    batch: read('batch', count),
    parameters: read('parameters', count),
    chance: version < 2 ? chanceOf(answer) : read('chance', between(0, 1)),
    order: version < 2 ? symbols.map((_, at) => at) : read('order', (found) => readOrder(found, n)),
    mirrored: version < 2 ? mirroredCells(table) : flags(cells)(field(file, 'mirrored')),
    outlier: flags(cells)(field(file, 'outlier')),
  };
}

/** A place for each symbol. @param {Found} found @param {number} n */
function readOrder(found, n) {
  const order = list(found, whole(n - 1), n);
  if (new Set(order).size !== n) throw new BadRecording(`\`${found.at}\` has a place twice`);
  return order;
}

/** Every setting; one that the recording is older than has the value that it stood for. @param {Found} found */
function readConfig(found) {
  const base = { ...PRESETS[0].settings, split: 'cells' };
  const known = SETTINGS.filter(({ id }) => Object.hasOwn(found.value ?? {}, id));
  return { ...base, ...Object.fromEntries(known.map(({ id }) => [id, text(TEXT_MAX)(field(found, id))])) };
}

/** @param {Found} found @param {number} version */
function readCurves(found, version) {
  const curves = noCurves();
  const step = field(found, 'step');
  curves.step = ascending(step, list(step, whole(COUNT_MAX)));
  const { length } = curves.step;
  const share = between(0, 1);
  const none = (/** @type {Found} */ cell) => orNull(share)(cell) ?? NaN;
  // A run that diverged has none.
  const loss = (/** @type {Found} */ cell) => orNull(finite)(cell) ?? NaN;
  const column = (/** @type {keyof typeof curves} */ key, /** @type {(cell: Found) => number} */ read) => {
    curves[key] = list(field(found, key), read, length);
  };
  column('trainAccuracy', share);
  column('heldOutAccuracy', share);
  column('trainLoss', loss);
  column('heldOutLoss', loss);
  curves.collapsed = curves.step.map(() => NaN);
  for (const key of /** @type {const} */ (['mirroredAccuracy', 'unmirroredAccuracy'])) {
    if (version < 2) curves[key] = curves.step.map(() => NaN);
    else column(key, none);
  }
  return curves;
}

/**
 * One frame, and its points. For a recording of version 1 it counts how many mirrored cells are right.
 * @param {Found} found @param {Started} started @param {import('./curves.js').Curves} curves
 * @param {{ memorisedAt: number | null, generalisedAt: number | null, firstRight: number[] }} ends
 */
function readFrame(found, started, curves, { memorisedAt, generalisedAt, firstRight }) {
  const step = whole(COUNT_MAX)(field(found, 'step'));
  const point = curves.step.indexOf(step);
  if (point < 0) throw new BadRecording(`\`${found.at}.step\` is ${step}, which the curves do not have`);
  const right = flags(started.answer.length)(field(found, 'right'));
  const counted = mirrorAccuracies(started, (cell) => right[cell]);
  const mirror = /** @type {const} */ (['mirroredAccuracy', 'unmirroredAccuracy']);
  for (const key of mirror) {
    if (Number.isNaN(curves[key][point])) curves[key][point] = counted[key] ?? NaN;
  }
  /** @type {Map<string, Float32Array>} */
  const points = new Map();
  list(field(found, 'points'), (entry) => {
    const matrix = oneOf(MATRICES)(field(entry, 'matrix'));
    const method = oneOf(METHODS)(field(entry, 'method'));
    const xy = list(field(entry, 'xy'), orNull(finite), 2 * started.symbols.length);
    const isThere = (/** @type {(number | null)[]} */ all) => /** @type {number[]} */ (all.includes(null) ? [] : all);
    points.set(`${matrix} ${method}`, Float32Array.from(isThere(xy)));
  });
  const value = (/** @type {typeof mirror[number]} */ key) => {
    const accuracy = curves[key][point];
    return Number.isNaN(accuracy) ? null : accuracy;
  };
  const frame = {
    step,
    evaluated: {
      type: /** @type {const} */ ('evaluated'),
      step,
      trainAccuracy: curves.trainAccuracy[point],
      heldOutAccuracy: curves.heldOutAccuracy[point],
      mirroredAccuracy: value('mirroredAccuracy'),
      unmirroredAccuracy: value('unmirroredAccuracy'),
      trainLoss: curves.trainLoss[point],
      heldOutLoss: curves.heldOutLoss[point],
      collapsed: null,
      stepsPerSecond: null,
      memorisedAt: reached(memorisedAt, step),
      generalisedAt: reached(generalisedAt, step),
      predicted: started.answer.map((symbol, cell) => (right[cell] ? symbol : NO_SYMBOL)),
      confidence: new Float32Array(0),
      firstRight: Uint32Array.from(firstRight, (first) => (first - 1 <= step ? first : 0)),
    },
    inspected: readInspection(field(found, 'inspected'), step),
  };
  return { frame, points };
}

/**
 * The frames with the points of one projection.
 * @param {import('./frames.js').Frame[]} frames @param {Projections} projections
 * @param {Projection} projection
 */
export function projected(frames, projections, projection) {
  return frames.map((frame) => {
    const points = projections.get(frame.step)?.get(projection.join(' '));
    const { inspected } = frame;
    const watch = { ...RECORDED, points: projection, clock: Boolean(inspected?.watch.clock) };
    const seen = { watch, points: points ?? new Float32Array(0) };
    return { ...frame, inspected: inspected && { ...inspected, ...seen } };
  });
}

/** @param {number | null} at @param {number} step */
const reached = (at, step) => (at !== null && at <= step ? at : null);
