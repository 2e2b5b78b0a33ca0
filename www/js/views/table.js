// The operation table: one cell per equation, coloured by the symbol that the network predicts.
//
// A training cell is inset, a held-out cell is full: they differ in shape, not in colour. A
// held-out cell is empty until its prediction is right, a training cell faint until then.

import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { covered } from '../run/mask.js';
import { NO_SYMBOL } from '../worker/protocol.js';
import { palette } from '../draw/palette.js';

/** Opacity of a training cell that is not yet right. */
const FAINT = 0.22;

/**
 * @param {HTMLElement} root
 * @param {{ onCursor: (cursor: { x: number, y: number } | null) => void,
 *   onDrag: (area: import('../run/mask.js').Area | null) => void, onDragged: () => void }} actions
 */
export function create(root, { onCursor, onDrag, onDragged }) {
  const canvas = element('canvas', {
    tabIndex: 0,
    role: 'application',
    'aria-label': 'Table of the operation: arrow keys read its cells',
    'aria-describedby': 'readout',
  });
  const readout = element('p', { id: 'readout', className: 'readout', 'aria-live': 'polite' });
  const key = element(
    'p',
    { className: 'key' },
    element('span', {}, element('i', { className: 'inset' }), 'trained on'),
    element('span', {}, element('i'), 'held out, predicted right'),
    element('span', {}, element('i', { className: 'empty' }), 'held out, not yet'),
  );
  canvas.hidden = true;
  root.prepend(key);
  root.append(canvas, readout);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));

  let size = 0;
  /** @type {{ x: number, y: number } | null} */
  let cursor = null;
  /** @type {import('../run/state.js').State['maskTool']} */
  let tool = null;
  /** Where a drag began. @type {{ x: number, y: number } | null} */
  let drag = null;
  /** @type {unknown[]} */
  let drawn = [];

  const cellAt = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    const cell = (/** @type {number} */ at, /** @type {number} */ length) =>
      Math.min(Math.max(Math.floor((at / length) * size), 0), size - 1);
    return {
      x: cell(event.clientY - box.top, box.height),
      y: cell(event.clientX - box.left, box.width),
    };
  };
  canvas.addEventListener('pointermove', (event) => {
    onCursor(cellAt(event));
    if (drag) onDrag({ from: drag, to: cellAt(event) });
  });
  canvas.addEventListener('pointerdown', (event) => {
    if (!tool || event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drag = cellAt(event);
    onDrag({ from: drag, to: drag });
  });
  canvas.addEventListener('pointerup', () => {
    if (drag) onDragged();
    drag = null;
  });
  canvas.addEventListener('pointercancel', () => {
    drag = null;
    onDrag(null);
  });
  canvas.addEventListener('pointerleave', () => {
    if (document.activeElement !== canvas) onCursor(null);
  });
  canvas.addEventListener('focus', () => onCursor(cursor ?? { x: 0, y: 0 }));
  canvas.addEventListener('blur', () => onCursor(null));
  canvas.addEventListener('keydown', (event) => {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[/** @type {keyof moves} */ (event.key)];
    if (!move || !size) return;
    event.preventDefault();
    const from = cursor ?? { x: 0, y: 0 };
    const wrap = (/** @type {number} */ at) => (at + size) % size;
    // At once: two presses can come before the next frame.
    cursor = { x: wrap(from.x + move[0]), y: wrap(from.y + move[1]) };
    onCursor(cursor);
  });

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      const { started } = state;
      const latest = shown(state).evaluated;
      if (!started) {
        write(readout, 'Loading the trainer. This is how a table looks once it is understood.');
        return;
      }
      size = started.symbols.length;
      cursor = state.cursor;
      tool = state.maskTool;
      canvas.classList.toggle('drawing', tool !== null);
      if (canvas.hidden) {
        canvas.hidden = false;
        root.querySelector('img')?.remove();
      }
      // While it trains the text changes all the time; a screen reader would never end.
      readout.ariaLive = state.status === 'running' ? 'off' : 'polite';
      write(readout, describe(state, latest));
      const width = Math.round(canvas.clientWidth * (window.devicePixelRatio || 1));
      const dark = matchMedia('(prefers-color-scheme: dark)').matches;
      const inputs = [started, latest, state.cursor, state.maskArea, tool, width, dark];
      if (width === 0 || inputs.every((input, index) => input === drawn[index])) return;
      drawn = inputs;
      const cell = Math.max(3, Math.floor(width / size));
      canvas.width = canvas.height = size * cell;
      context.putImageData(picture(started, latest, cell), 0, 0);
      const ink = getComputedStyle(root).color;
      if (tool && state.maskArea) outline(context, covered(tool, state.maskArea, size), cell, ink);
      else if (cursor) outline(context, { x: [cursor.x, cursor.x], y: [cursor.y, cursor.y] }, cell, ink);
    },
  };
}

