// Time that moves by itself: which step a run shows after so many milliseconds, and its three beats.

/** @typedef {import('./run.js').Run} Run */
/** The parts of the story. @typedef {'memorised' | 'waiting' | 'generalised'} Beat */
/** A stretch of steps that takes so long. @typedef {{ from: number, to: number, millis: number }} Stretch */

/** Held-out accuracy with which the rule is taken to be on its way. */
const TURN = 0.05;
const LEARNING_MILLIS = 2_500;
const WAITING_MILLIS = 3_000;
const GENERALISING_MILLIS = 2_500;
const WHOLE_MILLIS = LEARNING_MILLIS + WAITING_MILLIS + GENERALISING_MILLIS;

/** The step halfway between two on a logarithmic axis. @param {number} from @param {number} to */
const halfway = (from, to) => Math.round(Math.sqrt((from + 1) * (to + 1)) - 1);

/**
 * Steps to jump to: it knows its examples, it knows those alone, it knows the rule. Null for what a run
 * has not come to.
 * @param {Run} run @returns {Record<Beat, number | null>}
 */
export function beats(run) {
  const memorised = run.latest?.memorisedAt ?? null;
  const generalised = run.latest?.generalisedAt ?? null;
  const turn = turning(run);
  return {
    memorised,
    waiting: memorised === null || turn <= memorised ? null : halfway(memorised, turn),
    generalised,
  };
}

/** The first evaluation after memorising at which more than a few held-out cells are right. @param {Run} run */
function turning({ curves, latest, frames }) {
  const last = frames.at(-1)?.step ?? 0;
  const memorised = latest?.memorisedAt ?? null;
  if (memorised === null) return last;
  const at = curves.step.findIndex((step, index) =>
    step >= memorised && curves.heldOutAccuracy[index] >= TURN);
  return at < 0 ? last : curves.step[at];
}

/** How a run is played, in about 8 s. @param {Run} run @returns {Stretch[]} */
export function stretches(run) {
  const last = run.frames.at(-1)?.step ?? 0;
  const memorised = run.latest?.memorisedAt ?? null;
  if (memorised === null) return [{ from: 0, to: last, millis: WHOLE_MILLIS }];
  const turn = turning(run);
  return [
    { from: 0, to: memorised, millis: LEARNING_MILLIS },
    { from: memorised, to: turn, millis: WAITING_MILLIS },
    { from: turn, to: last, millis: GENERALISING_MILLIS },
  ].filter(({ from, to }) => to > from);
}

/** @param {Stretch[]} course */
export const duration = (course) => course.reduce((sum, { millis }) => sum + millis, 0);

/** The step after so long; within a stretch steps pass evenly, as the chart shows them. @param {Stretch[]} course @param {number} millis */
export function stepAfter(course, millis) {
  let left = millis;
  for (const { from, to, millis: length } of course) {
    if (left < length) {
      const share = Math.max(left, 0) / length;
      return Math.floor(from + share * (to - from) + 1e-6);
    }
    left -= length;
  }
  return course.at(-1)?.to ?? 0;
}

/** After how long a step is reached. @param {Stretch[]} course @param {number} step */
export function millisUntil(course, step) {
  let passed = 0;
  for (const { from, to, millis } of course) {
    if (step < to) {
      const share = (step - from) / (to - from);
      return passed + Math.max(share, 0) * millis;
    }
    passed += millis;
  }
  return passed;
}
