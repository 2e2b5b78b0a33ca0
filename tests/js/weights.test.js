// Weights that come with a recording: read when somebody looks into them, shown at their step, and said to be wrong if they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isElsewhere } from '../../www/js/run/fork.js';
import { lookedInto, networkOf, standsAt, stepsOf } from '../../www/js/run/network.js';
import { readRecording } from '../../www/js/run/recording.js';
import { PRESETS } from '../../www/js/run/settings.js';
import { NO_SYMBOL } from '../../www/js/run/symbol.js';
import { unpack } from '../../www/js/run/unpack.js';
import { filesOf } from '../../www/js/run/weights.js';
import { recordingOf } from '../../www/js/take/recording.js';
import { describe } from '../../www/js/text/cells.js';
import * as forks from '../../www/js/text/fork.js';
import * as text from '../../www/js/text/weights.js';
import { encode } from '../../www/js/worker/safetensors.js';
import { opened } from './demo.js';
import { FakeWorker, TENSORS, evaluated, settled, withBrowser } from './fake.js';

/** @typedef {import('../../www/js/run/weights.js').Weights} Weights */

/** Parameters at a step. @param {number} value */
const network = (value) => encode(TENSORS, new Float32Array(8).fill(value), {});

/** A run of the network of {@link FakeWorker}, of steps 0, 10, 20 and 30. @param {Map<number, Uint8Array>} files */
const described = (files) => {
  const steps = [0, 10, 20, 30];
  const each = (/** @type {number | null} */ value) => steps.map(() => value);
  return {
    format: 'grokking-run',
    version: files.size > 0 ? 3 : 2,
    command: 'grok record',
    started: {
      config: PRESETS[0].settings, operation: 'x + y', symbols: ['0', '1'], modular: true, group: false, index: null, commutative: true,
      associative: true, distinctAnswers: 2, equations: 4, train: 2, batch: 2, parameters: 8, chance: 0.5, order: [0, 1],
    },
    answer: [0, 1, 1, 0],
    heldOut: 'c',
    mirrored: '4',
    outlier: '0',
    firstRight: [1, 1, 0, 0],
    memorisedAt: 10,
    generalisedAt: null,
    curves: {
      step: steps, trainAccuracy: each(1), heldOutAccuracy: each(0), trainLoss: each(1), heldOutLoss: each(2), mirroredAccuracy: each(null),
      unmirroredAccuracy: each(null),
    },
    frames: steps.map((step) => ({ step, right: '3', inspected: { weightNorm: 1 }, points: [] })),
    ...(files.size > 0 ? { weights: [...files].map(([step, { length }]) => ({ step, bytes: length })) } : {}),
  };
};

/** @param {[number, Uint8Array][]} files @param {object} [changes] */
const content = (files, changes = {}) => Buffer.concat([
  Buffer.from(JSON.stringify({ ...described(new Map(files)), ...changes })), new Uint8Array(files.length > 0 ? 1 : 0), ...files.map(([, file]) => file),
]);
/** @param {Uint8Array} bytes @returns {ArrayBuffer} */
const buffer = (bytes) => Uint8Array.from(bytes).buffer;
/** @type {[number, Uint8Array][]} */
const TWO = [[10, network(1)], [20, network(2)]];
const packed = gzipSync(content(TWO));

/** @param {ArrayBuffer} bytes @returns {Promise<Weights>} */
const weightsOf = async (bytes) => /** @type {Weights} */ ((await readRecording(bytes)).weights);

/** A demo that shows a recording. @param {import('node:test').TestContext} t @param {Uint8Array} [bytes] */
async function replayed(t, bytes = packed) {
  withBrowser(t);
  const demo = await opened(t);
  await demo.api.step(5);
  await demo.core.commands.openFiles([new File([Uint8Array.from(bytes)], 'run.grok')]);
  return demo;
}

/** The newest worker, which has the network of the recording. */
const latest = () => /** @type {FakeWorker} */ (FakeWorker.alive.at(-1));
/** Commands of a kind that it was sent. @param {string} type @param {FakeWorker} [worker] */
const sent = (type, worker = latest()) => worker.sent.filter(({ command }) => command.type === type);

