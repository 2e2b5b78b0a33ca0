// A run as a record that outlives the page, and which records go when there are too many.

import { noCurves } from './curves.js';
import { withoutPictures } from './room.js';
import { newRun } from './run.js';
import { format, parse } from './url.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./run.js').Choice} Choice */
/** @typedef {import('../worker/protocol.js').Snapshot} Snapshot */
/** @typedef {import('../worker/protocol.js').Evaluated} Evaluated */

/** Name of a record: the link of its run, when it was written, its bytes, and the page that wrote it. @typedef {[string, number, number, string]} Name */

/** Runs that are kept, and their bytes all together. */
export const RUNS_MAX = 5;
export const BYTES_MAX = 50e6;

const NONE = new Float32Array(0);
/** A link says how the page shows itself too, which is not part of a run. */
const { page: PLAIN } = parse('');

/** What a run is called, however its link was typed. @param {Choice} choice */
export const linkOf = ({ preset, settings }) => format(preset, settings, PLAIN);

/**
 * A run as it was at a snapshot. Of its frames it keeps what a recording keeps: no probabilities, and no
 * pictures of neurons, which a worker makes again.
 * @param {Run} run @param {Snapshot} snapshot @param {boolean} running Whether it was training.
 */
export function recordOf({ preset, settings, started, curves, latest, frames, inspected, strayed, card }, { step, history, values }, running) {
  const count = curves.step.findLastIndex((at) => at <= step) + 1;
  const columns = Object.entries(curves).map(([key, column]) => [key, Float64Array.from(column.slice(0, count))]);
  return {
    preset, settings, step, history, values, started, latest, running, strayed, card,
    inspected: inspected && { ...inspected, pictures: new Uint8Array(0) },
    curves: Object.fromEntries(columns),
    frames: withoutPictures(frames).filter((frame) => frame.step <= step).map((frame) => ({
      ...frame, evaluated: { ...frame.evaluated, confidence: NONE, firstRight: new Uint32Array(0) },
    })),
  };
}

/** @typedef {ReturnType<typeof recordOf>} Kept */

/** The bytes of the arrays in a record. @param {unknown} value @returns {number} */
export function bytesOf(value) {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (Array.isArray(value)) return typeof value[0] === 'number' ? 8 * value.length : value.reduce((sum, item) => sum + bytesOf(item), 0);
  return typeof value === 'object' && value !== null ? bytesOf(Object.values(value)) : 0;
}

/**
 * A record as a run again, or null if it is none: anything of this origin may have written it.
 * @param {any} kept @param {string} link That it was found by.
 * @returns {{ run: Run, snapshot: Snapshot, running: boolean } | null}
 */
export function readKept(kept, link) {
  try {
    const { preset, settings, step, history, values, started, latest, inspected, running, strayed, card } = /** @type {Kept} */ (kept);
    const cells = (started?.symbols.length ?? 0) ** 2;
    const columns = Object.keys(noCurves()).map((key) => [key, Array.from(kept.curves[key])]);
    const length = kept.curves.step.length;
    const fits = (/** @type {Evaluated} */ { predicted }) => predicted instanceof Uint16Array && predicted.length === cells;
    const isWhole = linkOf({ preset, settings }) === link
      && Number.isInteger(step) && step >= 0 && values instanceof Float32Array
      && started?.answer instanceof Uint16Array && started.answer.length === cells
      && (strayed === undefined || strayed.every((id) => typeof id === 'string'))
      && (card === undefined || (Number.isInteger(card) && card >= 0))
      && columns.every(([, column]) => column.length === length)
      && latest !== null && fits(latest) && latest.firstRight.length === cells
      && kept.frames.every((/** @type {Kept['frames'][number]} */ frame) => fits(frame.evaluated));
    if (!isWhole) return null;
    const firstRight = (/** @type {number} */ at) => latest.firstRight.map((first) => (first - 1 <= at ? first : 0));
    const run = {
      ...newRun({ preset, settings }),
      step, started, latest, inspected, strayed, card,
      curves: Object.fromEntries(columns),
      frames: kept.frames.map((/** @type {Kept['frames'][number]} */ frame) => ({
        ...frame, evaluated: { ...frame.evaluated, firstRight: firstRight(frame.step) },
      })),
    };
    return { run, snapshot: { type: 'snapshot', step, history, values }, running: running === true };
  } catch {
    return null;
  }
}

/** The newest record of a link, of this build. @param {Name[]} names @param {string} link @param {string} build */
export const newest = (names, link, build) =>
  byAge(names).find(([of, , , by]) => of === link && by === build) ?? null;

/** The record that is missed least. @param {Name[]} names @returns {Name | null} */
export const oldest = (names) => byAge(names).at(-1) ?? null;

/**
 * Names of records that go: of another build, older ones of the same link, and the oldest of too many.
 * @param {Name[]} names @param {string} build
 */
export function outdated(names, build) {
  const links = new Set();
  let bytes = 0;
  return byAge(names).filter(([link, , size, by]) => {
    if (by !== build || links.has(link)) return true;
    links.add(link);
    bytes += size;
    return links.size > RUNS_MAX || bytes > BYTES_MAX;
  });
}

/** Newest first. @param {Name[]} names */
const byAge = (names) => [...names].sort((a, b) => b[1] - a[1]);
