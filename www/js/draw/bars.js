// A row of bars, with the numbers as text.

import { changes } from './changes.js';
import { element, write } from './dom.js';

/** @typedef {{ label: string, value: number, strong: boolean }} Bar */

/** Bars that are named one by one, and rows of the table of their values, at most. */
const NAMED_MAX = 20;

/** @param {HTMLElement} root */
export function createBars(root) {
  const picture = element('div', { className: 'bars', role: 'img' });
  const table = element('table', {});
  const values = element('details', { className: 'chart-values' }, element('summary', {}, 'Values'), table);
  root.append(picture, values);
  const changed = changes();
  /** @type {Bar[]} */
  let bars = [];
  const fill = () => {
    if (!values.open) return;
    table.replaceChildren(element('tbody', {}, ...bars.map(({ label, value }) =>
      element('tr', {}, element('th', { scope: 'row' }, label), element('td', {}, value.toFixed(3))))));
  };
  values.addEventListener('toggle', fill);

  return {
    /** @param {string} label @param {Bar[]} next */
    draw(label, next) {
      bars = next.filter((bar) => bar.label.trim() !== '');
      if (!changed(...next.flatMap((bar) => [bar.label, bar.value, bar.strong]))) return;
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
      fill();
    },
  };
}
