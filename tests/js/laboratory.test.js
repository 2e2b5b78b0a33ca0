// What the laboratory keeps and says, without a page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at, inspectedBy, withEvaluated, withInspected } from '../../www/js/run/frames.js';
import { covered, extend } from '../../www/js/run/mask.js';
import { createRacer } from '../../www/js/lab/race.js';
import { labels } from '../../www/js/run/races.js';
import { PRESETS, VARIANTS } from '../../www/js/run/settings.js';
import { createSweeper, plan } from '../../www/js/lab/sweep.js';
import { median } from '../../www/js/run/median.js';
import { initialState, reduce } from '../../www/js/run/state.js';
import { createStore } from '../../www/js/run/store.js';
import { parse } from '../../www/js/run/url.js';
import { FakeWorker, evaluated as record, fakeFrames, settled, started, withBrowser } from './fake.js';

const evaluated = (/** @type {number} */ step) => /** @type {any} */ ({ type: 'evaluated', step });
const inspected = (/** @type {number} */ step, fields = {}) =>
  /** @type {any} */ ({ step, watch: { structure: true, points: null }, fourier: null, powers: null, sharpness: null, points: [], ...fields });

test('frames stay few, keep both ends, and spread over the logarithm of the steps', () => {
  let frames = /** @type {any[]} */ ([]);
  for (let step = 0; step <= 5000; step += 1) frames = withEvaluated(frames, evaluated(step));
  assert.ok(frames.length <= 120);
  assert.equal(frames[0].step, 0);
  assert.equal(frames.at(-1).step, 5000);
  const gaps = frames.slice(1, -1).map(({ step }, index) => (frames[index + 2].step + 1) / (step + 1));
  assert.ok(Math.max(...gaps) < 2.1, `${Math.max(...gaps)}`);
});

test('steps that are evaluated again replace what came after them', () => {
  const frames = [0, 10, 20, 10].reduce(
    (all, step) => withEvaluated(all, evaluated(step)), /** @type {any[]} */ ([]));
  assert.deepEqual(frames.map(({ step }) => step), [0, 10]);
});

test('going back shows what was last seen of each figure', () => {
  let frames = [0, 10, 20].reduce(
    (all, step) => withEvaluated(all, evaluated(step)), /** @type {any[]} */ ([]));
  frames = withInspected(frames, inspected(0, { fourier: 'first' }));
  frames = withInspected(frames, inspected(10, { points: [1, 2] }));
  assert.equal(inspectedBy(frames, 10)?.fourier, 'first');
  assert.deepEqual(inspectedBy(frames, 10)?.points, [1, 2]);
  assert.deepEqual(inspectedBy(frames, 5)?.points, []);
  assert.equal(at(frames, 15)?.step, 10);
});

test('a drag covers the same cells in whichever direction it goes', () => {
  const cell = fc.record({ x: fc.nat(96), y: fc.nat(96) });
  fc.assert(fc.property(cell, cell, fc.constantFrom('box', 'row', 'column'), (from, to, tool) => {
    const there = covered(/** @type {any} */ (tool), { from, to }, 97);
    assert.deepEqual(there, covered(/** @type {any} */ (tool), { from: to, to: from }, 97));
    assert.ok(there.x[0] <= there.x[1] && there.y[0] <= there.y[1]);
  }));
  const area = { from: { x: 3, y: 9 }, to: { x: 3, y: 5 } };
  assert.equal(extend('row 1;', 'box', area), 'row 1; box 3 5-9');
  assert.equal(extend('', 'column', area), 'column 5-9');
});

test('a sweep is every combination, and refuses what is not allowed', () => {
  const base = PRESETS[0].settings;
  const all = { fractions: ['0.3', '0.5'], seeds: ['0', '1', '2'], factor: 'weightDecay', values: ['0', '1'] };
  const jobs = plan(base, all);
  assert.equal(jobs.length, 12);
  assert.equal(new Set(jobs.map(({ settings }) => JSON.stringify(settings))).size, 12);
  assert.throws(() => plan(base, { ...all, seeds: ['x'] }), /`seed` cannot be `x`/);
  assert.throws(() => plan(base, { ...all, values: [] }), /`weightDecay` needs at least one value/);
  assert.throws(() => plan(base, { ...all, factor: 'heads', values: ['7'] }), /multiple of the 7 heads/);
  const many = Array.from({ length: 300 }, (_, seed) => String(seed));
  assert.throws(() => plan(base, { ...all, seeds: many }), /at most 500 runs, this one has 1200/);
});

