// A run that is trained again to a step that it has passed: when that is the same run, who trains it, and what ends it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { againRefusal, firstOther, isRounded, marksOf, pastStep } from '../../www/js/run/again.js';
import { noCurves } from '../../www/js/run/curves.js';
import { readKept, recordOf, linkOf } from '../../www/js/run/kept.js';
import { PRESETS } from '../../www/js/run/settings.js';
import { initialState, liveRun, reduce } from '../../www/js/run/state.js';
import { parse } from '../../www/js/run/url.js';
import * as text from '../../www/js/text/fork.js';
import { encode } from '../../www/js/worker/safetensors.js';
import { opened, serveFiles } from './demo.js';
import { FakeWorker, TENSORS, evaluated, settled, started, withBrowser } from './fake.js';

const { settings } = PRESETS[0];
const BEGIN = '?preset=clock&backend=cpu';

/** A run after what its worker told, with the marks that this left. @param {any[]} actions */
const after = (...actions) => actions.reduce((before, action) => {
  const marks = marksOf(before, action);
  const next = reduce(before, action);
  return marks ? reduce(next, { type: 'marked', marks }) : next;
}, initialState(parse(''))).run;

test('a step has passed where a live run is shown at it and has gone on', () => {
  const run = after(started(), evaluated(0), evaluated(10), evaluated(20));
  const at = (/** @type {object} */ more) => pastStep({ ...run, ...more });
  assert.deepEqual([at({}), at({ scrub: 0 }), at({ scrub: 15 }), at({ scrub: 20 })], [null, 0, 10, null]);
  // A run that trains is further than its last picture that is kept.
  assert.equal(at({ scrub: 20, step: 21 }), 20);
  assert.deepEqual([at({ scrub: 10, recording: {} }), at({ scrub: 10, carried: [10] }), at({ scrub: 10, frames: [] })], [null, null, null]);
});

test('a run strays where what its steps do is changed while it trains', () => {
  const configured = (/** @type {object} */ more) => ({ type: 'configured', config: { ...settings, ...more } });
  const begun = { type: 'begun', preset: 'quick', settings };
  const at = (/** @type {Record<string, string>} */ next, more = {}) =>
    againRefusal(after(started({ ...settings, ...more }), evaluated(9), configured({ ...more, ...next })), 5) !== null;
  assert.equal(at({}), false);
  assert.equal(at({ weightDecay: '0' }), true);
  assert.equal(at({ learningRate: '0.01' }), true);
  for (const id of ['threads', 'stop']) assert.equal(at({ [id]: 'another' }), false, id);
  // A run that has spent its budget gets another, which matters where the rate follows it.
  assert.deepEqual([at({ budget: '9' }), at({ budget: '9' }, { anneal: 'cosine' })], [false, true]);
  assert.equal(at({ weightDecay: '0' }, { optimizer: 'adam' }), false);
  // Before its first step it begins with what was changed.
  const first = [started(settings), evaluated(0)];
  const running = { type: 'status', status: 'running', step: 0 };
  assert.equal(after(...first, configured({ weightDecay: '0' }), evaluated(9)).strayed, undefined);
  assert.deepEqual(after(...first, running, configured({ weightDecay: '0' })).strayed, ['weightDecay']);
  // Back is another run too, and the next one has nothing of it.
  const back = [...first, evaluated(9), configured({ weightDecay: '0' }), configured({})];
  assert.deepEqual(after(...back).strayed, ['weightDecay']);
  assert.equal(againRefusal(after(...back), 50), 'the weights of step 50 are not kept, and the settings of the run were changed while it ' +
    'trained: trained again from its beginning it would be another run');
  assert.equal(after(...back, begun).strayed, undefined);
  const opened = after(...first, { type: 'marked', marks: { strayed: ['weights'] } }, evaluated(9), configured({ stop: 'budget' }));
  assert.match(String(againRefusal(opened, 50)), /the run began with weights from a file: trained again/);
});

