// Strips of curves with a cursor that is swept over their places, by pointer or by a slider.

import { changes } from './changes.js';
import { element } from './dom.js';
import { colorsOf } from './faces.js';
import { watchFigure } from './figure.js';
import { savable } from './pictures.js';
import { drawStrips, heightOf, offsetAt } from './strips.js';
import { inline } from './svg.js';

/** @typedef {{ strips: import('./strips.js').Strip[], middle: string, ends: [string, string], label: string }} Content */

/**
 * @param {HTMLElement} root Where it is appended.
 * @param {{ label: string, name: string, onSweep: (offset: number) => void }} options `offset` is counted from the middle.
 */
export function createSweep(root, { label, name, onSweep }) {
  const picture = element('div', { className: 'strips', role: 'img' });
  const slider = element('input', { type: 'range', step: '1', value: '0', 'aria-label': label, oninput: () => onSweep(Number(slider.value)) });
  /** @type {Content | null} */
  let content = null;
  let cursor = 0;
  const changed = changes();
  const drawing = () => (content && watched.box && drawStrips(content.strips, {
    ...content, width: watched.box.width, colors: colorsOf(getComputedStyle(picture)), cursor,
  }));
  const save = savable(picture, { title: () => content?.label ?? '', name, ofRun: true, draw: async () => drawing() });
  const node = element('div', { className: 'sweep' }, save, picture, slider);
  root.append(node);

  const sweep = (/** @type {PointerEvent} */ event) => {
    if (!content) return;
    const { left, width } = picture.getBoundingClientRect();
    onSweep(offsetAt((event.clientX - left) / width, width, content.strips[0].values.length));
  };
  picture.addEventListener('pointermove', sweep);
  picture.addEventListener('pointerdown', sweep);
  picture.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse') onSweep(0);
  });

  function paint() {
    if (!content || !changed(content, watched.box, cursor)) return;
    picture.setAttribute('aria-label', content.label);
    const drawn = drawing();
    if (drawn) picture.innerHTML = inline(drawn);
  }
  const watched = watchFigure(picture, paint);

  return {
    element: node,
    /** @param {Content} next @param {number} at Where the cursor is. @param {string} said What is there. */
    draw(next, at, said) {
      content = next;
      cursor = at;
      // It has its height before it is seen.
      picture.style.height = `${heightOf(next.strips)}px`;
      const { length } = next.strips[0].values;
      const half = Math.floor((length - 1) / 2);
      Object.assign(slider, { min: String(-half), max: String(length - 1 - half), value: String(at) });
      slider.setAttribute('aria-valuetext', said);
      paint();
    },
    destroy() {
      watched.end();
    },
  };
}
