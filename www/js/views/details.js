// What trains, how fast and how far, and the loss: for who asks.

import { createChart, stepScale } from '../draw/charts.js';
import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { ask } from '../draw/pictures.js';
import { aboutLoss, facts } from '../text/controls.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'axis'>} actions */
export function create(root, actions) {
  const list = element('dl', {});
  const how = element('p', { className: 'quiet' });
  const axis = element('button', { type: 'button', className: 'quiet', 'data-control': 'axis', onclick: () => actions.axis() });
  const save = element('button', { type: 'button', className: 'quiet', 'data-control': 'save', onclick: () => ask(root) }, 'Save or open a file');
  const figure = element('div', {});
  const panel = element('div', { hidden: true }, element('div', {}, list, axis, save), figure);
  const button = element('button', {
    type: 'button',
    className: 'quiet',
    'data-control': 'details',
    'aria-expanded': 'false',
    onclick: () => {
      panel.hidden = !panel.hidden;
      button.setAttribute('aria-expanded', String(!panel.hidden));
      if (state) render(state);
      if (!panel.hidden) panel.scrollIntoView({ block: 'nearest' });
    },
  }, 'Details');
  root.append(button, panel);
  const loss = createChart(figure, { label: 'Loss over the steps', name: 'loss', rows: 1 });
  figure.append(how);
  const said = changes();
  /** @type {import('../run/state.js').State | null} */
  let state = null;

  /** @param {import('../run/state.js').State} next */
  function render(next) {
    state = next;
    const { run, logSteps, page } = next;
    write(axis, logSteps ? 'Show steps evenly' : 'Show early steps wider');
    axis.hidden = page.hide.includes('axis');
    save.hidden = page.hide.includes('save');
    if (panel.hidden) return;
    const rows = facts(next);
    if (said(...rows.flat())) {
      list.replaceChildren(...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
    }
    write(how, aboutLoss(run.started));
    const { curves, scrub } = run;
    loss.draw({
      x: stepScale(logSteps),
      y: 'Losses',
      lines: [
        { label: 'cells it was shown', x: curves.step, y: curves.trainLoss, color: '--train', width: 2 },
        { label: 'cells it never saw', x: curves.step, y: curves.heldOutLoss, color: '--held-out', width: 3 },
      ],
      marks: scrub === null ? [] : [{ at: scrub, text: 'shown now' }],
    });
  }

  return {
    render,
    destroy() {
      loss.destroy();
      root.replaceChildren();
    },
  };
}
