// A row of bars, with the numbers as text.

import { changes } from './changes.js';
import { element, write } from './dom.js';
import { createValues } from './values.js';

/** @typedef {{ label: string, value: number, strong: boolean }} Bar */

/** Bars that are named one by one, at most. */
const NAMED_MAX = 20;

/** @param {HTMLElement} root @param {[string, string]} head What a bar is, and what its height is. */
export function createBars(root, head) {
  const picture = element('div', { className: 'bars', role: 'img' });
  root.append(picture);
  const values = createValues(root);
  const changed = changes();

  return {
    /** @param {string} label @param {Bar[]} next */
    draw(label, next) {
      if (!changed(label, ...next.flatMap((bar) => [bar.label, bar.value, bar.strong]))) return;
      const strong = next.filter((bar) => bar.strong && bar.label.trim()).map((bar) => `${bar.label}: ${bar.value.toFixed(2)}`);
      picture.setAttribute('aria-label', `${label}. ${strong.length ? `Strong are ${strong.join(', ')}` : 'None stands out'}.`);
      const highest = Math.max(...next.map(({ value }) => value), 1e-9);
      while (picture.children.length > next.length) picture.lastElementChild?.remove();
      while (picture.children.length < next.length) picture.append(element('span', {}, element('i', {}), element('b', {})));
      next.forEach((bar, at) => {
        const node = /** @type {HTMLElement} */ (picture.children[at]);
        const [column, name] = /** @type {HTMLElement[]} */ (/** @type {unknown} */ (node.children));
        column.style.height = `${(100 * bar.value) / highest}%`;
        node.className = bar.strong ? 'strong' : '';
        write(name, bar.strong || next.length < NAMED_MAX ? bar.label : '');
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
