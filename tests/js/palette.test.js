// Every symbol's colour can be seen on both papers, and neighbours are alike while opposites differ.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cssPalette, palette } from '../../www/js/draw/palette.js';

const COUNTS = Array.from({ length: 199 }, (_, at) => at + 2);

/** @param {number} color 0xAABBGGRR @returns {[number, number, number]} */
const bytes = (color) => [color & 255, (color >> 8) & 255, (color >> 16) & 255];
/** @param {number} byte */
const linear = (byte) => {
  const share = byte / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
/** Relative luminance (WCAG 2). @param {number[]} rgb Bytes. */
const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
/** @param {number} a @param {number} b */
const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

const sheet = ['style', 'dark'].map((name) => readFileSync(new URL(`../../www/${name}.css`, import.meta.url), 'utf8')).join('');
/** The papers, as the style sheets have them: light, printed, dark. */
const papers = [...sheet.matchAll(/--paper: #([0-9a-f]{6}|[0-9a-f]{3});/g)].map(([, hex]) =>
  (hex.length === 3 ? [...hex].map((digit) => digit + digit) : /** @type {string[]} */ (hex.match(/../g)))
    .map((pair) => parseInt(pair, 16)));

/** What is seen without one kind of cone, in linear light (Viénot, Brettel and Mollon 1999). */
const DEFICIENCIES = {
  protanopia: [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
  deuteranopia: [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
};

/** Distance in OKLab. @param {number[]} a Linear. @param {number[]} b Linear. */
function distance(a, b) {
  const lab = (/** @type {number[]} */ [red, green, blue]) => {
    const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  };
  const [from, to] = [lab(a), lab(b)];
  return Math.hypot(...from.map((value, at) => value - to[at]));
}

test('the style sheets have a light, a dark and a printed paper', () => {
  assert.equal(papers.length, 3);
});

test('every fill has a luminance between 0.12 and 0.30, and 3 : 1 against every paper', () => {
  for (const count of COUNTS) {
    palette(count).forEach((color, symbol) => {
      const light = luminance(bytes(color));
      assert.ok(light >= 0.12 && light <= 0.3, `symbol ${symbol} of ${count} has luminance ${light}`);
      for (const paper of papers) {
        const ratio = contrast(light, luminance(paper));
        assert.ok(ratio >= 3, `symbol ${symbol} of ${count} has ${ratio.toFixed(2)} : 1 on ${paper}`);
      }
    });
  }
});

test('the circle has no seam: the last symbol is as near to the first as to the one before it', () => {
  for (const count of COUNTS.filter((n) => n >= 12)) {
    const colors = Array.from(palette(count), (color) => bytes(color).map(linear));
    const steps = colors.map((color, at) => distance(color, colors[(at + 1) % count]));
    const usual = steps.reduce((sum, step) => sum + step, 0) / count;
    assert.ok(steps[count - 1] < 1.6 * usual, `of ${count}: ${steps[count - 1]} against ${usual}`);
  }
});

test('opposite colours differ, also without one kind of cone', () => {
  for (const count of [12, 41, 43, 97, 120]) {
    const colors = Array.from(palette(count), (color) => bytes(color).map(linear));
    for (const [name, matrix] of Object.entries({ none: null, ...DEFICIENCIES })) {
      const seen = (/** @type {number[]} */ color) =>
        (matrix ? matrix.map((row) => Math.max(0, row.reduce((sum, weight, at) => sum + weight * color[at], 0))) : color);
      const apart = colors.map((color, at) => distance(seen(color), seen(colors[(at + Math.floor(count / 2)) % count])));
      const least = Math.min(...apart);
      assert.ok(least > 0.06, `${name}, ${count} symbols: opposites are ${least.toFixed(3)} apart`);
    }
  }
});

test('symbols are coloured by their place in the order', () => {
  const order = [2, 0, 1, 3];
  const plain = palette(4);
  assert.deepEqual([...palette(4, order)], order.map((place) => plain[place]));
  const [red, green, blue] = bytes(plain[0]);
  assert.equal(cssPalette(4)[0], `#${[red, green, blue].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`);
});
