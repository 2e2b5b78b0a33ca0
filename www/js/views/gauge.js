// How close to grokking: the step at which the run will generalise, forecast while it has not.

import { changes } from '../draw/changes.js';
import { createChart } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { unseen } from '../text/laboratory.js';

/**
 * What `grok gauge` found on runs held apart.
 * @typedef {{ runs: number, generalised: number, forecasts: number, factor: number, covered: number,
 *   memorisedFactor: number, normLawFactor: number, normLawHindsightFactor: number, unfinished: number,
 *   unfinishedBeyond: number }} Judgement
 * @typedef {{ madeAt: number, step: number, normLaw: number, generalisedAt: number }} Point
 * @typedef {{ fittedRuns: number, settings: Judgement, losses: Judgement,
 *   progress: Judgement & { points: Point[] } }} Judged
 */

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'shipped'>} actions
 */
export function create(root, actions) {
  const band = element('i', { className: 'band' });
  const now = element('i', { className: 'now' });
  const meter = element('div', { className: 'meter', role: 'meter', ariaLabel: 'Share of the way' }, band, now);
  meter.ariaValueMin = '0';
  meter.ariaValueMax = '100';
  const value = element('p', { 'aria-live': 'polite' });
  const course = element('div', {});
  const verdict = element('p', {}, 'The judgement on other runs is loading …');
  const scatter = element('div', {});
  root.append(
    element('p', {}, 'Look whether the forecast settles while the held-out accuracy says nothing yet: what is ' +
      'coming shows in the losses, the norm of the weights and the frequencies first.'),
    meter,
    value,
    course,
    element('p', { className: 'quiet' }, 'A linear fit of the logarithm of the steps ahead, on the settings, the ' +
      'losses, the held-out accuracy, the growth of the norm and, for sums, restricted loss, excluded loss, ' +
      'Gini coefficient and explained share. The law of the norm (Truong 2026) says how long weight decay ' +
      'takes to shrink the weights as much as it did in the fitted runs, from when this one had memorised.'),
    element('h3', {}, 'How good is it?'),
    verdict,
    scatter,
  );
  const courseChart = createChart(course, { label: 'The forecast step over the steps at which it was made, with its band' });
  const scatterChart = createChart(scatter, {
    label: 'Steps at which the runs held apart generalised, over their forecasts',
    className: 'square',
  });
  actions.shipped('gauge.json').then((/** @type {Judged} */ judged) => {
    write(verdict, judgement(judged));
    drawScatter(judged);
  }).catch((/** @type {Error} */ error) => write(verdict, `The judgement on other runs: ${error.message}.`));
  const changed = changes();

  /** @param {import('../run/state.js').State} state */
  function drawCourse({ run: { frames, scrub, latest }, logSteps }) {
    if (!changed(frames, scrub, logSteps, latest?.generalisedAt)) return;
    const seen = frames.flatMap(({ step, inspected }) =>
      (inspected?.outlook?.state === 'ahead' ? [{ at: step, ...inspected.outlook }] : []));
    const x = seen.map(({ at }) => at);
    const line = (/** @type {'step' | 'low' | 'high'} */ key, /** @type {string} */ label, /** @type {number} */ width) =>
      ({ label, x, y: seen.map((forecast) => forecast[key]), color: '--held-out', width });
    const laws = seen.filter(({ normLaw }) => normLaw !== null);
    const truth = latest?.generalisedAt ?? null;
    courseChart.draw({
      x: logSteps ? 'Milestones' : 'Steps',
      y: 'Milestones',
      marks: scrub ? [{ at: scrub, text: 'shown now' }] : [],
      lines: [
        ...(truth && x.length > 0
          ? [{ label: 'where it generalised', x: [x[0], truth], y: [truth, truth], color: '--quiet', width: 1.5 }]
          : []),
        { label: 'law of the norm', x: laws.map(({ at }) => at), y: laws.map(({ normLaw }) => normLaw ?? 0), color: '--train', width: 1.5 },
        line('low', 'in 4 of 5 cases from', 1),
        line('high', 'to', 1),
        line('step', 'forecast', 2.5),
      ],
    });
  }

  /** @param {Judged} judged */
  function drawScatter(judged) {
    const { points } = judged.progress;
    const y = points.map(({ generalisedAt }) => generalisedAt);
    const ends = [Math.min(...y), Math.max(...y)];
    scatterChart.draw({
      x: 'Milestones',
      y: 'Milestones',
      lines: [
        { label: 'where a forecast is right', x: ends, y: ends, color: '--quiet', width: 1.5 },
        { label: 'law of the norm', x: points.map(({ normLaw }) => normLaw), y, color: '--train', width: 0, dot: 3 },
        { label: 'gauge', x: points.map(({ step }) => step), y, color: '--held-out', width: 0, dot: 4 },
      ],
    });
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      const { inspected } = shown(state.run);
      const outlook = inspected?.outlook ?? null;
      const step = inspected?.step ?? 0;
      write(value, words(outlook, step, state.run));
      const ends = outlook?.state === 'ahead'
        ? [step / outlook.high, step / outlook.step, step / outlook.low]
        : [0, outlook?.state === 'generalised' ? 1 : 0, 0];
      const [from, at, to] = ends.map((share) => 100 * Math.min(share, 1));
      now.style.width = `${at}%`;
      band.style.left = `${from}%`;
      band.style.width = `${Math.max(to - from, 0)}%`;
      meter.ariaValueNow = at.toFixed(0);
      drawCourse(state);
    },
    destroy() {
      courseChart.destroy();
      scatterChart.destroy();
      root.replaceChildren();
    },
  };
}

