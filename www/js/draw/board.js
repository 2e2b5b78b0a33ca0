// A table of cells as one of several pictures beside each other, which is pointed at and read.

import { createAxes, edges, outline } from './cells.js';
import { changes } from './changes.js';
import { element, write } from './dom.js';
import { watchFigure } from './figure.js';
import { savable } from './pictures.js';

/** @typedef {{ x: number, y: number }} Cell */
/**
 * @typedef {object} Board
 * @property {string[]} symbols
 * @property {unknown} of What is drawn: another value is drawn anew.
 * @property {string} title @property {string} label What it shows, in words.
 * @property {Cell | null} cursor
 * @property {(edge: Int32Array, style: CSSStyleDeclaration) => ImageData} paint
 * @property {(side: number, style: CSSStyleDeclaration) => Promise<import('./pictures.js').Drawing>} svg
 */

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @param {HTMLElement} root Where it is appended.
 * @param {{ name: string, point: (cell: Cell | null) => void, keys?: string }} options `name` of a file; `keys` is what it
 *   is called where its cells are read by the keyboard, if they are.
 */
export function createBoard(root, { name, point, keys }) {
  const canvas = element('canvas', keys ? { tabIndex: 0, role: 'application' } : { role: 'img' });
  const title = element('figcaption', {});
  const frame = element('div', { className: 'table-frame' }, canvas);
  const axes = createAxes(frame);
  const node = element('figure', { className: 'board' }, title, frame);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {Board | null} */
  let board = null;
  frame.prepend(savable(frame, {
    title: () => board?.label ?? '',
    name,
    ofRun: true,
    draw: async () => (board && watched.box ? board.svg(watched.box.width, getComputedStyle(node)) : null),
  }));
  root.append(node);

  canvas.addEventListener('pointermove', (event) => {
    if (!board) return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const size = board.symbols.length;
    const at = (/** @type {number} */ place, /** @type {number} */ length) => Math.min(Math.max(Math.floor((place / length) * size), 0), size - 1);
    point({ x: at(event.clientY - top, height), y: at(event.clientX - left, width) });
  });
  canvas.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse') point(null);
  });
  if (keys) {
    canvas.addEventListener('focus', () => board && point(board.cursor ?? { x: 0, y: 0 }));
    canvas.addEventListener('blur', () => point(null));
    canvas.addEventListener('keydown', (event) => {
      const move = MOVES[event.key];
      if (!move || !board) return;
      event.preventDefault();
      const size = board.symbols.length;
      const { x, y } = board.cursor ?? { x: 0, y: 0 };
      // At once: two presses can come before the next frame.
      board = { ...board, cursor: { x: (x + move[0] + size) % size, y: (y + move[1] + size) % size } };
      point(board.cursor);
    });
  }

  const changed = changes();
  function paint() {
    const { box } = watched;
    if (!board || !box) return;
    const { symbols, of, cursor } = board;
    if (!changed(of, cursor, box)) return;
    const size = symbols.length;
    const edge = edges(size, Math.max(2 * size, Math.round(box.width * box.ratio)));
    if (canvas.width !== edge[size]) canvas.width = canvas.height = edge[size];
    const style = getComputedStyle(node);
    context.putImageData(board.paint(edge, style), 0, 0);
    if (cursor && cursor.x < size && cursor.y < size) outline(context, { x: [cursor.x, cursor.x], y: [cursor.y, cursor.y] }, edge, style.color);
  }
  const watched = watchFigure(canvas, paint);

  return {
    element: node,
    /** @param {Board} next */
    draw(next) {
      board = next;
      axes.name(next.symbols);
      write(title, next.title);
      canvas.setAttribute('aria-label', keys ? `${next.label}. ${keys}` : next.label);
      paint();
    },
    destroy() {
      watched.end();
      node.remove();
    },
  };
}
