// The story: its words against the recordings, its set-ups, its addresses and its keys.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { followAddress } from '../../www/js/address.js';
import { createCommands } from '../../www/js/actions.js';
import { fromConfig, ofPreset } from '../../www/js/run/choice.js';
import { count } from '../../www/js/run/count.js';
import { at } from '../../www/js/run/frames.js';
import { CHAPTERS as COUNT, addressOf, placeOf } from '../../www/js/run/place.js';
import { readRecording } from '../../www/js/run/recording.js';
import { recorded } from '../../www/js/run/run.js';
import { initialState, reduce } from '../../www/js/run/state.js';
import { createStore } from '../../www/js/run/store.js';
import { FEW, emptiest, waitEnd } from '../../www/js/run/timeline.js';
import { parse } from '../../www/js/run/url.js';
import { withTried, triedOf } from '../../www/js/story/bars.js';
import { CHAPTERS, TRIALS, recordings } from '../../www/js/story/chapters.js';
import { exampleOf, factsOf } from '../../www/js/story/facts.js';
import { turnOf } from '../../www/js/story/keys.js';
import { beside } from '../../www/js/story/lecture.js';
import { elapsed } from '../../www/js/story/notes.js';
import { ringOf } from '../../www/js/story/ring.js';
import { LIMIT_SECONDS, createStage, gflopOf } from '../../www/js/story/stage.js';
import { WORDS, filled, noted, onClock, outcome, parts } from '../../www/js/text/story.js';
import { evaluated, fakeFrames, settled, started } from './fake.js';

const FOLDER = fileURLToPath(new URL('../../www/recordings/', import.meta.url));
/** Thin spaces are for the eye. @param {string} text */
const plain = (text) => text.replaceAll('\u202f', '');

