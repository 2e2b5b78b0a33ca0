// What a demo does, over workers that are not there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOVED_FRAMES } from '../../www/js/core.js';
import { PRESETS } from '../../www/js/run/settings.js';
import { demo, opened, serveFiles, texts } from './demo.js';
import { FakeWorker, evaluated, idles, rest, settled, withBrowser } from './fake.js';

test('a page with a link begins with the live run', async (t) => {
  withBrowser(t);
  const { state } = await opened(t);
  assert.equal(FakeWorker.all.length, 1);
  assert.equal(state().run.status, 'idle');
  assert.equal(state().run.recording, null);
  assert.equal(state().backend.active, 'cpu');
});

test('every evaluation is an event, also where no frame is drawn', async (t) => {
  withBrowser(t);
  const { api, frames } = await opened(t);
  /** @type {number[]} */
  const steps = [];
  const stop = api.on('evaluated', (at) => steps.push(at.step));
  await api.step(25);
  assert.deepEqual(steps, Array.from({ length: 25 }, (_, at) => at + 1));
  assert.ok(frames.waiting.size <= 1);
  stop();
  await api.step(1);
  assert.equal(steps.length, 25);
});

test('that it has memorised and generalised is told once of each run', async (t) => {
  withBrowser(t);
  const { api } = await opened(t);
  const [worker] = FakeWorker.all;
  /** @type {string[]} */
  const heard = [];
  for (const name of ['memorised', 'generalised']) {
    api.on(name, ({ step, memorisedAt, generalisedAt }) => heard.push(`${name} ${step}: ${memorisedAt}, ${generalisedAt}`));
  }
  const tell = (/** @type {number} */ step, /** @type {object} */ more) => worker.say(evaluated(step, more));
  tell(1, {});
  tell(2, { memorisedAt: 2 });
  tell(3, { memorisedAt: 2 });
  tell(9, { memorisedAt: 2, generalisedAt: 8 });
  tell(10, { memorisedAt: 2, generalisedAt: 8 });
  await api.reset();
  tell(4, { memorisedAt: 4 });
  assert.deepEqual(heard, ['memorised 2: 2, null', 'generalised 9: 2, 8', 'memorised 4: 4, null']);
  assert.throws(() => api.on('explode', () => {}), {
    message: 'there is no event `explode`: there is state, evaluated, status, memorised, generalised',
  });
});

test('a script that throws in its listener does not stop the run or the others', async (t) => {
  withBrowser(t);
  const { api } = await opened(t);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const caught = /** @type {string[]} */ ([]);
  process.on('uncaughtException', (error) => caught.push(error.message));
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const other of others) process.on('uncaughtException', other);
  });
  let heard = 0;
  api.on('evaluated', () => {
    throw new Error('not mine');
  });
  api.on('evaluated', () => {
    heard += 1;
  });
  await api.step(2);
  assert.equal(heard, 2);
  await settled();
  assert.deepEqual(caught, ['not mine', 'not mine']);
});

test('two demos train independently, and one that ends leaves the other', async (t) => {
  withBrowser(t);
  const one = await opened(t, '?backend=cpu&seed=1');
  const two = await opened(t, '?backend=cpu&seed=2');
  await one.api.step(3);
  await two.api.step(5);
  assert.deepEqual([one.api.state().step, two.api.state().step], [3, 5]);
  assert.deepEqual([one.state().run.settings.seed, two.state().run.settings.seed], ['1', '2']);
  one.core.destroy();
  assert.equal(FakeWorker.alive.length, 1);
  await two.api.step(1);
  assert.equal(two.api.state().step, 6);
});

test('an end ends workers, timers, frames and who waits', async (t) => {
  withBrowser(t);
  const timers = new Set();
  const { setInterval: set, clearInterval: clear } = globalThis;
  globalThis.setInterval = /** @type {any} */ ((/** @type {any} */ act, /** @type {any} */ millis) => {
    const id = set(act, millis);
    timers.add(id);
    return id;
  });
  globalThis.clearInterval = /** @type {any} */ ((/** @type {any} */ id) => {
    timers.delete(id);
    clear(id);
  });
  t.after(() => Object.assign(globalThis, { setInterval: set, clearInterval: clear }));
  const { core, api, frames } = await opened(t);
  core.store.onFrame(() => {});
  await core.commands.run();
  const sweep = core.commands.sweep;
  await sweep.start({ fractions: ['0.5'], seeds: ['0', '1'], factor: '', values: [] }, false);
  await core.commands.race('optimisers');
  assert.ok(FakeWorker.alive.length >= 3, `${FakeWorker.alive.length} workers`);
  assert.equal(timers.size, 1);
  core.destroy();
  assert.equal(FakeWorker.alive.length, 0);
  assert.equal(timers.size, 0);
  assert.equal(frames.waiting.size, 0);
  await settled();
  assert.equal(FakeWorker.alive.length, 0);
  await assert.rejects(api.step(1), { code: 'lost' });
});

