// Colours of neurons: of the wave that they are tuned to, or of none.

import { hue, ramp } from './ramp.js';

/**
 * @param {HTMLElement} root Whose colours hold.
 * @param {Map<number, number>} slots Of waves, the numbers of their colours.
 */
export function tintsOf(root, slots) {
  const style = getComputedStyle(root);
  const [paper, ink, plain, blue] = ['--paper', '--ink', '--train', '--stroke-1'].map((name) => style.getPropertyValue(name).trim());
  const gray = ramp(paper, plain, ink);
  const waves = new Map([...slots].map(([wave, slot]) => [wave, ramp(paper, hue(slot), ink)]));
  return {
    /** @param {number | null} wave Null of a neuron that is not tuned. */
    of: (wave) => (wave === null ? gray : waves.get(wave) ?? gray),
    attention: ramp(paper, blue, ink, 0.85, 0.25),
    ink,
  };
}

/** A wave's colour, or that of neurons that are not tuned. @param {Map<number, number>} slots @param {number | null} wave */
export function colorOf(slots, wave) {
  const slot = wave === null ? undefined : slots.get(wave);
  return slot === undefined ? 'var(--outline)' : hue(slot);
}
