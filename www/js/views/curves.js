// Accuracy and loss over the steps, drawn by the page's wasm.

import { element, write } from '../dom.js';

/** @typedef {{ Chart: new (canvas: HTMLCanvasElement, scale: number, ink: number, grid: number,
 *   train: number, heldOut: number) => any }} Charts */

/**
 * @param {HTMLElement} root
 * @param {{ charts: () => Charts | null, onAxis: (logSteps: boolean) => void }} actions
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
    /** @param {import('../state.js').State} state */
    render(state) {
      logSteps = state.logSteps;
      write(axis, logSteps ? 'Steps: logarithmic' : 'Steps: linear');
      const { curves, latest } = state;
      const library = charts();
      const scale = window.devicePixelRatio || 1;
      const dark = matchMedia('(prefers-color-scheme: dark)').matches;
      const inputs = [library, curves, logSteps, scale, dark, accuracy.clientWidth];
      if (!library || inputs.every((input, index) => input === drawn[index])) return;
      if (accuracy.clientWidth === 0) return;
      drawn = inputs;

      const steps = Float64Array.from(curves.step);
      const marks = [latest?.memorisedAt, latest?.generalisedAt].filter((step) => step);
      const draw = (
        /** @type {HTMLCanvasElement} */ target,
        /** @type {'drawAccuracy' | 'drawLoss'} */ method,
        /** @type {number[]} */ train,
        /** @type {number[]} */ heldOut,
      ) => {
        target.width = Math.round(target.clientWidth * scale);
        target.height = Math.round(target.clientHeight * scale);
        const { ink, grid, train: trainColor, heldOut: heldOutColor } = colors(root);
        const chart = new library.Chart(target, scale, ink, grid, trainColor, heldOutColor);
        chart.axis(logSteps, Float64Array.from(/** @type {number[]} */ (marks)));
        chart[method](steps, Float64Array.from(train), Float64Array.from(heldOut));
        chart.free();
      };
      draw(accuracy, 'drawAccuracy', curves.trainAccuracy, curves.heldOutAccuracy);
      draw(loss, 'drawLoss', curves.trainLoss, curves.heldOutLoss);
    },
  };
}

/** The style sheet's colours as 0xRRGGBB. @param {HTMLElement} root */
function colors(root) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) =>
    parseInt(style.getPropertyValue(name).trim().slice(1), 16);
  return {
    ink: read('--quiet'),
    grid: read('--line'),
    train: read('--train'),
    heldOut: read('--held-out'),
  };
}
