// A chart as SVG: what the page's wasm draws, and around it the words that the page writes.

import { MIDDLE, legend as legendOf, tag, words as text } from './svg.js';

/**
 * @param {string} plot Markup of the axes and the lines.
 * @param {import('./charts.js').Spec} spec
 * @param {{ width: number, height: number, top: number, words: HTMLElement, legend: boolean,
 *   style: CSSStyleDeclaration }} page `top` is the plot's in CSS pixels; `words` are where the page put them.
 * @returns {import('./pictures.js').Drawing}
 */
export function drawChart(plot, { lines }, { width, height, top, words, legend, style }) {
  const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const [ink, quiet, paper] = ['--ink', '--quiet', '--paper'].map(color);
  const size = 13;
  const named = lines.filter(({ label }) => label);
  const key = legendOf(!legend ? [] : named.map(({ label, color: stroke, width: thick, dot = 0 }) => ({
    text: label,
    markWidth: thick ? 1.4 * size : 2 * dot,
    mark: (x, y) => (thick
      ? tag('path', { d: `M${x} ${y}h${1.4 * size}`, stroke: color(stroke), 'stroke-width': thick })
      : tag('circle', { cx: x + dot, cy: y, r: dot, fill: color(stroke) })),
  })), { width, size, color: quiet });
  const spoken = [...words.children].map((child) => {
    const { offsetLeft: x, offsetTop, offsetHeight, className, textContent } = /** @type {HTMLElement} */ (child);
    const { fontSize, paddingBottom } = getComputedStyle(child);
    const high = parseFloat(fontSize);
    const y = offsetTop + (offsetHeight - parseFloat(paddingBottom)) / 2 + MIDDLE * high;
    const isLevel = className === 'level';
    // Over the lines that it would be hard to read on.
    const halo = isLevel ? { stroke: paper, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' } : {};
    return text(textContent ?? '', { x, y, 'font-size': high, fill: isLevel ? quiet : ink, ...halo });
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
