// Asks what is left of the network without the parts that are taken away, while that is looked at.

import { networkOf } from './run/network.js';
import { present } from './run/parts.js';

/** Training goes on for so many times as long as an answer takes: looking costs less than 5 % of its steps. */
const REST = 20;
/** A refusal that names a part. */
const NAMED = /^`([^`]+)`/;

/**
 * Asks when a reader takes something away or puts it back, and again when the network is another; one question at a
 * time, the newest next.
 * @param {Pick<ReturnType<typeof import('./run/store.js').createStore<import('./run/state.js').State,
 *   import('./run/state.js').Action>>, 'get' | 'dispatch' | 'on'>} store
 * @param {(cut: import('./run/cut.js').Cut) => Promise<unknown>} ask Its answer comes as an event.
 * @param {() => number} [now] In milliseconds.
 */
export function createAblation(store, ask, now = () => performance.now()) {
  let asking = false;
  let rested = 0;
  /** An answer, without the steps that it waits for. */
  let quickest = Infinity;
  /** What the last question was of. @type {unknown[]} */
  let asked = [];

  async function look() {
    if (asking) return;
    const { page: { view, cut }, open, run: shown } = store.get();
    // The next worker of a recording's network has heard no question.
    if (shown.stopped) {
      asked = [];
      return;
    }
    const run = networkOf(shown);
    const { latest, missing, recording, status, started } = run;
    const { parts, fill } = present(cut, missing);
    const isSeen = open === 'cut' || view.includes('cut');
    if (!isSeen || parts.length === 0 || recording || !started || !latest || status === 'failed') return;
    const question = [parts.join(), fill, started, latest];
    const [isSamePart, isSameFill, isSameRun, isSameNetwork] = question.map((value, at) => value === asked[at]);
    const isSame = isSamePart && isSameFill && isSameRun;
    if (isSame && (isSameNetwork || (status === 'running' && now() < rested))) return;
    asking = true;
    asked = question;
    if (!isSame) quickest = Infinity;
    const begun = now();
    try {
      await ask({ parts, fill });
    } catch (error) {
      const { code, message } = /** @type {import('./run/refused.js').Refused} */ (error);
      // What was interrupted is asked again when there is another picture; that a worker is lost is said where it is missed.
      const part = NAMED.exec(message)?.[1] ?? '';
      if (code === 'command' && parts.includes(part)) store.dispatch({ type: 'missed', part, why: message });
      else if (code !== 'interrupted' && code !== 'lost') store.dispatch({ type: 'missed', part: '', why: message });
    }
    asking = false;
    quickest = Math.min(quickest, now() - begun);
    rested = now() + REST * quickest;
    look();
  }

  store.on(look);
  look();
}
