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
  /** Whether it goes on when it is seen. */
  let waits = autoplay === 'visible';
  /** Whether it has not been asked yet if it begins by itself. */
  let isNew = waits;
  /** Steps that were asked for end where they were promised. */
  let stepping = 0;

  async function goOn() {
    await shown.catch(() => {});
    if (!waits || !isSeen) return;
    waits = false;
    store.dispatch({ type: 'resting', resting: false });
    const begins = !isNew || (await trainsOn());
    isNew = false;
    if (store.get().run.recording) actions.play();
    else if (begins) await actions.run();
    // It may have gone while it began.
    rest();
  }

  function rest() {
    if (isSeen || whenHidden !== 'pause') return;
    const state = store.get();
    const trains = liveRun(state).status === 'running' && stepping === 0;
    if (!state.playing && !trains) return;
    waits = true;
    store.dispatch({ type: 'resting', resting: true });
    if (state.playing) actions.stop();
    if (trains) actions.pause();
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
    /** It stands still until it is asked to run. */
    stay() {
      waits = false;
      if (store.get().resting) store.dispatch({ type: 'resting', resting: false });
    },
  };
}
