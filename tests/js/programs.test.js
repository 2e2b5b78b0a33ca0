// Which program trains a network and where, and what is said of it before it is loaded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programOf } from '../../www/js/run/settings.js';
import { probe } from '../../www/js/worker/probe.js';
import { fileOf, sizeOf } from '../../www/js/worker/programs.js';
import { demo, opened, texts } from './demo.js';
import { FakeWorker, rest, settled, withBrowser } from './fake.js';

const PLAIN = 'kernels=plain';
const ON_CARD = { backend: /** @type {const} */ ('webgpu'), program: /** @type {const} */ ('reference') };

/** What the workers are that have not ended. */
const alive = () => FakeWorker.alive.map(({ backend, program }) => `${backend} ${program}`);
/** What was ever started. */
const started = () => FakeWorker.all.map(({ backend, program }) => `${backend} ${program}`);

/** A browser with a card that trains everything. @param {import('node:test').TestContext} t @param {object} [navigator] */
function withCard(t, navigator) {
  withBrowser(t, navigator);
  FakeWorker.probe = () => null;
}

/** A page that says how large its programs are. @param {import('node:test').TestContext} t */
function withSizes(t) {
  const before = globalThis.document;
  const metas = { 'meta[name="sizes"]': 'worker=1100000 worker_relaxed=1200000 worker_reference=3600000 worker_reference_gpu=14600000' };
  const querySelector = (/** @type {keyof metas} */ name) => ({ getAttribute: () => metas[name] });
  Object.assign(globalThis, { document: { querySelector } });
  t.after(() => Object.assign(globalThis, { document: before }));
}

test('the settings say the program, and the program with its backend the file', () => {
  assert.equal(programOf({ kernels: 'fused', dropout: '0' }), 'fused');
  assert.equal(programOf({ kernels: 'plain', dropout: '0' }), 'reference');
  assert.equal(programOf({ kernels: 'fused', dropout: '0.1' }), 'reference');
  const fused = fileOf({ backend: 'cpu', program: 'fused' });
  assert.match(fused, /^worker(_relaxed)?$/);
  assert.equal(fileOf({ backend: 'webgpu', program: 'fused' }), fused);
  assert.equal(fileOf({ backend: 'cpu', program: 'reference' }), 'worker_reference');
  assert.equal(fileOf(ON_CARD), 'worker_reference_gpu');
});

test('a size is what the build says, and unknown where it says nothing', (t) => {
  assert.equal(sizeOf(ON_CARD), null);
  withSizes(t);
  assert.equal(sizeOf(ON_CARD), 14_600_000);
  assert.equal(sizeOf({ backend: 'cpu', program: 'reference' }), 3_600_000);
});

test('only the reference asks a card for timestamps', async () => {
  const card = (/** @type {string[]} */ ...features) => ({ requestAdapter: async () => ({ features: new Set(features) }) });
  assert.equal(await probe(undefined, 'fused'), 'this browser has no WebGPU in workers');
  assert.equal(await probe({ requestAdapter: async () => null }, 'fused'), 'there is no usable graphics card');
  assert.equal(await probe(card(), 'fused'), null);
  assert.match(String(await probe(card(), 'reference')), /^the reference kernels need a graphics card with `timestamp-query`/);
  assert.equal(await probe(card('timestamp-query'), 'reference'), null);
});

test('the reference trains on the card that a link asks for', async (t) => {
  withCard(t);
  const { api } = await opened(t, `?${PLAIN}&backend=webgpu`);
  assert.deepEqual(alive(), ['webgpu reference']);
  assert.equal(api.state().backend, 'webgpu');
  const [cpu, card] = FakeWorker.all;
  assert.equal(cpu.sent[1].command.program, 'reference', 'the card is probed for this program');
  for (const worker of [cpu, card]) {
    const own = worker.sent.find(({ command }) => command.type === 'test');
    assert.equal(own?.command.config.settings.kernels, 'plain', 'the self-test is of these kernels');
  }
  await api.step(2);
  assert.equal(card.step, 2);
});

