// What a run showed at some of its steps, so that time can be moved back.

import { withFewPictures } from './room.js';

/** @typedef {import('../worker/protocol.js').Evaluated} Evaluated */
/** @typedef {import('../worker/protocol.js').Inspected} Inspected */
/** @typedef {{ step: number, evaluated: Evaluated, inspected: Inspected | null }} Frame */

/** More are thinned out: a frame of a table of 97² takes about 90 kB. */
const FRAMES_MAX = 120;

/**
 * The frames with an evaluation. A run that goes on from a snapshot evaluates steps again.
 * @param {Frame[]} frames @param {Evaluated} evaluated @returns {Frame[]}
 */
export function withEvaluated(frames, evaluated) {
  const before = frames.filter(({ step }) => step < evaluated.step);
  const all = [...before, { step: evaluated.step, evaluated, inspected: null }];
  if (all.length <= FRAMES_MAX) return all;
  // The one that leaves the smallest gap on a logarithmic axis goes; the ends stay.
  let least = 1;
  const gap = (/** @type {number} */ at) => (all[at + 1].step + 1) / (all[at - 1].step + 1);
  // A frame that was inspected is worth more.
  const worth = (/** @type {number} */ at) => gap(at) * (all[at].inspected ? (all[at].inspected.pictures?.length ? 2 : 1.5) : 1);
  for (let at = 2; at < all.length - 1; at += 1) if (worth(at) < worth(least)) least = at;
  return all.filter((_, at) => at !== least);
}

/**
 * The frames with an inspection, which belongs to the evaluation of its step.
 * @param {Frame[]} frames @param {Inspected} inspected @returns {Frame[]}
 */
export function withInspected(frames, inspected) {
  return withFewPictures(frames.map((frame) =>
    frame.step === inspected.step ? { ...frame, inspected: merged(frame.inspected, inspected) } : frame,
  ));
}

/**
 * What is looked at changes; what was seen before stays until it is seen again.
 * @param {Inspected | null} old @param {Inspected} next @returns {Inspected}
 */
export function merged(old, next) {
  if (old === null) return next;
  return {
    ...next,
    fourier: next.fourier ?? old.fourier,
    powers: next.powers ?? old.powers,
    sharpness: next.sharpness ?? old.sharpness,
    outlook: next.outlook ?? old.outlook,
    points: next.points.length ? next.points : old.points,
    inside: next.inside ?? old.inside,
    pictures: next.inside ? next.pictures : old.pictures,
    parts: next.parts ?? old.parts,
    clock: next.watch.clock ? next.clock : old.clock,
    watch: {
      ...next.watch,
      points: next.points.length ? next.watch.points : old.watch.points,
      clock: next.watch.clock || old.watch.clock,
    },
  };
}

/**
 * What the page shows: the newest, or what was at the step that the reader went back to.
 * @param {{ latest: Evaluated | null, inspected: Inspected | null, frames: Frame[],
 *   scrub: number | null }} state
 * @returns {{ evaluated: Evaluated | null, inspected: Inspected | null }}
 */
export function shown({ latest, inspected, frames, scrub }) {
  if (scrub === null) return { evaluated: latest, inspected };
  const frame = at(frames, scrub);
  if (!frame) return { evaluated: latest, inspected };
  return { evaluated: frame.evaluated, inspected: inspectedBy(frames, scrub) };
}

/** The last frame that is not after a step. @param {Frame[]} frames @param {number} step */
export function at(frames, step) {
  let found = frames[0];
  for (const frame of frames) if (frame.step <= step) found = frame;
  return found;
}

/**
 * What was last seen of each figure by a step.
 * @param {Frame[]} frames @param {number} step @returns {Inspected | null}
 */
export function inspectedBy(frames, step) {
  /** @type {Inspected | null} */
  let seen = null;
  for (const frame of frames) {
    if (frame.step <= step && frame.inspected) seen = merged(seen, frame.inspected);
  }
  return seen;
}
