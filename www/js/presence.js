// A demo in somebody else's page trains while it is seen.

import { liveRun } from './run/state.js';

/**
 * @param {Pick<import('./demo.js').Demo, 'store' | 'actions' | 'shown' | 'trainsOn' | 'signal'>} demo
 * @param {{ root: Element, page?: Document }} where
 */
export function createPresence({ store, actions, shown, trainsOn, signal }, { root, page = document }) {
  const { autoplay, whenHidden } = store.get().page;
  /** As the browser says, once it has. */
  let isNear = false;
  /** As the page around says, which knows what it hides. */
  let isShown = true;
  let isSeen = false;
  /** Whether it begins by itself, and has not yet. */
  let isNew = autoplay === 'visible';
  /** Steps that were asked for end where they were promised. */
  let stepping = 0;

  async function goOn() {
    await shown.catch(() => {});
    if (!isSeen || !(isNew || store.get().resting)) return;
    const begins = isNew ? trainsOn() : true;
    stay();
    const trains = await begins;
    if (store.get().run.recording) actions.play();
    else if (trains) await actions.run();
    // It may have gone while it began.
    rest();
  }

  function rest() {
    if (isSeen || whenHidden !== 'pause') return;
    const state = store.get();
    // A pause that a reader has asked for is the reader's, though the worker has not come to it.
    const trains = liveRun(state).status === 'running' && stepping === 0 && !state.pausing;
    if (!state.playing && !trains) return;
    if (state.playing) actions.stop();
    if (trains) actions.pause();
    store.dispatch({ type: 'resting', resting: true });
  }

  /** It stands still until it is asked to run. */
  function stay() {
    isNew = false;
    if (store.get().resting) store.dispatch({ type: 'resting', resting: false });
  }

  function look() {
    const now = isNear && isShown && !page.hidden;
    if (now === isSeen) return;
    isSeen = now;
    if (isSeen) goOn();
    else rest();
  }

  const observer = new IntersectionObserver((entries) => {
    isNear = entries[entries.length - 1].isIntersecting;
    look();
  });
  observer.observe(root);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  page.addEventListener('visibilitychange', look, { signal });

  return {
    /** Whether it is seen, as far as the page around knows. @param {boolean} value */
    show(value) {
      isShown = value;
      look();
    },
    /** What was asked for may have begun unseen. @template T @param {Promise<T>} asked */
    async began(asked) {
      const result = await asked;
      rest();
      return result;
    },
    /** @template T @param {() => Promise<T>} step */
    async during(step) {
      stepping += 1;
      try {
        return await step();
      } finally {
        stepping -= 1;
      }
    },
    stay,
  };
}
