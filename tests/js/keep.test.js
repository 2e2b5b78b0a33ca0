// A run outlives its page: what is kept of it, when, and what is done with it when its link is opened again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { MOVED_FRAMES } from '../../www/js/core.js';
import { within } from '../../www/js/lab/archive.js';
import { BYTES_MAX, RUNS_MAX, bytesOf, linkOf, newest, outdated, readKept, recordOf } from '../../www/js/run/kept.js';
import { createPresence } from '../../www/js/presence.js';
import { newRun } from '../../www/js/run/run.js';
import { parse } from '../../www/js/run/url.js';
import { createTeller } from '../../www/js/story/teller.js';
import { encode } from '../../www/js/worker/safetensors.js';
import { demo, serveFiles, texts } from './demo.js';
import { FakeWorker, TENSORS, evaluated, rest, settled, started, withBrowser } from './fake.js';

const LINK = '?backend=cpu&seed=5';
/** @typedef {import('../../www/js/run/kept.js').Name} Name */

/** A browser with storage of its own, and a build's name. @param {import('node:test').TestContext} t */
function withStorage(t, storage = new IDBFactory()) {
  withBrowser(t);
  const build = { content: 'aaaa' };
  const values = {
    indexedDB: storage,
    document: { querySelector: () => ({ getAttribute: () => build.content }), hidden: false },
  };
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
    t.after(() => {
      delete (/** @type {any} */ (globalThis)[name]);
    });
  }
  // The page's own connection ends with its storage.
  t.after(() => new Promise((resolve) => {
    const request = storage.deleteDatabase('grokking');
    request.onsuccess = request.onerror = resolve;
  }));
  return build;
}

const names = () => /** @type {Promise<any>} */ (within('runs', 'readonly', (runs) => runs.getAllKeys()));

/** A visit to a link. @param {import('node:test').TestContext} t @param {string} [link] @param {object} [options] */
async function visit(t, link = LINK, options = {}) {
  const page = new EventTarget();
  const all = demo(t, link, { keeping: page, ...options });
  all.core.begin();
  await settled();
  return { ...all, page, notices: () => all.state().notices, leave: async () => {
    page.dispatchEvent(new Event('pagehide'));
    await settled();
    all.core.destroy();
  } };
}

/** Trains and leaves. @param {import('node:test').TestContext} t @param {string} [link] @param {number} [steps] */
async function leaveAt(t, link = LINK, steps = 30) {
  const first = await visit(t, link);
  await first.api.step(steps);
  await first.core.commands.pause();
  await settled();
  await first.leave();
  return first;
}

/** The last start that a worker was sent. */
const lastStart = () => FakeWorker.all.flatMap(({ sent }) => sent).findLast(({ command }) => command.type === 'start');

test('a run that was left comes back where it was, and its curves with it', async (t) => {
  withStorage(t);
  const { state: before } = await leaveAt(t);
  const { state, notices } = await visit(t, '?seed=5&hide=link&backend=cpu');
  const { run } = state();
  assert.deepEqual([run.step, run.status, lastStart()?.command.resume.step], [30, 'idle', 30]);
  assert.deepEqual(run.curves, before().run.curves);
  assert.equal(run.curves.step.length, 31);
  assert.equal(run.frames.length, before().run.frames.length);
  assert.deepEqual(run.frames.map(({ evaluated: { predicted } }) => predicted), before().run.frames.map(({ evaluated: { predicted } }) => predicted));
  assert.deepEqual(notices().map(({ text, action }) => [text, action]), [['Your run is where you left it, at step 30.', 'afresh']]);
  assert.equal(state().canUndo, false);
});

test('it goes on from there, also in a fresh worker', async (t) => {
  withStorage(t);
  await leaveAt(t);
  const { api, state } = await visit(t);
  await api.step(5);
  assert.equal(state().run.step, 35);
  assert.deepEqual(state().run.curves.step.slice(-7), [29, 30, 31, 32, 33, 34, 35]);
  FakeWorker.alive[0].onerror?.({ message: 'a test ended it' });
  await settled();
  assert.equal(lastStart()?.command.resume.step, 30);
});

