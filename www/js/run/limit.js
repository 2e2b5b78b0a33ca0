// What is waited for, but not for ever.

/**
 * @template T
 * @param {Promise<T>} promise @param {number} millis @param {string} why What is said when it takes longer.
 * @returns {Promise<T>}
 */
export function limit(promise, millis, why) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${why} within ${millis / 1000} seconds`)),
      millis,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
