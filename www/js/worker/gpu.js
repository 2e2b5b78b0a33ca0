// Whether WebGPU can be trusted and is worth it.

import { limit } from '../run/limit.js';

/** @typedef {import('./handle.js').Handle} Handle */
/** @typedef {import('./protocol.js').Program} Program */
/** @typedef {import('./protocol.js').Tested} Tested */

/** Time for a device to be found, once the wasm has arrived. */
const START_MILLIS = 15_000;
/** Time for the self-test, which compiles every shader. */
const TEST_MILLIS = 180_000;
/** Largest relative difference of a loss between the two devices. */
const TOLERANCE = 1e-3;

/** Small enough for a software renderer, and every kernel of a larger network. */
const TEST_SETTINGS = { modulus: '23', width: '32', batch: '128', trainFraction: '0.5', warmup: '1' };
/** That each program trains in its own way. @param {Program} program */
const testConfig = (program) => ({
  preset: null,
  settings: { ...TEST_SETTINGS, kernels: program === 'reference' ? 'plain' : 'fused' },
});

/**
 * A GPU worker that has trained a small network like the CPU does, or the reason why not.
 * @param {Handle} cpu
 * @param {Program} program
 * @param {() => Handle} spawn A worker on the card that runs the program.
 * @returns {Promise<Handle>}
 */
export async function raiseGpu(cpu, program, spawn) {
  const why = await cpu.send({ type: 'probe', program });
  if (why) throw new Error(why);
  const gpu = spawn();
  try {
    await gpu.loaded;
    await limit(gpu.ready, START_MILLIS, 'the graphics card did not start');
    const both = Promise.all([cpu.test(testConfig(program)), gpu.test(testConfig(program))]);
    const [expected, actual] = await limit(both, TEST_MILLIS, 'the self-test did not end');
    const difference = worstDifference(expected, actual);
    if (!(difference <= TOLERANCE)) {
      throw new Error(`its self-test differs from the CPU by ${difference.toPrecision(2)}`);
    }
    return gpu;
  } catch (error) {
    gpu.terminate();
    throw error;
  }
}

/** Largest relative difference of the losses. @param {Tested} expected @param {Tested} actual */
export function worstDifference(expected, actual) {
  if (expected.losses.length !== actual.losses.length) return Infinity;
  const differences = expected.losses.map(
    (loss, index) => Math.abs(actual.losses[index] - loss) / Math.max(Math.abs(loss), 1e-6),
  );
  // Math.max would let a NaN through as NaN, which no comparison accepts: that is wanted.
  return Math.max(...differences);
}
