// Symbols as points of a plane.

import { cssPalette } from './palette.js';

/** Pixels: radius of a point with its symbol in it, and of one that is too small for it. */
export const NAMED_RADIUS = 9;
export const RADIUS = 5;

/**
 * @typedef {object} Plane
 * @property {string[]} symbols
 * @property {Float32Array} points Two numbers of each symbol.
 * @property {number[]} kinds Of each symbol, or -1.
 * @property {(number | null)[] | null} index Place of each symbol in the order in which they are joined.
 * @property {number} stride Places between two that are joined; 0 for none.
 */

/** @param {HTMLCanvasElement} canvas @param {Plane} plane @param {number} ratio Device pixels per CSS pixel. */
export function drawPoints(canvas, { symbols, points, kinds, index, stride }, ratio) {
  const size = (canvas.width = canvas.height = Math.round(canvas.clientWidth * ratio));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const place = placesOf(points, size);
  const style = getComputedStyle(canvas);
  const joined = joins(index, stride);
  if (joined.length > 0) {
    context.strokeStyle = style.getPropertyValue('--line');
    context.lineWidth = ratio;
    context.beginPath();
    for (const [from, to] of joined) {
      context.moveTo(...place(from));
      context.lineTo(...place(to));
    }
    context.stroke();
  }
  const colors = cssPalette(1 + Math.max(0, ...kinds));
  context.font = `${Math.round(11 * ratio)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const named = areNamed(symbols);
  symbols.forEach((symbol, at) => {
    const [x, y] = place(at);
    context.fillStyle = kinds[at] < 0 ? style.color : colors[kinds[at]];
    context.beginPath();
    context.arc(x, y, (named ? NAMED_RADIUS : RADIUS) * ratio, 0, 2 * Math.PI);
    context.fill();
    if (!named) return;
    context.fillStyle = kinds[at] < 0 ? style.getPropertyValue('--paper') : '#fff';
    context.fillText(symbol, x, y);
  });
}

/** Whether there is room for the names in the points. @param {string[]} symbols */
export const areNamed = (symbols) => symbols[0].length < 4 && symbols.length <= 130;

/** Pairs of symbols that are joined. @param {Plane['index']} index @param {number} stride @returns {[number, number][]} */
export function joins(index, stride) {
  if (!index || stride <= 0) return [];
  /** @type {number[]} */
  const order = [];
  index.forEach((at, symbol) => {
    if (at !== null) order[at] = symbol;
  });
  return order.map((symbol, at) => [symbol, order[(at + stride) % order.length]]);
}

/**
 * Where each point is in a square: one scale for both axes, so that a circle is round.
 * @param {Float32Array} points @param {number} size @returns {(at: number) => [number, number]}
 */
export function placesOf(points, size) {
  const ranges = [0, 1].map((axis) => {
    const values = points.filter((_, at) => at % 2 === axis);
    return [Math.min(...values), Math.max(...values)];
  });
  const span = Math.max(...ranges.map(([low, high]) => high - low), 1e-9);
  const [across, up] = ranges.map(([low, high], axis) => (/** @type {number} */ at) =>
    (points[2 * at + axis] - (low + high) / 2) / span);
  return (at) => [size * (0.5 + 0.88 * across(at)), size * (0.5 - 0.88 * up(at))];
}
