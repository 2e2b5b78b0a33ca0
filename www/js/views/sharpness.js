// How sharp the minimum is that the network sits in (the paper's appendix A.5).

import { changes } from '../draw/changes.js';
import { arrived, createChart, loadCharts, rankCorrelation, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { createHint } from '../draw/hint.js';
import { shown } from '../run/frames.js';
import { AGAIN, SHOWN_NOW, failed, growing, unseen } from '../text/laboratory.js';
import * as text from '../text/sharpness.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'sweep' | 'again'>} actions */
export function create(root, actions) {
  const value = element('p', { 'aria-live': 'polite' });
  const course = element('div', {});
  const problem = element('p', { className: 'error', role: 'alert' });
  const correlation = element('p', {});
  const scatter = element('div', {});
  const axes = element('p', { className: 'quiet axes' }, text.SCATTER_AXES);
  root.append(
    element('p', {}, text.LOOK),
    value,
    element('p', {}, text.SCALE),
    course,
    element('p', { className: 'quiet' }, text.HOW),
    element('h4', {}, text.SWEEP),
    element('p', {}, text.SWEEP_LOOK),
    element('p', { className: 'row' }, element('button', { type: 'button', onclick: async () => {
      try {
        await actions.sweep.show('sharpness.json', text.SOURCE);
        write(problem, '');
      } catch (error) {
        write(problem, failed(error));
      }
    } }, text.SHOW)),
    problem, correlation, scatter, axes,
  );
  const hint = createHint(course, AGAIN, () => actions.again());
  const courseChart = createChart(course, { label: text.COURSE, name: 'sharpness', rows: 1 });
  const scatterChart = createChart(scatter, { label: text.SCATTER, name: 'sharpness', ofRun: false, className: 'square' });
  const moved = changes();
  const scattered = changes();
  /** Whether correlations can be computed. */
  let ready = false;
  /** @type {import('../lab/sweep.js').Sweep | null} */
  let shownSweep = null;
  arrived.then(() => {
    ready = true;
    drawScatter(shownSweep);
  });

  /** @param {import('../lab/sweep.js').Sweep | null} sweep */
  function drawScatter(sweep) {
    shownSweep = sweep;
    const measured = (sweep?.jobs ?? []).filter((job) => typeof job.sharpness === 'number');
    scatter.hidden = axes.hidden = measured.length < 3;
    if (measured.length < 3) write(correlation, text.TOO_FEW);
    if (measured.length < 3 || !scattered(sweep?.jobs, ready)) return;
    if (!ready) {
      // The chart says what is missing; another sweep is reason enough to ask for it again.
      write(correlation, '');
      loadCharts().catch(() => {});
      return;
    }
    const x = measured.map((job) => job.sharpness ?? 0);
    const y = measured.map((job) => job.last);
    write(correlation, text.correlation(x.length, rankCorrelation(x, y), sweep?.source ?? null));
    scatterChart.draw({ x: 'Numbers', y: 'Shares', lines: [{ label: text.RUN, x, y, color: '--held-out', width: 0, dot: 4 }] });
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
        : text.measured(inspected?.step ?? 0, sharpness));
      if (!moved(frames, logSteps, scrub, state.run.status)) return;
      const seen = frames.flatMap(({ inspected: at }) => (at && at.sharpness !== null ? [at] : []));
      hint.show(growing(state.run, seen.length));
      courseChart.draw({
        x: stepScale(logSteps),
        y: 'Numbers',
        marks: scrub === null ? [] : [{ at: scrub, text: SHOWN_NOW }],
        lines: [{ label: text.LINE, x: seen.map(({ step }) => step), y: seen.map((at) => at.sharpness ?? 0), color: '--held-out', width: 2.5 }],
      });
    },
    destroy() {
      courseChart.destroy();
      scatterChart.destroy();
      root.replaceChildren();
    },
  };
}
