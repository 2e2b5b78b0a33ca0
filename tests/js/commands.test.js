// Commands tell the truth: what was done, what was not, and what was refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demo, opened, serveFiles, texts } from './demo.js';
import { FakeWorker, idles, settled, withBrowser } from './fake.js';

/** A page that was not deployed anew. @param {import('node:test').TestContext} t */
function onPage(t) {
  const before = { location: globalThis.location, document: globalThis.document };
  Object.assign(globalThis, { location: { href: 'https://host/' }, document: { querySelector: () => null } });
  serveFiles();
  t.after(() => Object.assign(globalThis, before));
}

/** @param {Promise<unknown>} promise */
const outcome = (promise) => promise.then(() => 'done', (error) => `${error.code}: ${error.message}`);

test('steps that are asked for at once are all taken, in turn', async (t) => {
  withBrowser(t);
  const { api } = await opened(t);
  /** @type {number[]} */
  const ends = [];
  const asked = (/** @type {number} */ n) => api.step(n).then(() => ends.push(api.state().step));
  await Promise.all([asked(300), asked(300), asked(1)]);
  assert.deepEqual(ends, [300, 600, 601]);
  assert.equal(FakeWorker.all[0].count('step'), 3);
});

test('steps that a pause cuts short say how far they came, and those behind them that they never began', async (t) => {
  withBrowser(t);
  const { api } = await opened(t);
  const [worker] = FakeWorker.all;
  worker.slow = true;
  const [first, second] = [outcome(api.step(300)), outcome(api.step(5))];
  await settled();
  worker.train(40);
  await api.pause();
  assert.deepEqual(await Promise.all([first, second]), [
    'interrupted: 40 of 300 steps were taken, then the run was paused',
    'interrupted: 0 of 5 steps were taken, then the run was paused',
  ]);
  worker.slow = false;
  await api.step(2);
  assert.equal(api.state().step, 42, 'what was refused is not taken later');
});

test('steps that another run or `run` ends say so too', async (t) => {
  withBrowser(t);
  const { api, core } = await opened(t);
  const [worker] = FakeWorker.all;
  worker.slow = true;
  let asked = outcome(api.step(300));
  await settled();
  worker.train(7);
  await api.reset();
  assert.equal(await asked, 'interrupted: 7 of 300 steps were taken, then the run was paused');
  assert.equal(api.state().step, 0);
  asked = outcome(api.step(10));
  await settled();
  worker.train(3);
  await api.run();
  assert.equal(await asked, 'interrupted: 3 of 10 steps were taken, then the run went on by itself');
  const late = outcome(api.step(10));
  core.commands.newSeed();
  assert.match(await late, /^interrupted: 0 of 10 steps were taken, then (another run was begun|the run was paused)$/);
  await settled();
  assert.equal(api.state().step, 0);
});

test('a pause of before the steps does not end them', async (t) => {
  withBrowser(t);
  const { api } = await opened(t);
  await Promise.all([api.run(), api.pause(), api.step(5)]);
  assert.equal(api.state().step, 5);
});

test('a reader who resets while steps are under way is not told what he did', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t);
  FakeWorker.all[0].slow = true;
  core.actions.step(10);
  await settled();
  await core.actions.reset();
  await settled();
  assert.deepEqual(texts(state), []);
});

test('what is refused is named, with what is allowed, and the run stays', async (t) => {
  withBrowser(t);
  const { api, state } = await opened(t);
  await api.step(3);
  const { run } = state();
  /** @type {[any, string][]} */
  const refused = [
    [null, "argument: `config` cannot be `null`: allowed is an object, such as { preset: 'quick', seed: 1 }"],
    [[1], "argument: `config` cannot be `[1]`: allowed is an object, such as { preset: 'quick', seed: 1 }"],
    ['quick', "argument: `config` cannot be `\"quick\"`: allowed is an object, such as { preset: 'quick', seed: 1 }"],
    [{ weightDecay: 99 }, 'setting: `weightDecay` cannot be `99`: allowed is a number from 0 to 20'],
    [{ seed: { a: 1 } }, 'setting: `seed` cannot be `{"a":1}`: allowed is a whole number from 0 to 4294967295'],
    [{ preset: {} }, 'unknown: there is no preset `{}`: there is clock, quick, addition, division, s5, iconic, never'],
  ];
  for (const [config, expected] of refused) assert.equal(await outcome(api.start(config)), expected);
  assert.equal(state().run, run);
});

