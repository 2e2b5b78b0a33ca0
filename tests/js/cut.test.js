// What is taken away from a network: in the link, asked of the worker, and in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAblation } from '../../www/js/ablation.js';
import { sameCut } from '../../www/js/run/cut.js';
import { KINDS, checkedCut, compared, grouped, partOf, shapeOf, withPart } from '../../www/js/run/parts.js';
import { elementCode, figureLink, figureOptions, fullLink } from '../../www/js/run/share.js';
import { initialState, reduce } from '../../www/js/run/state.js';
import { createStore } from '../../www/js/run/store.js';
import { parse } from '../../www/js/run/url.js';
import { shown, withEvaluated, withInspected } from '../../www/js/run/frames.js';
import { changesIn, fillHow, groupOf, labelOf, loss, outcome, right, ruleHow, ruleIn, without } from '../../www/js/text/cut.js';
import { opened, serveFiles } from './demo.js';
import { FakeWorker, evaluated, fakeFrames, settled, started, withBrowser } from './fake.js';

/** Thin spaces are for the eye. @param {string} text */
const plain = (text) => text.replaceAll('\u202f', '');
/** @type {import('../../www/js/run/parts.js').Shape} */
const ONE = { layers: 1, group: false, waves: [] };
/** Of S₃, but for its trivial representation. */
const GROUP = { layers: 1, group: true, waves: ['1′', '2'] };

test('a name is that of a part, or of none', () => {
  assert.deepEqual(
    ['head:0.2', 'mlp:1', 'layer:0', 'cluster:0.14', 'neurons:14', 'neurons:keys', 'logits:others'].map(partOf),
    [
      { kind: 'head', layer: 0, head: 2 }, { kind: 'mlp', layer: 1 }, { kind: 'layer', layer: 0 }, { kind: 'cluster', layer: 0, wave: 14 },
      { kind: 'neurons', which: 14 }, { kind: 'neurons', which: 'keys' }, { kind: 'logits', which: 'others' },
    ],
  );
  for (const name of ['', 'head', 'head:0', 'head:0.', 'head:+1.0', 'mlp:x', 'heads:0.1', 'mlp:01', 'mlp:0.1', 'neurons:all', 'xmlp:0', 'mlp:0x', 'mlp:99999']) {
    assert.equal(partOf(name), null, name);
  }
});

test('what is taken away is part of the link, and what is no part is named', () => {
  const link = parse('?preset=quick&cut=head:0.2,mlp:0,mlp:0&fill=mean');
  assert.deepEqual([link.page.cut, link.problems], [{ parts: ['head:0.2', 'mlp:0'], fill: 'mean' }, []]);
  const state = reduce(initialState(link), { type: 'open', figure: 'cut' });
  const here = 'https://example.org/grok/?utm_source=x#cut';
  assert.equal(fullLink(state, here), 'https://example.org/grok/?v=1&preset=quick&cut=head:0.2,mlp:0&fill=mean#cut');
  assert.equal(figureLink(state, here), 'https://example.org/grok/?v=1&preset=quick&embed=1&view=cut&cut=head:0.2,mlp:0&fill=mean');
  assert.match(elementCode(state, here, figureOptions(state)), /<grokking-demo preset="quick" view="cut" cut="head:0\.2,mlp:0" fill="mean"/);
  const wrong = parse('?cut=heads:0.1,mlp:0&fill=one');
  assert.deepEqual(wrong.page.cut, { parts: ['mlp:0'], fill: 'zero' });
  assert.deepEqual(wrong.problems, [
    '`cut` cannot be `heads:0.1`: allowed are head:0.2, mlp:0, layer:0, cluster:0.14, neurons:14, neurons:keys, logits:others and their like',
    '`fill` cannot be `one`: allowed is zero, mean',
  ]);
  for (const problem of parse(`?cut=${'x'.repeat(5000)}`).problems) assert.ok(problem.length < 200, problem);
});

