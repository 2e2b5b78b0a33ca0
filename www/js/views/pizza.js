// Clock or pizza: two measures of how a network adds, now and along the run.

import { changes } from '../draw/changes.js';
import { createChart, stepScale } from '../draw/charts.js';
import { HEIGHT, WIDTH, dialOf } from '../draw/dial.js';
import { element, write } from '../draw/dom.js';
import { colorsOf } from '../draw/faces.js';
import { watchFigure } from '../draw/figure.js';
import { createHint } from '../draw/hint.js';
import { tag } from '../draw/svg.js';
import { clockShown, clocksOf } from '../run/clock.js';
import { AGAIN, SHOWN_NOW, growing } from '../text/laboratory.js';
import * as text from '../text/clock.js';

/** @typedef {'symmetricity' | 'distanceIrrelevance'} Measure */
/** @type {[Measure, string][]} */
const MEASURES = [['distanceIrrelevance', text.IRRELEVANCE], ['symmetricity', text.SYMMETRICITY]];

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'again' | 'settings' | 'run'>} actions */
export function create(root, actions) {
  /** The settings of the run that is shown. @type {Record<string, string>} */
  let settings = {};
  const rated = element('p', {});
  const rates = text.RATES.map(([rate, label]) => {
    const train = async () => {
      await actions.settings({ ...settings, attentionRate: rate });
      await actions.run();
    };
    return { rate, button: element('button', { type: 'button', onclick: train }, label) };
  });
  const measured = element('p', { 'aria-live': 'polite' });
  const dials = MEASURES.map(([measure, name]) => {
    const picture = element('div', { className: 'dial', role: 'img' });
    return { measure, name, picture, node: element('div', {}, element('strong', {}, name), picture, element('p', { className: 'quiet' }, text.MEANINGS[measure])) };
  });
  const row = element('div', { className: 'dials' }, ...dials.map(({ node }) => node));
  const course = element('div', {});
  root.append(
    element('h4', {}, text.PIZZA), element('p', {}, text.PIZZA_LOOK), measured, row,
    element('p', {}, text.HONEST), course, element('p', { className: 'quiet' }, text.REFERENCE_HOW),
    element('p', {}, text.RATE_LOOK), rated, element('p', { className: 'row' }, ...rates.map(({ button }) => button)),
  );
  const hint = createHint(course, AGAIN, () => actions.again());
  const chart = createChart(course, { label: text.COURSE, name: 'clock-or-pizza', rows: 1 });
  const turned = changes();
  const moved = changes();
  /** @type {import('../worker/protocol.js').Clock | null} */
  let clock = null;

  function draw() {
    const { box } = watched;
    if (!clock || !box || !turned(clock, box)) return;
    const colors = colorsOf(getComputedStyle(root));
    for (const { measure, picture } of dials) {
      const { pizza, clock: other } = text.REFERENCES[measure];
      const value = clock[measure];
      const marks = [{ at: pizza, text: 'pizza' }, { at: other, text: 'clock' }];
      picture.innerHTML = tag('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' }, dialOf(value, marks, text.measure(value), colors));
    }
  }
  const watched = watchFigure(row, draw);

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run, logSteps }) {
      const seen = clockShown(run);
      clock = seen?.clock ?? null;
      root.hidden = clock === null;
      if (!seen || !clock) return;
      ({ settings } = run);
      write(rated, text.rated(Number(settings.attentionRate)));
      for (const { rate, button } of rates) button.setAttribute('aria-pressed', String(Number(rate) === Number(settings.attentionRate)));
      measured.ariaLive = run.status === 'running' ? 'off' : 'polite';
      const ruled = run.latest?.generalisedAt ?? null;
      for (const { measure, name, picture } of dials) picture.setAttribute('aria-label', text.dial(name, clock[measure], text.REFERENCES[measure]));
      write(measured, text.measured(seen.step, clock, ruled !== null && ruled <= seen.step));
      draw();
      const { frames, scrub } = run;
      if (!moved(frames, scrub, logSteps, run.status)) return;
      const all = clocksOf(run);
      hint.show(growing(run, all.length));
      const x = all.map(({ step }) => step);
      chart.draw({
        x: stepScale(logSteps),
        y: 'Measures',
        marks: scrub === null ? [] : [{ at: scrub, text: SHOWN_NOW }],
        lines: MEASURES.map(([measure, label], at) => ({
          label, x, y: all.map((point) => point.clock?.[measure] ?? NaN), color: at === 0 ? '--held-out' : '--train', width: at === 0 ? 3 : 1.5,
        })),
      });
    },
    destroy() {
      watched.end();
      chart.destroy();
      root.replaceChildren();
    },
  };
}
