// Whether a worker of this browser can train on a graphics card, asked before anything is loaded for it.

/**
 * Why not, or null if it can.
 * @param {any} gpu The worker's `navigator.gpu`.
 * @param {import('./protocol.js').Program} program That would train there.
 * @returns {Promise<string | null>}
 */
export async function probe(gpu, program) {
  if (!gpu) return 'this browser has no WebGPU in workers';
  // The card that wgpu will ask for.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return 'there is no usable graphics card';
  // Without it burn's runtime panics when it starts. The hand-written kernels measure nothing.
  if (program === 'reference' && !adapter.features.has('timestamp-query')) {
    return 'the reference kernels need a graphics card with `timestamp-query`, which this one does not offer';
  }
  return null;
}
