// Neurons and heads: in what order they are shown, which of their pictures are kept, and what is said of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ticksBetween, drawPlot } from '../../www/js/draw/plot.js';
import { hue, ramp } from '../../www/js/draw/ramp.js';
import { cropOf, layoutOf, neighbour, pictureAt } from '../../www/js/draw/wall.js';
import { withEvaluated, withInspected } from '../../www/js/run/frames.js';
import {
  axisOf, clusters, colorsOf, insideAt, likeliest, meanAttention, openedAt, pictured, picturesAt,
} from '../../www/js/run/inside.js';
import { bytesOf, recordOf } from '../../www/js/run/kept.js';
import { withFewPictures } from '../../www/js/run/room.js';
import { newRun } from '../../www/js/run/run.js';
import * as text from '../../www/js/text/inside.js';
import { demo } from './demo.js';
import { FakeWorker, evaluated, settled, started, withBrowser } from './fake.js';

/** @typedef {import('../../www/js/run/frames.js').Frame} Frame */

/** Thin spaces are for the eye. @param {string} said */
const plain = (said) => said.replaceAll('\u202f', '').replaceAll('\u00a0', ' ');

/** @param {[number | null, number][]} tunings Wave and share of each. @param {object} [more] @returns {any} */
const insideOf = (tunings, more = {}) => {
  const neurons = tunings.map(([wave, share], neuron) => ({ neuron, wave, share, low: 0, high: 1 + neuron }));
  return {
    layer: 0, layers: 1, heads: 1, positions: 2, waves: ['1', '2', '3', '4'], neurons,
    tuned: neurons.filter(({ share }) => share > 0.85).length, opened: null, ...more,
  };
};

/** @param {number} step @param {any} inside @param {number} [bytes] @returns {any} */
const inspected = (step, inside, bytes = 12) => ({
  type: 'inspected', step, watch: { points: null }, weightNorm: 1, fourier: null, powers: null, sharpness: null, outlook: null,
  points: new Float32Array(0), parts: null, inside, pictures: new Uint8Array(bytes).fill(1),
});

/** @param {number} step @param {any} inside @param {number} [bytes] @returns {Frame} */
const frameOf = (step, inside, bytes) => ({ step, evaluated: evaluated(step), inspected: inspected(step, inside, bytes) });

const NOISE = insideOf([[0, 0.2], [1, 0.3]]);

test('an axis has every symbol once: round the cycle, coset by coset, and those without a place last', () => {
  const symbols = ['0', '1', '2', '3', '4'];
  // Products modulo 5 by the logarithm to 2: 1, 2, 4, 3, and 0 behind them.
  assert.deepEqual(axisOf({ symbols, index: [null, 0, 1, 3, 2], order: [0, 1, 2, 3, 4] }), [1, 2, 4, 3, 0]);
  assert.deepEqual(axisOf({ symbols, index: null, order: [0, 2, 4, 1, 3] }), [0, 3, 1, 4, 2]);
  assert.deepEqual(axisOf({ symbols }), [0, 1, 2, 3, 4]);
  fc.assert(fc.property(fc.array(fc.option(fc.nat(50)), { minLength: 1, maxLength: 50 }), (index) => {
    const axis = axisOf({ symbols: index.map(String), index });
    assert.deepEqual([...axis].sort((a, b) => a - b), index.map((_, at) => at));
    const places = axis.map((symbol) => index[symbol] ?? Infinity);
    assert.ok(places.every((place, at) => at === 0 || place >= places[at - 1]), `${places}`);
  }));
});

test('a product has stripes along the axis of its logarithms, and none in the order of its symbols', () => {
  const p = 11;
  const index = /** @type {(number | null)[]} */ (Array(p).fill(null));
  for (let power = 0, value = 1; power < p - 1; power += 1, value = (value * 2) % p) index[value] = power;
  const answers = Array.from({ length: p }, (_, x) => Math.cos((2 * Math.PI * 3 * (index[x] ?? 0)) / (p - 1)));
  const axis = axisOf({ symbols: index.map(String), index }).slice(0, p - 1);
  axis.forEach((symbol, at) => assert.ok(Math.abs(answers[symbol] - Math.cos((2 * Math.PI * 3 * at) / (p - 1))) < 1e-12));
});

test('pictures of few steps are kept: both ends, and a spread over the logarithm of the steps', () => {
  let frames = /** @type {Frame[]} */ ([]);
  for (let step = 0; step <= 4000; step += 10) {
    frames = withInspected(withEvaluated(frames, evaluated(step)), inspected(step, NOISE));
  }
  const kept = pictured(frames, 0).map(({ step }) => step);
  assert.equal(kept.length, 16);
  assert.deepEqual([kept[0], kept.at(-1)], [0, 4000]);
  const gaps = kept.slice(2).map((step, at) => (step + 1) / (kept[at + 1] + 1));
  assert.ok(Math.max(...gaps) < 3, `${kept}`);
  // What was found stays of every frame.
  assert.ok(frames.every(({ inspected: seen }) => seen?.inside === NOISE));
});

