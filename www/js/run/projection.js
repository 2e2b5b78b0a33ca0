// How symbols are drawn as points: as the reader chose, and before that so that circles show.

/** @typedef {import('./recording.js').Projection} Projection */

/** @type {Projection} */
const CIRCLES = ['embedding', 'fourier'];
/** What there is without frequencies, by matrix: the same value each time it is asked for. @type {Record<Projection[0], Projection>} */
const PLANES = { embedding: ['embedding', 'pca'], unembedding: ['unembedding', 'pca'] };

/**
 * A network puts the symbols of a sum on circles, which lie in the planes of its frequencies and seldom in
 * that of the principal components. Other operations have no frequencies.
 * @param {Projection | null} chosen @param {{ index: unknown[] | null } | null} started @returns {Projection}
 */
export function projectionOf(chosen, started) {
  const [matrix, method] = chosen ?? CIRCLES;
  return method === 'fourier' && !started?.index ? PLANES[matrix] : chosen ?? CIRCLES;
}
