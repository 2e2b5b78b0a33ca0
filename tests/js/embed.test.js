// The element of `embed.js`, over a document that is not there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { SETTINGS } from '../../www/js/run/settings.js';
import { parse } from '../../www/js/run/url.js';
import { withDocument } from './document.js';

const FILE = new URL('../../www/embed.js', import.meta.url);
const HELLO = { grokking: 'event', name: 'hello', value: { version: 1 } };
const PAGE = 'https://demo.example/grok/';
/** Attributes are looked at when their script has ended. */
const rest = () => Promise.resolve();

test('it has at most 4 kB, compressed as hosts do it, and imports nothing', (t) => {
  const text = readFileSync(FILE, 'utf8');
  const bytes = brotliCompressSync(text).length;
  t.diagnostic(`${bytes} bytes`);
  assert.ok(bytes <= 4000, `${bytes} bytes`);
  assert.doesNotMatch(text, /^\s*import\b|\bimport\(/m);
});

test('a page loads nothing of it until it is near, and then the frame of its attributes', async (t) => {
  const { put } = await withDocument(t);
  const { frame, come, box, element } = put({
    src: PAGE, preset: 'quick', operation: 's5', 'train-fraction': '0.3', view: 'table curves', controls: 'run, scrub',
    hide: 'step', scale: '1.5', autoplay: 'visible', 'when-hidden': 'run', theme: 'dark', class: 'wide', 'data-x': '1',
  });
  assert.equal(frame(), null);
  assert.deepEqual(box.children.map((/** @type {any} */ { className, name }) => className || name), ['poster', 'a']);
  come();
  const url = new URL(frame().src);
  assert.equal(url.origin + url.pathname, PAGE);
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    v: '1', preset: 'quick', operation: 's5', trainFraction: '0.3', embed: '1', view: 'table,curves',
    controls: 'run,scrub', hide: 'step', scale: '1.5', keys: 'off', autoplay: 'visible', whenHidden: 'run', theme: 'dark',
  });
  assert.deepEqual(parse(url.search).problems, []);
  assert.equal(element.href, `${PAGE}?v=1&preset=quick&operation=s5&trainFraction=0.3`);
  assert.equal(box.children.at(-1).href, element.href);
});

test('every setting of a run is an attribute', async (t) => {
  const { put } = await withDocument(t);
  const values = Object.fromEntries(SETTINGS.map(({ id }) => [id, parse('?preset=never').settings[id]]));
  const { element, come, frame } = put({ src: PAGE, preset: 'quick' });
  element.settings = values;
  come();
  const { settings, problems } = parse(new URL(frame().src).search);
  assert.deepEqual(problems, []);
  assert.deepEqual(settings, values);
  assert.equal(element.getAttribute('train-fraction'), values.trainFraction);
  element.settings = { seed: 3 };
  assert.deepEqual(element.settings, { seed: '3' });
});

test('attributes are typed properties, also ones that were set before the file had come', async (t) => {
  const { put } = await withDocument(t);
  const { element } = put({ src: PAGE, view: 'table, curves' }, (early) => {
    Object.defineProperty(early, 'preset', { value: 'quick', configurable: true, writable: true, enumerable: true });
  });
  assert.equal(element.getAttribute('preset'), 'quick');
  assert.deepEqual([element.view, element.height, element.autoplay, element.whenHidden, element.theme, element.keys, element.recording],
    [['table', 'curves'], null, 'off', 'pause', 'auto', 'off', null]);
  Object.assign(element, { view: ['points'], height: 300, scale: 2, autoplay: 'visible', recording: 's5', preset: null });
  assert.deepEqual([element.view, element.height, element.scale, element.autoplay, element.recording, element.preset],
    [['points'], 300, 2, 'visible', 's5', null]);
  element.theme = 'blue';
  assert.equal(element.theme, 'auto');
});

test('its picture and its link are as its author wants them', async (t) => {
  const { put } = await withDocument(t);
  const { box } = put({ src: PAGE, poster: 'still.png', hide: 'step link' });
  const [poster, link] = box.children;
  assert.deepEqual([poster.name, poster.src, poster.className, link.hidden], ['img', 'still.png', 'poster', true]);
  assert.equal(put({ src: PAGE, hide: 'step' }).box.children[1].hidden, false);
});

