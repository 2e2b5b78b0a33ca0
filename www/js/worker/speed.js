// How fast this computer is.

/** Steps that are timed: about 0.1 s of the default run. */
const STEPS = 10;

/**
 * Billions of operations a second in the matrix products of a network's steps.
 * @param {import('./handle.js').Handle} handle A worker that has nothing else to do.
 * @param {import('../run/run.js').Choice} choice
 */
export async function timed(handle, choice) {
  let gflops = 0;
  // The first time, the browser is still translating the wasm.
  for (let time = 0; time < 2; time += 1) {
    const { stepMillis, stepGflop } = await handle.test(choice, STEPS);
    gflops = Math.max(gflops, (stepGflop / stepMillis) * 1000);
  }
  return gflops;
}
