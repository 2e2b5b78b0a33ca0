// What the page adds to its demo: the address, the keys, a question before steps are lost, and parts
// that may fail.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureOf, followAddress } from '../../www/js/address.js';
import { createGuard } from '../../www/js/guard.js';
import { controlOf } from '../../www/js/keys.js';
import { isAtStake } from '../../www/js/run/run.js';
import { PRESETS } from '../../www/js/run/settings.js';
import { initialState, reduce } from '../../www/js/run/state.js';
import { createStore } from '../../www/js/run/store.js';
import { CONTROLS } from '../../www/js/run/options.js';
import { namesRun, parse } from '../../www/js/run/url.js';
import { evaluated, fakeFrames, started } from './fake.js';

/** @param {string} file @param {string | null} name @returns {any} */
const replayed = (file, name) => ({
  type: 'replay',
  file,
  name,
  own: false,
  recording: {
    command: '', started: started({ seed: '77' }), curves: { step: [0] },
    frames: [{ step: 0, evaluated: evaluated(0), inspected: null }], projections: new Map(),
  },
});

/** A page with a history. @param {string} address */
function visit(address) {
  const at = new URL(address, 'https://host/');
  /** @type {string[]} */
  const entries = [address];
  const listeners = /** @type {Record<string, () => void>} */ ({});
  const go = (/** @type {string} */ to) => {
    at.href = new URL(to, at).href;
  };
  const page = {
    location: at,
    history: {
      pushState: (/** @type {any} */ _, /** @type {any} */ __, /** @type {any} */ to) => {
        entries.push(to);
        go(to);
      },
      replaceState: (/** @type {any} */ _, /** @type {any} */ __, /** @type {any} */ to) => {
        entries[entries.length - 1] = to;
        go(to);
      },
    },
    addEventListener: (/** @type {string} */ name, /** @type {() => void} */ listener) => {
      listeners[name] = listener;
    },
  };
  const store = createStore(initialState(parse(at.search)), reduce, fakeFrames());
  /** @type {any[]} */
  const visited = [];
  const actions = /** @type {any} */ ({
    open: (/** @type {string | null} */ figure) => store.dispatch({ type: 'open', figure }),
    visit: (/** @type {any} */ choice) => {
      visited.push(choice);
      if (choice.preset === store.get().live?.preset) store.dispatch({ type: 'live' });
      else store.dispatch({ type: 'begun', ...choice });
    },
    replay: (/** @type {string} */ file) => store.dispatch(replayed(file, file.replace('.grok', ''))),
  });
  followAddress({ store, actions, signal: new AbortController().signal }, page);
  const back = () => {
    entries.pop();
    go(entries[entries.length - 1]);
    listeners.popstate();
  };
  return { store, entries, visited, back, at, follow: () => listeners.hashchange(), go };
}

const preset = (/** @type {number} */ at) => ({ preset: PRESETS[at].id, settings: PRESETS[at].settings });

test('a change of preset is an entry of the history, other changes are not', () => {
  const { store, entries } = visit('/page/');
  store.dispatch({ type: 'begun', ...preset(1) });
  assert.deepEqual(entries, ['/page/', `/page/?v=1&preset=${PRESETS[1].id}`]);
  const { settings } = preset(1);
  store.dispatch({ type: 'begun', preset: PRESETS[1].id, settings: { ...settings, seed: '9' } });
  assert.deepEqual(entries, ['/page/', `/page/?v=1&preset=${PRESETS[1].id}&seed=9`]);
});

test('going back undoes a change of preset, and makes no entry itself', () => {
  const { store, entries, visited, back, at } = visit('/page/?v=1&preset=never&seed=4');
  store.dispatch({ type: 'begun', ...preset(1) });
  back();
  assert.equal(visited.length, 1);
  assert.equal(visited[0].preset, 'never');
  assert.equal(visited[0].settings.seed, '4');
  assert.deepEqual(entries, ['/page/?v=1&preset=never&seed=4']);
  store.dispatch(evaluated(3));
  assert.equal(at.search, '?v=1&preset=never&seed=4');
});

