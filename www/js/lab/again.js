// A live run that is trained again from its beginning to a step that it has passed, in a worker of its own; the page's run
// goes on meanwhile.

import { Branch } from './branch.js';
import { againRefusal, firstOther, isRounded } from '../run/again.js';
import { Refused } from '../run/refused.js';
import { programOf } from '../run/settings.js';
import { liveRun } from '../run/state.js';

/** @typedef {import('../worker/protocol.js').Snapshot} Snapshot */
/** @typedef {import('../run/again.js').Again} Again */
/** @typedef {import('../run/run.js').Run} Run */

/** @param {import('../run/state.js').Store} store */
export function createRetrainer(store) {
  /** Under way, and why it ended, if it did. @type {{ branch: Branch, why: string } | null} */
  let current = null;
  /** What was come to last: what is tried next from there need not wait. @type {{ called: string, snapshot: Snapshot } | null} */
  let last = null;

  const tell = (/** @type {Again | null} */ again) => store.dispatch({ type: 'marked', marks: { again } });
  /** @param {string} why */
  function end(why) {
    if (!current) return;
    current.why = why;
    const { branch } = current;
    current = null;
    branch.end();
    tell(null);
  }

  store.on((state, { type }, before) => {
    const isOther = type === 'begun' || type === 'restored';
    if (isOther) last = null;
    if (isOther || state.run.recording !== before.run.recording) end('another run was shown meanwhile');
    // A run that is brought back was left while it was trained again.
    if (type === 'restored' && liveRun(state).again) tell(null);
  });

  /** @param {Again['of']} of @param {Run} run @param {number} step @returns {Promise<Snapshot>} */
  async function train(of, { settings, curves, card }, step) {
    const show = () => {
      if (current === mine) tell({ of, step, reached: branch.limb.step });
    };
    const branch = new Branch(programOf(settings), show);
    const mine = { branch, why: '' };
    current = mine;
    show();
    try {
      await branch.begin(settings);
      await branch.train(step);
    } catch (error) {
      throw mine.why ? new Refused(`step ${step} was not trained again: ${mine.why}`, 'interrupted') : error;
    } finally {
      if (current === mine) end('');
    }
    const other = isRounded({ card }, step) ? null : firstOther(curves, branch.limb.curves);
    if (other !== null) {
      throw new Refused(`trained again it is another run: at step ${other} its loss is not the one that was drawn`, 'command');
    }
    return /** @type {Snapshot} */ (branch.snapshot);
  }

  return {
    /**
     * The live run as it was. Something else that is asked for takes its place.
     * @param {Again['of']} of The figure that it is for. @param {Run} run The live run when it was asked for.
     * @param {number} step That it has passed. @returns {Promise<Snapshot>}
     */
    async to(of, run, step) {
      end('something else was asked for meanwhile');
      // What does this had to be loaded first.
      const now = liveRun(store.get());
      if (now.step < step || now.settings.seed !== run.settings.seed || now.started !== run.started) {
        throw new Refused('another run was begun meanwhile', 'interrupted');
      }
      const why = againRefusal(run, step);
      if (why) throw new Refused(why, 'command');
      const called = JSON.stringify([step, run.settings]);
      if (last?.called === called) return last.snapshot;
      const snapshot = await train(of, run, step);
      last = { called, snapshot };
      return snapshot;
    },
    stop: () => end('it was stopped'),
  };
}
