// A small plot with even axes, which charts of losses and shares have not: a curve over places, with a zero line.

import { changes } from './changes.js';
import { element } from './dom.js';
import { watchFigure } from './figure.js';
import { savable } from './pictures.js';
import { inline, rounded, tag, words } from './svg.js';
import { createValues } from './values.js';

/** @typedef {{ label: string, color: string, values: number[], dashed?: boolean }} Series `color` is a custom property of the style sheet, or a colour. */
/**
 * @typedef {object} Plot
 * @property {string} label
 * @property {Series[]} series
 * @property {number[]} x Where each value is, ascending.
 * @property {string[]} names What each place is called.
 * @property {{ at: number, text: string }[]} [ticks] Places that are named, instead of some of them.
 * @property {boolean} [stairs] Values are whole, and hold until the next.
 * @property {[string, string]} head What a place is, and what the values are.
 */

const SIZE = 12;
const [LEFT, BOTTOM, TOP] = [44, 20, 8];

/** Round values between two, few enough to be read. @param {number} low @param {number} high @param {number} [parts] @returns {number[]} */
export function ticksBetween(low, high, parts = 3) {
  const raw = (high - low) / parts || 1;
  const decade = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * decade >= raw) ?? 10) * decade;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first;
  return Array.from({ length: count + 1 }, (_, at) => (first + at) * step);
}

/** A value in few digits. @param {number} value */
export const said = (value) => String(Number(value.toPrecision(3))).replace('-', '−');

/**
 * @param {Plot} plot @param {{ width: number, height: number, style: CSSStyleDeclaration }} place
 * @returns {import('./pictures.js').Drawing}
 */
export function drawPlot({ series, x, names, ticks, stairs = false }, { width, height, style }) {
  const color = (/** @type {string} */ name) => (name.startsWith('--') ? style.getPropertyValue(name).trim() : name);
  const [quiet, line] = ['--quiet', '--line'].map(color);
  const all = series.flatMap(({ values }) => values).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const span = high - low || 1;
  const [from, to] = [x[0] ?? 0, x.at(-1) ?? 1];
  const right = width - 8;
  const across = (/** @type {number} */ at) => LEFT + ((at - from) / (to - from || 1)) * (right - LEFT);
  const up = (/** @type {number} */ value) => TOP + (1 - (value - low) / span) * (height - TOP - BOTTOM);
  const grid = ticksBetween(low, low + span).filter((value) => !stairs || Number.isInteger(value)).map((value) =>
    tag('path', { d: `M${LEFT} ${rounded(up(value))}H${right}`, stroke: value === 0 ? quiet : line, 'stroke-width': 1 })
    + words(said(value), { x: LEFT - 6, y: up(value) + 0.35 * SIZE, 'font-size': SIZE, fill: quiet, 'text-anchor': 'end' }));
  const every = Math.max(1, Math.ceil(x.length / 6));
  const some = ticks ?? names.flatMap((text, at) => (at % every === 0 ? [{ at: x[at], text }] : []));
  const below = some.map(({ at, text }) =>
    words(text, { x: across(at), y: height - 4, 'font-size': SIZE, fill: quiet, 'text-anchor': across(at) > right - SIZE ? 'end' : 'middle' }));
  const curves = series.map(({ values, color: stroke, dashed = false }) => {
    const path = values.map((value, at) => {
      const [left, top] = [rounded(across(x[at])), rounded(up(value))];
      return at === 0 ? `M${left} ${top}` : stairs ? `H${left}V${top}` : `L${left} ${top}`;
    }).join('');
    return tag('path', { d: path, fill: 'none', stroke: color(stroke), 'stroke-width': 2, 'stroke-linejoin': 'round', 'stroke-dasharray': dashed ? '5 4' : null });
  });
  return { width, height, content: [...grid, ...below, ...curves].join('') };
}

/** @param {HTMLElement} root Where it is appended. @param {string} name Of a file. */
export function createPlot(root, name) {
  const picture = element('div', { className: 'plot', role: 'img' });
  const key = element('p', { className: 'chart-key plot-key' });
  const head = element('div', { className: 'chart-head' }, key);
  const figure = element('figure', { className: 'chart' }, head, picture);
  const values = createValues(figure);
  root.append(figure);
  /** @type {Plot | null} */
  let plot = null;
  const drawing = () => (plot && watched.box ? drawPlot(plot, { ...watched.box, style: getComputedStyle(picture) }) : null);
  head.append(savable(picture, { title: () => plot?.label ?? '', name, ofRun: true, draw: async () => drawing() }));
  const changed = changes();

  function paint() {
    if (!plot || !changed(plot.label, plot.x, ...plot.series.flatMap(({ values: y, color }) => [y, color]), watched.box)) return;
    const { label, series, names, head: [place, value] } = plot;
    picture.setAttribute('aria-label', `${label}. Its numbers are in the table of values below.`);
    key.replaceChildren(...series.map(({ label: text, color, dashed }) => {
      const mark = element('i', { className: dashed ? 'dashed' : '' });
      mark.style.color = color.startsWith('--') ? `var(${color})` : color;
      return element('span', {}, mark, text);
    }));
    values.show(() => ({
      caption: label,
      head: [place, ...series.map(({ label: text }) => (series.length > 1 ? text : value))],
      rows: names.map((text, at) => [text, ...series.map(({ values: y }) => said(y[at]))]),
    }));
    const drawn = drawing();
    if (drawn) picture.innerHTML = inline(drawn);
  }
  const watched = watchFigure(picture, paint);

  return {
    element: figure,
    /** @param {Plot} next */
    draw(next) {
      plot = next;
      paint();
    },
    destroy() {
      watched.end();
      figure.remove();
    },
  };
}
