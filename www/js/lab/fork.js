// Two runs from one moment: the page's run as it is, and with something changed, each in a worker of its own.

import { Branch } from './branch.js';
import { isRounded } from '../run/again.js';
import { changed, differing, idleWhy, joined, upTo, usualSteps } from '../run/fork.js';
import { noCurves } from '../run/curves.js';
import { Refused } from '../run/refused.js';
import { programOf } from '../run/settings.js';
import { liveRun, onLeft } from '../run/state.js';

/** @typedef {import('../worker/protocol.js').Snapshot} Snapshot */
/** @typedef {import('../run/fork.js').Fork} Fork */
/** @typedef {import('../run/wanted.js').Wanted} Wanted */

/**
 * The page's own run, which goes on as if nobody had asked.
 * @typedef {{ open: () => Promise<void>, snapshot: () => Promise<Snapshot | null>, step: (steps: number) => Promise<void>,
 *   recorded: () => Promise<Snapshot>, again: (of: import('../run/again.js').Again['of'], run: import('../run/run.js').Run, step: number) => Promise<Snapshot> }} Live
 *   `recorded` is of a recording that has weights, and without moments; `again` is of a step that has passed.
 */

/**
 * Where a run can be left.
 * @typedef {Pick<Fork, 'settings' | 'past' | 'again' | 'afresh' | 'rounded' | 'of'> & { snapshot: Snapshot }} Root
 */

const PLAIN = { again: false, afresh: false, rounded: false, of: null };

/**
 * The page's run as it is now, or as it was at a step that it has passed, or a recording where it has weights.
 * @param {import('../run/state.js').Store} store @param {Live} live
 * @param {import('../run/again.js').Again['of']} figure @param {number | null} past The step; null is now.
 * @returns {Promise<Root>}
 */
export async function rootOf(store, live, figure, past) {
  const { run } = store.get();
  if (run.recording) {
    return { ...PLAIN, snapshot: await live.recorded(), settings: run.settings, past: run.curves, afresh: true, of: run.recording };
  }
  if (past !== null) {
    const snapshot = await live.again(figure, run, past);
    return { ...PLAIN, snapshot, settings: run.settings, past: run.curves, rounded: isRounded(run, past) };
  }
  await live.open();
  if (liveRun(store.get()).status === 'failed') throw new Refused('the run has failed: there is nothing to go on from', 'command');
  const snapshot = await live.snapshot();
  const { settings, curves } = liveRun(store.get());
  if (!snapshot) throw new Refused('another run was begun meanwhile', 'interrupted');
  return { ...PLAIN, snapshot, settings, past: curves };
}

/** Whether the recording that a branch is of was left meanwhile. @param {import('../run/state.js').Store} store @param {Fork['of']} of */
export const isLeft = (store, of) => of !== null && store.get().run.recording !== of;
export const RECORDING_LEFT = 'the recording was left meanwhile';

