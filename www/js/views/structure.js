// What has it learned? Frequencies of a sum, representations of a group, and the rule in words.

import { createChart, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { unseen } from '../text/laboratory.js';
import { count } from '../run/count.js';
import { percent } from '../text/numbers.js';
import { changes } from '../draw/changes.js';
import { createBars } from '../draw/bars.js';

/** Share of the logits' variance from which on the rule is written out. */
const CLEAR = 0.7;

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'predict'>} actions */
export function create(root, actions) {
  const sentence = element('p', { 'aria-live': 'polite' });
  const rule = element('p', { className: 'rule' });
  const logits = element('div', {});
  const embedding = element('div', {});
  const embeddingFacts = element('p', { className: 'quiet' });
  const facts = element('p', { className: 'quiet' });
  const losses = element('div', {});
  const symbol = (/** @type {string} */ name) =>
    element('input', { type: 'text', size: 4, value: '3', 'aria-label': `${name} to predict for` });
  const [x, y] = [symbol('x'), symbol('y')];
  const ask = element('button', { type: 'button', onclick: () => predict() }, 'Predict');
  const verdict = element('p', { 'aria-live': 'polite' });
  const predictor = element('p', { className: 'row' }, 'x =', x, 'y =', y, ask);
  const mirror = element('p', {});
  const how = element('p', { className: 'quiet' });
  root.append(
    element('p', {}, 'Look for a few bars that stand out of many: before it gets the rule the network is everywhere ' +
      'a little, afterwards it is in few places entirely.'),
    sentence, mirror, logits, facts, embedding, embeddingFacts, losses, rule, predictor, verdict, how,
  );
  const bars = createBars(logits, ['part', 'size']);
  const embeddingBars = createBars(embedding, ['frequency', 'length']);
  const changed = changes();
  const chart = createChart(losses, { label: 'Restricted and excluded loss over the steps' });

  /** @type {import('../run/state.js').State | null} */
  let state = null;

  function predict() {
    const symbols = state?.run.started?.symbols ?? [];
    const [a, b] = [x, y].map((input) => symbols.indexOf(input.value.trim()));
    if (a < 0 || b < 0) {
      const unknown = a < 0 ? x.value : y.value;
      write(verdict, `\`${unknown}\` is no symbol: there is ${symbols[0]} to ${symbols.at(-1)}.`);
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
      const told = evaluated ? byMirror(started, evaluated) : '';
      mirror.hidden = told === '';
      write(mirror, told);
      const fourier = inspected?.fourier ?? null;
      const powers = inspected?.powers ?? null;
      for (const node of [embedding, embeddingFacts, losses, rule, verdict]) {
        node.hidden = !fourier;
      }
      predictor.hidden = !fourier || run.recording !== null;
      logits.hidden = how.hidden = !fourier && !powers;
      write(sentence, describe(run, inspected));
      if (fourier) {
        const spectrum = (/** @type {number[]} */ values) => values.map((value, at) => ({
          label: String(at + 1),
          value: Math.max(value, 0),
          strong: fourier.keys.includes(at + 1) && fourier.explained > 0.3,
        }));
        bars.draw('Frequencies of the logits', spectrum(fourier.coefficients));
        write(facts, `The logits, frequency by frequency: how much of cos(2πk(${sum(fourier)} − z)/${fourier.n}) ` +
          `is in them. Norm of all weights ${inspected?.weightNorm.toFixed(1)}.`);
        embeddingBars.draw('Frequencies of the embedding', spectrum(fourier.embedding));
        write(embeddingFacts, 'The embedding: length of its part with each frequency. Gini coefficient ' +
          `${fourier.gini.toFixed(2)}: 0 if all are alike, near 1 if there is one.`);
        write(rule, inWords(fourier, started, (evaluated?.generalisedAt ?? null) !== null));
        write(verdict, compared(run.predicted, started) || verdict.textContent || '');
      } else if (powers) {
        bars.draw('Shares of the representations', powers.flatMap(({ name, embedding, unembedding }) => [
          { label: name, value: Math.sqrt(embedding), strong: true },
          { label: ' ', value: Math.sqrt(unembedding), strong: false },
        ]));
        const list = powers.map(({ name, embedding, unembedding }) =>
          `${name}: ${percent(embedding)}, ${percent(unembedding)}`).join(' · ');
        write(facts, `By dimension of the representation, in the embedding (dark) and the output matrix ` +
          `(light), heights as square roots: ${list}. Norm of all weights ${inspected?.weightNorm.toFixed(1)}.`);
      } else {
        write(facts, inspected ? `Norm of all weights ${inspected.weightNorm.toFixed(1)}.` : '');
      }
      write(how, started.group
        ? 'Computed by projecting the matrices with the characters of the group, which come from its own table.'
        : 'Computed from the logits of all pairs (Nanda et al. 2023). A key frequency has more than a ' +
          'quarter of the strongest; products are indexed by discrete logarithm, without 0.');
      if (fourier) drawLosses(next);
    },
    destroy() {
      chart.destroy();
      root.replaceChildren();
    },
  };

  /** @param {import('../run/state.js').State} next */
  function drawLosses({ run: { frames, scrub }, logSteps }) {
    if (!changed(frames, scrub, logSteps)) return;
    const seen = frames.flatMap(({ inspected }) => (inspected?.fourier ? [{ step: inspected.step, ...inspected.fourier }] : []));
    const x = seen.map(({ step }) => step);
    chart.draw({
      x: stepScale(logSteps),
      y: 'Losses',
      marks: scrub ? [{ at: scrub, text: 'shown now' }] : [],
      lines: [
        { label: 'excluded: shown cells, without the key frequencies', x, y: seen.map((at) => at.excludedLoss), color: '--train', width: 1.5 },
        { label: 'restricted: all cells, key frequencies alone', x, y: seen.map((at) => at.restrictedLoss), color: '--held-out', width: 3 },
      ],
    });
  }
}

