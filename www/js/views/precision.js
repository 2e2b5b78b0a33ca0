// Can rounding stop it? The same network with four losses, and how many of its cells have nothing left to teach.

import { changes } from '../draw/changes.js';
import { createChart, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { createField } from '../draw/fields.js';
import { keepFocus } from '../draw/focus.js';
import { strokes } from '../draw/strokes.js';
import { readSteps } from '../run/fork.js';
import { columns, hasDecay, isStale, lossRefusal, resultOf, taken } from '../run/precision.js';
import { failed } from '../text/laboratory.js';
import * as text from '../text/precision.js';

/** @typedef {import('../run/state.js').State} State */
/** @typedef {import('../run/precision.js').Precision} Precision */

/** The width of each run's line: where they lie over one another, the earlier ones show beside the later. */
const WIDTHS = [5, 4, 3, 1.5];

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'precision' | 'trainRecorded'>} actions */
export function create(root, actions) {
  const { precision: comparer } = actions;
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    element('button', { type: 'button', onclick }, label);

  const live = button(text.RUN_LIVE, () => actions.trainRecorded());
  const recorded = element('p', { className: 'recorded', hidden: true }, element('span', {}, text.RECORDED), live);
  const steps = createField(text.STEPS, { name: 'steps', numeric: true });
  const decays = element('input', { type: 'checkbox', name: 'decays' });
  const decayWords = element('span', {});
  const decay = element('label', {}, decays, ' ', decayWords);
  const noDecay = element('p', { className: 'quiet' }, text.NO_DECAY);
  const refused = element('p', { className: 'quiet' });
  const problem = element('p', { className: 'error', role: 'alert' });
  const start = element('button', { type: 'submit', className: 'primary' }, text.START);
  const stop = button(text.STOP, () => comparer.halt());
  const drop = button(text.DROP, () => comparer.drop());
  const form = element('form', { onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    begin();
  } }, element('div', { className: 'fields' }, steps.field), element('p', {}, decay), noDecay,
  element('p', { className: 'row' }, start), refused);

  const status = element('p', { role: 'status' });
  const bar = element('progress', { 'aria-label': text.PROGRESS });
  const verdict = element('p', { className: 'verdict', 'aria-live': 'polite' });
  const charted = element('div', {});
  const body = element('tbody', {});
  const table = element('table', { className: 'scores' }, element('caption', {}, text.TABLE),
    element('thead', {}, element('tr', {}, ...text.COLUMNS.map((name) => element('th', { scope: 'col' }, name)))), body);
  const stale = element('p', { className: 'quiet' }, text.STALE);
  const results = element('div', {}, status, bar, element('p', { className: 'row' }, stop, drop), verdict, charted,
    element('div', { className: 'wide', tabIndex: 0, role: 'region', 'aria-label': text.TABLE }, table), stale);
  root.append(element('p', {}, text.LOOK), element('p', {}, text.RUNS), recorded, form, problem, results);
  const charts = /** @type {const} */ ([['heldOutAccuracy', text.ACCURACY, 'precision'], ['collapsed', text.COLLAPSED, 'precision-collapsed']])
    .map(([key, title, name]) => {
      charted.append(element('h4', {}, title));
      const csv = () => drawn && columns(drawn, key);
      return { key, chart: createChart(charted, { label: text.chart(title), name, ofRun: false, csv }) };
    });

  /** @type {Precision | null} */
  let drawn = null;
  let typed = false;
  const changed = changes();
  steps.input.addEventListener('input', () => {
    typed = true;
  });

  async function begin() {
    steps.tell('');
    write(problem, '');
    try {
      await comparer.start(readSteps(steps.input.value), decays.checked);
    } catch (error) {
      const { code } = /** @type {import('../run/refused.js').Refused} */ (error);
      if (code !== 'argument') {
        write(problem, failed(error));
        return;
      }
      steps.tell(failed(error));
      steps.input.focus();
    }
  }

  /** @param {State} state */
  function render({ run, page, precision, logSteps }) {
    recorded.hidden = run.recording === null;
    form.hidden = run.recording !== null;
    const refusal = lossRefusal(run.settings, page.backend);
    const running = precision?.status === 'running';
    write(refused, refusal ? `${refusal}.` : '');
    refused.hidden = refusal === null;
    start.disabled = running || refusal !== null || !run.started;
    stop.hidden = !running;
    drop.hidden = running;
    if (!typed) steps.input.value = run.settings.budget;
    steps.field.hidden = page.hide.includes('budget');
    decay.hidden = !hasDecay(run) || page.hide.includes('weightDecay');
    noDecay.hidden = hasDecay(run);
    write(decayWords, text.decay(run.settings));
    results.hidden = !precision;
    stale.hidden = !precision || !isStale(precision, run);
    if (precision && changed(precision, logSteps)) draw(precision, logSteps);
  }

  /** @param {Precision} precision @param {boolean} logSteps */
  function draw(precision, logSteps) {
    drawn = precision;
    write(status, text.status(precision));
    bar.hidden = precision.status !== 'running';
    bar.max = precision.jobs.length * precision.steps;
    bar.value = taken(precision);
    write(verdict, text.verdict(precision));
    const colors = strokes(precision.jobs.length);
    const items = precision.jobs.map((job, at) => ({ job, at, name: text.RUN_NAMES[at], color: colors[at] }));
    for (const { key, chart } of charts) {
      chart.draw({
        x: stepScale(logSteps),
        y: 'Shares',
        from: 0,
        to: precision.steps,
        lines: items.map(({ job: { curves }, at, name, color }) =>
          ({ label: name, x: curves?.step ?? [], y: curves?.[key] ?? [], color, width: WIDTHS[at] })),
      });
    }
    body.replaceChildren(...items.map(({ job, name, color }) => {
      const mark = element('i', {});
      mark.style.background = `var(${color})`;
      const result = resultOf(job);
      const sofar = element('small', {}, text.sofar(result, precision));
      return element('tr', {}, element('th', { scope: 'row' }, mark, name, ' ', sofar), ...told(job, result));
    }));
  }

  return {
    render: (/** @type {State} */ state) => keepFocus(root, () => render(state), [stop, start, drop, live]),
    destroy() {
      for (const { chart } of charts) chart.destroy();
      root.replaceChildren();
    },
  };
}

/**
 * What the table says of a run, beside its name.
 * @param {import('../lab/pool.js').Job} job @param {import('../run/precision.js').Result | null} result
 */
function told(job, result) {
  const whole = (/** @type {string} */ words) => [element('td', { colSpan: text.COLUMNS.length - 1 }, words)];
  if (job.status === 'failed') return whole(text.stopped(job.error));
  if (!result) return whole(text.WAITS);
  const [train, heldOut, collapsed] = text.cells(result);
  return [element('td', {}, train), element('td', {}, heldOut), element('td', {}, collapsed, ' ', element('small', {}, text.since(result)))];
}
