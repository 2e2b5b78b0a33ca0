// Symbols as points of a plane, as SVG.

import { cssPalette } from './palette.js';
import { NAMED_RADIUS, RADIUS, areNamed, joins, placesOf } from './points.js';
import { MIDDLE, tag, words } from './svg.js';

/**
 * @param {import('./points.js').Plane} plane @param {number} side In CSS pixels.
 * @param {{ ink: string, paper: string, line: string }} colors
 * @returns {import('./pictures.js').Drawing}
 */
export function drawPlane({ symbols, points, kinds, index, stride }, side, { ink, paper, line }) {
  const place = placesOf(points, side);
  const joined = joins(index, stride).map(([from, to]) => `M${place(from).map(Math.round).join(' ')}L${place(to).map(Math.round).join(' ')}`);
  const colors = cssPalette(1 + Math.max(0, ...kinds));
  const named = areNamed(symbols);
  const size = 11;
  const dots = symbols.map((symbol, at) => {
    const [x, y] = place(at);
    const none = kinds[at] < 0;
    const dot = tag('circle', { cx: x, cy: y, r: named ? NAMED_RADIUS : RADIUS, fill: none ? ink : colors[kinds[at]] });
    if (!named) return tag('g', {}, tag('title', {}, symbol) + dot);
    return dot + words(symbol, { x, y: y + MIDDLE * size, 'font-size': size, 'text-anchor': 'middle', fill: none ? paper : '#ffffff' });
  });
  const lines = joined.length ? tag('path', { d: joined.join(''), stroke: line, fill: 'none' }) : '';
  return { width: side, height: side, content: lines + dots.join('') };
}
