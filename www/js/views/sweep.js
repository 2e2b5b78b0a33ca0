// Data-efficiency curves: steps to 99 % over the train fraction (the paper's figures 1 and 2).

import { changes } from '../draw/changes.js';
import { createChart } from '../draw/charts.js';
import { element, keyed, write } from '../draw/dom.js';
import { median } from '../run/median.js';
import { SETTINGS } from '../run/settings.js';
import { strokes } from '../draw/strokes.js';
import { failed, recordedBy } from '../text/laboratory.js';
import * as words from '../text/sweep.js';

/** Settings that make no sense as a factor. */
const NO_FACTOR = ['trainFraction', 'seed', 'heldOut', 'table', 'formula'];

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'sweep' | 'settings'>} actions */
export function create(root, actions) {
  const { sweep: sweeper } = actions;
  const text = (/** @type {string} */ label, /** @type {string} */ value) => {
    const input = element('input', { type: 'text', value, autocomplete: 'off' });
    return { input, field: element('label', {}, `${label} `, input) };
  };
  const fractions = text(words.FRACTIONS, '0.3, 0.4, 0.5, 0.6, 0.7, 0.8');
  const seeds = text(words.SEEDS, '0, 1, 2');
  const factor = element(
    'select',
    { name: 'factor', onchange: () => chosen() },
    element('option', { value: '' }, words.NOTHING_ELSE),
    ...SETTINGS.filter(({ id }) => !NO_FACTOR.includes(id)).map(({ id, label }) =>
      element('option', { value: id }, label),
    ),
  );
  const values = text(words.WITH_VALUES, '0.5, 1, 2');
  const chosen = () => {
    values.field.hidden = factor.value === '';
  };
  chosen();
  const problem = element('p', { className: 'error', role: 'alert' });
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    element('button', { type: 'button', onclick }, label);
  const start = button(words.START, async () => {
    write(problem, '');
    try {
      await sweeper.start({
        fractions: list(fractions.input.value),
        seeds: list(seeds.input.value),
        factor: factor.value,
        values: list(values.input.value),
      }, measure.checked);
    } catch (error) {
      write(problem, /** @type {Error} */ (error).message);
    }
  });
  const pause = button(words.PAUSE, () => (paused ? sweeper.resume() : sweeper.pause()));
  const stop = button(words.STOP, () => sweeper.stop());
  const show = button(words.SHOW, async () => {
    try {
      await sweeper.show('data-efficiency.json', words.SOURCE);
      write(problem, '');
    } catch (error) {
      write(problem, failed(error));
    }
  });
  const measure = element('input', { type: 'checkbox' });
  const source = element('p', { className: 'quiet' });
  let paused = false;
  const bar = element('progress', { 'aria-label': words.DONE });
  const status = element('p', { role: 'status' });
  const charted = element('div', {});
  const axes = element('p', { className: 'quiet axes' }, words.AXES);
  const head = element('tr', {});
  const body = element('tbody', {});
  const how = element('p', { className: 'quiet' });
  const grid = element('div', { className: 'runs' }, element('table', {}, element('thead', {}, head), body));
  root.append(
    element('p', {}, words.LOOK),
    element('p', { className: 'row' }, fractions.field, seeds.field,
      element('label', {}, words.AND, factor), values.field),
    element('p', { className: 'row' }, start, pause, stop, show,
      element('label', {}, measure, words.MEASURE)),
    problem, source, status, bar, charted, axes, grid,
    how,
  );
  // What was not loaded is said when it is asked for.
  sweeper.lanes().then((lanes) => write(how, words.how(lanes)), () => {});
  sweeper.restore().catch(() => {});
  const chart = createChart(charted, { label: words.CHART, name: 'sweep', ofRun: false });
  const changed = changes();

  return {
    /** @param {import('../run/state.js').State} state */
    render({ sweep }) {
      const going = sweep?.status === 'running' || sweep?.status === 'paused';
      const left = sweep ? sweep.jobs.filter((job) => job.status === 'waiting').length : 0;
      paused = sweep !== null && sweep.status !== 'running' && left + (going ? 1 : 0) > 0;
      write(pause, paused ? words.GO_ON : words.PAUSE);
      pause.disabled = !sweep || (!going && left === 0);
      stop.disabled = !going;
      show.disabled = going;
      charted.hidden = axes.hidden = sweep === null;
      bar.hidden = sweep === null || sweep.status === 'done';
      write(source, sweep?.source ? recordedBy(sweep.source) : '');
      if (!sweep) return;
      const done = sweep.jobs.filter((job) => job.status === 'done' || job.status === 'failed');
      bar.max = sweep.jobs.length;
      bar.value = done.length;
      write(status, words.progress(sweep, done.length));
      if (!changed(sweep.jobs)) return;
      const rows = groups(sweep);
      renderRuns(head, body, rows, (settings) => actions.settings(settings));
      chart.draw({ x: 'Shares', y: 'Milestones', lines: lines(rows) });
    },
    destroy() {
      chart.destroy();
      root.replaceChildren();
    },
  };
}