/** What the file says, read by nothing of the page. @param {string} file @returns {any} */
const raw = (file) => JSON.parse(gunzipSync(readFileSync(FOLDER + file)).toString());
/** @param {string} file */
async function runOf(file) {
  const bytes = readFileSync(FOLDER + file);
  const recording = await readRecording(/** @type {ArrayBuffer} */ (bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
  return recorded(recording, 'clock', ['embedding', 'fourier'], { file, own: false, name: file });
}

/** Flags of cells as recordings have them: four to a digit. @param {string} digits */
const bits = (digits) => [...digits].flatMap((digit) => [0, 1, 2, 3].map((bit) => (parseInt(digit, 16) >> bit) & 1));

/** First step at which a column is 99 % or more. @param {any} file @param {string} column @returns {number | null} */
function reached({ curves }, column) {
  const at = curves[column].findIndex((/** @type {number} */ share) => share >= 0.99);
  return at < 0 ? null : curves.step[at];
}

/** Everything that a chapter says. @param {string} id */
const said = (id) => [WORDS[id].title, ...WORDS[id].words, ...WORDS[id].slides.flatMap(({ say, notes }) => [say, notes])];

test('nine chapters, each with words, slides and an address', () => {
  assert.equal(CHAPTERS.length, COUNT);
  assert.deepEqual(CHAPTERS.map(({ id }) => id), Object.keys(WORDS));
  CHAPTERS.forEach(({ id, slides }, at) => {
    const { words, slides: said } = WORDS[id];
    assert.equal(slides.length, said.length, id);
    assert.ok(slides.length <= 9, id);
    const all = words.join(' ');
    assert.ok(all.split(/\. /).length <= 6 && all.split(' ').length <= 90, `${id} is long: ${all.split(' ').length} words`);
    for (const { say } of said) assert.ok(say.split(' ').length <= 16, `too long to be read from the last row: ${say}`);
    assert.deepEqual(placeOf(addressOf(at + 1)), { chapter: at + 1, slide: 1 });
    slides.forEach((_, slide) => assert.deepEqual(placeOf(addressOf(at + 1, slide + 1)), { chapter: at + 1, slide: slide + 1 }));
  });
  for (const wrong of ['story', 'story/', 'story/0', `story/${COUNT + 1}`, 'story/1/0', 'story/1/', 'story/1/12', 'points', '', null]) {
    assert.equal(placeOf(wrong), null, `${wrong}`);
  }
});

test('words act, and acts have words', () => {
  for (const { id, acts, slides } of CHAPTERS) {
    const named = WORDS[id].words.flatMap((words) => parts(words).flatMap(({ act }) => act ?? []));
    for (const name of named) assert.ok(Object.hasOwn(acts, name), `${id}: ${name}`);
    assert.equal(new Set(named).size, named.length, `${id}: two words do the same`);
    const shownBy = new Set([...named, ...slides.flatMap(({ act }) => act ?? []), 'begin']);
    assert.deepEqual(Object.keys(acts).filter((name) => !shownBy.has(name)), [], id);
    for (const { act } of slides) assert.ok(act === null || Object.hasOwn(acts, act), `${id}: ${act}`);
  }
  assert.deepEqual(parts('Train it with [less](less) or *more*.'), [
    { text: 'Train it with ', act: null }, { text: 'less', act: 'less' }, { text: ' or *more*.', act: null },
  ]);
});

test('every number of the words is known, and none is typed', async () => {
  for (const { id, file } of CHAPTERS) {
    const facts = file === null ? {} : factsOf(await runOf(file));
    for (const text of said(id)) {
      const whole = filled(text, facts);
      assert.doesNotMatch(whole, /[{}…]|undefined|NaN| {2}|\( | ,/, `${id}: ${whole}`);
      for (const [, name] of text.matchAll(/\{(\w+)\}/g)) assert.notEqual(facts[name], '', `${id}: ${name}`);
    }
    // What is left without the numbers of the run: 99 % is what the marks mean, 95 % the paper's, and years and numbers of papers.
    const typed = said(id).join(' ').replace(/\]\(\w+\)|\{\w+\}|\(arXiv [\d.]+\)|in 2022|99\u00a0%|95\u00a0%|97 by 97|120 symbols|S\u2085/g, '').match(/\d+/g);
    assert.deepEqual(typed, null, `${id}: ${typed}`);
  }
});

test('the numbers are those of the recordings', async () => {
  for (const file of new Set(CHAPTERS.flatMap(({ file: name }) => name ?? []))) {
    const value = raw(file);
    const facts = Object.fromEntries(Object.entries(factsOf(await runOf(file))).map(([name, text]) => [name, plain(text)]));
    const { curves, frames, answer, heldOut } = value;
    const last = curves.step.at(-1);
    const memorisedAt = reached(value, 'trainAccuracy') ?? last;
    const cells = answer.map((/** @type {unknown} */ symbol) => symbol !== null);
    const outside = bits(heldOut);
    const isHeldOut = (/** @type {number} */ cell) => cells[cell] && outside[cell] === 1;
    const count = (/** @type {(cell: number) => boolean} */ is) => cells.filter((/** @type {boolean} */ _, /** @type {number} */ cell) => is(cell)).length;
    const knows = (/** @type {number} */ step) => {
      const right = bits(frames.findLast((/** @type {any} */ frame) => frame.step <= step).right);
      const known = count((cell) => isHeldOut(cell) && right[cell] === 1);
      return known === 0 ? 'none' : String(known);
    };
    const p = value.started.symbols.length;
    assert.equal(facts.equations, String(count((cell) => cells[cell])), file);
    assert.equal(facts.others, String(count(isHeldOut)), file);
    assert.equal(facts.train, String(count((cell) => cells[cell] && !isHeldOut(cell))), file);
    assert.equal(facts.memorisedAt, String(memorisedAt), file);
    assert.equal(facts.last, String(last), file);
    assert.equal(facts.heldThen, knows(memorisedAt), file);
    assert.equal(facts.heldNow, knows(last), file);
    assert.equal(facts.c, String((Number(facts.a) + Number(facts.b)) % p), file);
    const loss = (/** @type {number} */ step) => value.curves.trainLoss[curves.step.findLastIndex((/** @type {number} */ at) => at <= step)];
    for (const [name, step] of /** @type {[string, number][]} */ ([['lossFirst', 0], ['lossThen', memorisedAt]])) {
      assert.ok(Math.abs(Number(facts[name]) / loss(step) - 1) < 0.5, `${file}: ${name} is ${facts[name]}, of ${loss(step)}`);
      assert.ok(Math.abs(Number(facts[name]) - loss(step)) <= 0.05, `${file}: ${name} is ${facts[name]}, of ${loss(step)}`);
    }
  }
});

test('what two recordings have of the same run is the same: bars of different chapters agree', () => {
  /** @type {Map<string, { file: string, curves: unknown }>} */
  const runs = new Map();
  let pairs = 0;
  for (const file of recordings()) {
    const { started: { config }, curves } = raw(file);
    const run = JSON.stringify(Object.entries(config).filter(([id]) => !['budget', 'stop', 'threads'].includes(id)).sort());
    const other = runs.get(run);
    if (other) assert.deepEqual(curves, other.curves, `${file} and ${other.file}`);
    pairs += other ? 1 : 0;
    runs.set(run, { file, curves });
  }
  assert.equal(pairs, 1);
});

test('what the chapters claim is so in their recordings', async () => {
  const first = await runOf('first.grok');
  const { heldOut, symbols } = /** @type {any} */ (first.started);
  const n = symbols.length;
  for (let x = 0; x < n; x += 1) {
    for (let y = 0; y < n; y += 1) assert.equal(heldOut[x * n + y], heldOut[y * n + x], 'shown both or neither');
  }
  assert.match(onClock(exampleOf(n).x, exampleOf(n).y, n), /once round/);
  // The table of the first chapter: all small cells have their answer, and those that it never sees are empty.
  const known = count(/** @type {any} */ (first.started), at(first.frames, emptiest(first)).evaluated);
  assert.deepEqual([known.shown.right, known.others.right], [known.shown.all, 0]);
  // What is true of the wait is true where it ends, and not after that.
  const { step, heldOutAccuracy } = first.curves;
  const end = step.indexOf(waitEnd(first));
  assert.ok(heldOutAccuracy[end] <= FEW && heldOutAccuracy[end + 1] > FEW, `${heldOutAccuracy.slice(end, end + 2)}`);
  assert.equal(plain(factsOf(first).waited), String(step[end] - Number(first.latest?.memorisedAt)));

  const circle = await runOf('story-circle.grok');
  const { fourier, points, weightNorm } = /** @type {any} */ (circle.inspected);
  const ring = ringOf(n, fourier.stride);
  assert.equal(new Set(ring).size, n);
  const turns = (/** @type {ArrayLike<number>} */ xy) => {
    const angle = (/** @type {number} */ at) => Math.atan2(xy[2 * at + 1], xy[2 * at]);
    const steps = ring.map((at, place) => {
      const by = (angle(ring[(place + 1) % n]) - angle(at)) / (2 * Math.PI);
      return by - Math.round(by);
    });
    const round = steps.reduce((sum, by) => sum + by, 0);
    return { round, forward: steps.filter((by) => by * round > 0).length / n };
  };
  const after = turns(points);
  assert.ok(Math.abs(Math.abs(after.round) - 1) < 1e-6, `once round, not ${after.round} times`);
  assert.ok(after.forward > 0.9, `${after.forward} of the steps along the ring go forward`);
  /** Of the points' distances from the middle: standard deviation over mean. */
  const spread = (/** @type {ArrayLike<number>} */ xy) => {
    const radii = ring.map((at) => Math.hypot(xy[2 * at], xy[2 * at + 1]));
    const mean = radii.reduce((sum, radius) => sum + radius, 0) / n;
    return Math.sqrt(radii.reduce((sum, radius) => sum + (radius - mean) ** 2, 0) / n) / mean;
  };
  const anywhere = spread(/** @type {any} */ (circle.frames[0].inspected).points);
  assert.ok(anywhere > 0.3 && spread(points) < 0.15, `a ring is round: ${anywhere}, then ${spread(points)}`);
  const then = circle.frames.find(({ step }) => step === circle.latest?.memorisedAt)?.inspected;
  assert.ok(then && then.weightNorm > weightNorm * 1.1, `${then?.weightNorm} and ${weightNorm}`);

  const waits = Object.fromEntries(await Promise.all(Object.entries(TRIALS).map(async ([name, { file }]) => {
    const { latest } = await runOf(file);
    return [name, { memorisedAt: Number(latest?.memorisedAt), generalisedAt: latest?.generalisedAt ?? null }];
  })));
  const { clock, lessDecay, moreDecay, noDecay, lessData, halfData } = waits;
  assert.ok(lessDecay.generalisedAt > 1.3 * clock.generalisedAt, 'less of it: a longer wait');
  assert.ok(moreDecay.generalisedAt < clock.generalisedAt, 'more of it: a shorter one');
  assert.equal(noDecay.generalisedAt, null);
  assert.ok(lessData.generalisedAt > 1.3 * clock.generalisedAt, 'less data: later');
  assert.equal(halfData.generalisedAt, null);
  for (const { memorisedAt } of [lessData, halfData]) assert.ok(memorisedAt < 1.3 * clock.memorisedAt, 'no harder to learn by heart');

  for (const file of ['story-never.grok', 'figure-1.grok', 'cube2.grok']) assert.equal((await runOf(file)).latest?.generalisedAt, null, file);
  const { config } = /** @type {any} */ ((await runOf('story-never.grok')).started);
  assert.deepEqual([config.trainFraction, config.weightDecay], ['0.25', '0']);
  const cubic = /** @type {any} */ ((await runOf('cube2.grok')).started);
  assert.ok(Math.abs(cubic.train / cubic.equations - 0.9) < 0.001);
  for (const file of ['sub.grok', 'mul.grok', 's5.grok']) assert.ok((await runOf(file)).latest?.generalisedAt, file);
  const mirrors = (await runOf('quad2.grok')).latest;
  assert.ok(Number(mirrors?.mirroredAccuracy) > 0.8 && Number(mirrors?.unmirroredAccuracy) < 0.03);
});

test('a trial is its preset with one thing changed, as its recording is', async () => {
  for (const [name, { file, settings, steps }] of Object.entries(TRIALS)) {
    const { started: { config } } = raw(file);
    const choice = fromConfig(settings, 'clock').settings;
    for (const [id, value] of Object.entries(config)) {
      if (!['budget', 'stop'].includes(id)) assert.equal(value, choice[id], `${name}: ${id}`);
    }
    assert.ok(Object.keys(settings).length <= 1, name);
    assert.equal(steps, raw(file).curves.step.at(-1), name);
  }
  for (const file of recordings()) assert.ok((await runOf(file)).frames.length > 1, file);
  const files = CHAPTERS.flatMap(({ file }) => file ?? []);
  for (const file of files) assert.ok(recordings().includes(file), file);
});

/** A stage over a store of its own, whose actions are written down. @param {import('node:test').TestContext} t */
function staged(t, /** @type {object} */ more = {}) {
  const store = createStore({ ...initialState(parse('')), ...more }, reduce, fakeFrames());
  /** @type {unknown[][]} */
  const done = [];
  const note = (/** @type {string} */ name) => async (/** @type {unknown[]} */ ...given) => void done.push([name, ...given]);
  const actions = /** @type {any} */ ({
    ...Object.fromEntries(['play', 'stop', 'scrub', 'cursor', 'open', 'undo'].map((name) => [name, note(name)])),
    async tell(/** @type {string} */ file) {
      done.push(['replay', file]);
      const run = await runOf(file);
      store.dispatch({ type: 'restored', run });
    },
    async configure(/** @type {Record<string, unknown>} */ config) {
      done.push(['configure', config]);
      store.dispatch({ type: 'begun', ...fromConfig(config, 'clock') });
      store.dispatch(started(fromConfig(config, 'clock').settings));
    },
    async run() {
      done.push(['run']);
      store.dispatch({ type: 'status', status: 'running', step: 0 });
    },
  });
  const stage = createStage({ store, actions, trainsOn: async () => true }, () => {});
  t.after(() => stage.destroy());
  return { stage, store, done, names: () => done.map(([name]) => name) };
}

test('what is quick enough here is trained, with the setting that was asked for', async (t) => {
  const { stage, store, done } = staged(t, { speed: { gflops: gflopOf(TRIALS.lessDecay) / LIMIT_SECONDS + 1 } });
  await stage.train(TRIALS.lessDecay);
  assert.deepEqual(done, [['configure', { preset: 'clock', weightDecay: '1.5' }], ['run']]);
  assert.equal(store.get().run.settings.weightDecay, '1.5');
  assert.equal(stage.note?.kind, 'training');
  store.dispatch({ type: 'status', status: 'finished', step: 9 });
  assert.equal(stage.note?.kind, 'trained');
});

test('what takes longer is a recording, and says so', async (t) => {
  const { stage, names } = staged(t, { speed: { gflops: gflopOf(TRIALS.clock) / LIMIT_SECONDS - 1 } });
  await stage.train(TRIALS.clock);
  assert.equal(names()[0], 'replay');
  assert.ok(!names().includes('run'));
  assert.match(noted(stage.note, 839), /^A recording of 839 steps: to train it here would take about \d+\u00a0s\.$/);
});

test('after twenty seconds nobody waits any more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { stage, names } = staged(t);
  await stage.train(TRIALS.clock);
  t.mock.timers.tick(1000 * LIMIT_SECONDS - 1);
  assert.equal(stage.note?.kind, 'training');
  t.mock.timers.tick(1);
  t.mock.timers.reset();
  await settled();
  assert.ok(names().includes('replay'));
  assert.equal(noted(stage.note, 839), '20 seconds were not enough here. This is the recording, 839 steps.');

  t.mock.timers.enable({ apis: ['setTimeout'] });
  const other = staged(t);
  await other.stage.newSeed();
  t.mock.timers.tick(1000 * LIMIT_SECONDS);
  assert.equal(other.stage.note?.kind, 'on', 'of another seed there is no recording');
  t.mock.timers.reset();
});

test('a run that has the rule by then is not taken away', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { stage, store, names } = staged(t);
  await stage.train(TRIALS.clock);
  store.dispatch(evaluated(700, { memorisedAt: 140, generalisedAt: 690 }));
  t.mock.timers.tick(1000 * LIMIT_SECONDS);
  assert.ok(!names().includes('replay'));
});

