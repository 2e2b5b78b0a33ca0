// Runs over one another: kept ones, and races that start with one click.

import { colors, drawChart, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { RACES, labels } from '../lab/race.js';
import { STROKES_MAX, strokes } from '../draw/strokes.js';

/**
 * @param {HTMLElement} root A `details`.
 * @param {{ charts: () => import('../draw/charts.js').Charts | null, onKeep: () => void,
 *   onDrop: (at: number) => void, onRace: (id: string) => void, onStop: () => void,
 *   onRun: (settings: Record<string, string>) => void }} actions
 */
export function create(root, { charts, onKeep, onDrop, onRace, onStop, onRun }) {
  const keep = element('button', { type: 'button', onclick: onKeep }, 'Keep this run');
  const races = RACES.map(({ id, title }) =>
    element('button', { type: 'button', onclick: () => onRace(id) }, title),
  );
  const stop = element('button', { type: 'button', onclick: onStop }, 'Stop the race');
  const list = element('ul', { className: 'list' });
  const canvas = (/** @type {string} */ label) => element('canvas', { role: 'img', 'aria-label': label });
  const accuracy = canvas('Held-out accuracy of the kept runs over the steps');
  const loss = canvas('Held-out loss of the kept runs over the steps');
  const charted = element('div', {}, element('h3', {}, 'Held-out accuracy'), accuracy,
    element('h3', {}, 'Held-out loss (nats)'), loss);
  root.append(
    element('p', {}, 'Look at the loss: while a network learns by heart, its loss on what it has not ' +
      'seen rises far above that of guessing, and it falls a second time when it understands.'),
    element('p', { className: 'row' }, keep, ...races, stop),
    list, charted,
    element('p', { className: 'quiet' }, `Up to ${STROKES_MAX} runs; a label says what differs between ` +
      'them. A race trains its runs in workers of their own, on the settings above.'),
  );

  /** @type {unknown[]} */
  let drawn = [];
  return {
    /** @param {import('../run/state.js').State} state */
    render({ kept, racing, curves, logSteps, page }) {
      root.hidden = page.embed;
      if (!(/** @type {HTMLDetailsElement} */ (root).open)) return;
      keep.disabled = kept.length >= STROKES_MAX || curves.step.length < 2;
      for (const race of races) race.disabled = racing;
      stop.hidden = !racing;
      charted.hidden = kept.length === 0;
      const library = charts();
      const dark = matchMedia('(prefers-color-scheme: dark)').matches;
      const inputs = [library, kept, logSteps, accuracy.clientWidth, dark];
      if (inputs.every((input, at) => input === drawn[at])) return;
      drawn = inputs;
      const names = strokes(kept.length);
      const style = getComputedStyle(root);
      const texts = labels(kept.map(({ settings }) => settings));
      list.replaceChildren(...kept.map((run, at) => {
        const mark = element('i', {});
        mark.style.background = style.getPropertyValue(names[at]);
        const end = run.generalisedAt === null ? `best ${(100 * run.best).toFixed(0)} %` : `99 % at step ${run.generalisedAt}`;
        const state = run.status === 'running' ? `, at step ${run.step}` : run.error ? `: ${run.error}` : '';
        return element('li', {}, mark, ` ${texts[at]} (${end}${state}) `,
          element('button', { type: 'button', onclick: () => onRun(run.settings) }, 'Open'), ' ',
          element('button', { type: 'button', onclick: () => onDrop(at), 'aria-label': `Remove ${texts[at]}` }, 'Remove'));
      }));
      if (!library || accuracy.clientWidth === 0 || kept.length === 0) return;
      const palette = colors(root, names);
      const lines = (/** @type {'heldOutAccuracy' | 'heldOutLoss'} */ key) =>
        kept.map((run, at) => ({
          x: run.curves?.step ?? [],
          y: run.curves?.[key] ?? [],
          color: palette[at],
          width: 2,
        }));
      const x = stepScale(logSteps);
      drawChart(library, accuracy, { x, y: 'Shares' }, lines('heldOutAccuracy'));
      drawChart(library, loss, { x, y: 'Losses' }, lines('heldOutLoss'));
      write(stop, 'Stop the race');
    },
  };
}
