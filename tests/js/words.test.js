// The words on the page say what the numbers say, and no more.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { newRun } from '../../www/js/run/run.js';
import { PRESETS } from '../../www/js/run/settings.js';
import { initialState } from '../../www/js/run/state.js';
import { parse } from '../../www/js/run/url.js';
import { announcement, caption, kicker, lede, longest } from '../../www/js/text/captions.js';
import { describe, nature } from '../../www/js/text/cells.js';
import { NEUTRAL, aboutLoss, expectedSteps, facts, mainButton } from '../../www/js/text/controls.js';
import { outcome } from '../../www/js/text/compare.js';
import { about, minus, percent, sizeOf, whole } from '../../www/js/text/numbers.js';
import { forecast } from '../../www/js/text/gauge.js';
import { growing } from '../../www/js/text/laboratory.js';
import { SCATTER_AXES, correlation } from '../../www/js/text/sharpness.js';
import { how } from '../../www/js/text/sweep.js';
import { evaluated, started } from './fake.js';

const SIZE = 10;
/** Thin spaces are for the eye. @param {string} text */
const plain = (text) => text.replaceAll('\u202f', '').replaceAll('\u00a0', ' ');

/**
 * A table of ten by ten of which some cells are shown, some held out with their mirror image shown, and
 * the rest held out.
 * @param {{ shown: number, mirrored?: number, knows?: number, knowsMirrored?: number, knowsOthers?: number,
 *   step?: number, memorisedAt?: number | null, generalisedAt?: number | null, outliers?: number,
 *   run?: object, config?: Record<string, string>, about?: object }} story
 */
function told({
  shown, mirrored = 0, knows = 0, knowsMirrored = 0, knowsOthers = 0, step = 100, memorisedAt = null, generalisedAt = null,
  outliers = 0, run = {}, config = {}, about: more = {},
}) {
  const cells = Array.from({ length: SIZE * SIZE }, (_, cell) => cell);
  const answer = Uint16Array.from(cells, (cell) => cell % SIZE);
  const table = /** @type {any} */ ({
    ...started({ operation: 'add', ...config }),
    symbols: cells.slice(0, SIZE).map(String),
    modular: true,
    operation: 'x + y',
    equations: cells.length,
    train: shown,
    chance: 0.1,
    distinctAnswers: SIZE,
    answer,
    heldOut: Uint8Array.from(cells, (cell) => Number(cell >= shown)),
    mirrored: Uint8Array.from(cells, (cell) => Number(cell >= shown && cell < shown + mirrored)),
    outlier: Uint8Array.from(cells, (cell) => Number(cell < outliers)),
    ...more,
  });
  const right = (/** @type {number} */ cell) => {
    if (cell < shown) return cell < knows;
    return cell < shown + mirrored ? cell - shown < knowsMirrored : cell - shown - mirrored < knowsOthers;
  };
  const rest = cells.length - shown;
  const told = mirrored > 0 && mirrored < rest;
  const now = /** @type {any} */ (evaluated(step, {
    heldOutAccuracy: rest ? (knowsMirrored + knowsOthers) / rest : 0,
    mirroredAccuracy: told ? knowsMirrored / mirrored : null,
    unmirroredAccuracy: told ? knowsOthers / (rest - mirrored) : null,
    memorisedAt,
    generalisedAt,
    predicted: answer.map((symbol, cell) => (right(cell) ? symbol : (symbol + 1) % SIZE)),
    confidence: new Float32Array(cells.length),
    firstRight: new Uint32Array(cells.length),
  }));
  const whole = /** @type {import('../../www/js/run/run.js').Run} */ ({
    ...newRun({ preset: PRESETS[0].id, settings: { ...PRESETS[0].settings, operation: 'add', ...config } }),
    status: 'running', step, started: table, latest: now, ...run,
  });
  const said = caption(whole, now);
  return { run: whole, now, beat: said.beat, text: plain(`${said.head}. ${said.text}`) };
}

