// Accuracy and loss over the steps, drawn by the page's wasm.

import { colors, drawChart, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';


/**
 * @param {HTMLElement} root
 * @param {{ charts: () => import('../draw/charts.js').Charts | null, onAxis: (logSteps: boolean) => void }} actions
 */
export function create(root, { charts, onAxis }) {
  const axis = element('button', { type: 'button', onclick: () => onAxis(!logSteps) });
  const canvas = (/** @type {string} */ label) =>
    element('canvas', { role: 'img', 'aria-label': label });
  const accuracy = canvas('Accuracy over training steps');
  const loss = canvas('Loss over training steps');
  root.append(
    element(
      'div',
      { className: 'head' },
      element(
        'p',
        { className: 'key' },
        element('span', {}, element('i', { className: 'train' }), 'trained on (thin)'),
        element('span', {}, element('i', { className: 'held-out' }), 'held out (thick)'),
      ),
      axis,
    ),
    element('h2', {}, 'Accuracy'),
    accuracy,
    element('h2', {}, 'Loss (nats)'),
    loss,
  );
  let logSteps = true;
  /** @type {unknown[]} */
  let drawn = [];

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      logSteps = state.logSteps;
      write(axis, logSteps ? 'Steps: logarithmic' : 'Steps: linear');
      const { curves, latest } = state;
      const library = charts();
      const scale = window.devicePixelRatio || 1;
      const dark = matchMedia('(prefers-color-scheme: dark)').matches;
      const inputs = [library, curves, logSteps, state.scrub, scale, dark, accuracy.clientWidth];
      if (!library || inputs.every((input, index) => input === drawn[index])) return;
      if (accuracy.clientWidth === 0) return;
      drawn = inputs;

      const [train, heldOut] = colors(root, ['--train', '--held-out']);
      const marks = [latest?.memorisedAt, latest?.generalisedAt, state.scrub];
      const steps = { x: stepScale(logSteps), marks: marks.flatMap((step) => step || []) };
      const x = curves.step;
      drawChart(library, accuracy, { ...steps, y: 'Shares' }, [
        { x, y: curves.trainAccuracy, color: train, width: 1.5 },
        { x, y: curves.heldOutAccuracy, color: heldOut, width: 2.5 },
      ]);
      drawChart(library, loss, { ...steps, y: 'Losses' }, [
        { x, y: curves.trainLoss, color: train, width: 1.5 },
        { x, y: curves.heldOutLoss, color: heldOut, width: 2.5 },
      ]);
    },
  };
}
