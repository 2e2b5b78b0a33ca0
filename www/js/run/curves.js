// The curves of a run, a point an evaluation.

/** @typedef {import('../worker/protocol.js').Evaluated} Evaluated */

/**
 * Columns of equal length, one entry per evaluation.
 * @typedef {{ step: number[], trainAccuracy: number[], heldOutAccuracy: number[],
 *   trainLoss: number[], heldOutLoss: number[] }} Curves
 */

/** @returns {Curves} */
export const noCurves = () => ({
  step: [],
  trainAccuracy: [],
  heldOutAccuracy: [],
  trainLoss: [],
  heldOutLoss: [],
});

/**
 * A run that goes on from a snapshot evaluates steps again; the curve keeps one point per step.
 * @param {Curves} curves @param {Evaluated} point @returns {Curves}
 */
export function append(curves, point) {
  let keep = curves.step.length;
  while (keep > 0 && curves.step[keep - 1] >= point.step) keep -= 1;
  const column = (/** @type {keyof Curves} */ key) => [...curves[key].slice(0, keep), point[key]];
  return {
    step: column('step'),
    trainAccuracy: column('trainAccuracy'),
    heldOutAccuracy: column('heldOutAccuracy'),
    trainLoss: column('trainLoss'),
    heldOutLoss: column('heldOutLoss'),
  };
}
