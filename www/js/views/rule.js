// What remains when only the rule is kept, and without it: now, before, and over the steps.

import { changes } from '../draw/changes.js';
import { createChart, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { createHint } from '../draw/hint.js';
import { createScores } from '../draw/scores.js';
import { shown } from '../run/frames.js';
import { AGAIN, SHOWN_NOW, growing, unseen } from '../text/laboratory.js';
import * as text from '../text/cut.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'again'>} actions */
export function create(root, actions) {
  const sentence = element('p', { className: 'rule', 'aria-live': 'polite' });
  const scores = element('div', {});
  const course = element('div', {});
  const how = element('p', { className: 'quiet' });
  root.append(element('h4', {}, text.RULE), sentence, scores, how, course);
  const numbers = createScores(scores, { caption: text.RULE_SCORES, sides: text.SIDES, columns: text.COLUMNS, right: text.right, loss: text.loss });
  course.append(element('p', { className: 'quiet axes' }, `${text.CHART}.`));
  const hint = createHint(course, AGAIN, () => actions.again());
  const chart = createChart(course, { label: text.CHART, name: 'rule', rows: 1 });
  const changed = changes();

  /** @param {import('../run/state.js').State} state */
  function draw({ run, logSteps }) {
    const { frames, scrub, status } = run;
    if (!changed(frames, scrub, logSteps, status)) return;
    const seen = frames.flatMap(({ step, inspected }) => (inspected?.parts?.rule ? [{ step, ...inspected.parts.rule }] : []));
    hint.show(growing(run, seen.length));
    const x = seen.map(({ step }) => step);
    const line = (/** @type {'whole' | 'only' | 'without'} */ which) => seen.map(({ [which]: { heldOut } }) => heldOut.right / Math.max(heldOut.of, 1));
    chart.draw({
      x: stepScale(logSteps),
      y: 'Shares',
      marks: scrub === null ? [] : [{ at: scrub, text: SHOWN_NOW }],
      lines: [
        { label: text.WHOLE, x, y: line('whole'), color: '--train', width: 1.5 },
        { label: text.ONLY, x, y: line('only'), color: '--held-out', width: 3 },
        { label: text.REST, x, y: line('without'), color: '--stroke-1', width: 2 },
      ],
    });
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      const { run } = state;
      const { started, recording } = run;
      root.hidden = recording !== null;
      if (recording || !started) return;
      const { inspected } = shown(run);
      const rule = inspected?.parts?.rule ?? null;
      const isSum = started.index !== null && started.index !== undefined;
      for (const node of [scores, how]) node.hidden = !rule;
      course.hidden = !isSum;
      sentence.classList.toggle('rule', rule !== null);
      sentence.ariaLive = run.status === 'running' ? 'off' : 'polite';
      if (!isSum) write(sentence, text.NO_RULE);
      else if (!rule || !inspected) write(sentence, unseen(run));
      else {
        write(sentence, text.ruleIn(rule, inspected.step, started.equations));
        write(how, text.ruleHow(started));
        numbers.show([[text.WHOLE, rule.whole], [text.ONLY, rule.only], [text.REST, rule.without]]);
      }
      if (isSum) draw(state);
    },
    destroy() {
      chart.destroy();
      root.replaceChildren();
    },
  };
}
