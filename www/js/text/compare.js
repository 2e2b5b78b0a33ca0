// What a figure says of runs over one another.

import { areTwoKinds } from '../run/mirror.js';
import { percent } from './numbers.js';

/** @typedef {Pick<import('../lab/pool.js').Job, 'generalisedAt' | 'best' | 'status' | 'step' | 'error' | 'curves'>} Told */

export const LOOK = 'Look at the loss: while a network learns by heart, its loss on what it has not seen rises far ' +
  'above that of guessing, and it falls a second time when it gets the rule.';
export const KEEP = 'Keep this run';
export const STOP = 'Stop the race';
export const OPEN = 'Open';
export const REMOVE = 'Remove';
export const ACCURACY = 'Held-out cells that are right';
export const LOSS = 'Loss on held-out cells: 0 is certain and right';
/** @param {string} title */
export const chart = (title) => `${title}, of the kept runs over the steps`;
/** @param {string} run */
export const unmirrored = (run) => `${run}: cells whose mirror image (y, x) is not shown either`;
export const THIN = 'Where x and y can change places, a thin line counts only the held-out cells whose mirror image ' +
  '(y, x) is not shown either: those take more than exchanging x and y.';
/** @param {number} most */
export const about = (most) => `Up to ${most} runs; a label says what differs between them. A race trains its runs in ` +
  'workers of their own, on the settings of the run that is shown.';

/** @param {Told} run */
export function outcome({ generalisedAt, best, status, step, error, curves }) {
  const least = curves && areTwoKinds(curves)
    ? `; ${percent(Math.max(0, ...curves.unmirroredAccuracy.filter(Number.isFinite)))} where the mirror image is not shown either`
    : '';
  const end = generalisedAt === null ? `best ${percent(best)}${least}` : `${percent(0.99)} at step ${generalisedAt}`;
  return end + (status === 'running' ? `, at step ${step}` : error ? `: ${error}` : '');
}
