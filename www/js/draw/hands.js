// Clocks beside one another whose hands are dragged, or moved by keys on the first of them.

import { changes } from './changes.js';
import { element, write } from './dom.js';
import { SIDE, handsOf, knobAt, ringOf } from './faces.js';

/** @typedef {'x' | 'y'} Hand */
/**
 * @typedef {object} Clockwork
 * @property {import('./faces.js').Ring} ring Another object when anything of it is another.
 * @property {import('./faces.js').Hands} hands
 * @property {string} name
 * @property {string} off
 */
/** What is told of a hand. @typedef {{ now: number, most: number, text: string }} Told */

/** Symbols that a key moves a hand by. @type {Record<string, number>} */
const KEYS = {
  ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity,
};
const NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * @param {HTMLElement} root Where it is appended.
 * @param {{ label: string, hands: Record<Hand, string>, turn: (hand: Hand, angle: number, face: number) => void,
 *   step: (hand: Hand, by: number) => void }} options `turn` is to an angle on a face.
 */
export function createHands(root, { label, hands: names, turn, step }) {
  const list = element('div', { className: 'faces', role: 'group', 'aria-label': label });
  root.append(list);

  /** @param {number} at */
  function createFace(at) {
    const picture = document.createElementNS(NAMESPACE, 'svg');
    picture.setAttribute('viewBox', `0 0 ${SIDE} ${SIDE}`);
    picture.setAttribute('aria-hidden', 'true');
    const [ring, hands] = [0, 1].map(() => document.createElementNS(NAMESPACE, 'g'));
    picture.append(ring, hands);
    const dial = element('div', { className: 'face-dial' });
    const knobs = /** @type {Record<Hand, HTMLElement>} */ (Object.fromEntries(
      /** @type {Hand[]} */ (['x', 'y']).map((hand) => [hand, createKnob(hand, at, dial)])));
    dial.append(picture, knobs.y, knobs.x);
    const [name, off] = [element('strong', {}), element('span', {})];
    return {
      node: element('figure', { className: 'face' }, dial, element('figcaption', {}, name, off)),
      ring, hands, knobs, name, off, changed: changes(),
    };
  }

  /** @param {Hand} hand @param {number} at @param {HTMLElement} dial */
  function createKnob(hand, at, dial) {
    // One clock is enough for keys and for who hears it: the others show the same pair.
    const reached = at === 0 ? { tabIndex: 0, role: 'slider', 'aria-label': names[hand], 'aria-valuemin': '0' } : { 'aria-hidden': 'true' };
    const knob = element('span', { className: `knob of-${hand}`, ...reached }, element('i', {}, hand));
    const drag = (/** @type {PointerEvent} */ event) => {
      const { left, top, width, height } = dial.getBoundingClientRect();
      turn(hand, Math.atan2(event.clientX - left - width / 2, top + height / 2 - event.clientY), at);
    };
    knob.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      knob.setPointerCapture(event.pointerId);
      knob.classList.add('held');
    });
    knob.addEventListener('pointermove', (event) => {
      if (knob.hasPointerCapture(event.pointerId)) drag(event);
    });
    for (const name of ['pointerup', 'pointercancel']) knob.addEventListener(name, () => knob.classList.remove('held'));
    knob.addEventListener('keydown', (event) => {
      const by = KEYS[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      step(hand, by);
    });
    return knob;
  }

  /** @type {ReturnType<typeof createFace>[]} */
  const faces = [];
  return {
    element: list,
    /** @param {Clockwork[]} clocks @param {Record<Hand, Told>} told @param {import('./faces.js').Colors} colors */
    draw(clocks, told, colors) {
      while (faces.length < clocks.length) {
        faces.push(createFace(faces.length));
        list.append(faces[faces.length - 1].node);
      }
      faces.forEach(({ node }, at) => {
        node.hidden = at >= clocks.length;
      });
      clocks.forEach(({ ring, hands, name, off }, at) => {
        const face = faces[at];
        if (face.changed(ring, ...Object.values(colors))) face.ring.innerHTML = ringOf(ring, colors);
        face.hands.innerHTML = handsOf(hands, colors);
        write(face.name, name);
        write(face.off, off);
        for (const hand of /** @type {Hand[]} */ (['x', 'y'])) {
          const { style } = face.knobs[hand];
          const [left, top] = knobAt(hand, hands[hand]);
          style.left = `${100 * left}%`;
          style.top = `${100 * top}%`;
        }
      });
      for (const hand of /** @type {Hand[]} */ (['x', 'y'])) {
        const knob = faces[0]?.knobs[hand];
        if (!knob) continue;
        knob.setAttribute('aria-valuenow', String(told[hand].now));
        knob.setAttribute('aria-valuemax', String(told[hand].most));
        knob.setAttribute('aria-valuetext', told[hand].text);
      }
    },
  };
}
