// What a figure says of neurons and heads.

import { clusters, isTuned } from '../run/inside.js';
import { minus, percent, whole, withUnit } from './numbers.js';

/** @typedef {import('../worker/protocol.js').Started} Started */
/** @typedef {import('../worker/protocol.js').Inside} Inside */
/** @typedef {import('../worker/protocol.js').Tuning} Tuning */
/** @typedef {import('../run/inside.js').Cluster} Cluster */

const READ = 'Each small picture is one neuron: how strongly it answers to each cell of the table, x downwards and y ' +
  'across, from its least (near the paper) to its most (full colour).';
const THRESHOLD = 'A neuron counts as tuned, and has a colour, when more than 85\u00a0% of how it varies over the table';

/** How the wall is read, by what there is to look for. @param {Started} started @param {boolean} hasWaves */
export function look({ index, group }, hasWaves) {
  if (!hasWaves) return `${READ} This operation is neither a sum in disguise nor a group: there is no wave to look for.`;
  if (group) {
    return `${READ} The elements of the group stand coset by coset, the equal parts into which a smaller group inside it ` +
      `divides it. ${THRESHOLD} lies in one irreducible representation: the share that Nanda et al. (2023) took for frequencies.`;
  }
  const none = index ? '' : ' This operation is no sum: it is read as if it were one, since a neuron may have a frequency all the same.';
  return `${READ} Look for stripes: a neuron that answers to one frequency shows stripes, or spots, at even distances. ` +
    `${THRESHOLD} is of one frequency (Nanda et al. 2023).${none}`;
}

/** @param {Started} started @param {number} count */
const kind = ({ group }, count) => (group ? (count === 1 ? 'representation' : 'representations') : count === 1 ? 'frequency' : 'frequencies');
/** @param {Started} started @param {string} name */
export const waveName = (started, name) => `${kind(started, 1)} ${name}`;

export const LAYER = 'Layer';
/** Layers, heads and neurons count from 0, as in what is taken away and in saved weights. @param {number} layer */
export const layerName = (layer) => String(layer);

/** @param {Started} started @param {number} step @param {Inside} inside */
export function summary(started, step, inside) {
  const { neurons: { length: all }, tuned, waves } = inside;
  const at = `At step ${whole(step)}`;
  if (waves.length === 0) return `${at}, ${whole(all)} neurons.`;
  if (tuned === 0) return `${at}, none of ${whole(all)} neurons is tuned to one ${kind(started, 1)}.`;
  const found = clusters(inside).length;
  const where = found === 1 ? `${tuned === 1 ? '' : 'all '}to one ${kind(started, 1)}` : `to ${found} ${kind(started, found)}`;
  return `${at}, ${whole(tuned)} of ${whole(all)} neurons (${percent(tuned / all)}) ${tuned === 1 ? 'is' : 'are'} tuned, ${where}.`;
}

/** @param {number} step Of the pictures. @param {number} shown */
export const otherStep = (step, shown) => (step === shown ? ''
  : `Pictures are kept of a few steps only: the nearest of them, of step ${whole(step)}, are shown.`);

/** The parts of a bar, as its description. @param {Started} started @param {Inside} inside */
export function perWave(started, inside) {
  const rest = inside.neurons.length - inside.tuned;
  const parts = clusters(inside).map(({ name, neurons }) => `${waveName(started, name)}: ${neurons}`);
  return [...parts, `${UNTUNED}: ${rest}`].join(', ');
}
export const UNTUNED = 'not tuned';
export const PER_WAVE = 'Neurons of each wave';

/** @param {Started} started @param {Inside} inside @param {Tuning} tuning */
export const neuron = (started, inside, tuning) => `Neuron ${tuning.neuron}: ${facts(started, inside, tuning)}`;

/** @param {Started} started @param {Inside} inside @param {Tuning} tuning */
function facts(started, { waves }, tuning) {
  const { wave, share: part, low, high } = tuning;
  const range = `activation ${short(low)} to ${short(high)}`;
  if (low === high) return `the same everywhere, ${short(low)}.`;
  if (wave === null) return `${range}.`;
  const name = waveName(started, waves[wave]);
  return `${isTuned(tuning) ? `${name}, ${percent(part)}` : `${UNTUNED}, at most ${percent(part)} in ${name}`}; ${range}.`;
}