/**
 * @param {import('../run/run.js').Run} run
 * @param {import('../worker/protocol.js').Inspected | null} inspected
 */
function describe(run, inspected) {
  const { started } = run;
  if (!inspected || (!inspected.fourier && !inspected.powers && (started?.index || started?.group))) {
    return unseen(run);
  }
  const { fourier, step } = inspected;
  if (fourier) {
    const losses = `Restricted loss ${fourier.restrictedLoss.toPrecision(2)}, excluded loss ` +
      `${fourier.excludedLoss.toPrecision(2)}.`;
    return `At step ${step}, ${fourier.keys.length} frequencies explain ${percent(Math.max(fourier.explained, 0))} of ` +
      `the logits' variance. ${losses}`;
  }
  if (inspected.powers) return `At step ${step}, where the rows of the matrices lie among the irreducible representations.`;
  return 'This operation is neither a sum in disguise nor a group: nothing is known to look for.';
}

/**
 * What commutativity alone gives: held-out cells whose mirror image is trained on, and the others.
 * @param {import('../worker/protocol.js').Started} started @param {import('../worker/protocol.js').Evaluated} evaluated
 */
export function byMirror(started, evaluated) {
  const { mirrored, unmirrored } = count(started, evaluated);
  if (mirrored.all === 0 || unmirrored.all === 0) return '';
  const share = (/** @type {import('../run/count.js').Count} */ { all, right }) => percent(right / all);
  return `x and y can change places here. Of the held-out cells whose mirror image it is shown, it knows ${share(mirrored)}; of the ` +
    `others, which take more than exchanging x and y, ${share(unmirrored)}.`;
}

/** x + y with its coefficients, or its logarithm. @param {import('../worker/protocol.js').Fourier} fourier */
function sum({ n, a, b, c, root }) {
  const of = (/** @type {string} */ name) => (root === null ? name : `log ${name}`);
  const term = (/** @type {number} */ factor, /** @type {string} */ name) => {
    if (factor === 1) return ` + ${of(name)}`;
    if (factor === n - 1) return ` − ${of(name)}`;
    return factor === 0 ? '' : ` + ${factor} ${of(name)}`;
  };
  return `${term(a, 'x')}${term(b, 'y')}${c ? ` + ${c}` : ''}`.replace(/^ \+ /, '').trim();
}

/**
 * @param {import('../worker/protocol.js').Fourier} fourier @param {import('../worker/protocol.js').Started} started
 * @param {boolean} isThere Whether it gets the held-out cells.
 */
function inWords(fourier, started, isThere) {
  if (fourier.explained < CLEAR) {
    return `When the share passes ${percent(CLEAR)}, the rule is written here.`;
  }
  const z = fourier.root === null ? 'z' : 'log z';
  const terms = fourier.keys.map((k) =>
    `${fourier.coefficients[k - 1].toFixed(2)} cos(2π·${k}(${sum(fourier)} − ${z})/${fourier.n})`);
  const logs = fourier.root === null ? '' : ` Here log is the discrete logarithm to ${fourier.root} modulo ` +
    `${started.symbols.length}: products have become sums.`;
  return `The rule that it ${isThere ? 'has found' : 'is heading for'}: the answer to ${started.operation} is the z for which ` +
    `${terms.join(' + ')} is largest. It turns x and y into angles, adds the angles, and looks which z ` +
    `fits best.${logs}`;
}

/**
 * @param {import('../worker/protocol.js').Predicted | null} predicted
 * @param {import('../worker/protocol.js').Started} started
 */
function compared(predicted, { symbols, answer }) {
  if (!predicted) return '';
  const best = (/** @type {(number | null)[]} */ scores) => {
    let found = 0;
    scores.forEach((score, at) => {
      if ((score ?? -Infinity) > (scores[found] ?? -Infinity)) found = at;
    });
    return symbols[found];
  };
  const { x, y, step, network, rule } = predicted;
  const right = symbols[answer[x * symbols.length + y]];
  const byRule = rule ? `the rule alone says ${best(rule)}` : 'the rule says nothing where a symbol is 0';
  return `At step ${step}, for x = ${symbols[x]} and y = ${symbols[y]}: the network says ${best(network)}, ` +
    `${byRule}, and the answer is ${right}.`;
}