test('a demo that ended starts no worker, whatever is asked of it', async (t) => {
  withBrowser(t);
  const { core, api } = demo(t);
  core.destroy();
  await assert.rejects(api.run(), { code: 'lost' });
  await core.actions.preset('never');
  await settled();
  assert.equal(FakeWorker.all.length, 0);
});

test('an end while a worker is loading leaves none behind', async (t) => {
  withBrowser(t);
  const { core, state } = demo(t);
  core.begin();
  core.destroy();
  await settled();
  assert.equal(FakeWorker.alive.length, 0);
  assert.deepEqual(state().notices, []);
});

test('the page opens with its recording, and no worker before that is seen', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, frames, state } = demo(t, '', { recording: 'first.grok' });
  core.begin();
  await settled();
  // A recording is unpacked aside.
  for (let turn = 0; turn < 200 && !state().run.recording; turn += 1) await settled();
  assert.equal(FakeWorker.all.length, 0);
  assert.equal(state().run.recording?.own, true);
  assert.equal(state().playing, true);
  assert.equal(state().run.scrub, 0);
  for (let turn = 1; turn < MOVED_FRAMES; turn += 1) frames.draw();
  assert.equal(idles.size, 0, 'it is seen, and moves, before anything else is done');
  frames.draw();
  await rest();
  assert.equal(FakeWorker.alive.length, 1);
  assert.equal(state().live?.status, 'idle');
  assert.equal(state().run.recording?.own, true, 'the recording is still shown');
  await rest();
  assert.equal(state().speed?.gflops, 20);
  core.store.dispatch({ type: 'speed', gflops: 35 });
  assert.equal(state().speed?.gflops, 20, 'what was said first stays');
});

test('a link to a recording opens with it, at its end, and one that is missing says so', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, state } = demo(t, '?recording=first');
  core.begin();
  for (let turn = 0; turn < 200 && !state().run.recording; turn += 1) await settled();
  assert.deepEqual([state().run.recording?.name, state().run.recording?.own, state().playing], ['first', false, false]);
  const missing = demo(t, '?recording=gone&backend=cpu');
  missing.core.begin();
  await settled();
  assert.equal(missing.state().run.recording, null);
  assert.equal(missing.state().run.status, 'idle');
  assert.match(texts(missing.state)[0], /`gone\.grok` did not load/);
});

test('a run is trained again from its beginning', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t);
  await core.commands.step(3);
  const { settings } = state().run;
  await core.commands.again();
  await settled();
  assert.equal(state().run.status, 'running');
  assert.deepEqual([state().run.curves.step, state().run.settings], [[0], settings]);
});

test('a page that opens training times the computer when that rests', async (t) => {
  withBrowser(t);
  const { core, state } = demo(t, '?backend=cpu&autoplay=1');
  core.begin();
  await settled();
  await rest();
  assert.equal(state().run.status, 'running');
  assert.equal(state().speed, null);
  await core.commands.pause();
  await rest();
  assert.equal(state().speed?.gflops, 20);
});

test('with reduced motion nothing plays by itself, and the beats are to be had', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, state } = demo(t, '', { recording: 'first.grok', reducedMotion: true });
  core.begin();
  await settled();
  // A recording is unpacked aside.
  for (let turn = 0; turn < 200 && !state().run.recording; turn += 1) await settled();
  assert.equal(state().playing, false);
  await core.actions.beat('memorised');
  assert.equal(state().run.scrub, state().run.latest?.memorisedAt);
});

test('whoever saves data gets no worker until it is asked for', async (t) => {
  withBrowser(t, { connection: { saveData: true } });
  serveFiles();
  const { core, frames, state } = demo(t, '', { recording: 'first.grok' });
  core.begin();
  await settled();
  // A recording is unpacked aside.
  for (let turn = 0; turn < 200 && !state().run.recording; turn += 1) await settled();
  frames.draw();
  frames.draw();
  assert.equal(idles.size, 0, 'nothing waits for the browser to rest');
  await rest();
  assert.equal(FakeWorker.all.length, 0);
  await core.actions.trainYours();
  assert.equal(state().run.status, 'running');
  assert.equal(state().run.recording, null);
});

test('a page whose recording is missing opens with the live run, and says nothing', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, state } = demo(t, '', { recording: 'gone.grok' });
  core.begin();
  await settled();
  assert.equal(state().run.recording, null);
  assert.equal(state().run.status, 'idle');
  assert.deepEqual(state().notices, []);
});