test('text and weights come apart, compressed or not', async () => {
  for (const bytes of [packed, content(TWO)]) {
    const weights = await weightsOf(buffer(bytes));
    assert.deepEqual(weights.kept, TWO.map(([step, { length }]) => ({ step, bytes: length })));
    const files = await filesOf(weights);
    assert.deepEqual([...files].map(([step, file]) => [step, [...file]]), TWO.map(([step, file]) => [step, [...file]]));
    assert.equal(await unpack(buffer(bytes)), JSON.stringify(described(new Map(TWO))));
  }
  assert.equal((await readRecording(buffer(gzipSync(content([]))))).weights, null);
});

test('whatever follows the text, and however it comes, the text is read', async () => {
  await fc.assert(fc.asyncProperty(fc.string(), fc.uint8Array(), async (said, behind) => {
    const written = said.replaceAll('\0', '');
    assert.equal(await unpack(buffer(Buffer.concat([Buffer.from(written), new Uint8Array(1), behind]))), Buffer.from(written).toString());
  }), { numRuns: 50 });
});

test('weights that are cut short, altered or too many do not keep a recording from being shown', async () => {
  const broken = { code: 'recording', message: 'the weights of the recording are cut short or damaged' };
  // As large as weights are: then the text has come before the end is seen.
  const large = gzipSync(content([[10, Uint8Array.from({ length: 300_000 }, (_, at) => (at * at) >> 3)]]), { level: 0 });
  const flipped = Uint8Array.from(large);
  // The checksum at the end.
  flipped[large.length - 6] ^= 1;
  const bytes = TWO.reduce((sum, [, { length }]) => sum + length, 0);
  /** @type {[Uint8Array, object][]} */
  const wrong = [
    [large.subarray(0, -12), broken],
    [flipped, broken],
    [content(TWO).subarray(0, -3), { message: `the weights of the recording have ${bytes - 3} bytes, expected ${bytes}` }],
    [gzipSync(Buffer.concat([content(TWO), Buffer.from('more')])), { message: `the weights of the recording have more than ${bytes} bytes, expected ${bytes}` }],
  ];
  for (const [file, why] of wrong) {
    const { frames, weights } = await readRecording(buffer(file));
    assert.equal(frames.length, 4);
    await assert.rejects(filesOf(/** @type {Weights} */ (weights)), why);
  }
});

test('what a recording says of its weights is checked with the rest', async () => {
  /** @type {[unknown, RegExp][]} */
  const wrong = [
    [undefined, /`weights` is missing/],
    [[{ step: 11, bytes: 10 }], /`weights\[0\].step` is 11, which no frame has/],
    [[{ step: 20, bytes: 10 }, { step: 10, bytes: 10 }], /`weights` does not rise at value 2/],
    [[{ step: 20, bytes: 1e8 }], /`weights\[0\].bytes` is 100000000, allowed is 0 to 64000000/],
    [[{ step: 10, bytes: 6e7 }, { step: 20, bytes: 1e7 }], /`weights\[1\].bytes` is 10000000, allowed is 0 to 4000000/],
  ];
  for (const [weights, why] of wrong) await assert.rejects(readRecording(buffer(content(TWO, { weights }))), why);
});

test('the network is that of the last step with weights by the one that is shown', async (t) => {
  const { core, state } = await replayed(t);
  const at = (/** @type {number | null} */ step) => {
    core.store.dispatch({ type: 'scrub', step });
    const { recording, step: stands, status } = networkOf(state().run);
    return [standsAt(state().run), recording === null, stands, status];
  };
  assert.deepEqual(stepsOf(state().run), [10, 20]);
  assert.deepEqual(at(0), [null, false, 30, 'finished']);
  assert.deepEqual(at(9), [null, false, 30, 'finished']);
  assert.deepEqual(at(10), [10, true, 10, 'paused']);
  assert.deepEqual(at(15), [10, true, 10, 'paused']);
  assert.deepEqual(at(null), [20, true, 20, 'paused']);
  const [once, again] = [networkOf(state().run), networkOf(state().run)];
  assert.equal(once.latest, again.latest);
  assert.equal(once.inspected, again.inspected, 'what is drawn of it is drawn once');
});

