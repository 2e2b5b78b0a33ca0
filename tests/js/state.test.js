// What the page shows follows from what happens.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worstDifference } from '../../www/js/worker/gpu.js';
import { announcement, initialState, reduce, story } from '../../www/js/run/state.js';
import { parse } from '../../www/js/run/url.js';
import { palette } from '../../www/js/draw/palette.js';

/** @returns {any} */
const started = () => ({ type: 'started', config: {}, symbols: ['0'], equations: 1, train: 1 });

/** @param {number} step @param {object} [more] @returns {any} */
const evaluated = (step, more = {}) => ({
  type: 'evaluated',
  step,
  trainAccuracy: step / 100,
  heldOutAccuracy: 0,
  trainLoss: 1,
  heldOutLoss: 2,
  memorisedAt: null,
  generalisedAt: null,
  ...more,
});

/** @param {any[]} actions */
const after = (...actions) => actions.reduce(reduce, initialState(parse('')));

test('curves keep columns of equal length and one point a step', () => {
  const state = after(evaluated(0), evaluated(10), evaluated(20), evaluated(10), evaluated(15));
  assert.deepEqual(state.curves.step, [0, 10, 15]);
  assert.deepEqual(state.curves.trainAccuracy, [0, 0.1, 0.15]);
  for (const column of Object.values(state.curves)) assert.equal(column.length, 3);
});

test('reducing changes nothing in place', () => {
  const before = after(evaluated(0));
  reduce(before, evaluated(1));
  assert.deepEqual(before.curves.step, [0]);
});

test('a new run clears the curves, an undone one brings them back', () => {
  const old = after(started(), evaluated(0), evaluated(10));
  const fresh = reduce(old, { type: 'cleared' });
  assert.deepEqual(fresh.curves.step, []);
  assert.equal(fresh.step, 0);
  const back = reduce(fresh, { type: 'restored', frames: [], curves: old.curves, latest: old.latest });
  assert.deepEqual(back.curves, old.curves);
});

test('the story is told in words', () => {
  const tell = (/** @type {any} */ point) => story(after(started(), point));
  assert.equal(tell(evaluated(0)), 'Not trained yet: the network guesses.');
  assert.equal(
    tell(evaluated(50)),
    'It is learning the equations that it is shown: 50 % so far.',
  );
  assert.equal(
    tell(evaluated(200, { memorisedAt: 140, heldOutAccuracy: 0.12 })),
    'Memorised at step 140. It knows every equation that it was shown, and 12 % of those that ' +
      'it was not.',
  );
  assert.equal(
    tell(evaluated(700, { memorisedAt: 140, generalisedAt: 660 })),
    'Memorised at step 140, generalised at step 660: 4.7 times later.',
  );
});

test('a screen reader hears milestones, not every picture', () => {
  const running = { type: 'status', status: 'running', step: 0 };
  const tell = (/** @type {any} */ point) => announcement(after(started(), running, point));
  assert.equal(tell(evaluated(50)), 'Training.');
  assert.equal(tell(evaluated(60)), 'Training.');
  const memorised = { memorisedAt: 140, heldOutAccuracy: 0.12 };
  assert.equal(tell(evaluated(200, memorised)), 'Training. The examples are memorised.');
  const grokked = { memorisedAt: 140, generalisedAt: 660 };
  assert.match(tell(evaluated(700, grokked)), /^Training\. Memorised at step 140, generalised/);
});

test('the same sentence is not shown twice, and old ones leave', () => {
  const texts = ['a', 'b', 'a', 'c', 'd', 'e'];
  const { notices } = /** @type {import('../../www/js/run/state.js').State} */ (
    after(...texts.map((text) => ({ type: 'notice', text })))
  );
  assert.deepEqual(notices.map(({ text }) => text), ['a', 'c', 'd', 'e']);
  assert.equal(new Set(notices.map(({ id }) => id)).size, 4);
});

test('a self-test passes only with numbers that agree', () => {
  const tested = (/** @type {number[]} */ ...losses) =>
    /** @type {any} */ ({ type: 'tested', losses, stepMillis: 1 });
  assert.equal(worstDifference(tested(2, 4), tested(2, 4.002)), 0.0004999999999999449);
  assert.ok(!(worstDifference(tested(2, 4), tested(2, NaN)) <= 1));
  assert.equal(worstDifference(tested(2), tested()), Infinity);
});

test('symbols get lighter in order, for readers who see no hue', () => {
  const lightness = Array.from(palette(97), (color) => {
    const [red, green, blue] = [color & 255, (color >> 8) & 255, (color >> 16) & 255];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  for (let index = 1; index < lightness.length; index += 1) {
    assert.ok(lightness[index] >= lightness[index - 1]);
  }
});
