// How sharp the minimum is that the network sits in (the paper's appendix A.5).

import { colors, drawChart, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';

/**
 * @param {HTMLElement} root A `details`.
 * @param {{ charts: () => import('../draw/charts.js').Charts | null, onOpen: (open: boolean) => void,
 *   sweeper: ReturnType<typeof import('../lab/sweep.js').createSweeper> }} actions
 */
export function create(root, { charts, onOpen, sweeper }) {
  const value = element('p', { 'aria-live': 'polite' });
  const canvas = element('canvas', { role: 'img', 'aria-label': 'Sharpness over the steps' });
  const problem = element('p', { className: 'error', role: 'alert' });
  const correlation = element('p', {});
  const scatter = element('canvas', {
    className: 'square',
    role: 'img',
    'aria-label': 'Held-out accuracy over sharpness, a point a run',
  });
  root.append(
    element('p', {}, 'Look whether it is low after the network has generalised: the paper found flatter ' +
      'minima where more was understood (Spearman −0.80 over 20 seeds), on a single dataset.'),
    value,
    canvas,
    element('p', { className: 'quiet' }, 'φ of Keskar et al. 2017: by how many percent the training loss can ' +
      'rise in a box of 0.1 % around the weights, along ten random directions, found by gradient ascent. ' +
      'Written from the formula, since the sign in the released script is wrong.'),
    element('h3', {}, 'Over the runs of a sweep'),
    element('p', {}, 'Each point is a finished network: how sharp it is, and how many held-out cells it gets right. ' +
      'Look whether the flatter ones, to the left, are higher up.'),
    element('p', { className: 'row' }, element('button', { type: 'button', onclick: async () => {
      try {
        await sweeper.show('sharpness.json', 'x + y mod 41, 20 seeds after 1000 steps, made by ' +
          'grok sweep --config sweeps/sharpness.toml --sharpness');
        write(problem, '');
      } catch (error) {
        write(problem, `${/** @type {Error} */ (error).message}.`);
      }
    } }, 'Show 20 recorded seeds')),
    problem, correlation, scatter,
  );
  root.addEventListener('toggle', () => onOpen(/** @type {HTMLDetailsElement} */ (root).open));
  /** @type {unknown[]} */
  let drawn = [];
  /** @type {unknown[]} */
  let scattered = [];
  const dark = () => matchMedia('(prefers-color-scheme: dark)').matches;

  /** @param {import('../lab/sweep.js').Sweep | null} sweep */
  function drawScatter(sweep) {
    const measured = (sweep?.jobs ?? []).filter((job) => typeof job.sharpness === 'number');
    scatter.hidden = measured.length < 3;
    const library = charts();
    const inputs = [library, sweep?.jobs, scatter.clientWidth, dark()];
    if (inputs.every((input, at) => input === scattered[at])) return;
    scattered = inputs;
    if (!library || measured.length < 3) {
      write(correlation, 'There is no sweep with three such runs yet: start one below, with its sharpness ' +
        'measured, and a budget at which some runs have generalised and some have not.');
      return;
    }
    const x = measured.map((job) => job.sharpness ?? 0);
    const y = measured.map((job) => job.last);
    const rho = library.spearman(Float64Array.from(x), Float64Array.from(y));
    const found = rho === undefined
      ? `${measured.length} runs, all alike: there is no correlation to speak of.`
      : `Over ${measured.length} runs Spearman's ρ is ${rho.toFixed(3)}, two-sided p ` +
        `${library.spearmanP(rho, measured.length).toPrecision(2)}. The paper: −0.795 over 20 seeds, p below ` +
        '0.000014, which is one-sided.';
    write(correlation, sweep?.source ? `${found} Recorded, not trained here: ${sweep.source}.` : found);
    if (scatter.clientWidth === 0) return;
    const [color] = colors(root, ['--held-out']);
    drawChart(library, scatter, { x: 'Numbers', y: 'Shares' }, [{ x, y, color, width: 0, dot: 4 }]);
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      const { frames, logSteps, scrub, page } = state;
      root.hidden = page.embed;
      if (!(/** @type {HTMLDetailsElement} */ (root).open)) return;
      drawScatter(state.sweep);
      const { inspected } = shown(state);
      const sharpness = inspected?.sharpness ?? null;
      write(value, sharpness === null
        ? 'Not computed at this step: it is while this figure is open.'
        : `At step ${inspected?.step}: φ = ${sharpness < 1e-3 ? sharpness.toExponential(1) : sharpness.toPrecision(2)}.`);
      const library = charts();
      const inputs = [library, frames, logSteps, scrub, canvas.clientWidth, dark()];
      if (!library || canvas.clientWidth === 0 || inputs.every((input, at) => input === drawn[at])) return;
      drawn = inputs;
      const seen = frames.flatMap(({ inspected: at }) => (at && at.sharpness !== null ? [at] : []));
      const [color] = colors(root, ['--held-out']);
      const axes = { x: stepScale(logSteps), y: /** @type {const} */ ('Numbers'), marks: scrub ? [scrub] : [] };
      drawChart(library, canvas, axes, [
        { x: seen.map(({ step }) => step), y: seen.map((at) => at.sharpness ?? 0), color, width: 2.5 },
      ]);
    },
  };
}
