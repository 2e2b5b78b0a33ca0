// Runs over one another: kept ones, and races that start with one click.

import { changes } from '../draw/changes.js';
import { createChart, stepScale } from '../draw/charts.js';
import { element, keyed, write } from '../draw/dom.js';
import { STROKES_MAX, strokes } from '../draw/strokes.js';
import { areTwoKinds } from '../run/mirror.js';
import { RACES, labels } from '../run/races.js';
import * as text from '../text/compare.js';

/** @typedef {import('../lab/pool.js').Job} Job */

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'keep' | 'drop' | 'race' | 'stopRace' | 'settings'>} actions
 */
export function create(root, actions) {
  const button = (/** @type {string} */ name, /** @type {() => void} */ onclick) =>
    element('button', { type: 'button', onclick }, name);
  const keep = button(text.KEEP, () => actions.keep());
  const races = RACES.map(({ id, title }) => button(title, () => actions.race(id)));
  const stop = button(text.STOP, () => actions.stopRace());
  const list = element('ul', { className: 'list' });
  const charted = element('div', {});
  const thin = element('p', { className: 'quiet' }, text.THIN);
  root.append(
    element('p', {}, text.LOOK),
    element('p', { className: 'row' }, keep, ...races, stop),
    list, charted, thin,
    element('p', { className: 'quiet' }, text.about(STROKES_MAX)),
  );
  const charts = /** @type {const} */ ([['heldOutAccuracy', text.ACCURACY, 'Shares'], ['heldOutLoss', text.LOSS, 'Losses']])
    .map(([key, title, y]) => {
      charted.append(element('h4', {}, title));
      return { key, y, chart: createChart(charted, { label: text.chart(title), name: 'compare', ofRun: false, legend: false }) };
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
      button(text.OPEN, () => actions.settings(current.get(node)?.run.settings ?? {})),
      button(text.REMOVE, () => actions.drop(current.get(node)?.at ?? 0)));
    return node;
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render({ kept, racing, run: { curves }, logSteps }) {
      keep.disabled = kept.length >= STROKES_MAX || curves.step.length < 2;
      for (const race of races) race.disabled = racing;
      stop.hidden = !racing;
      charted.hidden = kept.length === 0;
      thin.hidden = !kept.some(({ curves: of }) => areTwoKinds(of));
      if (!changed(kept, logSteps)) return;
      const colors = strokes(kept.length);
      const names = labels(kept.map(({ settings }) => settings));
      const keys = keysOf(kept);
      const items = kept.map((run, at) => ({ run, at, key: keys[at], name: names[at], color: colors[at] }));
      keyed(list, items, ({ key }) => key, line, (node, { run, at, name, color }) => {
        current.set(node, { run, at });
        const [mark, words, open, remove] = /** @type {HTMLElement[]} */ (/** @type {unknown} */ (node.children));
        mark.style.background = `var(${color})`;
        write(words, ` ${name} (${text.outcome(run)}) `);
        open.setAttribute('aria-label', `${text.OPEN} ${name}`);
        remove.setAttribute('aria-label', `${text.REMOVE} ${name}`);
      });
      for (const { key, y, chart } of charts) {
        chart.draw({
          x: stepScale(logSteps),
          y,
          lines: items.flatMap(({ run, name, color }) => [
            { label: name, x: run.curves?.step ?? [], y: run.curves?.[key] ?? [], color, width: 2.5 },
            ...(key === 'heldOutAccuracy' && areTwoKinds(run.curves)
              ? [{ label: text.unmirrored(name), x: run.curves?.step ?? [], y: run.curves?.unmirroredAccuracy ?? [], color, width: 1 }]
              : []),
          ]),
        });
      }
    },
    destroy() {
      for (const { chart } of charts) chart.destroy();
      root.replaceChildren();
    },
  };
}
