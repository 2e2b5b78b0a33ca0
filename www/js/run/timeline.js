// The story of a run: its three beats, and which step it shows after so many milliseconds when time moves
// by itself.

/** @typedef {import('./run.js').Run} Run */
/**
 * What of an evaluation says how far a run is.
 * @typedef {Pick<import('../worker/protocol.js').Evaluated, 'step' | 'memorisedAt' | 'generalisedAt'
 *   | 'heldOutAccuracy' | 'mirroredAccuracy' | 'unmirroredAccuracy'>} Told
 */
/** The parts of the story. @typedef {'memorised' | 'waiting' | 'generalised'} Beat */
/** A stretch of steps that takes so long. @typedef {{ from: number, to: number, millis: number }} Stretch */

/** Held-out accuracy up to which a network knows what it was shown and hardly anything else. */
export const FEW = 0.03;
const LEARNING_MILLIS = 2_500;
const WAITING_MILLIS = 3_000;
const GENERALISING_MILLIS = 2_500;
const WHOLE_MILLIS = LEARNING_MILLIS + WAITING_MILLIS + GENERALISING_MILLIS;

/** The step halfway between two on a logarithmic axis. @param {number} from @param {number} to */
const halfway = (from, to) => Math.round(Math.sqrt((from + 1) * (to + 1)) - 1);

/**
 * Held-out accuracy less what mirror images give away: where cells of both kinds are held out, it is that of
 * the cells whose image is not shown either.
 * @param {Pick<Told, 'heldOutAccuracy' | 'mirroredAccuracy' | 'unmirroredAccuracy'>} evaluated
 */
function understood({ heldOutAccuracy, mirroredAccuracy, unmirroredAccuracy }) {
  const told = Number.isFinite(mirroredAccuracy) && Number.isFinite(unmirroredAccuracy);
  return told ? Number(unmirroredAccuracy) : heldOutAccuracy;
}

/** The beat that an evaluation belongs to, or null before it was trained. @param {Told} evaluated @returns {Beat | null} */
export function beatOf(evaluated) {
  const { step, memorisedAt, generalisedAt } = evaluated;
  if (step === 0) return null;
  if (generalisedAt !== null) return 'generalised';
  if (memorisedAt === null) return 'memorised';
  if (understood(evaluated) > FEW) return 'generalised';
  // At the mark itself it has learned them by heart, and only then does the wait begin.
  return step <= memorisedAt ? 'memorised' : 'waiting';
}

/**
 * Steps to jump to: it knows its examples, it knows those alone, it knows the rule. Null for what a run
 * has not come to.
 * @param {Run} run @returns {Record<Beat, number | null>}
 */
export function beats(run) {
  return {
    memorised: run.latest?.memorisedAt ?? null,
    waiting: waiting(run),
    generalised: run.latest?.generalisedAt ?? null,
  };
}

/** The step in the middle of the wait, among those that can be shown. @param {Run} run */
function waiting(run) {
  const memorised = run.latest?.memorisedAt ?? null;
  if (memorised === null) return null;
  const middle = halfway(memorised, turning(run));
  const distance = (/** @type {number} */ step) => Math.abs(Math.log((step + 1) / (middle + 1)));
  const steps = run.frames.filter(({ evaluated }) => beatOf(evaluated) === 'waiting').map(({ step }) => step);
  return steps.length ? steps.reduce((best, step) => (distance(step) < distance(best) ? step : best)) : null;
}

/** Which evaluation is the first after memorising at which it understands more than a few held-out cells, or −1. @param {Run} run */
function turnAt({ curves, latest }) {
  const memorised = latest?.memorisedAt ?? null;
  return memorised === null ? -1 : curves.step.findIndex((step, index) => step >= memorised && understood({
    heldOutAccuracy: curves.heldOutAccuracy[index],
    mirroredAccuracy: curves.mirroredAccuracy[index],
    unmirroredAccuracy: curves.unmirroredAccuracy[index],
  }) > FEW);
}

/** The step of that evaluation, or the last. @param {Run} run */
export function turning(run) {
  const at = turnAt(run);
  return at < 0 ? run.frames.at(-1)?.step ?? 0 : run.curves.step[at];
}

/** The step of the evaluation before that: so long it understands no more than a few. @param {Run} run */
export function waitEnd(run) {
  const at = turnAt(run);
  return at < 0 ? turning(run) : Math.max(run.latest?.memorisedAt ?? 0, run.curves.step[at - 1] ?? 0);
}

/** The step of the wait at which it gets fewest held-out cells right, the last of them that can be shown. @param {Run} run */
export function emptiest(run) {
  const [from, to] = [run.latest?.memorisedAt ?? 0, waitEnd(run)];
  const during = run.frames.filter(({ step }) => step >= from && step <= to);
  const share = (/** @type {number} */ at) => during[at].evaluated.heldOutAccuracy;
  let least = 0;
  for (let at = 1; at < during.length; at += 1) if (share(at) <= share(least)) least = at;
  return during[least]?.step ?? from;
}

/**
 * Where a step lies between the first and the last, 0 to 1, as on the axis of the chart.
 * @param {number} step @param {number} last @param {boolean} logSteps Early steps have more room.
 */
export function placeOf(step, last, logSteps) {
  if (last <= 0) return 1;
  return logSteps ? Math.log1p(step) / Math.log1p(last) : step / last;
}

/** The step that is nearest to a place. @param {number[]} steps @param {number} place @param {boolean} logSteps */
export function stepNear(steps, place, logSteps) {
  const last = steps.at(-1) ?? 0;
  const distance = (/** @type {number} */ step) => Math.abs(placeOf(step, last, logSteps) - place);
  return steps.reduce((best, step) => (distance(step) < distance(best) ? step : best), last);
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
