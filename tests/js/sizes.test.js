// How high a frame is: the tables that authors read are those of the page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CONTROLS, FIGURES, VIEWS } from '../../www/js/run/options.js';
import { heightOf } from '../../www/js/run/sizes.js';

const text = readFileSync(new URL('../../docs/embedding-sizes.md', import.meta.url), 'utf8');
const cells = (/** @type {string} */ line) => line.split('|').slice(1, -1).map((cell) => cell.trim());

test('the documented heights are those of the dialog, for every figure', () => {
  /** @type {number[]} */
  let widths = [];
  /** @type {string[]} */
  const seen = [];
  for (const line of text.split('\n').filter((line) => line.startsWith('|'))) {
    const [name, ...heights] = cells(line);
    if (name === 'width') widths = heights.map(Number);
    const view = name.match(/^`view=([^&`]+)(&controls=none)?`$/);
    if (!view) continue;
    seen.push(...view[1].split(','));
    const said = widths.map((width) => String(heightOf(view[1].split(','), width, view[2] ? [...CONTROLS] : [])));
    assert.deepEqual(heights, said, name);
  }
  assert.deepEqual(VIEWS.filter((name) => !seen.includes(name)), []);
  for (const figure of [...FIGURES, 'story:9']) assert.ok(heightOf([figure], 640) > 200, figure);
});

test('every control and view is named where authors look', () => {
  for (const name of [...CONTROLS, ...VIEWS]) assert.ok(text.includes(`\`${name}\``), name);
});
