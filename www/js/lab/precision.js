// One network, from its first step, with four losses: as many at a time as there are cores for.

import { Pool, newJob } from './pool.js';
import { append, noCurves } from '../run/curves.js';
import { hasDecay, lossRefusal, withLosses } from '../run/precision.js';
import { Refused } from '../run/refused.js';

/** @typedef {import('../run/precision.js').Precision} Precision */
/** @typedef {import('./pool.js').Job} Job */

/** @param {import('../run/state.js').Store} store */
export function createComparer(store) {
  /** @type {Pool | null} */
  let pool = null;
  const show = (/** @type {Precision | null} */ precision) => store.dispatch({ type: 'precision', precision });
  const change = (/** @type {(precision: Precision) => Partial<Precision>} */ next) => {
    const { precision } = store.get();
    if (precision) show({ ...precision, ...next(precision) });
  };
  const changeJob = (/** @type {number} */ at, /** @type {(job: Job) => Partial<Job>} */ next) =>
    change(({ jobs }) => ({ jobs: jobs.map((job, index) => (index === at ? { ...job, ...next(job) } : job)) }));
  const stop = () => {
    pool?.stop();
    pool = null;
  };

  return {
    /** @param {number} steps How many each run takes. @param {boolean} decays Whether with the run's weight decay. */
    start(steps, decays) {
      const { run, page } = store.get();
      if (run.recording) throw new Refused('a recording trains nothing', 'command');
      const why = lossRefusal(run.settings, page.backend);
      if (why) throw new Refused(why);
      const jobs = withLosses(run, steps, decays).map(newJob);
      stop();
      show({ decays: decays && hasDecay(run), steps, jobs, status: 'running' });
      pool = new Pool(jobs, {
        onJob: (at, update) => changeJob(at, () => update),
        onPoint: (at, point) => changeJob(at, ({ curves }) => ({ curves: append(curves ?? noCurves(), point) })),
        onEnd() {
          pool = null;
          change(() => ({ status: 'done' }));
        },
      });
    },
    /** Stops all four; what was trained stays to be seen. */
    halt() {
      if (!pool) return;
      stop();
      change(({ jobs }) => ({
        jobs: jobs.map((job) => (job.status === 'running' ? { ...job, status: 'done' } : job)),
        status: 'stopped',
      }));
    },
    drop() {
      stop();
      show(null);
    },
    stop,
  };
}
