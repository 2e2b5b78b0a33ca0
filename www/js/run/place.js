// Where one is in the story: a chapter, and a slide of it in a lecture. The part of the address after its #.

/** Chapters of the story. */
export const CHAPTERS = 9;
const PLACE = new RegExp(`^story/([1-${CHAPTERS}])(?:/([1-9]))?$`);

/** @typedef {{ chapter: number, slide: number }} Place Both count from 1. */

/** @param {string | null} address @returns {Place | null} */
export function placeOf(address) {
  const found = PLACE.exec(address ?? '');
  return found && { chapter: Number(found[1]), slide: Number(found[2] ?? 1) };
}

/** @param {number} chapter @param {number} [slide] */
export const addressOf = (chapter, slide = 1) => `story/${chapter}${slide > 1 ? `/${slide}` : ''}`;
