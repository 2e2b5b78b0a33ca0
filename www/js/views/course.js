// How the neurons of a layer come to be tuned, along the run.

import { changes } from '../draw/changes.js';
import { createChart, stepScale } from '../draw/charts.js';
import { element } from '../draw/dom.js';
import { createHint } from '../draw/hint.js';
import { createPlot, ticksBetween } from '../draw/plot.js';
import { hue } from '../draw/ramp.js';
import { clusters, colorsOf, insides } from '../run/inside.js';
import { AGAIN, SHOWN_NOW, growing } from '../text/laboratory.js';
import * as text from '../text/inside.js';
import { whole } from '../text/numbers.js';

/** Waves with a line of their own, at most: those with most neurons in the end. */
const NAMED_MAX = 8;

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'again'>} actions */
export function create(root, actions) {
  const [tuned, waves] = [element('div', {}), element('div', {})];
  const body = element('div', { hidden: true }, element('h4', {}, text.COURSE));
  root.append(body);
  const hint = createHint(body, AGAIN, () => actions.again());
  body.append(element('div', { className: 'beside course' }, tuned, waves));
  const chart = createChart(tuned, { label: text.COURSE_TUNED, name: 'tuned', rows: 1 });
  const plot = createPlot(waves, 'waves');
  const changed = changes();

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run, logSteps, look: { layer } }) {
      const { started, recording, frames, scrub, status } = run;
      const seen = started && !recording ? insides(frames, layer) : [];
      body.hidden = seen.length === 0 || seen[0].inside.waves.length === 0;
      if (!started || body.hidden || !changed(frames, scrub, logSteps, status, layer)) return;
      hint.show(growing(run, seen.length));
      const slots = colorsOf(frames, layer);
      const x = seen.map(({ step }) => step);
      const last = seen[seen.length - 1].inside;
      const named = [...clusters(last)].sort((a, b) => b.neurons - a.neurons).slice(0, NAMED_MAX);
      chart.draw({
        x: stepScale(logSteps),
        y: 'Shares',
        marks: scrub === null ? [] : [{ at: scrub, text: SHOWN_NOW }],
        lines: [
          { label: text.ALL_TUNED, x, y: seen.map(({ inside }) => inside.tuned / inside.neurons.length), color: '--ink', width: 2.5 },
          ...named.map(({ wave, name }) => {
            const color = `--wave-${slots.get(wave)}`;
            chart.element.style.setProperty(color, hue(slots.get(wave) ?? 0));
            const y = seen.map(({ inside }) => (clusters(inside).find((cluster) => cluster.wave === wave)?.neurons ?? 0) / inside.neurons.length);
            return { label: text.waveName(started, name), x, y, color, width: 1.5 };
          }),
        ],
      });
      const most = x[x.length - 1];
      const ticks = logSteps ? [0, 1, 10, 100, 1_000, 10_000, 100_000].filter((step) => step <= most) : ticksBetween(0, most, 5);
      const place = (/** @type {number} */ step) => (logSteps ? Math.log1p(step) : step);
      plot.element.hidden = chart.element.hidden = seen.length < 2;
      plot.draw({
        label: text.COURSE_WAVES, x: x.map(place), names: x.map(whole), stairs: true, ticks: ticks.map((step) => ({ at: place(step), text: whole(step) })), head: text.COURSE_HEAD,
        series: [{ label: text.WAVES, color: '--ink', values: seen.map(({ inside }) => clusters(inside).length) }],
      });
    },
    destroy() {
      chart.destroy();
      plot.destroy();
      root.replaceChildren();
    },
  };
}
