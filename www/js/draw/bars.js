// A row of bars, with the numbers as text.

import { changes } from './changes.js';
import { element, write } from './dom.js';
import { savable } from './pictures.js';
import { createValues } from './values.js';

/** @typedef {{ label: string, value: number, strong: boolean }} Bar */

/** What strong bars are, and the others. @typedef {[string, string]} Key */

/** Bars that are named one by one, at most. */
const NAMED_MAX = 20;

/** @param {HTMLElement} root @param {[string, string]} head What a bar is, and what its height is. */
export function createBars(root, head) {
  const picture = element('div', { className: 'bars', role: 'img' });
  const marks = /** @type {const} */ (['bar strong', 'bar']).map((className) => {
    const words = element('span', {});
    return { words, item: element('span', {}, element('i', { className }), words) };
  });
  const legend = element('p', { className: 'key', hidden: true }, ...marks.map(({ item }) => item));
  /** @type {{ label: string, bars: Bar[], key: Key | null }} */
  let drawn = { label: '', bars: [], key: null };
  const nameOf = (/** @type {Bar} */ bar) => (bar.strong || drawn.bars.length < NAMED_MAX ? bar.label : '');
  const save = savable(picture, {
    title: () => drawn.label,
    name: 'spectrum',
    ofRun: true,
    async draw() {
      const { clientWidth: width, clientHeight: height } = picture;
      if (drawn.bars.length === 0 || width === 0) return null;
      const style = getComputedStyle(picture);
      const [ink, strong, quiet, line] = ['--train', '--held-out', '--quiet', '--line'].map((name) => style.getPropertyValue(name).trim());
      const { drawBars } = await import('./bars-svg.js');
      return drawBars(drawn.bars, nameOf, drawn.key, { width, height, ink, strong, quiet, line });
    },
  });
  root.append(legend, picture);
  const values = createValues(root);
  values.element.before(save);
  const changed = changes();

  return {
    /** @param {string} label @param {Bar[]} next @param {Key | null} [key] */
    draw(label, next, key = null) {
      if (!changed(label, ...key ?? [], ...next.flatMap((bar) => [bar.label, bar.value, bar.strong]))) return;
      const strong = next.filter((bar) => bar.strong && bar.label.trim()).map((bar) => `${bar.label}: ${bar.value.toFixed(2)}`);
      drawn = { label, bars: next, key };
      legend.hidden = !key;
      marks.forEach(({ words }, at) => write(words, key?.[at] ?? ''));
      picture.setAttribute('aria-label', `${label}. ${strong.length ? `Strong are ${strong.join(', ')}` : 'None stands out'}.`);
      const highest = Math.max(...next.map(({ value }) => value), 1e-9);
      while (picture.children.length > next.length) picture.lastElementChild?.remove();
      while (picture.children.length < next.length) picture.append(element('span', {}, element('i', {}), element('b', {})));
      next.forEach((bar, at) => {
        const node = /** @type {HTMLElement} */ (picture.children[at]);
        const [column, name] = /** @type {HTMLElement[]} */ (/** @type {unknown} */ (node.children));
        column.style.height = `${(100 * bar.value) / highest}%`;
        node.className = bar.strong ? 'strong' : '';
        write(name, nameOf(bar));
        node.title = `${bar.label}: ${bar.value.toFixed(3)}`;
      });
      values.show(() => ({
        caption: label,
        head,
        rows: next.filter((bar) => bar.label.trim() !== '').map((bar) => [bar.label, bar.value.toFixed(3)]),
      }));
    },
  };
}