test('a choice whose program does not load leaves the run, which goes on', async (t) => {
  withBrowser(t);
  const { api, core, state } = await opened(t);
  await api.step(3);
  await api.run();
  const { run } = state();
  onPage(t);
  FakeWorker.broken = 'there is no connection';
  assert.equal(
    await outcome(api.start({ dropout: 0.1 })),
    'load: the reference kernels did not load: there is no connection; the run stays as it is',
  );
  assert.equal(state().run, run);
  assert.equal(state().canUndo, false);
  assert.deepEqual(FakeWorker.alive.map(({ program }) => program), ['fused']);
  assert.equal(state().loading, null);
  await core.actions.variant('adam-dropout');
  assert.match(texts(state)[0] ?? '', /^the reference kernels did not load/);
  FakeWorker.broken = null;
  await api.start({ dropout: 0.1 });
  assert.deepEqual(FakeWorker.alive.map(({ program }) => program), ['reference']);
  assert.equal(state().run.settings.dropout, '0.1');
});

test('of two choices the last one counts, however long the first takes to load', async (t) => {
  withBrowser(t);
  const { api, state } = await opened(t);
  FakeWorker.held = [];
  const first = outcome(api.start({ dropout: 0.1, seed: 1 }));
  await settled();
  assert.equal(FakeWorker.held.length, 1);
  assert.equal(await outcome(api.start({ seed: 2 })), 'done');
  assert.equal(await first, 'interrupted: another run was chosen meanwhile');
  assert.deepEqual([state().run.status, state().run.settings.seed, state().run.settings.dropout], ['running', '2', '0']);
  assert.equal(FakeWorker.alive.length, 1);
});

test('a start that a newer one takes the place of says so, and one that is refused takes no place', async (t) => {
  withBrowser(t);
  const { api, core, state } = await opened(t);
  await api.step(3);
  const asked = [1, 2, 3].map((seed) => outcome(api.start({ seed })));
  const late = 'interrupted: another run was chosen meanwhile';
  assert.deepEqual(await Promise.all(asked), [late, late, 'done']);
  assert.deepEqual([state().run.status, state().run.settings.seed], ['running', '3']);
  assert.deepEqual(await Promise.all([outcome(api.start({ seed: 4 })), outcome(api.start({ formula: 'wrong' }))]), [
    'done', 'setting: the formula is wrong',
  ]);
  assert.deepEqual([state().run.status, state().run.settings.seed], ['running', '4']);
  assert.deepEqual(await Promise.all([outcome(core.commands.newSeed()), outcome(core.commands.undo())]), [late, 'done']);
  assert.equal(state().run.step, 3);
  await Promise.all([core.actions.newSeed(), core.actions.setting('width', '64'), core.actions.setting('width', '32')]);
  assert.deepEqual([texts(state), state().run.settings.width], [[], '32'], 'a reader who chooses twice knows it');
});

test('undo waits for the program of the run that it brings back, and keeps this one without it', async (t) => {
  withBrowser(t);
  const { api, core, state } = await opened(t, '?backend=cpu&dropout=0.1');
  await api.step(2);
  await api.start({ dropout: 0 });
  assert.equal(state().canUndo, true);
  onPage(t);
  FakeWorker.broken = 'there is no connection';
  assert.match(await outcome(core.commands.undo()), /^load: the reference kernels did not load/);
  assert.deepEqual([state().run.status, state().canUndo], ['running', true]);
  FakeWorker.broken = null;
  await core.commands.undo();
  assert.deepEqual([state().run.step, state().run.settings.dropout], [2, '0.1']);
});

test('where nothing trains there is a recording to see, and a sentence', async (t) => {
  withBrowser(t);
  onPage(t);
  FakeWorker.broken = 'it has no workers';
  const { core, api, state } = demo(t, '?preset=quick&backend=cpu&embed=1', { spare: 'first.grok' });
  assert.equal(await outcome(core.begin()), 'lost: it has no workers');
  assert.deepEqual([state().run.recording?.own, state().run.recording?.name, state().live?.preset], [true, null, 'quick']);
  assert.deepEqual(texts(state), [
    'The trainer did not load: it has no workers.', 'What is shown instead is a recorded run.',
  ]);
  FakeWorker.broken = null;
  await api.run();
  assert.deepEqual([state().run.recording, state().run.status, state().run.preset], [null, 'running', 'quick']);
});

test('a recording in a frame loads no trainer until one is asked for', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, api, frames, state } = demo(t, '?recording=first&embed=1');
  await core.begin();
  frames.draw();
  frames.draw();
  assert.deepEqual([state().run.recording?.name, FakeWorker.all.length, idles.size], ['first', 0, 0]);
  await api.run();
  assert.equal(state().run.status, 'running');
});