test('a wrong value is an error in words, with what exists', async (t) => {
  const { put } = await withDocument(t);
  const { element, come, words } = put({ src: PAGE, autoplay: 'yes', theme: 'blue', height: '-3' });
  /** @type {any[]} */
  const errors = [];
  element.addEventListener('error', (/** @type {any} */ { detail }) => errors.push(detail));
  come();
  const texts = [
    '`height` cannot be `-3`: allowed is a number above 0',
    '`autoplay` cannot be `yes`: allowed is off, visible',
    '`theme` cannot be `blue`: allowed is auto, light, dark, host',
  ];
  assert.deepEqual(errors, texts.map((message) => ({ code: 'attribute', message })));
  assert.deepEqual(words(), texts.map((text) => `${text}.`));
});

test('an address that is none of a page is refused', async (t) => {
  const { put } = await withDocument(t);
  for (const src of ['javascript:alert(1)', 'http://[', 'data:text/html,x']) {
    const { frame, come, words, element } = put({ src });
    const asked = element.run().catch((/** @type {any} */ { code }) => code);
    come();
    assert.equal(frame(), null);
    assert.equal(words()[0], `\`src\` cannot be \`${src}\`: allowed is the address of the demo's page.`);
    assert.equal(await asked, 'src');
  }
});

test('a command that comes before the frame has loaded loads it, and waits for its answer', async (t) => {
  const { put } = await withDocument(t);
  const { element, frame, say, sent } = put({ src: PAGE });
  const [state, step] = [element.state(), element.step(300)];
  assert.ok(frame());
  assert.deepEqual(sent(), []);
  say(HELLO);
  assert.deepEqual(sent(), [
    { grokking: 'on', id: undefined, version: 1, arguments: ['height', 'link', 'key', 'ready', 'status', 'evaluated', 'memorised', 'generalised', 'error'] },
    { grokking: 'visible', id: undefined, version: 1, arguments: [true] },
    { grokking: 'theme', id: undefined, version: 1, arguments: ['auto'] },
    { grokking: 'state', id: 1, version: 1, arguments: [] },
    { grokking: 'step', id: 2, version: 1, arguments: [300] },
  ]);
  say({ grokking: 'state', id: 1, result: { step: 7 } });
  say({ grokking: 'step', id: 2, error: { code: 'interrupted', message: '40 of 300 steps were taken' } });
  assert.deepEqual(await state, { step: 7 });
  await assert.rejects(step, { code: 'interrupted', message: '40 of 300 steps were taken' });
});

test('a command right after a property is one to the run with it', async (t) => {
  const { put } = await withDocument(t);
  const { element, say, come, sent } = put({ src: PAGE, preset: 'quick' });
  come();
  say(HELLO);
  element.preset = 'addition';
  const asked = element.state();
  say(HELLO);
  const { id } = sent().at(-1);
  say({ grokking: 'state', id, result: { step: 0 } });
  assert.deepEqual(await asked, { step: 0 });
});

test('nobody but its frame is believed', async (t) => {
  const { put } = await withDocument(t);
  const { element, say, come, frame } = put({ src: PAGE });
  let heard = 0;
  element.addEventListener('status', () => (heard += 1));
  come();
  say(HELLO);
  const status = { grokking: 'event', name: 'status', value: 'running' };
  say(status, {}, 'https://demo.example');
  say(status, frame().contentWindow, 'https://other.example');
  assert.equal(heard, 0);
  say(status);
  assert.equal(heard, 1);
});

test('what cannot be sent, or has no demo to go to, is refused', async (t) => {
  const { put, take } = await withDocument(t);
  const { element, say, come } = put({ src: PAGE });
  come();
  say(HELLO);
  await assert.rejects(element.start({ seed: () => {} }), { code: 'argument' });
  const asked = element.state();
  take(element);
  await assert.rejects(asked, { code: 'lost', message: 'the demo left its page' });
  await assert.rejects(element.run(), { code: 'lost', message: 'the demo is in no page' });
});

test('other attributes are another frame, and another theme is the same', async (t) => {
  const { put } = await withDocument(t);
  const { element, frame, come, say, sent } = put({ src: PAGE, seed: 1 });
  come();
  say(HELLO);
  const first = frame();
  const asked = assert.rejects(element.state(), { code: 'interrupted', message: 'its attributes were changed' });
  element.theme = 'dark';
  await rest();
  assert.equal(frame(), first);
  assert.deepEqual(sent().at(-1), { grokking: 'theme', id: undefined, version: 1, arguments: ['dark'] });
  element.setAttribute('seed', 2);
  element.setAttribute('preset', 'quick');
  await rest();
  assert.notEqual(frame(), first);
  assert.equal(new URL(frame().src).search, '?v=1&preset=quick&seed=2&embed=1&keys=off&whenHidden=pause&autoplay=0&theme=dark');
  // Only where its letters are as light or dark as those around it is what lies behind it seen.
  element.theme = 'host';
  await rest();
  assert.match(new URL(frame().src).search, /&background=transparent&/);
  await asked;
});

