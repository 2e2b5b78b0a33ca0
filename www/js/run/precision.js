// One network trained with four losses: what each of them is, and what came of it.

import { differing, experiments } from './fork.js';
import { programOf } from './settings.js';

/** @typedef {import('../worker/protocol.js').Settings} Settings */
/** @typedef {import('../lab/pool.js').Job} Job */
/** @typedef {import('./types.js').Run} Run */

/** The values of `loss` that are compared: the softmax with ever more digits, and what takes its place. */
export const LOSSES = ['softmax-float16', 'softmax', 'softmax-float64', 'stablemax'];

/**
 * @typedef {object} Precision
 * @property {boolean} decays Whether with the weight decay of the run that they are taken from.
 * @property {number} steps How many each run takes.
 * @property {Job[]} jobs A run for each of `LOSSES`, in their order.
 * @property {'running' | 'stopped' | 'done'} status
 */

/**
 * Why a run cannot be trained with each loss, in the words of what trains; null if it can.
 * @param {Settings} settings @param {string | null} backend The only one that may train.
 */
export function lossRefusal(settings, backend) {
  const refused = `\`loss\` cannot be \`${LOSSES[0]}\`: allowed is softmax or stablemax`;
  if (programOf(settings) === 'reference') return `${refused} with dropout or the plain kernels`;
  return backend === 'webgpu' ? `${refused} on a graphics card: others take the CPU` : null;
}

/** Whether a run has a weight decay that can be left out. @param {Run} run */
export const hasDecay = (run) => experiments(run).decayOff !== null;

/**
 * The settings of a run with each loss, which differ in nothing else.
 * @param {Run} run @param {number} steps @param {boolean} decays @returns {Settings[]}
 */
export function withLosses(run, steps, decays) {
  const without = decays ? {} : experiments(run).decayOff;
  // A run that has the rule goes on too, so that all four are equally long.
  const base = { ...run.settings, ...without, budget: String(steps), stop: 'budget' };
  return LOSSES.map((loss) => ({ ...base, loss }));
}

/** Whether the run of the page is trained in another way by now. @param {Precision} precision @param {Run} run */
export const isStale = ({ steps, decays, jobs }, run) =>
  Object.keys(differing(jobs[0].settings, withLosses(run, steps, decays)[0])).length > 0;

/**
 * What a run has come to: shares of cells, and the first evaluated step at which a cell had collapsed.
 * @typedef {{ step: number, train: number, heldOut: number, collapsed: number, first: number | null }} Result
 */

/** What a run has come to at its newest evaluation; null before the first. @param {Job} job @returns {Result | null} */
export function resultOf({ curves }) {
  if (!curves || curves.step.length === 0) return null;
  const at = curves.step.length - 1;
  const first = curves.collapsed.findIndex((share) => share > 0);
  return {
    step: curves.step[at],
    train: curves.trainAccuracy[at],
    heldOut: curves.heldOutAccuracy[at],
    collapsed: curves.collapsed[at],
    first: first < 0 ? null : curves.step[first],
  };
}

/** Steps that all runs have taken together. @param {Precision} precision */
export const taken = ({ jobs, steps }) =>
  jobs.reduce((sum, { status, step }) => sum + (status === 'failed' ? steps : step), 0);

/** A table of one line a step that was evaluated and one column a loss. @param {Precision} precision @param {'heldOutAccuracy' | 'collapsed'} key */
export function columns({ jobs }, key) {
  const all = jobs.map(({ curves }) => new Map(curves?.step.map((step, at) => [step, curves[key][at]])));
  const steps = [...new Set(all.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  return { head: ['step', ...LOSSES], rows: steps.map((step) => [step, ...all.map((column) => column.get(step) ?? null)]) };
}
