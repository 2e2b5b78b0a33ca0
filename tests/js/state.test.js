// What the page shows follows from what happens, and a run is one value.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worstDifference } from '../../www/js/worker/gpu.js';
import { initialState, liveRun, reduce } from '../../www/js/run/state.js';
import { projectionOf } from '../../www/js/run/projection.js';
import { parse } from '../../www/js/run/url.js';
import { evaluated, started } from './fake.js';

/** @typedef {import('../../www/js/run/state.js').State} State */

/** @param {any[]} actions @returns {State} */
const after = (...actions) => actions.reduce(reduce, initialState(parse('')));

/** @returns {any} */
const recording = () => ({
  command: 'grok record',
  started: started({ seed: '7' }),
  curves: { step: [0, 10], trainAccuracy: [0, 1] },
  frames: [0, 10].map((step) => ({ step, evaluated: evaluated(step), inspected: null })),
  projections: new Map(),
});
const replay = () => ({ type: 'replay', recording: recording(), file: 'a.grok', own: false });

test('curves keep columns of equal length and one point a step', () => {
  const { curves } = after(evaluated(0), evaluated(10), evaluated(20), evaluated(10), evaluated(15)).run;
  assert.deepEqual(curves.step, [0, 10, 15]);
  assert.deepEqual(curves.trainAccuracy, [0, 0.1, 0.15]);
  for (const column of Object.values(curves)) assert.equal(column.length, 3);
});

test('an accuracy that there is none of is a gap in its curve', () => {
  const { curves } = after(evaluated(0), evaluated(1, { mirroredAccuracy: 0.5, unmirroredAccuracy: 0 })).run;
  assert.deepEqual(curves.mirroredAccuracy, [NaN, 0.5]);
  assert.deepEqual(curves.unmirroredAccuracy, [NaN, 0]);
  // No worker tells it of a recording.
  assert.deepEqual(after(evaluated(0, { collapsed: 0.25 }), evaluated(1, { collapsed: null })).run.curves.collapsed, [0.25, NaN]);
});

test('reducing changes nothing in place', () => {
  const before = after(evaluated(0));
  reduce(before, evaluated(1));
  assert.deepEqual(before.run.curves.step, [0]);
});

test('a new run is empty but for its table, and an undone one comes back whole', () => {
  const old = after(started(), evaluated(0), evaluated(10), { type: 'scrub', step: 0 });
  const fresh = reduce(old, { type: 'begun', preset: 'never', settings: { seed: '1' } });
  assert.deepEqual(fresh.run.curves.step, []);
  assert.equal(fresh.run.step, 0);
  assert.equal(fresh.run.preset, 'never');
  assert.equal(fresh.run.scrub, null);
  assert.equal(fresh.run.started, old.run.started);
  const back = reduce(fresh, { type: 'restored', run: old.run });
  assert.equal(back.run, old.run);
});

test('a link of a fork goes with its run, and stays where that comes back', () => {
  const fork = { step: 10, changes: { weightDecay: '0' } };
  const linked = (/** @type {any} */ state) => ({ ...state, page: { ...state.page, fork } });
  const { run } = after(started(), evaluated(0));
  assert.equal(reduce(linked(after(started())), { type: 'restored', run }).page.fork, null);
  assert.equal(reduce(linked(after()), { type: 'restored', run }).page.fork, fork);
});

test('cosets stay after a reset on the same group, and go with the operation', () => {
  const subgroups = [{ generators: ['(12)'], order: 2, coset: [0, 0] }];
  const known = after(started(), { type: 'subgroups', subgroups });
  const reset = [{ type: 'begun', preset: 'quick', settings: {} }, started({ seed: '2' })].reduce(/** @type {any} */ (reduce), known);
  assert.equal(reset.run.subgroups, subgroups);
  const other = reduce(reset, started({ operation: 'x · y in S₅' }));
  assert.deepEqual(other.run.subgroups, []);
});

test('a recording takes the place of the live run, which goes on behind it', () => {
  const live = after(started(), evaluated(0), evaluated(5));
  const shown = reduce(live, /** @type {any} */ (replay()));
  assert.equal(shown.live, live.run);
  assert.equal(shown.run.step, 10);
  assert.equal(shown.run.status, 'finished');
  assert.equal(shown.run.settings.seed, '7');
  assert.equal(shown.run.recording?.own, false);
  const events = [
    evaluated(6), { type: 'status', status: 'paused', step: 6 }, { type: 'configured', config: { seed: '3' } },
    { type: 'predicted', step: 6, x: 0, y: 0, network: [], rule: null },
  ];
  const later = /** @type {State} */ (events.reduce(/** @type {any} */ (reduce), shown));
  assert.equal(later.run, shown.run);
  assert.equal(liveRun(later).step, 6);
  assert.equal(liveRun(later).settings.seed, '3');
  const back = reduce(later, { type: 'live' });
  assert.equal(back.run, later.live);
  assert.equal(back.live, null);
  assert.equal(back.run.recording, null);
});

test('a recording after a recording leaves the same live run waiting', () => {
  const live = after(started(), evaluated(3));
  const twice = [replay(), replay()].reduce(/** @type {any} */ (reduce), live);
  assert.equal(/** @type {State} */ (twice).live, live.run);
});

test('symbols are drawn where circles show, if the operation has frequencies, and as the reader chose', () => {
  const residues = { ...started(), index: [0, 1] };
  const others = { ...started(), index: null };
  assert.deepEqual(projectionOf(null, residues), ['embedding', 'fourier']);
  assert.deepEqual(projectionOf(null, others), ['embedding', 'pca']);
  assert.deepEqual(projectionOf(['unembedding', 'fourier'], others), ['unembedding', 'pca']);
  const chosen = /** @type {import('../../www/js/run/recording.js').Projection} */ (['unembedding', 'tsne']);
  assert.equal(projectionOf(chosen, residues), chosen);
  assert.equal(projectionOf(null, others), projectionOf(null, others), 'what is drawn is compared by identity');
});

test('a budget that is raised is chosen', () => {
  const state = after(started({ budget: '20' }), { type: 'configured', config: { budget: '40' } });
  assert.equal(state.run.settings.budget, '40');
});

test('time that moves by itself stops when the reader moves it, or another run is shown', () => {
  const playing = after(started(), evaluated(0), evaluated(9), { type: 'playing', playing: true });
  assert.equal(reduce(playing, { type: 'moved', step: 4 }).run.scrub, 4);
  assert.equal(reduce(playing, { type: 'moved', step: null }).playing, false);
  const held = reduce(playing, { type: 'scrub', step: 2 });
  assert.equal(held.playing, false);
  assert.equal(reduce(held, { type: 'moved', step: 4 }), held);
  assert.equal(reduce(playing, /** @type {any} */ (replay())).playing, false);
});

test('the same sentence is not shown twice, and old ones leave', () => {
  const texts = ['a', 'b', 'a', 'c', 'd', 'e'];
  const { notices } = after(...texts.map((text) => ({ type: 'notice', text })));
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
