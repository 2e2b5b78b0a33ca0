// One picture over the whole table, with the cells' edges on whole pixels, and the names along its axes.

import { edges, ticksOf } from './cells.js';
import { element } from './dom.js';

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ bytes: Uint8Array, size: number, axis: number[] }} picture Row-major, a byte a cell; `axis` has the symbols along an axis.
 * @param {number} pixels Of a side, in device pixels. @param {Uint32Array} colors Of the bytes.
 */
export function drawHeat(canvas, { bytes, size, axis }, pixels, colors) {
  const edge = edges(size, Math.max(size, Math.round(pixels)));
  const width = edge[size];
  if (canvas.width !== width || canvas.height !== width) canvas.width = canvas.height = width;
  const image = new ImageData(width, width);
  const all = new Uint32Array(image.data.buffer);
  for (let row = 0; row < size; row += 1) {
    const first = edge[row] * width;
    for (let column = 0; column < size; column += 1) {
      all.fill(colors[bytes[axis[row] * size + axis[column]]], first + edge[column], first + edge[column + 1]);
    }
    for (let y = edge[row] + 1; y < edge[row + 1]; y += 1) all.copyWithin(y * width, first, first + width);
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return edge;
}

/** A frame around one cell. @param {HTMLCanvasElement} canvas @param {Int32Array} edge @param {number} row @param {number} column @param {string} color */
export function frameCell(canvas, edge, row, column, color) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const thick = Math.max(2, Math.round((edge[1] - edge[0]) / 4));
  context.strokeStyle = color;
  context.lineWidth = thick;
  const [top, left] = [edge[row], edge[column]];
  context.strokeRect(left - thick / 2, top - thick / 2, edge[column + 1] - left + thick, edge[row + 1] - top + thick);
}

/**
 * Names along the axes, each axis with its own letter.
 * @param {HTMLElement} across @param {HTMLElement} down @param {string[]} symbols In the order of the axis.
 */
export function nameAxes(across, down, symbols) {
  const { ticks, letterAt } = ticksOf(symbols);
  for (const [axis, name] of /** @type {const} */ ([[across, 'y'], [down, 'x']])) {
    const place = (/** @type {HTMLElement} */ node, /** @type {number} */ at) => {
      node.style[axis === across ? 'left' : 'top'] = `${(100 * (at + 0.5)) / symbols.length}%`;
      return node;
    };
    axis.replaceChildren(place(element('i', {}, name), letterAt), ...ticks.map(({ symbol, at }) => place(element('span', {}, symbol), at)));
  }
}