test('steps of a graphics card are told from those of a processor', () => {
  const device = (/** @type {string | null} */ active) => ({ type: 'backend', active, reason: '' });
  const begun = { type: 'begun', preset: 'quick', settings };
  assert.equal(after(device('cpu'), evaluated(0), evaluated(10)).card, undefined);
  // Where it goes on it is evaluated again, before any step of the card.
  const moved = [device('cpu'), evaluated(0), evaluated(10), device('webgpu'), evaluated(10)];
  assert.equal(after(...moved).card, undefined);
  const { card } = after(...moved, evaluated(30), device('cpu'), evaluated(30), evaluated(40));
  assert.deepEqual([card, isRounded({ card }, 10), isRounded({ card }, 11)], [10, false, true]);
  assert.equal(after(...moved, evaluated(30), begun, evaluated(0)).card, undefined);
  assert.equal(isRounded({}, 10), false);
  assert.match(text.past(30, true), /rounds differently: small differences can grow/);
  assert.doesNotMatch(text.past(30, false), /rounds|card/);
  const fork = /** @type {any} */ ({ step: 30, status: 'done', steps: 5, settings, changes: { weightDecay: '0' } });
  assert.match(text.status({ ...fork, rounded: true }), /need not be the run above digit by digit\.$/);
  assert.doesNotMatch(text.status(fork), /rounds/);
});

test('a kept run says still by what it has strayed', () => {
  const run = { ...after(started(settings), evaluated(0), evaluated(9)), preset: 'quick', settings };
  const link = linkOf(run);
  const snapshot = /** @type {any} */ ({ type: 'snapshot', step: 9, history: {}, values: new Float32Array(1) });
  /** @param {object} more @param {object} [written] */
  const back = (more, written = {}) => readKept({ ...recordOf({ ...run, ...more }, snapshot, false), ...written }, link)?.run;
  for (const each of [{ strayed: undefined, card: undefined }, { strayed: ['weights'], card: 0 }]) {
    const kept = back(each);
    assert.deepEqual([kept?.strayed, kept?.card], [each.strayed, each.card]);
  }
  for (const wrong of [{ strayed: 'much' }, { strayed: [1] }, { card: -1 }, { card: null }]) assert.equal(back({}, wrong), undefined);
});

test('two curves are compared where both have a point', () => {
  const curve = (/** @type {number[]} */ step, /** @type {number[]} */ trainLoss) => ({ ...noCurves(), step, trainLoss });
  const drawn = curve([0, 10, 20], [3, 2, 1]);
  assert.equal(firstOther(drawn, curve([0, 5, 10], [3, 9, 2])), null);
  assert.equal(firstOther(drawn, curve([0, 5, 10, 20], [3, 9, 2.1, 9])), 10);
  assert.equal(firstOther(drawn, curve([7], [1])), null);
});

/** The workers that come next. @param {number} count */
async function made(count) {
  const before = FakeWorker.all.length;
  while (FakeWorker.all.length < before + count) await new Promise((resolve) => setTimeout(resolve));
  return FakeWorker.all.slice(before);
}
/** A run but for what is trained again of it. @param {import('../../www/js/run/run.js').Run} run */
const whole = ({ again: _, ...run }) => run;
/** What a worker was sent, but how many steps to a picture. @param {FakeWorker} worker */
const asked = ({ sent }) => sent.filter(({ command }) => command.type !== 'pace').map(({ command }) => command);