/**
 * @param {import('../worker/protocol.js').Outlook | null} outlook @param {number} step
 * @param {import('../run/run.js').Run} run
 */
function words(outlook, step, run) {
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
        `At step ${whole(step)} it is about ${((100 * step) / outlook.step).toFixed(0)} % of the way: it should ` +
          `generalise at about step ${about(outlook.step)}, in 4 of 5 cases between ${about(low)} and ${about(high)}.`,
        outlook.step > budget ? `This run ends at step ${whole(budget)}: raise its budget to see it.` : '',
        normLaw === null ? '' : `The law of the norm says ${about(normLaw)}.`,
        unlike.length === 0 ? '' : `Take it with care: the runs that it was fitted on differ in ${listed(unlike)}.`,
      ].filter(Boolean).join(' ');
    }
  }
}

/** @param {Judged} judged */
function judgement({ fittedRuns, settings, losses, progress }) {
  const factor = (/** @type {number} */ n) => `a factor of ${n.toFixed(2)}`;
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(0)} %`;
  return `Fitted on ${fittedRuns} runs, and judged on ${progress.runs} others of other sizes, weight decays and ` +
    `seeds. Half of its ${progress.forecasts} forecasts for those were off by less than ${factor(progress.factor)} ` +
    `(by ${factor(losses.factor)} without the frequencies, by ${factor(settings.factor)} from the settings alone), ` +
    `and the band held the truth in ${percent(progress.covered)}. Made when a run had just memorised, which is ` +
    `what the picture shows, they were off by ${factor(progress.memorisedFactor)}; the law of the norm by ` +
    `${factor(progress.normLawFactor)}, and by ${factor(progress.normLawHindsightFactor)} if it is told how far ` +
    `each run's weights will shrink. ${progress.unfinished} of the runs did not generalise in their budget; half ` +
    `way, the band reached beyond their end in ${progress.unfinishedBeyond}.`;
}

/** @param {string[]} items */
const listed = (items) =>
  (items.length === 1 ? items[0] : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`);

/** @param {number} step */
const whole = (step) => Math.round(step).toLocaleString('en-US').replaceAll(',', ' ');

/** To two digits: a forecast has no more. @param {number} step */
const about = (step) => whole(Number(step.toPrecision(2)));
