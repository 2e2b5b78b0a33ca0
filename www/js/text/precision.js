// Words for a network that is trained with each loss: what collapses, and what came of it.

import { percent, whole } from './numbers.js';
import { LOSSES, resultOf } from '../run/precision.js';

/** @typedef {import('../run/precision.js').Precision} Precision */
/** @typedef {import('../run/precision.js').Result} Result */

export const LOOK = 'The network gives every answer a probability. The surer it is of the right one, the closer that comes to 1, ' +
  'until what is missing is less than the last digit that the computer keeps, and it is rounded to exactly 1. Then the cell has ' +
  'collapsed: its loss is 0, or as good as 0, and its right answer has nothing left to teach.';
export const RUNS = 'Here the network of the run above is trained four times from its first step, on the processor, and only the loss ' +
  'differs: with about 3 digits (float16), 7 (float32, the usual) and 16 (float64), and with StableMax, which takes the place of the ' +
  'softmax and comes to 1 more slowly. Prieto and others (2025) found that without weight decay this can keep a network from the rule.';

/** What each loss is called. @type {Record<string, string>} */
const NAMES = { 'softmax-float16': 'float16', softmax: 'float32', 'softmax-float64': 'float64', stablemax: 'StableMax' };
/** What the four runs are called, in the order of `LOSSES`. */
export const RUN_NAMES = LOSSES.map((loss) => NAMES[loss]);

export const STEPS = 'Steps of each run';
/** @param {import('../worker/protocol.js').Settings} settings */
export const decay = ({ weightDecay, optimizer, muonDecay }) =>
  `With the weight decay of the run above (${optimizer === 'muon' ? `${weightDecay}, and ${muonDecay} of Muon` : weightDecay})`;
export const NO_DECAY = 'The run above has no weight decay, and these have none either.';
export const START = 'Train all four';
export const STOP = 'Stop';
export const DROP = 'Throw them away';
export const PROGRESS = 'Steps of all four runs';

export const RECORDED = 'A recording is only played back: these four are trained beside a run that trains.';
export const RUN_LIVE = 'Train this run here';
export const STALE = 'The run above has other settings by now: these four are of those that it had.';

/** @param {Precision} precision */
export function status({ jobs, steps, decays, status: is }) {
  const each = `${whole(steps)} ${steps === 1 ? 'step' : 'steps'} each, ${decays ? 'with' : 'without'} weight decay`;
  const through = jobs.filter((job) => job.status === 'done').length;
  if (is === 'stopped') return `${each}: stopped.`;
  return `${each}: ${is === 'done' && through === jobs.length ? 'all four are' : `${through} of ${jobs.length} ${through === 1 ? 'is' : 'are'}`} through.`;
}

export const ACCURACY = 'Cells it never saw that are right';
export const COLLAPSED = 'Cells it is shown that have collapsed';
/** @param {string} title */
export const chart = (title) => `${title}, over the steps, with each loss`;

export const TABLE = 'Where each run stands: how much it gets right of the cells it is shown and of the others, and how many have collapsed';
export const COLUMNS = ['Loss', 'Shown', 'Others', 'Collapsed'];
export const WAITS = 'waits';
/** @param {string} error */
export const stopped = (error) => `It stopped: ${error.replace(/\.$/, '')}.`;
/** @param {Result} result @returns {string[]} What stands under the columns after the first. */
export const cells = ({ train, heldOut, collapsed }) => [train, heldOut, collapsed].map(percent);
/** How far a run is that has not come to its last step. @param {Result | null} result @param {Precision} precision */
export const sofar = (result, { steps }) => (result && result.step < steps ? `at step ${whole(result.step)}` : '');
/** @param {Result} result */
export const since = ({ first }) => (first === null ? '' : `first at step ${whole(first)}`);

/** Accuracies that are no further apart are as good as one: they are told as a range. */
const CLOSE = 0.02;
/** A smaller share of collapsed cells is as good as none. */
const FEW = 0.01;
/** Whether several runs have the same share. @param {number[]} shares @param {number} share */
const tied = (shares, share) => shares.filter((other) => other === share).length > 1;

/** A run that took all its steps. @typedef {Result & { name: string, loss: string }} Ended */

/**
 * What the runs that took all their steps came to, in a sentence or two. One alone is compared with nothing, and while
 * one is under way or waits, it may yet change what the others come to beside it.
 * @param {Precision} precision
 */
export function verdict({ jobs, steps, status: is }) {
  if (is === 'running') return '';
  const through = jobs.flatMap((job, at) => {
    const result = resultOf(job);
    return result && result.step >= steps ? [{ name: RUN_NAMES[at], loss: LOSSES[at], ...result }] : [];
  });
  if (through.length < 2) return '';
  const [all, any] = through.length === jobs.length ? ['all', 'any'] : ['those that are through', 'any that is through'];
  const [collapsed, heldOut] = [through.map((run) => run.collapsed), through.map((run) => run.heldOut)];
  const [least, best] = [Math.min(...heldOut), Math.max(...heldOut)];
  const after = `${whole(steps)} ${steps === 1 ? 'step' : 'steps'}`;
  const [low, high] = [percent(least), percent(best)];
  const range = low === high ? `each gets ${high}` : `they get ${low} to ${high}`;
  const worst = through.reduce((a, b) => (b.collapsed > a.collapsed ? b : a));
  if (worst.collapsed === 0) return `After ${after} no cell has collapsed with ${listed(through.map(({ name }) => name))}; of the cells they never saw ${range}.`;
  const told = `With ${worst.name}, ${percent(worst.collapsed)} of the cells it is shown have collapsed after ${after}, ` +
    `${tied(collapsed, worst.collapsed) ? `as many as in ${any}` : `the most of ${all}`}`;
  if (best - least < CLOSE) return `${told}; of the cells they never saw ${range}.`;
  const lead = tied(heldOut, best) ? `as many as ${any}` : `the most of ${all}`;
  if (worst.heldOut === best) return `${told}, and yet it gets ${high} of the cells it never saw, ${lead}.`;
  const first = through.find((run) => run.heldOut === best) ?? worst;
  return `${told}, and it gets ${percent(worst.heldOut)} of the cells it never saw; ${gets(first)} of those, ${lead}.` +
    rounding(through, worst, first);
}

/** @param {Ended} run */
const gets = ({ name, collapsed, heldOut }) => `${name}, with ${collapsed === 0 ? 'none' : percent(collapsed)} collapsed, gets ${percent(heldOut)}`;
/** Only rounding differs between these. @param {Ended} run */
const isSoftmax = ({ loss }) => loss !== 'stablemax';

/**
 * What the softmax with the fewest collapsed cells says of the run with the most.
 * @param {Ended[]} through @param {Ended} worst @param {Ended} first The best, of which all is told.
 */
function rounding(through, worst, first) {
  const least = through.filter(isSoftmax).reduce((a, b) => (b.collapsed <= a.collapsed ? b : a), worst);
  if (!isSoftmax(worst) || least === worst || least === first) return '';
  if (least.heldOut - worst.heldOut >= CLOSE) return ` And ${gets(least)}, more than ${worst.name}.`;
  const isHeldBack = first.heldOut - worst.heldOut >= CLOSE;
  return least.collapsed < FEW && isHeldBack ? ` But ${gets(least)}: rounding is not what holds ${worst.name} back here.` : ` And ${gets(least)}.`;
}

/** @param {string[]} names */
const listed = (names) => `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
