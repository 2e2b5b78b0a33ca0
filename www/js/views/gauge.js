// How close to grokking: the step at which the run will generalise, forecast while it has not.

import { colors, drawChart } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { shipped } from '../lab/shipped.js';

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
 * @param {HTMLElement} root A `details`.
 * @param {{ charts: () => import('../draw/charts.js').Charts | null, onOpen: (open: boolean) => void }} actions
 */
export function create(root, { charts, onOpen }) {
  const band = element('i', { className: 'band' });
  const now = element('i', { className: 'now' });
  const meter = element('div', { className: 'meter', role: 'meter', ariaLabel: 'Share of the way' }, band, now);
  meter.ariaValueMin = '0';
  meter.ariaValueMax = '100';
  const value = element('p', { 'aria-live': 'polite' });
  const course = element('canvas', {
    role: 'img',
    'aria-label': 'The forecast step over the steps at which it was made, with its band',
  });
  const verdict = element('p', {}, 'The judgement on other runs is loading …');
  const scatter = element('canvas', {
    className: 'square',
    role: 'img',
    'aria-label': 'Steps at which the runs held apart generalised, over their forecasts',
  });
  root.append(
    element('p', {}, 'Look whether the forecast settles while the held-out accuracy says nothing yet: what is ' +
      'coming shows in the losses, the norm of the weights and the frequencies first.'),
    meter,
    value,
    key(['held-out', 'forecast, thin: where it should be in 4 of 5 cases'], ['train', 'law of the norm'],
      ['quiet', 'where it generalised']),
    course,
    element('p', { className: 'quiet' }, 'A linear fit of the logarithm of the steps ahead, on the settings, the ' +
      'losses, the held-out accuracy, the growth of the norm and, for sums, restricted loss, excluded loss, ' +
      'Gini coefficient and explained share. The law of the norm (Truong 2026) says how long weight decay ' +
      'takes to shrink the weights as much as it did in the fitted runs, from when this one had memorised.'),
    element('h3', {}, 'How good is it?'),
    verdict,
    key(['held-out', 'gauge'], ['train', 'law of the norm'], ['quiet', 'where a forecast is right']),
    scatter,
  );
  /** @type {Judged | null} */
  let judged = null;
  let loading = false;
  root.addEventListener('toggle', async () => {
    onOpen(/** @type {HTMLDetailsElement} */ (root).open);
    if (judged || loading) return;
    loading = true;
    try {
      judged = await (await shipped('gauge.json')).json();
      if (judged) write(verdict, judgement(judged));
      drawScatter();
    } catch (error) {
      write(verdict, `The judgement on other runs: ${/** @type {Error} */ (error).message}.`);
    } finally {
      loading = false;
    }
  });

  /** @type {unknown[]} */
  let drawn = [];
  /** @type {unknown[]} */
  let scattered = [];
  const dark = () => matchMedia('(prefers-color-scheme: dark)').matches;

  /** @param {import('../run/state.js').State} state */
  function drawCourse({ frames, logSteps, scrub, latest }) {
    const library = charts();
    const inputs = [library, frames, logSteps, scrub, course.clientWidth, dark()];
    if (!library || course.clientWidth === 0 || inputs.every((input, at) => input === drawn[at])) return;
    drawn = inputs;
    const seen = frames.flatMap(({ step, inspected }) =>
      (inspected?.outlook?.state === 'ahead' ? [{ at: step, ...inspected.outlook }] : []));
    const [train, heldOut, quiet] = colors(root, ['--train', '--held-out', '--quiet']);
    const x = seen.map(({ at }) => at);
    const line = (/** @type {'step' | 'low' | 'high'} */ key, /** @type {number} */ width) =>
      ({ x, y: seen.map((forecast) => forecast[key]), color: heldOut, width });
    const laws = seen.filter(({ normLaw }) => normLaw !== null);
    const truth = latest?.generalisedAt ?? null;
    const marks = scrub ? [scrub] : [];
    drawChart(library, course, { x: logSteps ? 'Milestones' : 'Steps', y: 'Milestones', marks }, [
      ...(truth && x.length > 0 ? [{ x: [x[0], truth], y: [truth, truth], color: quiet, width: 1.5 }] : []),
      { x: laws.map(({ at }) => at), y: laws.map(({ normLaw }) => normLaw ?? 0), color: train, width: 1.5 },
      line('low', 1),
      line('high', 1),
      line('step', 2.5),
    ]);
  }

  function drawScatter() {
    const library = charts();
    const inputs = [library, judged, scatter.clientWidth, dark()];
    if (!library || !judged || scatter.clientWidth === 0) return;
    if (inputs.every((input, at) => input === scattered[at])) return;
    scattered = inputs;
    const { points } = judged.progress;
    const [train, heldOut, quiet] = colors(root, ['--train', '--held-out', '--quiet']);
    const y = points.map(({ generalisedAt }) => generalisedAt);
    const ends = [Math.min(...y), Math.max(...y)];
    drawChart(library, scatter, { x: 'Milestones', y: 'Milestones' }, [
      { x: ends, y: ends, color: quiet, width: 1.5 },
      { x: points.map(({ normLaw }) => normLaw), y, color: train, width: 0, dot: 3 },
      { x: points.map(({ step }) => step), y, color: heldOut, width: 0, dot: 4 },
    ]);
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      root.hidden = state.page.embed;
      if (!(/** @type {HTMLDetailsElement} */ (root).open)) return;
      const { inspected } = shown(state);
      const outlook = inspected?.outlook ?? null;
      const step = inspected?.step ?? 0;
      write(value, words(outlook, step, state));
      const ends = outlook?.state === 'ahead'
        ? [step / outlook.high, step / outlook.step, step / outlook.low]
        : [0, outlook?.state === 'generalised' ? 1 : 0, 0];
      const [from, at, to] = ends.map((share) => 100 * Math.min(share, 1));
      now.style.width = `${at}%`;
      band.style.left = `${from}%`;
      band.style.width = `${Math.max(to - from, 0)}%`;
      meter.ariaValueNow = at.toFixed(0);
      drawCourse(state);
      drawScatter();
    },
  };
}

/**
 * @param {import('../worker/protocol.js').Outlook | null} outlook @param {number} step
 * @param {import('../run/state.js').State} state
 */
function words(outlook, step, { settings, latest, recording }) {
  if (outlook === null) {
    return recording
      ? 'This recording has no forecast at this step.'
      : 'Not computed at this step: it is while this figure is open.';
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

/** @param {[string, string][]} entries A colour of the style sheet, and what has it. */
function key(...entries) {
  return element('p', { className: 'key' }, ...entries.map(([color, text]) => {
    const mark = element('i', {});
    mark.style.background = `var(--${color})`;
    return element('span', {}, mark, text);
  }));
}

/** @param {string[]} items */
const listed = (items) =>
  (items.length === 1 ? items[0] : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`);

/** @param {number} step */
const whole = (step) => Math.round(step).toLocaleString('en-US').replaceAll(',', ' ');

/** To two digits: a forecast has no more. @param {number} step */
const about = (step) => whole(Number(step.toPrecision(2)));