test('a worker of its own has the weights of the step, and answers for it', async (t) => {
  const { core, state } = await replayed(t);
  const live = state().live;
  assert.equal(FakeWorker.all.length, 1, 'nothing is loaded before it is asked for');
  await assert.rejects(async () => {
    core.store.dispatch({ type: 'scrub', step: 0 });
    await core.commands.predict(0, 1);
  }, { code: 'command', message: 'this recording has its network from step 10 on' });

  core.store.dispatch({ type: 'scrub', step: 10 });
  await core.commands.predict(0, 1);
  const [first, second] = sent('start');
  assert.equal(first.command.resume, null);
  assert.deepEqual(second.command.config, second.command.from);
  assert.equal(second.command.resume.step, 10);
  assert.deepEqual([...second.values ?? []], new Array(8).fill(1));
  assert.equal(state().run.predicted?.step, 10);
  assert.equal(state().live, live, 'the live run hears nothing of it');
  assert.deepEqual([...networkOf(state().run).latest?.predicted ?? []], [0, 1, 65535, 65535], 'it says all of its answers');

  await core.actions.open('neurons');
  await settled();
  assert.deepEqual(sent('watch').at(-1)?.command.watch.inside, { layer: 0, neuron: null });
  const before = sent('start').length;
  core.store.dispatch({ type: 'scrub', step: 12 });
  await settled();
  assert.equal(sent('start').length, before, 'it stands there already');
  core.store.dispatch({ type: 'scrub', step: null });
  await settled();
  assert.deepEqual([...sent('start').at(-1)?.values ?? []], new Array(8).fill(2));

  latest().say({ type: 'inspected', step: 20, watch: { points: null, clock: false }, weightNorm: 2, points: new Float32Array(0), inside: { layer: 0 }, pictures: new Uint8Array(0) });
  assert.deepEqual(networkOf(state().run).inspected?.inside, { layer: 0 });
  assert.equal(state().run.inspected?.inside, null, 'what is of step 20 is not said of step 30');

  const worker = latest();
  await core.actions.leave();
  await settled();
  assert.ok(worker.terminated);
  assert.equal(state().run.step, 5);
});

test('what was right stays as it was recorded, whatever rounded weights say', async (t) => {
  const { state } = await replayed(t);
  const { run } = state();
  // The recording has the cells 0 and 1 right: of 1 and 2 the weights say otherwise.
  const answers = { predicted: Uint16Array.from([0, 0, 1, 1]), confidence: Float32Array.from([0.5, 0.75, 1, 0.25]) };
  const seen = lookedInto(run, { ...evaluated(10), ...answers });
  const { evaluated: shown } = seen.frames[1];
  assert.deepEqual([...shown.predicted], [0, 1, NO_SYMBOL, 1]);
  assert.deepEqual([...shown.confidence], [0.5, NaN, NaN, 0.25]);
  assert.equal(shown.heldOutAccuracy, run.frames[1].evaluated.heldOutAccuracy);
  assert.deepEqual(await frames(seen), await frames(run), 'and is saved so');
  const { started } = /** @type {{ started: import('../../www/js/worker/protocol.js').Started }} */ (seen);
  assert.match(describe(started, { x: 0, y: 1 }, shown), /In this recording it is first right at step 0\.$/);
  assert.match(describe(started, { x: 1, y: 0 }, shown), /In this recording it is not right by then\.$/);
  assert.match(describe(started, { x: 1, y: 1 }, shown), /The network says 1, 25\.0\u00a0% sure;/);
});

/** What was right in each frame of a run that is saved. @param {import('../../www/js/run/run.js').Run} run */
async function frames(run) {
  const text = JSON.parse(await unpack(await (await recordingOf(run, 'me')).arrayBuffer()));
  return text.frames.map((/** @type {{ right: string }} */ { right }) => right);
}

test('parts are taken away from the network of the recording', async (t) => {
  const { core, api, state } = await replayed(t);
  await core.actions.scrub(10);
  await core.actions.takeAway({ parts: ['mlp:0'], fill: 'zero' });
  await core.actions.open('cut');
  await settled();
  assert.deepEqual(sent('ablate').at(-1)?.command.cuts, ['mlp:0']);
  assert.deepEqual([state().run.ablated?.step, state().run.ablated?.cuts], [10, ['mlp:0']]);
  const asked = sent('ablate').length;
  await settled();
  assert.equal(sent('ablate').length, asked, 'it asks no more than it has to');
  await core.actions.takeAway({ parts: ['head:0.9'], fill: 'zero' });
  await settled();
  assert.deepEqual(state().run.missing, { 'head:0.9': '`head:0.9`: there is no head 9, only 0 to 3' });
  assert.equal((await api.ablate(['mlp:0']))?.step, 10);
});

