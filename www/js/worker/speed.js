// How fast this computer is.

/** @typedef {import('../run/run.js').Choice} Choice */

/** Steps that are timed: about 0.1 s of the default run. */
const STEPS = 10;

/**
 * Billions of operations a second in the matrix products of a network's steps.
 * @param {import('./handle.js').Handle} handle A worker that has nothing else to do.
 * @param {Choice} choice
 */
async function timed(handle, choice) {
  let gflops = 0;
  // The first time, the browser is still translating the wasm.
  for (let time = 0; time < 2; time += 1) {
    const { stepMillis, stepGflop } = await handle.test(choice, STEPS);
    gflops = Math.max(gflops, (stepGflop / stepMillis) * 1000);
  }
  return gflops;
}

/**
 * Times a few steps of a network while nothing else is to do.
 * @param {Pick<import('./client.js').Client, 'active' | 'live' | 'line' | 'store'>} client @param {Choice} choice
 */
export async function measure({ active, live, line, store }, choice) {
  if (active.backend !== 'cpu' || active.program !== 'fused' || live.status === 'running' || line.waiting.length > 0) return;
  const gflops = await timed(active, choice);
  if (gflops > 0 && Number.isFinite(gflops)) store.dispatch({ type: 'speed', gflops });
}
