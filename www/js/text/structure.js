// What a figure says of what a network has learned.

import { count } from '../run/count.js';
import { unseen } from './laboratory.js';
import { minus, percent } from './numbers.js';

/** Share of the logits' variance from which on the rule is written out. */
const CLEAR = 0.7;

export const LOOK = 'Look for a few bars that stand out of many: before it gets the rule the network is everywhere ' +
  'a little, afterwards it is in few places entirely.';

/** @param {string} name */
export const toPredictFor = (name) => `${name} to predict for`;
/** @param {string} typed @param {string[]} symbols */
export const noSymbol = (typed, symbols) => `\`${typed}\` is no symbol: they go from ${symbols[0]} to ${symbols.at(-1)}.`;

/** Charts and bars. */
export const LOSSES = 'Restricted and excluded loss over the steps';
export const EXCLUDED = 'excluded: shown cells, without the key frequencies';
export const RESTRICTED = 'restricted: all cells, key frequencies alone';
export const LOGITS = 'Frequencies of the logits';
export const EMBEDDING = 'Frequencies of the embedding';
export const REPRESENTATIONS = 'Shares of the representations';
/** What the two bars of each are. @type {[string, string]} */
export const MATRICES = ['in the embedding', 'in the output matrix'];
/** What a bar is, and what its height is. @type {[string, string]} */
export const LOGITS_HEAD = ['part', 'size'];
/** @type {[string, string]} */
export const EMBEDDING_HEAD = ['frequency', 'length'];

/** @param {number} norm Of all weights. */
export const normed = (norm) => `Norm of all weights ${norm.toFixed(1)}.`;

/** @param {import('../worker/protocol.js').Fourier} fourier @param {number} norm */
export const ofLogits = (fourier, norm) => 'The logits, the scores that the network gives each answer, frequency by ' +
  `frequency: how much of cos(2πk(${sum(fourier)} − z)/${fourier.n}) is in them. ${normed(norm)}`;

/** @param {import('../worker/protocol.js').Fourier} fourier */
export const ofEmbedding = ({ gini }) => 'The embedding, the row of numbers that stands for each symbol: length of its ' +
  `part with each frequency. Gini coefficient ${gini.toFixed(2)}: 0 if all are alike, near 1 if there is one.`;

/** @param {import('../worker/protocol.js').Power[]} powers @param {number} norm */
export const ofPowers = (powers, norm) => {
  const list = powers.map(({ name, embedding, unembedding }) => `${name}: ${percent(embedding)}, ${percent(unembedding)}`);
  return 'Representations are named by their dimension. The first number is the share in the embedding, the second that in the output ' +
    `matrix, and the heights are their square roots: ${list.join(' · ')}. ${normed(norm)}`;
};

/** @param {boolean} group Is the operation that of a group? */
export const howComputed = (group) => (group
  ? 'Computed by projecting the matrices with the characters of the group, which come from its own table.'
  : 'Computed from the logits of all pairs (Nanda et al. 2023). A key frequency has more than a ' +
    'quarter of the strongest; products are indexed by discrete logarithm, without 0.');

/**
 * @param {import('../run/run.js').Run} run
 * @param {import('../worker/protocol.js').Inspected | null} inspected
 */
export function describe(run, inspected) {
  const { started } = run;
  if (!inspected || (!inspected.fourier && !inspected.powers && (started?.index || started?.group))) {
    return unseen(run);
  }
  const { fourier, step } = inspected;
  if (fourier) {
    const losses = `Restricted loss ${minus(fourier.restrictedLoss.toPrecision(2))}, excluded loss ` +
      `${minus(fourier.excludedLoss.toPrecision(2))}.`;
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
export function inWords(fourier, started, isThere) {
  if (fourier.explained < CLEAR) {
    return `When the share passes ${percent(CLEAR)}, the rule is written here.`;
  }
  const z = fourier.root === null ? 'z' : 'log z';
  const terms = fourier.keys.map((k) =>
    `${minus(fourier.coefficients[k - 1].toFixed(2))} cos(2π·${k}(${sum(fourier)} − ${z})/${fourier.n})`);
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
export function compared(predicted, { symbols, answer }) {
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
