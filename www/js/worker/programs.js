// The programs that a worker can run, and how large they are. The page and the worker both ask.

/** @typedef {import('./protocol.js').Place} Place */

/** A module with one instruction of relaxed SIMD, which has fused multiply-add: a browser without
 * it refuses a module that names it anywhere. */
const RELAXED_SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15,
  65, 2, 253, 15, 253, 128, 2, 11,
];
const FUSED = WebAssembly.validate(new Uint8Array(RELAXED_SIMD)) ? 'worker_relaxed' : 'worker';

/** The name of the wasm, which the fused kernels share on both. @param {Place} place */
export function fileOf({ backend, program }) {
  if (program === 'fused') return FUSED;
  return backend === 'webgpu' ? 'worker_reference_gpu' : 'worker_reference';
}

/**
 * Its bytes before a host compresses them, as the build has written them into the page; null where
 * it has not, as while it is developed. A response does not say: its length is the compressed one.
 * @param {Place} place @returns {number | null}
 */
export function sizeOf(place) {
  const sizes = globalThis.document?.querySelector('meta[name="sizes"]')?.getAttribute('content') ?? '';
  const own = sizes.split(' ').find((size) => size.startsWith(`${fileOf(place)}=`));
  return own ? Number(own.slice(own.indexOf('=') + 1)) : null;
}
