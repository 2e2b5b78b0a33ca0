// What a figure says of a network that adds as on a clock.

import { ALIKE } from '../run/clock.js';
import { unseen } from './laboratory.js';
import { minus, percent } from './numbers.js';

export { noSymbol } from './structure.js';

/** @typedef {import('../worker/protocol.js').Clock} Clock */

export const LOOK = 'Look whether the dots lie in order on circles. Once they do, adding is turning: the angle of x and the ' +
  'angle of y together are the angle of the answer.';
export const HOW = 'A circle a key frequency, the strongest first. A dot is a symbol, where the network\'s own embedding has it on the ' +
  'cosine and sine of that frequency; its colour says where it belongs on the round, and the line joins those that follow one ' +
  'another there. The logits are the scores that the network gives each answer: their hand is the mean over all pairs with that answer.';
/** What the hands are. @type {['x' | 'y' | 'together' | 'answer', string][]} */
export const KEY = [
  ['x', 'x'], ['y', 'y'], ['together', 'both angles together'], ['answer', 'the answer, as the logits point'],
];
export const TWO_RINGS = ' Here y turns another way than x: its symbols are the small rings.';
export const LOGARITHMS = ' Symbols follow one another by their logarithms, which turn products into sums; 0 has none.';
export const MOVE = 'Drag a hand, or give it the focus and use the arrow keys; type x and y; or point at a cell of the table.';

export const ANSWER = 'answer';
export const HANDS = { x: 'Hand of x', y: 'Hand of y' };
export const FACES = 'The circles of the network, with hands for x, y and the answer';
/** The columns of the table of values. */
export const COLUMNS = ['frequency', 'x', 'y', 'x and y together', 'answer', 'apart'];

/** No clock here. */
export const NO_SUM = 'This operation is no sum, not even in disguise: there is no clock to draw. x + y is one, and x · y by its logarithms.';
export const RUN_SUM = 'Set up x + y';
export const RECORDED = 'The recording has no circles here: they need the network itself.';
export const RUN_LIVE = 'Train one here';
/** @param {number} step */
export const nothingStandsOut = (step) => `At step ${step} no frequency stands out: there is no circle to draw yet.`;

/** @param {number} radians */
const degrees = (radians) => `${Math.round((180 * radians) / Math.PI)}°`;

/** @param {number} count @param {string} one @param {string} [many] */
const counted = (count, one, many = `${one}s`) => (count === 1 ? `one ${one}` : `${count === 0 ? 'no' : count} ${many}`);

/**
 * @param {import('../run/run.js').Run} run @param {{ step: number, clock: Clock | null } | null} seen
 * @param {number} most Circles that are drawn.
 */
export function describe(run, seen, most) {
  if (!seen) return unseen(run);
  const { step, clock } = seen;
  if (!clock) return nothingStandsOut(step);
  const { length } = clock.faces;
  const rest = length > most ? `, of which the strongest ${most} are drawn` : '';
  return `At step ${step}, ${counted(length, 'frequency', 'frequencies')} ${length === 1 ? 'stands' : 'stand'} out of ${Math.floor(clock.n / 2)}${rest}.`;
}

/** Under a circle. @param {number} k @param {number} off In radians. */
export const face = (k, off) => ({ name: `frequency ${k}`, off: `answer ${degrees(off)} off on average` });

/**
 * What a pair shows.
 * @param {{ x: string, y: string, z: string, operation: string }} pair @param {number[]} apart In radians, by circle.
 */
export function pair({ x, y, z, operation }, apart) {
  const [least, most] = [Math.min(...apart), Math.max(...apart)].map(degrees);
  const by = least === most ? most : `${least} to ${most}`;
  const where = apart.length === 1 ? 'On its circle' : `On the ${apart.length} circles`;
  return `x = ${x} and y = ${y}: the answer to ${operation} is ${z}. ${where} the hand of the answer is ${by} from where x and y together point.`;
}
/** @param {string} symbol */
export const noPlace = (symbol) => `${symbol} has no logarithm and no place on these circles.`;
/** What a hand is at, and what comes of it. @param {string} symbol @param {string} answer */
export const handAt = (symbol, answer) => `${symbol}, the answer is ${answer}`;
/** @param {number[]} turns In radians, of one circle. @param {number} k @returns {string[]} */
export const row = (turns, k) => [String(k), ...turns.map(degrees)];

export const AGREEMENT = 'How one answer is singled out';
export const CURVES = 'What the logits give each answer, by how far it is from the right one';
export const CURVES_HOW = 'Let a hand, dashed on the circles, sweep over all answers: this is what each frequency gives them, on average over all pairs, the right answer ' +
  'in the middle. The other bars that stand out get nearly as much.';
export const SWEEP = 'Places from the right answer';
/** @param {number} count Of the frequencies. */
export const added = (count) => (count === 1 ? 'the one that stands out' : `${ofAll(count)} added up`);
/** @type {[string, string]} */
export const ENDS = ['← before it', 'after it →'];
export const WHOLE = 'the logits entire';
export const RIGHT = 'the right answer';
/** @param {number} k */
export const alone = (k) => `frequency ${k}`;
/** A logit, to be read. @param {number} value */
export function logit(value) {
  const size = Math.abs(value);
  if (size < 0.0005) return '0';
  return minus(size < 0.0095 ? value.toFixed(3) : value.toFixed(size < 0.995 ? 2 : size < 99.95 ? 1 : 0));
}