test('weights that were opened are kept before their first step, until it begins afresh', async (t) => {
  withStorage(t);
  const first = await visit(t);
  await first.core.commands.pause();
  await settled();
  assert.deepEqual(await names(), [], 'what the seed draws is no more than its link');
  const file = new File([encode(TENSORS, new Float32Array(8).fill(0.5), {})], 'mine.safetensors');
  await first.core.commands.openFiles([file]);
  await settled();
  await first.leave();
  const second = await visit(t);
  assert.deepEqual(lastStart()?.command.resume, { step: 0, history: {} });
  assert.deepEqual([second.state().run.step, second.state().run.curves.step], [0, [0]]);
  assert.deepEqual(second.notices().map(({ text, action }) => [text, action]), [['Your run is where you left it, with the weights that you opened.', 'afresh']]);
  await second.core.commands.pause();
  await settled();
  assert.equal((await names()).length, 1, 'once is enough');
  await second.leave();
  const third = await visit(t);
  assert.equal(lastStart()?.command.resume?.step, 0, 'and as often as one likes');
  await third.core.actions.reset();
  await third.core.commands.pause();
  await settled();
  await third.leave();
  assert.deepEqual(await names(), []);
  const fourth = await visit(t);
  assert.deepEqual([lastStart()?.command.resume, texts(fourth.state)], [null, []]);
});

test('"Start afresh" begins it anew, and what was kept does not come back', async (t) => {
  withStorage(t);
  await leaveAt(t);
  const second = await visit(t);
  await second.core.actions.reset();
  await settled();
  assert.deepEqual([second.state().run.step, second.state().run.curves.step, second.notices()], [0, [0], []]);
  assert.equal(second.state().canUndo, true, 'one can change one\'s mind');
  await second.leave();
  assert.deepEqual(await names(), []);
  const third = await visit(t);
  assert.equal(third.state().run.step, 0);
  assert.deepEqual(texts(third.state), []);
});

test('what is begun anew and brought back by Undo is kept again', async (t) => {
  withStorage(t);
  await leaveAt(t);
  const second = await visit(t);
  await second.core.actions.reset();
  await settled();
  assert.deepEqual(await names(), []);
  await second.core.actions.undo();
  await settled();
  await second.leave();
  assert.equal((await visit(t)).state().run.step, 30);
});

test('another link has a run of its own', async (t) => {
  withStorage(t);
  await leaveAt(t);
  const other = await visit(t, '?backend=cpu&seed=6');
  assert.equal(other.state().run.step, 0);
  assert.equal(lastStart()?.command.resume, null);
});

test('the page that opens with its recording shows the run that was left instead', async (t) => {
  withStorage(t);
  serveFiles();
  await leaveAt(t, '');
  const page = await visit(t, '', { recording: 'first.grok' });
  for (let turn = 0; turn < 200 && !page.state().run.recording; turn += 1) await settled();
  assert.equal(page.state().run.recording?.own, true, 'the first screen waits for nothing');
  for (let turn = 0; turn < MOVED_FRAMES; turn += 1) page.frames.draw();
  await rest();
  assert.deepEqual([page.state().run.recording, page.state().run.step, page.state().live], [null, 30, null]);
});