test('the story in three beats, with its numbers', () => {
  const learning = told({ shown: 80, knows: 30 });
  assert.equal(learning.beat, 'memorised');
  assert.equal(learning.text, 'It learns its cells by heart. So far it knows 30 of the 80 cells it was shown. Of the other 20 it knows none.');
  const waiting = told({ shown: 80, knows: 80, memorisedAt: 60 });
  assert.equal(waiting.beat, 'waiting');
  assert.equal(waiting.text, 'It knows its cells and only those. It knows all of the 80 cells it was shown. Of the other 20 it knows none.');
  const ruled = told({ shown: 80, knows: 80, knowsOthers: 20, step: 400, memorisedAt: 60, generalisedAt: 300 });
  assert.equal(ruled.beat, 'generalised');
  assert.equal(ruled.text, 'It gets the rule. Of the 20 cells that it never saw it knows all. It took 5.0 times as many steps as its own cells: 300 and 60.');
});

test('all and none are counted', () => {
  fc.assert(fc.property(
    fc.record({ shown: fc.integer({ min: 5, max: 95 }), step: fc.integer({ min: 1, max: 9_000 }), memorised: fc.boolean(), generalised: fc.boolean() }),
    fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }),
    ({ shown, step, memorised, generalised }, own, others) => {
      const [knows, knowsOthers] = [Math.round(own * shown), Math.round(others * (100 - shown))];
      const { text } = told({
        shown, knows, knowsOthers, step,
        memorisedAt: memorised ? 1 : null, generalisedAt: memorised && generalised ? step : null,
      });
      const claims = text.split('. ');
      for (const claim of claims) {
        if (/knows all/.test(claim)) assert.ok((/was shown/.test(claim) ? knows === shown : knowsOthers === 100 - shown), text);
        if (/knows none/.test(claim)) assert.ok((/was shown/.test(claim) ? knows === 0 : knowsOthers === 0), text);
        if (/only those/.test(claim)) assert.equal(knowsOthers, 0, text);
      }
      assert.doesNotMatch(text, /sudden|undefined|NaN|null/);
    },
  ));
});

test('as many as guessing gives, fewer, or neither', () => {
  const of = (/** @type {number} */ knowsOthers) => told({ shown: 50, knows: 50, knowsOthers, memorisedAt: 10 }).text;
  assert.match(of(2), /of the other 50 it knows 2, fewer than guessing gives/i);
  assert.match(of(6), /it knows 6, about as many as guessing gives/);
  assert.match(of(20), /it knows 20\.$/);
  assert.doesNotMatch(of(0), /guessing/);
});

test('cells whose mirror image was shown are told apart', () => {
  const { text } = told({ shown: 50, mirrored: 25, knows: 50, knowsMirrored: 20, knowsOthers: 0, memorisedAt: 10 });
  assert.match(text, /Of the other 25 whose mirror image \(y, x\) it was shown it knows 80 %; of the 25 left, none\./);
  assert.doesNotMatch(told({ shown: 50, mirrored: 50, knows: 50, memorisedAt: 10 }).text, /mirror/);
});

test('the room that is kept is at least as long as any caption before the end', () => {
  fc.assert(fc.property(
    fc.integer({ min: 5, max: 90 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9_000 }),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), fc.integer({ min: 0, max: 2 }),
    (shown, images, step, [own, mirror, others], ends) => {
      const mirrored = Math.min(images, 100 - shown);
      const { run, text } = told({
        shown, mirrored, step, knows: Math.round(own * shown), knowsMirrored: Math.round(mirror * mirrored),
        knowsOthers: Math.round(others * (100 - shown - mirrored)),
        memorisedAt: ends > 0 ? Math.ceil(step / 5) : null, generalisedAt: ends > 1 ? step : null, config: { budget: '20000' },
      });
      const room = Math.max(...longest(run).map((most) => plain(most).length));
      assert.ok(text.length <= room + 3, `${text.length} > ${room}: ${text}`);
    },
  ));
});

test('a forecast that has passed is said to have', () => {
  const { run } = told({ shown: 80, step: 600 });
  const ahead = { state: /** @type {const} */ ('ahead'), step: 900, low: 700, high: 1_200, normLaw: 500, unlike: ['its split', 'its learning rate'] };
  const said = plain(forecast(ahead, 600, run));
  assert.match(said, /The law of the norm had said 500, which has passed\./);
  assert.match(said, /The runs it was fitted on had another split and another learning rate than this one, so take it with care\.$/);
  assert.match(plain(forecast({ ...ahead, normLaw: 800, unlike: [] }, 600, run)), /The law of the norm says 800\.$/);
});