test('weights that cannot be used are said to be so, and the recording goes on', async (t) => {
  const spoiled = encode(TENSORS, new Float32Array(8).fill(NaN), {});
  const other = encode([{ name: 'tokens', shape: [3, 3] }, TENSORS[1]], new Float32Array(11), {});
  const { core, state } = await replayed(t, gzipSync(content([[10, spoiled], [20, other], [30, network(3)]])));
  await core.actions.open('clock');
  await core.actions.scrub(10);
  await settled();
  const said = (/** @type {number} */ step) => text.unusable(step, state().run.faults[step] ?? '');
  assert.equal(said(10), 'The weights of step 10 cannot be used: the weights do not fit: `tokens` has the value `NaN`.');
  assert.ok(networkOf(state().run).recording, 'there is no network here');
  await assert.rejects(core.commands.predict(0, 1), { code: 'weights' });
  await core.actions.scrub(20);
  await settled();
  assert.equal(said(20),
    'The weights of step 20 cannot be used: the weights do not fit: `tokens` is F32 [3, 3] in the file, this model has F32 [2, 3].');
  await core.actions.scrub(30);
  await settled();
  assert.deepEqual(Object.keys(state().run.faults), ['10', '20']);
  assert.deepEqual([...sent('start').at(-1)?.values ?? []], new Array(8).fill(3));
  assert.equal(networkOf(state().run).step, 30);
  await core.actions.scrub(0);
  assert.equal(state().run.scrub, 0);
});

test('a worker that does not load or crashes is said to have stopped, and a reader has another', async (t) => {
  const { core, state } = await replayed(t);
  const why = 'a test took it away';
  FakeWorker.broken = why;
  await core.actions.takeAway({ parts: ['mlp:0'], fill: 'zero' });
  await core.actions.open('cut');
  await settled();
  assert.deepEqual([state().run.stopped, state().run.faults, state().run.missing], [why, {}, {}], 'nothing is wrong with the weights');
  assert.equal(text.stopped(why), 'The worker that had the network stopped: a test took it away. Go to a step to start another.');
  const tried = FakeWorker.all.length;
  core.store.dispatch({ type: 'cursor', cursor: { x: 0, y: 1 } });
  await settled();
  assert.equal(FakeWorker.all.length, tried, 'it is not tried before a reader asks');
  FakeWorker.broken = null;
  await core.actions.scrub(20);
  await settled();
  assert.deepEqual([state().run.stopped, state().run.ablated?.step, sent('watch').length, FakeWorker.alive.length], ['', 20, 1, 2]);

  // One that has nothing to do.
  latest().onerror?.({ message: why });
  await settled();
  assert.deepEqual([state().run.stopped, FakeWorker.alive.length], [why, 1]);
  await core.actions.scrub(20);
  await settled();
  assert.deepEqual([state().run.stopped, sent('watch').length, sent('ablate').length > 0, FakeWorker.alive.length], ['', 1, true, 2]);
});

test('a worker that does not answer keeps nobody waiting for good', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const clock = performance.now.bind(performance);
  let later = 0;
  t.mock.method(performance, 'now', () => clock() + later);
  const pass = (/** @type {number} */ millis) => {
    later += millis;
    t.mock.timers.tick(5_000);
  };
  const { core, state } = await replayed(t);
  await core.commands.predict(0, 1);
  const worker = latest();
  // It may be silent while nothing is asked.
  later += 300_000;
  worker.obey = () => {};
  const hung = assert.rejects(core.commands.predict(1, 0), { code: 'lost', message: 'no sign of life for 61 seconds' });
  const next = core.commands.predict(1, 1);
  await settled();
  pass(5_000);
  assert.ok(!worker.terminated);
  pass(56_000);
  assert.equal(state().run.stopped, 'no sign of life for 61 seconds');
  await hung;
  await next;
  assert.deepEqual([state().run.stopped, state().run.predicted?.x, latest() === worker, worker.terminated], ['', 1, false, true]);

  // What is looked at is asked for until it is answered.
  latest().obey = () => {};
  await core.actions.open('clock');
  await settled();
  pass(61_000);
  await settled();
  assert.notEqual(state().run.stopped, '');
  await core.actions.scrub(20);
  await settled();
  assert.deepEqual([state().run.stopped, sent('watch').length], ['', 1]);
});

