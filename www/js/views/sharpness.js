// How sharp the minimum is that the network sits in (the paper's appendix A.5).

import { colors, drawChart } from '../charts.js';
import { element, write } from '../dom.js';
import { shown } from '../frames.js';

/**
 * @param {HTMLElement} root A `details`.
 * @param {{ charts: () => import('../charts.js').Charts | null, onOpen: (open: boolean) => void }} actions
 */
export function create(root, { charts, onOpen }) {
  const value = element('p', { 'aria-live': 'polite' });
  const canvas = element('canvas', { role: 'img', 'aria-label': 'Sharpness over the steps' });
  root.append(
    element('p', {}, 'Look whether it is low after the network has generalised: the paper found flatter ' +
      'minima where more was understood (Spearman −0.80 over 20 seeds), on a single dataset.'),
    value,
    canvas,
    element('p', { className: 'quiet' }, 'φ of Keskar et al. 2017: by how many percent the training loss can ' +
      'rise in a box of 0.1 % around the weights, along ten random directions, found by gradient ascent. ' +
      'Written from the formula, since the sign in the released script is wrong.'),
  );
  root.addEventListener('toggle', () => onOpen(/** @type {HTMLDetailsElement} */ (root).open));
  /** @type {unknown[]} */
  let drawn = [];

  return {
    /** @param {import('../state.js').State} state */
    render(state) {
      const { frames, logSteps, scrub, page } = state;
      root.hidden = page.embed;
      if (!(/** @type {HTMLDetailsElement} */ (root).open)) return;
      const { inspected } = shown(state);
      const sharpness = inspected?.sharpness ?? null;
      write(value, sharpness === null
        ? 'Not computed at this step: it is while this figure is open.'
        : `At step ${inspected?.step}: φ = ${sharpness.toPrecision(3)}.`);
      const library = charts();
      const dark = matchMedia('(prefers-color-scheme: dark)').matches;
      const inputs = [library, frames, logSteps, scrub, canvas.clientWidth, dark];
      if (!library || canvas.clientWidth === 0 || inputs.every((input, at) => input === drawn[at])) return;
      drawn = inputs;
      const seen = frames.flatMap(({ inspected: at }) => (at && at.sharpness !== null ? [at] : []));
      const [color] = colors(root, ['--held-out']);
      drawChart(library, canvas, 'drawLosses', { logSteps, marks: scrub ? [scrub] : [] }, [
        { steps: seen.map(({ step }) => step), values: seen.map((at) => at.sharpness ?? 0), color, width: 2.5 },
      ]);
    },
  };
}