test('it is as high as its frame says, and does not run away', async (t) => {
  const { put } = await withDocument(t);
  const { element, frame, come, say, box } = put({ src: PAGE });
  come();
  say(HELLO);
  const height = (/** @type {number} */ value) => say({ grokking: 'event', name: 'height', value });
  height(420);
  assert.equal(frame().style.height, '420px');
  for (let grows = 1; grows < 100; grows += 1) height(420 + 10 * grows);
  assert.equal(frame().style.height, '500px', 'after eight times it stays');
  height(300);
  assert.equal(frame().style.height, '300px');
  box.offsetWidth = 320;
  height(700);
  assert.equal(frame().style.height, '700px');
  element.height = 250;
  await rest();
  assert.equal(frame().style.height, '250px');
});

test('with the theme of its host it is dark where words are light', async (t) => {
  const { put, state } = await withDocument(t);
  t.mock.timers.enable({ apis: ['setInterval'] });
  state.color = 'lab(94.5 -1 5)';
  const { frame, come, say, sent } = put({ src: PAGE, theme: 'host' });
  come();
  assert.equal(new URL(frame().src).searchParams.get('theme'), 'dark');
  assert.equal(frame().style.colorScheme, 'dark');
  say(HELLO);
  state.color = 'lab(6.3 1 -5)';
  t.mock.timers.tick(500);
  assert.deepEqual(sent().at(-1).arguments, ['light']);
  assert.equal(frame().style.colorScheme, 'light');
});

test('it tells its frame whether it is seen, and its page the keys that the frame left', async (t) => {
  const { put } = await withDocument(t);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { element, box, come, say, sent } = put({ src: PAGE });
  come();
  say(HELLO);
  box.checkVisibility = () => false;
  t.mock.timers.tick(500);
  assert.deepEqual(sent().at(-1), { grokking: 'visible', id: undefined, version: 1, arguments: [false] });
  /** @type {any[]} */
  const keys = [];
  element.addEventListener('keydown', (/** @type {any} */ event) => keys.push([event.key, event.keyCode, event.bubbles, event.composed]));
  say({ grokking: 'event', name: 'key', value: { key: 'ArrowRight', keyCode: 39 } });
  assert.deepEqual(keys, [['ArrowRight', 39, true, true]]);
});

