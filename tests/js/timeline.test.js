// Time that moves by itself: three beats in about eight seconds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPlayer } from '../../www/js/player.js';
import { initialState, reduce } from '../../www/js/run/state.js';
import { createStore } from '../../www/js/run/store.js';
import { beatOf, beats, duration, millisUntil, placeOf, stepAfter, stepNear, stretches } from '../../www/js/run/timeline.js';
import { parse } from '../../www/js/run/url.js';
import { evaluated, fakeFrames, started } from './fake.js';

const STEPS = [0, 1, 10, 100, 180, 300, 500, 600, 880, 900];

/** A run that memorises at 180 and gets the rule at 880. @param {object} [ends] */
function story(ends = {}) {
  const actions = STEPS.map((step) => evaluated(step, {
    heldOutAccuracy: step < 600 ? 0.01 : step < 880 ? 0.3 : 1,
    memorisedAt: step < 180 ? null : 180,
    generalisedAt: step < 880 ? null : 880,
    ...ends,
  }));
  return [started(), ...actions].reduce(reduce, initialState(parse('')));
}

test('the beats are steps of the run: it knows its cells, those alone, and the rule', () => {
  const { memorised, waiting, generalised } = beats(story().run);
  assert.equal(memorised, 180);
  assert.equal(generalised, 880);
  assert.ok(waiting !== null && waiting > 180 && waiting < 600, `${waiting}`);
  const never = story({ memorisedAt: null, generalisedAt: null }).run;
  assert.deepEqual(beats(never), { memorised: null, waiting: null, generalised: null });
});

test('the wait is a step at which the story says so, also where mirror images were known before it', () => {
  const known = story({ heldOutAccuracy: 0.5, mirroredAccuracy: 0.9, unmirroredAccuracy: 0.01, generalisedAt: null }).run;
  const { waiting } = beats(known);
  const frame = known.frames.find((/** @type {{ step: number }} */ one) => one.step === waiting);
  assert.equal(frame && beatOf(frame.evaluated), 'waiting');
  const kinds = fc.constantFrom(null, 0, 0.02, 0.04, 0.6);
  const point = fc.record({ heldOutAccuracy: fc.double({ min: 0, max: 1, noNaN: true }), mirroredAccuracy: kinds, unmirroredAccuracy: kinds });
  fc.assert(fc.property(fc.array(point, { minLength: 10, maxLength: 10 }), fc.constantFrom(null, 10, 180), (points, memorised) => {
    const told = STEPS.map((step, at) => evaluated(step, {
      ...points[at], memorisedAt: memorised !== null && step >= memorised ? memorised : null,
    }));
    const { run } = /** @type {any[]} */ ([started(), ...told]).reduce(reduce, initialState(parse('')));
    const lit = told.filter((one) => beatOf(one) === 'waiting').map(({ step }) => step);
    const found = beats(run).waiting;
    assert.equal(found !== null, lit.length > 0);
    if (found !== null) assert.ok(lit.includes(found));
  }));
});

test('the slider has steps where the chart has them, and finds the nearest that is kept', () => {
  assert.equal(placeOf(450, 900, false), 0.5);
  assert.ok(placeOf(30, 900, true) > 0.5);
  assert.equal(stepNear(STEPS, 1, false), 900);
  assert.equal(stepNear(STEPS, 0, true), 0);
  assert.equal(stepNear(STEPS, 0.5, false), 500);
  assert.equal(stepNear([], 0.5, false), 0);
  fc.assert(fc.property(fc.constantFrom(...STEPS), fc.boolean(), (step, log) => {
    assert.equal(stepNear(STEPS, placeOf(step, 900, log), log), step);
  }));
});

test('learning, waiting and generalising each have their time', () => {
  const course = stretches(story().run);
  assert.deepEqual(course, [
    { from: 0, to: 180, millis: 2500 },
    { from: 180, to: 600, millis: 3000 },
    { from: 600, to: 900, millis: 2500 },
  ]);
  assert.equal(duration(course), 8000);
  assert.equal(stepAfter(course, 0), 0);
  assert.equal(stepAfter(course, 2500), 180);
  assert.equal(stepAfter(course, 5500), 600);
  assert.equal(stepAfter(course, 9000), 900);
  assert.deepEqual(stretches(story({ memorisedAt: null, generalisedAt: null }).run), [
    { from: 0, to: 900, millis: 8000 },
  ]);
});

test('time never goes back, and a step is reached when it is said to be', () => {
  const course = stretches(story().run);
  const millis = fc.double({ min: 0, max: 8000, noNaN: true });
  fc.assert(fc.property(millis, millis, (a, b) => {
    if (a < b) assert.ok(stepAfter(course, a) <= stepAfter(course, b));
  }));
  fc.assert(fc.property(fc.integer({ min: 0, max: 900 }), (step) => {
    assert.equal(stepAfter(course, millisUntil(course, step)), step);
  }));
});

/** A store with a run, a player and frames. */
function stage() {
  const frames = fakeFrames();
  const store = createStore(story(), reduce, frames);
  return { store, frames, player: createPlayer(store, frames) };
}

test('a run is played once from its beginning to its end, and rests there', () => {
  const { store, frames, player } = stage();
  player.play();
  assert.equal(store.get().run.scrub, 0);
  /** @type {number[]} */
  const seen = [];
  let drawn = 0;
  for (; store.get().playing && drawn < 1000; drawn += 1) {
    frames.draw(20);
    seen.push(store.get().run.scrub ?? 900);
  }
  assert.ok(Math.abs(drawn * 20 - 8000) < 100, `${drawn * 20} ms`);
  assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
  assert.ok(new Set(seen).size > 100, 'it moves smoothly');
  assert.equal(store.get().run.scrub, null);
  assert.equal(frames.waiting.size, 0);
});

test('a tab that was hidden goes on where it was', () => {
  const { store, frames, player } = stage();
  player.play();
  frames.draw(20);
  frames.draw(60_000);
  assert.ok(store.get().playing);
  assert.ok(Number(store.get().run.scrub) < 180);
});

test('playing stops, goes on from there, and ends with the player', () => {
  const { store, frames, player } = stage();
  player.play();
  for (let n = 0; n < 150; n += 1) frames.draw(20);
  player.stop();
  const held = Number(store.get().run.scrub);
  assert.ok(held >= 180 && held < 600, `${held}`);
  frames.draw(20);
  assert.equal(store.get().run.scrub, held);
  player.play();
  assert.equal(store.get().run.scrub, held);
  frames.draw(20);
  player.destroy();
  frames.draw(20);
  assert.equal(frames.waiting.size, 0);
});

test('two presses play once', () => {
  const { frames, player } = stage();
  player.play();
  player.play();
  assert.equal(frames.waiting.size, 1);
});
