// What has it learned? Frequencies of a sum, representations of a group, and the rule in words.

import { colors, drawChart, stepScale } from '../draw/charts.js';
import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';

/** Share of the logits' variance from which on the rule is written out. */
const CLEAR = 0.7;

/**
 * @param {HTMLElement} root A `details`.
 * @param {{ charts: () => import('../draw/charts.js').Charts | null, onOpen: (open: boolean) => void,
 *   onPredict: (x: number, y: number) => void }} actions
 */
export function create(root, { charts, onOpen, onPredict }) {
  const sentence = element('p', { 'aria-live': 'polite' });
  const rule = element('p', { className: 'rule' });
  const bars = element('div', { className: 'bars', role: 'img' });
  const embedding = element('div', { className: 'bars', role: 'img', 'aria-label': 'Frequencies of the embedding' });
  const embeddingFacts = element('p', { className: 'quiet' });
  const facts = element('p', { className: 'quiet' });
  const losses = element('canvas', { role: 'img', 'aria-label': 'Restricted and excluded loss over the steps' });
  const lossesKey = element(
    'p',
    { className: 'key' },
    element('span', {}, element('i', { className: 'held-out' }), 'restricted: all pairs, key frequencies alone (thick)'),
    element('span', {}, element('i', { className: 'train' }), 'excluded: trained pairs without them (thin)'),
  );
  const symbol = (/** @type {string} */ name) =>
    element('input', { type: 'text', size: 4, value: '3', 'aria-label': `${name} to predict for` });
  const [x, y] = [symbol('x'), symbol('y')];
  const ask = element('button', { type: 'button', onclick: () => predict() }, 'Predict');
  const verdict = element('p', { 'aria-live': 'polite' });
  const predictor = element('p', { className: 'row' }, 'x =', x, 'y =', y, ask);
  const mirror = element('p', {});
  const how = element('p', { className: 'quiet' });
  root.append(
    element('p', {}, 'Look for a few bars that stand out of many: before it generalises the network ' +
      'is everywhere a little, afterwards it is in few places entirely.'),
    sentence, mirror, bars, facts, embedding, embeddingFacts, lossesKey, losses, rule, predictor, verdict, how,
  );
  root.addEventListener('toggle', () => onOpen(/** @type {HTMLDetailsElement} */ (root).open));

  /** @type {import('../run/state.js').State | null} */
  let state = null;
  /** @type {unknown[]} */
  let drawn = [];

  function predict() {
    const symbols = state?.started?.symbols ?? [];
    const [a, b] = [x, y].map((input) => symbols.indexOf(input.value.trim()));
    if (a < 0 || b < 0) {
      const unknown = a < 0 ? x.value : y.value;
      write(verdict, `\`${unknown}\` is no symbol: there is ${symbols[0]} to ${symbols.at(-1)}.`);
      return;
    }
    onPredict(a, b);
  }

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      root.hidden = next.page.embed;
      const { started } = next;
      if (!started || !(/** @type {HTMLDetailsElement} */ (root).open)) return;
      const { inspected, evaluated } = shown(next);
      mirror.hidden = !started.commutative;
      if (started.commutative && evaluated) write(mirror, byMirror(started, evaluated));
      const fourier = inspected?.fourier ?? null;
      const powers = inspected?.powers ?? null;
      for (const node of [embedding, embeddingFacts, losses, lossesKey, rule, predictor, verdict]) {
        node.hidden = !fourier;
      }
      bars.hidden = how.hidden = !fourier && !powers;
      bars.ariaLabel = fourier ? 'Frequencies of the logits' : 'Shares of the representations';
      write(sentence, describe(next, inspected));
      if (fourier) {
        const spectrum = (/** @type {number[]} */ values) => values.map((value, at) => ({
          label: String(at + 1),
          value: Math.max(value, 0),
          strong: fourier.keys.includes(at + 1) && fourier.explained > 0.3,
        }));
        renderBars(bars, spectrum(fourier.coefficients));
        write(facts, `The logits, frequency by frequency: how much of cos(2πk(${sum(fourier)} − z)/${fourier.n}) ` +
          `is in them. Norm of all weights ${inspected?.weightNorm.toFixed(1)}.`);
        renderBars(embedding, spectrum(fourier.embedding));
        write(embeddingFacts, 'The embedding: length of its part with each frequency. Gini coefficient ' +
          `${fourier.gini.toFixed(2)}: 0 if all are alike, near 1 if there is one.`);
        write(rule, inWords(fourier, started));
        write(verdict, compared(next.predicted, started) || verdict.textContent || '');
      } else if (powers) {
        renderBars(bars, powers.flatMap(({ name, embedding, unembedding }) => [
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
  };

  /** @param {import('../run/state.js').State} next */
  function drawLosses({ frames, logSteps, scrub }) {
    const library = charts();
    const inputs = [library, frames, logSteps, scrub, losses.clientWidth, matchMedia('(prefers-color-scheme: dark)').matches];
    if (!library || losses.clientWidth === 0 || inputs.every((input, at) => input === drawn[at])) return;
    drawn = inputs;
    const seen = frames.flatMap(({ inspected }) => (inspected?.fourier ? [inspected] : []));
    const [train, heldOut] = colors(root, ['--train', '--held-out']);
    const x = seen.map(({ step }) => step);
    const column = (/** @type {'restrictedLoss' | 'excludedLoss'} */ key) =>
      seen.map(({ fourier }) => /** @type {any} */ (fourier)[key]);
    const marks = scrub ? [scrub] : [];
    drawChart(library, losses, { x: stepScale(logSteps), y: 'Losses', marks }, [
      { x, y: column('excludedLoss'), color: train, width: 1.5 },
      { x, y: column('restrictedLoss'), color: heldOut, width: 2.5 },
    ]);
  }
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/**
 * @param {import('../run/state.js').State} state
 * @param {import('../worker/protocol.js').Inspected | null} inspected
 */
function describe({ started }, inspected) {
  if (!inspected || (!inspected.fourier && !inspected.powers && (started?.index || started?.group))) {
    return 'Not computed at this step: it is while this figure is open.';
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
export function byMirror({ symbols, answer, heldOut }, { predicted }) {
  const n = symbols.length;
  const cells = [0, 0];
  const right = [0, 0];
  for (let cell = 0; cell < n * n; cell += 1) {
    if (!heldOut[cell]) continue;
    const image = (cell % n) * n + Math.floor(cell / n);
    const shown = heldOut[image] ? 0 : 1;
    cells[shown] += 1;
    if (predicted[cell] === answer[cell]) right[shown] += 1;
  }
  const [others, mirrored] = cells.map((count, at) => (count ? percent(right[at] / count) : 'none'));
  return `It is commutative. Of the held-out cells whose mirror image it is shown, it knows ${mirrored}; of the ` +
    `others, which take more than exchanging x and y, ${others}.`;
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

/** @param {import('../worker/protocol.js').Fourier} fourier @param {import('../worker/protocol.js').Started} started */
function inWords(fourier, started) {
  if (fourier.explained < CLEAR) {
    return `When the share passes ${percent(CLEAR)}, the rule is written here.`;
  }
  const z = fourier.root === null ? 'z' : 'log z';
  const terms = fourier.keys.map((k) =>
    `${fourier.coefficients[k - 1].toFixed(2)} cos(2π·${k}(${sum(fourier)} − ${z})/${fourier.n})`);
  const logs = fourier.root === null ? '' : ` Here log is the discrete logarithm to ${fourier.root} modulo ` +
    `${started.symbols.length}: products have become sums.`;
  return `The rule that it has found: the answer to ${started.operation} is the z for which ` +
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

/**
 * @param {HTMLElement} root
 * @param {{ label: string, value: number, strong: boolean }[]} values
 */
function renderBars(root, values) {
  const highest = Math.max(...values.map(({ value }) => value), 1e-9);
  while (root.children.length > values.length) root.lastElementChild?.remove();
  while (root.children.length < values.length) root.append(element('span', {}, element('i', {}), element('b', {})));
  values.forEach(({ label, value, strong }, at) => {
    const bar = /** @type {HTMLElement} */ (root.children[at]);
    const [fill, name] = /** @type {any} */ (bar.children);
    fill.style.height = `${(100 * value) / highest}%`;
    bar.className = strong ? 'strong' : '';
    write(name, strong || values.length < 20 ? label : '');
    bar.title = `${label}: ${value.toFixed(3)}`;
  });
}