/** @param {string} text */
const list = (text) => text.split(',').map((part) => part.trim()).filter(Boolean);

/**
 * @typedef {{ label: string, cells: { fraction: number, jobs: import('../lab/pool.js').Job[] }[] }} Row
 * @param {import('../lab/sweep.js').Sweep} sweep @returns {Row[]}
 */
function groups({ axes, jobs }) {
  const { factor, values, fractions } = axes;
  return (factor ? values : ['']).map((value) => ({
    label: factor ? `${factor} ${value}` : words.STEPS,
    cells: fractions.map((fraction) => ({
      fraction: Number(fraction),
      jobs: jobs.filter(({ settings }) =>
        settings.trainFraction === fraction && (!factor || settings[factor] === value)),
    })).sort((a, b) => a.fraction - b.fraction),
  }));
}

/** Medians as lines, ranges as upright strokes. @param {Row[]} rows @returns {import('../draw/charts.js').Line[]} */
function lines(rows) {
  const names = strokes(rows.length);
  return rows.flatMap(({ label, cells }, at) => {
    const color = names[at];
    const of = (/** @type {'memorisedAt' | 'generalisedAt'} */ key, /** @type {string} */ what, /** @type {number} */ width) => {
      const seen = cells.flatMap(({ fraction, jobs }) => {
        const steps = jobs.flatMap((job) => job[key] ?? []);
        const middle = median(steps);
        return middle === null ? [] : [{ fraction, middle, steps }];
      });
      const line = { label: `${label}, ${what}`, x: seen.map((c) => c.fraction), y: seen.map((c) => c.middle), color, width, dot: width > 1 ? 3.5 : 2 };
      const ranges = seen.map(({ fraction, steps }) => ({
        label: '', x: [fraction, fraction], y: [Math.min(...steps), Math.max(...steps)], color, width: 1,
      }));
      return [line, ...ranges];
    };
    return [...of('memorisedAt', words.OF_SHOWN, 1), ...of('generalisedAt', words.OF_OTHERS, 2.5)];
  });
}

/**
 * Every run as a button that opens it.
 * @param {HTMLElement} head @param {HTMLElement} body @param {Row[]} rows
 * @param {(settings: Record<string, string>) => void} onRun
 */
function renderRuns(head, body, rows, onRun) {
  const shares = (rows[0]?.cells ?? []).map(({ fraction }) => words.share(fraction));
  // A share that was typed twice is two columns. What stands above the rows' names heads nothing.
  keyed(head, ['', ...shares].map((share, at) => ({ share, at })), ({ at }) => at,
    ({ at }) => (at === 0 ? element('td', {}) : element('th', { scope: 'col' })),
    (column, { share }) => write(column, share));
  keyed(body, rows, ({ label }) => label, ({ label }) => element('tr', {}, element('th', { scope: 'row' }, label)), (row, { cells }) => {
    while (row.children.length > cells.length + 1) row.lastElementChild?.remove();
    while (row.children.length < cells.length + 1) row.append(element('td', {}));
    cells.forEach(({ jobs }, at) => {
      const cell = /** @type {HTMLElement} */ (row.children[at + 1]);
      keyed(cell, jobs, ({ settings }) => settings, ({ settings }) => element('button', {
        type: 'button',
        title: words.opens(settings.seed),
        onclick: () => onRun(settings),
      }), (button, job) => {
        button.className = job.status;
        write(button, words.outcome(job));
      });
    });
  });
}
