// One picture over the whole table, with the cells' edges on whole pixels.

import { edges } from './cells.js';

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
