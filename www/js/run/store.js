// One state, one way to change it, at most one render per frame.

/**
 * @template S, A
 * @param {S} initial
 * @param {(state: S, action: A) => S} reduce
 */
export function createStore(initial, reduce) {
  let state = initial;
  let scheduled = false;
  /** @type {Set<(state: S) => void>} */
  const subscribers = new Set();

  function render() {
    scheduled = false;
    for (const subscriber of subscribers) subscriber(state);
  }

  return {
    get: () => state,
    /** @param {A} action */
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      if (!scheduled) {
        scheduled = true;
        // A hidden page draws no frames; it catches up when it is seen again.
        requestAnimationFrame(render);
      }
    },
    /** @param {(state: S) => void} subscriber */
    subscribe(subscriber) {
      subscribers.add(subscriber);
      subscriber(state);
    },
  };
}
