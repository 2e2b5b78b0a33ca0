// How sharp the minimum is that the network sits in (the paper's appendix A.5).

import { changes } from '../draw/changes.js';
import { createChart, rankCorrelation, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { unseen } from '../text/laboratory.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'sweep'>} actions */
export function create(root, actions) {
  const value = element('p', { 'aria-live': 'polite' });
  const course = element('div', {});
  const problem = element('p', { className: 'error', role: 'alert' });
  const correlation = element('p', {});
  const scatter = element('div', {});
  root.append(
    element('p', {}, 'Look whether it is low after the network has generalised: the paper found flatter ' +
      'minima where more was understood (Spearman −0.80 over 20 seeds), on a single dataset.'),
    value,
    course,
    element('p', { className: 'quiet' }, 'φ of Keskar et al. 2017: by how many percent the training loss can ' +
      'rise in a box of 0.1 % around the weights, along ten random directions, found by gradient ascent. ' +
      'Written from the formula, since the sign in the released script is wrong.'),
    element('h3', {}, 'Over the runs of a sweep'),
    element('p', {}, 'Each point is a finished network: how sharp it is, and how many held-out cells it gets right. ' +
      'Look whether the flatter ones, to the left, are higher up.'),
    element('p', { className: 'row' }, element('button', { type: 'button', onclick: async () => {
      try {
        await actions.sweep.show('sharpness.json', 'x + y mod 41, 20 seeds after 1000 steps, made by ' +
          'grok sweep --config sweeps/sharpness.toml --sharpness');
        write(problem, '');
      } catch (error) {
        write(problem, `${/** @type {Error} */ (error).message}.`);
      }
    } }, 'Show 20 recorded seeds')),
    problem, correlation, scatter,
  );
  const courseChart = createChart(course, { label: 'Sharpness over the steps' });
  const scatterChart = createChart(scatter, { label: 'Held-out accuracy over sharpness, a point a run', className: 'square' });
  const moved = changes();
  const scattered = changes();

  /** @param {import('../lab/sweep.js').Sweep | null} sweep */
  function drawScatter(sweep) {
    const measured = (sweep?.jobs ?? []).filter((job) => typeof job.sharpness === 'number');
    scatter.hidden = measured.length < 3;
    if (!scattered(sweep?.jobs)) return;
    if (measured.length < 3) {
      write(correlation, 'There is no sweep with three such runs yet: start one in the figure on how much data it needs, with its sharpness ' +
        'measured, and a budget at which some runs have generalised and some have not.');
      return;
    }
    const x = measured.map((job) => job.sharpness ?? 0);
    const y = measured.map((job) => job.last);
    const rank = rankCorrelation(x, y);
    const found = rank === null
      ? `${measured.length} runs, all alike: there is no correlation to speak of.`
      : `Over ${measured.length} runs Spearman's ρ is ${rank.rho.toFixed(3)}, two-sided p ` +
        `${rank.p.toPrecision(2)}. The paper: −0.795 over 20 seeds, p below ` +
        '0.000014, which is one-sided.';
    write(correlation, sweep?.source ? `${found} Recorded, not trained here: ${sweep.source}.` : found);
    scatterChart.draw({ x: 'Numbers', y: 'Shares', lines: [{ label: 'a run', x, y, color: '--held-out', width: 0, dot: 4 }] });
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      const { run: { frames, scrub }, logSteps } = state;
      drawScatter(state.sweep);
      const { inspected } = shown(state.run);
      const sharpness = inspected?.sharpness ?? null;
      write(value, sharpness === null
        ? unseen(state.run)
        : `At step ${inspected?.step}: φ = ${sharpness < 1e-3 ? sharpness.toExponential(1) : sharpness.toPrecision(2)}.`);
      if (!moved(frames, logSteps, scrub)) return;
      const seen = frames.flatMap(({ inspected: at }) => (at && at.sharpness !== null ? [at] : []));
      courseChart.draw({
        x: stepScale(logSteps),
        y: 'Numbers',
        marks: scrub ? [{ at: scrub, text: 'shown now' }] : [],
        lines: [{ label: 'sharpness φ', x: seen.map(({ step }) => step), y: seen.map((at) => at.sharpness ?? 0), color: '--held-out', width: 2.5 }],
      });
    },
    destroy() {
      courseChart.destroy();
      scatterChart.destroy();
      root.replaceChildren();
    },
  };
}
