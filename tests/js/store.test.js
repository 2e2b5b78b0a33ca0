// The store tells everything at once and draws at most once a frame.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore } from '../../www/js/run/store.js';
import { fakeFrames } from './fake.js';

/** Counts; an action of 0 changes nothing. */
const counter = () => {
  const frames = fakeFrames();
  const store = createStore(0, (/** @type {number} */ state, /** @type {number} */ by) => state + by, frames);
  return { store, frames };
};

test('every action is heard at once, also where no frame is drawn', () => {
  const { store } = counter();
  /** @type {number[][]} */
  const heard = [];
  store.on((state, action, before) => heard.push([state, action, before]));
  store.dispatch(1);
  store.dispatch(2);
  store.dispatch(0);
  assert.deepEqual(heard, [[1, 1, 0], [3, 2, 1], [3, 0, 3]]);
});

test('many changes are one picture, and no change is none', () => {
  const { store, frames } = counter();
  /** @type {number[]} */
  const drawn = [];
  store.onFrame((state) => drawn.push(state));
  assert.deepEqual(drawn, [0]);
  for (const by of [1, 1, 1]) store.dispatch(by);
  assert.equal(frames.waiting.size, 1);
  frames.draw();
  assert.deepEqual(drawn, [0, 3]);
  store.dispatch(0);
  assert.equal(frames.waiting.size, 0);
});

test('a listener that dispatches leaves the order of what the others hear', () => {
  const { store } = counter();
  store.on((state) => {
    if (state < 3) store.dispatch(1);
  });
  /** @type {number[]} */
  const heard = [];
  store.on((state) => heard.push(state));
  store.dispatch(1);
  assert.deepEqual(heard, [1, 2, 3]);
});

test('a listener that throws stops nobody, and its error is not swallowed', async () => {
  const { store } = counter();
  const thrown = new Promise((resolve) => {
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const other of others) process.on('uncaughtException', other);
      resolve(error);
    });
  });
  let heard = 0;
  store.on(() => {
    throw new Error('a view is broken');
  });
  store.on(() => {
    heard += 1;
  });
  store.dispatch(1);
  assert.equal(heard, 1);
  assert.match(String(await thrown), /a view is broken/);
});

test('after its end nothing is heard, changed or drawn', () => {
  const { store, frames } = counter();
  let heard = 0;
  store.on(() => {
    heard += 1;
  });
  store.onFrame(() => {});
  store.dispatch(1);
  store.destroy();
  assert.equal(frames.waiting.size, 0);
  store.dispatch(1);
  assert.equal(heard, 1);
  assert.equal(store.get(), 1);
});
