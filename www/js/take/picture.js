// A figure as a file of its own: on its paper, with a title and a caption that says of which run it is.

import { escaped, lines, tag, words } from '../draw/svg.js';

/** @typedef {import('../draw/pictures.js').Drawing} Drawing */

const MARGIN = 16;
const SIZE = 12;
const LINE = 1.4 * SIZE;

/**
 * @param {Drawing} drawing
 * @param {{ title: string, caption: string, link: string, source: string, colors: { paper: string, ink: string,
 *   quiet: string } }} about `source` is the software with its version.
 * @returns {{ markup: string, width: number, height: number }}
 */
export function picture({ width: inner, height: drawn, content }, { title, caption, link, source, colors: { paper, ink, quiet } }) {
  const width = Math.ceil(Math.max(inner, 240) + 2 * MARGIN);
  const said = lines(caption, width - 2 * MARGIN, SIZE);
  // It can be long, and is whole where it leads.
  const most = Math.floor((width - 2 * MARGIN) / (0.56 * SIZE));
  const short = link.length > most ? `${link.slice(0, most - 1)}…` : link;
  const top = MARGIN + drawn + 1.2 * SIZE;
  const height = Math.ceil(top + said.length * LINE + LINE + MARGIN / 2);
  const line = (/** @type {string} */ text, /** @type {number} */ at, /** @type {string} */ fill) =>
    words(text, { x: MARGIN, y: top + at * LINE + SIZE, 'font-size': SIZE, fill });
  const markup = tag('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width, height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': 'system-ui, sans-serif',
    'aria-labelledby': 'title desc',
  }, [
    tag('title', { id: 'title' }, escaped(title)),
    tag('desc', { id: 'desc' }, escaped(`${caption} ${link} ${source}`)),
    tag('rect', { width, height, fill: paper }),
    tag('g', { transform: `translate(${MARGIN} ${MARGIN})` }, content),
    ...said.map((text, at) => line(text, at, ink)),
    tag('a', { href: link }, line(short, said.length, quiet)),
  ].join('\n'));
  return { markup: `${markup}\n`, width, height };
}
