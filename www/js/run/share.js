// What can be taken of a page into another: links, and the code to embed it.

import { FIGURES, readOptions } from './options.js';
import { heightOf } from './sizes.js';
import { format, formatRecording } from './url.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./options.js').PageOptions} PageOptions */

/** Longer links are not safe everywhere: many programs and servers stop at 8 kB. */
export const LINK_MAX = 8_000;

/** @returns {PageOptions} */
const plain = () => readOptions(new URLSearchParams(), []);

/** @param {State} state @param {PageOptions} page */
const queryOf = ({ run: { preset, settings, recording } }, page) =>
  (recording?.name ? formatRecording(recording.name, page) : format(preset, settings, page));

/** Where the page lies, without what its link says. @param {string} address */
const placeOf = (address) => address.replace(/[?#].*$/, '');

/** What a reader has who was sent the page. @param {State} state @param {string} address Of this page. */
export function fullLink(state, address) {
  const { page, open } = state;
  const { backend, cut, fork } = page;
  const figure = open ?? page.view.find((name) => FIGURES.includes(name));
  return `${placeOf(address)}${queryOf(state, { ...plain(), backend, cut, fork })}${figure ? `#${figure}` : ''}`;
}

/** What a frame shows if nothing else is chosen: itself, or the figure that is open on a page. @param {State} state @returns {PageOptions} */
export function figureOptions({ page, open }) {
  if (page.embed) return page;
  const view = open ? [open.replace(/^story\/(\d+).*$/, 'story:$1')] : ['table', 'curves'];
  return { ...page, embed: true, view, keys: false, autoplay: false, fork: view.includes('fork') ? page.fork : null };
}

/** @param {State} state @param {string} address @param {PageOptions} [page] */
export const figureLink = (state, address, page = figureOptions(state)) => `${placeOf(address)}${queryOf(state, page)}`;

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The height of a frame with these options. @param {PageOptions} page @param {number} width */
export const frameHeight = ({ view, hide, scale }, width) =>
  Math.ceil(scale * heightOf(view, width / scale, hide));

/** @param {State} state @param {string} address @param {PageOptions} page @param {number} width @param {string} title */
export const frameCode = (state, address, page, width, title) =>
  `<iframe src="${escaped(figureLink(state, address, page))}" title="${escaped(title)}" width="${width}" ` +
  `height="${frameHeight(page, width)}" style="border: 0; max-width: 100%" loading="lazy" allow="clipboard-write"></iframe>`;

/** Words of a list stand apart by spaces, as in a class. */
const LISTS = ['view', 'controls', 'hide'];

/** The same with the element of `embed.js`, which follows its column. @param {State} state @param {string} address @param {PageOptions} page */
export function elementCode(state, address, page) {
  const attributes = [...new URLSearchParams(queryOf(state, page))].flatMap(([key, value]) => {
    if (key === 'v' || key === 'embed') return [];
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (key === 'autoplay') return ['autoplay="visible"'];
    return [`${name}="${escaped(LISTS.includes(key) ? value.replaceAll(',', ' ') : value)}"`];
  });
  const script = new URL('embed.js', placeOf(address)).href;
  return `<script type="module" src="${escaped(script)}"></script>\n<grokking-demo ${attributes.join(' ')}></grokking-demo>`;
}
