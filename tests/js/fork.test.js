// Two runs from one moment: what a link says of them, what is refused, who trains, and what is said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noCurves } from '../../www/js/run/curves.js';
import { afterFork, changed, experiments, joined, ladder, readRungs, readSteps, upTo, usualSteps, ways } from '../../www/js/run/fork.js';
import { withNetwork } from '../../www/js/run/network.js';
import { readFork, writeFork } from '../../www/js/run/wanted.js';
import { PRESETS } from '../../www/js/run/settings.js';
import { fullLink } from '../../www/js/run/share.js';
import { parse } from '../../www/js/run/url.js';
import * as text from '../../www/js/text/fork.js';
import { besideField, failed } from '../../www/js/text/laboratory.js';
import { WorkerLost } from '../../www/js/worker/handle.js';
import { opened, serveFiles } from './demo.js';
import { FakeWorker, evaluated, settled, withBrowser } from './fake.js';

const { settings } = PRESETS[0];
/** @param {string} said */
function read(said) {
  /** @type {string[]} */
  const problems = [];
  return { fork: readFork(said, problems), problems };
}
/** Thin spaces and those that hold are for the eye. @param {string} words */
const plain = (words) => words.replaceAll('\u202f', '').replaceAll('\u00a0', ' ');
/** @param {() => unknown} act */
function refused(act) {
  try {
    act();
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
  return null;
}

test('a fork survives its link', () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 1_000_000 }), fc.double({ min: 0, max: 20, noNaN: true }), fc.constantFrom('adam', 'sgd', 'muon'),
    (step, weightDecay, optimizer) => {
      const wanted = { step, changes: { weightDecay: String(weightDecay + 0), optimizer } };
      const { fork, problems } = read(writeFork(wanted));
      assert.deepEqual(problems, []);
      assert.deepEqual(fork && { ...fork, changes: Object.entries(fork.changes).map(([id, value]) => [id, Number(value) || value]) },
        { step, changes: Object.entries(wanted.changes).map(([id, value]) => [id, Number(value) || value]) });
    },
  ));
  const { page, problems } = parse('?preset=quick&fork=1000:weightDecay=0,learningRate=0.01');
  assert.deepEqual(problems, []);
  assert.deepEqual(page.fork, { step: 1000, changes: { weightDecay: '0', learningRate: '0.01' } });
  assert.equal(parse('?preset=quick').page.fork, null);
});

test('a fork that is written wrong says where', () => {
  const like = 'allowed is a step and what changes there, such as 1000:weightDecay=0,learningRate=0.001';
  /** @type {[string, string][]} */
  const wrong = [
    ['', `\`fork\` cannot be \`\`: ${like}`],
    ['1000', `\`fork\` cannot be \`1000\`: ${like}`],
    ['1000:', `\`fork\` cannot be \`1000:\`: ${like}`],
    ['-1:weightDecay=0', `\`fork\` cannot be \`-1:weightDecay=0\`: ${like}`],
    ['1e3:weightDecay=0', `\`fork\` cannot be \`1e3:weightDecay=0\`: ${like}`],
    ['9999999:weightDecay=0', '`fork` cannot be `9999999:weightDecay=0`: allowed is a step up to 1000000'],
    ['1000:weightDecay', '`fork` cannot have `weightDecay`: allowed is a setting and its value, such as weightDecay=0'],
    ['1000:weightDecay=0,', '`fork` cannot have ``: allowed is a setting and its value, such as weightDecay=0'],
    ['1000:weihtDecay=0', 'there is no setting `weihtDecay`: the nearest is `weightDecay`'],
    ['1000:weightDecay=little', '`weightDecay` cannot be `little`: allowed is a number from 0 to 20'],
    ['1000:weightDecay=21', '`weightDecay` cannot be `21`: allowed is a number from 0 to 20'],
    ['1000:weightDecay=0,weightDecay=1', '`fork` has `weightDecay` twice'],
    ['1000:heldOut=row 3', '`fork` cannot change `heldOut`'],
  ];
  for (const [said, why] of wrong) assert.deepEqual(read(said), { fork: null, problems: [why] }, said);
});

