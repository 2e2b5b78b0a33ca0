// The operation table as a picture: one cell per equation, coloured by the symbol that the network gives.
//
// A cell that is trained on is small, a held-out cell is full: they differ in shape, not in colour alone.
// A held-out cell is an empty outline until its answer is right, a trained one faint until then.

import { changes } from './changes.js';
import { element } from './dom.js';
import { palette } from './palette.js';

/** Side of a cell that is trained on, over that of the cell. */
export const INSET = 0.62;
/** The same of one that is trained on with another's answer, and of an empty outline. */
export const DOT = 0.3;
export const EMPTY = 0.8;
/** Opacity of a trained cell that is not right yet. */
export const FAINT = 0.25;
/** Names of symbols up to so many characters stand along the axes. */
const TICK_LENGTH = 4;

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
 * The symbols that are named along an axis, and where its own letter stands: between the first two.
 * @param {string[]} symbols @returns {{ ticks: { symbol: string, at: number }[], letterAt: number }}
 */
export function ticksOf(symbols) {
  const short = symbols.every((symbol) => symbol.length <= TICK_LENGTH);
  const every = [1, 2, 5, 10, 20, 50].find((step) => symbols.length / step <= 6) ?? 100;
  const ticks = symbols.flatMap((symbol, at) => (short && at % every === 0 ? [{ symbol, at }] : []));
  return { ticks, letterAt: every / 2 - 0.5 };
}

/**
 * The pixels at which cells begin, and the end of the last: cells fill the whole width, so that none of
 * them is blurred and some are a pixel wider than others.
 * @param {number} size @param {number} pixels
 */
export const edges = (size, pixels) =>
  Int32Array.from({ length: size + 1 }, (_, at) => Math.round((at * pixels) / size));

/**
 * @param {Cells} cells
 * @param {Int32Array} edge See {@link edges}.
 * @param {number} outline Colour of an empty cell's outline, 0xAABBGGRR.
 */
export function picture({ size, answer, predicted, heldOut, outlier, order, noSymbol }, edge, outline) {
  const colors = palette(size, order);
  const width = edge[size];
  const side = Math.floor(width / size);
  const image = new ImageData(width, width);
  const pixels = new Uint32Array(image.data.buffer);
  /** A square in the middle of a cell, so many pixels from its edges. */
  const fill = (/** @type {number} */ cell, /** @type {number} */ before, /** @type {number} */ after, /** @type {number} */ color) => {
    const [row, column] = [Math.floor(cell / size), cell % size];
    const [left, right] = [edge[column] + before, edge[column + 1] - after];
    for (let y = edge[row] + before; y < edge[row + 1] - after; y += 1) pixels.fill(color, y * width + left, y * width + right);
  };
  const margins = (/** @type {number} */ share) => {
    const rest = side - Math.max(2, Math.round(side * share));
    return /** @type {[number, number]} */ ([Math.floor(rest / 2), Math.ceil(rest / 2)]);
  };
  const [inset, dot, empty] = [margins(INSET), margins(DOT), margins(EMPTY)];
  const thick = Math.max(1, Math.round(side / 14));
  for (let cell = 0; cell < size * size; cell += 1) {
    if (answer[cell] === noSymbol) continue;
    const symbol = predicted ? predicted[cell] : noSymbol;
    const right = symbol === answer[cell];
    if (heldOut[cell] && right) fill(cell, 0, 0, colors[symbol]);
    else if (heldOut[cell]) {
      fill(cell, ...empty, outline);
      fill(cell, empty[0] + thick, empty[1] + thick, 0);
    } else {
      const color = symbol === noSymbol ? faint(outline) : right ? colors[symbol] : faint(colors[symbol]);
      fill(cell, ...(outlier[cell] ? dot : inset), color);
    }
  }
  return image;
}

/** @param {number} color */
const faint = (color) => ((color & 0x00ffffff) | (Math.round(FAINT * 255) << 24)) >>> 0;

/**
 * A frame around cells, between their edges and half a line into their neighbours.
 * @param {CanvasRenderingContext2D} context @param {{ x: [number, number], y: [number, number] }} span
 * @param {Int32Array} edge @param {string} color
 */
export function outline(context, { x, y }, edge, color) {
  const thick = Math.max(2, Math.round((edge[1] - edge[0]) / 6));
  context.strokeStyle = color;
  context.lineWidth = thick;
  const [top, bottom] = [edge[x[0]], edge[x[1] + 1]];
  const [left, right] = [edge[y[0]], edge[y[1] + 1]];
  context.strokeRect(left - thick / 2, top - thick / 2, right - left + thick, bottom - top + thick);
}

/** The names of symbols along a table's sides. @param {HTMLElement} frame Of the table; they come before what is in it. */
export function createAxes(frame) {
  const across = element('div', { className: 'axis across', 'aria-hidden': 'true' });
  const down = element('div', { className: 'axis down', 'aria-hidden': 'true' });
  frame.prepend(across, down);
  const named = changes();

  return {
    /** @param {string[]} symbols */
    name(symbols) {
      if (!named(symbols)) return;
      const { ticks, letterAt } = ticksOf(symbols);
      for (const [axis, name] of /** @type {const} */ ([[across, 'y'], [down, 'x']])) {
        const place = (/** @type {HTMLElement} */ node, /** @type {number} */ at) => {
          node.style[axis === across ? 'left' : 'top'] = `${(100 * (at + 0.5)) / symbols.length}%`;
          return node;
        };
        axis.replaceChildren(place(element('i', {}, name), letterAt), ...ticks.map(({ symbol, at }) => place(element('span', {}, symbol), at)));
      }
    },
  };
}