test('pictures of a large table are fewer, and never fewer than two', () => {
  const frames = Array.from({ length: 10 }, (_, at) => frameOf(at * 100, NOISE, 40));
  assert.deepEqual(pictured(withFewPictures(frames, 16, 130), 0).map(({ step }) => step), [0, 100, 900]);
  assert.deepEqual(pictured(withFewPictures(frames, 16, 10), 0).map(({ step }) => step), [0, 900]);
  assert.equal(withFewPictures(frames, 16, 1e6), frames);
});

test('what a browser keeps of a run has no pictures', () => {
  const run = /** @type {any} */ ({
    ...newRun({ preset: 'clock', settings: {} }), started: started(), latest: evaluated(10),
    frames: [frameOf(0, NOISE, 1e6), frameOf(10, NOISE, 1e6)], inspected: inspected(10, NOISE, 1e6),
  });
  const record = recordOf(run, /** @type {any} */ ({ step: 10, history: {}, values: new Float32Array(4) }), false);
  assert.ok(bytesOf(record) < 1e4, `${bytesOf(record)}`);
  assert.equal(record.frames[1].inspected?.inside, NOISE);
});

test('every tuned neuron is counted once, at the wave that it is tuned to', () => {
  const tuning = fc.tuple(fc.option(fc.nat(3)), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([wave, share]) => /** @type {[number | null, number]} */ ([wave, wave === null ? 0 : share]));
  fc.assert(fc.property(fc.array(tuning, { maxLength: 40 }), (tunings) => {
    const inside = insideOf(tunings);
    const found = clusters(inside);
    assert.equal(found.reduce((sum, { neurons }) => sum + neurons, 0), inside.tuned);
    for (const { wave, neurons, name } of found) {
      assert.equal(neurons, tunings.filter(([of, share]) => of === wave && share > 0.85).length);
      assert.equal(name, String(wave + 1));
    }
    assert.deepEqual(found.map(({ wave }) => wave), [...new Set(found.map(({ wave }) => wave))].sort((a, b) => a - b));
  }));
});

test('a wave keeps its colour while a run goes on', () => {
  const early = insideOf([[2, 0.9], [2, 0.95], [0, 0.99]]);
  const late = insideOf([[1, 0.9], [1, 0.9], [1, 0.9], [0, 0.99]]);
  const before = colorsOf([frameOf(0, NOISE), frameOf(10, early)], 0);
  assert.deepEqual([...before], [[2, 0], [0, 1]]);
  const after = colorsOf([frameOf(0, NOISE), frameOf(10, early), frameOf(20, late)], 0);
  assert.deepEqual([...after], [[2, 0], [0, 1], [1, 2]]);
  const colors = Array.from({ length: 12 }, (_, slot) => hue(slot));
  assert.equal(new Set(colors).size, 12);
});

test('a step shows what was found by it, and the pictures that are nearest', () => {
  const open = (/** @type {number} */ neuron) => insideOf([[0, 0.9]], { opened: { neuron, inputs: null, effects: [1] } });
  const frames = [frameOf(0, NOISE), frameOf(40, open(3), 0), frameOf(50, open(4)), frameOf(900, open(3))];
  const run = (/** @type {number | null} */ scrub) => ({ frames, scrub });
  assert.equal(insideAt(run(null), 0)?.step, 900);
  assert.equal(insideAt(run(45), 0)?.step, 40);
  assert.equal(picturesAt(run(45), 0)?.step, 50);
  assert.equal(picturesAt(run(0), 0)?.step, 0);
  assert.equal(openedAt(run(50), 0, 3)?.step, 40);
  assert.equal(openedAt(run(null), 0, 4)?.step, 50);
  assert.equal(openedAt(run(null), 0, 7), null);
  assert.equal(insideAt({ frames: [], scrub: null }, 0), null);
});

test('layers are told apart, and one beyond the last is the last', () => {
  const [first, second] = [insideOf([[0, 0.9]], { layers: 2 }), insideOf([[1, 0.9]], { layers: 2, layer: 1 })];
  const run = { frames: [frameOf(0, first), frameOf(10, second)], scrub: null };
  assert.equal(insideAt(run, 0)?.step, 0);
  assert.equal(insideAt(run, 1)?.step, 10);
  assert.equal(insideAt(run, 7)?.step, 10);
});

