// The one way to ask whether anything has changed since the last time.

/**
 * Gives a question that is answered with yes if any of its values is another than when it was last
 * asked. Values are compared by identity: state is replaced, never altered.
 * @returns {(...values: unknown[]) => boolean}
 */
export function changes() {
  /** @type {unknown[] | null} */
  let before = null;
  return (...values) => {
    const same = before?.length === values.length && values.every((value, at) => Object.is(value, before?.[at]));
    before = values;
    return !same;
  };
}
