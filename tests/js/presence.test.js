// A demo in somebody else's page trains while it is seen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPresence } from '../../www/js/presence.js';
import { demo } from './demo.js';
import { FakeWorker, settled, withBrowser } from './fake.js';

/** @param {import('node:test').TestContext} t @param {string} query */
async function inFrame(t, query) {
  withBrowser(t);
  /** @type {(entries: { isIntersecting: boolean }[]) => void} */
  let say = () => {};
  const before = /** @type {any} */ (globalThis).IntersectionObserver;
  let observed = 0;
  /** @type {any} */ (globalThis).IntersectionObserver = class {
    /** @param {typeof say} told */
    constructor(told) {
      say = told;
    }

    observe() {
      observed += 1;
    }

    disconnect() {
      observed -= 1;
    }
  };
  t.after(() => {
    /** @type {any} */ (globalThis).IntersectionObserver = before;
  });
  const { core, api, state } = demo(t, query);
  const page = Object.assign(new EventTarget(), { hidden: false });
  const shown = core.begin();
  const presence = createPresence({ ...core, shown }, { root: /** @type {any} */ ({}), page: /** @type {any} */ (page) });
  return {
    core, api, presence,
    status: () => state().run.status,
    observed: () => observed,
    see: async (/** @type {boolean} */ isIntersecting) => {
      say([{ isIntersecting }]);
      await settled();
    },
    tab: async (/** @type {boolean} */ hidden) => {
      page.hidden = hidden;
      page.dispatchEvent(new Event('visibilitychange'));
      await settled();
    },
  };
}

test('with `autoplay=visible` it trains once it is seen, and while it is', async (t) => {
  const { status, see, tab, presence } = await inFrame(t, '?backend=cpu&autoplay=visible');
  await settled();
  assert.equal(status(), 'idle');
  await see(true);
  assert.equal(status(), 'running');
  await see(false);
  assert.equal(status(), 'paused');
  await see(true);
  assert.equal(status(), 'running');
  await tab(true);
  assert.equal(status(), 'paused');
  await tab(false);
  assert.equal(status(), 'running');
  presence.show(false);
  await settled();
  assert.equal(status(), 'paused', 'the page around hides it');
  presence.show(true);
  await settled();
  assert.equal(status(), 'running');
});

test('what goes while it begins rests, and what is paused while it is gone stays', async (t) => {
  const { core, status, see, presence } = await inFrame(t, '?backend=cpu&autoplay=visible');
  await settled();
  presence.show(true);
  see(true);
  await see(false);
  await settled();
  assert.notEqual(status(), 'running');
  await see(true);
  assert.equal(status(), 'running');
  await see(false);
  presence.stay();
  assert.equal(core.store.get().resting, false);
  await see(true);
  assert.equal(status(), 'paused');
});

test('it is seen before it has loaded, and trains when it has', async (t) => {
  withBrowser(t);
  const { status, see } = await inFrame(t, '?backend=cpu&autoplay=visible');
  await see(true);
  assert.equal(status(), 'running');
});

test('what a reader paused stays paused', async (t) => {
  const { api, status, see } = await inFrame(t, '?backend=cpu&autoplay=visible');
  await see(true);
  await api.pause();
  await see(false);
  await see(true);
  assert.equal(status(), 'paused');
});

test('a pause that is under way when the frame goes, or is asked for while it is gone, is kept', async (t) => {
  const { core, status, see, tab } = await inFrame(t, '?backend=cpu&autoplay=visible');
  await see(true);
  core.actions.toggle();
  await see(false);
  await see(true);
  assert.equal(status(), 'paused', 'the worker had not come to it');
  await core.actions.run();
  await tab(true);
  assert.deepEqual([status(), core.store.get().resting], ['paused', true]);
  await core.actions.pause();
  assert.equal(core.store.get().resting, false);
  await tab(false);
  assert.equal(status(), 'paused', 'it was paused unseen');
  await core.actions.run();
  await tab(true);
  await tab(false);
  assert.equal(status(), 'running');
});

test('without `autoplay` nothing trains by itself, and what was started rests unseen', async (t) => {
  const { api, status, see } = await inFrame(t, '?backend=cpu');
  await see(true);
  await see(false);
  await see(true);
  assert.equal(status(), 'idle');
  await api.run();
  await see(false);
  assert.equal(status(), 'paused');
  await see(true);
  assert.equal(status(), 'running');
});

test('a run that is begun unseen waits until it is seen', async (t) => {
  const { api, status, see, presence } = await inFrame(t, '?backend=cpu');
  await settled();
  await presence.began(api.run());
  await settled();
  assert.equal(status(), 'paused');
  await see(true);
  assert.equal(status(), 'running');
});

test('steps that were asked for are taken, seen or not', async (t) => {
  const { api, status, see, presence } = await inFrame(t, '?backend=cpu');
  await see(true);
  const [worker] = FakeWorker.all;
  worker.slow = true;
  const steps = presence.during(() => api.step(10));
  await settled();
  await see(false);
  assert.equal(status(), 'running');
  worker.train(10);
  worker.say({ type: 'status', status: 'paused', step: 10 });
  await steps;
  await see(true);
  assert.equal(status(), 'paused');
});

test('with `whenHidden=run` it trains unseen', async (t) => {
  const { api, status, see } = await inFrame(t, '?backend=cpu&whenHidden=run');
  await see(true);
  await api.run();
  await see(false);
  assert.equal(status(), 'running');
});

test('an end looks no more', async (t) => {
  const { core, observed } = await inFrame(t, '?backend=cpu');
  assert.equal(observed(), 1);
  core.destroy();
  assert.equal(observed(), 0);
});