test("a run of the reader's own makes room for those of the chapters, and is asked back once they end", async (t) => {
  const { stage, store, names } = staged(t);
  store.dispatch({ type: 'begun', ...ofPreset('quick') });
  store.dispatch({ type: 'status', status: 'paused', step: 300 });
  store.dispatch({ type: 'undoable', canUndo: true });
  await stage.train(TRIALS.clock);
  await stage.newSeed();
  assert.deepEqual(names(), ['configure', 'run', 'configure', 'run']);
  stage.end();
  await stage.giveBack();
  assert.equal(names().at(-1), 'undo');
  await stage.giveBack();
  assert.equal(names().filter((name) => name === 'undo').length, 1);
  // Of the story's own runs the last one stays.
  const { stage: other, store: alone, names: did } = staged(t);
  alone.dispatch({ type: 'undoable', canUndo: true });
  await other.train(TRIALS.clock);
  await other.train(TRIALS.lessDecay);
  other.end();
  await other.giveBack();
  assert.ok(!did().includes('undo'));
});

test('time moves as far as the words say, and stops', async (t) => {
  const { stage, store, done } = staged(t);
  await stage.replay('first.grok');
  stage.play('memorised', 'waited');
  assert.deepEqual(done.slice(-2), [['scrub', 140], ['play']]);
  store.dispatch({ type: 'playing', playing: true });
  store.dispatch({ type: 'moved', step: 300 });
  assert.equal(done.at(-1)?.[0], 'play');
  store.dispatch({ type: 'moved', step: 800 });
  const [stop, scrub] = done.slice(-2);
  assert.deepEqual(stop, ['stop']);
  assert.ok(scrub[0] === 'scrub' && Number(scrub[1]) > 140 && Number(scrub[1]) < 667, `${scrub}`);

  const calm = staged(t, { reducedMotion: true });
  await calm.stage.replay('first.grok');
  calm.stage.play('start', 'memorised');
  assert.deepEqual(calm.done.at(-1), ['scrub', 140]);
  assert.ok(!calm.names().includes('play'));
});