test('a run that was left waits behind a recording that was chosen, and behind a chapter', async (t) => {
  withStorage(t);
  serveFiles();
  await leaveAt(t, '');
  for (const choose of [
    (/** @type {any} */ core) => core.actions.replay('first.grok', false),
    (/** @type {any} */ core) => core.actions.open('story/2'),
  ]) {
    const page = await visit(t, '', { recording: 'first.grok' });
    for (let turn = 0; turn < 200 && !page.state().run.recording; turn += 1) await settled();
    await choose(page.core);
    for (let turn = 0; turn < MOVED_FRAMES; turn += 1) page.frames.draw();
    await rest();
    for (let turn = 0; turn < 20 && !page.state().live; turn += 1) await settled();
    assert.deepEqual([page.state().run.recording?.file, page.state().live?.step], ['first.grok', 30]);
    await rest();
    await page.core.actions.run();
    assert.deepEqual([page.state().run.recording, page.state().run.step, page.state().run.status], [null, 30, 'running']);
    await page.core.commands.pause();
    await settled();
    page.core.destroy();
    await settled();
  }
});

test('a chapter trains beside what was kept of a reader\'s run, which comes back after the story', async (t) => {
  withStorage(t);
  serveFiles();
  for (const link of ['', LINK]) {
    await leaveAt(t, link);
    const kept = linkOf(parse(link));
    const page = await visit(t, link, { recording: link ? null : 'first.grok' });
    for (let turn = 0; turn < 200 && !page.state().run.started; turn += 1) await settled();
    page.core.actions.open('story/4');
    const teller = createTeller(page.core, () => {});
    await teller.tell(4);
    assert.deepEqual([teller.get().note?.kind, page.state().run.recording, page.state().run.status], ['training', null, 'running']);
    assert.deepEqual(page.state().notices, [], 'nothing is where it was left');
    assert.deepEqual(teller.get().tried, [], 'it is none of those that the chapter tries');
    // Two more, of which Undo would bring back one.
    for (const act of ['seed', 'again']) {
      await page.core.commands.step(7);
      await teller.act(act);
    }
    page.core.actions.open(null);
    await teller.leave();
    await settled();
    const { run } = page.state();
    assert.deepEqual([linkOf(run), run.step, run.recording], [kept, 30, null], link);
    assert.ok((await names()).some((/** @type {any} */ [of]) => of === kept), 'and is kept again');
    teller.destroy();
    await page.leave();
  }
});

test('it trains on by itself if it was training and its link asks for that', async (t) => {
  withStorage(t);
  const first = await visit(t, LINK);
  await first.core.commands.run();
  const [worker] = FakeWorker.alive;
  worker.say(evaluated(7));
  worker.say({ type: 'snapshot', step: 7, history: {}, values: new Float32Array(1) });
  await settled();
  await first.leave();
  const still = await visit(t, LINK);
  assert.deepEqual([still.state().run.step, still.state().run.status], [7, 'idle']);
  await still.leave();
  const trains = await visit(t, `${LINK}&autoplay=1`);
  assert.deepEqual([trains.state().run.step, trains.state().run.status], [7, 'running']);
  await trains.core.commands.pause();
  await settled();
  await trains.leave();
  const paused = await visit(t, `${LINK}&autoplay=1`);
  assert.deepEqual([paused.state().run.step, paused.state().run.status], [7, 'idle'], 'a run that was paused stays so');
  await paused.core.actions.reset();
  await paused.leave();
  const fresh = await visit(t, `${LINK}&autoplay=1`);
  assert.equal(fresh.state().run.status, 'running');
});