test('a recording of another split than its settings make has no network', async (t) => {
  const { core, state } = await replayed(t, gzipSync(content(TWO, { heldOut: '3' })));
  await assert.rejects(core.commands.predict(0, 1), { message: 'this page makes another table or split of its settings' });
  assert.deepEqual(Object.keys(state().run.faults), ['20']);
});

test('a fork starts from the weights, with an optimiser that starts afresh', async (t) => {
  const { core, state } = await replayed(t);
  await core.actions.scrub(15);
  await core.commands.fork.here({ weightDecay: '0' }, 5);
  await settled();
  const fork = /** @type {import('../../www/js/run/fork.js').Fork} */ (state().fork);
  assert.deepEqual([fork.step, fork.afresh, fork.again], [10, true, false]);
  assert.deepEqual(fork.past.step, [0, 10]);
  assert.match(forks.status(fork), /Forked at step 10\. .* the optimiser begins anew\./);
  const starts = FakeWorker.all.flatMap((worker) => sent('start', worker)).filter(({ command }) => command.config.settings.weightDecay === '0');
  assert.deepEqual(starts.map(({ command: { resume }, values }) => [resume.step, values?.length]), [[10, 8]]);
  assert.equal(state().page.fork, null, 'no link says how it came to be');
});

test('what leaves a recording comes to nothing when the recording is left first', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t);
  await core.commands.fork.here({ weightDecay: '0' }, 5);
  await settled();
  const { fork } = state();
  await core.commands.openFiles([new File([Uint8Array.from(packed)], 'run.grok')]);
  // Its network is there, and the workers of a fork are on their way.
  await core.commands.predict(0, 1);
  FakeWorker.held = [];
  const begun = FakeWorker.all.length;
  const [forked, climbed] = [core.commands.fork.here({ weightDecay: '0' }, 5), core.commands.ladder.start(1, 4)].map((asked) =>
    asked.then(() => null, (error) => error.code));
  while (FakeWorker.all.length < begun + 3) await new Promise((resolve) => setTimeout(resolve));
  await core.actions.leave();
  for (const load of FakeWorker.held) load();
  assert.deepEqual([await forked, await climbed], ['interrupted', null]);
  await settled();
  assert.deepEqual([state().fork, state().ladder, FakeWorker.alive.length], [fork, null, 1]);
});

test('while the ladder of the live run goes on a recording begins none', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t);
  const climbing = core.commands.ladder.start(1, 4);
  while (FakeWorker.all.length < 2) await new Promise((resolve) => setTimeout(resolve));
  FakeWorker.all[1].slow = true;
  while ((state().ladder?.rungs.length ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve));
  const { ladder } = state();
  await core.commands.openFiles([new File([Uint8Array.from(packed)], 'run.grok')]);
  assert.ok(isElsewhere(ladder, state().run));
  await assert.rejects(core.commands.ladder.start(1, 4), { code: 'command', message: 'the ladder of the live run is still under way' });
  assert.equal(state().ladder, ladder);
  core.commands.leave();
  assert.ok(!isElsewhere(ladder, state().run));
  await core.commands.ladder.halt();
  await climbing;
});

test('a recording is saved with its weights, and the weights alone are its file', async (t) => {
  const { core, state } = await replayed(t);
  const { run } = state();
  const weights = /** @type {Weights} */ (run.recording?.weights);
  const saved = await weightsOf(await (await recordingOf(run, 'me', await filesOf(weights))).arrayBuffer());
  assert.deepEqual(saved.kept, weights.kept);
  assert.deepEqual(await filesOf(saved), await filesOf(weights));
  await core.actions.scrub(10);
  const { step, file } = await core.commands.weights();
  assert.deepEqual([step, Buffer.from(file)], [10, Buffer.from(network(1))]);
  assert.equal((await readRecording(await (await recordingOf(run, 'me')).arrayBuffer())).weights, null);
  await assert.rejects(recordingOf(run, 'me', new Map([[11, network(1)]])),
    { message: 'the recording keeps no table of step 11, which the weights are of: pause the run, then save it' });
});

test('where the network is, in words', () => {
  assert.equal(text.at(667, 667), 'The network at step 667, whose weights this recording has.');
  assert.equal(text.at(140, 300), 'The network at step 140: of step 300 this recording has no weights.');
  assert.equal(text.elsewhere([140]), 'This recording has the network itself at step 140: go there to look into it.');
  assert.equal(text.elsewhere([1, 2, 3]), 'This recording has the network itself at steps 1, 2 and 3: go there to look into it.');
});