test('the bars keep what was tried, as far as it was seen', async () => {
  const run = await runOf('story-circle.grok');
  const at = (/** @type {number | null} */ scrub) => /** @type {any} */ (triedOf({ ...run, scrub }, 'weightDecay'));
  assert.equal(at(0), null);
  const [some, all] = [at(200), at(null)];
  assert.equal(all.label, 'weight decay 2');
  assert.equal(some.generalisedAt, null);
  assert.deepEqual(withTried(withTried([], some), all), [all]);
  assert.deepEqual(withTried(withTried([], all), some), [all], 'going back takes nothing away');
  assert.match(plain(outcome(all)), /^by heart \d+, rule \d+$/);
  assert.match(outcome(some), /no rule by/);
});

test('a lecture goes from slide to slide and from chapter to chapter, and stays at its ends', () => {
  let place = { chapter: 1, slide: 1 };
  let slides = 1;
  for (let next = beside(place, 1); next.chapter !== place.chapter || next.slide !== place.slide; next = beside(place, 1)) {
    assert.deepEqual(beside(next, -1), place);
    place = next;
    slides += 1;
  }
  assert.equal(slides, CHAPTERS.reduce((sum, { slides: { length } }) => sum + length, 0));
  assert.equal(place.chapter, COUNT);
  assert.deepEqual(beside({ chapter: 1, slide: 1 }, -1), { chapter: 1, slide: 1 });
});

