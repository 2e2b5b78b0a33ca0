// The operation table, with its axes, and words for the cell that is pointed at.

import { changes } from '../draw/changes.js';
import { createAxes, edges, outline, picture } from '../draw/cells.js';
import { element, write } from '../draw/dom.js';
import { watchFigure } from '../draw/figure.js';
import { abgr } from '../draw/palette.js';
import { savable } from '../draw/pictures.js';
import { shown } from '../run/frames.js';
import { covered } from '../run/mask.js';
import { describe, nature } from '../text/cells.js';
import { NO_SYMBOL } from '../run/symbol.js';

/** @typedef {{ x: number, y: number }} Cell */

/** What a cell looks like, and what it means. @type {[string, string][]} */
const MARKS = [
  ['inset', 'shown'], ['inset pale', 'shown, not known yet'], ['full', 'not shown, right'], ['empty', 'not shown, wrong'],
];

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'cursor' | 'maskArea' | 'holdOutDragged'>} actions
 */
export function create(root, actions) {
  const canvas = element('canvas', {
    tabIndex: 0,
    role: 'application',
    'aria-label': 'Table of the operation, x in rows and y in columns: arrow keys read its cells',
  });
  const readout = element('p', { className: 'readout', role: 'status', 'aria-live': 'polite' });
  const key = element('p', { className: 'key' },
    ...MARKS.map(([kind, text]) => element('span', {}, element('i', { className: kind }), text)));
  const frame = element('div', { className: 'table-frame' }, canvas);
  const axes = createAxes(frame);
  frame.prepend(savable(frame, { title: () => 'The table', name: 'table', ofRun: true, draw: asSvg }));
  root.append(frame, element('div', { className: 'below' }, key, readout));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));

  let size = 0;
  /** @type {import('../run/state.js').State | null} */
  let state = null;
  /** The cell of the keyboard. @type {Cell | null} */
  let cursor = null;
  /** Where a drag began. @type {Cell | null} */
  let drag = null;
  /** What was read last, under a mouse, a finger or the keys. */
  let reading = '';

  const cellAt = (/** @type {PointerEvent} */ event) => {
    const rect = canvas.getBoundingClientRect();
    const cell = (/** @type {number} */ at, /** @type {number} */ length) =>
      Math.min(Math.max(Math.floor((at / length) * size), 0), size - 1);
    return { x: cell(event.clientY - rect.top, rect.height), y: cell(event.clientX - rect.left, rect.width) };
  };
  const read = (/** @type {Cell | null} */ cell, /** @type {string} */ by) => {
    reading = cell ? by : '';
    actions.cursor(cell);
  };
  canvas.addEventListener('pointermove', (event) => {
    if (!size) return;
    read(cellAt(event), event.pointerType);
    if (drag) actions.maskArea({ from: drag, to: cellAt(event) });
  });
  canvas.addEventListener('pointerdown', (event) => {
    if (!size || event.button !== 0) return;
    // Before the focus that follows a tap, which reads the cell of the keyboard.
    cursor = cellAt(event);
    read(cursor, event.pointerType);
    if (!state?.maskTool) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drag = cursor;
    actions.maskArea({ from: drag, to: drag });
  });
  canvas.addEventListener('pointerup', () => {
    if (drag) actions.holdOutDragged();
    drag = null;
  });
  canvas.addEventListener('pointercancel', () => {
    drag = null;
    actions.maskArea(null);
  });
  // A finger that was lifted leaves what it read; a mouse that left does not.
  canvas.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse' && document.activeElement !== canvas) read(null, '');
  });
  canvas.addEventListener('focus', () => {
    cursor ??= { x: 0, y: 0 };
    read(cursor, 'keys');
  });
  canvas.addEventListener('blur', () => {
    if (reading !== 'touch') read(null, '');
  });
  canvas.addEventListener('keydown', (event) => {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[/** @type {keyof moves} */ (event.key)];
    if (!move || !size) return;
    event.preventDefault();
    const from = cursor ?? { x: 0, y: 0 };
    const wrap = (/** @type {number} */ at) => (at + size) % size;
    // At once: two presses can come before the next frame.
    cursor = { x: wrap(from.x + move[0]), y: wrap(from.y + move[1]) };
    read(cursor, 'keys');
  });

  /** The cells as they are shown, if there are any. */
  function cellsShown() {
    const started = state?.run.started;
    if (!state || !started) return null;
    const { answer, heldOut, outlier, order } = started;
    return { size, answer, heldOut, outlier, order, predicted: shown(state.run).evaluated?.predicted ?? null, noSymbol: NO_SYMBOL };
  }

  async function asSvg() {
    const cells = cellsShown();
    if (!cells || !state?.run.started) return null;
    const { drawCells } = await import('../draw/cells-svg.js');
    return drawCells(cells, { symbols: state.run.started.symbols, side: canvas.clientWidth, marks: MARKS, style: getComputedStyle(root) });
  }

  const redrawn = changes();
  function paint() {
    const { box } = watched;
    if (!state || !box) return;
    const { started } = state.run;
    if (!started) return;
    const { evaluated } = shown(state.run);
    const { maskTool: tool, maskArea: area, cursor: at } = state;
    if (!redrawn(started, evaluated, at, area, tool, box)) return;
    // At least three pixels a cell; more than the screen has are scaled down.
    const edge = edges(size, Math.max(3 * size, Math.round(box.width * box.ratio)));
    if (canvas.width !== edge[size]) canvas.width = canvas.height = edge[size];
    const style = getComputedStyle(root);
    const cells = cellsShown();
    if (cells) context.putImageData(picture(cells, edge, abgr(style.getPropertyValue('--outline'))), 0, 0);
    if (tool && area) outline(context, covered(tool, area, size), edge, style.color);
    else if (at && at.x < size && at.y < size) outline(context, { x: [at.x, at.x], y: [at.y, at.y] }, edge, style.color);
  }
  const watched = watchFigure(canvas, paint);

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      const { started, status, recording } = next.run;
      canvas.classList.toggle('drawing', next.maskTool !== null);
      if (!started) return;
      size = started.symbols.length;
      const at = next.cursor;
      const inside = at !== null && at.x < size && at.y < size;
      axes.name(started.symbols);
      root.classList.toggle('reading', inside);
      // While it trains the text changes all the time; a screen reader would never end.
      readout.ariaLive = status === 'running' || (recording && next.playing) ? 'off' : 'polite';
      write(readout, inside ? describe(started, at, shown(next.run).evaluated) : nature(started));
      paint();
    },
    destroy() {
      watched.end();
      root.replaceChildren();
    },
  };
}