test("the reader's own link stays as it was typed while the run is the same", () => {
  const { store, entries } = visit('/page/?modulus=98&hide=');
  store.dispatch(started(store.get().run.settings));
  store.dispatch(evaluated(1));
  assert.deepEqual(entries, ['/page/?modulus=98&hide=']);
});

test('a recording that does not ship with the page does not change the address', () => {
  const { store, entries } = visit('/page/');
  store.dispatch(replayed('a', null));
  assert.deepEqual(entries, ['/page/']);
});

test('a recording of the list has an address, back and forth', () => {
  const { store, entries, visited, back, go, follow } = visit('/page/?preset=never#recordings');
  store.dispatch(started(store.get().run.settings));
  store.dispatch(replayed('s5.grok', 's5'));
  store.dispatch(replayed('div.grok', 'div'));
  assert.deepEqual(entries.slice(1), ['/page/?v=1&recording=s5#recordings', '/page/?v=1&recording=div#recordings']);
  back();
  assert.equal(store.get().run.recording?.name, 's5');
  assert.deepEqual(visited, []);
  back();
  assert.equal(store.get().run.recording, null);
  assert.equal(store.get().run.preset, 'never');
  assert.deepEqual(entries, ['/page/?preset=never#recordings']);
  go('?recording=div');
  follow();
  assert.equal(store.get().run.recording?.name, 'div');
  store.dispatch({ type: 'live' });
  assert.match(entries.at(-1) ?? '', /preset=never/);
});

test('a link to a recording stays as it was typed while that loads, and goes if it is not to be had', () => {
  const { store, entries } = visit('/page/?recording=s5#points');
  assert.deepEqual(entries, ['/page/?recording=s5#points']);
  store.dispatch(replayed('s5.grok', 's5'));
  assert.deepEqual(entries, ['/page/?recording=s5#points']);
  const other = visit('/page/?recording=gone');
  other.store.dispatch(started(other.store.get().run.settings));
  assert.deepEqual(other.entries, [`/page/?v=1&preset=${PRESETS[0].id}`]);
});

test('the figure that is open is part of the address, back and forth', () => {
  const { store, entries, back } = visit('/page/?seed=2');
  store.dispatch({ type: 'open', figure: 'points' });
  assert.deepEqual(entries, ['/page/?seed=2', '/page/?seed=2#points']);
  store.dispatch({ type: 'open', figure: 'sweep' });
  back();
  assert.equal(store.get().open, 'points');
  back();
  assert.equal(store.get().open, null);
  assert.deepEqual(entries, ['/page/?seed=2']);
});

test('an address with a figure opens it, and other places on the page are left alone', () => {
  const { store, entries, go, follow } = visit('/page/#points');
  assert.equal(store.get().open, 'points');
  assert.deepEqual(entries, ['/page/#points']);
  go('#why');
  follow();
  assert.equal(store.get().open, null);
  store.dispatch({ type: 'begun', ...preset(1) });
  assert.equal(entries.at(-1), `/page/?v=1&preset=${PRESETS[1].id}#why`);
  assert.equal(figureOf('#why'), null);
});

test('a link names a run by a preset or any setting', () => {
  for (const named of ['?preset=never', '?seed=3', '?v=1&backend=cpu&modulus=7']) assert.equal(namesRun(named), true, named);
  for (const not of ['', '?backend=cpu', '?hide=run&utm_source=x', '?embed=1']) assert.equal(namesRun(not), false, not);
});

/** What is typed into. @param {string[]} selectors Of the element and what it is in. */
const target = (...selectors) => ({
  closest: (/** @type {string} */ wanted) => selectors.some((selector) => wanted.split(', ').includes(selector)),
});
const press = (/** @type {string} */ key, more = {}) => ({
  key, ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false, isComposing: false,
  target: target(), ...more,
});
const free = { isDisabled: () => false, isDialogOpen: false };
const shows = (/** @type {string} */ query = '') => reduce(initialState(parse(query)), started());

