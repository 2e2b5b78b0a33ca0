// A clock with as many hours as the table has symbols, set to the sum of the cell that is pointed at.

import { changes } from '../draw/changes.js';
import { write } from '../draw/dom.js';
import { cssPalette } from '../draw/palette.js';
import { onClock } from '../text/story.js';
import { exampleOf } from './facts.js';
import { set, svg } from './svg.js';

/** Radii of the hours, of the arc that is added, and of words. */
const [HOURS, ARC, WORDS, ADDED] = [44, 51, 62, 65];
/** Hours between two numbers inside. */
const EVERY = 10;

/** @param {HTMLElement} root */
export function createClock(root) {
  const hours = svg('g', {});
  const numbers = svg('g', { class: 'numbers' });
  const hand = (/** @type {string} */ name) => svg('line', { class: name, x1: 0, y1: 0 });
  const [from, to] = [hand('from'), hand('to')];
  const arc = svg('path', { class: 'to' });
  const label = (/** @type {string} */ name) => svg('text', { class: name, dy: '0.35em' });
  const [start, added, answer] = [label('of-from'), label('of-to'), label('of-to')];
  const picture = svg('svg', { viewBox: '-84 -76 168 152', role: 'img' }, hours, numbers, from, to, arc, start, added, answer);
  const words = document.createElement('p');
  root.replaceChildren(picture, words);
  root.className = 'story-figure of-clock';
  const dialled = changes();
  const changed = changes();

  /** @param {number} p @param {ArrayLike<number>} order */
  function dial(p, order) {
    const colors = cssPalette(p, order);
    hours.replaceChildren(...colors.map((fill, hour) => {
      const [cx, cy] = on(hour / p, HOURS);
      return svg('circle', { cx, cy, r: 2.1, fill });
    }));
    numbers.replaceChildren(...colors.flatMap((_, hour) => {
      if (hour % EVERY !== 0) return [];
      const [x, y] = on(hour / p, HOURS - 9);
      return [svg('text', { x, y, dy: '0.35em' }, String(hour))];
    }));
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run: { started }, cursor }) {
      if (!started) return;
      const p = started.symbols.length;
      const { x, y } = cursor && cursor.x < p && cursor.y < p ? cursor : exampleOf(p);
      if (dialled(started)) dial(p, started.order);
      if (!changed(started, x, y)) return;
      const sum = (x + y) % p;
      point(from, x / p, HOURS - 16);
      point(to, sum / p, HOURS - 4);
      const [x0, y0] = on(x / p, ARC);
      const [x1, y1] = on(sum / p, ARC);
      set(arc, { d: y === 0 ? '' : `M ${x0} ${y0} A ${ARC} ${ARC} 0 ${y / p > 0.5 ? 1 : 0} 1 ${x1} ${y1}` });
      name(start, String(x), x / p, WORDS);
      name(added, y === 0 ? '' : `+ ${y}`, (x + y / 2) / p, ADDED);
      name(answer, y === 0 ? '' : String(sum), sum / p, WORDS);
      // Neighbours would lie on one another.
      answer.setAttribute('visibility', y > 0 && Math.min(y, p - y) < 2 ? 'hidden' : 'visible');
      picture.setAttribute('aria-label', onClock(x, y, p));
      write(words, onClock(x, y, p));
    },
    destroy() {
      root.replaceChildren();
    },
  };
}

/** @param {number} turn Share of a turn, from the top. @param {number} radius @returns {[number, number]} */
function on(turn, radius) {
  const angle = 2 * Math.PI * turn;
  return [round(radius * Math.sin(angle)), round(-radius * Math.cos(angle))];
}

const round = (/** @type {number} */ value) => Math.round(100 * value) / 100;

/** @param {Element} line @param {number} turn @param {number} radius */
function point(line, turn, radius) {
  const [x2, y2] = on(turn, radius);
  set(line, { x2, y2 });
}

/** @param {Element} node @param {string} text @param {number} turn @param {number} radius */
function name(node, text, turn, radius) {
  const [x, y] = on(turn, radius);
  set(node, { x, y });
  if (node.textContent !== text) node.textContent = text;
}