/**
 * The answer that the hand has swept to.
 * @param {number} offset Places on. @param {string} symbol @param {{ k: number, value: number }[]} parts @param {number} total @param {number} best
 */
export function swept(offset, symbol, parts, total, best) {
  const list = parts.map(({ k, value }) => `frequency ${k} gives it ${logit(value)}`).join(', ');
  // One frequency is added to nothing.
  const all = parts.length > 1 ? `${list}; together ${logit(total)}` : list;
  if (offset === 0) return `The right answer, ${symbol}: ${all}.`;
  const places = counted(Math.abs(offset), 'place');
  return `${symbol}, ${places} ${offset > 0 ? 'on' : 'back'}: ${all}, and the right answer gets ${logit(best)}.`;
}

/** @param {number} count */
const ofAll = (count) => (count === 2 ? 'both' : `all ${count}`);

/**
 * @param {{ alone: number[], together: number }} rivals @param {number} n
 * @param {number} by How far the right answer is ahead of the next best when all are added up.
 */
export function agreement({ alone: counts, together }, n, by) {
  const nearly = `at least ${ALIKE * 10} tenths of what it gives the right one`;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const others = least === most ? counted(most, 'other answer') : `${least} to ${most} other answers`;
  if (counts.length === 1) return `The one frequency that stands out gives ${others} of ${n} ${nearly}${most > 0 ? ': it hardly tells them apart' : ''}.`;
  const each = `Each frequency alone gives ${others} of ${n} ${nearly}.`;
  if (most === 0) return each;
  const place = by < 0 ? `${logit(-by)} behind the best` : `${by < 1 ? 'only ' : ''}${logit(by)} ahead of the next best`;
  return together === 0
    ? `${each} No other answer gets that from ${ofAll(counts.length)}: their agreement singles one out, ${place}.`
    : `${each} ${counted(together, 'other')} ${together === 1 ? 'gets' : 'get'} that from ${ofAll(counts.length)}: added up, the right one is ${place}.`;
}

export const LEADS = 'How far the right answer is ahead of the next best';
export const LEADS_COLUMNS = ['frequencies', 'ahead by'];
/** @param {number[]} keys */
export const joined = (keys) => (keys.length > 6 ? `the ${keys.length} strongest` : keys.join(' + '));
/** @param {number} value */
export const ahead = (value) => (value < 0 ? `${logit(-value)} behind` : logit(value));

/** Clock or pizza. */
export const PIZZA = 'Clock or pizza?';
export const PIZZA_LOOK = 'Two ways to add with circles are known (Zhong et al. 2023). A clock turns one angle on by the other. A pizza takes ' +
  'the two points and goes by the middle between them: where x and y lie opposite, that middle is no direction, and it hardly sees the answer.';
export const RATE_LOOK = 'By attention the heads of a network choose how much they read of each token. That paper took it away by degrees, from a rate ' +
  'of 1 to 0, and pizzas came in place of clocks.';
/** What a reader can train instead, by its attention rate. @type {[string, string][]} */
export const RATES = [['1', 'Train one with attention'], ['0', 'Train one without']];
/** @param {number} rate Of attention, 0 to 1. */
export function rated(rate) {
  const does = rate === 1 ? 'its heads choose how much they read of each token'
    : rate === 0 ? 'its heads read every token whole, x and y alike'
      : `its heads read ${percent(1 - rate)} of every token whatever it is, and choose how they share out another ${percent(rate)}`;
  return `The attention rate of this run is ${rate}: ${does}.`;
}
export const SYMMETRICITY = 'gradient symmetricity';
export const IRRELEVANCE = 'distance irrelevance';
export const MEANINGS = {
  symmetricity: 'Whether a nudge to x\'s row and one to y\'s row move the scores alike: 1 is exactly alike.',
  distanceIrrelevance: 'How little the right answer\'s score depends on how far x and y are apart: near 0 it depends on that alone, near 1 not at all.',
};
/** Those of one network of each kind in that paper. */
export const REFERENCES = {
  symmetricity: { pizza: 0.99, clock: 0.33 },
  distanceIrrelevance: { pizza: 0.17, clock: 0.85 },
};
export const REFERENCE_HOW = 'The marks are what that paper measured in one pizza and one clock, networks of another kind (modulo 59, trained on 80\u00a0%, ' +
  'without a third token): they are for orientation. Of the two numbers, the paper goes by the distance irrelevance: pizzas 0 to 0.4, clocks 0.4 to 1.';
export const HONEST = 'Clock and pizza are ends of one scale, and a network can lie anywhere on it; early in training the numbers of a coming ' +
  'clock can be those of a pizza.';
export const COURSE = 'Gradient symmetricity and distance irrelevance over the steps';

/** @param {number} value */
export const measure = (value) => minus(value.toFixed(2));

/** @param {string} name @param {number} value @param {{ pizza: number, clock: number }} reference */
export const dial = (name, value, { pizza, clock }) => `${name} ${measure(value)}; the paper's pizza ${measure(pizza)}, its clock ${measure(clock)}`;

/** @param {number} step @param {Clock} clock @param {boolean} isThere Whether it gets the held-out cells. */
export function measured(step, { symmetricity, distanceIrrelevance }, isThere) {
  const range = distanceIrrelevance < 0.4 ? 'where the paper found pizzas' : 'where the paper found clocks';
  const early = isThere ? '' : ' It has not got the rule yet, so they say little of how it will add.';
  return `At step ${step}: symmetricity ${measure(symmetricity)}, distance irrelevance ${measure(distanceIrrelevance)}, ${range}.${early}`;
}