test('a change that is none, or means nothing, is refused', () => {
  assert.equal(changed(settings, { weightDecay: '0.0' }).weightDecay, '0');
  assert.equal(refused(() => changed(settings, {})), 'nothing is changed: both runs would be the same');
  assert.equal(refused(() => changed(settings, { weightDecay: '2' })), 'nothing is changed: both runs would be the same');
  assert.equal(refused(() => changed(settings, { weightDecay: '-1' })), '`weightDecay` cannot be `-1`: allowed is a number from 0 to 20');
  assert.equal(refused(() => changed({ ...settings, optimizer: 'adam' }, { weightDecay: '0' })),
    '`weightDecay` changes nothing here: `optimizer` is `adam`');
  assert.equal(refused(() => changed({ ...settings, heldOut: 'row 1' }, { trainFraction: '0.1' })),
    '`trainFraction` changes nothing here: what is held out was chosen by hand');
  for (const [id, value, why] of [
    ['initializer', 'pytorch', 'a fork begins with the weights that are there'],
    ['initScale', '2', 'a fork begins with the weights that are there'],
    ['stop', 'budget', 'a fork takes the steps that it is given'],
    ['budget', '6000', '`anneal` is `none`'],
  ]) assert.equal(refused(() => changed(settings, { [id]: value })), `\`${id}\` changes nothing here: ${why}`);
  assert.equal(changed(settings, { anneal: 'cosine', budget: '6000' }).budget, '6000');
  for (const steps of ['', '0', '1.5', 'many', '1000001']) {
    assert.equal(refused(() => readSteps(steps)), `the steps cannot be \`${steps}\`: allowed is a whole number from 1 to 1000000`);
  }
  assert.equal(refused(() => readRungs('7')), 'the rungs cannot be `7`: allowed is a whole number from 1 to 6');
  assert.deepEqual([usualSteps(0), usualSteps(700), usualSteps(4_000)], [2_000, 2_000, 8_000]);
});

test('a reader hears of a refusal by the labels of the page, and in sentences', () => {
  const said = (/** @type {() => unknown} */ act) => {
    try {
      act();
    } catch (error) {
      return besideField(failed(error));
    }
    return assert.fail('nothing is refused');
  };
  assert.equal(said(() => changed(settings, {})), 'Nothing is changed: both runs would be the same.');
  assert.match(said(() => changed(settings, { trainFraction: '7' })), /^Train fraction cannot be `7`: allowed is /);
  assert.equal(said(() => changed({ ...settings, optimizer: 'adam' }, { weightDecay: '0' })), 'Weight decay changes nothing here: optimiser is `adam`.');
  assert.equal(said(() => readSteps('none')), 'The steps cannot be `none`: allowed is a whole number from 1 to 1000000.');
  assert.equal(besideField('`width` was `900` and is now 512: allowed is less'), 'Width was `900` and is now 512: allowed is less');
  assert.equal(besideField('A fork keeps it: `width` is `16` there and `32` here.'), 'A fork keeps it: width is `16` there and `32` here.');
  // What was typed is not a name.
  assert.equal(besideField('`seed` cannot be `width`: allowed is a number'), 'Seed cannot be `width`: allowed is a number');
  assert.equal(besideField('`other` cannot be'), '`other` cannot be');
  assert.equal(failed(new WorkerLost('it was ended')), 'The worker stopped: it was ended.');
});

test('what can be tried follows from the run', () => {
  const run = { preset: PRESETS[0].id, settings, started: { train: 1442 } };
  const of = (/** @type {Record<string, string>} */ more) => experiments({ ...run, settings: { ...settings, ...more } });
  assert.deepEqual(of({}), { decayOff: { weightDecay: '0' }, decayOn: null, half: { trainFraction: '0.39' }, outliers: { outliers: '144' } });
  assert.deepEqual(of({ weightDecay: '0' }).decayOn, { weightDecay: '2' });
  assert.deepEqual(of({ optimizer: 'adam' }).decayOn, { optimizer: 'adamw' });
  assert.deepEqual(of({ optimizer: 'muon' }).decayOff, { weightDecay: '0', muonDecay: '0' });
  assert.equal(of({ heldOut: 'row 1' }).half, null);
  assert.equal(of({ outliers: '1442' }).outliers, null);
  for (const changes of Object.values(of({}))) if (changes) changed(settings, changes);
});

