// Helpers of a worker: they come, are lost, are replaced, and go.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { Crew } from '../../www/js/worker/crew.js';

/** @type {FakeWorker[]} */
let workers = [];

class FakeWorker {
  constructor() {
    this.said = /** @type {any[]} */ ([]);
    this.ended = false;
    workers.push(this);
  }

  postMessage(/** @type {any} */ message) {
    this.said.push(message);
  }

  terminate() {
    this.ended = true;
  }

  say(/** @type {any} */ data) {
    /** @type {any} */ (this).onmessage({ data });
  }

  fail() {
    /** @type {any} */ (this).onerror({ preventDefault() {} });
  }
}

beforeEach(() => {
  workers = [];
  told = [];
  mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {any} */ (globalThis).Worker = FakeWorker;
});

afterEach(() => {
  mock.timers.reset();
  delete (/** @type {any} */ (globalThis).Worker);
});

/** How many helped, as it was told. @type {number[]} */
let told = [];
const crew = () => new Crew(() => ({ program: 'p', module: /** @type {any} */ ('m') }), 4, (helpers) => told.push(helpers));
const alive = () => workers.filter(({ ended }) => !ended).length;

test('helpers are asked when they are ready, and keep their places', async () => {
  const team = crew();
  team.recruit('{}', 2);
  assert.deepEqual(workers.map(({ said }) => said[0]), [1, 2].map(() => ({ program: 'p', module: 'm', config: '{}' })));
  assert.equal(team.ready, 0);
  workers[1].say({});
  assert.equal(team.ready, 0, 'the first is asked first');
  workers[0].say({});
  assert.equal(team.ready, 2);
  const parameters = new Float32Array([1, 2]);
  team.ask(1, parameters, 7, 2, 4);
  assert.deepEqual(workers[1].said[1], { parameters, step: 7, from: 2, to: 4 });
  const answer = team.answer(1);
  workers[1].say({ values: new Float32Array([3]) });
  assert.deepEqual(await answer, new Float32Array([3]));
  // One that answers before it is waited for is heard as well.
  team.ask(0, parameters, 8, 0, 2);
  workers[0].say({ values: new Float32Array([4]) });
  assert.deepEqual(await team.answer(0), new Float32Array([4]));
  team.recruit('{}', 0);
  assert.deepEqual(told, [2, 0]);
});

test('one that is lost answers null, and another takes its place at the next step', async () => {
  const team = crew();
  team.recruit('{}', 1);
  workers[0].say({});
  team.ask(0, new Float32Array(1), 0, 0, 1);
  const answer = team.answer(0);
  workers[0].fail();
  assert.equal(await answer, null);
  assert.equal(await team.answer(0), null);
  team.recruit('{}', 1);
  assert.deepEqual([workers.length, alive(), team.ready], [2, 1, 0]);
});

test('one that is silent is taken for lost', async () => {
  const team = crew();
  team.recruit('{}', 1);
  workers[0].say({});
  team.ask(0, new Float32Array(1), 0, 0, 1);
  const answer = team.answer(0);
  mock.timers.tick(10_001);
  assert.equal(await answer, null);
  assert.equal(alive(), 0);
});

test('a machine on which helpers do not start is left alone', () => {
  const team = crew();
  for (let step = 0; step < 50; step += 1) {
    team.recruit('{}', 1);
    workers.at(-1)?.fail();
  }
  assert.equal(workers.length, 6);
});

test('nobody is held for nothing: not after a pause, not by a page that is hidden', () => {
  const team = crew();
  team.recruit('{}', 3);
  team.recruit('{}', 0);
  mock.timers.tick(4_000);
  team.recruit('{}', 3);
  mock.timers.tick(4_000);
  assert.deepEqual([workers.length, alive()], [3, 3], 'a short pause costs no start');
  team.recruit('{}', 0);
  mock.timers.tick(5_001);
  assert.equal(alive(), 0);

  team.recruit('{}', 3);
  workers.slice(3).forEach((worker) => worker.say({}));
  assert.equal(team.ready, 3);
  team.allow(0);
  assert.equal(team.ready, 0, 'the next step is taken alone');
  team.recruit('{}', 3);
  mock.timers.tick(5_001);
  assert.equal(alive(), 0);
  team.allow(Infinity);
  team.recruit('{}', 3);
  assert.equal(alive(), 3);
});

test('those that are too many go', async () => {
  const team = crew();
  team.recruit('{}', 3);
  workers.forEach((worker) => worker.say({}));
  team.recruit('{}', 1);
  assert.deepEqual([alive(), team.ready], [1, 1]);
  // Asked, and dismissed before it is waited for.
  team.ask(0, new Float32Array(1), 0, 0, 1);
  team.allow(0);
  mock.timers.tick(5_001);
  assert.equal(await team.answer(0), null);
});

test('helpers of another run are of no use', () => {
  const team = crew();
  team.recruit('{"a":1}', 2);
  team.recruit('{"b":2}', 1);
  assert.deepEqual(workers.map(({ ended }) => ended), [true, true, false]);
});