/**
 * @param {import('../worker/protocol.js').Started} started
 * @param {import('../worker/protocol.js').Evaluated | null} latest
 * @param {number} cell Its side in pixels.
 */
function picture({ symbols, answer, heldOut, outlier }, latest, cell) {
  const size = symbols.length;
  const colors = palette(size);
  const image = new ImageData(size * cell, size * cell);
  const pixels = new Uint32Array(image.data.buffer);
  const border = Math.max(1, Math.round(cell / 6));
  for (let index = 0; index < size * size; index += 1) {
    const symbol = latest ? latest.predicted[index] : NO_SYMBOL;
    if (symbol === NO_SYMBOL || answer[index] === NO_SYMBOL) continue;
    const right = symbol === answer[index];
    if (heldOut[index] && !right) continue;
    // A cell with another's answer is a dot.
    const inset = heldOut[index] ? 0 : border * (outlier[index] ? 2 : 1);
    const color = right ? colors[symbol] : faint(colors[symbol]);
    const top = Math.floor(index / size) * cell;
    const left = (index % size) * cell;
    for (let y = top + inset; y < top + cell - inset; y += 1) {
      const row = y * size * cell;
      pixels.fill(color, row + left + inset, row + left + cell - inset);
    }
  }
  return image;
}

/** @param {number} color */
const faint = (color) => ((color & 0x00ffffff) | ((FAINT * 255) << 24)) >>> 0;

/**
 * @param {CanvasRenderingContext2D} context @param {import('../run/mask.js').Span} span
 * @param {number} cell @param {string} color
 */
function outline(context, { x, y }, cell, color) {
  const thick = Math.max(2, Math.round(cell / 4));
  context.strokeStyle = color;
  context.lineWidth = thick;
  const length = (/** @type {[number, number]} */ [low, high]) => (high - low + 1) * cell + thick;
  context.strokeRect(y[0] * cell - thick / 2, x[0] * cell - thick / 2, length(y), length(x));
}

/** What counting says of the operation. @param {import('../worker/protocol.js').Started} started */
function nature({ commutative, associative, distinctAnswers }) {
  const is = (/** @type {boolean} */ holds, /** @type {string} */ what) =>
    holds ? what : `not ${what}`;
  const both = `${is(commutative, 'commutative')} and ${is(associative, 'associative')}`;
  return `${both}, with ${distinctAnswers} different answers`;
}

/**
 * What there is to say of the cell under the cursor.
 * @param {import('../run/state.js').State} state
 * @param {import('../worker/protocol.js').Evaluated | null} latest
 */
function describe({ started, cursor }, latest) {
  if (!started) return '';
  const size = started.symbols.length;
  if (!cursor || cursor.x >= size || cursor.y >= size) {
    return `${started.equations} equations, ${started.train} of them trained on. ` +
      `The operation is ${nature(started)}. Point at a cell to read it.`;
  }
  const name = (/** @type {number} */ symbol) => started.symbols[symbol];
  const index = cursor.x * size + cursor.y;
  const answer = started.answer[index];
  const left = `x = ${name(cursor.x)}, y = ${name(cursor.y)}`;
  if (answer === NO_SYMBOL) return `${left}: ${started.operation} is not defined here.`;
  const modulo = started.modular ? ` (mod ${size})` : '';
  const side = started.heldOut[index] ? 'held out' : 'trained on';
  const equation = started.outlier[index]
    ? `${left}: trained on ${started.operation} = ${name(answer)}, the answer of another equation.`
    : `${left}: ${started.operation} = ${name(answer)}${modulo}, ${side}.`;
  if (!latest) return equation;
  if (!latest.confidence.length) {
    const first = latest.firstRight[index];
    const since = first ? `first right at step ${first - 1}` : 'not right by then';
    return `${equation} In this recording it is ${since}.`;
  }
  const percent = (100 * latest.confidence[index]).toFixed(latest.confidence[index] > 0.999 ? 2 : 1);
  const first = latest.firstRight[index];
  const since = first ? `first right at step ${first - 1}` : 'never right so far';
  return `${equation} The network says ${name(latest.predicted[index])} ` +
    `(probability ${percent} %), ${since}.`;
}
