// What a demo answers to messages, and to whom.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WAITING_MAX, createProtocol, readRequest } from '../../www/js/protocol.js';
import { Refused } from '../../www/js/run/refused.js';

/** A window that keeps what it is sent, as a message would carry it. */
function fakeWindow() {
  /** @type {{ data: any, targetOrigin: string }[]} */
  const got = [];
  return { got, postMessage: (/** @type {any} */ data, /** @type {any} */ { targetOrigin }) => got.push({ data: structuredClone(data), targetOrigin }) };
}

function setUp() {
  const parent = fakeWindow();
  const stranger = fakeWindow();
  /** @type {string[]} */
  const done = [];
  const commands = Object.fromEntries(
    ['start', 'run', 'pause', 'reset', 'pace', 'curves', 'table', 'visible'].map((name) => [name, async (/** @type {unknown[]} */ ...parameters) => {
      done.push(`${name}(${JSON.stringify(parameters).slice(1, -1)})`);
    }]),
  );
  const protocol = createProtocol({
    ...commands,
    state: async () => ({ step: 7 }),
    step: async () => {
      throw new Refused('40 of 300 steps were taken, then the run was paused', 'interrupted');
    },
  }, {
    events: ['ready', 'height', 'evaluated'],
    lasting: (name) => (name === 'height' ? [420] : []),
    mayCommand: ({ source, origin }) => source === /** @type {any} */ (parent) || origin === 'https://listed.example',
  });
  /** @param {unknown} data */
  const say = async (data, from = parent, origin = 'https://author.example') => {
    await protocol.hear(/** @type {any} */ ({ data, source: from, origin }));
    return from.got.at(-1)?.data;
  };
  return { parent, stranger, done, protocol, say };
}

test('a command is answered with its result, to its sender, in the version of the protocol', async () => {
  const { say, parent, done } = setUp();
  assert.deepEqual(await say({ grokking: 'state', id: 'a' }), { grokking: 'state', id: 'a', result: { step: 7 }, version: 1 });
  assert.deepEqual(await say({ grokking: 'start', id: 2, version: 1, arguments: [{ seed: 1 }] }), { grokking: 'start', id: 2, result: null, version: 1 });
  assert.deepEqual(await say({ grokking: 'run' }), { grokking: 'run', id: null, result: null, version: 1 });
  assert.deepEqual(done, ['start({"seed":1})', 'run()']);
  assert.ok(parent.got.every(({ targetOrigin }) => targetOrigin === 'https://author.example'));
});

test('a page without an origin is answered all the same', async () => {
  const { say, parent } = setUp();
  await say({ grokking: 'state' }, parent, 'null');
  assert.equal(parent.got[0].targetOrigin, '*');
});

test('what a command refuses is an error with its code', async () => {
  const { say } = setUp();
  const error = { code: 'interrupted', message: '40 of 300 steps were taken, then the run was paused' };
  assert.deepEqual(await say({ grokking: 'step', id: 1, arguments: [300] }), { grokking: 'step', id: 1, error, version: 1 });
});

test('only the page around and listed origins command it', async () => {
  const { say, stranger, done } = setUp();
  const error = { code: 'origin', message: 'only the page around this demo commands it, and those in `origins` of its link' };
  assert.deepEqual((await say({ grokking: 'run', id: 1 }, stranger, 'https://other.example')).error, error);
  assert.deepEqual((await say({ grokking: 'on', id: 1, arguments: ['evaluated'] }, stranger, 'https://other.example')).error, error);
  assert.deepEqual(done, []);
  assert.equal((await say({ grokking: 'run', id: 2 }, stranger, 'https://listed.example')).error, undefined);
  assert.deepEqual(done, ['run()']);
});

test('whatever is not of the protocol is refused, and says what is', async () => {
  const { say, done } = setUp();
  const commands = 'start, run, pause, step, reset, pace, state, curves, table, ablate, on, off, visible, theme';
  /** @type {[object, string, string][]} */
  const refused = [
    [{ grokking: 'explode' }, 'unknown', `there is no command \`explode\`: there is ${commands}`],
    [{ grokking: 'toString' }, 'unknown', `there is no command \`toString\`: there is ${commands}`],
    [{ grokking: { a: 1 } }, 'unknown', `there is no command \`{"a":1}\`: there is ${commands}`],
    [{ grokking: 'run', version: 2 }, 'version', '`version` cannot be `2`: this demo speaks version 1'],
    [{ grokking: 'step', arguments: 100 }, 'argument', '`arguments` cannot be `100`: allowed is a list, such as [100]'],
    [{ grokking: 'run', arguments: [5] }, 'argument', '`run` takes no arguments, and has 1'],
    [{ grokking: 'pace', arguments: [5, 6] }, 'argument', '`pace` takes at most 1 argument, and has 2'],
    [{ grokking: 'run', id: {} }, 'argument', '`id` cannot be `{}`: allowed is a number or a text'],
    [{ grokking: 'run', argument: [] }, 'argument', 'a message has no `argument`: it has grokking, version, id, arguments'],
    [{ grokking: 'on', arguments: ['height', 'boom'] }, 'unknown', 'there is no event `boom`: there is ready, height, evaluated'],
  ];
  for (const [message, code, text] of refused) assert.deepEqual((await say(message)).error, { code, message: text });
  assert.deepEqual(done, []);
});

