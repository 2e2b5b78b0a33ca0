// Reads values out of a file that may hold anything. What is wrong with one is said with its place.

import { Refused } from './refused.js';

/** What is wrong with a recording. */
export class BadRecording extends Refused {
  /** @param {string} message */
  constructor(message) {
    super(message, 'recording');
  }
}

/** A value with its place in the file. @typedef {{ value: any, at: string }} Found */

/** @param {string} at @param {string} what @returns {never} */
function refuse(at, what) {
  throw new BadRecording(`\`${at}\` ${what}`);
}

/** The value under a key of an object. @param {Found} from @param {string} key @returns {Found} */
export function field({ value, at }, key) {
  const place = at ? `${at}.${key}` : key;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(at || 'file', 'is no object');
  if (!Object.hasOwn(value, key)) refuse(place, 'is missing');
  return { value: value[key], at: place };
}

/** @param {Found} found @returns {boolean} */
export const isNull = ({ value }) => value === null || value === undefined;

/**
 * A list whose items are read one by one.
 * @template T
 * @param {Found} found @param {(item: Found) => T} read @param {number} [length] @returns {T[]}
 */
export function list({ value, at }, read, length) {
  if (!Array.isArray(value)) refuse(at, 'is missing or no list');
  if (length !== undefined && value.length !== length) {
    refuse(at, `has ${value.length} values, expected ${length}`);
  }
  return value.map((/** @type {unknown} */ item, /** @type {number} */ index) => read({ value: item, at: `${at}[${index}]` }));
}

/** @param {Found} found @returns {number} */
export function finite({ value, at }) {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(at, 'is no number');
}

/** @param {number} low @param {number} high @returns {(found: Found) => number} */
export const between = (low, high) => (found) => {
  const value = finite(found);
  return value >= low && value <= high ? value : refuse(found.at, `is ${value}, allowed is ${low} to ${high}`);
};

/** @param {number} high @returns {(found: Found) => number} */
export const whole = (high) => (found) => {
  const value = between(0, high)(found);
  return Number.isInteger(value) ? value : refuse(found.at, `is ${value}, expected a whole number`);
};

/**
 * @template T
 * @param {(found: Found) => T} read @returns {(found: Found) => T | null}
 */
export const orNull = (read) => (found) => (isNull(found) ? null : read(found));

/** A text of at most so many characters. @param {number} max @returns {(found: Found) => string} */
export const text = (max) => ({ value, at }) => {
  if (typeof value !== 'string') return refuse(at, 'is no text');
  return value.length <= max ? value : refuse(at, `has ${value.length} characters, allowed is ${max}`);
};

/** @param {Found} found @returns {boolean} */
export const truth = ({ value, at }) => (typeof value === 'boolean' ? value : refuse(at, 'is neither true nor false'));

/**
 * One of a few words.
 * @template {string} T
 * @param {readonly T[]} words @returns {(found: Found) => T}
 */
export const oneOf = (words) => ({ value, at }) =>
  (words.includes(value) ? value : refuse(at, `is none of ${words.join(', ')}`));

/** Numbers that only rise. @param {Found} found @param {number[]} numbers */
export function ascending({ at }, numbers) {
  const wrong = numbers.findIndex((number, index) => index > 0 && number <= numbers[index - 1]);
  if (wrong >= 0) refuse(at, `does not rise at value ${wrong + 1}`);
  return numbers;
}

/** Four cells a hexadecimal digit, the first in its lowest bit. @param {number} cells @returns {(found: Found) => Uint8Array} */
export const flags = (cells) => ({ value, at }) => {
  const expected = Math.ceil(cells / 4);
  if (typeof value !== 'string' || value.length !== expected) {
    return refuse(at, `has ${value?.length ?? 0} digits, expected ${expected}`);
  }
  const wrong = value.search(/[^0-9a-f]/);
  if (wrong >= 0) return refuse(at, `has \`${value[wrong]}\` at character ${wrong + 1}`);
  return Uint8Array.from({ length: cells }, (_, cell) => (parseInt(value[cell >> 2], 16) >> (cell & 3)) & 1);
};
