// How close to grokking: the step at which the run will generalise, forecast while it has not.

import { changes } from '../draw/changes.js';
import { createChart } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { createHint } from '../draw/hint.js';
import { shown } from '../run/frames.js';
import { AGAIN, SHOWN_NOW, growing } from '../text/laboratory.js';
import * as text from '../text/gauge.js';

/** @typedef {import('../text/gauge.js').Judged} Judged */

/** Whether there is no forecast for such runs, so that no curve grows. @param {import('../run/run.js').Run} run */
const unforeseen = ({ inspected }) => inspected?.outlook?.state === 'unknown';

/** Whose fit forecasts a run. @param {import('../run/run.js').Run} run @returns {text.Kind} */
const kindOf = ({ started }) => (started?.group ? 'group' : 'sum');

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'shipped' | 'again'>} actions
 */
export function create(root, actions) {
  const band = element('i', { className: 'band' });
  const now = element('i', { className: 'now' });
  const meter = element('div', { className: 'meter', role: 'meter', ariaLabel: text.METER }, band, now);
  meter.ariaValueMin = '0';
  meter.ariaValueMax = '100';
  const value = element('p', { 'aria-live': 'polite' });
  const course = element('div', {});
  const look = element('p', {});
  const how = element('p', { className: 'quiet' });
  const verdict = element('p', {}, text.LOADING);
  const scatter = element('div', {});
  root.append(
    look,
    meter,
    value,
    course,
    element('p', { className: 'quiet axes' }, text.COURSE_AXES),
    how,
    element('h4', {}, text.GOOD),
    verdict,
    scatter,
    element('p', { className: 'quiet axes' }, text.SCATTER_AXES),
  );
  const hint = createHint(course, AGAIN, () => actions.again());
  const courseChart = createChart(course, { label: text.COURSE, name: 'forecast', rows: 1 });
  const scatterChart = createChart(scatter, {
    label: text.SCATTER,
    name: 'forecasts',
    ofRun: false,
    className: 'square',
  });
  /** @type {Judged | null} */
  let judged = null;
  /** @type {text.Kind | null} */
  let kind = null;
  actions.shipped('gauge.json').then((/** @type {Judged} */ loaded) => {
    judged = loaded;
    judge();
  }).catch((/** @type {Error} */ error) => write(verdict, text.notLoaded(error)));
  const changed = changes();

  /** What is said of the fit that the run is forecast by. */
  function judge() {
    if (!judged || !kind) return;
    write(verdict, text.judgement(judged, kind));
    drawScatter(text.drawn(judged, kind));
  }

  /** @param {import('../run/state.js').State} state */
  function drawCourse({ run, logSteps }) {
    const { frames, scrub, latest } = run;
    if (!changed(frames, scrub, logSteps, latest?.generalisedAt, run.status)) return;
    const seen = frames.flatMap(({ step, inspected }) =>
      (inspected?.outlook?.state === 'ahead' ? [{ at: step, ...inspected.outlook }] : []));
    hint.show(unforeseen(run) ? null : growing(run, seen.length));
    const x = seen.map(({ at }) => at);
    const line = (/** @type {'step' | 'low' | 'high'} */ key, /** @type {string} */ label, /** @type {number} */ width) =>
      ({ label, x, y: seen.map((forecast) => forecast[key]), color: '--held-out', width });
    const laws = seen.filter(({ normLaw }) => normLaw !== null);
    const truth = latest?.generalisedAt ?? null;
    courseChart.draw({
      x: logSteps ? 'Milestones' : 'Steps',
      y: 'Milestones',
      marks: scrub === null ? [] : [{ at: scrub, text: SHOWN_NOW }],
      lines: [
        ...(truth && x.length > 0
          ? [{ label: text.TRUTH, x: [x[0], truth], y: [truth, truth], color: '--quiet', width: 1.5 }]
          : []),
        { label: text.LAW, x: laws.map(({ at }) => at), y: laws.map(({ normLaw }) => normLaw ?? 0), color: '--stroke-1', width: 1.5 },
        line('low', text.FROM, 1),
        line('high', text.TO, 1),
        line('step', text.FORECAST, 2.5),
      ],
    });
  }

  /** @param {text.Drawn} drawn */
  function drawScatter({ points }) {
    const y = points.map(({ generalisedAt }) => generalisedAt);
    const ends = [Math.min(...y), Math.max(...y)];
    scatterChart.draw({
      x: 'Milestones',
      y: 'Milestones',
      lines: [
        { label: text.RIGHT, x: ends, y: ends, color: '--quiet', width: 1.5 },
        { label: text.LAW, x: points.map(({ normLaw }) => normLaw), y, color: '--stroke-1', width: 0, dot: 3 },
        { label: text.GAUGE, x: points.map(({ step }) => step), y, color: '--held-out', width: 0, dot: 4 },
      ],
    });
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      if (kind !== kindOf(state.run)) {
        kind = kindOf(state.run);
        write(look, text.LOOK[kind]);
        write(how, text.HOW[kind]);
        judge();
      }
      const { inspected } = shown(state.run);
      const outlook = inspected?.outlook ?? null;
      const step = inspected?.step ?? 0;
      write(value, text.forecast(outlook, step, state.run));
      const ends = outlook?.state === 'ahead'
        ? [step / outlook.high, step / outlook.step, step / outlook.low]
        : [0, outlook?.state === 'generalised' ? 1 : 0, 0];
      const [from, at, to] = ends.map((share) => 100 * Math.min(share, 1));
      now.style.width = `${at}%`;
      band.style.left = `${from}%`;
      band.style.width = `${Math.max(to - from, 0)}%`;
      meter.ariaValueNow = at.toFixed(0);
      drawCourse(state);
    },
    destroy() {
      courseChart.destroy();
      scatterChart.destroy();
      root.replaceChildren();
    },
  };
}
