// The curves of a run, a point an evaluation.

/** @typedef {import('../worker/protocol.js').Evaluated} Evaluated */

/**
 * Columns of equal length, one entry per evaluation. The accuracies of mirrored and unmirrored cells are
 * NaN where there are none of a kind; `collapsed` is the share of the cells that are shown whose right answer has a
 * probability of exactly 1, and NaN in a recording, which does not keep it.
 * @typedef {{ step: number[], trainAccuracy: number[], heldOutAccuracy: number[],
 *   mirroredAccuracy: number[], unmirroredAccuracy: number[],
 *   trainLoss: number[], heldOutLoss: number[], collapsed: number[] }} Curves
 */

/** @returns {Curves} */
export const noCurves = () => ({
  step: [],
  trainAccuracy: [],
  heldOutAccuracy: [],
  mirroredAccuracy: [],
  unmirroredAccuracy: [],
  trainLoss: [],
  heldOutLoss: [],
  collapsed: [],
});

/**
 * A run that goes on from a snapshot evaluates steps again; the curve keeps one point per step.
 * @param {Curves} curves @param {Evaluated} point @returns {Curves}
 */
export function append(curves, point) {
  let keep = curves.step.length;
  while (keep > 0 && curves.step[keep - 1] >= point.step) keep -= 1;
  const columns = noCurves();
  for (const key of /** @type {(keyof Curves)[]} */ (Object.keys(columns))) {
    columns[key] = [...curves[key].slice(0, keep), point[key] ?? NaN];
  }
  return columns;
}
