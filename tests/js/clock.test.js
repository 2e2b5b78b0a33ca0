// The clock of a network that adds: where hands point, who is ahead, and what is said of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { knobAt, drawFaces } from '../../www/js/draw/faces.js';
import { drawStrips, heightOf, offsetAt } from '../../www/js/draw/strips.js';
import {
  added, alike, angleOf, between, clockShown, clocksOf, handsOf, lead, leads, meanOff, placeAt, placeOf, rivals, round, sumOf, wrapped,
} from '../../www/js/run/clock.js';
import { trimmed } from '../../www/js/run/room.js';
import { merged } from '../../www/js/run/frames.js';
import { readInspection } from '../../www/js/run/inspection.js';
import { RECORDED, UNWATCHED } from '../../www/js/run/watch.js';
import * as text from '../../www/js/text/clock.js';

const TURN = 2 * Math.PI;
const NONE = 65535;

/** A table of a x + b y + c modulo p. @param {number} p @param {number} a @param {number} b @param {number} c */
const linear = (p, a, b, c) => ({
  symbols: Array.from({ length: p }, (_, at) => String(at)),
  index: Array.from({ length: p }, (_, at) => at),
  answer: Uint16Array.from({ length: p * p }, (_, cell) => (a * Math.floor(cell / p) + b * (cell % p) + c) % p),
});

/** That of x · y modulo 7, by powers of 3. */
const product = {
  symbols: ['0', '1', '2', '3', '4', '5', '6'],
  index: [null, 0, 2, 1, 4, 5, 3],
  answer: Uint16Array.from({ length: 49 }, (_, cell) => (Math.floor(cell / 7) * (cell % 7)) % 7),
};

/** @param {number} angle @param {number} [length] @returns {[number, number]} */
const point = (angle, length = 1) => [length * Math.cos(angle), length * Math.sin(angle)];

/** A network that has understood a sum, on even circles. @param {import('../../www/js/run/clock.js').Sum} sum @param {number} count Of the symbols. @param {[number, number][]} parts Frequencies, and how strong they are. */
function ideal(sum, count, parts) {
  const { n, a, b, order } = sum;
  const circle = (/** @type {number} */ frequency) => {
    const points = Array.from({ length: count }, () => point(0, 0));
    order.forEach((symbol, place) => {
      points[symbol] = point((TURN * frequency * place) / n);
    });
    return points;
  };
  const faces = parts.map(([k, strength]) => ({
    k,
    x: circle(a * k),
    y: circle(b * k),
    answer: Array.from({ length: n }, (_, place) => point((TURN * k * place) / n)),
    curve: Array.from({ length: n }, (_, offset) => strength * Math.cos((TURN * k * offset) / n)),
  }));
  return { n, faces, whole: added(faces.map(({ curve }) => curve)), distanceIrrelevance: 0.8, symmetricity: 0.4 };
}

test('a sum is read from its table, whatever it is a sum of', () => {
  fc.assert(fc.property(fc.constantFrom(5, 7, 11, 13), fc.nat(), fc.nat(), fc.nat(), (p, a, b, c) => {
    const [first, second, constant] = [1 + (a % (p - 1)), 1 + (b % (p - 1)), c % p];
    const sum = sumOf(linear(p, first, second, constant));
    assert.deepEqual([sum?.n, sum?.a, sum?.b, sum?.c], [p, first, second, constant]);
  }));
  const sum = sumOf(product);
  assert.deepEqual(sum, { n: 6, a: 1, b: 1, c: 0, order: [1, 3, 2, 6, 4, 5] });
  assert.equal(sumOf({ ...product, index: null }), null);
  assert.equal(sumOf({ ...product, answer: product.answer.map(() => NONE) }), null);
});

test('the hands of an even clock add up, for every pair of every sum', () => {
  for (const table of [linear(11, 1, 1, 0), linear(11, 1, 10, 0), linear(13, 2, 3, 7), product]) {
    const sum = /** @type {import('../../www/js/run/clock.js').Sum} */ (sumOf(table));
    const clock = ideal(sum, table.symbols.length, [[1, 2], [2, 1]]);
    for (const face of clock.faces) {
      assert.ok(meanOff(face, sum) < 1e-9);
      for (let i = 0; i < sum.n; i += 1) {
        for (let j = 0; j < sum.n; j += 1) {
          const { together, answer } = handsOf(face, sum, i, j);
          assert.ok(Math.abs(between(together, angleOf(answer))) < 1e-9, `${i} ${j}`);
          const symbol = table.answer[sum.order[i] * table.symbols.length + sum.order[j]];
          assert.equal(sum.order[placeOf(sum, i, j)], symbol);
        }
      }
    }
    // Turned by a quarter, every hand is a quarter off.
    const [face] = clock.faces;
    const quarter = { ...face, answer: face.answer.map((to) => point(angleOf(to) + TURN / 4)) };
    assert.ok(Math.abs(meanOff(quarter, sum) - TURN / 4) < 1e-9);
  }
});