test('attention is averaged over the cells that are equations', () => {
  const inside = insideOf([[0, 0.9]]);
  // One neuron, then one head at two positions, over a table of two by two with one cell that is none.
  const pictures = Uint8Array.from([9, 9, 9, 0, 255, 255, 1, 0, 1, 1, 255, 0]);
  assert.deepEqual(meanAttention({ step: 0, inside, pictures }, 2).flat().map((mean) => Number(mean.toFixed(3))), [0.667, 0.333]);
});

test('small pictures have whole pixels a cell, and as many columns as fit', () => {
  assert.deepEqual(cropOf(97, 34), { zoom: 1, cells: 34 });
  assert.deepEqual(cropOf(97, 100), { zoom: 1, cells: 97 });
  assert.deepEqual(cropOf(11, 34), { zoom: 3, cells: 11 });
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 1024 }), fc.integer({ min: 5, max: 199 }), fc.integer({ min: 200, max: 1600 }), fc.constantFrom(1, 1.5, 2, 3),
    (count, size, width, ratio) => {
      const layout = layoutOf(count, size, width, ratio);
      assert.ok(layout.columns * layout.pitch <= width * ratio, JSON.stringify(layout));
      assert.ok(layout.columns * layout.rows >= count);
      assert.ok(layout.cells * layout.zoom < layout.pitch && layout.cells >= 1 && layout.cells <= size, JSON.stringify(layout));
      for (const at of [0, count - 1]) {
        const [left, top] = [at % layout.columns, Math.floor(at / layout.columns)].map((place) => ((place + 0.5) * layout.pitch) / ratio);
        assert.equal(pictureAt(layout, count, left, top), at);
      }
      assert.equal(pictureAt(layout, count, -5, 3), -1);
    },
  ));
});

test('keys go from one picture to the next, and stay on the wall', () => {
  const layout = layoutOf(100, 43, 300, 1);
  const { columns } = layout;
  assert.equal(neighbour(layout, 100, 0, 'ArrowRight'), 1);
  assert.equal(neighbour(layout, 100, 1, 'ArrowDown'), 1 + columns);
  assert.equal(neighbour(layout, 100, 0, 'ArrowUp'), 0);
  assert.equal(neighbour(layout, 100, 99, 'ArrowRight'), 99);
  assert.equal(neighbour(layout, 100, 40, 'End'), 99);
  assert.equal(neighbour(layout, 100, 40, 'Home'), 0);
  assert.equal(neighbour(layout, 100, 40, 'a'), null);
});

test('more is further from the paper, and what is no equation is not drawn', () => {
  for (const [paper, ink] of [['#fcfbf8', '#1c1c1e'], ['#151517', '#ececea']]) {
    const colors = ramp(paper, hue(0), ink);
    assert.equal(colors[0], 0);
    const from = parseInt(paper.slice(1), 16);
    const distance = (/** @type {number} */ color) => [0, 8, 16].reduce((sum, shift) =>
      sum + Math.abs(((color >> shift) & 255) - ((from >> (16 - shift)) & 255)), 0);
    for (let byte = 2; byte < 256; byte += 1) assert.ok(distance(colors[byte]) >= distance(colors[byte - 1]) - 3, `${byte}`);
    assert.ok(distance(colors[255]) > 150);
  }
});

test('a plot has round ticks, and its zero line', () => {
  assert.deepEqual(ticksBetween(-1, 1), [-1, 0, 1]);
  assert.deepEqual(ticksBetween(0, 850, 5), [0, 200, 400, 600, 800]);
  const style = /** @type {any} */ ({ getPropertyValue: (/** @type {string} */ name) => (name === '--quiet' ? '#111111' : '#999999') });
  const plot = { label: '', series: [{ label: 'a', color: '#123456', values: [-2, 1, 2] }], x: [0, 1, 2], names: ['0', '1', '2'], head: /** @type {[string, string]} */ (['', '']) };
  const { content } = drawPlot(plot, { width: 200, height: 100, style });
  assert.match(content, /stroke="#111111"[^>]*>\s*<text[^>]*>0</);
  assert.match(content, /stroke="#123456"/);
  assert.doesNotMatch(content, /NaN/);
});

test('the likeliest answers come first, and their shares are those of the softmax', () => {
  const [best, next, last] = likeliest([1, 3, 2]);
  assert.deepEqual([best.symbol, next.symbol, last.symbol], [1, 2, 0]);
  assert.ok(Math.abs(best.share / next.share - Math.E) < 1e-12);
  assert.ok(Math.abs(best.share + next.share + last.share - 1) < 1e-12);
  assert.equal(likeliest([1e4, 0])[0].share, 1);
});

/** @param {object} [more] @returns {any} */
const table = (more = {}) => ({ ...started(), index: [0, 1], group: false, ...more });