test('events are told to whoever listens, until it does not, and what still holds at once', async () => {
  const { say, protocol, parent } = setUp();
  protocol.tell('evaluated', { step: 1 });
  assert.equal(parent.got.length, 0);
  assert.deepEqual((await say({ grokking: 'on', arguments: ['evaluated', 'height'] })).result, ['evaluated', 'height']);
  assert.deepEqual(parent.got[0].data, { grokking: 'event', name: 'height', value: 420, version: 1 });
  protocol.tell('evaluated', { step: 2 });
  assert.deepEqual(parent.got.at(-1)?.data, { grokking: 'event', name: 'evaluated', value: { step: 2 }, version: 1 });
  assert.deepEqual((await say({ grokking: 'off', arguments: ['evaluated'] })).result, ['height']);
  const { length } = parent.got;
  protocol.tell('evaluated', { step: 3 });
  assert.equal(parent.got.length, length);
  assert.deepEqual((await say({ grokking: 'off' })).result, []);
});

test('answers and events of another demo are not answered', async () => {
  const { protocol, parent } = setUp();
  for (const data of [null, 5, 'run', {}, { grokking: 'run', result: null }, { grokking: 'run', error: {} }, { grokking: 'event', name: 'x' }]) {
    await protocol.hear(/** @type {any} */ ({ data, source: parent, origin: 'https://author.example' }));
  }
  assert.deepEqual(parent.got, []);
});

test('of thousands of messages at once most are refused, and a pause never is', async () => {
  const parent = fakeWindow();
  let paused = 0;
  /** @type {(() => void)[]} */
  const steps = [];
  const protocol = createProtocol({
    step: () => new Promise((resolve) => steps.push(() => resolve(null))),
    pause: async () => void (paused += 1),
  }, { events: [], lasting: () => [], mayCommand: () => true });
  /** @param {string} grokking @param {number} id */
  const hear = (grokking, id) => protocol.hear(/** @type {any} */ ({ data: { grokking, id }, source: parent, origin: 'https://author.example' }));
  const heard = Array.from({ length: 2000 }, (_, id) => hear('step', id));
  await hear('pause', 2000);
  assert.equal(paused, 1);
  const refused = parent.got.filter(({ data }) => data.error);
  assert.equal(refused.length, 2000 - WAITING_MAX);
  assert.deepEqual(refused[0].data.error, { code: 'busy', message: '100 messages wait for their answers already' });
  for (const end of steps) end();
  await Promise.all(heard);
  const after = hear('step', 2001);
  steps.at(-1)?.();
  await after;
  assert.deepEqual(parent.got.at(-1)?.data, { grokking: 'step', id: 2001, result: null, version: 1 });
});

test('a window that was closed is told nothing, and forgotten', async () => {
  const { say, protocol, parent } = setUp();
  await say({ grokking: 'on', arguments: ['evaluated'] });
  Object.assign(parent, { closed: true });
  const { length } = parent.got;
  protocol.tell('evaluated', { step: 1 });
  Object.assign(parent, { closed: false });
  protocol.tell('evaluated', { step: 2 });
  assert.equal(parent.got.length, length);
});

test('1,000 random messages are each answered once, or are none', async () => {
  const { say, parent } = setUp();
  const command = fc.oneof(fc.constantFrom('start', 'run', 'pause', 'step', 'state', 'on', 'off', 'visible', 'event'), fc.anything());
  const message = fc.oneof(
    fc.record({ grokking: command, id: fc.anything(), version: fc.anything(), arguments: fc.anything(), more: fc.anything() }, { requiredKeys: ['grokking'] }),
    fc.record({ grokking: command, arguments: fc.array(fc.anything()) }),
    fc.anything(),
  );
  await fc.assert(fc.asyncProperty(message, async (data) => {
    const before = parent.got.filter(({ data: { grokking } }) => grokking !== 'event').length;
    const isOne = typeof data === 'object' && data !== null && 'grokking' in data && data.grokking !== 'event' && !('result' in data || 'error' in data);
    await say(data);
    const answers = parent.got.filter(({ data: { grokking } }) => grokking !== 'event').length - before;
    assert.equal(answers, isOne ? 1 : 0);
  }), { numRuns: 1000 });
  assert.deepEqual((await say({ grokking: 'state', id: 'alive' })).result, { step: 7 });
});

test('a request without arguments has none', () => {
  assert.deepEqual(readRequest({ grokking: 'pause' }), { command: 'pause', parameters: [] });
});
