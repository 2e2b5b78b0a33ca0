// What a figure says of a network without some of its parts, and of its rule alone.

import { capital } from './captions.js';
import { partOf } from '../run/parts.js';
import { NO_SYMBOL } from '../run/symbol.js';
import { minus, whole, withUnit } from './numbers.js';

/** @typedef {import('../worker/protocol.js').Started} Started */
/** @typedef {import('../worker/protocol.js').Ablated} Ablated */
/** @typedef {import('../worker/protocol.js').Rule} Rule */
/** @typedef {import('../worker/protocol.js').Scores} Scores */
/** @typedef {import('../run/parts.js').Shape} Shape */

export const LOOK = 'Take a part of the network away and see at once what the rest still knows. The run itself is not ' +
  'touched: it has, and trains on with, all of its parts.';
export const UNDO = 'Undo';
export const ALL_BACK = 'Put everything back';
export const LEAVE_OUT = 'Leave it out';
export const CHOOSE = 'Take away';

export const FILL = 'What takes the place of heads and neurons';
/** @type {Record<import('../worker/protocol.js').Fill, string>} */
export const FILLS = { zero: 'Nothing', mean: 'Their mean over the table' };
const FILL_HOW = 'Nothing also takes what a part adds to every cell alike; with its mean in its place only that is ' +
  'lost which differs from cell to cell.';
/** Only sums have frequencies to take away. @param {Pick<Started, 'index'>} started */
export const fillHow = ({ index }) => (index ? `${FILL_HOW} Of frequencies the mean always stays.` : FILL_HOW);

/** What is said where frequencies are taken away and some symbols have no place on the cycle. */
export const OUTSIDE = 'Cells with a symbol outside the cycle, such as 0 of a product, keep what they have: frequencies are ' +
  'taken from the others.';

/** @param {Shape} shape @param {ReturnType<typeof import('../run/parts.js').grouped>[number]} group */
export function groupOf({ layers, group }, { kind, layer }) {
  const of = layers > 1 ? ` of layer ${layer}` : '';
  const last = layers > 1 ? 'of the last layer' : '';
  switch (kind) {
    case 'layer':
      return {
        title: `Heads and neurons${of}`,
        help: 'A head looks from = at x and y and carries over what it sees there. The neurons compute with what the heads brought.',
      };
    case 'cluster':
      return {
        title: `Neurons${of}, by what they are tuned to`,
        help: group
          ? 'Neurons together that have more than 85\u00a0% of what they do over the table in one representation of the group.'
          : 'Neurons together that have more than 85\u00a0% of what they do over the table in waves of one frequency.',
      };
    case 'neurons':
      return {
        title: `Frequencies in the neurons ${last}`.trim(),
        help: 'Waves of one frequency are taken out of what every neuron does over the table; the rest of each neuron stays. The key ' +
          'frequencies are the few that stand out in the scores; when all but them goes, their waves and the mean stay.',
      };
    case 'logits':
      return {
        title: 'Frequencies before the scores',
        help: 'The scores of the answers are computed from what heads and neurons have added up. Out of that the waves of the sum with one ' +
          'frequency are taken; the rest stays.',
      };
  }
}

/**
 * What neurons of a cluster are tuned to, by the name that other figures call it by; by its number until that is known.
 * @param {Shape} shape @param {number} wave From 1.
 */
function waveOf({ group, waves }, wave) {
  if (!group) return `frequency ${wave}`;
  const name = waves[wave - 1];
  return name === undefined ? `representation no. ${wave}` : `representation ${name}`;
}

/** A switch. @param {Shape} shape @param {string} name @param {number | null} neurons Of a cluster. */
export function labelOf(shape, name, neurons) {
  const part = partOf(name);
  switch (part?.kind) {
    case 'head':
      return `Head ${part.head}`;
    case 'mlp':
      return 'All neurons';
    case 'layer':
      return 'The whole layer';
    case 'cluster': {
      const wave = waveOf(shape, part.wave);
      return `${capital(wave)} (${neurons === null ? 'none now' : neurons === 1 ? '1 neuron' : `${neurons} neurons`})`;
    }
    case 'neurons':
    case 'logits':
      if (part.which === 'keys') return 'All key frequencies';
      return part.which === 'others' ? 'All but the key frequencies' : `Frequency ${part.which}`;
    default:
      return name;
  }
}