test('a figure that was paused because nobody saw it trains on when it is seen again, and one that had ended does not', async (t) => {
  withStorage(t);
  /** @type {(entries: object[]) => void} */
  let say = () => {};
  Object.assign(globalThis, { IntersectionObserver: class {
    /** @param {(entries: object[]) => void} told */
    constructor(told) {
      say = told;
    }

    observe() {}

    disconnect() {}
  } });
  t.after(() => delete (/** @type {any} */ (globalThis)).IntersectionObserver);
  const link = `${LINK}&autoplay=visible`;
  const framed = async () => {
    const keeping = new EventTarget();
    const all = demo(t, link, { keeping });
    createPresence({ ...all.core, shown: all.core.begin() }, { root: /** @type {any} */ ({}), page: /** @type {any} */ (Object.assign(new EventTarget(), { hidden: false })) });
    await settled();
    const see = async (/** @type {boolean} */ isIntersecting) => {
      say([{ isIntersecting }]);
      await settled();
    };
    return { ...all, see, run: () => all.state().run, worker: FakeWorker.alive[FakeWorker.alive.length - 1] };
  };
  const first = await framed();
  await first.see(true);
  assert.equal(first.run().status, 'running');
  first.worker.step = 12;
  first.worker.say(evaluated(12));
  await first.see(false);
  assert.equal(first.run().status, 'paused');
  first.core.destroy();

  const second = await framed();
  assert.deepEqual([second.run().step, second.run().status], [12, 'idle']);
  await second.see(true);
  assert.equal(second.run().status, 'running');
  second.worker.say(evaluated(20));
  second.worker.say({ type: 'status', status: 'finished', step: 20 });
  second.worker.say({ type: 'snapshot', step: 20, history: {}, values: new Float32Array(1) });
  await settled();
  second.core.destroy();

  const third = await framed();
  await third.see(true);
  assert.deepEqual([third.run().step, third.run().status], [20, 'idle']);
});

test('it is written every five seconds at most while it trains, and at once when it rests or is left', async (t) => {
  withStorage(t);
  const { core, page } = await visit(t);
  await core.commands.run();
  const [worker] = FakeWorker.alive;
  const written = async (/** @type {number} */ step) => {
    worker.say(evaluated(step));
    worker.say({ type: 'snapshot', step, history: {}, values: new Float32Array(1) });
    await settled();
    const [name] = await names();
    return (/** @type {any} */ (await within('runs', 'readonly', (runs) => runs.get(name)))).step;
  };
  assert.equal(await written(1), 1);
  assert.equal(await written(2), 1, 'not so soon');
  worker.step = 2;
  page.dispatchEvent(new Event('visibilitychange'));
  await settled();
  assert.equal(await written(3), 2, 'when it is hidden');
  worker.step = 4;
  worker.say(evaluated(4));
  await core.commands.pause();
  await settled();
  assert.equal((await names()).length, 1, 'the one before is gone');
  const [name] = await names();
  assert.equal((/** @type {any} */ (await within('runs', 'readonly', (runs) => runs.get(name)))).step, 4);
});

test('a worker is asked how far it is when the page is left, and that is written at once', async (t) => {
  for (const left of ['beforeunload', 'pagehide', 'visibilitychange']) {
    withStorage(t);
    const { core, page } = await visit(t, `${LINK}&seed=${left.length}`);
    await core.commands.run();
    const worker = FakeWorker.alive[FakeWorker.alive.length - 1];
    worker.say(evaluated(1));
    worker.say({ type: 'snapshot', step: 1, history: {}, values: new Float32Array(1) });
    await settled();
    worker.say(evaluated(40));
    worker.step = 44;
    page.dispatchEvent(new Event(left));
    await settled();
    const [name] = await names();
    assert.equal((/** @type {any} */ (await within('runs', 'readonly', (runs) => runs.get(name)))).step, 44, left);
    await core.commands.pause();
    const asked = worker.count('snapshot');
    page.dispatchEvent(new Event(left));
    await settled();
    assert.equal(worker.count('snapshot'), asked, 'what rests is written already');
    core.destroy();
  }
});

test('while it trains a snapshot is at hand that is half a second old, and is not written for that', async (t) => {
  withStorage(t);
  const { core, page } = await visit(t);
  await core.commands.run();
  const [worker] = FakeWorker.alive;
  const stored = async () => {
    const [name] = await names();
    return (/** @type {any} */ (await within('runs', 'readonly', (runs) => runs.get(name)))).step;
  };
  const later = () => new Promise((resolve) => setTimeout(resolve, 700));
  worker.say(evaluated(worker.step = 10));
  await later();
  assert.equal(await stored(), 10);
  worker.say(evaluated(worker.step = 20));
  await later();
  assert.equal(await stored(), 10);
  // Whoever reloads waits for no worker.
  t.mock.method(worker, 'obey', () => {});
  page.dispatchEvent(new Event('beforeunload'));
  await settled();
  assert.equal(await stored(), 20);
  core.destroy();
  const asked = worker.count('snapshot');
  await later();
  assert.equal(worker.count('snapshot'), asked);
});