test('a ladder goes down and up by the same rungs', () => {
  assert.deepEqual(ladder('0.8', 3), ['0.6', '0.4', '0.2', '0.4', '0.6', '0.8']);
  assert.deepEqual(ladder('0.5', 1), ['0.25', '0.5']);
  assert.equal(refused(() => ladder('0.02', 6)), 'the lowest rung would be a share of 0.0029: allowed is 0.01 or more');
  fc.assert(fc.property(fc.double({ min: 0.1, max: 0.99, noNaN: true }), fc.integer({ min: 1, max: 6 }), (share, rungs) => {
    const shares = ladder(String(share), rungs);
    const all = [String(share), ...shares];
    assert.deepEqual(all, [...all].reverse());
    const point = (/** @type {string} */ of) => ({ share: Number(of), cells: 1, heldOut: 0, train: 0 });
    const { down, up } = ways({ of: null, step: 0, steps: 1, shares, status: 'done', rungs: all.map(point) });
    assert.deepEqual([down.length, up.length], [rungs + 1, rungs + 1]);
    assert.deepEqual(down.map((rung) => rung.share), up.map((rung) => rung.share).reverse());
  }));
});

/** @param {number[]} step @param {number[]} heldOutAccuracy */
const curve = (step, heldOutAccuracy) =>
  ({ ...noCurves(), step, heldOutAccuracy, trainAccuracy: step.map(() => 1) });

test('where a run stands is counted from the fork', () => {
  assert.deepEqual(joined(curve([0, 10, 20], [0, 0, 0]), curve([20, 30], [1, 1])).heldOutAccuracy, [0, 0, 1, 1]);
  assert.deepEqual(upTo(curve([0, 10, 20], [0, 0, 0]), 15).step, [0, 10]);
  const limb = /** @type {any} */ ({ curves: curve([100, 110, 120], [1, 0.98, 0.5]), generalisedAt: 100, step: 120, cells: 1442, status: 'done' });
  assert.deepEqual(afterFork(limb, 100), { steps: 20, train: 1, heldOut: 0.5, had: true, reached: null, fell: 10 });
  const fork = /** @type {any} */ ({ step: 100, status: 'done', steps: 20, again: false, settings, changes: { weightDecay: '0' } });
  assert.equal(plain(text.outcome(limb, fork)), '20 steps after the fork: 100 % of the 1442 cells that it is shown, 50 % of the others. ' +
    'At the fork it had 99 % of them or more; it fell below that 10 steps after the fork.');
  const late = { ...limb, generalisedAt: 110, curves: curve([100, 110], [0.5, 0.995]) };
  assert.match(plain(text.outcome(late, fork)), /It had come to 99 % of them 10 steps after the fork\.$/);
  assert.match(plain(text.outcome({ ...limb, generalisedAt: null }, fork)), /It did not come to 99 % of them\.$/);
  assert.doesNotMatch(text.outcome({ ...limb, generalisedAt: null }, { ...fork, status: 'running' }), /99/);
  assert.equal(plain(text.status(fork)), 'Forked at step 100. Each run has taken 20 steps from there.');
  assert.match(text.status({ ...fork, changes: { optimizer: 'sgd' } }), / from there\. The optimiser of the changed run begins anew there: what it remembers /);
  assert.deepEqual(text.names(fork), ['Nothing changed', 'Weight decay 0']);
  assert.deepEqual(text.names({ ...fork, changes: { outliers: '144' } }), ['Nothing changed', '144 random answers (outliers)']);
  assert.deepEqual(['0', '1'].map((outliers) => text.changesTo({ weightDecay: '0', outliers })),
    ['weight decay 0, no random answers (outliers)', 'weight decay 0, 1 random answer (outlier)']);
  assert.match(plain(text.linked({ step: 50, changes: { outliers: '10' } })), /^The link forks the run at step 50, with 10 random answers \(outliers\)\.$/);
  assert.equal(text.back(fork), 'Change it back');
  assert.equal(text.back({ ...fork, changes: { trainFraction: '0.1' } }), 'Give it back');
  const lowest = { cells: 200, down: 0.1, up: 0.1 };
  assert.equal(plain(text.widest([{ cells: 900, down: 0.9, up: 0.8 }, { cells: 400, down: 0.2, up: 0.6 }, lowest])),
    'The two ways differ most at 400 cells: it gets 20 % of the others going down, and 60 % coming up.');
  assert.equal(text.widest([{ cells: 400, down: 0.2, up: 0.205 }, lowest]), 'The two ways do not differ by as much as one percent.');
  assert.equal(text.widest([lowest]), '');
});

