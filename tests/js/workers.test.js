// Workers that are lost, do not load, or are of another deployment.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened, serveFiles, texts } from './demo.js';
import { FakeWorker, settled, withBrowser } from './fake.js';

test('a worker that is lost is replaced three times, and the run goes on', async (t) => {
  withBrowser(t);
  const { api, state } = await opened(t);
  await api.step(4);
  await api.pause();
  for (let n = 1; n <= 3; n += 1) {
    FakeWorker.alive[0].say({ type: 'crashed', message: 'a test ended it' });
    await settled();
    assert.match(texts(state).at(-1) ?? '', new RegExp(`from step 4 in a fresh worker \\(${n} of 3\\)`));
    assert.equal(state().run.step, 4);
  }
  FakeWorker.alive[0].say({ type: 'crashed', message: 'a test ended it' });
  await settled();
  assert.match(texts(state).at(-1) ?? '', /Training failed 4 times: a test ended it/);
  assert.equal(state().run.status, 'failed');
  assert.equal(FakeWorker.alive.length, 0);
});

test('helpers are of the worker that trains, whatever is said of cards', async (t) => {
  withBrowser(t);
  const { api, core } = await opened(t);
  await api.step(1);
  FakeWorker.alive[0].say({ type: 'helped', helpers: 1 });
  core.store.dispatch({ type: 'backend', active: 'cpu', reason: 'no usable graphics card' });
  assert.equal(core.store.get().helpers, 1);
  FakeWorker.alive[0].say({ type: 'crashed', message: 'a test ended it' });
  await settled();
  assert.equal(core.store.get().helpers, 0);
});

/** @param {import('node:test').TestContext} t @param {string} served Build of the page at the address. */
function deployed(t, served) {
  withBrowser(t);
  serveFiles({ 'page/?seed=1': () => new Response(`<meta name="build" content="${served}" />`) });
  const before = { location: globalThis.location, document: globalThis.document };
  const meta = { getAttribute: () => 'a1' };
  Object.assign(globalThis, {
    location: { href: 'https://host/page/?seed=1#points' },
    document: { querySelector: () => meta },
  });
  t.after(() => Object.assign(globalThis, before));
  FakeWorker.broken = 'its script did not load';
}

test('a worker of a page that was deployed anew says so', async (t) => {
  deployed(t, 'b2');
  const { state, api } = await opened(t);
  assert.deepEqual(state().notices.map(({ text, action }) => [text, action]), [
    ['This page has been updated since you opened it.', 'reload'],
  ]);
  assert.equal(FakeWorker.all.length, 1, 'it is not tried again');
  await assert.rejects(api.run(), { code: 'lost' });
});

test('a worker of another version of the page says so too', async (t) => {
  deployed(t, 'b2');
  FakeWorker.broken = null;
  FakeWorker.version = -1;
  const { state } = await opened(t);
  assert.deepEqual(texts(state), ['This page has been updated since you opened it.']);
});

test('a worker that does not load on the same page is tried again, and then named', async (t) => {
  deployed(t, 'a1');
  const { state, api } = await opened(t);
  await settled();
  assert.equal(FakeWorker.all.length, 4);
  assert.deepEqual(texts(state), ['The trainer did not load: its script did not load.']);
  FakeWorker.broken = null;
  await api.step(1);
  assert.equal(api.state().step, 1, 'asking again tries again');
});