test('where there is no room the oldest runs make some, and what is left of them comes back', async (t) => {
  withStorage(t);
  for (const seed of [1, 2, 3]) await leaveAt(t, `?backend=cpu&seed=${seed}`, seed);
  assert.equal((await names()).length, 3);
  const { put } = IDBObjectStore.prototype;
  let full = 2;
  t.mock.method(IDBObjectStore.prototype, 'put', /** @this {IDBObjectStore} @param {any} value @param {any} key */ function putWhere(value, key) {
    if (full-- > 0) throw new DOMException('the disk is full', 'QuotaExceededError');
    return put.call(this, value, key);
  });
  const { state } = await leaveAt(t, '?backend=cpu&seed=4', 4);
  assert.deepEqual((await names()).map((/** @type {Name} */ [link]) => link), [3, 4].map((seed) => linkOf(parse(`?seed=${seed}`))));
  assert.deepEqual([state().keeping, texts(state)], [true, []]);
  for (const seed of [1, 2, 4, 5]) await leaveAt(t, `?backend=cpu&seed=${seed}`, 2);
  const before = (await names()).length;
  full = Infinity;
  const { state: after } = await leaveAt(t, '?backend=cpu&seed=6', 2);
  assert.equal(after().keeping, false);
  assert.ok((await names()).length > 0 && (await names()).length < before, 'what does not help is not thrown away');
});

test('what another build wrote is dropped', async (t) => {
  const build = withStorage(t);
  await leaveAt(t);
  assert.equal((await names()).length, 1);
  build.content = 'bbbb';
  const { state } = await visit(t);
  assert.deepEqual([state().run.step, texts(state)], [0, []]);
  assert.deepEqual(await names(), []);
});

test('what a worker refuses is dropped without harm, and training goes on', async (t) => {
  withStorage(t);
  await leaveAt(t);
  const { obey } = FakeWorker.prototype;
  t.mock.method(FakeWorker.prototype, 'obey', /** @this {FakeWorker} @param {any} message */ function refusing(message) {
    const { id, command } = message;
    if (command.type === 'start' && command.resume) {
      this.say({ type: 'done', id, error: { code: 'weights', message: 'the snapshot does not fit' } });
    } else obey.call(this, message);
  });
  const { state, api } = await visit(t);
  assert.deepEqual([state().run.step, state().run.status, texts(state), await names()], [0, 'idle', [], []]);
  await api.step(2);
  assert.equal(state().run.step, 2);
});

test('what somebody else wrote under the link is dropped', async (t) => {
  withStorage(t);
  await leaveAt(t);
  const [name] = await names();
  for (const broken of [null, 7, { step: 3 }, { ...(/** @type {any} */ (await within('runs', 'readonly', (runs) => runs.get(name)))), values: 'x' }]) {
    await within('runs', 'readwrite', (runs) => runs.put(broken, name));
    const page = await visit(t);
    assert.deepEqual([page.state().run.step, texts(page.state), await names()], [0, [], []]);
    page.core.destroy();
  }
});

test('where storage is refused nothing is kept, nothing is said, and leaving asks', async (t) => {
  withStorage(t);
  const refuse = () => {
    throw new DOMException('the user denied permission', 'SecurityError');
  };
  Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: { open: refuse } });
  const { api, state, core } = await visit(t);
  await api.step(9);
  await core.commands.pause();
  await settled();
  assert.deepEqual([state().keeping, texts(state)], [false, []]);
});

