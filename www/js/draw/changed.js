// Which cells of a table have another answer than before, as a picture: they differ in shape and in colour.

import { abgr } from './palette.js';
import { tag } from './svg.js';

/**
 * How a kind of cell looks: a colour of the style sheet, and the share of the cell's side that it fills.
 * @typedef {{ color: string, share: number, ring?: boolean }} Look
 */

/** @type {Look[]} By the number of its kind. */
export const LOOKS = [
  { color: '--line', share: 0.3 },
  { color: '--held-out', share: 1 },
  { color: '--stroke-3', share: 0.86, ring: true },
  { color: '--outline', share: 0.56 },
];
/** The width of a ring, as a share of a cell's side. */
const RING = 0.24;

/**
 * @param {Uint8Array} kinds Row-major. @param {(cell: number) => boolean} isThere
 * @param {Int32Array} edge See `edges` of cells.js. @param {CSSStyleDeclaration} style
 */
export function changedPicture(kinds, isThere, edge, style) {
  const size = edge.length - 1;
  const width = edge[size];
  const image = new ImageData(width, width);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = LOOKS.map(({ color }) => abgr(style.getPropertyValue(color)));
  const side = Math.floor(width / size);
  const thick = Math.max(1, Math.round(RING * side));
  const fill = (/** @type {number} */ cell, /** @type {number} */ before, /** @type {number} */ after, /** @type {number} */ color) => {
    const [row, column] = [Math.floor(cell / size), cell % size];
    for (let y = edge[row] + before; y < edge[row + 1] - after; y += 1) {
      pixels.fill(color, y * width + edge[column] + before, y * width + edge[column + 1] - after);
    }
  };
  kinds.forEach((kind, cell) => {
    if (!isThere(cell)) return;
    const { share, ring } = LOOKS[kind];
    const rest = side - Math.max(1, Math.round(side * share));
    const [before, after] = [Math.floor(rest / 2), Math.ceil(rest / 2)];
    fill(cell, before, after, colors[kind]);
    if (ring && side > 2 * thick + rest) fill(cell, before + thick, after + thick, 0);
  });
  return image;
}

/**
 * The same as SVG, for a file.
 * @param {Uint8Array} kinds @param {(cell: number) => boolean} isThere
 * @param {{ symbols: string[], side: number, style: CSSStyleDeclaration, words: string[] }} options Words by kind.
 */
export async function changedDrawing(kinds, isThere, { words, ...options }) {
  const { UNITS, drawTable, inset, square } = await import('./cells-svg.js');
  const colors = LOOKS.map(({ color }) => options.style.getPropertyValue(color).trim());
  const stroke = RING * UNITS;
  /** @type {string[][]} */
  const paths = LOOKS.map(() => []);
  const size = options.symbols.length;
  kinds.forEach((kind, cell) => {
    if (!isThere(cell)) return;
    const { share, ring } = LOOKS[kind];
    paths[kind].push(square(Math.floor(cell / size), cell % size, inset(share) + (ring ? stroke / 2 : 0)));
  });
  const look = (/** @type {number} */ kind, /** @type {number} */ width) =>
    (LOOKS[kind].ring ? { fill: 'none', stroke: colors[kind], 'stroke-width': width } : { fill: colors[kind] });
  const content = paths.map((path, kind) => (path.length > 0 ? tag('path', { ...look(kind, stroke), d: path.join('') }) : '')).join('');
  const key = words.map((text, kind) => ({
    text,
    mark: (/** @type {number} */ x, /** @type {number} */ y) => tag('rect', {
      x: x + 6.5 * (1 - LOOKS[kind].share), y: y - 6.5 * LOOKS[kind].share, width: 13 * LOOKS[kind].share, height: 13 * LOOKS[kind].share, ...look(kind, 2),
    }),
  }));
  return drawTable(content, { ...options, key });
}
