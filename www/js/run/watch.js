// What of a network is looked at.

/** @typedef {import('../worker/protocol.js').Watch} Watch */

/** Nothing, and what costs nothing. @type {Watch} */
export const UNWATCHED = {
  structure: false, sharpness: false, gauge: false, points: null, inside: null, parts: false, clock: false,
};

/** What a recording keeps, beside points. @type {Watch} */
export const RECORDED = { ...UNWATCHED, structure: true, sharpness: true, gauge: true };