test('the median is the middle', () => {
  assert.equal(median([]), null);
  assert.equal(median([5, 1, 9]), 5);
  assert.equal(median([10, 2, 4, 8]), 6);
});

test('labels say what differs, and name the known ways to train', () => {
  const base = PRESETS[0].settings;
  assert.deepEqual(labels([{ ...base, seed: '0' }, { ...base, seed: '4' }]), ['Seed 0', 'Seed 4']);
  const ways = ['adamw-to-init', 'muon'].map((id) => VARIANTS.find((row) => row.id === id));
  const found = labels(ways.map((way) => ({ ...base, ...way?.settings })));
  assert.deepEqual(found, ways.map((way) => way?.title));
});

/** A store for what the laboratory keeps. */
function laboratory() {
  const store = createStore(initialState(parse('?backend=cpu')), reduce, fakeFrames());
  store.dispatch(started(PRESETS[0].settings));
  return store;
}
const axes = (/** @type {string[]} */ ...seeds) => ({ fractions: ['0.5'], seeds, factor: '', values: [] });
const finish = (/** @type {FakeWorker} */ worker, /** @type {number} */ step) => {
  worker.say(record(step, { memorisedAt: 1, generalisedAt: step, heldOutAccuracy: 1 }));
  worker.say({ type: 'status', status: 'finished', step });
};

test('a sweep trains every job, as many at a time as there are cores but one', async (t) => {
  withBrowser(t, { hardwareConcurrency: 3 });
  const store = laboratory();
  createSweeper(store).start(axes('0', '1', '2'), false);
  await settled();
  assert.equal(FakeWorker.alive.length, 2);
  finish(FakeWorker.alive[0], 50);
  await settled();
  assert.equal(FakeWorker.alive.length, 2);
  for (const worker of FakeWorker.alive) finish(worker, 60);
  await settled();
  const { jobs, status } = /** @type {import('../../www/js/lab/sweep.js').Sweep} */ (store.get().sweep);
  assert.equal(status, 'done');
  assert.deepEqual(jobs.map((job) => [job.status, job.generalisedAt]).sort(), [['done', 50], ['done', 60], ['done', 60]]);
  assert.equal(FakeWorker.alive.length, 0);
});

test('a sweep that replaces another is not disturbed by it', async (t) => {
  withBrowser(t, { hardwareConcurrency: 3 });
  const store = laboratory();
  const sweeper = createSweeper(store);
  sweeper.start(axes('0', '1'), false);
  await settled();
  sweeper.start(axes('5', '6'), false);
  await settled();
  const { jobs } = /** @type {import('../../www/js/lab/sweep.js').Sweep} */ (store.get().sweep);
  assert.deepEqual(jobs.map(({ settings, status }) => [settings.seed, status]), [['5', 'running'], ['6', 'running']]);
  assert.equal(FakeWorker.alive.length, 2);
  sweeper.stop();
  assert.equal(FakeWorker.alive.length, 0);
  assert.deepEqual(store.get().sweep?.jobs.map(({ status }) => status), ['waiting', 'waiting']);
  assert.equal(store.get().sweep?.status, 'stopped');
});

test('a run that is kept is what it was, and dropping one leaves the others', () => {
  const store = laboratory();
  const racer = createRacer(store);
  store.dispatch(record(7, { heldOutAccuracy: 0.5, memorisedAt: 7 }));
  racer.keep();
  store.dispatch(record(8));
  racer.keep();
  const [first] = store.get().kept;
  assert.deepEqual([first.step, first.best, first.memorisedAt, first.curves?.step], [7, 0.5, 7, [7]]);
  racer.drop(0);
  assert.deepEqual(store.get().kept.map(({ step }) => step), [8]);
});