test('keys do what buttons do', () => {
  const controls = [' ', '.', 'r', 'n', 'l'].map((key) => controlOf(press(key), shows(), free));
  assert.deepEqual(controls, ['run', 'step', 'reset', 'newSeed', 'axis']);
  assert.deepEqual(['R', 'P'].map((key) => controlOf(press(key), shows(), free)), ['reset', 'present'], 'with Caps Lock');
  assert.equal(controlOf(press('x'), shows(), free), null);
  assert.equal(controlOf(press('toString'), shows(), free), null);
});

test('typing is typing, wherever', () => {
  for (const where of ['input', 'select', 'textarea', '[contenteditable]:not([contenteditable="false"])']) {
    for (const key of ['a', ' ', 'r', '.', 'n', 'l']) {
      assert.equal(controlOf(press(key, { target: target(where) }), shows(), free), null, `${key} in ${where}`);
    }
  }
  assert.equal(controlOf(press('r', { isComposing: true }), shows(), free), null);
  for (const held of ['ctrlKey', 'metaKey', 'altKey', 'defaultPrevented']) {
    assert.equal(controlOf(press('r', { [held]: true }), shows(), free), null, held);
  }
  assert.equal(controlOf(press(' ', { target: target('button') }), shows(), free), null);
  assert.equal(controlOf(press('r', { target: target('button') }), shows(), free), 'reset');
});

test('keys respect what is hidden, disabled, or behind a dialog', () => {
  for (const [key, name] of [[' ', 'run'], ['.', 'step'], ['r', 'reset'], ['n', 'newSeed'], ['l', 'axis']]) {
    assert.ok(CONTROLS.includes(name));
    assert.equal(controlOf(press(key), shows(`?hide=${name}`), free), null, name);
    assert.equal(controlOf(press(key), shows(), { ...free, isDisabled: (control) => control === name }), null, name);
    assert.equal(controlOf(press(key), shows(), { ...free, isDialogOpen: true }), null, name);
  }
  assert.equal(controlOf(press('r'), initialState(parse('')), free), null, 'before anything can be trained');
});

test('a recording is played by a key, and not trained', () => {
  const recording = /** @type {any} */ ({
    command: '', started: started(), curves: { step: [0] },
    frames: [{ step: 0, evaluated: evaluated(0), inspected: null }], projections: new Map(),
  });
  const state = reduce(shows(), { type: 'replay', recording, file: 'a', own: true });
  assert.deepEqual([' ', '.', 'r', 'n', 'l'].map((key) => controlOf(press(key), state, free)),
    ['run', null, null, null, 'axis']);
});

test('leaving asks while steps would be lost, and never for a recording', () => {
  const { run } = shows();
  const at = (/** @type {any} */ status, /** @type {number} */ step) => isAtStake({ ...run, status, step });
  assert.deepEqual([at('running', 0), at('running', 9), at('paused', 9), at('idle', 9)], [true, true, true, true]);
  assert.deepEqual([at('idle', 0), at('paused', 0), at('finished', 9), at('failed', 9), at('loading', 0)],
    [false, false, false, false, false]);
  const recording = /** @type {any} */ ({});
  assert.equal(isAtStake({ ...run, status: 'paused', step: 9, recording }), false);
});

test('a part of the page that fails is told of once, and the others go on', () => {
  /** @type {string[]} */
  const told = [];
  const guarded = createGuard((text) => told.push(text));
  let drawn = 0;
  for (let frame = 0; frame < 3; frame += 1) {
    for (const name of ['curves', 'table']) {
      guarded(name, () => {
        if (name === 'curves') throw new Error('no wasm');
        drawn += 1;
      });
    }
  }
  assert.equal(drawn, 3);
  assert.deepEqual(told, ['The part of the page called curves cannot be drawn: no wasm.']);
  assert.equal(guarded('table', () => 7), 7);
});
