// Colours of up to six lines in one chart, by the names that the style sheet gives them.

/** More lines than these cannot be told apart. */
export const STROKES_MAX = 6;

/** @param {number} count @returns {string[]} */
export const strokes = (count) =>
  Array.from({ length: count }, (_, at) => `--stroke-${1 + (at % STROKES_MAX)}`);