test('a figure that was closed while the run trained says how its curve comes', () => {
  const { run } = told({ shown: 80, step: 600 });
  assert.deepEqual(growing(run, 1), { text: 'This curve grows while the figure is open.', offers: false });
  assert.equal(growing({ ...run, status: 'finished' }, 1)?.offers, true);
  assert.equal(growing({ ...run, status: 'idle', step: 0 }, 1)?.offers, false);
  assert.equal(growing({ ...run, status: 'finished' }, 2), null);
});

test('how far a run came is told apart by mirror images', () => {
  const curves = /** @type {any} */ ({ mirroredAccuracy: [0, 0.8], unmirroredAccuracy: [0.01, 0.02] });
  const run = /** @type {const} */ ({ generalisedAt: null, best: 0.41, status: 'done', step: 9, error: '' });
  assert.equal(outcome({ ...run, curves }), 'best 41\u00a0%; 2\u00a0% where the mirror image is not shown either');
  const pairs = { ...curves, mirroredAccuracy: [NaN, NaN] };
  assert.equal(outcome({ ...run, curves: pairs }), 'best 41\u00a0%');
  for (const figure of [how(2), SCATTER_AXES]) assert.match(figure, /all held-out cells.*also of those whose mirror image \(y, x\) is shown/);
});

test('a number below zero has the sign of the mathematicians', () => {
  assert.equal(minus((-0.603).toFixed(3)), '−0.603');
  assert.match(correlation(20, { rho: -0.603, p: 1.2e-9 }), /ρ is −0\.603, two-sided p 1\.2e−9/);
});

test('what is unusual is said', () => {
  assert.match(told({ shown: 80, knows: 10, step: 0 }).text, /^It has not been trained yet\. Of all 100 cells it gets 10 right; guessing gets about 10\./);
  assert.match(told({ shown: 80, knows: 80, memorisedAt: 10, outliers: 3 }).text, /\(3 of them with a wrong answer\)/);
  assert.match(told({ shown: 80, knows: 80, memorisedAt: 10, run: { status: 'finished' } }).text, /Its 100 steps are over, and it has not got the rule/);
  assert.match(told({ shown: 80, run: { status: 'failed' } }).text, /Training stopped here/);
  assert.match(told({ shown: 80, knows: 80, knowsOthers: 9, memorisedAt: 10, generalisedAt: 50 }).text, /had the rule, and slips.*now knows 9\./);
  assert.match(told({ shown: 99, knows: 99, memorisedAt: 10 }).text, /The other one it gets wrong/);
  assert.match(told({ shown: 100, knows: 100, memorisedAt: 10 }).text, /There are no others/);
});

test('what is recorded says so', () => {
  const { run } = told({ shown: 80 });
  const recording = { command: '', file: 'add.grok', own: true, name: null, projections: new Map(), weights: null };
  assert.match(kicker({ ...run, recording }), /a recorded run/);
  assert.doesNotMatch(kicker(run), /record/);
});

test('a screen reader is told what has settled, not every step', () => {
  const before = told({ shown: 80, knows: 80, memorisedAt: 10 }).run;
  const after = told({ shown: 80, knows: 80, knowsOthers: 3, memorisedAt: 10, step: 101 }).run;
  assert.equal(announcement(before), announcement(after));
  assert.match(announcement({ ...after, status: 'paused' }), /^Paused\. /);
});

test('the sentence on top says how much is shown, with a sum that is right', () => {
  assert.match(plain(lede(told({ shown: 80 }).run)),
    /^It is learning to add on a clock with 10 hours, where 7 \+ 5 is 2\. Of the 100 sums it is shown 80, again and again; the 20 others it never sees\.$/);
  assert.match(plain(lede(told({ shown: 99, config: { operation: 'sub' } }).run)), /2 − 5 is 7\..*the other one it never sees/);
  assert.match(lede(told({ shown: 80, config: { operation: 's5' }, about: { modular: false } }).run), /shuffles/);
});

test('the main button says what it does, and how long that takes here', () => {
  const state = initialState(parse(''));
  const recording = { command: '', file: 'first.grok', own: true, name: null, projections: new Map(), weights: null };
  const opening = { ...state, run: { ...state.run, recording }, live: state.run };
  const words = (/** @type {any} */ at) => mainButton(at).join('');
  assert.equal(words(opening), 'Train one yourself');
  assert.equal(words({ ...opening, speed: { gflops: PRESETS[0].gflop / 6.4 } }), 'Train one yourself: about 7\u00a0s on this computer');
  assert.equal(words({ ...state, run: { ...state.run, status: 'running' } }), 'Pause');
  assert.equal(words({ ...state, run: { ...state.run, step: 10 } }), 'Go on');
});

