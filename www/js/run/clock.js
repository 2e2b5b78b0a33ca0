// A network that adds, as a clock: where its hands point, and how far the answer is ahead of the others.

/** @typedef {import('../worker/protocol.js').Clock} Clock */
/** @typedef {import('../worker/protocol.js').Face} Face */
/** @typedef {import('./run.js').Run} Run */
/** A direction or a place of the plane: cosine and sine. @typedef {[number, number]} Point */
/**
 * The sum that an operation is: the place of the answer is a i(x) + b i(y) + c mod n.
 * @typedef {{ n: number, a: number, b: number, c: number, order: number[] }} Sum `order` has the symbol of each place.
 */

/** Share of what the right answer gets from which on another one is pointed at, too. */
export const ALIKE = 0.9;

const TURN = 2 * Math.PI;

/** @param {Pick<import('../worker/protocol.js').Started, 'index' | 'answer' | 'symbols'>} started @returns {Sum | null} */
export function sumOf({ index, answer, symbols }) {
  if (!index) return null;
  /** @type {number[]} */
  const order = [];
  index.forEach((place, symbol) => {
    if (place !== null) order[place] = symbol;
  });
  const n = order.length;
  const place = (/** @type {number} */ x, /** @type {number} */ y) => index[answer[order[x] * symbols.length + order[y]]] ?? NaN;
  const c = n > 1 ? place(0, 0) : NaN;
  const [a, b] = [place(1, 0) - c, place(0, 1) - c].map((factor) => (factor + n) % n);
  return [a, b, c].every(Number.isInteger) ? { n, a, b, c, order } : null;
}

/** The place of the answer to two places. @param {Sum} sum @param {number} i @param {number} j */
export const placeOf = ({ n, a, b, c }, i, j) => (a * i + b * j + c) % n;

/**
 * What was seen of the clock at each step that was looked at; null where no frequency stood out.
 * @param {Run} run @returns {{ step: number, clock: Clock | null }[]}
 */
export const clocksOf = ({ frames }) =>
  frames.flatMap(({ step, inspected }) => (inspected?.watch.clock ? [{ step, clock: inspected.clock ?? null }] : []));

/** The last of them by the step that is shown. @param {Run} run */
export const clockShown = (run) => clocksOf(run).findLast(({ step }) => run.scrub === null || step <= run.scrub) ?? null;

/** From 0 to a turn. @param {number} angle */
export const wrapped = (angle) => ((angle % TURN) + TURN) % TURN;
/** The way from one angle to another, at most half a turn in either direction. @param {number} from @param {number} to */
export const between = (from, to) => wrapped(to - from + Math.PI) - Math.PI;
/** @param {ArrayLike<number>} point */
export const angleOf = (point) => Math.atan2(point[1], point[0]);

/** The places of the index in the order in which they run round a circle of a frequency. @param {number} n @param {number} frequency @returns {number[]} */
export function round(n, frequency) {
  const along = (/** @type {number} */ place) => (frequency * place) % n;
  return Array.from({ length: n }, (_, place) => place).sort((i, j) => along(i) - along(j) || i - j);
}

/**
 * The hands of a face for two places: angles in radians, and where the logits point.
 * @param {Face} face @param {Sum} sum @param {number} i Of x. @param {number} j Of y.
 * @returns {{ x: number, y: number, together: number, answer: Point }} `together` is of x and y, one turned on by the other.
 */
export function handsOf({ k, x: xs, y: ys, answer }, sum, i, j) {
  const [x, y] = [angleOf(xs[sum.order[i]]), angleOf(ys[sum.order[j]])];
  const constant = (TURN * k * sum.c) / sum.n;
  return { x: wrapped(x), y: wrapped(y), together: wrapped(x + y + constant), answer: answer[placeOf(sum, i, j)] };
}

/** How far the answer's hand is from the angles of x and y together, in radians, on average over all pairs. @param {Face} face @param {Sum} sum */
export function meanOff({ k, x, y, answer }, sum) {
  const { n, order, c } = sum;
  const [xs, ys] = [x, y].map((points) => order.map((symbol) => angleOf(points[symbol])));
  const hands = answer.map(angleOf);
  const constant = (TURN * k * c) / n;
  let off = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) off += Math.abs(between(hands[placeOf(sum, i, j)], xs[i] + ys[j] + constant));
  }
  return off / n ** 2;
}

/**
 * The place whose dot is nearest in direction to an angle, and of those that are equally near the one nearest to a place.
 * @param {ArrayLike<number>[]} points Of the symbols. @param {Sum} sum @param {number} angle @param {number} from
 */
export function placeAt(points, { n, order }, angle, from) {
  const away = (/** @type {number} */ place) => Math.min((place - from + n) % n, (from - place + n) % n);
  let [best, least] = [from, Infinity];
  for (let place = 0; place < n; place += 1) {
    const distance = Math.abs(between(angleOf(points[order[place]]), angle));
    const isNearer = distance < least - 1e-6 || (distance < least + 1e-6 && away(place) < away(best));
    if (isNearer) [best, least] = [place, distance];
  }
  return best;
}

/** The logits of several frequencies together. @param {number[][]} curves @returns {number[]} */
export const added = (curves) => curves[0].map((_, at) => curves.reduce((total, curve) => total + curve[at], 0));

/** How far the answer, at 0, is ahead of the next best; less than 0 if it is behind. @param {number[]} curve */
export const lead = ([answer, ...others]) => answer - Math.max(...others);

/**
 * How far the answer is ahead with one frequency, with two, and so on.
 * @param {Clock} clock @returns {{ keys: number[], ahead: number }[]}
 */
export const leads = ({ faces }) => faces.map((_, at) => {
  const some = faces.slice(0, at + 1);
  return { keys: some.map(({ k }) => k), ahead: lead(added(some.map(({ curve }) => curve))) };
});

/** Whether each place is pointed at about as strongly as the answer. @param {number[]} curve */
export const alike = (curve) => curve.map((value) => curve[0] > 0 && value >= ALIKE * curve[0]);

/** How many other answers each frequency points at, and how many all of them do. @param {Clock} clock */
export function rivals({ faces, n }) {
  const marks = faces.map(({ curve }) => alike(curve));
  const count = (/** @type {boolean[]} */ marked) => marked.slice(1).filter(Boolean).length;
  const byAll = Array.from({ length: n }, (_, at) => marks.every((marked) => marked[at]));
  return { alone: marks.map(count), together: count(byAll) };
}