const BEGIN = '?preset=clock&backend=cpu';
/** The workers that come next. @param {number} count */
async function made(count) {
  const before = FakeWorker.all.length;
  while (FakeWorker.all.length < before + count) await new Promise((resolve) => setTimeout(resolve));
  return FakeWorker.all.slice(before);
}

test('two runs leave the one on the page, which stays as it is', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  await api.step(50);
  const [live] = FakeWorker.all;
  const before = { ...state().run };
  const sent = live.sent.length;
  assert.equal(FakeWorker.all.length, 1);
  await core.actions.fork.here({ weightDecay: '0' }, 30);
  await settled();
  const { fork, page, run } = /** @type {any} */ (state());
  assert.equal(FakeWorker.all.length, 3);
  const starts = FakeWorker.all.slice(1).map((worker) => worker.sent.find(({ command }) => command.type === 'start'));
  assert.deepEqual(starts.map((start) => start?.command.config.settings.weightDecay), ['2', '0']);
  for (const start of starts) {
    assert.equal(start?.command.resume.step, 50);
    assert.equal(start?.command.from.settings.weightDecay, '2');
    assert.ok(start?.values instanceof Float32Array);
  }
  assert.equal(fork.status, 'done');
  assert.deepEqual(fork.limbs.map((/** @type {any} */ limb) => limb.step), [80, 80]);
  assert.deepEqual(fork.limbs[0].curves.step[0], 50);
  assert.equal(fork.past.step.at(-1), 50);
  // What is trained is trained; the workers are gone.
  assert.deepEqual(FakeWorker.alive, [live]);
  // Of the run on the page a snapshot was asked for, and nothing else.
  assert.deepEqual(live.sent.slice(sent).map(({ command }) => command.type), ['snapshot']);
  assert.deepEqual({ ...run }, before);
  assert.deepEqual(page.fork, { step: 50, changes: { weightDecay: '0' } });
  assert.match(fullLink(state(), 'https://host/page'), /&fork=50:weightDecay=0/);
  // A new run has another link.
  await core.actions.reset();
  await settled();
  assert.equal(state().page.fork, null);
});

test('a fork is in the link of the run that it is of, and of no other', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  await api.step(10);
  await core.actions.fork.here({ weightDecay: '0' }, 5);
  await settled();
  await core.actions.fork.anew(5);
  await settled();
  assert.deepEqual(state().page.fork, { step: 10, changes: { weightDecay: '0' } });
  // The run is begun anew while the workers of a fork are on their way.
  const forked = core.actions.fork.here({ weightDecay: '0' }, 5);
  const [fork] = await Promise.allSettled([forked, core.actions.reset()]);
  await settled();
  assert.deepEqual([fork.status, state().page.fork, FakeWorker.alive.length], ['rejected', null, 1]);
});