test('a fork at a step that has passed trains the run again to there, beside the page', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  await api.step(50);
  const [live] = FakeWorker.all;
  const sent = live.sent.length;
  const before = whole(state().run);
  /** @type {any[]} */
  const told = [];
  core.store.on(({ run: { again } }) => void (again && again !== told.at(-1) && told.push(again)));
  await core.actions.fork.here({ weightDecay: '0' }, 30, 20);
  await settled();
  const [again, ...both] = FakeWorker.all.slice(1);
  assert.deepEqual(asked(again).map(({ type, resume, from, steps }) => [type, resume, from, steps]),
    [['start', null, undefined, undefined], ['step', undefined, undefined, 20]]);
  assert.deepEqual(asked(again)[0].config, { preset: null, settings: before.settings });
  assert.deepEqual(both.map((worker) => asked(worker)[0].resume.step), [20, 20]);
  const fork = /** @type {import('../../www/js/run/fork.js').Fork} */ (state().fork);
  assert.deepEqual([fork.step, fork.status, fork.rounded, fork.past.step.at(-1)], [20, 'done', false, 20]);
  assert.deepEqual(fork.limbs.map(({ step }) => step), [50, 50]);
  assert.deepEqual(state().page.fork, { step: 20, changes: { weightDecay: '0' } });
  // Nothing was asked of the page's run, and the workers are gone.
  assert.deepEqual([live.sent.length, whole(state().run), FakeWorker.alive], [sent, before, [live]]);
  assert.deepEqual([told[0], told.at(-1)], [{ of: 'fork', step: 20, reached: 0 }, { of: 'fork', step: 20, reached: 20 }]);

  // What is tried next from there does not wait, and what cannot be is refused at once.
  await core.actions.fork.here({ outliers: '1' }, 5, 20);
  assert.equal(FakeWorker.all.length, 6);
  await assert.rejects(core.actions.fork.here({}, 5, 30), { message: 'nothing is changed: both runs would be the same' });
  await assert.rejects(core.actions.ladder.start(7_000, 5, 30), /the lowest rung would be/);
  assert.equal(FakeWorker.all.length, 6);
  await settled();
  await core.actions.fork.here({ weightDecay: '0' }, 5, 0);
  await settled();
  assert.deepEqual([state().fork?.step, state().fork?.limbs.map(({ step }) => step), FakeWorker.alive.length], [0, [5, 5], 1]);
  const first = FakeWorker.all[FakeWorker.all.length - 3];
  assert.deepEqual(first.sent.map(({ command }) => command.type).filter((type) => ['start', 'step', 'snapshot'].includes(type)), ['start', 'snapshot']);
});

test('what a graphics card trained a processor trains again, but for rounding', async (t) => {
  withBrowser(t, { hardwareConcurrency: 4, gpu: {} });
  FakeWorker.probe = () => null;
  const { core, api, state } = await opened(t, '?preset=clock&backend=webgpu');
  await api.step(20);
  assert.deepEqual([state().backend.active, state().run.card], ['webgpu', 0]);
  const forking = core.actions.fork.here({ weightDecay: '0' }, 5, 10);
  const [worker] = await made(1);
  worker.slow = true;
  while (worker.count('step') === 0) await settled();
  assert.equal(worker.backend, 'cpu');
  worker.say(evaluated(10, { trainLoss: 1.0001 }));
  worker.say({ type: 'snapshot', step: 10, history: {}, values: new Float32Array(1) });
  await forking;
  await settled();
  assert.deepEqual([state().fork?.step, state().fork?.rounded], [10, true]);
});

test('a ladder begins at a step that has passed, too', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  await api.step(50);
  await core.actions.ladder.start(1, 4, 10);
  assert.deepEqual([state().ladder?.status, state().ladder?.step, FakeWorker.all.length], ['done', 10, 3]);
  assert.deepEqual(asked(FakeWorker.all[2]).filter(({ type }) => type === 'start').map(({ resume }) => resume.step), [10, 10, 14]);
  assert.deepEqual([state().run.step, FakeWorker.alive.length], [50, 1]);
});

test('a link to a step that has passed does the same', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, `${BEGIN}&fork=40:learningRate=0.01`);
  const wanted = /** @type {import('../../www/js/run/wanted.js').Wanted} */ (state().page.fork);
  await api.step(99);
  await core.actions.fork.reach(wanted);
  await settled();
  assert.deepEqual([state().run.step, state().fork?.step, state().fork?.status, state().page.fork], [99, 40, 'done', wanted]);
});