test('a script names parts, and hears what is wrong with them', () => {
  assert.deepEqual(checkedCut(['mlp:0', 'mlp:0'], 'mean'), { parts: ['mlp:0'], fill: 'mean' });
  const refused = (/** @type {unknown} */ parts, /** @type {unknown} */ fill, /** @type {string} */ message) =>
    assert.throws(() => checkedCut(parts, fill), { code: 'argument', message });
  refused('mlp:0', 'zero', '`cuts` cannot be `mlp:0`: allowed is a list, such as ["head:0.2"]');
  refused([7], 'zero', '`cuts` cannot have `7`: allowed are head:0.2, mlp:0, layer:0, cluster:0.14, neurons:14, neurons:keys, logits:others and their like');
  refused([], 'half', '`fill` cannot be `half`: allowed is zero, mean');
  assert.ok(sameCut({ parts: ['a', 'b'], fill: 'zero' }, { parts: ['b', 'a'], fill: 'zero' }));
  assert.deepEqual(withPart({ parts: ['a', 'b'], fill: 'zero' }, 'a', false), { parts: ['b'], fill: 'zero' });
});

/** A store whose figure is open, and questions that a test answers. @param {object} [more] */
function setUp(more = {}) {
  const store = createStore(initialState(parse('?backend=cpu&cut=mlp:0')), reduce, fakeFrames());
  store.dispatch({ ...started({ layers: '1' }), ...more });
  store.dispatch(evaluated(0));
  /** @type {{ parts: string[], fill: string, done: () => Promise<void>, fail: (error: Error) => Promise<void> }[]} */
  const asked = [];
  const clock = { now: 0 };
  createAblation(store, (cut) => new Promise((resolve, reject) => {
    const turn = () => new Promise((next) => setTimeout(() => next(undefined)));
    asked.push({
      ...cut,
      done: async () => {
        clock.now += 10;
        resolve(undefined);
        await turn();
      },
      fail: async (error) => {
        reject(error);
        await turn();
      },
    });
  }), () => clock.now);
  const open = () => store.dispatch({ type: 'open', figure: 'cut' });
  const cut = (/** @type {string[]} */ ...parts) => store.dispatch({ type: 'cut', cut: { parts, fill: 'zero' } });
  return { store, asked, clock, open, cut };
}

test('nothing is asked while the figure is closed, or nothing is taken away', async () => {
  const { store, asked, open, cut } = setUp();
  store.dispatch(evaluated(1));
  cut();
  open();
  store.dispatch(evaluated(2));
  assert.deepEqual(asked, []);
  cut('mlp:0');
  assert.deepEqual(asked.map(({ parts }) => parts), [['mlp:0']]);
});

test('one question is asked at a time, and the newest next', async () => {
  const { asked, open, cut } = setUp();
  open();
  cut('mlp:0', 'head:0.0');
  cut('head:0.1');
  cut('head:0.2');
  assert.deepEqual(asked.map(({ parts }) => parts), [['mlp:0']]);
  await asked[0].done();
  assert.deepEqual(asked.map(({ parts }) => parts), [['mlp:0'], ['head:0.2']]);
  await asked[1].done();
  assert.equal(asked.length, 2, 'and the same is not asked again');
});

test('a run that goes on is asked again, with a rest twenty times as long as the quickest answer took', async () => {
  const { store, asked, clock, open, cut } = setUp();
  store.dispatch({ type: 'status', status: 'running', step: 0 });
  open();
  await asked[0].done();
  store.dispatch(evaluated(1));
  clock.now += 199;
  store.dispatch(evaluated(2));
  assert.equal(asked.length, 1);
  clock.now += 1;
  store.dispatch(evaluated(3));
  assert.equal(asked.length, 2);
  clock.now += 500;
  await asked[1].done();
  clock.now += 200;
  store.dispatch(evaluated(4));
  assert.equal(asked.length, 3, 'one that waited for steps is no slower');
  await asked[2].done();
  cut('mlp:0', 'head:0.0');
  assert.equal(asked.length, 4, 'a reader does not wait');
  await asked[3].done();
  store.dispatch(evaluated(5));
  assert.equal(asked.length, 4);
  store.dispatch({ type: 'status', status: 'paused', step: 5 });
  assert.equal(asked.length, 5, 'nor does who sees the end');
});