/** @param {number} count */
export const wallLabel = (count) => `${whole(count)} neurons: arrow keys go from one to the next, Enter opens it`;
export const POINT = 'Click a neuron, or press Enter on it, to open it.';
/** @param {number} cells @param {number} size */
export const cropped = (cells, size) => (cells >= size ? ''
  : `There is room for the first ${cells} rows and columns of ${size} in each picture; a neuron that is open shows all.`);
/** @param {number} step @param {number} count */
export const wallTitle = (step, count) => `${whole(count)} neurons over the table at step ${whole(step)}`;
export const CSV_HEAD = ['layer', 'place', 'neuron', 'wave', 'share', 'tuned', 'low', 'high'];

export const OF_RECORDING = 'The recording has no weights of its network here, so there are no neurons to look at.';
export const LIVE = 'Train one here';
export const WAITING = 'Not computed yet: it is while this figure is open.';

/** The neuron that is open. */
export const CLOSE = 'Close the neuron';
/** @param {number} number @param {number} step */
export const neuronPicture = (number, step) => `Activation of neuron ${number} over the table at step ${whole(step)}`;
/** @param {number} number */
export const neuronKeys = (number) => `Neuron ${number} over the table, x in rows and y in columns: arrow keys read its cells`;
/** @param {Started} started @param {{ x: number, y: number }} cell @param {number | null} value */
export const activationAt = ({ symbols }, { x, y }, value) =>
  `x = ${symbols[x]}, y = ${symbols[y]}: ${value === null ? 'there is no equation' : `activation ${short(value)}`}.`;
export const POINT_CELL = 'Any cell of it can be read: with a pointer, or with the arrow keys.';
export const INPUTS = 'It reads: what each symbol adds to its input';
export const AS_X = 'as x';
export const AS_Y = 'as y';
export const EFFECTS = 'It writes: what it adds to the score of each answer';
export const EFFECT = 'a unit of its activation adds';
/** @type {[string, string]} */
export const SYMBOL_HEAD = ['symbol', 'adds'];
/** @param {number} step @param {import('../worker/protocol.js').Opened} opened @param {boolean} isReordered Are symbols in another order than their own? */
export function weights(step, { inputs, effects }, isReordered) {
  return [
    `At step ${whole(step)}.`,
    inputs ? 'Input: by way of the heads, with their attention on average, against the average symbol.' : 'Its input comes from the layer before it.',
    effects ? 'Score: for each unit of activation, against the average answer.' : 'It writes to the next layer, not to the scores.',
    isReordered ? 'Symbols stand in the order of the table above.' : '',
  ].filter(Boolean).join(' ');
}
export const NO_WEIGHTS = 'Its weights come with the next look at the network.';

/** Before and after. */
export const WALLS = 'Before and after';
/** @param {number} step @param {boolean} isFirst */
export const wallHead = (step, isFirst) => `${isFirst ? 'First seen: step' : 'Shown: step'} ${whole(step)}`;
/** The three numbers. @param {Started} started @param {Inside} inside */
export function threeNumbers(started, inside) {
  const { neurons: { length: all }, tuned } = inside;
  const found = clusters(inside);
  const each = found.length ? ` Neurons of each: ${found.map(({ name, neurons }) => `${name}: ${neurons}`).join(', ')}.` : '';
  return `${percent(tuned / all)} tuned, to ${found.length} ${kind(started, found.length)}.${each}`;
}
export const ONE_STEP = 'So far there is one step to see. Train with this figure open, and it stays here beside the newest.';
export const OTHER_STEP = 'Go to another step whose weights the recording has, and the first stays here beside it.';
/** @param {number[]} steps */
export const wallsTitle = (steps) => `Neurons over the table at step ${steps.map(whole).join(' and step ')}`;

