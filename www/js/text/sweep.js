// What a figure says of many runs.

import { withUnit } from './numbers.js';

/** @typedef {Pick<import('../lab/pool.js').Job, 'status' | 'step' | 'generalisedAt' | 'best'>} Told */

export const LOOK = 'Look for how steeply the thick lines rise to the left: the less is shown, the longer ' +
  'understanding takes, while learning by heart (thin) takes about as long.';
export const FRACTIONS = 'Train fractions';
export const SEEDS = 'Seeds';
export const AND = 'and ';
export const NOTHING_ELSE = 'nothing else';
export const WITH_VALUES = 'with values';
export const [START, PAUSE, GO_ON, STOP] = ['Start', 'Pause', 'Go on', 'Stop'];
export const SHOW = 'Show a recorded one';
export const SOURCE = 'x + y mod 41, made by grok sweep --config sweeps/data-efficiency.toml';
export const MEASURE = ' measure the sharpness of the finished networks';
export const DONE = 'Runs of the sweep that are done';
export const CHART = 'Steps to 99\u00a0% over the train fraction';
export const AXES = 'Across: the share of the table that is shown. Up: steps to 99\u00a0%, medians over the seeds, with their ' +
  'range as an upright stroke.';
export const STEPS = 'steps to 99\u00a0%';
export const [OF_SHOWN, OF_OTHERS] = ['of shown cells', 'of the others'];

/** @param {number} lanes */
export const how = (lanes) => `Every combination is a run of the settings of the run that is shown, ${lanes} at a time ` +
  'on this machine, each a worker. A run that does not get to 99\u00a0% has no point: in the table it has the best share that ' +
  'it got to of all held-out cells, also of those whose mirror image (y, x) is shown. Finished runs are kept when the tab closes.';
/** @param {string} seed */
export const opens = (seed) => `seed ${seed}: open this run`;
/** @param {number} share */
export const share = (share) => withUnit(+(100 * share).toFixed(1), '%');

/** @param {import('../lab/sweep.js').Sweep} sweep @param {number} done */
export function progress({ jobs, status, millis }, done) {
  const failed = jobs.filter((job) => job.status === 'failed').length;
  const parts = [`${done} of ${jobs.length} runs`];
  if (failed) parts.push(`${failed} diverged or failed`);
  if (status === 'running' && done > 0) {
    const seconds = ((millis / done) * (jobs.length - done)) / 1000;
    parts.push(`about ${seconds < 90 ? withUnit(Math.ceil(seconds), 's') : withUnit(Math.ceil(seconds / 60), 'min')} left`);
  }
  if (status === 'paused') parts.push('paused');
  if (status === 'stopped' && done < jobs.length) parts.push('stopped: Go on trains the rest');
  return `${parts.join(', ')}.`;
}

/** In a cell of the table. @param {Told} run */
export function outcome({ status, step, generalisedAt, best }) {
  if (status === 'waiting') return '·';
  if (generalisedAt !== null) return String(generalisedAt);
  if (status === 'running') return `${step} …`;
  return status === 'failed' ? 'failed' : withUnit((100 * best).toFixed(0), '%');
}