/** @param {import('../run/state.js').Store} store @param {Live} live */
export function createForker(store, live) {
  /** The branches of the fork that is shown. @type {Branch[]} */
  let branches = [];
  /** Those of a fork that is not accepted yet. @type {Branch[]} */
  let asked = [];

  /** Where the fork that is shown left, to do it again. @type {Root | null} */
  let left = null;

  const end = (/** @type {Branch[]} */ which) => {
    for (const branch of which) branch.end();
  };
  const change = (/** @type {Partial<Fork>} */ update) => {
    const { fork } = store.get();
    if (fork) store.dispatch({ type: 'fork', fork: { ...fork, ...update } });
  };
  const limbs = () => branches.map(({ limb }) => limb);
  /** Ends the workers. */
  const stop = () => {
    const all = [...branches, ...asked];
    asked = [];
    end(all);
  };
  const forget = () => {
    stop();
    branches = [];
    left = null;
  };
  onLeft(store, 'fork', forget);

  /**
   * A fork in place of the one that is shown, which stays if this one is refused.
   * @param {Root} root @param {Fork['changes']} changes @param {number} steps
   */
  async function begin(root, changes, steps) {
    const { snapshot, settings, past, again, afresh, rounded, of } = root;
    const all = [settings, changed(settings, changes)];
    end(asked);
    const next = all.map((of) => new Branch(programOf(of), () => {
      if (branches === next) change({ limbs: limbs() });
    }));
    asked = next;
    try {
      await Promise.all(next.map((branch, at) => branch.start(all[at], snapshot, settings)));
      if (isLeft(store, of)) throw new Refused(RECORDING_LEFT, 'interrupted');
    } catch (error) {
      const overtaken = asked !== next;
      end(next);
      throw overtaken ? new Refused('something else was asked for meanwhile', 'interrupted') : error;
    }
    asked = [];
    end(branches);
    branches = next;
    left = root;
    const { step } = snapshot;
    const wanted = { step, changes: differing(settings, changes) };
    store.dispatch({
      type: 'fork',
      fork: { ...wanted, settings, steps, past: upTo(past, step), again, afresh, rounded, of, limbs: limbs(), status: 'running' },
      // No link says how the run of another fork came to be, or where the weights of a recording are.
      link: again || afresh ? null : wanted,
    });
    const trained = next.map((branch) => branch.train(steps).catch((error) => {
      if (!branch.ended) branch.fail(error);
    }));
    Promise.all(trained).then(() => {
      if (branches !== next || next.some(({ ended }) => ended)) return;
      end(next);
      change({ limbs: limbs(), status: 'done' });
    });
  }

  return {
    /**
     * From the page's run as it is now, or as it was.
     * @param {Fork['changes']} changes @param {number} steps @param {number | null} past The step that it has passed; null is now.
     */
    async here(changes, steps, past = null) {
      // What is refused in any case is not trained again for.
      if (past !== null) changed(store.get().run.settings, changes);
      await begin(await rootOf(store, live, 'fork', past), changes, steps);
    },
    /** What a link asks for: the run is trained to its step first, or once more if it has passed that. @param {Wanted} wanted */
    async reach({ step, changes }) {
      if (store.get().run.recording) throw new Refused('a link forks the live run, and not a recording', 'command');
      await live.open();
      const run = liveRun(store.get());
      const steps = usualSteps(step);
      changed(run.settings, changes);
      if (run.step > step || (run.step === step && run.status === 'running')) {
        await begin(await rootOf(store, live, 'fork', step), changes, steps);
        return;
      }
      const reaching = { ...PLAIN, step, changes, settings: run.settings, steps, past: noCurves(), limbs: [] };
      store.dispatch({ type: 'fork', fork: { ...reaching, status: 'reaching' }, link: { step, changes } });
      try {
        if (run.step < step) await live.step(step - run.step);
        // A run that went on by itself meanwhile may be further.
        await begin(await rootOf(store, live, 'fork', liveRun(store.get()).step > step ? step : null), changes, steps);
      } catch (error) {
        if (store.get().fork?.status === 'reaching') store.dispatch({ type: 'fork', fork: null });
        throw error;
      }
    },
    /** The same from where it forked off. @param {number} steps */
    async anew(steps) {
      const { fork } = store.get();
      if (fork && left) await begin(left, fork.changes, steps);
    },
    /** The changed run goes on twice: as it is, and with what was changed as it was before. */
    async back() {
      const { fork } = store.get();
      const branch = branches[1];
      if (!fork || !branch) return;
      await this.halt();
      const { snapshot, limb } = branch;
      if (!snapshot) throw new Refused('the changed run has not come far enough to go on from', 'command');
      // What does nothing without another change, such as a momentum, need not go back.
      const ids = Object.keys(fork.changes).filter((id) => idleWhy(id, fork.settings) === null);
      const before = Object.fromEntries(ids.map((id) => [id, fork.settings[id]]));
      const past = joined(fork.past, limb.curves);
      const { of, rounded } = fork;
      await begin({ ...PLAIN, snapshot, settings: limb.settings, past, again: true, rounded, of }, before, fork.steps);
    },
    /** Both stand still where they are, and are seen. */
    async halt() {
      const resting = branches;
      await Promise.all(resting.map((branch) => branch.rest()));
      if (branches === resting && store.get().fork?.status === 'running') change({ limbs: limbs(), status: 'stopped' });
    },
    /** Throws the fork away. */
    drop() {
      store.dispatch({ type: 'fork', fork: null, link: null });
    },
    stop,
  };
}
