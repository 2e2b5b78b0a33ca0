// The numbers of a chapter's words, from the run that it opens with.

import { count } from '../run/count.js';
import { at, inspectedBy } from '../run/frames.js';
import { FEW, waitEnd } from '../run/timeline.js';
import { percent, whole } from '../text/numbers.js';

/** Hours that are added in the example of a clock, beyond the number before its last two. */
const EXAMPLE = { before: 3, hours: 5 };

/** The cell of the example: one whose sum goes once round. @param {number} p */
export const exampleOf = (p) => ({ x: p - EXAMPLE.before, y: EXAMPLE.hours });

/** @param {import('../run/run.js').Run} run @returns {Record<string, string>} */
export function factsOf(run) {
  const { started, latest, frames, curves } = run;
  if (!started || !latest) return {};
  const p = started.symbols.length;
  const { x, y } = exampleOf(p);
  const memorisedAt = latest.memorisedAt ?? latest.step;
  const knows = (/** @type {number} */ step) => {
    const { right } = count(started, at(frames, step).evaluated).others;
    return right === 0 ? 'none' : whole(right);
  };
  const loss = (/** @type {number} */ step) => {
    const value = curves.trainLoss[curves.step.findLastIndex((at) => at <= step)];
    return value >= 0.1 ? value.toFixed(1) : value.toPrecision(1);
  };
  const [then, end] = [memorisedAt, latest.step].map((step) => inspectedBy(frames, step));
  const fourier = end?.fourier;
  return {
    p: String(p),
    a: String(x),
    b: String(y),
    c: String((x + y) % p),
    equations: whole(started.equations),
    train: whole(started.train),
    others: whole(started.equations - started.train),
    share: percent(started.train / started.equations),
    width: run.started?.config.width ?? '',
    memorisedAt: whole(memorisedAt),
    last: whole(latest.step),
    heldThen: knows(memorisedAt),
    heldNow: knows(latest.step),
    few: percent(FEW),
    waited: whole(waitEnd(run) - memorisedAt),
    lossFirst: loss(0),
    lossThen: loss(memorisedAt),
    normThen: then ? then.weightNorm.toFixed(0) : '',
    normEnd: end ? end.weightNorm.toFixed(0) : '',
    keys: fourier ? whole(fourier.keys.length) : '',
    stride: fourier?.stride ? whole(fourier.stride) : '',
    explained: fourier ? percent(fourier.explained) : '',
  };
}
