// Data-efficiency curves: steps to 99 % over the train fraction (the paper's figures 1 and 2).

import { changes } from '../draw/changes.js';
import { createChart } from '../draw/charts.js';
import { element, keyed, write } from '../draw/dom.js';
import { median } from '../run/median.js';
import { SETTINGS } from '../run/settings.js';
import { strokes } from '../draw/strokes.js';

/** Settings that make no sense as a factor. */
const NO_FACTOR = ['trainFraction', 'seed', 'heldOut', 'table', 'formula'];

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'sweep' | 'settings'>} actions */
export function create(root, actions) {
  const { sweep: sweeper } = actions;
  const text = (/** @type {string} */ label, /** @type {string} */ value) => {
    const input = element('input', { type: 'text', value, autocomplete: 'off' });
    return { input, field: element('label', {}, `${label} `, input) };
  };
  const fractions = text('Train fractions', '0.3, 0.4, 0.5, 0.6, 0.7, 0.8');
  const seeds = text('Seeds', '0, 1, 2');
  const factor = element(
    'select',
    { id: 'sweep-factor', onchange: () => chosen() },
    element('option', { value: '' }, 'nothing else'),
    ...SETTINGS.filter(({ id }) => !NO_FACTOR.includes(id)).map(({ id, label }) =>
      element('option', { value: id }, label),
    ),
  );
  const values = text('with values', '0.5, 1, 2');
  const chosen = () => {
    values.field.hidden = factor.value === '';
  };
  chosen();
  const problem = element('p', { className: 'error', role: 'alert' });
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    element('button', { type: 'button', onclick }, label);
  const start = button('Start', () => {
    write(problem, '');
    try {
      sweeper.start({
        fractions: list(fractions.input.value),
        seeds: list(seeds.input.value),
        factor: factor.value,
        values: list(values.input.value),
      }, measure.checked);
    } catch (error) {
      write(problem, /** @type {Error} */ (error).message);
    }
  });
  const pause = button('Pause', () => (paused ? sweeper.resume() : sweeper.pause()));
  const stop = button('Stop', () => sweeper.stop());
  const show = button('Show a recorded one', async () => {
    try {
      await sweeper.show('data-efficiency.json', 'x + y mod 41, made by grok sweep --config sweeps/data-efficiency.toml');
      write(problem, '');
    } catch (error) {
      write(problem, `${/** @type {Error} */ (error).message}.`);
    }
  });
  const measure = element('input', { type: 'checkbox' });
  const source = element('p', { className: 'quiet' });
  let paused = false;
  const bar = element('progress', { 'aria-label': 'Runs of the sweep that are done' });
  const status = element('p', { role: 'status' });
  const charted = element('div', {});
  const head = element('tr', {});
  const body = element('tbody', {});
  const grid = element('div', { className: 'runs' }, element('table', {}, element('thead', {}, head), body));
  root.append(
    element('p', {}, 'Look for how steeply the thick lines rise to the left: the less is shown, the ' +
      'longer understanding takes, while learning by heart (thin) takes about as long.'),
    element('p', { className: 'row' }, fractions.field, seeds.field,
      element('label', {}, 'and ', factor), values.field),
    element('p', { className: 'row' }, start, pause, stop, show,
      element('label', {}, measure, ' measure the sharpness of the finished networks'), bar),
    problem, source, status, charted, grid,
    element('p', { className: 'quiet' }, `Every combination is a run of the settings of the run that is shown, ${sweeper.lanes} at ` +
      'a time on this machine, each a worker. Median and range over the seeds; a run that does not get ' +
      'to 99 % has no point. Finished runs are kept when the tab closes.'),
  );
  sweeper.restore();
  const chart = createChart(charted, { label: 'Steps to 99 % over the train fraction' });
  const changed = changes();

  return {
    /** @param {import('../run/state.js').State} state */
    render({ sweep }) {
      const going = sweep?.status === 'running' || sweep?.status === 'paused';
      const left = sweep ? sweep.jobs.filter((job) => job.status === 'waiting').length : 0;
      paused = sweep !== null && sweep.status !== 'running' && left + (going ? 1 : 0) > 0;
      write(pause, paused ? 'Go on' : 'Pause');
      pause.disabled = !sweep || (!going && left === 0);
      stop.disabled = !going;
      show.disabled = going;
      bar.hidden = charted.hidden = sweep === null;
      write(source, sweep?.source ? `Recorded, not trained here: ${sweep.source}` : '');
      if (!sweep) return;
      const done = sweep.jobs.filter((job) => job.status === 'done' || job.status === 'failed');
      bar.max = sweep.jobs.length;
      bar.value = done.length;
      write(status, progress(sweep, done.length));
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

/** @param {import('../lab/sweep.js').Sweep} sweep @param {number} done */
function progress({ jobs, status, millis }, done) {
  const failed = jobs.filter((job) => job.status === 'failed').length;
  const parts = [`${done} of ${jobs.length} runs`];
  if (failed) parts.push(`${failed} diverged or failed`);
  if (status === 'running' && done > 0) {
    const seconds = ((millis / done) * (jobs.length - done)) / 1000;
    parts.push(`about ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`);
  }
  if (status === 'paused') parts.push('paused');
  if (status === 'stopped' && done < jobs.length) parts.push('stopped: Go on trains the rest');
  return `${parts.join(', ')}.`;
}

/**
 * @typedef {{ label: string, cells: { fraction: number, jobs: import('../lab/pool.js').Job[] }[] }} Row
 * @param {import('../lab/sweep.js').Sweep} sweep @returns {Row[]}
 */
function groups({ axes, jobs }) {
  const { factor, values, fractions } = axes;
  return (factor ? values : ['']).map((value) => ({
    label: factor ? `${factor} ${value}` : 'steps to 99 %',
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
      const line = { label: `${label}, ${what}`, x: seen.map((c) => c.fraction), y: seen.map((c) => c.middle), color, width, dot: 3 };
      const ranges = seen.map(({ fraction, steps }) => ({
        label: '', x: [fraction, fraction], y: [Math.min(...steps), Math.max(...steps)], color, width: 1,
      }));
      return [line, ...ranges];
    };
    return [...of('memorisedAt', 'of shown cells', 1), ...of('generalisedAt', 'of the others', 2.5)];
  });
}

/**
 * Every run as a button that opens it.
 * @param {HTMLElement} head @param {HTMLElement} body @param {Row[]} rows
 * @param {(settings: Record<string, string>) => void} onRun
 */
function renderRuns(head, body, rows, onRun) {
  const shares = (rows[0]?.cells ?? []).map(({ fraction }) => `${+(100 * fraction).toFixed(1)} %`);
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
        title: `seed ${settings.seed}: open this run`,
        onclick: () => onRun(settings),
      }), (button, job) => {
        button.className = job.status;
        write(button, short(job));
      });
    });
  });
}

/** @param {import('../lab/pool.js').Job} job */
function short({ status, step, generalisedAt, best }) {
  if (status === 'waiting') return '·';
  if (generalisedAt !== null) return String(generalisedAt);
  if (status === 'running') return `${step} …`;
  return status === 'failed' ? 'failed' : `${(100 * best).toFixed(0)} %`;
}
