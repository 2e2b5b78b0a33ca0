// One network with four losses: what differs, what is refused, who trains, and what is said.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { noCurves } from '../../www/js/run/curves.js';
import { LOSSES, columns, hasDecay, isStale, lossRefusal, resultOf, taken, withLosses } from '../../www/js/run/precision.js';
import { newRun } from '../../www/js/run/run.js';
import { PRESETS, check, findSetting } from '../../www/js/run/settings.js';
import { newJob } from '../../www/js/lab/pool.js';
import { percent } from '../../www/js/text/numbers.js';
import * as text from '../../www/js/text/precision.js';
import { opened, serveFiles } from './demo.js';
import { FakeWorker, evaluated, settled, withBrowser } from './fake.js';

const { id: preset, settings } = PRESETS[0];
/** @param {object} [more] Other settings. */
const run = (more = {}) => newRun({ preset, settings: { ...settings, ...more } });
/** Thin spaces and those that hold are for the eye. @param {string} words */
const plain = (words) => words.replaceAll('\u202f', '').replaceAll('\u00a0', ' ');

test('four runs differ in the loss alone, and take every step', () => {
  const all = withLosses(run(), 3_000, false);
  assert.deepEqual(all.map(({ loss }) => loss), LOSSES);
  assert.deepEqual(LOSSES.filter((loss) => check(/** @type {any} */ (findSetting('loss')), loss).problem), []);
  const expected = { ...settings, weightDecay: '0', budget: '3000', stop: 'budget' };
  for (const { loss, ...others } of all) assert.deepEqual({ ...others, loss: 'softmax' }, expected, loss);
  assert.equal(withLosses(run(), 3_000, true)[0].weightDecay, settings.weightDecay);
});

test('they are of another run once anything differs that they have', () => {
  const precision = (/** @type {boolean} */ decays) => /** @type {any} */ ({
    steps: 10, decays, jobs: withLosses(run(), 10, decays).map(newJob),
  });
  // A run that goes on has a larger budget.
  for (const more of [{}, { budget: '9000' }, { loss: 'stablemax' }, { weightDecay: '1' }]) assert.equal(isStale(precision(false), run(more)), false);
  for (const more of [{ seed: '3' }, { width: '32' }]) assert.equal(isStale(precision(false), run(more)), true);
  assert.equal(isStale(precision(true), run({ weightDecay: '1' })), true);
});

test('a decay is left out where there is one', () => {
  const muon = withLosses(run({ optimizer: 'muon' }), 10, false)[0];
  assert.deepEqual([muon.weightDecay, muon.muonDecay], ['0', '0']);
  /** @type {Record<string, string>[]} */
  const kinds = [{}, { weightDecay: '0' }, { optimizer: 'adam' }, { optimizer: 'muon', weightDecay: '0' }];
  assert.deepEqual(kinds.map((more) => hasDecay(run(more))), [true, false, false, true]);
});

test('what is refused is said as what trains says it', () => {
  assert.equal(lossRefusal(settings, null), null);
  assert.equal(lossRefusal(settings, 'cpu'), null);
  const source = (/** @type {string} */ name) => readFileSync(new URL(`../../src/${name}`, import.meta.url), 'utf8');
  for (const [refusal, name] of /** @type {const} */ ([
    [lossRefusal({ ...settings, dropout: '0.1' }, null), 'config/mod.rs'],
    [lossRefusal({ ...settings, kernels: 'plain' }, null), 'config/mod.rs'],
    [lossRefusal(settings, 'webgpu'), 'train/engine/hardware.rs'],
  ])) {
    const [, allowed] = refusal?.match(/^`loss` cannot be `softmax-float16`: allowed is (.+)$/) ?? [];
    assert.ok(allowed && source(name).includes(`let allowed = "${allowed}";`), `${refusal} in ${name}`);
  }
});

/** @param {number[]} step @param {number[]} heldOutAccuracy @param {number[]} collapsed @returns {any} */
const job = (step, heldOutAccuracy, collapsed) => ({
  ...newJob({}), status: 'done', step: step.at(-1) ?? 0,
  curves: { ...noCurves(), step, heldOutAccuracy, collapsed, trainAccuracy: step.map(() => 1) },
});

test('where a run stands, and its numbers as a table', () => {
  assert.equal(resultOf(newJob({})), null);
  assert.deepEqual(resultOf(job([0, 5, 10], [0, 0.1, 0.2], [0, 0.5, 0.25])), { step: 10, train: 1, heldOut: 0.2, collapsed: 0.25, first: 5 });
  assert.equal(resultOf(job([0, 5], [0, 0], [0, 0]))?.first, null);
  const jobs = [job([0, 5, 10], [0, 0.1, 0.2], [0, 0.5, 1]), job([0, 5], [0, 0.3], [0, 0]), newJob({}), { ...newJob({}), status: 'failed' }];
  const precision = /** @type {any} */ ({ steps: 10, jobs });
  assert.deepEqual(columns(precision, 'collapsed'), { head: ['step', ...LOSSES], rows: [[0, 0, 0, null, null], [5, 0.5, 0, null, null], [10, 1, null, null, null]] });
  assert.equal(taken(precision), 10 + 5 + 0 + 10);
});