test('what a clicker sends is heard, and no shortcut of the browser', () => {
  const key = (/** @type {string} */ name, more = {}) => turnOf({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more });
  assert.deepEqual(['PageDown', 'ArrowRight', 'PageUp', 'ArrowLeft', 'b', '.', 'Escape', 'p', 'n', 'N', 'B', 'P'].map((name) => key(name)),
    ['next', 'next', 'previous', 'previous', 'blank', 'blank', 'end', 'end', 'notes', 'notes', 'blank', 'end']);
  assert.deepEqual([key('q'), key('ArrowRight', { altKey: true }), key('toString')], [null, null, null]);
  assert.deepEqual([0, 61_000, 3_600_000].map(elapsed), ['0:00', '1:01', '60:00']);
});

test('every key of a lecture is documented, and every documented key is one', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  const table = /\| key in a lecture \|[\s\S]*?\n\n/.exec(readme)?.[0] ?? '';
  const names = [...table.matchAll(/^\| (?!key)([^|]*[^ |]) \|/gm)].flatMap(([, keys]) => keys.match(/`[^`]+`|[→↓←↑]/g) ?? []);
  /** @type {Record<string, string>} */
  const spelled = { '→': 'ArrowRight', '↓': 'ArrowDown', '←': 'ArrowLeft', '↑': 'ArrowUp', space: ' ', Esc: 'Escape' };
  const keys = names.map((name) => name.replaceAll('`', '')).map((name) => spelled[name] ?? name.replace('Page ', 'Page'));
  const none = { ctrlKey: false, metaKey: false, altKey: false };
  assert.deepEqual(keys.filter((key) => turnOf({ key, ...none }) === null), []);
  const source = readFileSync(fileURLToPath(new URL('../../www/js/story/keys.js', import.meta.url)), 'utf8');
  const [, own] = /const LECTURE = \{([^}]*)\}/.exec(source) ?? [];
  assert.deepEqual([...own.matchAll(/(?:'([^']+)'|(\w+)): '/g)].map(([, quoted, name]) => quoted ?? name).sort(), [...keys].sort());
});

