// A row of bars as SVG.

import { escaped, legend, tag, words } from './svg.js';

/** Opacity of a bar that does not stand out. */
const FAINT = 0.55;

/**
 * @param {import('./bars.js').Bar[]} bars @param {(bar: import('./bars.js').Bar) => string} nameOf What stands under one.
 * @param {import('./bars.js').Key | null} key
 * @param {{ width: number, height: number, ink: string, strong: string, quiet: string, line: string }} look In CSS pixels.
 * @returns {import('./pictures.js').Drawing}
 */
export function drawBars(bars, nameOf, key, { width, height, ink, strong, quiet, line }) {
  const highest = Math.max(...bars.map(({ value }) => value), 1e-9);
  const [size, side] = [11, width / bars.length];
  const gap = Math.min(2, side / 4);
  const paint = (/** @type {boolean} */ isStrong) => (isStrong ? { fill: strong } : { fill: ink, 'fill-opacity': FAINT });
  const content = bars.map((bar, at) => {
    const tall = (bar.value / highest) * height;
    const rect = tag('rect', { x: at * side + gap / 2, y: height - tall, width: side - gap, height: tall, ...paint(bar.strong) },
      tag('title', {}, escaped(`${bar.label}: ${bar.value.toFixed(3)}`)));
    const name = nameOf(bar);
    return rect + (name ? words(name, { x: (at + 0.5) * side, y: height + 1.2 * size, 'font-size': size, 'text-anchor': 'middle', fill: quiet }) : '');
  });
  const floor = tag('path', { d: `M0 ${height}h${width}`, stroke: line });
  const named = legend((key ?? []).map((text, at) => ({
    text,
    mark: (x, y) => tag('rect', { x, y: y - size / 2, width: size, height: size, ...paint(at === 0) }),
    markWidth: size,
  })), { width, size, color: quiet });
  const below = height + 1.6 * size;
  return { width, height: below + named.height, content: content.join('') + floor + tag('g', { transform: `translate(0 ${below})` }, named.content) };
}
