// Colours of one quantity, from little to much, over the paper.

import { cssPalette } from './palette.js';

/** The angle after which hues are as far from all before them as they can be, in degrees. */
const GOLDEN = 137.508;
const FIRST_HUE = 215;
const HUES = cssPalette(360);

/** One of many colours that are told apart, by its number from 0. @param {number} slot */
export const hue = (slot) => HUES[Math.floor(FIRST_HUE + GOLDEN * slot) % 360];

/** #RRGGBB as three bytes. @param {string} color */
const bytes = (color) => {
  const rgb = parseInt(color.trim().slice(1), 16);
  return [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
};

/** Little is nearly paper. */
const LITTLE = 0.06;
/** Where the colour is full, and how much ink is in it at the end. */
const [FULL, INK] = [0.6, 0.4];

/** @type {Map<string, Uint32Array>} */
const made = new Map();

/**
 * Colours of the bytes of a picture, as ImageData has them; that of 0, where there is nothing, is transparent.
 * @param {string} paper @param {string} color @param {string} ink #RRGGBB each.
 * @param {number} [full] @param {number} [dark]
 */
export function ramp(paper, color, ink, full = FULL, dark = INK) {
  const key = [paper, color, ink, full, dark].join(' ');
  let found = made.get(key);
  if (!found) {
    const [low, middle, high] = [paper, color, ink].map(bytes);
    found = Uint32Array.from({ length: 256 }, (_, byte) => {
      if (byte === 0) return 0;
      const share = LITTLE + (1 - LITTLE) * ((byte - 1) / 254);
      const [red, green, blue] = [0, 1, 2].map((at) => Math.round(share < full
        ? low[at] + (middle[at] - low[at]) * (share / full)
        : middle[at] + (high[at] - middle[at]) * dark * ((share - full) / (1 - full))));
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    });
    made.set(key, found);
  }
  return found;
}

/** A ramp as the steps of a legend, for a style sheet. @param {Uint32Array} colors */
export const stops = (colors) => [1, 32, 64, 96, 128, 160, 192, 224, 255].map((byte) => {
  const color = colors[byte];
  return `rgb(${color & 255} ${(color >> 8) & 255} ${(color >> 16) & 255})`;
}).join(', ');