test('a part that the network does not have is said, and the others are taken away', async () => {
  const { store, asked, open, cut } = setUp();
  cut('head:0.9', 'mlp:0');
  open();
  const why = '`head:0.9`: there is no head 9, only 0 to 3';
  await asked[0].fail(Object.assign(new Error(why), { code: 'command' }));
  assert.deepEqual(asked.map(({ parts }) => parts), [['head:0.9', 'mlp:0'], ['mlp:0']]);
  assert.deepEqual(store.get().run.missing, { 'head:0.9': why });
  assert.deepEqual(store.get().page.cut.parts, ['head:0.9', 'mlp:0'], 'the link keeps what it says');
  await asked[1].done();
  store.dispatch({ type: 'begun', preset: 'quick', settings: {} });
  assert.deepEqual(store.get().run.missing, {}, 'another network may have it');
});

test('what goes wrong otherwise is said once, and asked again of the next network only', async () => {
  const { store, asked, open } = setUp();
  open();
  await asked[0].fail(Object.assign(new Error('no room'), { code: 'device' }));
  assert.deepEqual([asked.length, store.get().run.missing], [1, { '': 'no room' }]);
  store.dispatch(evaluated(1));
  assert.equal(asked.length, 2);
  await asked[1].fail(Object.assign(new Error('it was ended'), { code: 'lost' }));
  assert.equal(asked.length, 2);
});

test('a script gets what remains, the link has it, and the run is not touched', async (t) => {
  withBrowser(t);
  const { api, core, state } = await opened(t);
  await api.step(3);
  const before = state().run;
  const { step, cuts, fill, whole, left, predicted } = /** @type {any} */ (await api.ablate(['mlp:0'], 'mean'));
  assert.deepEqual([step, cuts, fill, whole.train.right, left.train.right, [...predicted]], [3, ['mlp:0'], 'mean', 2, 0, [1, 1, 0, 0]]);
  assert.deepEqual(state().page.cut, { parts: ['mlp:0'], fill: 'mean' });
  assert.deepEqual([state().run.curves, state().run.latest, state().run.status], [before.curves, before.latest, before.status]);
  await assert.rejects(api.ablate(['head:0.9']), { code: 'command', message: '`head:0.9`: there is no head 9, only 0 to 3' });
  assert.deepEqual(state().page.cut.parts, ['mlp:0'], 'what is refused changes nothing');
  serveFiles();
  await core.commands.load('first.grok');
  await assert.rejects(api.ablate(['mlp:0']), { code: 'command', message: 'this recording has no weights, and so no network to ask' });
});

test('parts are looked for while the figure is open, and asked for when it is seen', async (t) => {
  withBrowser(t);
  const { core } = await opened(t, '?backend=cpu&cut=mlp:0');
  const [worker] = FakeWorker.all;
  assert.equal(worker.count('ablate'), 0);
  core.actions.open('cut');
  await settled();
  const watched = worker.sent.filter(({ command }) => command.type === 'watch').at(-1)?.command.watch;
  assert.deepEqual([watched.parts, watched.inside, watched.structure], [true, null, false]);
  assert.equal(worker.count('ablate'), 1);
});

