// Accuracy over the steps, with what its marks mean in words.

import { createChart, stepScale } from '../draw/charts.js';
import { changes } from '../draw/changes.js';
import { expectedSteps } from '../text/controls.js';
import { whole } from '../text/numbers.js';

/** @param {HTMLElement} root */
export function create(root) {
  const chart = createChart(root, { label: 'Share of cells that are right, over the steps', name: 'accuracy', rows: 2 });
  const changed = changes();

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run, logSteps }) {
      const { curves, started, latest, scrub } = run;
      if (!changed(curves, started, latest, scrub, logSteps, run.preset, run.settings)) return;
      const { memorisedAt = null, generalisedAt = null } = latest ?? {};
      const x = curves.step;
      const until = scrub ?? Infinity;
      const mark = (/** @type {number | null} */ at, /** @type {string} */ words) =>
        (at !== null && at > 0 && at <= until ? [{ at, text: `${words}: step\u00a0${whole(at)}` }] : []);
      const told = curves.mirroredAccuracy.some(Number.isFinite) && curves.unmirroredAccuracy.some(Number.isFinite);
      // What is ahead of the step that is shown is not drawn: it has not happened yet.
      const end = scrub === null ? x.length : x.findIndex((step) => step > scrub);
      const count = end < 0 ? x.length : end;
      const upTo = (/** @type {number[]} */ column) => (count === x.length ? column : column.slice(0, count));
      const steps = upTo(x);
      const line = (/** @type {string} */ label, /** @type {number[]} */ y, /** @type {string} */ color, /** @type {number} */ width) =>
        ({ label, x: steps, y: upTo(y), color, width });
      chart.draw({
        x: stepScale(logSteps),
        y: 'Shares',
        from: 0,
        to: Math.max(x.at(-1) ?? 0, run.recording ? 0 : expectedSteps(run)),
        lines: [
          line('cells it was shown', curves.trainAccuracy, '--train', 2.5),
          line('cells it never saw', curves.heldOutAccuracy, '--held-out', 3.5),
          ...(told
            ? [
              line('of these, mirror image (y, x) shown', curves.mirroredAccuracy, '--mirrored', 1.5),
              line('of these, neither shown', curves.unmirroredAccuracy, '--unmirrored', 1.5),
            ]
            : []),
        ],
        marks: [
          ...mark(memorisedAt, 'knows its cells by heart'),
          ...mark(generalisedAt, 'gets the rule'),
        ].sort((a, b) => a.at - b.at),
        guides: started ? [{ at: started.chance, text: 'guessing' }] : [],
      });
    },
    destroy() {
      chart.destroy();
    },
  };
}
