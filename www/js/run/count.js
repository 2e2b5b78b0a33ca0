// How many cells of the table are right, by counting them.

import { NO_SYMBOL } from './symbol.js';

/** @typedef {{ all: number, right: number }} Count */
/**
 * @typedef {object} Counts
 * @property {Count} shown Cells that are trained on.
 * @property {Count} others Cells that are held out.
 * @property {Count} mirrored Those of them whose mirror image is trained on.
 * @property {Count} unmirrored The rest of them.
 */

/**
 * @param {import('../worker/protocol.js').Started} started
 * @param {Pick<import('../worker/protocol.js').Evaluated, 'predicted'>} evaluated
 * @returns {Counts}
 */
export function count({ answer, heldOut, mirrored }, { predicted }) {
  const none = () => ({ all: 0, right: 0 });
  const counts = { shown: none(), others: none(), mirrored: none(), unmirrored: none() };
  const add = (/** @type {Count} */ to, /** @type {boolean} */ right) => {
    to.all += 1;
    if (right) to.right += 1;
  };
  for (let cell = 0; cell < answer.length; cell += 1) {
    if (answer[cell] === NO_SYMBOL) continue;
    const right = predicted[cell] === answer[cell];
    if (!heldOut[cell]) add(counts.shown, right);
    else {
      add(counts.others, right);
      add(mirrored[cell] ? counts.mirrored : counts.unmirrored, right);
    }
  }
  return counts;
}
