// Figures that can be saved: each knows how it is drawn as SVG, and has a button that asks for it.

import { element } from './dom.js';

/**
 * @typedef {{ width: number, height: number, content: string }} Drawing Markup of SVG, in CSS pixels.
 * @typedef {object} Picture
 * @property {() => string} title
 * @property {string} name For a file.
 * @property {boolean} ofRun Whether it is of the run that is shown, and not of many.
 * @property {() => Promise<Drawing | null>} draw As it is on the page now; null if nothing is.
 * @property {() => { head: string[], rows: (string | number | boolean | null)[][] } | null} [csv] Its numbers, where no other file
 *   has them.
 */

/** The pictures of the elements with `data-picture`. @type {WeakMap<Element, Picture>} */
export const pictures = new WeakMap();

/**
 * Says that a figure can be saved. Whoever lets a reader save listens for `save`, which bubbles.
 * @param {HTMLElement} figure @param {Picture} picture @returns {HTMLButtonElement} Its button, to be placed.
 */
export function savable(figure, picture) {
  pictures.set(figure, picture);
  figure.setAttribute('data-picture', picture.name);
  return element('button', {
    type: 'button', className: 'save', 'data-control': 'save', title: 'Save this figure', 'aria-label': 'Save this figure', onclick: () => ask(figure),
  }, '↓');
}

/** Asks for what can be saved, a figure first if it is one. @param {HTMLElement} from */
export const ask = (from) =>
  from.dispatchEvent(new CustomEvent('save', { bubbles: true, detail: pictures.get(from) ?? null }));