test('storage that never answers is waited for five seconds, then the page goes on without it', async (t) => {
  withStorage(t);
  const never = { open: () => ({}), deleteDatabase: IDBFactory.prototype.deleteDatabase };
  Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: never });
  const { api, state } = await visit(t);
  await api.step(9);
  assert.deepEqual([state().run.step, state().keeping, texts(state)], [9, false, []]);
});

test('where it is kept, leaving need not ask', async (t) => {
  withStorage(t);
  const { state } = await visit(t);
  assert.equal(state().keeping, true);
});

test('a run that has no room is not kept, and leaving asks again', async (t) => {
  withStorage(t);
  const { state } = await visit(t);
  const [worker] = FakeWorker.alive;
  worker.say(evaluated(3));
  worker.say({ type: 'snapshot', step: 3, history: {}, values: new Float32Array(BYTES_MAX / 4) });
  await settled();
  assert.deepEqual([state().keeping, await names(), texts(state)], [false, [], []]);
});

test('the oldest go when there are too many, or too much', () => {
  /** @param {string} link @param {number} at @param {number} [bytes] @param {string} [build] @returns {Name} */
  const name = (link, at, bytes = 1e6, build = 'b') => [link, at, bytes, build];
  const many = Array.from({ length: RUNS_MAX + 2 }, (_, at) => name(`?${at}`, at));
  assert.deepEqual(outdated(many, 'b').map(([link]) => link), ['?1', '?0']);
  const large = [name('?a', 1, 1e6), name('?b', 2, 30e6), name('?c', 3, 30e6)];
  assert.deepEqual(outdated(large, 'b').map(([link]) => link), ['?b', '?a']);
  assert.deepEqual(outdated([name('?a', 1), name('?a', 2), name('?b', 3, 1, 'old')], 'b'), [name('?b', 3, 1, 'old'), name('?a', 1)]);
  assert.deepEqual(newest([name('?a', 1), name('?a', 2), name('?a', 3, 1, 'old')], '?a', 'b'), name('?a', 2));
  assert.equal(newest([name('?a', 1)], '?c', 'b'), null);
});

test('a link names its run however it was typed', () => {
  const same = ['?preset=quick&seed=3', '?seed=3&preset=quick&v=1', '?preset=quick&seed=3&hide=run&embed=1&autoplay=1&backend=cpu'];
  assert.equal(new Set(same.map((link) => linkOf(parse(link)))).size, 1);
  assert.notEqual(linkOf(parse('?preset=quick')), linkOf(parse(same[0])));
});

test('a record has nothing that came after its snapshot, and no probabilities', () => {
  const choice = parse('?seed=1');
  const frames = [2, 4, 6].map((step) => ({ step, evaluated: evaluated(step), inspected: null }));
  const curves = /** @type {any} */ (Object.fromEntries(
    Object.entries(newRun(choice).curves).map(([key]) => [key, key === 'step' ? [2, 4, 6] : [0.1, 0.2, 0.3]])));
  const run = { ...newRun(choice), started: started(), latest: evaluated(4, { firstRight: Uint32Array.from([3, 5, 0, 0]) }), curves, frames };
  const snapshot = /** @type {any} */ ({ type: 'snapshot', step: 4, history: { memorisedAt: 2 }, values: new Float32Array(8) });
  const record = structuredClone(recordOf(run, snapshot, false));
  assert.deepEqual([Array.from(record.curves.step), record.frames.length], [[2, 4], 2]);
  assert.equal(bytesOf(record.values), 32);
  assert.ok(bytesOf(record) > 32 + 7 * 2 * 8);
  const back = readKept(record, linkOf(choice));
  assert.deepEqual(back?.snapshot, snapshot);
  assert.deepEqual(back?.run.curves.heldOutLoss, [0.1, 0.2]);
  assert.deepEqual(back?.run.frames.map(({ evaluated: { firstRight } }) => Array.from(firstRight)), [[3, 0, 0, 0], [3, 5, 0, 0]]);
  assert.equal(readKept(record, '?v=1&preset=never'), null);
});