test('what is looked for is said of sums, groups and the others', () => {
  assert.match(text.look(table(), true), /stripes.*85\u00a0%.*one frequency \(Nanda et al\. 2023\)\.$/);
  const ofGroup = text.look(table({ group: true, index: null }), true);
  assert.match(ofGroup, /coset by coset.*one irreducible representation/);
  assert.doesNotMatch(ofGroup, /stripes/);
  assert.match(text.look(table({ index: null }), true), /no sum: it is read as if it were one/);
  assert.doesNotMatch(text.look(table({ index: null }), false), /stripes|tuned/);
});

test('the three numbers are those of the wall, in words', () => {
  const inside = insideOf([[0, 0.9], [0, 0.95], [2, 0.99], [1, 0.5]]);
  assert.equal(plain(text.summary(table(), 1200, inside)), 'At step 1200, 3 of 4 neurons (75 %) are tuned, to 2 frequencies.');
  assert.equal(text.threeNumbers(table(), inside), '75\u00a0% tuned, to 2 frequencies. Neurons of each: 1: 2, 3: 1.');
  assert.equal(text.perWave(table(), inside), 'frequency 1: 2, frequency 3: 1, not tuned: 1');
  assert.equal(text.summary(table(), 3, NOISE), 'At step 3, none of 2 neurons is tuned to one frequency.');
  assert.equal(text.summary(table({ group: true }), 3, insideOf([[0, 0.9]])), 'At step 3, 1 of 1 neurons (100\u00a0%) is tuned, to one representation.');
  assert.match(text.otherStep(900, 850), /the nearest of them, of step 900, are shown/);
  assert.equal(text.otherStep(900, 900), '');
});

test('a neuron in words: tuned, not tuned, and the same everywhere', () => {
  const inside = insideOf([[0, 0.931], [1, 0.4], [null, 0]]);
  const [tuned, mixed, dead] = inside.neurons;
  assert.equal(text.neuron(table(), inside, tuned), 'Neuron 0: frequency 1, 93\u00a0%; activation 0 to 1.');
  assert.equal(text.neuron(table(), inside, mixed), 'Neuron 1: not tuned, at most 40\u00a0% in frequency 2; activation 0 to 2.');
  assert.equal(text.neuron(table(), inside, { ...dead, high: 0 }), 'Neuron 2: the same everywhere, 0.');
});

test('an equation that is followed says what the network says, and whether that is right', () => {
  const predicted = /** @type {any} */ ({ x: 1, y: 0, step: 40 });
  assert.equal(text.followed(table({ operation: 'x + y' }), predicted, { symbol: 1, share: 0.874 }),
    'At step 40, x + y for x = 1 and y = 0: the network says 1 (87\u00a0% sure), which is right; it never saw this cell.');
  assert.match(text.followed(table(), { ...predicted, x: 0 }, { symbol: 1, share: 0.5 }), /says 1 \(50\u00a0% sure\), but it is 0; it was shown this cell\.$/);
  const layer = { attention: [], neurons: [], firing: 150, of: 256, effect: -1.234 };
  assert.equal(text.firing(layer, 8),
    '150 of 256 are above 0. Listed are the 8 that do most, for its answer or against it. All neurons together add −1.23 to its score.');
  assert.equal(text.firing({ ...layer, effect: null }, 8), '150 of 256 are above 0. Listed are the 8 that do most.');
  assert.deepEqual([text.signs(4), text.signs(3)], [['x', '∘', 'y', '='], ['x', 'y', '=']]);
  assert.match(text.attentionHow(1), /each head shares out its attention over what it reads\. One picture/);
  assert.match(text.attentionHow(0), /each head reads every sign whole: the attention rate is 0\. One picture/);
  assert.match(text.attentionHow(0.3), /each head reads 70\u00a0% of every sign, and shares out another 30\u00a0% over them: the attention rate is 0\.3\./);
  assert.deepEqual([0, 0.001, 0.5, 0.999, 1].map(text.share), ['0\u00a0%', '< 1\u00a0%', '50\u00a0%', '> 99\u00a0%', '100\u00a0%']);
});

test('neurons are looked at while their figure is open, in the layer that was chosen, and not before or after', async (t) => {
  withBrowser(t);
  const { core } = demo(t);
  core.begin();
  await settled();
  const watches = () => FakeWorker.all.flatMap(({ sent }) => sent.flatMap(({ command }) => (command.type === 'watch' ? [command.watch.inside] : [])));
  assert.deepEqual(watches().filter(Boolean), []);
  core.actions.open('neurons');
  await settled();
  assert.deepEqual(watches().at(-1), { layer: 0, neuron: null });
  core.actions.look({ layer: 1, neuron: 7 });
  await settled();
  assert.deepEqual(watches().at(-1), { layer: 1, neuron: 7 });
  core.actions.open('structure');
  await settled();
  assert.equal(watches().at(-1), null);
});
