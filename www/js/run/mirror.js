// What commutativity gives away: held-out cells whose mirror image (y, x) is trained on.

import { NO_SYMBOL } from './symbol.js';

/**
 * 1 where a held-out cell's mirror image is trained on; all 0 if the operation does not commute.
 * @param {{ answer: Uint16Array, heldOut: Uint8Array, commutative: boolean }} table
 */
export function mirroredCells({ answer, heldOut, commutative }) {
  const size = Math.sqrt(answer.length);
  return heldOut.map((held, cell) => {
    const image = (cell % size) * size + Math.floor(cell / size);
    return commutative && held && !heldOut[image] && answer[image] !== NO_SYMBOL ? 1 : 0;
  });
}

/**
 * Accuracies of held-out cells of both kinds; null where there are none of a kind, or the operation does
 * not commute.
 * @param {{ answer: Uint16Array, heldOut: Uint8Array, mirrored: Uint8Array, commutative: boolean }} table
 * @param {(cell: number) => boolean | number} right
 * @returns {{ mirroredAccuracy: number | null, unmirroredAccuracy: number | null }}
 */
export function mirrorAccuracies({ answer, heldOut, mirrored, commutative }, right) {
  const count = [0, 0];
  const known = [0, 0];
  heldOut.forEach((held, cell) => {
    if (!held || answer[cell] === NO_SYMBOL) return;
    const kind = mirrored[cell];
    count[kind] += 1;
    if (right(cell)) known[kind] += 1;
  });
  const share = (/** @type {number} */ kind) => (commutative && count[kind] ? known[kind] / count[kind] : null);
  return { mirroredAccuracy: share(1), unmirroredAccuracy: share(0) };
}

/**
 * Whether the held-out cells of curves are of two kinds: those whose mirror image is trained on, and others.
 * @param {import('./curves.js').Curves | null} curves
 */
export const areTwoKinds = (curves) => curves !== null && curves.mirroredAccuracy.some(Number.isFinite) &&
  curves.unmirroredAccuracy.some(Number.isFinite);

/** Accuracy of always giving the commonest answer, 0 to 1. @param {Uint16Array} answer */
export function chanceOf(answer) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  let equations = 0;
  for (const symbol of answer) {
    if (symbol === NO_SYMBOL) continue;
    equations += 1;
    counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  }
  return equations ? Math.max(...counts.values()) / equations : 0;
}
