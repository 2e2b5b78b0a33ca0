// Writes SVG as text.

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** @param {unknown} text */
export const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => ENTITIES[/** @type {keyof ENTITIES} */ (sign)])
  // XML has no place for control characters.
  .replace(/[^\P{Cc}\t\n\r]/gu, '');

/** @typedef {Record<string, string | number | null | undefined>} Attributes */

/** Hundredths of a pixel are finer than any screen. @param {number} value */
export const rounded = (value) => Math.round(value * 100) / 100;

/**
 * An element. Attributes that are null or undefined are left out.
 * @param {string} name @param {Attributes} attributes
 * @param {string} [content] Markup.
 */
export function tag(name, attributes, content = '') {
  const list = Object.entries(attributes).map(([key, value]) =>
    (value === null || value === undefined ? '' : ` ${key}="${escaped(typeof value === 'number' ? rounded(value) : value)}"`));
  return content === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`;
}

/** @param {string} text @param {Attributes} attributes */
export const words = (text, attributes) => tag('text', attributes, escaped(text));

/** A drawing in the page, where words beside it say what it shows. @param {import('./pictures.js').Drawing} drawing */
export const inline = ({ width, height, content }) =>
  tag('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, content);

/** Half the height of lower case letters: from the middle of a line of text to its baseline. */
export const MIDDLE = 0.35;

/**
 * Labels with a mark before each, in as many rows as they need.
 * @param {{ text: string, mark: (x: number, y: number) => string, markWidth: number }[]} items `mark` draws around
 *   the middle of its left side.
 * @param {{ width: number, size: number, color: string, measure?: (text: string) => number }} options
 * @returns {{ content: string, height: number }}
 */
export function legend(items, { width, size, color, measure = (text) => widthOf(text, size) }) {
  const [rowHeight, gap, space] = [1.5 * size, 1.4 * size, 0.5 * size];
  let [x, row] = [0, 0];
  const content = items.map(({ text, mark, markWidth }) => {
    const length = markWidth + space + measure(text);
    if (x > 0 && x + length > width) [x, row] = [0, row + 1];
    const y = (row + 0.5) * rowHeight;
    const item = mark(x, y) + words(text, { x: x + markWidth + space, y: y + MIDDLE * size, 'font-size': size, fill: color });
    x += length + gap;
    return item;
  }).join('');
  return { content, height: items.length ? (row + 1) * rowHeight : 0 };
}

/** About the width of words in a font without serifs, rather too much. @param {string} text @param {number} size */
export const widthOf = (text, size) => 0.56 * size * text.length;

/**
 * Words in lines that are no longer than a width. What has no place to break stays whole.
 * @param {string} text @param {number} width @param {number} size @returns {string[]}
 */
export function lines(text, width, size) {
  /** @type {string[]} */
  const broken = [''];
  for (const word of text.split(' ')) {
    const last = broken[broken.length - 1];
    if (last === '') broken[broken.length - 1] = word;
    else if (widthOf(`${last} ${word}`, size) > width) broken.push(word);
    else broken[broken.length - 1] = `${last} ${word}`;
  }
  return broken;
}
