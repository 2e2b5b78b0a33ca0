// A recording that has its network at some steps, as a run that stands still at one of them: what is looked into,
// taken apart and forked.

import { at, inspectedBy } from './frames.js';
import { follow } from './run.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./frames.js').Frame} Frame */

/** The steps at which a recording has its network. @param {Run} run @returns {number[]} */
export const stepsOf = ({ recording, carried }) => carried ?? recording?.weights?.kept.map(({ step }) => step) ?? [];

/** The last step with weights that is not after the one shown; null if there is none. @param {Run} run */
export function standsAt(run) {
  const { scrub, step } = run;
  return stepsOf(run).findLast((kept) => kept <= (scrub ?? step)) ?? null;
}

/** What a recording shows of a step, made once for the same frames. @type {WeakMap<Frame[], Map<number, Pick<Run, 'latest' | 'inspected'>>>} */
const shown = new WeakMap();

/** @param {Frame[]} frames @param {number} step */
function shownAt(frames, step) {
  const known = shown.get(frames) ?? new Map();
  shown.set(frames, known);
  const found = known.get(step) ?? { latest: at(frames, step).evaluated, inspected: inspectedBy(frames, step) };
  known.set(step, found);
  return found;
}

/**
 * The run whose network there is: a live one, a recording where it has weights, or as it is where there is none.
 * @param {Run} run @returns {Run}
 */
export function networkOf(run) {
  const step = standsAt(run);
  if (step === null || run.carried || step in run.faults) return run;
  const stands = { recording: null, carried: stepsOf(run), status: /** @type {const} */ ('paused'), step, scrub: step };
  return { ...run, ...stands, ...shownAt(run.frames, step) };
}

/** The page by the run whose network there is, with what left that run and no other. @param {import('./state.js').State} state */
export function withNetwork(state) {
  const { run, fork, ladder } = state;
  const left = (/** @type {{ of: object | null } | null} */ it) => it !== null && it.of === run.recording;
  return { ...state, run: networkOf(run), fork: left(fork) ? fork : null, ladder: left(ladder) ? ladder : null };
}

/**
 * A recording with what its weights show, at the step that they are of.
 * @param {Run} run @param {import('./run.js').RunEvent} event @returns {Run}
 */
export function lookedInto(run, event) {
  const seen = event.type === 'evaluated' ? withAnswers(run, event) : follow(run, event);
  const { evaluated, inspected } = seen.frames[seen.frames.length - 1];
  return { ...seen, latest: evaluated, inspected };
}

/** @param {Run} run @param {import('./frames.js').Evaluated} answers */
const withAnswers = (run, answers) => ({ ...run, frames: run.frames.map((frame) =>
  (frame.step === answers.step && run.started ? { ...frame, evaluated: answered(frame.evaluated, answers, run.started) } : frame)) });

/**
 * What was right is as it was recorded, and the weights say how. They are rounded, so that a cell that was undecided may
 * come out otherwise: of that one they say nothing.
 * @param {import('./frames.js').Evaluated} recorded @param {import('./frames.js').Evaluated} answers
 * @param {import('../worker/protocol.js').Started} started
 */
function answered(recorded, { predicted, confidence }, { answer }) {
  const agree = (/** @type {number} */ cell) => (predicted[cell] === answer[cell]) === (recorded.predicted[cell] === answer[cell]);
  return {
    ...recorded,
    predicted: recorded.predicted.map((symbol, cell) => (agree(cell) ? predicted[cell] : symbol)),
    confidence: confidence.map((share, cell) => (agree(cell) ? share : NaN)),
  };
}
