// What is timed: each network as our settings and as the peers' shapes.

/**
 * @typedef {object} Network
 * @property {string} id
 * @property {string} title
 * @property {Record<string, string>} settings Ours.
 * @property {Shape} shape Theirs.
 * @property {number} steps Timed in one go, after a few that are not.
 * @property {number} plainSteps The same for the reference, which is slower.
 * @property {boolean} everywhere Whether Firefox and WebKit train it too.
 *
 * @typedef {object} Shape
 * @property {number} symbols
 * @property {number} positions
 * @property {number} layers
 * @property {number} width
 * @property {number} heads
 * @property {'none' | 'pre' | 'post'} norm
 * @property {boolean} bias Of the MLP.
 * @property {boolean} sinusoidal Positions are not learned.
 * @property {number} batch
 * @property {boolean} lastOnly The last layer's MLP at the last position alone.
 */

const BASE = { modulus: '97', split: 'cells', width: '128', weightDecay: '1', trainFraction: '0.5', norm: 'pre' };
/** @type {Shape} */
const SHAPE = {
  symbols: 97, positions: 4, layers: 1, width: 128, heads: 4, norm: 'pre', bias: true,
  sinusoidal: false, batch: 512, lastOnly: false,
};

/** @type {Network[]} */
export const NETWORKS = [
  {
    id: 'one-layer',
    title: '1 layer, d 128, batch 512',
    settings: { ...BASE, batch: '512' },
    shape: SHAPE,
    steps: 40,
    plainSteps: 4,
    everywhere: true,
  },
  {
    id: 'two-layers',
    title: '2 layers, d 128, batch 512',
    settings: { ...BASE, batch: '512', layers: '2' },
    shape: { ...SHAPE, layers: 2 },
    steps: 20,
    plainSteps: 3,
    everywhere: false,
  },
  {
    id: 'paper',
    title: "the paper's 2 layers (post-norm), d 128, batch 512",
    settings: {
      ...BASE, batch: '512', layers: '2', norm: 'post', bias: 'none', positions: 'sinusoidal', initializer: 'pytorch',
    },
    shape: { ...SHAPE, layers: 2, norm: 'post', bias: false, sinusoidal: true },
    steps: 20,
    plainSteps: 3,
    everywhere: false,
  },
  {
    id: 'small',
    title: '1 layer, d 64, p 53, batch 512',
    settings: { ...BASE, batch: '512', modulus: '53', width: '64' },
    shape: { ...SHAPE, symbols: 53, width: 64 },
    steps: 100,
    plainSteps: 6,
    everywhere: false,
  },
  {
    id: 'full-batch',
    title: '1 layer, d 128, full batch 4705',
    settings: { ...BASE, batch: 'full' },
    shape: { ...SHAPE, batch: 4705 },
    steps: 8,
    plainSteps: 1,
    everywhere: false,
  },
  {
    id: 'nanda',
    title: 'Nanda et al., p 113, no norm, full batch 3831',
    settings: {
      ...BASE, batch: 'full', modulus: '113', trainFraction: '0.3', norm: 'none', prompt: 'x-y-eq',
    },
    shape: {
      ...SHAPE, symbols: 113, positions: 3, norm: 'none', batch: 3831, lastOnly: true,
    },
    steps: 8,
    plainSteps: 1,
    everywhere: true,
  },
];

/** What TensorFlow.js and software WebGPU can do in a minute. */
export const TINY = {
  settings: {
    modulus: '23', width: '32', split: 'cells', trainFraction: '0.5', norm: 'pre', batch: '256', weightDecay: '1',
  },
  shape: { ...SHAPE, symbols: 23, width: 32, batch: 256 },
};