test('another run has neither the fork nor the ladder of the one before it', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  /** Both, of a run that has come some way, with workers that do not come to an end. */
  const leave = async () => {
    await api.step(10);
    const begun = core.actions.fork.here({ weightDecay: '0' }, 5);
    for (const worker of await made(2)) worker.slow = true;
    await begun;
    const climbing = core.actions.ladder.start(1, 4);
    for (const worker of await made(1)) worker.slow = true;
    while ((state().ladder?.rungs.length ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual([state().fork?.status, state().ladder?.status, FakeWorker.alive.length], ['running', 'running', 4]);
    return { climbing };
  };
  for (const next of /** @type {const} */ (['reset', 'undo', 'newSeed'])) {
    const { climbing } = await leave();
    await core.actions[next]();
    await settled();
    await climbing;
    const { fork, ladder, page } = state();
    assert.deepEqual([fork, ladder, page.fork, FakeWorker.alive.length], [null, null, null, 1], next);
    // Nor can it be done again.
    await core.actions.fork.anew(5);
    assert.equal(state().fork, null, next);
  }
});

test('a fork is seen beside the run that it left, be that live or recorded', async (t) => {
  withBrowser(t);
  serveFiles();
  const { core, state } = await opened(t, BEGIN);
  await core.actions.fork.here({ weightDecay: '0' }, 5);
  await settled();
  const fork = /** @type {import('../../www/js/run/fork.js').Fork} */ (state().fork);
  assert.equal(withNetwork(state()).fork, fork);
  // It waits with its run while a recording is shown.
  await core.commands.load('first.grok');
  assert.deepEqual([state().fork, withNetwork(state()).fork], [fork, null]);
  core.commands.leave();
  assert.equal(withNetwork(state()).fork, fork);
  // That of a recording goes with it.
  await core.commands.load('first.grok');
  core.store.dispatch({ type: 'fork', fork: { ...fork, of: state().run.recording } });
  assert.notEqual(withNetwork(state()).fork, null);
  core.commands.leave();
  assert.equal(state().fork, null);
});

test('a fork that a worker refuses leaves the one before it', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t, BEGIN);
  await core.actions.fork.here({ weightDecay: '0' }, 5);
  await settled();
  const before = state().fork;
  await assert.rejects(core.actions.fork.here({ width: '32' }, 5),
    { message: 'a fork keeps the network and what it learns: `width` is `64` there and `32` here' });
  assert.equal(state().fork, before);
  assert.equal(FakeWorker.alive.length, 1);
});

test('what was changed is changed back in the changed run', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  await api.step(20);
  await core.actions.fork.here({ trainFraction: '0.39' }, 10);
  await settled();
  await core.actions.fork.back();
  await settled();
  const fork = /** @type {any} */ (state().fork);
  assert.deepEqual([fork.step, fork.again, fork.settings.trainFraction, fork.changes], [30, true, '0.39', { trainFraction: '0.78' }]);
  assert.deepEqual(fork.limbs.map((/** @type {any} */ limb) => limb.settings.trainFraction), ['0.39', '0.78']);
  assert.equal(fork.past.step.at(-1), 30);
  // No link says how it came to be.
  assert.equal(state().page.fork, null);
  // What means nothing without the other change stays.
  await core.actions.fork.here({ optimizer: 'sgd', momentum: '0.5' }, 10);
  await settled();
  await core.actions.fork.back();
  await settled();
  assert.deepEqual(state().fork?.changes, { optimizer: 'adamw' });
  await core.actions.fork.drop();
  assert.equal(state().fork, null);
});

test('a link trains the run to its step first', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t, `${BEGIN}&fork=40:learningRate=0.01`);
  // Nothing is trained before the figure is seen.
  assert.deepEqual([state().run.step, FakeWorker.all.length], [0, 1]);
  const wanted = /** @type {any} */ (state().page.fork);
  const reached = core.actions.fork.reach(wanted);
  await Promise.resolve();
  await reached;
  await settled();
  assert.deepEqual([state().run.step, state().fork?.step, state().fork?.status], [40, 40, 'done']);
  assert.deepEqual(state().page.fork, wanted);
});

test('a slow worker shows its points in time, and a quick one has no more than the curve needs', async (t) => {
  withBrowser(t);
  const { core } = await opened(t, BEGIN);
  const begun = core.actions.fork.here({ weightDecay: '0' }, 600_000);
  const [worker] = await made(2);
  for (const each of FakeWorker.alive.slice(1)) each.slow = true;
  await begun;
  await settled();
  const pace = () => worker.sent.filter(({ command }) => command.type === 'pace').map(({ command }) => command.steps);
  assert.deepEqual(pace(), [10], 'how fast it is nobody knows');
  worker.say(evaluated(10, { stepsPerSecond: 40 }));
  worker.say(evaluated(20, { stepsPerSecond: 41 }));
  assert.deepEqual(pace(), [10, 256], 'a picture of 3000 steps would take 75 seconds');
  worker.say(evaluated(256, { stepsPerSecond: 4000 }));
  assert.deepEqual(pace(), [10, 256, 3000]);
});

test('workers end when a fork is stopped, thrown away or left', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t, BEGIN);
  const slow = async () => {
    const begun = core.actions.fork.here({ weightDecay: '0' }, 5);
    for (const worker of await made(2)) worker.slow = true;
    await begun;
  };
  await slow();
  assert.deepEqual([state().fork?.status, FakeWorker.alive.length], ['running', 3]);
  await core.actions.fork.halt();
  assert.deepEqual([state().fork?.status, FakeWorker.alive.length], ['stopped', 1]);
  await slow();
  await core.actions.fork.drop();
  assert.deepEqual([state().fork, FakeWorker.alive.length], [null, 1]);
  await slow();
  core.destroy();
  assert.equal(FakeWorker.alive.length, 0);
});