/** Attention. */
export const ATTENTION = 'Where it looks from =';
/** @param {number} rate Of attention, 0 to 1. */
export function attentionHow(rate) {
  const own = `the attention rate is ${rate}`;
  const does = rate === 1 ? 'shares out its attention over what it reads'
    : rate === 0 ? `reads every sign whole: ${own}`
      : `reads ${share(1 - rate)} of every sign, and shares out another ${share(rate)} over them: ${own}`;
  return `At the last sign of the prompt, =, each head ${does}. One picture per head and sign, over the table, x downwards and y ` +
    'across; under it the mean.';
}
/** @param {number} head From 0. */
export const headName = (head) => `Head ${head}`;
/** What stands at each position. @param {number} positions */
export const signs = (positions) => (positions === 4 ? ['x', '∘', 'y', '='] : positions === 3 ? ['x', 'y', '='] : Array.from({ length: positions }, (_, at) => String(at + 1)));
/** @param {number} head @param {string} sign @param {number} mean */
export const lookLabel = (head, sign, mean) => `${headName(head)} looks at ${sign}: ${share(mean)} on average`;
/** @param {number} step */
export const attentionTitle = (step) => `Attention from = over the table at step ${whole(step)}`;
export const NONE_ALL = [percent(0), percent(1)];

/** Along the run. */
export const COURSE = 'Along the run';
export const COURSE_TUNED = 'Share of the neurons that are tuned, over the steps';
export const COURSE_WAVES = 'How many waves have tuned neurons, over the steps';
export const ALL_TUNED = 'tuned to any';
export const WAVES = 'waves with tuned neurons';
/** @type {[string, string]} */
export const COURSE_HEAD = ['step', 'waves'];

/** One equation. */
export const TRACE = 'One equation, followed through';
export const TRACE_HOW = 'Take a cell of the table above or of an open neuron, or type x and y.';
/** @param {string} name */
export const toFollowFor = (name) => `${name} to follow`;
export const FOLLOW = 'Follow';
export const READS = '1. It reads';
/** @param {number} number @param {number} layer @param {number} layers */
export const looks = (number, layer, layers) => `${number}. Its heads look${layers > 1 ? `, layer ${layer}` : ''}`;
/** @param {number} number @param {number} layer @param {number} layers */
export const fires = (number, layer, layers) => `${number}. Neurons fire${layers > 1 ? `, layer ${layer}` : ''}`;
/** @param {number} number */
export const scores = (number) => `${number}. It gives scores`;
/** @param {import('../worker/protocol.js').LayerTrace} layer @param {number} named */
export const firing = ({ firing: count, of, effect }, named) => `${whole(count)} of ${whole(of)} are above 0. Listed are the ${named} that do most` +
  `${effect === null ? '' : `, for its answer or against it. All neurons together add ${signed(effect)} to its score`}.`;
export const NEURON_HEAD = ['neuron', 'tuned to', 'activation', 'adds'];
/** @param {Started} started @param {Inside | null} inside @param {number} number */
export function tunedTo(started, inside, number) {
  const tuning = inside?.neurons.find(({ neuron: its }) => its === number);
  if (!inside || !tuning) return '';
  return tuning.wave !== null && isTuned(tuning) ? waveName(started, inside.waves[tuning.wave]) : '–';
}
/** @param {Started} started @param {import('../worker/protocol.js').Predicted} predicted @param {{ symbol: number, share: number }} best */
export function followed({ symbols, answer, heldOut, operation }, { x, y, step }, best) {
  const cell = x * symbols.length + y;
  const right = symbols[answer[cell]];
  const side = heldOut[cell] ? 'it never saw this cell' : 'it was shown this cell';
  const verdict = symbols[best.symbol] === right ? 'which is right' : `but it is ${right}`;
  return `At step ${whole(step)}, ${operation} for x = ${symbols[x]} and y = ${symbols[y]}: the network says ${symbols[best.symbol]} ` +
    `(${share(best.share)} sure), ${verdict}; ${side}.`;
}
export const NO_EQUATION = 'There is no equation in that cell.';

/** A share in few digits. @param {number} value */
export const share = (value) => (value > 0 && value < 0.005 ? `< ${withUnit(1, '%')}` : value < 1 && value > 0.995 ? `> ${withUnit(99, '%')}` : withUnit(Math.round(100 * value), '%'));
/** A number in three digits. @param {number} value */
export const short = (value) => minus(String(Number(value.toPrecision(3))));
/** @param {number} value */
export const signed = (value) => `${value > 0 ? '+' : ''}${short(value)}`;
