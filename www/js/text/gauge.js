// What a figure says of when a run will generalise.

import { unseen } from './laboratory.js';
import { percent, whole, withUnit } from './numbers.js';

/**
 * What `grok gauge` found on runs held apart.
 * @typedef {{ runs: number, generalised: number, forecasts: number, factor: number, covered: number,
 *   memorisedFactor: number, normLawFactor: number, normLawHindsightFactor: number, unfinished: number,
 *   unfinishedBeyond: number }} Judgement
 * @typedef {{ madeAt: number, step: number, normLaw: number, generalisedAt: number }} Point
 * @typedef {Judgement & { points: Point[] }} Drawn
 * @typedef {'sum' | 'group'} Kind What a fit is for.
 * @typedef {{ sum: { fittedRuns: number, settings: Judgement, losses: Judgement, progress: Drawn },
 *   group: { fittedRuns: number, settings: Drawn, losses: Judgement } }} Judged
 */

/** @type {Record<Kind, string>} */
export const LOOK = {
  sum: 'Look whether the forecast settles while the held-out accuracy says nothing yet: what is coming shows in the ' +
    'losses and the norm of the weights first.',
  group: 'Look how the forecast moves as the steps go by without the rule. It does not look at the network: ' +
    'nothing that was measured of one made forecasts of groups better as a whole.',
};
export const METER = 'Share of the way';
const LAW_OF_NORM = 'The law of the norm (Truong 2026) says how long weight decay takes to shrink the weights as much ' +
  'as it did in the fitted runs, from when this one had memorised.';
/** @type {Record<Kind, string>} */
export const HOW = {
  sum: 'A linear fit of the logarithm of the steps ahead, on the settings, the losses, the held-out accuracy, the ' +
    `growth of the norm, restricted loss, excluded loss, Gini coefficient and explained share. ${LAW_OF_NORM}`,
  group: 'A linear fit of the logarithm of the steps ahead, on the settings and the step: symbols, share of the cells ' +
    `that it trains on, learning rate times weight decay. ${LAW_OF_NORM}`,
};
export const GOOD = 'How good is it?';
export const LOADING = 'The judgement on other runs is loading …';
/** @param {Error} error */
export const notLoaded = ({ message }) => `The judgement on other runs: ${message}.`;

/** Charts. */
export const COURSE = 'The forecast step over the steps at which it was made, with its band';
export const COURSE_AXES = 'Across: the step at which a forecast was made. Up: the step that it names.';
export const SCATTER = 'Steps at which the runs held apart generalised, over their forecasts';
export const SCATTER_AXES = 'Across: the step that was forecast when a run had just memorised. Up: the step at which it did generalise.';
export const TRUTH = 'where it generalised';
export const LAW = 'law of the norm';
export const [FROM, TO] = ['in 4 of 5 cases from', 'to'];
export const FORECAST = 'forecast';
export const RIGHT = 'where a forecast is right';
export const GAUGE = 'gauge';

/**
 * @param {import('../worker/protocol.js').Outlook | null} outlook @param {number} step
 * @param {import('../run/run.js').Run} run
 */
export function forecast(outlook, step, run) {
  const { settings, latest } = run;
  if (outlook === null) {
    return unseen(run);
  }
  switch (outlook.state) {
    case 'unknown':
      return `No forecast: ${outlook.why}.`;
    case 'early':
      return `At step ${whole(step)} there is no forecast yet: less than half of the training cells are known.`;
    case 'generalised':
      return `It has generalised, at step ${whole(latest?.generalisedAt ?? step)}.`;
    case 'ahead': {
      const { low, high, normLaw, unlike } = outlook;
      const budget = Number(settings.budget);
      return [
        `At step ${whole(step)} it is about ${withUnit(((100 * step) / outlook.step).toFixed(0), '%')} of the way: it should ` +
          `generalise at about step ${about(outlook.step)}, in 4 of 5 cases between ${about(low)} and ${about(high)}.`,
        outlook.step > budget ? `This run ends at step ${whole(budget)}: raise its budget to see it.` : '',
        byNorm(normLaw, step),
        unlike.length === 0 ? '' : `The runs it was fitted on had ${listed(unlike.map(another))} than this one, so take it with care.`,
      ].filter(Boolean).join(' ');
    }
  }
}

const factor = (/** @type {number} */ n) => `a factor of ${n.toFixed(2)}`;

/** Whose forecasts are drawn. @param {Judged} judged @param {Kind} kind */
export const drawn = ({ sum, group }, kind) => (kind === 'sum' ? sum.progress : group.settings);

/** @param {Judged} judged @param {Kind} kind */
export const judgement = (judged, kind) => (kind === 'sum' ? ofSums(judged.sum) : ofGroups(judged.group));

/** @param {Judged['sum']} judged */
function ofSums({ fittedRuns, settings, losses, progress }) {
  return `Fitted on ${fittedRuns} runs, and judged on ${progress.runs} others of other sizes, weight decays and ` +
    `seeds. Half of its ${progress.forecasts} forecasts for those were off by less than ${factor(progress.factor)} ` +
    `(by ${factor(losses.factor)} without the frequencies, by ${factor(settings.factor)} from the settings alone), ` +
    `and the band held the truth in ${percent(progress.covered)}. Made when a run had just memorised, which is ` +
    `what the picture shows, they were off by ${factor(progress.memorisedFactor)}; the law of the norm by ` +
    `${factor(progress.normLawFactor)}, and by ${factor(progress.normLawHindsightFactor)} if it is told how far ` +
    `each run's weights will shrink. ${unfinished(progress)}`;
}

/** @param {Judged['group']} judged */
function ofGroups({ fittedRuns, settings, losses }) {
  return `Fitted on ${fittedRuns} runs of sums, products and four families of groups. It was judged on the ${settings.runs} ` +
    'runs of the groups, those of each family by a fit that had seen none of them: half of its ' +
    `${settings.forecasts} forecasts were off by less than ${factor(settings.factor)} (by ${factor(losses.factor)} ` +
    `if it looked at the losses and the norm), and the band held the truth in ${percent(settings.covered)}. Made ` +
    `when a run had just memorised, which is what the picture shows, they were off by ` +
    `${factor(settings.memorisedFactor)}; the law of the norm by ${factor(settings.normLawFactor)}. ` +
    unfinished(settings);
}

/** @param {Judgement} judgement */
const unfinished = (judgement) => `${judgement.unfinished} of the runs did not generalise in their budget; half way, ` +
  `the band reached beyond their end in ${judgement.unfinishedBeyond}.`;

/** The law is told the norm alone, and can name a step that has passed. @param {number | null} at @param {number} step */
function byNorm(at, step) {
  if (at === null) return '';
  return at > step
    ? `The law of the norm says ${about(at)}.`
    : `The law of the norm had said ${about(at)}, which has passed.`;
}

/** What a run is unlike others in, as theirs: `its split`. @param {string} what */
const another = (what) => (what === 'its outliers' ? 'no outliers' : what.replace(/^its /, 'another '));

/** @param {string[]} items */
const listed = (items) =>
  (items.length === 1 ? items[0] : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`);

/** To two digits: a forecast has no more. @param {number} step */
const about = (step) => whole(Number(step.toPrecision(2)));
