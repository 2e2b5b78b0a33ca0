// The numbers of a picture as a table, for whoever does not see the picture or wants them.

import { element } from './dom.js';

/** @typedef {{ caption: string, head: string[], rows: string[][] }} Values */

/** @param {HTMLElement} root Where it is appended. */
export function createValues(root) {
  const table = element('table', {});
  const details = element('details', { className: 'chart-values' }, element('summary', {}, 'Values'), table);
  root.append(details);
  /** @type {() => Values} */
  let values = () => ({ caption: '', head: [], rows: [] });
  const fill = () => {
    if (!details.open) return;
    const { caption, head, rows } = values();
    table.replaceChildren(
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
      element('tbody', {}, ...rows.map(([name, ...others]) =>
        element('tr', {}, element('th', { scope: 'row' }, name), ...others.map((text) => element('td', {}, text))))),
    );
  };
  details.addEventListener('toggle', fill);

  return {
    element: details,
    /** @param {() => Values} next Asked only while the table is open. */
    show(next) {
      values = next;
      fill();
    },
  };
}
