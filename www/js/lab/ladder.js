// A ladder: a network is shown less and less, and then more and more again.

import { Branch } from './branch.js';
import { RECORDING_LEFT, isLeft, rootOf } from './fork.js';
import { isElsewhere, ladder } from '../run/fork.js';
import { Refused } from '../run/refused.js';
import { programOf } from '../run/settings.js';
import { onLeft } from '../run/state.js';

/** @typedef {import('../run/fork.js').Ladder} Ladder */

/** @param {import('../worker/protocol.js').Settings} settings Of the run that it leaves. @param {number} rungs */
function sharesOf({ heldOut, trainFraction }, rungs) {
  if (heldOut) throw new Refused('what is held out was chosen by hand: there is no share to make smaller', 'command');
  return ladder(trainFraction, rungs);
}

/** @param {import('../run/state.js').Store} store @param {import('./fork.js').Live} live */
export function createClimber(store, live) {
  /** One for the whole ladder. @type {Branch | null} */
  let branch = null;
  const show = (/** @type {Ladder | null} */ next) => store.dispatch({ type: 'ladder', ladder: next });
  const stop = () => {
    branch?.end();
    branch = null;
  };
  onLeft(store, 'ladder', stop);

  return {
    /** @param {number} rungs On the way down. @param {number} steps Of each rung. @param {number | null} past The step that the run has passed; null is now. */
    async start(rungs, steps, past = null) {
      const { ladder: under, run } = store.get();
      if (isElsewhere(under, run)) throw new Refused('the ladder of the live run is still under way', 'command');
      // What is refused in any case is not trained again for.
      if (past !== null) sharesOf(run.settings, rungs);
      const { snapshot, settings, of } = await rootOf(store, live, 'ladder', past);
      if (isLeft(store, of)) throw new Refused(RECORDING_LEFT, 'interrupted');
      const shares = sharesOf(settings, rungs);
      stop();
      /** @type {Ladder['rungs']} */
      let done = [];
      const { step } = snapshot;
      /** What was told last of this one. */
      let told = /** @type {Ladder | null} */ (null);
      const tell = (/** @type {Ladder['status']} */ status = 'running') => {
        const { cells, curves, settings: { trainFraction } } = mine.limb;
        const at = curves.step.length - 1;
        if (at < 0) return;
        const now = { share: Number(trainFraction), cells, heldOut: curves.heldOutAccuracy[at], train: curves.trainAccuracy[at] };
        told = { of, step, steps, shares, rungs: status === 'running' ? [...done, now] : done, status };
        show(told);
      };
      const mine = new Branch(programOf(settings), () => {
        if (branch !== mine) return;
        if (isLeft(store, of)) stop();
        else tell();
      });
      branch = mine;
      /** The rung that it stands on counts. */
      const keep = () => {
        done = told?.rungs ?? done;
      };
      try {
        await mine.start(settings, snapshot, settings);
        keep();
        let from = { snapshot, settings };
        for (const share of shares) {
          const next = { ...settings, trainFraction: share };
          await mine.start(next, from.snapshot, from.settings);
          await mine.train(steps);
          keep();
          if (mine.snapshot) from = { snapshot: mine.snapshot, settings: next };
        }
        if (branch === mine) tell('done');
      } catch (error) {
        // Whoever stopped it knows.
        if (branch !== mine) return;
        if (told) show({ ...told, status: 'stopped' });
        throw error;
      } finally {
        if (branch === mine) stop();
      }
    },
    halt() {
      stop();
      const { ladder: left } = store.get();
      if (left?.status === 'running') show({ ...left, status: 'stopped' });
    },
    drop: () => show(null),
    stop,
  };
}
