// The names of symbols along a table's sides.

import { ticksOf } from './cells.js';
import { changes } from './changes.js';
import { element } from './dom.js';

/** @param {HTMLElement} frame Of a table; they come before what is in it. */
export function createAxes(frame) {
  const across = element('div', { className: 'axis across', 'aria-hidden': 'true' });
  const down = element('div', { className: 'axis down', 'aria-hidden': 'true' });
  frame.prepend(across, down);
  const named = changes();

  return {
    /** @param {string[]} symbols */
    name(symbols) {
      if (!named(symbols)) return;
      const { ticks, letterAt } = ticksOf(symbols);
      for (const [axis, name] of /** @type {const} */ ([[across, 'y'], [down, 'x']])) {
        const letter = element('i', {}, name);
        const place = (/** @type {HTMLElement} */ node, /** @type {number} */ at) => {
          node.style[axis === across ? 'left' : 'top'] = `${(100 * (at + 0.5)) / symbols.length}%`;
          return node;
        };
        axis.replaceChildren(place(letter, letterAt), ...ticks.map(({ symbol, at }) => place(element('span', {}, symbol), at)));
      }
    },
  };
}
