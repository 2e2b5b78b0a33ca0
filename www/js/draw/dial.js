// A dial: half a turn from 0 to 1 with a hand, and marks where others stand.

import { rounded, tag, words } from './svg.js';

export const WIDTH = 250;
export const HEIGHT = 132;
const [X, Y, RADIUS] = [WIDTH / 2, 104, 70];

/** @param {number} value From 0 at the left to 1 at the right. @param {number} distance @returns {[number, number]} */
function at(value, distance) {
  const angle = Math.PI * (1 - Math.min(Math.max(value, 0), 1));
  return [rounded(X + distance * Math.cos(angle)), rounded(Y - distance * Math.sin(angle))];
}

/**
 * @param {number} value @param {{ at: number, text: string }[]} marks @param {string} said The value, written.
 * @param {import('./faces.js').Colors} colors
 */
export function dialOf(value, marks, said, { ink, quiet, line, strong }) {
  const arc = (/** @type {number} */ from, /** @type {number} */ to) =>
    `M${at(from, RADIUS).join(' ')}A${RADIUS} ${RADIUS} 0 0 1 ${at(to, RADIUS).join(' ')}`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((tick) => `M${at(tick, RADIUS - 5).join(' ')}L${at(tick, RADIUS + 5).join(' ')}`).join('');
  return [
    tag('path', { d: arc(0, 1), fill: 'none', stroke: line, 'stroke-width': 8 }),
    tag('path', { d: ticks, stroke: line, 'stroke-width': 1 }),
    tag('path', { d: arc(0, value), fill: 'none', stroke: strong, 'stroke-width': 8, opacity: 0.35 }),
    ...marks.map(({ at: mark, text }) => {
      const [x, y] = at(mark, RADIUS + 12);
      const anchor = mark < 0.4 ? 'end' : mark > 0.6 ? 'start' : 'middle';
      return tag('path', { d: `M${at(mark, RADIUS - 8).join(' ')}L${at(mark, RADIUS + 8).join(' ')}`, stroke: ink, 'stroke-width': 2 })
        + words(text, { x, y: y + 2, 'font-size': 12, fill: quiet, 'text-anchor': anchor });
    }),
    tag('path', { d: `M${X} ${Y}L${at(value, RADIUS - 2).join(' ')}`, stroke: strong, 'stroke-width': 3, 'stroke-linecap': 'round' }),
    tag('circle', { cx: X, cy: Y, r: 4, fill: strong }),
    words(said, { x: X, y: Y + 24, 'font-size': 16, 'font-weight': 600, fill: ink, 'text-anchor': 'middle' }),
  ].join('');
}
