// One part of the page that fails does not stop the others.

/**
 * @param {(text: string) => void} report Told once of each part.
 * @returns {<T>(name: string, act: () => T) => T | null}
 */
export function createGuard(report) {
  /** @type {Set<string>} */
  const failed = new Set();
  return (name, act) => {
    try {
      return act();
    } catch (error) {
      if (!failed.has(name)) {
        failed.add(name);
        report(`The part of the page called ${name} cannot be drawn: ${/** @type {Error} */ (error).message}.`);
      }
      return null;
    }
  };
}
