// Reads what was learned at a frame of a recording.

import { RECORDED } from './watch.js';
import { field, finite, isNull, list, oneOf, orNull, text, whole } from './checked.js';

/** @typedef {import('./checked.js').Found} Found */
/** @typedef {import('../worker/protocol.js').Inspected} Inspected */

const COUNT_MAX = 1e9;
const NAME_MAX = 1_000;

/** Numbers of a figure, which a network that diverged may not have: then the figure is none. */
const NUMBERS = ['embedding', 'unembedding', 'gini', 'coefficients', 'explained', 'restrictedLoss', 'excludedLoss', 'low', 'high'];
/** @param {any} value */
const hasGap = (value) => [value].flat().some((part) => NUMBERS.some((key) => [part?.[key]].flat().includes(null)));

/** A field that may be missing or null. @template T @param {Found} from @param {string} key @param {(found: Found) => T} read @returns {T | null} */
const optional = (from, key, read) => {
  const value = from.value?.[key];
  return value === null || value === undefined || hasGap(value) ? null : read(field(from, key));
};

/** @param {Found} found @param {number} step @returns {Inspected | null} */
export function readInspection(found, step) {
  if (isNull(found) || found.value.weightNorm === null) return null;
  return {
    type: 'inspected',
    step,
    watch: RECORDED,
    weightNorm: finite(field(found, 'weightNorm')),
    fourier: optional(found, 'fourier', readFourier),
    powers: optional(found, 'powers', (powers) => list(powers, (power) => ({
      name: text(NAME_MAX)(field(power, 'name')),
      embedding: finite(field(power, 'embedding')),
      unembedding: finite(field(power, 'unembedding')),
    }))),
    sharpness: optional(found, 'sharpness', finite),
    outlook: optional(found, 'outlook', readOutlook),
    points: new Float32Array(0),
    // What needs the network itself.
    inside: null,
    pictures: new Uint8Array(0),
    parts: null,
    clock: null,
  };
}

/** @param {Found} found */
function readFourier(found) {
  const read = /** @type {<T>(key: string, read: (found: Found) => T) => T} */ ((key, as) => as(field(found, key)));
  const count = whole(COUNT_MAX);
  const coefficients = read('coefficients', (numbers) => list(numbers, finite));
  return {
    n: read('n', count),
    a: read('a', count),
    b: read('b', count),
    c: read('c', count),
    root: read('root', orNull(count)),
    embedding: read('embedding', (numbers) => list(numbers, finite)),
    gini: read('gini', finite),
    coefficients,
    keys: read('keys', (keys) => list(keys, whole(coefficients.length))).filter((key) => key > 0),
    stride: read('stride', orNull(count)),
    explained: read('explained', finite),
    restrictedLoss: read('restrictedLoss', finite),
    excludedLoss: read('excludedLoss', finite),
  };
}

/** @param {Found} found @returns {import('../worker/protocol.js').Outlook} */
function readOutlook(found) {
  const state = oneOf(/** @type {const} */ (['unknown', 'early', 'generalised', 'ahead']))(field(found, 'state'));
  const read = /** @type {<T>(key: string, read: (found: Found) => T) => T} */ ((key, as) => as(field(found, key)));
  if (state === 'unknown') return { state, why: read('why', text(NAME_MAX)) };
  if (state !== 'ahead') return { state };
  return {
    state,
    step: read('step', finite),
    low: read('low', finite),
    high: read('high', finite),
    normLaw: read('normLaw', orNull(finite)),
    unlike: read('unlike', (names) => list(names, text(NAME_MAX))),
  };
}