/** Runs that ended so. @param {[number, number][]} ends Held out and collapsed. @param {number} [steps] @returns {any} */
const ended = (ends, steps = 100) => ({
  steps, decays: false, status: 'done',
  jobs: LOSSES.map((_, at) => (ends[at] ? job([0, 100], [0, ends[at][0]], [0, ends[at][1]]) : newJob({}))),
});
const verdict = (/** @type {[number, number][]} */ ...ends) => plain(text.verdict(ended(ends)));

test('a sentence follows from the numbers', () => {
  const collapsed = 'With float16, 98 % of the cells it is shown have collapsed after 100 steps, the most of all, and it gets 4 % of the cells it never saw; ' +
    'StableMax, with none collapsed, gets 100 % of those, the most of all.';
  assert.equal(verdict([0.04, 0.98], [0.05, 0.9], [0.12, 0], [1, 0]), `${collapsed} And float64, with none collapsed, gets 12 %, more than float16.`);
  // With as few digits as with many, it is not the digits.
  assert.equal(verdict([0.04, 0.98], [0.06, 0.9], [0.05, 0], [1, 0]), `${collapsed} But float64, with none collapsed, gets 5 %: rounding is not what holds float16 back here.`);
  assert.equal(verdict([0.04, 0.98], [0.06, 0.9], [0.02, 0.004], [1, 0]), `${collapsed} But float64, with less than 1 % collapsed, gets 2 %: rounding is not what holds float16 back here.`);
  // Where many have collapsed with each, nothing is said of what would be without.
  assert.equal(verdict([0.04, 0.98], [0.05, 0.9], [0.05, 0.3], [1, 0]), `${collapsed} And float64, with 30 % collapsed, gets 5 %.`);
  assert.match(verdict([0.99, 0.98], [0.5, 0.9], [0.99, 0], [1, 0]), /the most of all\. And float64, with none collapsed, gets 99 %\.$/);
  assert.match(verdict([0.5, 0.1], [0.5, 0], [0.5, 0], [1, 0.2]), /^With StableMax, .+, the most of all\.$/);
  assert.equal(verdict([0.5, 0.3], [0.2, 0.1], [0.2, 0], [0.1, 0]),
    'With float16, 30 % of the cells it is shown have collapsed after 100 steps, the most of all, and yet it gets 50 % of the cells it never saw, the most of all.');
  assert.equal(verdict([0.1, 1], [0.2, 1], [1, 0.3], [1, 0]),
    'With float16, 100 % of the cells it is shown have collapsed after 100 steps, as many as in any, and it gets 10 % of the cells it never saw; ' +
    'float64, with 30 % collapsed, gets 100 % of those, as many as any.');
  assert.match(verdict([0.5, 1], [0.5, 0.65], [0.5, 0.07], [0.4, 0]), / the most of all, and yet it gets 50 % of the cells it never saw, as many as any\.$/);
  assert.equal(verdict([0.1, 0.5], [0.101, 0], [0.1, 0], [0.1, 0]),
    'With float16, 50 % of the cells it is shown have collapsed after 100 steps, the most of all; of the cells they never saw each gets 10 %.');
  assert.match(verdict([0.005, 0.96], [0, 0.66], [0, 0], [0.0147, 0.08]), /, the most of all; of the cells they never saw they get 0 % to 1 %\.$/);
  assert.equal(verdict([0.1, 0], [0.2, 0], [0.3, 0], [0.4, 0]),
    'After 100 steps no cell has collapsed with float16, float32, float64 or StableMax; of the cells they never saw they get 10 % to 40 %.');
  // What did not come to its last step is not compared, and one alone with nothing.
  assert.equal(verdict([0.1, 0], [0.2, 0]), 'After 100 steps no cell has collapsed with float16 or float32; of the cells they never saw they get 10 % to 20 %.');
  assert.equal(verdict([0.1, 0]), '');
  assert.equal(text.verdict(ended([[0.1, 0], [0.2, 0]], 200)), '');
});

test('nothing is said of all before all are through', () => {
  const two = ended([[0.1, 0.5], [0.101, 0]]);
  assert.equal(text.verdict({ ...two, status: 'running' }), '');
  const told = 'With float16, 50 % of the cells it is shown have collapsed after 100 steps, ';
  assert.equal(plain(text.verdict({ ...two, status: 'stopped' })), `${told}the most of those that are through; of the cells they never saw each gets 10 %.`);
  assert.equal(verdict([0.1, 0.5], [0.4, 0.5]),
    `${told}as many as in any that is through, and it gets 10 % of the cells it never saw; float32, with 50 % collapsed, gets 40 % of those, the most of those that are through.`);
  assert.match(verdict([0.1, 0.5], [0.1, 0], [0.1, 0], [0.1, 0]), /the most of all; of the cells they never saw each gets 10 %\.$/);
});

