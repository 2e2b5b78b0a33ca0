// What is taken of a page into another: links and code, and whose a key is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownerOf } from '../../www/js/forward.js';
import { elementCode, figureLink, figureOptions, frameCode, frameHeight, fullLink } from '../../www/js/run/share.js';
import { initialState, reduce } from '../../www/js/run/state.js';
import { parse } from '../../www/js/run/url.js';

const HERE = 'https://example.org/grok/index.html?utm_source=x#points';
const PAGE = 'https://example.org/grok/index.html';
const of = (/** @type {string} */ query) => initialState(parse(query));

test('a link to the full page has the run, and nothing of the frame that it was copied in', () => {
  const frame = of('?preset=quick&seed=7&backend=cpu&embed=1&view=points&controls=run&theme=dark&scale=2&keys=on&background=transparent');
  assert.equal(fullLink(frame, HERE), `${PAGE}?v=1&preset=quick&seed=7&backend=cpu#points`);
  const open = reduce(of('?preset=quick'), { type: 'open', figure: 'gauge' });
  assert.equal(fullLink(open, HERE), `${PAGE}?v=1&preset=quick#gauge`);
});

test('a link to a figure is a frame: of a frame itself, of a page what is open', () => {
  const query = '?v=1&preset=quick&seed=7&embed=1&view=points&controls=run&theme=dark&scale=2&keys=on&background=transparent';
  assert.equal(figureLink(of(query), HERE), PAGE + query);
  assert.equal(figureLink(of('?preset=quick'), HERE), `${PAGE}?v=1&preset=quick&embed=1&view=table,curves`);
  const open = reduce(of('?preset=quick'), { type: 'open', figure: 'gauge' });
  assert.equal(figureLink(open, HERE), `${PAGE}?v=1&preset=quick&embed=1&view=gauge`);
  for (const state of [of(query), open]) assert.deepEqual(parse(new URL(figureLink(state, HERE)).search).problems, []);
});

test('code to embed is what the figure is, and quotes nothing wrong', () => {
  const state = of('?preset=quick&operation=formula&formula=x%3Cy%26%22&embed=1&view=table,curves&controls=run,scrub&autoplay=1&theme=dark');
  const options = figureOptions(state);
  assert.equal(elementCode(state, HERE, options),
    '<script type="module" src="https://example.org/grok/embed.js"></script>\n' +
    '<grokking-demo preset="quick" operation="formula" formula="x&lt;y&amp;&quot;" view="table curves" autoplay="visible" ' +
    'controls="run scrub" theme="dark"></grokking-demo>');
  const code = frameCode(state, HERE, options, 640, 'A "title"');
  assert.match(code, /^<iframe src="https:\/\/example\.org\/grok\/index\.html\?v=1&amp;preset=quick&amp;/);
  assert.match(code, /title="A &quot;title&quot;" width="640" height="360" /);
  const src = /src="([^"]*)"/.exec(code)?.[1].replaceAll('&amp;', '&') ?? '';
  assert.deepEqual([parse(new URL(src).search).page, parse(new URL(src).search).settings.formula], [options, 'x<y&"']);
});

test('heights are those of the issue, and grow with what is shown', () => {
  const height = (/** @type {string} */ query, /** @type {number} */ width) => frameHeight(parse(`?embed=1&${query}`).page, width);
  assert.equal(height('view=table', 360), 360);
  assert.equal(height('view=table,curves', 640), 360);
  assert.ok(height('', 900) <= 640, `${height('', 900)}`);
  assert.equal(height('view=table,curves&scale=2', 1280), 720);
  assert.ok(height('view=table&controls=none', 360) <= 360);
  for (const width of [320, 360, 480, 640, 900, 1280]) assert.ok(height('', width) > height('view=table,curves', width), `${width}`);
});

/** @param {string} key @param {object} [more] */
const press = (key, more = {}) => /** @type {any} */ ({ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, target: null, ...more });
const at = (/** @type {string} */ place) => ({ target: { closest: (/** @type {string} */ selector) => selector.includes(place) } });

test('after a click a frame leaves every key to its deck, but those of who types or chooses', () => {
  const clicked = { own: false, pointed: true, isOpen: false };
  for (const key of ['ArrowRight', 'PageDown', 'b', 'f', 'Escape', ' ', '.', 'Enter']) {
    assert.equal(ownerOf(press(key), clicked), 'host', key);
    assert.equal(ownerOf(press(key, at('button')), clicked), 'host', `${key} on a button`);
    assert.equal(ownerOf(press(key, at('select')), clicked), 'frame', `${key} on a list`);
    assert.equal(ownerOf(press(key), { ...clicked, isOpen: true }), 'frame', `${key} with a menu open`);
  }
  for (const held of ['ctrlKey', 'metaKey', 'altKey', 'isComposing']) assert.equal(ownerOf(press('b', { [held]: true }), clicked), 'frame', held);
  for (const key of ['Tab', 'Shift', 'Dead']) assert.equal(ownerOf(press(key), clicked), 'frame', key);
});

test('who came by Tab, or whose link gives the frame its keys, presses what has the focus', () => {
  for (const frame of [{ own: false, pointed: false, isOpen: false }, { own: true, pointed: true, isOpen: false }]) {
    for (const key of ['ArrowRight', ' ', '.']) assert.equal(ownerOf(press(key), frame), 'rest', key);
  }
});
