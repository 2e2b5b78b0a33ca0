// Runs over one another: kept ones, and those of a race.

import { Pool, jobOf, newJob, stopped } from './pool.js';
import { RACES } from '../run/races.js';
import { Refused } from '../run/refused.js';
import { append, noCurves } from '../run/curves.js';

/**
 * @param {import('../run/state.js').Store} store
 */
export function createRacer(store) {
  /** @type {Pool | null} */
  let pool = null;
  const change = (/** @type {number} */ at, /** @type {Partial<import('./pool.js').Job>} */ update) => {
    const { kept } = store.get();
    store.dispatch({ type: 'kept', kept: kept.map((job, index) => (index === at ? { ...job, ...update } : job)) });
  };
  const racing = (/** @type {boolean} */ on) => store.dispatch({ type: 'racing', racing: on });

  return {
    /** @param {string} id */
    start(id) {
      const race = RACES.find((row) => row.id === id);
      if (!race) throw new Refused(`there is no race \`${id}\``, 'unknown');
      const { settings } = store.get().run;
      const jobs = race.runs.map((differs) => newJob({ ...settings, ...differs }));
      pool?.stop();
      store.dispatch({ type: 'kept', kept: jobs });
      racing(true);
      pool = new Pool(jobs, {
        onJob: change,
        onPoint(at, point) {
          const curves = store.get().kept[at]?.curves ?? noCurves();
          change(at, { curves: append(curves, point) });
        },
        onEnd() {
          pool = null;
          racing(false);
        },
      });
    },
    stop() {
      if (!pool) return;
      pool.stop();
      pool = null;
      racing(false);
      store.dispatch({ type: 'kept', kept: store.get().kept.map(stopped) });
    },
    /** Puts the run that is shown beside those that are kept. */
    keep() {
      const { run, kept } = store.get();
      store.dispatch({ type: 'kept', kept: [...kept, jobOf(run)] });
    },
    /** @param {number} at */
    drop(at) {
      if (pool) this.stop();
      store.dispatch({ type: 'kept', kept: store.get().kept.filter((_, index) => index !== at) });
    },
  };
}