test('of a group the names of its representations are asked for with its parts', async (t) => {
  withBrowser(t);
  const { core } = await opened(t);
  const { store } = core;
  const [worker] = FakeWorker.all;
  const watched = () => worker.sent.filter(({ command }) => command.type === 'watch').at(-1)?.command.watch;
  core.actions.open('cut');
  store.dispatch(/** @type {any} */ ({ ...started(), group: true }));
  await settled();
  assert.deepEqual([watched().parts, watched().structure], [true, true]);
  store.dispatch(/** @type {any} */ (started()));
  await settled();
  assert.deepEqual([watched().parts, watched().structure], [true, false]);
});

test('what was seen of the parts at a step comes back with it', () => {
  const parts = (/** @type {number} */ n) => /** @type {any} */ ({ switches: [], rule: { keys: [n] } });
  let frames = [0, 10, 20].reduce((all, step) => withEvaluated(all, evaluated(step)), /** @type {any[]} */ ([]));
  for (const step of [0, 10]) frames = withInspected(frames, /** @type {any} */ ({ step, watch: { points: null }, points: [], parts: parts(step) }));
  const at = (/** @type {number | null} */ scrub) => shown({ latest: null, inspected: null, frames, scrub }).inspected?.parts?.rule?.keys;
  assert.deepEqual([at(5), at(15)], [[0], [10]]);
});

test('switches stand in groups, in order, and a part that is away has one', () => {
  const groups = grouped(['logits:17', 'logits:keys', 'logits:3', 'logits:others', 'cluster:0.17', 'cluster:0.3', 'mlp:1', 'head:1.0', 'layer:0', 'head:0.10', 'head:0.2', 'mlp:0']);
  assert.deepEqual(groups.map(({ names }) => names), [
    ['head:0.2', 'head:0.10', 'mlp:0', 'layer:0'], ['head:1.0', 'mlp:1'], ['cluster:0.3', 'cluster:0.17'], ['logits:3', 'logits:17', 'logits:keys', 'logits:others'],
  ]);
  assert.equal(groupOf({ ...ONE, layers: 2 }, groups[1]).title, 'Heads and neurons of layer 1');
  assert.equal(groupOf(ONE, groups[0]).title, 'Heads and neurons');
  assert.deepEqual([labelOf(ONE, 'cluster:0.3', 62), labelOf(GROUP, 'cluster:0.2', 1), labelOf(ONE, 'cluster:0.3', null)],
    ['Frequency 3 (62 neurons)', 'Representation 2 (1 neuron)', 'Frequency 3 (none now)']);
});

test('neurons of a group are called by the name of what they are tuned to, as in other figures', () => {
  const run = /** @type {any} */ ({ settings: { layers: '1' }, started: { group: true }, inspected: null });
  const powers = ['1', '1′', '2'].map((name) => ({ name }));
  const labels = (/** @type {any} */ inspected) => ['cluster:0.1', 'cluster:0.2'].map((name) => labelOf(shapeOf({ ...run, inspected }), name, 7));
  const known = ['Representation 1′ (7 neurons)', 'Representation 2 (7 neurons)'];
  assert.deepEqual(labels({ powers, inside: null }), known);
  assert.deepEqual(labels({ powers: null, inside: { waves: ['1′', '2'] } }), known);
  assert.deepEqual(labels(null), ['Representation no. 1 (7 neurons)', 'Representation no. 2 (7 neurons)'], 'a number is no name');
  assert.equal(without(GROUP, ['cluster:0.1']), 'What remains without the neurons of representation 1′');
});

test('frequencies are spoken of only where there are some', () => {
  const of = (/** @type {any} */ index) => fillHow({ index });
  assert.match(of([0, 1, 2]), /Of frequencies the mean always stays\.$/);
  assert.doesNotMatch(of(null), /[Ff]requenc/);
});

const score = (/** @type {number} */ count, of = 10) => ({ right: count, of, loss: 1 });

