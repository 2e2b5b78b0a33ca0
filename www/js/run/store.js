// One state, one way to change it: whoever listens hears of every action, whoever draws is asked at
// most once a frame.

/**
 * What draws frames: the browser, or a test.
 * @typedef {{ request: (draw: (now: number) => void) => number, cancel: (id: number) => void }} Frames
 */

/** A hidden page draws no frames; it catches up when it is seen again. @type {Frames} */
export const browserFrames = {
  request: (draw) => requestAnimationFrame(draw),
  cancel: (id) => cancelAnimationFrame(id),
};

/**
 * @template S, A
 * @param {S} initial
 * @param {(state: S, action: A) => S} reduce
 * @param {Frames} [frames]
 */
export function createStore(initial, reduce, frames = browserFrames) {
  let state = initial;
  let ended = false;
  /** @type {number | null} */
  let scheduled = null;
  /** What listeners have not heard of yet, in order. @type {[S, A, S][]} */
  const news = [];
  let telling = false;
  /** @type {Set<(state: S, action: A, before: S) => void>} */
  const listeners = new Set();
  /** @type {Set<(state: S) => void>} */
  const painters = new Set();

  function paint() {
    scheduled = null;
    for (const painter of painters) painter(state);
  }

  /** A listener may dispatch; the others still hear of every action in its order. */
  function tell() {
    if (telling) return;
    telling = true;
    try {
      for (let item = news.shift(); item; item = news.shift()) {
        for (const listener of listeners) call(listener, item);
      }
    } finally {
      telling = false;
    }
  }

  return {
    get: () => state,
    /** @param {A} action */
    dispatch(action) {
      if (ended) return;
      const before = state;
      state = reduce(before, action);
      news.push([state, action, before]);
      if (state !== before && painters.size > 0) scheduled ??= frames.request(paint);
      tell();
    },
    /**
     * At once, of every action. @param {(state: S, action: A, before: S) => void} listener
     * @returns {() => void} Ends it.
     */
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /**
     * Now, and at most once a frame in which the state has changed.
     * @param {(state: S) => void} painter @returns {() => void} Ends it.
     */
    onFrame(painter) {
      painters.add(painter);
      painter(state);
      return () => painters.delete(painter);
    },
    destroy() {
      ended = true;
      if (scheduled !== null) frames.cancel(scheduled);
      listeners.clear();
      painters.clear();
    },
  };
}

/**
 * One listener's error is reported as any uncaught one and stops nobody else.
 * @param {(...values: any[]) => void} listener @param {any[]} values
 */
function call(listener, values) {
  try {
    listener(...values);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
