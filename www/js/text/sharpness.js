// What a figure says of how sharp a minimum is.

import { recordedBy } from './laboratory.js';
import { minus } from './numbers.js';

export const LOOK = 'Look whether it is low after the network has generalised: the paper found flatter minima where ' +
  'more was understood (Spearman −0.80 over 20 seeds), on a single dataset.';
export const HOW = 'φ of Keskar et al. 2017: by how many percent the training loss, plus 1, can rise in a box of 0.1\u00a0% around ' +
  'the weights, along ten random directions, found by gradient ascent. Written from the formula, since the sign in ' +
  'the released script is wrong.';
export const SCALE = 'Read it so: 0 is level, and the more, the steeper. Where the loss is near 0, φ = 1 says that the worst ' +
  'nudge of 0.1\u00a0% to the weights raises it by 0.01, and φ = 100 by 1.';
export const COURSE = 'Sharpness over the steps';
export const LINE = 'sharpness φ';

export const SWEEP = 'Over the runs of a sweep';
export const SWEEP_LOOK = 'Each point is a finished network: how sharp it is, and how many of all held-out cells it gets ' +
  'right. Look whether the flatter ones, to the left, are higher up.';
export const SHOW = 'Show 20 recorded seeds';
export const SOURCE = 'x + y mod 41, 20 seeds after 1000 steps, made by grok sweep --config sweeps/sharpness.toml --sharpness';
export const SCATTER = 'Held-out accuracy over sharpness, a point a run';
export const SCATTER_AXES = 'Across: sharpness. Up: share of all held-out cells that are right, also of those whose mirror image (y, x) is shown.';
export const RUN = 'a run';
export const TOO_FEW = 'There is no sweep with three such runs yet: start one in the figure on how much data it needs, ' +
  'with its sharpness measured, and a budget at which some runs have generalised and some have not.';

/** @param {number} step @param {number} sharpness */
export const measured = (step, sharpness) =>
  `At step ${step}: φ = ${minus(sharpness < 1e-3 ? sharpness.toExponential(1) : sharpness.toPrecision(2))}.`;

/**
 * @param {number} runs @param {{ rho: number, p: number } | null} rank Null if all are alike.
 * @param {string | null} [source] Where a recorded sweep comes from.
 */
export function correlation(runs, rank, source) {
  const found = rank === null
    ? `${runs} runs, all alike: there is no correlation to speak of.`
    : `Over ${runs} runs Spearman's ρ is ${minus(rank.rho.toFixed(3))}, two-sided p ${minus(rank.p.toPrecision(2))}: −1 would be ` +
      'the flatter the better without exception, 0 no connection. The paper: −0.795 over 20 seeds, p below ' +
      '0.000014, which is one-sided.';
  return source ? `${found} ${recordedBy(source)}` : found;
}
