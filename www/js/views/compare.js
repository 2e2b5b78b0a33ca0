// Runs over one another: kept ones, and races that start with one click.

import { changes } from '../draw/changes.js';
import { createChart, stepScale } from '../draw/charts.js';
import { element, keyed, write } from '../draw/dom.js';
import { STROKES_MAX, strokes } from '../draw/strokes.js';
import { RACES, labels } from '../run/races.js';

/** @typedef {import('../lab/pool.js').Job} Job */

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'keep' | 'drop' | 'race' | 'stopRace' | 'settings'>} actions
 */
export function create(root, actions) {
  const button = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
    element('button', { type: 'button', onclick }, text);
  const keep = button('Keep this run', () => actions.keep());
  const races = RACES.map(({ id, title }) => button(title, () => actions.race(id)));
  const stop = button('Stop the race', () => actions.stopRace());
  const list = element('ul', { className: 'list' });
  const charted = element('div', {});
  root.append(
    element('p', {}, 'Look at the loss: while a network learns by heart, its loss on what it has not seen rises far ' +
      'above that of guessing, and it falls a second time when it gets the rule.'),
    element('p', { className: 'row' }, keep, ...races, stop),
    list, charted,
    element('p', { className: 'quiet' }, `Up to ${STROKES_MAX} runs; a label says what differs between them. A race ` +
      'trains its runs in workers of their own, on the settings of the run that is shown.'),
  );
  const charts = /** @type {const} */ ([['heldOutAccuracy', 'Held-out accuracy', 'Shares'], ['heldOutLoss', 'Held-out loss', 'Losses']])
    .map(([key, title, y]) => {
      charted.append(element('h3', {}, title));
      return { key, y, chart: createChart(charted, { label: `${title} of the kept runs over the steps`, legend: false }) };
    });
  const changed = changes();

  /** @type {WeakMap<Job['settings'], number>} */
  const numbers = new WeakMap();
  let numbered = 0;
  /** A key for each run, which stays while the run does. @param {Job[]} runs */
  function keysOf(runs) {
    /** @type {Map<number, number>} */
    const alike = new Map();
    return runs.map(({ settings }) => {
      const number = numbers.get(settings) ?? (numbered += 1);
      numbers.set(settings, number);
      // One run can be kept at several of its steps.
      alike.set(number, 1 + (alike.get(number) ?? 0));
      return `${number}.${alike.get(number)}`;
    });
  }

  /** What a line shows now. @type {WeakMap<HTMLElement, { run: Job, at: number }>} */
  const current = new WeakMap();
  function line() {
    /** @type {HTMLElement} */
    const node = element('li', {}, element('i', {}), element('span', {}),
      button('Open', () => actions.settings(current.get(node)?.run.settings ?? {})),
      button('Remove', () => actions.drop(current.get(node)?.at ?? 0)));
    return node;
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render({ kept, racing, run: { curves }, logSteps }) {
      keep.disabled = kept.length >= STROKES_MAX || curves.step.length < 2;
      for (const race of races) race.disabled = racing;
      stop.hidden = !racing;
      charted.hidden = kept.length === 0;
      if (!changed(kept, logSteps)) return;
      const names = strokes(kept.length);
      const texts = labels(kept.map(({ settings }) => settings));
      const keys = keysOf(kept);
      const items = kept.map((run, at) => ({ run, at, key: keys[at], text: texts[at], color: names[at] }));
      keyed(list, items, ({ key }) => key, line, (node, { run, at, text, color }) => {
        current.set(node, { run, at });
        const [mark, words, , remove] = /** @type {HTMLElement[]} */ (/** @type {unknown} */ (node.children));
        mark.style.background = `var(${color})`;
        write(words, ` ${text} (${outcome(run)}) `);
        remove.setAttribute('aria-label', `Remove ${text}`);
      });
      for (const { key, y, chart } of charts) {
        chart.draw({
          x: stepScale(logSteps),
          y,
          lines: items.map(({ run, text, color }) => ({ label: text, x: run.curves?.step ?? [], y: run.curves?.[key] ?? [], color, width: 2 })),
        });
      }
    },
    destroy() {
      for (const { chart } of charts) chart.destroy();
      root.replaceChildren();
    },
  };
}

/** @param {Job} run */
function outcome({ generalisedAt, best, status, step, error }) {
  const end = generalisedAt === null ? `best ${(100 * best).toFixed(0)} %` : `99 % at step ${generalisedAt}`;
  return end + (status === 'running' ? `, at step ${step}` : error ? `: ${error}` : '');
}
