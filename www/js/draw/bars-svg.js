// A row of bars as SVG.

import { escaped, tag, words } from './svg.js';

/** Opacity of a bar that does not stand out. */
const FAINT = 0.55;

/**
 * @param {import('./bars.js').Bar[]} bars @param {(bar: import('./bars.js').Bar) => string} nameOf What stands under one.
 * @param {{ width: number, height: number, ink: string, strong: string, quiet: string, line: string }} look In CSS pixels.
 * @returns {import('./pictures.js').Drawing}
 */
export function drawBars(bars, nameOf, { width, height, ink, strong, quiet, line }) {
  const highest = Math.max(...bars.map(({ value }) => value), 1e-9);
  const [size, side] = [11, width / bars.length];
  const gap = Math.min(2, side / 4);
  const content = bars.map((bar, at) => {
    const tall = (bar.value / highest) * height;
    const rect = tag('rect', { x: at * side + gap / 2, y: height - tall, width: side - gap, height: tall, fill: bar.strong ? strong : ink, 'fill-opacity': bar.strong ? null : FAINT },
      tag('title', {}, escaped(`${bar.label}: ${bar.value.toFixed(3)}`)));
    const name = nameOf(bar);
    return rect + (name ? words(name, { x: (at + 0.5) * side, y: height + 1.2 * size, 'font-size': size, 'text-anchor': 'middle', fill: quiet }) : '');
  });
  const floor = tag('path', { d: `M0 ${height}h${width}`, stroke: line });
  return { width, height: height + 1.6 * size, content: content.join('') + floor };
}
