// Lets time move by itself, a step a frame.

import { browserFrames } from './run/store.js';
import { duration, millisUntil, stepAfter, stretches } from './run/timeline.js';

/** A page that was hidden goes on where it was. */
const GAP_MILLIS = 100;

/**
 * @param {import('./run/state.js').Store} store
 * @param {import('./run/store.js').Frames} [frames]
 */
export function createPlayer({ get, dispatch }, frames = browserFrames) {
  let request = 0;

  /** Time moves from the step that is shown to the end, or from the beginning if it is at the end. */
  function play() {
    const { run } = get();
    if (run.frames.length < 2) return;
    frames.cancel(request);
    const course = stretches(run);
    const whole = duration(course);
    const from = run.scrub ?? 0;
    let passed = from >= run.frames[run.frames.length - 1].step ? 0 : millisUntil(course, from);
    /** @type {number | null} */
    let last = null;
    dispatch({ type: 'playing', playing: true });
    dispatch({ type: 'moved', step: stepAfter(course, passed) });
    const tick = (/** @type {number} */ now) => {
      if (!get().playing) return;
      passed += last === null ? 0 : Math.min(now - last, GAP_MILLIS);
      last = now;
      const over = passed >= whole;
      dispatch({ type: 'moved', step: over ? null : stepAfter(course, passed) });
      if (!over) request = frames.request(tick);
    };
    request = frames.request(tick);
  }

  return {
    play,
    stop: () => dispatch({ type: 'playing', playing: false }),
    destroy: () => frames.cancel(request),
  };
}