test('angles wrap', () => {
  fc.assert(fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: -50, max: 50, noNaN: true }), (from, to) => {
    const way = between(from, to);
    assert.ok(way >= -Math.PI && way <= Math.PI);
    assert.ok(Math.abs(Math.sin(from + way) - Math.sin(to)) < 1e-9);
    assert.ok(wrapped(from) >= 0 && wrapped(from) < TURN + 1e-12);
  }));
});

test('a round goes through every place once, by even steps', () => {
  assert.deepEqual(round(7, 1), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(round(7, 2), [0, 4, 1, 5, 2, 6, 3]);
  // Two places share each of three directions.
  assert.deepEqual(round(6, 2), [0, 3, 1, 4, 2, 5]);
});

test('a hand that is dragged goes to the nearest symbol, and stays where several lie in one direction', () => {
  const sum = /** @type {import('../../www/js/run/clock.js').Sum} */ (sumOf(linear(12, 1, 1, 0)));
  const [{ x: third }] = ideal(sum, 12, [[3, 1]]).faces;
  const [{ x: fifth }] = ideal(sum, 12, [[5, 1]]).faces;
  for (let place = 0; place < 12; place += 1) {
    assert.equal(placeAt(fifth, sum, (TURN * 5 * place) / 12 + 0.1, 0), place);
    // Of 0, 4 and 8, which point to noon, the one that is nearest to where the hand was.
    assert.equal(placeAt(third, sum, (TURN * 3 * place) / 12 - 0.1, place), place);
  }
  assert.equal(placeAt(third, sum, 0, 7), 8);
});

test('the lead is that over the best of the others', () => {
  assert.equal(lead([5, 1, 3, -9]), 2);
  assert.equal(lead([1, 4, 0]), -3);
  const sum = /** @type {import('../../www/js/run/clock.js').Sum} */ (sumOf(linear(41, 1, 1, 0)));
  const clock = ideal(sum, 41, [[17, 14], [18, 13], [14, 7]]);
  const found = leads(clock);
  assert.deepEqual(found.map(({ keys }) => keys), [[17], [17, 18], [17, 18, 14]]);
  for (const [at, { ahead }] of found.entries()) {
    // By the formula instead of the curves.
    const value = (/** @type {number} */ offset) => [[17, 14], [18, 13], [14, 7]].slice(0, at + 1)
      .reduce((total, [k, strength]) => total + strength * Math.cos((TURN * k * offset) / 41), 0);
    const next = Math.max(...Array.from({ length: 40 }, (_, offset) => value(offset + 1)));
    assert.ok(Math.abs(ahead - (value(0) - next)) < 1e-9);
  }
  assert.ok(found[0].ahead < 0.2 && found[2].ahead > 5, `${found[0].ahead} ${found[2].ahead}`);
  assert.deepEqual(alike([10, 9, 8.9, -10]), [true, true, false, false]);
  assert.deepEqual(alike([-1, 5]), [false, false]);
  const { alone, together } = rivals(clock);
  // Within 0.451 of a turn's 2π: 2 · floor(0.0718 · 41) others of each.
  assert.deepEqual([alone, together], [[4, 4, 4], 0]);
});

/** @param {number} step @param {object | null} inspected */
const frame = (step, inspected) => /** @type {any} */ ({ step, inspected });

test('the clock that is shown is the last that was looked at', () => {
  const watch = { ...UNWATCHED, clock: true };
  const [first, second] = [{ n: 5 }, { n: 5 }];
  const run = /** @type {any} */ ({ scrub: null, frames: [
    frame(0, { watch, clock: null }), frame(10, { watch, clock: first }), frame(20, null), frame(30, { watch: UNWATCHED, clock: null }), frame(40, { watch, clock: second }),
  ] });
  assert.deepEqual(clocksOf(run).map(({ step }) => step), [0, 10, 40]);
  assert.equal(clockShown(run)?.clock, second);
  assert.equal(clockShown({ ...run, scrub: 35 })?.clock, first);
  // Looked at, and nothing stood out.
  assert.deepEqual(clockShown({ ...run, scrub: 5 }), { step: 0, clock: null });
  assert.equal(clockShown({ ...run, frames: [frame(0, { watch: RECORDED })] }), null);
});

test('of the faces that are not drawn only the curves are kept', () => {
  const sum = /** @type {import('../../www/js/run/clock.js').Sum} */ (sumOf(linear(17, 1, 1, 0)));
  const clock = ideal(sum, 17, [[1, 8], [2, 7], [3, 6], [4, 5], [5, 4], [6, 3], [7, 2]]);
  const kept = trimmed(clock);
  assert.deepEqual(kept.faces.map(({ x, y, answer, curve }) => [x.length, y.length, answer.length, curve.length]), [
    ...Array(5).fill([17, 17, 17, 17]), [0, 0, 0, 17], [0, 0, 0, 17],
  ]);
  assert.deepEqual([leads(kept), rivals(kept)], [leads(clock), rivals(clock)]);
});

test('what was seen of the clock stays while another figure is looked at', () => {
  const seen = (/** @type {boolean} */ looked, /** @type {any} */ clock) =>
    /** @type {any} */ ({ step: 1, watch: { ...UNWATCHED, clock: looked }, points: [], clock });
  const clock = { n: 5 };
  assert.equal(merged(seen(true, clock), seen(false, null)).clock, clock);
  assert.equal(merged(seen(true, clock), seen(false, null)).watch.clock, true);
  assert.equal(merged(seen(true, clock), seen(true, null)).clock, null);
});

test('a recording has no clock, and is read without one', () => {
  const read = readInspection({ value: { weightNorm: 3, clock: { n: 'x' } }, at: 'here' }, 7);
  assert.deepEqual([read?.clock, read?.inside, read?.parts, read?.watch], [null, null, null, RECORDED]);
  assert.ok(Object.values(UNWATCHED).every((value) => !value));
});

test('what is said of one answer is counted', () => {
  const say = (/** @type {number[]} */ alone, /** @type {number} */ together, by = 3) => text.agreement({ alone, together }, 41, by);
  assert.equal(say([4, 4, 4], 0, 16.7), 'Each frequency alone gives 4 other answers of 41 at least 9 tenths of what it gives the right one. ' +
    'No other answer gets that from all 3: their agreement singles one out, 16.7 ahead of the next best.');
  assert.match(say([2, 5], 0, 0.02), /2 to 5 other answers.*from both: their agreement singles one out, only 0\.02 ahead/);
  assert.match(say([2, 5], 2, -1), /2 others get that from both: added up, the right one is 1\.0 behind the best\.$/);
  assert.match(say([6], 6), /^The one frequency that stands out gives 6 other answers .* it hardly tells them apart\.$/);
  for (const words of [say([0, 0], 0), say([0], 0)]) {
    assert.match(words, /gives no other answers/);
    assert.doesNotMatch(words, /agreement|apart/);
  }
});

test('angles and scores in words', () => {
  const pair = { x: '3', y: '5', z: '8', operation: 'x + y' };
  assert.equal(text.pair(pair, [0.1, 0.02]), 'x = 3 and y = 5: the answer to x + y is 8. On the 2 circles the hand of the answer is 1° to 6° from where x and y together point.');
  assert.match(text.pair(pair, [0.1]), /On its circle the hand of the answer is 6° from/);
  assert.deepEqual([0, 0.0004, 0.004, -0.02, 0.5, -3.14, 120].map(text.logit), ['0', '0', '0.004', '−0.02', '0.50', '−3.1', '120']);
  assert.equal(text.ahead(-0.5), '0.50 behind');
  const parts = [{ k: 4, value: 2 }, { k: 9, value: -1 }];
  assert.equal(text.swept(-1, '7', parts, 1, 5), '7, one place back: frequency 4 gives it 2.0, frequency 9 gives it −1.0; together 1.0, and the right answer gets 5.0.');
  assert.match(text.swept(0, '8', parts, 5, 5), /^The right answer, 8: .*; together 5\.0\.$/);
  const [one] = parts;
  assert.equal(text.swept(0, '8', [one], 2, 2), 'The right answer, 8: frequency 4 gives it 2.0.');
  assert.equal(text.swept(1, '9', [one], 2, 5), '9, one place on: frequency 4 gives it 2.0, and the right answer gets 5.0.');
  assert.equal(text.noSymbol('50', ['0', '1', '42']), '`50` is no symbol: they go from 0 to 42.');
  assert.equal(text.joined([1, 2, 3]), '1 + 2 + 3');
  assert.equal(text.joined([1, 2, 3, 4, 5, 6, 7]), 'the 7 strongest');
});

test('clock or pizza is said by the ranges of the paper, and less before the rule is there', () => {
  const clock = /** @type {any} */ ({ symmetricity: -0.05, distanceIrrelevance: 0.39 });
  assert.equal(text.measured(5, clock, true), 'At step 5: symmetricity −0.05, distance irrelevance 0.39, where the paper found pizzas.');
  assert.match(text.measured(5, { ...clock, distanceIrrelevance: 0.4 }, false), /where the paper found clocks\. It has not got the rule yet/);
  assert.deepEqual(text.REFERENCES, { symmetricity: { pizza: 0.99, clock: 0.33 }, distanceIrrelevance: { pizza: 0.17, clock: 0.85 } });
  assert.match(text.REFERENCE_HOW, /networks of another kind/);
  assert.equal(text.rated(1), 'The attention rate of this run is 1: its heads choose how much they read of each token.');
  assert.equal(text.rated(0), 'The attention rate of this run is 0: its heads read every token whole, x and y alike.');
  assert.equal(text.rated(0.3), 'The attention rate of this run is 0.3: its heads read 70\u00a0% of every token whatever it is, and choose how they share out another 30\u00a0%.');
});

test('how many frequencies stand out, and of how many', () => {
  const run = /** @type {any} */ ({ recording: null, frames: [] });
  const of = (/** @type {number} */ count) => ({ step: 9, clock: /** @type {any} */ ({ n: 97, faces: Array(count).fill({}) }) });
  assert.equal(text.describe(run, of(1), 5), 'At step 9, one frequency stands out of 48.');
  assert.equal(text.describe(run, of(7), 5), 'At step 9, 7 frequencies stand out of 48, of which the strongest 5 are drawn.');
  assert.equal(text.describe(run, { step: 9, clock: null }, 5), 'At step 9 no frequency stands out: there is no circle to draw yet.');
  assert.match(text.describe(run, null, 5), /Not computed at this step/);
});

const COLORS = { ink: '#111111', quiet: '#222222', line: '#333333', strong: '#444444', paper: '#555555' };

test('a hand starts at 12 o\'clock and goes clockwise', () => {
  const [x, y] = knobAt('x', 0);
  assert.ok(Math.abs(x - 0.5) < 1e-9 && y < 0.1);
  assert.ok(knobAt('x', Math.PI / 2)[0] > 0.9);
  assert.ok(knobAt('y', Math.PI)[1] > 0.5 && knobAt('y', Math.PI)[1] < knobAt('x', Math.PI)[1]);
});

test('faces and strips are drawn as they are', () => {
  const ring = { points: [point(0), point(2), point(4, 9)], hues: ['#aa0000', '#00aa00', '#0000aa'], others: null };
  const hands = { x: 0, y: 1, together: 1, answer: point(1), dots: /** @type {[[number, number], [number, number]]} */ ([point(0), point(1)]), sweep: 2 };
  const face = { ring, hands, name: 'frequency 3', off: 'a & b' };
  const drawing = drawFaces([face, face, face, face], COLORS);
  assert.deepEqual([drawing.width, drawing.height > 2 * 240], [720, true]);
  assert.equal(drawing.content.match(/#00aa00/g)?.length, 4);
  assert.ok(drawing.content.includes('a &amp; b') && !/NaN|undefined/.test(drawing.content));
  const strips = [{ name: 'one', values: [1, -2, 5, 0, 4.9], marks: [false, false, true, false, true] }, { name: 'all', values: [0, 0, 0, 0, 0], marks: [], strong: true }];
  const strip = drawStrips(strips, { width: 300, colors: COLORS, cursor: 1, middle: 'here', ends: ['a', 'b'] });
  assert.equal(strip.height, heightOf(strips));
  assert.ok(!/NaN|undefined/.test(strip.content));
  assert.deepEqual([0, 0.5, 1].map((share) => offsetAt(share, 300, 5)), [-2, 0, 2]);
  assert.deepEqual([0, 1].map((share) => offsetAt(share, 300, 6)), [-2, 3]);
});