test('a frame that says hello late, or again, is heard', async (t) => {
  const { put } = await withDocument(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { element, come, frame, say, sent, words } = put({ src: PAGE });
  come();
  const lost = assert.rejects(element.run(), { code: 'lost', message: /^no answer/ });
  frame().onload();
  t.mock.timers.tick(15_000);
  await lost;
  await assert.rejects(element.state(), { code: 'lost', message: /^no answer/ }, 'and nothing waits for ever');
  assert.equal(words().length, 1);
  say(HELLO);
  assert.deepEqual(words(), []);
  const again = assert.rejects(element.step(3), { code: 'lost', message: 'the demo was loaded again' });
  assert.equal(sent().at(-1).grokking, 'step');
  element.theme = 'dark';
  await rest();
  say(HELLO);
  await again;
  assert.deepEqual(sent().filter(({ grokking }) => grokking === 'theme').map(({ arguments: [theme] }) => theme), ['auto', 'dark', 'dark']);
});

test('a frame that is led elsewhere is lost, and one that answers is not', async (t) => {
  const { put } = await withDocument(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { element, come, frame, say, sent, words } = put({ src: PAGE });
  come();
  say(HELLO);
  frame().onload();
  assert.equal(sent().filter(({ grokking }) => grokking === 'visible').length, 2, 'it is asked for a sign of life');
  say({ grokking: 'visible', id: null, result: null });
  t.mock.timers.tick(15_000);
  assert.deepEqual(words(), []);
  const asked = assert.rejects(element.state(), { code: 'lost' });
  frame().onload();
  t.mock.timers.tick(15_000);
  await asked;
  assert.equal(words().length, 1);
});

test('where it leads in full follows the run that its frame tells of, if that is a page', async (t) => {
  const { put } = await withDocument(t);
  const { element, come, say, box } = put({ src: PAGE, preset: 'quick' });
  come();
  say(HELLO);
  const link = (/** @type {unknown} */ value) => say({ grokking: 'event', name: 'link', value });
  link(`${PAGE}?v=1&preset=addition&seed=4`);
  assert.deepEqual([element.href, box.children.at(-1).href], [`${PAGE}?v=1&preset=addition&seed=4`, `${PAGE}?v=1&preset=addition&seed=4`]);
  element.className = 'wide';
  element.setAttribute('class', 'wide');
  await rest();
  assert.equal(box.children.at(-1).href, element.href, 'it is not set back');
  link('javascript:alert(1)');
  assert.equal(element.href, `${PAGE}?v=1&preset=addition&seed=4`);
  element.preset = 'never';
  await rest();
  assert.equal(element.href, `${PAGE}?v=1&preset=never`);
});

test('what frameworks write on an element is no setting', async (t) => {
  const { put } = await withDocument(t);
  const { element } = put({ src: PAGE, '_ngcontent-abc': '', 'data-v-7ba5bd90': '', seed: 1 });
  assert.deepEqual(element.settings, { seed: '1' });
});

test('an element that has left its page draws nothing and waits for nothing', async (t) => {
  const { put, take } = await withDocument(t);
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const { element, box, come, frame, words } = put({ src: PAGE, poster: 'still.png' });
  come();
  frame().onload();
  take(element);
  element.preset = 'quick';
  t.mock.timers.tick(60_000);
  assert.deepEqual([box.children.map((/** @type {any} */ node) => node.name), words()], [['a'], []], 'its picture is not fetched either');
  await assert.rejects(element.state(), { code: 'lost', message: 'the demo is in no page' });
});

test('a version that is another refuses every command, and an address that is mended takes them', async (t) => {
  const { put } = await withDocument(t);
  const other = put({ src: PAGE });
  other.come();
  other.say({ ...HELLO, value: { version: 2 } });
  await assert.rejects(other.element.run(), { code: 'version' });
  const { element, frame, say, sent, words } = put({ src: 'http://[' });
  await assert.rejects(element.run(), { code: 'src' });
  await assert.rejects(element.run(), { code: 'src' });
  assert.equal(words().length, 1);
  element.src = PAGE;
  const asked = element.state();
  assert.ok(frame());
  say(HELLO);
  say({ grokking: 'state', id: sent().at(-1).id, result: { step: 1 } });
  assert.deepEqual(await asked, { step: 1 });
});

test('a demo of another protocol, or that does not answer, is said', async (t) => {
  const { put } = await withDocument(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const other = put({ src: PAGE });
  const asked = other.element.run();
  other.say({ ...HELLO, value: { version: 2 } });
  await assert.rejects(asked, { code: 'version', message: "the demo speaks version 2, this element 1: take the demo's own `embed.js`" });
  const silent = put({ src: PAGE });
  const lost = silent.element.run();
  silent.frame().onload();
  t.mock.timers.tick(15_000);
  await assert.rejects(lost, { code: 'lost' });
  assert.match(silent.words()[0], /^no answer from https:\/\/demo\.example\/grok\/\?.*: it does not load, or this page may not frame it\.$/);
});

test('an end leaves no listener, and it comes back where it is put again', async (t) => {
  const { put, take, state } = await withDocument(t);
  const { element, come, frame } = put({ src: PAGE });
  come();
  take(element);
  assert.equal(state.listeners.size, 0);
  assert.equal(frame(), null);
});

test('1,000 random attribute values leave it alive', async (t) => {
  const { put, take } = await withDocument(t);
  const names = ['src', 'poster', 'preset', 'recording', 'height', 'scale', 'view', 'controls', 'hide', 'origins', 'autoplay', 'when-hidden', 'theme', 'keys', 'seed', 'operation', 'x-y', 'title'];
  const attributes = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string({ unit: 'binary' }), fc.integer().map(String), fc.constantFrom('', 'visible', 'run', 'dark', 'table curves', '//', 'about:blank')), { noNullPrototype: true });
  fc.assert(fc.property(attributes, (values) => {
    const { element, come, frame, words, say } = put(values);
    come();
    if (frame()) {
      assert.match(frame().src, /^(https?|file):/);
      say(HELLO);
    } else assert.ok(words().length > 0);
    take(element);
    const alive = put({ ...values, src: PAGE });
    alive.come();
    assert.ok(alive.frame());
    take(alive.element);
  }), { numRuns: 1000 });
});
