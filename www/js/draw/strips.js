// Values over the same places, in strips under one another: which places stand out in all of them?

import { rounded, tag, words } from './svg.js';

/**
 * @typedef {object} Strip
 * @property {string} name
 * @property {number[]} values By place, the middle one in the middle.
 * @property {boolean[]} marks Places that stand out.
 * @property {boolean} [strong] Whether it is what the others come to.
 */

const SIZE = 12;
/** Heights of a strip's curve, of one that counts, and of its name. */
const [LOW, HIGH, NAME] = [38, 72, 20];
const GAP = 10;
const EDGE = 8;
const THICK_MAX = 12;

/** @param {Strip[]} strips */
export const heightOf = (strips) => strips.reduce((sum, { strong }) => sum + NAME + (strong ? HIGH : LOW) + GAP, 0) + SIZE + 8;

/** The place, from the middle, that is nearest to a share of the width. @param {number} share 0 to 1 @param {number} width @param {number} count */
export function offsetAt(share, width, count) {
  const inner = (share * width - EDGE) / (width - 2 * EDGE);
  return Math.min(Math.max(Math.floor(inner * count), 0), count - 1) - Math.floor((count - 1) / 2);
}

/**
 * @param {Strip[]} strips @param {{ width: number, colors: import('./faces.js').Colors, cursor: number | null,
 *   middle: string, ends: [string, string] }} place `cursor` is a place, counted from the middle.
 * @returns {import('./pictures.js').Drawing}
 */
export function drawStrips(strips, { width, colors: { ink, quiet, line, strong: color }, cursor, middle, ends }) {
  const count = strips[0].values.length;
  const half = Math.floor((count - 1) / 2);
  const step = (width - 2 * EDGE) / count;
  const across = (/** @type {number} */ at) => rounded(EDGE + (at + 0.5) * step);
  const thick = rounded(Math.min(Math.max(step - (step > 5 ? 2 : 1), 0.8), THICK_MAX));
  const height = heightOf(strips);
  const bottom = height - SIZE - 8;
  let top = 0;
  const drawn = strips.map(({ name, values, marks, strong = false }) => {
    const high = strong ? HIGH : LOW;
    const [least, most] = [Math.min(...values, 0), Math.max(...values, 0)];
    const begin = top + NAME;
    const up = (/** @type {number} */ value) => rounded(begin + (1 - (value - least) / (most - least || 1)) * high);
    const bars = (/** @type {(at: number) => boolean} */ chosen, /** @type {string} */ fill, /** @type {number | null} */ opacity = null) => {
      const lines = values.flatMap((value, at) => (chosen(at) ? [`M${across(at)} ${up(0)}V${up(value)}`] : [])).join('');
      return lines ? tag('path', { d: lines, stroke: fill, 'stroke-width': thick, 'stroke-opacity': opacity }) : '';
    };
    top += NAME + high + GAP;
    return [
      bars((at) => at !== half && !marks[at], quiet, 0.45),
      bars((at) => at !== half && marks[at], ink),
      bars((at) => at === half, color),
      tag('path', { d: `M${EDGE} ${up(0)}H${width - EDGE}`, stroke: line, 'stroke-width': 1 }),
      words(name, { x: EDGE, y: begin - 6, 'font-size': SIZE, fill: strong ? ink : quiet, 'font-weight': strong ? 600 : null }),
    ].join('');
  });
  const upright = (/** @type {number} */ at, /** @type {string} */ stroke) =>
    tag('path', { d: `M${across(at)} ${NAME - 8}V${bottom}`, stroke, 'stroke-width': 1, 'stroke-dasharray': '3 4' });
  const said = (/** @type {string} */ text, /** @type {number} */ x, /** @type {string} */ anchor, /** @type {string} */ fill) =>
    words(text, { x, y: height - 4, 'font-size': SIZE, fill, 'text-anchor': anchor });
  return {
    width,
    height,
    content: [
      cursor === null || cursor === 0 ? '' : upright(half + cursor, ink),
      ...drawn,
      said(middle, across(half), 'middle', color), said(ends[0], EDGE, 'start', quiet), said(ends[1], width - EDGE, 'end', quiet),
    ].join(''),
  };
}
