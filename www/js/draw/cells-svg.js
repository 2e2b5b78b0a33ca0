// The operation table as SVG: the same cells as its picture, as few shapes as there are colours.

import { DOT, EMPTY, FAINT, INSET, ticksOf } from './cells.js';
import { cssPalette } from './palette.js';
import { MIDDLE, legend, tag, words } from './svg.js';

/** @typedef {import('./cells.js').Cells} Cells */

/** Along the side of a cell, so that whole numbers will do. */
export const UNITS = 100;
const STROKE = 7;

/** A square in the middle of a cell. @param {number} share Of its side. */
export const inset = (share) => Math.round((UNITS * (1 - share)) / 2);

/** Draws a mark whose left side has its middle there. @typedef {(x: number, y: number) => string} Mark */

/** The size of a letter of a table. */
const SIZE = 13;

/**
 * @param {Cells} cells
 * @param {{ symbols: string[], side: number, marks: [string, string][], style: CSSStyleDeclaration }} options `side` in
 *   CSS pixels; `marks` are kinds of cells and what they mean.
 * @returns {import('./pictures.js').Drawing}
 */
export function drawCells(cells, { marks, ...options }) {
  const [outline, train] = ['--outline', '--train'].map((name) => options.style.getPropertyValue(name).trim());
  const key = marks.map(([kind, text]) => ({ text, mark: markOf(kind, SIZE, train, outline) }));
  return drawTable(shapes(cells, outline), { ...options, key });
}

/**
 * Cells with their axes above and beside them, and what they mean below.
 * @param {string} content Markup, a hundred units a cell.
 * @param {{ symbols: string[], side: number, style: CSSStyleDeclaration, key: { text: string, mark: Mark }[] }} options
 * @returns {import('./pictures.js').Drawing}
 */
export function drawTable(content, { symbols, side, style, key: marks }) {
  const [ink, quiet] = ['--ink', '--quiet'].map((name) => style.getPropertyValue(name).trim());
  const size = SIZE;
  const [left, top] = [2.2 * size, 1.8 * size];
  const { ticks, letterAt } = ticksOf(symbols);
  const cell = side / symbols.length;
  const at = (/** @type {number} */ index) => (index + 0.5) * cell;
  const across = (/** @type {string} */ text, /** @type {number} */ index, /** @type {object} */ more = {}) =>
    words(text, { x: left + at(index), y: 0.55 * top + MIDDLE * size, 'font-size': size, fill: quiet, 'text-anchor': 'middle', ...more });
  const down = (/** @type {string} */ text, /** @type {number} */ index, /** @type {object} */ more = {}) =>
    words(text, { x: 0.8 * left, y: top + at(index) + MIDDLE * size, 'font-size': size, fill: quiet, 'text-anchor': 'end', ...more });
  const letter = { 'font-size': 1.2 * size, 'font-style': 'italic', 'font-family': 'serif', fill: ink };
  const key = legend(marks.map((item) => ({ ...item, markWidth: size })), { width: side, size, color: quiet });
  const below = top + side + 0.8 * size;
  return {
    width: left + side,
    height: below + key.height,
    content: [
      across('y', letterAt, letter), down('x', letterAt, letter),
      ...ticks.flatMap(({ symbol, at: index }) => [across(symbol, index), down(symbol, index)]),
      tag('g', { transform: `translate(${left} ${top}) scale(${side / (symbols.length * UNITS)})` }, content),
      tag('g', { transform: `translate(${left} ${below})` }, key.content),
    ].join(''),
  };
}

/**
 * The cells in units of a hundredth of one, one path for each look.
 * @param {Cells} cells @param {string} outline Colour of an empty cell.
 */
export function shapes({ size, answer, predicted, heldOut, outlier, order, noSymbol }, outline) {
  const colors = cssPalette(size, order);
  /** Path data by attributes. @type {Map<string, { attributes: import('./svg.js').Attributes, path: string[] }>} */
  const looks = new Map();
  const draw = (/** @type {import('./svg.js').Attributes} */ attributes, /** @type {string} */ shape) => {
    const key = Object.values(attributes).join();
    const look = looks.get(key) ?? { attributes, path: [] };
    look.path.push(shape);
    looks.set(key, look);
  };
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const index = row * size + column;
      if (answer[index] === noSymbol) continue;
      const symbol = predicted ? predicted[index] : noSymbol;
      const right = symbol === answer[index];
      if (heldOut[index] && right) {
        // Neighbours of one colour are one shape, without a seam.
        let end = column + 1;
        const same = (/** @type {number} */ other) => heldOut[other] && predicted?.[other] === symbol && answer[other] === symbol;
        while (end < size && same(row * size + end)) end += 1;
        draw({ fill: colors[symbol] }, box(column * UNITS, row * UNITS, (end - column) * UNITS, UNITS));
        column = end - 1;
      } else if (heldOut[index]) {
        const margin = inset(EMPTY) + STROKE / 2;
        draw({ fill: 'none', stroke: outline, 'stroke-width': STROKE }, square(row, column, margin));
      } else {
        const known = symbol !== noSymbol;
        const margin = inset(outlier[index] ? DOT : INSET);
        draw({ fill: known ? colors[symbol] : outline, 'fill-opacity': right ? null : FAINT }, square(row, column, margin));
      }
    }
  }
  return [...looks.values()].map(({ attributes, path }) => tag('path', { ...attributes, d: path.join('') })).join('');
}

/** @param {number} row @param {number} column @param {number} margin */
export const square = (row, column, margin) =>
  box(column * UNITS + margin, row * UNITS + margin, UNITS - 2 * margin, UNITS - 2 * margin);

/** @param {number} x @param {number} y @param {number} width @param {number} height */
const box = (x, y, width, height) => `M${x} ${y}h${width}v${height}h${-width}z`;

/** @param {string} kind @param {number} size @param {string} fill @param {string} outline @returns {Mark} */
function markOf(kind, size, fill, outline) {
  const side = size * (kind.startsWith('inset') ? INSET : kind === 'empty' ? EMPTY : 1);
  const look = kind === 'empty' ? { fill: 'none', stroke: outline, 'stroke-width': 1.5 } : { fill, 'fill-opacity': kind.includes('pale') ? FAINT : null };
  return (x, y) => tag('rect', { x: x + (size - side) / 2, y: y - side / 2, width: side, height: side, ...look });
}
