// Curves under one another over the same places, a strip each, with what they share marked.

import { rounded, tag, words } from './svg.js';

/**
 * @typedef {object} Strip
 * @property {string} name
 * @property {number[]} values By place, the middle one in the middle.
 * @property {number[]} [behind] A second curve, drawn behind the first.
 * @property {boolean[]} [marks] Places that get a dot.
 * @property {boolean} [strong] Whether it is what the others come to.
 */

const SIZE = 12;
/** Heights of a strip's curve, of one that counts, and of its name. */
const [LOW, HIGH, NAME] = [38, 72, 20];
const GAP = 10;
const EDGE = 8;

/** @param {Strip[]} strips */
export const heightOf = (strips) => strips.reduce((sum, { strong }) => sum + NAME + (strong ? HIGH : LOW) + GAP, 0) + SIZE + 8;

/** The place, from the middle, that is nearest to a share of the width. @param {number} share 0 to 1 @param {number} width @param {number} count */
export function offsetAt(share, width, count) {
  const inner = (share * width - EDGE) / (width - 2 * EDGE);
  return Math.round(Math.min(Math.max(inner, 0), 1) * (count - 1)) - Math.floor((count - 1) / 2);
}

/**
 * @param {Strip[]} strips @param {{ width: number, colors: import('./faces.js').Colors, cursor: number | null,
 *   middle: string, ends: [string, string] }} place `cursor` is a place, counted from the middle.
 * @returns {import('./pictures.js').Drawing}
 */
export function drawStrips(strips, { width, colors: { ink, quiet, line, strong: color }, cursor, middle, ends }) {
  const count = strips[0].values.length;
  const half = Math.floor((count - 1) / 2);
  const across = (/** @type {number} */ at) => rounded(EDGE + (at / Math.max(count - 1, 1)) * (width - 2 * EDGE));
  const height = heightOf(strips);
  const bottom = height - SIZE - 8;
  let top = 0;
  const drawn = strips.map(({ name, values, behind = [], marks = [], strong = false }) => {
    const high = strong ? HIGH : LOW;
    const all = [...values, ...behind, 0];
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const begin = top + NAME;
    const up = (/** @type {number} */ value) => rounded(begin + (1 - (value - least) / (most - least || 1)) * high);
    const curve = (/** @type {number[]} */ points) => `M${points.map((value, at) => `${across(at)} ${up(value)}`).join('L')}`;
    top += NAME + high + GAP;
    return [
      tag('path', { d: `M${EDGE} ${up(0)}H${width - EDGE}`, stroke: line, 'stroke-width': 1 }),
      tag('path', { d: `${curve(values)}L${across(count - 1)} ${up(0)}L${across(0)} ${up(0)}Z`, fill: strong ? color : quiet, opacity: strong ? 0.16 : 0.12 }),
      behind.length ? tag('path', { d: curve(behind), fill: 'none', stroke: quiet, 'stroke-width': 1.2, 'stroke-dasharray': '4 3' }) : '',
      tag('path', { d: curve(values), fill: 'none', stroke: strong ? color : ink, 'stroke-width': strong ? 2.2 : 1.4, 'stroke-linejoin': 'round' }),
      ...marks.flatMap((marked, at) => (marked ? [tag('circle', { cx: across(at), cy: up(values[at]), r: 2.6, fill: ink })] : [])),
      tag('circle', { cx: across(half), cy: up(values[half]), r: 4, fill: color }),
      words(name, { x: EDGE, y: begin - 6, 'font-size': SIZE, fill: strong ? ink : quiet, 'font-weight': strong ? 600 : null }),
    ].join('');
  });
  const upright = (/** @type {number} */ at, /** @type {string} */ stroke, /** @type {string | null} */ dashes) =>
    tag('path', { d: `M${across(at)} ${NAME - 8}V${bottom}`, stroke, 'stroke-width': 1, 'stroke-dasharray': dashes });
  const said = (/** @type {string} */ text, /** @type {number} */ x, /** @type {string} */ anchor, /** @type {string} */ fill) =>
    words(text, { x, y: height - 4, 'font-size': SIZE, fill, 'text-anchor': anchor });
  return {
    width,
    height,
    content: [
      upright(half, color, null),
      cursor === null || cursor === 0 ? '' : upright(half + cursor, ink, '3 4'),
      ...drawn,
      said(middle, across(half), 'middle', color), said(ends[0], EDGE, 'start', quiet), said(ends[1], width - EDGE, 'end', quiet),
    ].join(''),
  };
}
