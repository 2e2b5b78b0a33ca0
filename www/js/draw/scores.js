// How much several networks get right, beside one another: of what they are trained on, and of what is held out.

import { changes } from './changes.js';
import { element } from './dom.js';

/**
 * @typedef {{ right: number, of: number, loss: number }} Score
 * @typedef {{ train: Score, heldOut: Score }} Scores
 */

/**
 * @param {HTMLElement} root Where it is appended.
 * @param {{ caption: string, sides: [string, string], columns: [string, string],
 *   right: (score: Score) => [string, string], loss: (score: Score) => string }} words
 */
export function createScores(root, { caption, sides, columns, right, loss }) {
  const body = element('tbody', {});
  const empty = () => element('td', {});
  const table = element('table', { className: 'scores' },
    element('caption', {}, caption),
    element('thead', {},
      element('tr', {}, empty(), ...sides.map((side) => element('th', { scope: 'colgroup', colSpan: 2 }, side))),
      element('tr', {}, empty(), ...sides.flatMap(() => columns.map((column) => element('th', { scope: 'col' }, column))))),
    body);
  // It may be wider than a phone.
  const frame = element('div', { className: 'wide', tabIndex: 0, role: 'region', 'aria-label': caption }, table);
  root.append(frame);
  const changed = changes();

  return {
    element: frame,
    /** @param {[string, Scores][]} rows */
    show(rows) {
      if (!changed(...rows.flat())) return;
      body.replaceChildren(...rows.map(([name, { train, heldOut }]) => element('tr', {},
        element('th', { scope: 'row' }, name),
        ...[train, heldOut].flatMap((score) => {
          const [share, counted] = right(score);
          return [element('td', {}, element('b', {}, share), ' ', element('small', {}, counted)), element('td', {}, loss(score))];
        }))));
    },
  };
}
