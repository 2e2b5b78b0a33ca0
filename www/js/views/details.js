// What trains, how fast and how far, and the loss: for who asks.

import { createChart, stepScale } from '../draw/charts.js';
import { changes } from '../draw/changes.js';
import { element } from '../draw/dom.js';
import { facts } from '../text/controls.js';

/** @param {HTMLElement} root */
export function create(root) {
  const list = element('dl', {});
  const how = element('p', { className: 'quiet' }, 'Loss says how surprised the network is by the right answers, in nats: ' +
    '0 is certain and right, and guessing among 43 answers is 3.8.');
  const box = element('details', {}, element('summary', {}, 'Details'), list, how);
  root.append(box);
  const loss = createChart(box, { label: 'Loss over the steps' });
  const said = changes();

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      if (!box.open) return;
      const rows = facts(state);
      if (said(...rows.flat())) {
        list.replaceChildren(...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
      }
      const { curves, scrub } = state.run;
      loss.draw({
        x: stepScale(state.logSteps),
        y: 'Losses',
        lines: [
          { label: 'cells it is shown', x: curves.step, y: curves.trainLoss, color: '--train', width: 2 },
          { label: 'cells it never sees', x: curves.step, y: curves.heldOutLoss, color: '--held-out', width: 3 },
        ],
        marks: scrub === null ? [] : [{ at: scrub, text: 'shown now' }],
      });
    },
    destroy() {
      loss.destroy();
      box.remove();
    },
  };
}