test('whatever the numbers are, the sentence has no other', () => {
  const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(fc.property(fc.array(fc.tuple(share, share), { minLength: 2, maxLength: 4 }), (ends) => {
    const said = verdict(.../** @type {[number, number][]} */ (ends));
    const known = ends.flat().map((value) => plain(percent(value)));
    for (const [number] of said.matchAll(/(less than |more than )?\d+ %/g)) assert.ok(known.includes(number), `${number} in ${said}`);
    assert.equal(/no cell has collapsed/.test(said), ends.every(([, collapsed]) => collapsed === 0), said);
    assert.ok(said.endsWith('.'), said);
    assert.equal(/rounding is not/.test(said), /\. But /.test(said), said);
    assert.doesNotMatch(said, /undefined|NaN|null/);
  }));
});

test('what is said of all four', () => {
  const precision = ended([[0, 0], [0, 0]]);
  assert.equal(plain(text.status({ ...precision, status: 'running' })), '100 steps each, without weight decay: 2 of 4 are through.');
  assert.equal(plain(text.status(ended([[0, 0], [0, 0], [0, 0], [0, 0]]))), '100 steps each, without weight decay: all four are through.');
  assert.equal(plain(text.status({ ...precision, decays: true, status: 'stopped' })), '100 steps each, with weight decay: stopped.');
  assert.equal(text.decay({ ...settings, weightDecay: '2' }), 'With the weight decay of the run above (2)');
});

/** The workers that train the four. */
const four = () => FakeWorker.alive.filter((worker) => worker.sent.some(({ command }) => command.config?.settings.stop === 'budget'));

test('all four are trained, as many at a time as a race, and are seen while they are', async (t) => {
  withBrowser(t, { hardwareConcurrency: 3 });
  const { core, state } = await opened(t, '?preset=clock&backend=cpu');
  const live = state().run;
  await core.actions.precision.start(60, false);
  await settled();
  assert.equal(state().precision?.status, 'running');
  assert.deepEqual(four().map(({ config }) => config?.loss), LOSSES.slice(0, 2));
  const [first] = four();
  first.say(evaluated(30, { heldOutAccuracy: 0.25, collapsed: 0.5 }));
  assert.deepEqual([state().precision?.jobs[0].curves?.collapsed, state().precision?.jobs[0].curves?.step], [[0, 0.5], [0, 30]]);
  while (four().length > 0) {
    for (const worker of four()) {
      worker.say(evaluated(60, { collapsed: 0.75 }));
      worker.say({ type: 'status', status: 'finished', step: 60 });
    }
    await settled();
  }
  const { status, jobs, steps, decays } = /** @type {any} */ (state().precision);
  assert.deepEqual([status, steps, decays], ['done', 60, false]);
  assert.deepEqual(jobs.map((/** @type {any} */ one) => [one.status, one.step, one.settings.loss]), LOSSES.map((loss) => ['done', 60, loss]));
  // The run on the page is as it was.
  assert.equal(state().run, live);
});

test('what was trained when it stops stays, and another one takes its place', async (t) => {
  withBrowser(t, { hardwareConcurrency: 3 });
  const { core, state } = await opened(t, '?preset=clock&backend=cpu');
  await core.actions.precision.start(60, true);
  await settled();
  four()[0].say(evaluated(30));
  await core.actions.precision.halt();
  assert.equal(four().length, 0);
  const { status, jobs } = /** @type {any} */ (state().precision);
  assert.equal(status, 'stopped');
  assert.deepEqual(jobs.map((/** @type {any} */ one) => [one.status, one.curves?.step ?? []]), [['done', [0, 30]], ['done', [0]], ['waiting', []], ['waiting', []]]);
  await core.actions.precision.start(20, true);
  await core.actions.precision.start(40, true);
  await settled();
  assert.deepEqual([four().length, state().precision?.steps], [2, 40]);
  await core.actions.precision.drop();
  assert.deepEqual([four().length, state().precision], [0, null]);
  // The page goes, and they with it.
  await core.actions.precision.start(40, true);
  await settled();
  core.destroy();
  assert.equal(FakeWorker.alive.length, 0);
});

test('what cannot be trained so is refused, and what was there stays', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t, '?preset=clock&backend=cpu');
  await core.actions.precision.start(5, false);
  const before = state().precision?.steps;
  await core.actions.settings({ ...settings, dropout: '0.1' });
  await assert.rejects(core.actions.precision.start(6, false),
    { code: 'setting', message: '`loss` cannot be `softmax-float16`: allowed is softmax or stablemax with dropout or the plain kernels' });
  assert.equal(state().precision?.steps, before);
  serveFiles();
  await core.actions.load('first.grok');
  assert.notEqual(state().run.recording, null);
  await assert.rejects(core.actions.precision.start(5, false), { code: 'command', message: 'a recording trains nothing' });
});