test('details: a device without an error, no time that is wrong, no loss in nats that is unexplained', () => {
  const { run } = told({ shown: 80, step: 620 });
  const state = { ...initialState(parse('')), run, backend: { active: 'cpu', reason: '' } };
  const said = facts(state).map(([name, value]) => plain(`${name}: ${value}`)).join('\n');
  assert.match(said, /Trains on: the processor$/m);
  assert.doesNotMatch(said, /at most|left|error|not usable/);
  const worker = readFileSync(new URL('../../www/js/worker/probe.js', import.meta.url), 'utf8');
  for (const reason of Object.keys(NEUTRAL)) {
    assert.ok(worker.includes(`'${reason}'`), `a worker says \`${reason}\``);
    const trains = facts({ ...state, backend: { active: 'cpu', reason } }).find(([name]) => name === 'Trains on');
    assert.equal(trains?.[1], 'the processor (this browser lends it no graphics card)');
  }
  const over = facts({ ...state, run: { ...run, status: 'finished' } }).find(([name]) => name === 'Step');
  assert.equal(over?.[1], '620');
  assert.match(aboutLoss(run.started), /all 10 answers for equally likely is 2\.3/);
});

test('the chart reaches as far as a preset goes, and no further for a run that is none', () => {
  const { id, settings, steps } = PRESETS[0];
  assert.equal(expectedSteps(newRun({ preset: id, settings: { ...settings, seed: '77' } })), 1.2 * steps);
  assert.equal(expectedSteps(newRun({ preset: id, settings: { ...settings, width: '32' } })), 0);
});

test('a cell in words', () => {
  const { run, now } = told({ shown: 80, knows: 80 });
  const table = /** @type {any} */ (run.started);
  assert.match(describe(table, { x: 0, y: 3 }, now), /^x = 0, y = 3: x \+ y = 3 \(mod 10\), shown\. The network says 3/);
  assert.match(describe(table, { x: 9, y: 3 }, now), /never shown\..*never right so far/);
  const sure = { ...now, confidence: new Float32Array(100).fill(0.99999) };
  assert.match(describe(table, { x: 0, y: 3 }, sure), /more than 99\.99\u00a0% sure/);
  assert.doesNotMatch(nature(table), /point at/i);
});

test('numbers are rounded, and never to all or nothing', () => {
  assert.equal(percent(0.9999), 'more than 99\u00a0%');
  assert.equal(percent(0.0001), 'less than 1\u00a0%');
  assert.equal(percent(0), '0\u00a0%');
  assert.equal(plain(whole(14_400)), '14400');
  assert.deepEqual([0.4, 6.2, 43, 130].map(about), ['about 1\u00a0s', 'about 7\u00a0s', 'about 45\u00a0s', 'about 2\u00a0min']);
  assert.deepEqual([0, 16_001, 1_250_000, 67e6].map(sizeOf), ['0\u00a0kB', '17\u00a0kB', '1.3\u00a0MB', '67\u00a0MB']);
});

test('no line ends between a number and its unit', () => {
  const at = new URL('../../www/', import.meta.url);
  const modules = ['draw', 'story', 'text', 'views'].flatMap((folder) => readdirSync(new URL(`js/${folder}/`, at)).map((name) => `js/${folder}/${name}`));
  for (const name of ['index.html', 'js/run/schema.js', ...modules]) {
    const code = readFileSync(new URL(name, at), 'utf8').replace(/\/\*\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    assert.deepEqual(code.match(/.*[\d}] (%|(s|min|kB|MB)\b).*/g) ?? [], [], name);
  }
});

test('words that were untrue or not understood stay away', () => {
  const texts = [
    readFileSync(new URL('../../www/index.html', import.meta.url), 'utf8'),
    ...['text', 'views'].flatMap((folder) => {
      const at = new URL(`../../www/js/${folder}/`, import.meta.url);
      return readdirSync(at).map((name) => readFileSync(new URL(name, at), 'utf8'));
    }),
  ].join('\n');
  for (const words of [/all at once/i, /suddenly/i, /the network guesses/i, /s left\b/, /Steps: logarithmic/, /steps a picture/i, /\bnats\b/, /\bIconic\b/, /Point at a cell/]) {
    assert.doesNotMatch(texts, words);
  }
  assert.doesNotMatch(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'), /all at once|suddenly/i);
});