test('training one yourself leaves the recording and trains the default', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, state } = demo(t, '?backend=cpu', { recording: 'first.grok' });
  core.begin();
  await settled();
  // A recording is unpacked aside.
  for (let turn = 0; turn < 200 && !state().run.recording; turn += 1) await settled();
  await core.actions.trainYours();
  assert.equal(state().run.recording, null);
  assert.equal(state().run.status, 'running');
  assert.equal(state().run.preset, PRESETS[0].id);
  await core.actions.replay();
  assert.equal(state().run.recording?.own, true);
  assert.equal(state().live?.status, 'paused', 'the live run waits');
  assert.equal(state().playing, true);
});

test('a recording has no network to ask', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, state } = await opened(t);
  await core.actions.replay('first.grok', false);
  await core.actions.predict(0, 1);
  assert.equal(FakeWorker.all[0].count('predict'), 0);
  assert.equal(state().run.predicted, null);
  assert.equal(state().live?.predicted, null);
  assert.match(texts(state)[0], /this recording has no weights, and so no network to ask/);
  await core.actions.leave();
  await core.actions.predict(0, 1);
  assert.equal(state().run.predicted?.y, 1);
});

test('a setting that is changed in a recording starts that run here', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, state } = await opened(t);
  await core.actions.replay('first.grok', false);
  const recorded = state().run.settings;
  await core.actions.setting('learningRate', '0.01');
  assert.equal(FakeWorker.all[0].count('set'), 0);
  assert.equal(state().run.recording, null);
  assert.deepEqual(state().run.settings, { ...recorded, learningRate: '0.01' });
});

test('after the end a run goes on, and what is chosen follows its budget', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, '?backend=cpu&budget=10');
  await api.step(10);
  FakeWorker.all[0].say({ type: 'status', status: 'finished', step: 10 });
  await api.run();
  assert.equal(state().run.status, 'running');
  assert.equal(state().run.settings.budget, '20');
  await core.commands.reset();
  const starts = FakeWorker.all[0].sent.filter(({ command }) => command.type === 'start');
  assert.equal(starts.at(-1)?.command.config.settings.budget, '20');
});

test('undo brings the whole run back', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t);
  await api.step(4);
  const before = state().run;
  await core.actions.newSeed();
  assert.equal(state().run.step, 0);
  assert.equal(state().canUndo, true);
  await core.actions.undo();
  assert.equal(state().run.step, 4);
  assert.deepEqual(state().run.curves, before.curves);
  assert.equal(state().run.settings.seed, before.settings.seed);
  assert.equal(state().canUndo, false);
});

test('an older address brings back the run that it named', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t);
  await api.step(4);
  const { preset, settings } = state().run;
  await core.actions.preset('never');
  assert.equal(state().run.preset, 'never');
  await core.actions.visit({ preset, settings });
  assert.equal(state().run.preset, preset);
  assert.equal(state().run.step, 4, 'with its steps');
});

test('a refusal is an error with a code, whoever says it', async (t) => {
  withBrowser(t);
  const { api } = await opened(t);
  /** @type {[() => Promise<unknown>, string, RegExp][]} */
  const refused = [
    [() => api.start({ modulus: 98 }), 'setting', /`modulus` cannot be `98`/],
    [() => api.start({ depth: 3 }), 'unknown', /no setting `depth`/],
    [() => api.start({ preset: 'slow' }), 'unknown', /no preset `slow`/],
    [() => api.start({ width: 30, heads: 4 }), 'setting', /multiple of the 4 heads/],
    [() => api.start({ formula: 'wrong' }), 'setting', /the formula is wrong/],
    [() => api.step(-1), 'argument', /`n` cannot be `-1`/],
    [() => api.pace(0), 'argument', /`n` cannot be `0`/],
  ];
  for (const [ask, code, message] of refused) {
    await assert.rejects(ask, (/** @type {any} */ error) => {
      assert.ok(error instanceof Error, String(error));
      assert.equal(/** @type {any} */ (error).code, code);
      assert.match(error.message, message);
      return true;
    });
  }
});

test('what goes wrong with a button becomes a notice, and a control hears for itself', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, state } = await opened(t);
  await core.actions.replay('nowhere.grok', false);
  await core.actions.preset('slow');
  assert.deepEqual(texts(state), [
    '`nowhere.grok` did not load: the server answered 404',
    'there is no preset `slow`: there is clock, quick, addition, division, s5, iconic, never',
  ]);
  const none = { fractions: [], seeds: ['0'], factor: '', values: [] };
  await assert.rejects(core.actions.sweep.start(none, false), { message: '`trainFraction` needs at least one value' });
  await assert.rejects(core.actions.setting('formula', 'wrong'), { code: 'setting' });
  assert.equal(texts(state).length, 2);
});