test('chapters are entries of the history, and their runs are not', () => {
  const at = new URL('https://host/page/?preset=quick&seed=3');
  /** @type {string[]} */
  const entries = [`${at.pathname}${at.search}`];
  const go = (/** @type {any} */ to) => {
    at.href = new URL(to, at).href;
  };
  const page = {
    location: at,
    history: {
      pushState: (/** @type {any} */ _, /** @type {any} */ __, /** @type {any} */ to) => (entries.push(to), go(to)),
      replaceState: (/** @type {any} */ _, /** @type {any} */ __, /** @type {any} */ to) => ((entries[entries.length - 1] = to), go(to)),
    },
    addEventListener: () => {},
  };
  const store = createStore(initialState(parse(at.search)), reduce, fakeFrames());
  const actions = /** @type {any} */ ({ open: (/** @type {string | null} */ figure) => store.dispatch({ type: 'open', figure }) });
  followAddress({ store, actions, signal: new AbortController().signal }, page);
  actions.open(addressOf(4));
  store.dispatch({ type: 'begun', ...ofPreset('clock') });
  actions.open(addressOf(5));
  actions.open(addressOf(5, 2));
  store.dispatch({ type: 'present', present: true });
  const own = '/page/?preset=quick&seed=3';
  assert.deepEqual(entries, [own, `${own}#story/4`, `${own}&present=1#story/5/2`]);
  store.dispatch({ type: 'present', present: false });
  actions.open(null);
  assert.deepEqual(entries.slice(2), [`${own}#story/5/2`, '/page/?v=1&preset=clock'], 'what is there is what the address says');
});

test('a lecture begins where the story is, or at its beginning', () => {
  const store = createStore(initialState(parse('')), reduce, fakeFrames());
  const { present } = createCommands(store, /** @type {any} */ ({ signal: new AbortController().signal }));
  present();
  assert.deepEqual([store.get().page.present, store.get().open], [true, 'story/1']);
  present();
  assert.deepEqual([store.get().page.present, store.get().open], [false, 'story/1']);
  store.dispatch({ type: 'open', figure: 'story/6' });
  present(true);
  assert.equal(store.get().open, 'story/6');
});
