// What has it learned? Frequencies of a sum, representations of a group, and the rule in words.

import { createChart, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { createHint } from '../draw/hint.js';
import { shown } from '../run/frames.js';
import { changes } from '../draw/changes.js';
import { createBars } from '../draw/bars.js';
import { AGAIN, SHOWN_NOW, growing } from '../text/laboratory.js';
import * as text from '../text/structure.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'predict' | 'again'>} actions */
export function create(root, actions) {
  const sentence = element('p', { 'aria-live': 'polite' });
  const rule = element('p', { className: 'rule' });
  const logits = element('div', {});
  const embedding = element('div', {});
  const embeddingFacts = element('p', { className: 'quiet' });
  const facts = element('p', { className: 'quiet' });
  const losses = element('div', {});
  const symbol = (/** @type {string} */ name) =>
    element('input', { type: 'text', size: 4, value: '3', 'aria-label': text.toPredictFor(name) });
  const [x, y] = [symbol('x'), symbol('y')];
  const ask = element('button', { type: 'button', onclick: () => predict() }, 'Predict');
  const verdict = element('p', { 'aria-live': 'polite' });
  const predictor = element('p', { className: 'row' }, 'x =', x, 'y =', y, ask);
  const mirror = element('p', {});
  const how = element('p', { className: 'quiet' });
  root.append(
    element('p', {}, text.LOOK),
    sentence, mirror, logits, facts, embedding, embeddingFacts, losses, rule, predictor, verdict, how,
  );
  const bars = createBars(logits, text.LOGITS_HEAD);
  const embeddingBars = createBars(embedding, text.EMBEDDING_HEAD);
  const changed = changes();
  const hint = createHint(losses, AGAIN, () => actions.again());
  const chart = createChart(losses, { label: text.LOSSES, name: 'losses', rows: 1 });

  /** @type {import('../run/state.js').State | null} */
  let state = null;

  function predict() {
    const symbols = state?.run.started?.symbols ?? [];
    const [a, b] = [x, y].map((input) => symbols.indexOf(input.value.trim()));
    if (a < 0 || b < 0) {
      write(verdict, text.noSymbol(a < 0 ? x.value : y.value, symbols));
      return;
    }
    actions.predict(a, b);
  }

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      const { run } = next;
      const { started } = run;
      if (!started) return;
      const { inspected, evaluated } = shown(run);
      const told = evaluated ? text.byMirror(started, evaluated) : '';
      mirror.hidden = told === '';
      write(mirror, told);
      const fourier = inspected?.fourier ?? null;
      const powers = inspected?.powers ?? null;
      for (const node of [embedding, embeddingFacts, losses, rule, verdict]) {
        node.hidden = !fourier;
      }
      predictor.hidden = !fourier || run.recording !== null;
      logits.hidden = how.hidden = !fourier && !powers;
      write(sentence, text.describe(run, inspected));
      if (fourier) {
        const spectrum = (/** @type {number[]} */ values) => values.map((value, at) => ({
          label: String(at + 1),
          value: Math.max(value, 0),
          strong: fourier.keys.includes(at + 1) && fourier.explained > 0.3,
        }));
        bars.draw(text.LOGITS, spectrum(fourier.coefficients));
        write(facts, text.ofLogits(fourier, inspected?.weightNorm ?? 0));
        embeddingBars.draw(text.EMBEDDING, spectrum(fourier.embedding));
        write(embeddingFacts, text.ofEmbedding(fourier));
        write(rule, text.inWords(fourier, started, (evaluated?.generalisedAt ?? null) !== null));
        write(verdict, text.compared(run.predicted, started) || verdict.textContent || '');
      } else if (powers) {
        bars.draw(text.REPRESENTATIONS, powers.flatMap(({ name, embedding, unembedding }) => [
          { label: name, value: Math.sqrt(embedding), strong: true },
          { label: ' ', value: Math.sqrt(unembedding), strong: false },
        ]), text.MATRICES);
        write(facts, text.ofPowers(powers, inspected?.weightNorm ?? 0));
      } else {
        write(facts, inspected ? text.normed(inspected.weightNorm) : '');
      }
      write(how, text.howComputed(started.group));
      if (fourier) drawLosses(next);
    },
    destroy() {
      chart.destroy();
      root.replaceChildren();
    },
  };

  /** @param {import('../run/state.js').State} next */
  function drawLosses({ run, logSteps }) {
    const { frames, scrub } = run;
    if (!changed(frames, scrub, logSteps, run.status)) return;
    const seen = frames.flatMap(({ inspected }) => (inspected?.fourier ? [{ step: inspected.step, ...inspected.fourier }] : []));
    hint.show(growing(run, seen.length));
    const x = seen.map(({ step }) => step);
    chart.draw({
      x: stepScale(logSteps),
      y: 'Losses',
      marks: scrub === null ? [] : [{ at: scrub, text: SHOWN_NOW }],
      lines: [
        { label: text.EXCLUDED, x, y: seen.map((at) => at.excludedLoss), color: '--train', width: 1.5 },
        { label: text.RESTRICTED, x, y: seen.map((at) => at.restrictedLoss), color: '--held-out', width: 3 },
      ],
    });
  }
}