/** A part that is away, in a sentence. @param {Shape} shape @param {string} name */
function inSentence(shape, name) {
  const part = partOf(name);
  const of = (/** @type {number} */ layer) => (shape.layers > 1 ? ` of layer ${layer}` : '');
  switch (part?.kind) {
    case 'head':
      return `head ${part.head}${of(part.layer)}`;
    case 'mlp':
      return `all neurons${of(part.layer)}`;
    case 'layer':
      return `layer ${part.layer}`;
    case 'cluster':
      return `the neurons${of(part.layer)} of ${waveOf(shape, part.wave)}`;
    case 'neurons':
    case 'logits':
      return `${part.which === 'keys' ? 'the key frequencies' : `frequency ${part.which}`} ${WHERE[part.kind]}`;
    default:
      return name;
  }
}

/** Where frequencies are taken out. */
const WHERE = { neurons: 'in the neurons', logits: 'before the scores' };
/** Where all but the key frequencies go: those that stay are told, not those that are away. @param {string} name */
function keptAt(name) {
  const part = partOf(name);
  return part && 'which' in part && part.which === 'others' ? WHERE[part.kind] : null;
}

/** @param {string[]} words */
const listed = (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`);
/** @param {Shape} shape @param {string[]} names */
function lessParts(shape, names) {
  const away = names.filter((name) => keptAt(name) === null).map((name) => inSentence(shape, name));
  const only = names.flatMap((name) => keptAt(name) ?? []);
  return [
    ...(away.length > 0 ? [`without ${listed(away)}`] : []),
    ...(only.length > 0 ? [`with nothing but the key frequencies ${listed(only)}`] : []),
  ].join(', and ');
}

export const NOTHING_CUT = 'Nothing is taken away: what remains is the whole network.';
export const ASKING = 'What remains is computed.';
/** @param {string} why */
export const notCut = (why) => `${why.replace(/\.$/, '')}.`;

/** @param {Shape} shape @param {Pick<Ablated, 'step' | 'cuts' | 'whole' | 'left'>} ablated */
export function outcome(shape, { step, cuts, whole: all, left }) {
  const of = (/** @type {'train' | 'heldOut'} */ side) => {
    const [before, after] = [all[side], left[side]];
    const instead = before.right === after.right ? 'as many as the whole network' : `instead of ${whole(before.right)}`;
    return { after: whole(after.right), of: whole(after.of), instead };
  };
  const [train, heldOut] = [of('train'), of('heldOut')];
  return `At step ${whole(step)}, ${lessParts(shape, cuts)}, it gets ${heldOut.after} of ${heldOut.of} held-out cells right, ` +
    `${heldOut.instead}; of the ${train.of} that it is trained on ${train.after}, ${train.instead}.`;
}

/** How many cells have another answer. @param {Uint8Array} kinds As `compared` has them. @param {Started} started */
export function changesIn(kinds, { answer }) {
  const counts = [0, 0, 0, 0];
  kinds.forEach((kind, cell) => {
    if (answer[cell] !== NO_SYMBOL) counts[kind] += 1;
  });
  const [same, lost, gained, other] = counts;
  if (lost + gained + other === 0) return `All ${whole(same)} cells have the answer that they had.`;
  const others = other > 0 ? `, and ${whole(other)} are wrong in another way` : '';
  return `${whole(same)} of ${whole(same + lost + gained + other)} cells have the answer that they had. ${whole(lost)} were right and are ` +
    `wrong now, ${whole(gained)} are right only now${others}.`;
}

/** The network is looked at as it is, whatever step is. @param {number} step */
export const onlyNow = (step) => `The pictures are of the network as it is now, at step ${whole(step)}: what it was before is kept below, as far as the rule goes.`;

/** Pictures of the table. */
export const WHOLE = 'The whole network';
export const LEFT = 'What remains';
export const CHANGED = 'What has changed';
/** @param {string} title @param {Scores} scores */
export const boardOf = (title, { train, heldOut }) =>
  `${title}: of ${whole(heldOut.of)} held-out cells ${whole(heldOut.right)} are right, of ${whole(train.of)} trained on ${whole(train.right)}`;
/** @param {Shape} shape @param {string[]} names */
export const without = (shape, names) => (names.length > 0 ? `${LEFT} ${lessParts(shape, names)}` : LEFT);
export const KEYS = 'Arrow keys read its cells';
/** What a cell looks like, and what it means. @type {[string, string][]} */
export const MARKS = [['inset', 'shown'], ['inset pale', 'shown, wrong'], ['full', 'not shown, right'], ['empty', 'not shown, wrong']];
/** By kind. @type {string[]} */
export const KINDS = ['the same answer', 'was right, is wrong', 'was wrong, is right', 'another wrong answer'];

/**
 * @param {Started} started @param {{ x: number, y: number }} cell
 * @param {{ predicted: Uint16Array, confidence: Float32Array }} before @param {{ predicted: Uint16Array, confidence: Float32Array }} after
 */
export function cellOf({ symbols, answer, heldOut, operation }, { x, y }, before, after) {
  const cell = x * symbols.length + y;
  const place = `x = ${symbols[x]}, y = ${symbols[y]}`;
  if (answer[cell] === NO_SYMBOL) return `${place}: ${operation} is not defined here.`;
  const says = (/** @type {typeof before} */ { predicted, confidence }) =>
    `${symbols[predicted[cell]] ?? 'nothing'}${Number.isFinite(confidence[cell]) ? `, ${sure(confidence[cell])} sure` : ''}`;
  return `${place}: ${operation} = ${symbols[answer[cell]]}, ${heldOut[cell] ? 'never shown' : 'shown'}. The whole network says ${says(before)}; ` +
    `what remains says ${says(after)}.`;
}

/** @param {number} share */
const sure = (share) => (share < 1 && share >= 0.9995 ? `more than ${withUnit(99.9, '%')}` : withUnit((100 * share).toFixed(1), '%'));

/** Numbers beside one another. */
export const SCORES = 'How much is right, and the loss';
/** @type {[string, string]} */
export const SIDES = ['Trained on', 'Held out'];
/** @type {[string, string]} */
export const COLUMNS = ['right', 'loss'];
/** @param {{ right: number, of: number }} score @returns {[string, string]} */
export function right({ right: count, of }) {
  const counted = `${whole(count)} of ${whole(of)}`;
  if (of === 0) return ['–', counted];
  // Never 0 % or 100 % for what is not.
  const tenths = count === 0 || count === of ? (100 * count) / of : Math.min(Math.max((100 * count) / of, 0.1), 99.9);
  return [withUnit(tenths.toFixed(1).replace(/\.0$/, ''), '%'), counted];
}
/** @param {{ loss: number, of: number }} score */
export function loss({ loss: value, of }) {
  if (of === 0 || !Number.isFinite(value)) return '–';
  return minus(value >= 99.5 ? value.toFixed(0) : value >= 0.01 ? value.toPrecision(2) : value.toExponential(1));
}

/** The rule. */
export const RULE = 'The rule alone, and the rest without it';
const HOW = 'The rule is here the part of the scores that the key frequencies of the sum make, the few waves that stand out in them, with ' +
  'the mean score of each answer. Without it the scores keep everything else, and those means. What the rule gets right says little ' +
  'before the network has found one: it is a mean over all cells with one sum, and carries what is known of those that were shown to the others.';
/** @param {Started} started */
export const ruleHow = ({ index }) => (index?.every((place, symbol) => place === symbol)
  ? HOW
  : `${HOW} The operation is a sum in disguise: each symbol has a place on a cycle, and the places are added, as with logarithms.`);
export const NO_RULE = 'The rule is taken out of the scores only where the operation is a sum, openly or in disguise. This one is not.';
export const RULE_SCORES = 'What the whole network, its rule alone and the rest get right';
export const ONLY = 'Only the rule';
export const REST = 'Without the rule';
export const CHART = 'Held-out cells that are right, over the steps';
/** Frequencies that are named one by one, at most. */
const NAMED_MAX = 6;

/** @param {Rule} rule @param {number} step @param {number} equations Of the whole table. */
export function ruleIn({ keys, only, without: rest }, step, equations) {
  const total = (/** @type {Scores} */ { train, heldOut }) => ({ right: train.right + heldOut.right, of: train.of + heldOut.of });
  const [alone, left] = [total(only), total(rest)];
  const named = [...keys].sort((a, b) => a - b).map(String);
  const of = keys.length > NAMED_MAX ? `${keys.length} frequencies` : `${keys.length === 1 ? 'frequency' : 'frequencies'} ${listed(named)}`;
  const outside = equations - alone.of;
  const others = outside > 0 ? ` The other ${whole(outside)} cells have a symbol that has no place in the sum, and are not counted.` : '';
  return `At step ${whole(step)}, the rule of ${of} alone gets ${whole(alone.right)} of ${whole(alone.of)} cells right; without it, ` +
    `${whole(left.right)} of ${whole(left.of)}.${others}`;
}

export const RECORDED = 'Here the recording keeps which answers were right, and no network: nothing can be taken out of it.';
export const TRAIN = 'Train this run here';
