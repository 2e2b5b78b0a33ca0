// A worker of which something was asked, and which may never answer.

/** Between two looks at it. */
const GUARD_MILLIS = 5_000;

/**
 * Until it is done a worker without a sign of life is taken for dead; one that has nothing to do may be silent.
 * @template T @param {import('../worker/handle.js').Handle} handle @param {() => Promise<T>} act @returns {Promise<T>}
 */
export async function guarded(handle, act) {
  // How long it had nothing to do does not count.
  handle.heardAt = performance.now();
  const timer = setInterval(() => handle.loseIfSilent(), GUARD_MILLIS);
  try {
    return await act();
  } finally {
    clearInterval(timer);
  }
}