test('what would be another run is refused, and the fork before it stays', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  await api.step(20);
  await core.actions.fork.here({ weightDecay: '0' }, 5);
  await settled();
  const before = state().fork;
  await core.commands.setting('weightDecay', '1');
  await settled();
  assert.deepEqual(state().run.strayed, ['weightDecay']);
  await assert.rejects(core.actions.fork.here({ weightDecay: '0' }, 5, 10), { message: againRefusal({ strayed: ['weightDecay'], settings }, 10) });
  await assert.rejects(core.actions.fork.reach({ step: 10, changes: { weightDecay: '0' } }), { message: againRefusal({ strayed: ['weightDecay'], settings }, 10) });
  assert.deepEqual([state().fork, liveRun(state()).again ?? null, FakeWorker.alive.length], [before, null, 1]);
  // As it is now it can be forked.
  await core.actions.fork.here({ weightDecay: '0' }, 5);
  await settled();
  assert.equal(state().fork?.step, 20);

  // Reset, it is trained as it is set, and then with weights from elsewhere.
  await core.actions.reset();
  await core.commands.openFiles([new File([encode(TENSORS, new Float32Array(8).fill(0.5), {})], 'mine.safetensors')]);
  await api.step(20);
  await assert.rejects(core.actions.fork.here({ weightDecay: '0' }, 5, 10), { message: againRefusal({ strayed: ['weights'], settings }, 10) });
});

test('a run that comes out otherwise is not forked', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  await api.step(20);
  const forking = core.actions.fork.here({ weightDecay: '0' }, 5, 10);
  const refused = assert.rejects(forking, { message: 'trained again it is another run: at step 4 its loss is not the one that was drawn' });
  const [worker] = await made(1);
  worker.slow = true;
  while (worker.count('step') === 0) await settled();
  for (const step of [3, 4, 10]) worker.say(evaluated(step, { trainLoss: step === 4 ? 1.5 : 1 }));
  worker.say({ type: 'snapshot', step: 10, history: {}, values: new Float32Array(1) });
  await refused;
  assert.deepEqual([state().fork, liveRun(state()).again ?? null, FakeWorker.alive.length], [null, null, 1]);
});

test('training again ends when it is stopped, overtaken, left or lost, and leaves nothing behind', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, api, state } = await opened(t, BEGIN);
  /** A fork whose run is under way to its step. @param {number} step */
  async function slow(step) {
    const forking = core.actions.fork.here({ weightDecay: '0' }, 5, step);
    const outcome = forking.then(() => 'done', ({ code, message }) => `${code}: ${message}`);
    const [worker] = await made(1);
    worker.slow = true;
    while (worker.count('step') === 0) await settled();
    worker.say(evaluated(3));
    assert.deepEqual(liveRun(state()).again, { of: 'fork', step, reached: 3 });
    return { outcome, worker };
  }
  const nothing = () => assert.deepEqual([state().fork, liveRun(state()).again ?? null, FakeWorker.alive.length], [null, null, 1]);

  await api.step(20);
  const stopped = await slow(10);
  await core.actions.stopAgain();
  assert.equal(await stopped.outcome, 'interrupted: step 10 was not trained again: it was stopped');
  nothing();

  const overtaken = await slow(10);
  await core.actions.fork.here({ weightDecay: '0' }, 5, 12);
  assert.equal(await overtaken.outcome, 'interrupted: step 10 was not trained again: something else was asked for meanwhile');
  await settled();
  assert.equal(state().fork?.step, 12);
  await core.actions.fork.drop();
  nothing();

  const lost = await slow(10);
  lost.worker.onerror?.({ message: 'a test took it away' });
  assert.equal(await lost.outcome, 'lost: a test took it away');
  nothing();

  // The run on the page goes on, and is no part of it.
  const kept = await slow(10);
  await api.step(5);
  assert.equal(liveRun(state()).again?.step, 10);
  await core.actions.reset();
  assert.equal(await kept.outcome, 'interrupted: step 10 was not trained again: another run was shown meanwhile');
  await settled();
  nothing();
  // Nor does it come back with its run.
  await core.actions.undo();
  await settled();
  assert.equal(state().run.step, 25);
  nothing();

  const left = await slow(10);
  await core.commands.load('first.grok');
  assert.match(await left.outcome, /^interrupted: /);
  nothing();
  core.commands.leave();

  const last = await slow(10);
  core.destroy();
  assert.match(await last.outcome, /^interrupted: /);
  assert.equal(FakeWorker.alive.length, 0);
});