test('what remains, in a sentence', () => {
  const of = (/** @type {string[]} */ cuts, shape = ONE) => plain(outcome(shape, {
    step: 1500, cuts, whole: { train: score(10), heldOut: score(2000, 2000) }, left: { train: score(10), heldOut: score(1234, 2000) },
  }));
  assert.equal(of(['head:0.2', 'mlp:0']),
    'At step 1500, without head 2 and all neurons, it gets 1234 of 2000 held-out cells right, instead of 2000; of the 10 that it is trained on 10, as many as the whole network.');
  assert.match(of(['head:1.2', 'layer:0', 'mlp:1', 'cluster:0.1'], { ...GROUP, layers: 2 }),
    /, without head 2 of layer 1, layer 0, all neurons of layer 1 and the neurons of layer 0 of representation 1′, it gets/);
  assert.match(of(['neurons:keys', 'logits:7']), /, without the key frequencies in the neurons and frequency 7 before the scores, it gets/);
  assert.match(of(['neurons:others']), /At step 1500, with nothing but the key frequencies in the neurons, it gets/);
  assert.match(of(['logits:others', 'head:0.1', 'neurons:others']),
    /At step 1500, without head 1, and with nothing but the key frequencies before the scores and in the neurons, it gets/);
  assert.deepEqual([without(ONE, []), without(ONE, ['logits:others'])],
    ['What remains', 'What remains with nothing but the key frequencies before the scores']);
});

test('the rule counts every cell of which it speaks', () => {
  const rule = {
    keys: [40, 3, 17], whole: { train: score(1), heldOut: score(1) },
    only: { train: score(3000, 3000), heldOut: score(6409, 6409) }, without: { train: score(90, 3000), heldOut: score(7, 6409) },
  };
  assert.equal(plain(ruleIn(rule, 2000, 9409)), 'At step 2000, the rule of frequencies 3, 17 and 40 alone gets 9409 of 9409 cells right; without it, 97 of 9409.');
  assert.match(plain(ruleIn({ ...rule, keys: [5] }, 0, 9602)),
    /^At step 0, the rule of frequency 5 alone .* 97 of 9409\. The other 193 cells have a symbol that has no place in the sum, and are not counted\.$/);
  assert.match(ruleIn({ ...rule, keys: Array.from({ length: 20 }, (_, k) => k) }, 0, 9409), /the rule of 20 frequencies alone/);
});

test('a sum in disguise is said to be one', () => {
  const of = (/** @type {any} */ index) => ruleHow(/** @type {any} */ ({ index }));
  assert.doesNotMatch(of([0, 1, 2]), /disguise/);
  assert.match(of([null, 0, 1]), /The operation is a sum in disguise: /);
});

test('cells that changed are told apart and counted, and those without an equation are none', () => {
  const table = /** @type {any} */ ({ answer: Uint16Array.from([1, 2, 3, 4, 65535]) });
  const kinds = compared(table, Uint16Array.from([1, 2, 0, 0, 65535]), Uint16Array.from([1, 0, 3, 1, 65535]));
  assert.deepEqual([...kinds], [KINDS.same, KINDS.lost, KINDS.gained, KINDS.other, KINDS.same]);
  assert.equal(changesIn(kinds, table), '1 of 4 cells have the answer that they had. 1 were right and are wrong now, 1 are right only now, and 1 are wrong in another way.');
  assert.equal(changesIn(new Uint8Array(5), table), 'All 4 cells have the answer that they had.');
});

test('shares are all or none only where they are, and a loss has two digits', () => {
  const share = (/** @type {number} */ count, /** @type {number} */ of) => right({ right: count, of })[0];
  assert.deepEqual([share(0, 9409), share(1, 9409), share(9408, 9409), share(9409, 9409), share(1, 8), share(0, 0)], ['0\u00a0%', '0.1\u00a0%', '99.9\u00a0%', '100\u00a0%', '12.5\u00a0%', '–']);
  assert.deepEqual([5.4321, 0.012, 0.00012, 24.3, 123.4].map((value) => loss({ loss: value, of: 1 })), ['5.4', '0.012', '1.2e−4', '24', '123']);
});
