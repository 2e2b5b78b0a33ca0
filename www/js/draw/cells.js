// The operation table as a picture: one cell per equation, coloured by the symbol that the network gives.
//
// A cell that is trained on is small, a held-out cell is full: they differ in shape, not in colour alone.
// A held-out cell is an empty outline until its answer is right, a trained one faint until then.

import { palette } from './palette.js';

/** Side of a cell that is trained on, over that of the cell. */
const INSET = 0.62;
/** Opacity of a trained cell that is not right yet. */
const FAINT = 0.25;

/**
 * @typedef {object} Cells
 * @property {number} size Rows and columns.
 * @property {Uint16Array} answer Row-major.
 * @property {Uint16Array | null} predicted
 * @property {Uint8Array} heldOut
 * @property {Uint8Array} outlier
 * @property {ArrayLike<number>} order
 * @property {number} noSymbol Marks a cell without an equation or a prediction.
 */

/**
 * @param {Cells} cells
 * @param {number} side Of a cell, in pixels.
 * @param {number} outline Colour of an empty cell's outline, 0xAABBGGRR.
 */
export function picture({ size, answer, predicted, heldOut, outlier, order, noSymbol }, side, outline) {
  const colors = palette(size, order);
  const image = new ImageData(size * side, size * side);
  const pixels = new Uint32Array(image.data.buffer);
  const width = size * side;
  const gap = side >= 6 ? 1 : 0;
  const inset = Math.max(gap + 1, Math.round((side * (1 - INSET)) / 2));
  const fill = (/** @type {number} */ cell, /** @type {number} */ margin, /** @type {number} */ color) => {
    const top = Math.floor(cell / size) * side;
    const left = (cell % size) * side;
    for (let y = top + margin; y < top + side - margin; y += 1) {
      pixels.fill(color, y * width + left + margin, y * width + left + side - margin);
    }
  };
  for (let cell = 0; cell < size * size; cell += 1) {
    if (answer[cell] === noSymbol) continue;
    const symbol = predicted ? predicted[cell] : noSymbol;
    const right = symbol === answer[cell];
    if (heldOut[cell]) {
      if (right) fill(cell, gap, colors[symbol]);
      else {
        const margin = Math.max(gap, Math.round(side * 0.12));
        fill(cell, margin, outline);
        fill(cell, margin + Math.max(1, Math.round(side / 14)), 0);
      }
      continue;
    }
    // A cell with another's answer is a dot.
    const margin = outlier[cell] ? Math.round(side * 0.36) : inset;
    if (right) fill(cell, margin, colors[symbol]);
    else if (symbol !== noSymbol) fill(cell, margin, faint(colors[symbol]));
    else fill(cell, margin, faint(outline));
  }
  return image;
}

/** @param {number} color */
const faint = (color) => ((color & 0x00ffffff) | (Math.round(FAINT * 255) << 24)) >>> 0;
