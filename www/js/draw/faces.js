// Faces of clocks: symbols on a network's own circles, and hands.

import { rounded, tag, words } from './svg.js';

/** In units of the drawing: a face's side, and the distance from its middle of a point at 1. */
export const SIDE = 240;
const [MIDDLE, RADIUS] = [SIDE / 2, 76];
/** What lies further out is drawn at the edge. */
const FAR = 1.36;
/** Distance of the knobs of the hands from the middle: x is the long one. */
const KNOBS = { x: 106, y: 42 };

/** @typedef {[number, number]} Point Cosine and sine: from 12 o'clock, clockwise. */
/**
 * @typedef {object} Ring
 * @property {Point[]} points In the order in which they run round.
 * @property {string[]} hues Of the points.
 * @property {Point[] | null} others Those of y, where they are others.
 * @typedef {object} Hands Angles in radians.
 * @property {number} x
 * @property {number} y
 * @property {number} together
 * @property {Point} answer
 * @property {[Point, Point]} dots Of x and of y.
 * @property {number | null} sweep The hand that sweeps over the answers.
 * @typedef {{ ink: string, quiet: string, line: string, strong: string, paper: string }} Colors
 */

/** @param {CSSStyleDeclaration} style @returns {Colors} */
export function colorsOf(style) {
  const [ink, quiet, line, strong, paper] = ['--ink', '--quiet', '--line', '--held-out', '--paper']
    .map((name) => style.getPropertyValue(name).trim());
  return { ink, quiet, line, strong, paper };
}

/** Where a direction is at a distance from the middle. @param {number} angle @param {number} distance @returns {Point} */
const at = (angle, distance) => [rounded(MIDDLE + distance * Math.sin(angle)), rounded(MIDDLE - distance * Math.cos(angle))];

/** @param {Point} point @returns {Point} */
const place = ([cos, sin]) => at(Math.atan2(sin, cos), RADIUS * Math.min(Math.hypot(cos, sin), FAR));

/** Where the knob of a hand is, as shares of the side. @param {'x' | 'y'} hand @param {number} angle @returns {Point} */
export function knobAt(hand, angle) {
  const [x, y] = at(angle, KNOBS[hand]);
  return [x / SIDE, y / SIDE];
}

/** @param {Point[]} points @param {boolean} [closed] */
const path = (points, closed = false) => `M${points.map((point) => point.join(' ')).join('L')}${closed ? 'Z' : ''}`;

/** What stays while the hands move. @param {Ring} ring @param {Colors} colors */
export function ringOf({ points, hues, others }, { line, quiet }) {
  const places = points.map(place);
  const size = Math.min(3.6, Math.max(1.8, 210 / points.length));
  const noon = [0, 1, 2, 3].map((quarter) => path([at((quarter * Math.PI) / 2, 1.45 * RADIUS), at((quarter * Math.PI) / 2, 1.5 * RADIUS)])).join('');
  return [
    tag('path', { d: noon, stroke: quiet, 'stroke-width': 1 }),
    tag('path', { d: path(places, true), fill: 'none', stroke: line, 'stroke-width': 1.2, 'stroke-linejoin': 'round' }),
    ...(others ?? []).map(place).map(([cx, cy]) => tag('circle', { cx, cy, r: size + 1, fill: 'none', stroke: quiet, 'stroke-width': 0.7 })),
    ...places.map(([cx, cy], index) => tag('circle', { cx, cy, r: size, fill: hues[index] })),
  ].join('');
}

/** @param {Hands} hands @param {Colors} colors @param {boolean} [knobs] Whether their knobs are drawn, too. */
export function handsOf({ x, y, together, answer, dots, sweep }, { ink, strong, paper }, knobs = false) {
  const centre = /** @type {Point} */ ([MIDDLE, MIDDLE]);
  const angle = Math.atan2(answer[1], answer[0]);
  const long = RADIUS * Math.min(Math.hypot(...answer), FAR);
  const tip = [at(angle, long), at(angle + 0.09, long - 13), at(angle - 0.09, long - 13)];
  const hand = (/** @type {'x' | 'y'} */ name, /** @type {number} */ turn) =>
    tag('path', { d: path([centre, at(turn, KNOBS[name])]), stroke: ink, 'stroke-width': name === 'x' ? 2 : 3.5, 'stroke-linecap': 'round' });
  const knob = (/** @type {'x' | 'y'} */ name, /** @type {number} */ turn) => {
    const [cx, cy] = at(turn, KNOBS[name]);
    return tag('circle', { cx, cy, r: 10, fill: ink })
      + words(name, { x: cx, y: cy + 4.5, fill: paper, 'font-size': 13, 'font-weight': 600, 'text-anchor': 'middle' });
  };
  const [dotX, dotY] = dots.map(place);
  return [
    tag('path', { d: path([centre, at(together, 1.2 * RADIUS)]), stroke: strong, 'stroke-width': 12, 'stroke-linecap': 'round', opacity: 0.25 }),
    sweep === null ? '' : tag('path', { d: path([centre, at(sweep, 1.2 * RADIUS)]), stroke: ink, 'stroke-width': 1.5, 'stroke-dasharray': '3 4' }),
    hand('x', x), hand('y', y),
    ...[dotX, dotY].map(([cx, cy]) => tag('circle', { cx, cy, r: 5, fill: 'none', stroke: ink, 'stroke-width': 1.5 })),
    tag('path', { d: path([centre, at(angle, Math.max(long - 8, 0))]), stroke: strong, 'stroke-width': 2.5, 'stroke-linecap': 'round' }),
    tag('path', { d: path(tip, true), fill: strong }),
    tag('circle', { cx: MIDDLE, cy: MIDDLE, r: 4, fill: ink }),
    knobs ? knob('x', x) + knob('y', y) : '',
  ].join('');
}

/**
 * All faces in rows, for a file.
 * @param {{ ring: Ring, hands: Hands | null, name: string, off: string }[]} faces @param {Colors} colors @param {number} [columns]
 * @returns {import('./pictures.js').Drawing}
 */
export function drawFaces(faces, colors, columns = 3) {
  const high = SIDE + 40;
  const content = faces.map(({ ring, hands, name, off }, index) => {
    const said = (/** @type {string} */ text, /** @type {number} */ y, /** @type {string} */ fill) =>
      words(text, { x: MIDDLE, y, fill, 'font-size': 13, 'text-anchor': 'middle' });
    return tag('g', { transform: `translate(${(index % columns) * SIDE} ${Math.floor(index / columns) * high})` },
      ringOf(ring, colors) + (hands ? handsOf(hands, colors, true) : '') + said(name, SIDE + 10, colors.ink) + said(off, SIDE + 28, colors.quiet));
  });
  return { width: Math.min(faces.length, columns) * SIDE, height: Math.ceil(faces.length / columns) * high, content: content.join('') };
}