test('the reference trains on the CPU where the link says so', async (t) => {
  withCard(t);
  const { api } = await opened(t, `?${PLAIN}&backend=cpu`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(started(), ['cpu reference']);
  assert.equal(api.state().backend, 'cpu');
});

test('a card that cannot run the reference is told of once, and trains what it can', async (t) => {
  withCard(t);
  /** @type {string[]} */
  const probed = [];
  FakeWorker.probe = (program) => {
    probed.push(program);
    return program === 'reference' ? 'the reference kernels need `timestamp-query`' : null;
  };
  const { core, api, state } = await opened(t, `?${PLAIN}&backend=webgpu`);
  assert.deepEqual(started(), ['cpu reference'], 'nothing is loaded for the card');
  assert.equal(api.state().backend, 'cpu');
  const sentence = 'The link asks for WebGPU, but the reference kernels need `timestamp-query`. Training on the CPU instead.';
  assert.deepEqual(texts(state), [sentence]);
  core.actions.dismiss(state().notices[0].id);
  await core.commands.setting('kernels', 'fused');
  assert.deepEqual(alive(), ['webgpu fused']);
  assert.equal(api.state().backend, 'webgpu');
  await core.commands.setting('kernels', 'plain');
  assert.deepEqual(alive(), ['cpu reference']);
  assert.equal(api.state().backend, 'cpu');
  assert.match(state().backend.reason, /need `timestamp-query`/);
  assert.deepEqual(texts(state), []);
  assert.deepEqual(probed, ['reference', 'fused'], 'nor is it looked for again');
});

test('on a card the program follows the settings, and undo brings both back', async (t) => {
  withCard(t);
  const { core, api } = await opened(t, '?backend=webgpu');
  await api.step(3);
  await core.commands.setting('dropout', '0.1');
  assert.deepEqual(alive(), ['webgpu reference']);
  await core.commands.undo();
  assert.deepEqual(alive(), ['webgpu fused']);
  assert.equal(api.state().step, 3);
  assert.equal(FakeWorker.alive[0].step, 3);
});

test('the size of a program is said before it is loaded, and its bytes as they come', async (t) => {
  withCard(t);
  withSizes(t);
  const { core, state } = demo(t, `?${PLAIN}&backend=webgpu`);
  /** @type {Record<string, unknown>} */
  const said = {};
  /** @type {Record<string, unknown>} */
  const half = {};
  globalThis.Worker = /** @type {any} */ (class extends FakeWorker {
    /** @param {URL} url */
    constructor(url) {
      super(url);
      const name = `${this.backend} ${this.program}`;
      said[name] = state().loading;
      setTimeout(() => {
        this.say({ type: 'loading', loaded: 1_800_000 });
        half[name] = state().loading;
      });
    }
  });
  core.begin();
  await settled();
  const reference = { label: 'the reference kernels', total: 3_600_000 };
  const onCard = { label: 'the reference kernels for WebGPU', total: 14_600_000 };
  assert.deepEqual(said, { 'cpu reference': { ...reference, loaded: 0 }, 'webgpu reference': { ...onCard, loaded: 0 } });
  assert.deepEqual(half['webgpu reference'], { ...onCard, loaded: 1_800_000 });
  assert.equal(state().loading, null, 'what has begun is not loading');
  FakeWorker.alive[0].say({ type: 'loading', loaded: 14_600_000 });
  assert.equal(state().loading, null, 'nor is what has come');
});

test('what only the reference trains goes to a card that is faster, unasked', async (t) => {
  withCard(t);
  FakeWorker.stepMillis = { cpu: 30, webgpu: 10 };
  const { api, state } = await opened(t, '?dropout=0.1');
  assert.deepEqual(alive(), ['cpu reference'], 'the CPU trains at once');
  await api.step(4);
  await rest();
  await settled();
  assert.deepEqual(alive(), ['webgpu reference']);
  assert.equal(FakeWorker.alive[0].step, 4, 'the run goes on where it was');
  assert.equal(state().backend.reason, '3.0 times faster than the CPU for this network');
});

test('and stays on the CPU where the card is slower', async (t) => {
  withCard(t);
  FakeWorker.stepMillis = { cpu: 10, webgpu: 30 };
  const { core, state } = await opened(t, '?seed=1');
  await core.commands.setting('dropout', '0.1');
  await settled();
  assert.equal(state().backend.active, 'cpu');
  assert.match(state().backend.reason, /3\.0 times as long/);
  assert.deepEqual(alive(), ['cpu reference', 'webgpu reference'], 'the card waits');
});

for (const connection of [{ saveData: true }, { type: 'cellular' }]) {
  test(`a connection with ${JSON.stringify(connection)} is spared the program, unless the link asks`, async (t) => {
    withCard(t, { hardwareConcurrency: 4, connection });
    withSizes(t);
    const { core, state } = await opened(t, '?dropout=0.1');
    await rest();
    await settled();
    assert.deepEqual(started(), ['cpu reference']);
    assert.match(state().backend.reason, /needs a program of 14\.6 MB, which this connection is spared/);
    core.destroy();
    await opened(t, '?dropout=0.1&backend=webgpu');
    assert.deepEqual(alive(), ['webgpu reference']);
  });
}

test('a network that is too large for the card is trained by the CPU, and the next one is not', async (t) => {
  withCard(t);
  const { core, state } = await opened(t, '?width=256&backend=webgpu');
  assert.equal(state().backend.active, 'cpu');
  assert.match(state().backend.reason, /a buffer of 200 MB/);
  assert.equal(state().run.status, 'idle');
  await core.commands.setting('width', '64');
  assert.deepEqual(alive(), ['webgpu fused']);
  assert.equal(state().backend.active, 'webgpu');
});

test('of two networks that are chosen while a card is looked for, the last one trains', async (t) => {
  withCard(t);
  const { core, state } = await opened(t, '?backend=webgpu');
  const first = assert.rejects(core.commands.setting('kernels', 'plain'), { code: 'interrupted' });
  while (!alive().includes('cpu reference')) await new Promise((resolve) => setTimeout(resolve));
  const last = core.commands.preset('never');
  await Promise.all([first, last]);
  await settled();
  assert.deepEqual(alive(), ['webgpu fused']);
  assert.equal(state().run.preset, 'never');
  assert.equal(state().run.status, 'idle');
  assert.equal(FakeWorker.alive[0].count('start'), 1);
  assert.deepEqual(texts(state), []);
  await core.commands.setting('kernels', 'plain');
  assert.deepEqual(alive(), ['webgpu reference'], 'the search that was broken off says nothing of the card');
});
