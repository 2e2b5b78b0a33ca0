// A chart as SVG: what the page's wasm draws, and around it the words that the page writes.

import { colors } from './palette.js';
import { MIDDLE, legend as legendOf, tag, words as text } from './svg.js';

/** Plotters makes letters this much lower in SVG than on a canvas. */
const LOWER = 1.24;

/**
 * @param {import('./charts.js').Spec} spec @param {import('./figure.js').Box} box Of the canvas.
 * @param {{ chart: any, rem: number, figure: HTMLElement, canvas: HTMLElement,
 *   words: HTMLElement, legend: boolean }} page The wasm's chart as it was drawn last; `rem` is the height of its labels,
 *   and `words` are where the page put them.
 * @returns {import('./pictures.js').Drawing}
 */
export function drawChart({ x, y, lines }, { width, height }, { chart, rem, figure, canvas, words, legend }) {
  const style = getComputedStyle(figure);
  const label = rem * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const drawn = chart.svg(width, height, x, y, label, ...colors(figure, ['--quiet', '--line']));
  const plot = drawn.replace(/ font-size="([\d.]+)"/g, (/** @type {string} */ _, /** @type {string} */ size) => ` font-size="${LOWER * Number(size)}"`);
  const { offsetTop: top } = canvas;
  const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const [ink, quiet, paper] = ['--ink', '--quiet', '--paper'].map(color);
  const size = 13;
  const named = lines.filter((line) => line.label);
  const key = legendOf(!legend ? [] : named.map(({ label: name, color: stroke, width: thick, dot = 0 }) => ({
    text: name,
    markWidth: thick ? 1.4 * size : 2 * dot,
    mark: (left, middle) => (thick
      ? tag('path', { d: `M${left} ${middle}h${1.4 * size}`, stroke: color(stroke), 'stroke-width': thick })
      : tag('circle', { cx: left + dot, cy: middle, r: dot, fill: color(stroke) })),
  })), { width, size, color: quiet });
  const spoken = [...words.children].map((child) => {
    const { offsetLeft, offsetTop, offsetHeight, className, textContent } = /** @type {HTMLElement} */ (child);
    const { fontSize, paddingBottom } = getComputedStyle(child);
    const high = parseFloat(fontSize);
    const baseline = offsetTop + (offsetHeight - parseFloat(paddingBottom)) / 2 + MIDDLE * high;
    const isLevel = className === 'level';
    // Over the lines that it would be hard to read on.
    const halo = isLevel ? { stroke: paper, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' } : {};
    return text(textContent ?? '', { x: offsetLeft, y: baseline, 'font-size': high, fill: isLevel ? quiet : ink, ...halo });
  });
  return {
    width,
    height: key.height + top + height,
    content: [
      key.content,
      tag('g', { transform: `translate(0 ${key.height + top})` }, plot),
      tag('g', { transform: `translate(0 ${key.height})` }, spoken.join('')),
    ].join(''),
  };
}