test('a ladder is climbed by one worker, rung by rung', async (t) => {
  withBrowser(t);
  const { core, api, state } = await opened(t, BEGIN);
  await api.step(10);
  await core.actions.ladder.start(2, 4);
  const climbed = /** @type {any} */ (state().ladder);
  assert.equal(climbed.status, 'done');
  assert.deepEqual(climbed.shares, ['0.52', '0.26', '0.52', '0.78']);
  assert.deepEqual(climbed.rungs.map((/** @type {any} */ rung) => rung.share), [0.78, 0.52, 0.26, 0.52, 0.78]);
  assert.equal(FakeWorker.all.length, 2);
  const starts = FakeWorker.all[1].sent.filter(({ command }) => command.type === 'start').map(({ command }) => command);
  assert.deepEqual(starts.map(({ resume }) => resume.step), [10, 10, 14, 18, 22]);
  assert.deepEqual(starts.map(({ from }) => from.settings.trainFraction), ['0.78', '0.78', '0.52', '0.26', '0.52']);
  assert.deepEqual([FakeWorker.alive.length, state().run.step], [1, 10]);
  await core.actions.ladder.drop();
  assert.equal(state().ladder, null);
});

test('a ladder that is stopped stays where it was, without its worker', async (t) => {
  withBrowser(t);
  const { core, state } = await opened(t, BEGIN);
  const climbing = core.actions.ladder.start(1, 4);
  (await made(1))[0].slow = true;
  while ((state().ladder?.rungs.length ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve));
  await core.actions.ladder.halt();
  await climbing;
  assert.deepEqual([state().ladder?.status, state().ladder?.rungs.length, FakeWorker.alive.length], ['stopped', 2, 1]);
});

test('a worker that is silent, or does not load, ends with a word and leaves nothing behind', async (t) => {
  withBrowser(t);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const clock = performance.now.bind(performance);
  let later = 0;
  t.mock.method(performance, 'now', () => clock() + later);
  const silence = () => {
    later += 61_000;
    t.mock.timers.tick(5_000);
  };
  const why = 'no sign of life for 61 seconds';
  const { core, state } = await opened(t, BEGIN);

  // Workers whose script never comes, and ones whose script cannot come.
  FakeWorker.held = [];
  const unheard = assert.rejects(core.actions.fork.here({ weightDecay: '0' }, 5), { code: 'lost', message: why });
  await made(2);
  silence();
  await unheard;
  FakeWorker.held = null;
  FakeWorker.broken = 'a test took it away';
  await assert.rejects(core.actions.fork.here({ weightDecay: '0' }, 5), { code: 'lost', message: 'a test took it away' });
  await assert.rejects(core.actions.ladder.start(1, 4), { code: 'lost', message: 'a test took it away' });
  FakeWorker.broken = null;
  assert.deepEqual([state().fork, state().ladder, FakeWorker.alive.length], [null, null, 1]);

  // One of two, while it trains: the other comes to its end, and is not waited for when it has nothing to do.
  const begun = core.actions.fork.here({ weightDecay: '0' }, 5);
  (await made(2))[1].slow = true;
  await begun;
  await settled();
  assert.equal(state().fork?.status, 'running');
  silence();
  await settled();
  assert.deepEqual(state().fork?.limbs.map(({ status, error }) => [status, error]), [['done', ''], ['failed', why]]);
  assert.deepEqual([state().fork?.status, FakeWorker.alive.length], ['done', 1]);

  const climbing = core.actions.ladder.start(1, 4);
  (await made(1))[0].slow = true;
  while ((state().ladder?.rungs.length ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve));
  const stopped = assert.rejects(climbing, { code: 'lost', message: why });
  await settled();
  silence();
  await stopped;
  assert.deepEqual([state().ladder?.status, FakeWorker.alive.length], ['stopped', 1]);
  assert.equal(failed(new WorkerLost(why)), `The worker stopped: ${why}.`);
});
