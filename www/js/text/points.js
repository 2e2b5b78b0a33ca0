// What a figure says of symbols as points.

/** @type {Record<import('../run/recording.js').Projection[0], string>} */
export const MATRICES = { embedding: 'embedding', unembedding: 'output matrix' };
/** @type {Record<import('../run/recording.js').Projection[1], string>} */
export const METHODS = { pca: 'principal components', tsne: 't-SNE', fourier: 'strongest frequency' };
/** @type {Record<import('../run/recording.js').Projection[1], string>} */
export const HOW = {
  pca: 'The two directions in which the rows vary most.',
  tsne: 'Neighbours stay neighbours; distances between far points mean nothing. By the crate ' +
    'bhtsne, starting from the principal components.',
  fourier: 'Each row on the cosine and the sine of the frequency that is strongest in the matrix: ' +
    'a circle if the network has made one.',
};

export const CIRCLES = 'Circles seldom lie in that plane: those of a sum show by its strongest frequency.';
export const LOOK = 'Look for order: in the beginning the points lie anywhere; a network that has understood a sum has ' +
  'put its symbols on circles, and one that has understood a group has gathered cosets, the equal parts into which ' +
  'a smaller group inside it divides it.';

export const ROWS_OF = 'Rows of the';
export const BY = 'by';
export const COSET_OF = 'coloured by coset of';
export const STRIDE = 'joined at stride';
export const MODULO = 'coloured modulo';
export const ROUND = 'Round once';
export const ROUND_HOW = 'The stride at which the strongest frequency of the logits goes round once';

export const NOTHING = 'No points at this step';
/** @param {number} [step] */
export const atStep = (step) => `At step ${step}.`;
/** @param {number} count @param {import('../run/recording.js').Projection} projection @param {number} [step] */
export const picture = (count, [matrix, method], step) =>
  `${count} rows of the ${MATRICES[matrix]} as points, by ${METHODS[method]}, at step ${step}`;
/** @param {string} label */
export const described = (label) => `${label}. Their places are in the table of values below.`;
/** The columns of the table of values. @param {number | null} modulo @returns {string[]} */
export const columns = (modulo) => ['symbol', 'across', 'up', modulo === null ? 'coset' : `place modulo ${modulo}`];

/** @param {import('../worker/protocol.js').Subgroup} subgroup */
export function subgroup({ generators, order, coset }) {
  const parts = 1 + Math.max(...coset);
  return `⟨${generators.join(', ')}⟩: order ${order}, ${parts} cosets${parts === 2 ? ', by sign' : ''}`;
}
