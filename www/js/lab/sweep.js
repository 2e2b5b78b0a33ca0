// A sweep over train fractions, seeds and one more setting, in workers side by side.

import { keepSweep, lastSweep } from './archive.js';
import { Pool, newJob, poolSize, stopped } from './pool.js';
import { check, checkTogether, findSetting } from '../run/settings.js';
import { Refused } from '../run/refused.js';
import { shipped } from './shipped.js';

/**
 * @typedef {import('./pool.js').Job} Job
 * @typedef {{ fractions: string[], seeds: string[], factor: string, values: string[] }} Axes
 * @typedef {{ axes: Axes, jobs: Job[], status: 'running' | 'paused' | 'stopped' | 'done',
 *   millis: number, sharpness: boolean, source: string }} Sweep `sharpness` says whether it is measured,
 *   and `source` what a recorded sweep is.
 */

/** More would take days. */
const RUNS_MAX = 500;

/**
 * The jobs of a sweep over `base`. Throws a sentence if a value is not allowed.
 * @param {Record<string, string>} base @param {Axes} axes
 */
export function plan(base, { fractions, seeds, factor, values }) {
  /** @type {[string, string[]][]} */
  const axes = [[factor, factor ? values : ['']], ['trainFraction', fractions], ['seed', seeds]];
  for (const [id, list] of axes) {
    if (!id) continue;
    const setting = findSetting(id);
    if (!setting) throw new Refused(`there is no setting \`${id}\``);
    if (list.length === 0) throw new Refused(`\`${id}\` needs at least one value`);
    for (const value of list) {
      const { problem } = check(setting, value);
      if (problem) throw new Refused(problem);
    }
  }
  const count = axes.reduce((product, [, list]) => product * list.length, 1);
  if (count > RUNS_MAX) throw new Refused(`a sweep has at most ${RUNS_MAX} runs, this one has ${count}`);
  return axes[0][1].flatMap((value) =>
    fractions.flatMap((trainFraction) =>
      seeds.map((seed) => {
        const settings = { ...base, ...(factor ? { [factor]: value } : {}), trainFraction, seed, heldOut: '' };
        const conflict = checkTogether(settings);
        if (conflict) throw new Refused(conflict);
        return newJob(settings);
      }),
    ),
  );
}

/**
 * A sweep that the native command trained, from what `grok summary --json` prints.
 * @param {{ config: Record<string, string>, steps: number, memorisedAt: number | null,
 *   generalisedAt: number | null, bestHeldOutAccuracy: number, heldOutAccuracy: number,
 *   sharpness: number | null, error: string | null }[]} outcomes
 * @param {string} source @returns {Sweep}
 */
export function recorded(outcomes, source) {
  const of = (/** @type {string} */ id) => [...new Set(outcomes.map(({ config }) => config[id]))];
  const jobs = outcomes.map((outcome) => ({
    ...newJob(outcome.config),
    status: /** @type {import('./pool.js').JobStatus} */ (outcome.error ? 'failed' : 'done'),
    step: outcome.steps,
    memorisedAt: outcome.memorisedAt,
    generalisedAt: outcome.generalisedAt,
    best: outcome.bestHeldOutAccuracy,
    last: outcome.heldOutAccuracy,
    sharpness: outcome.sharpness,
    error: outcome.error ?? '',
  }));
  const fractions = of('trainFraction').sort((a, b) => Number(a) - Number(b));
  const axes = { fractions, seeds: of('seed'), factor: '', values: [] };
  const sharpness = jobs.some((job) => job.sharpness !== null);
  return { axes, jobs, status: 'done', millis: 0, sharpness, source };
}

/**
 * Starts, pauses and ends sweeps; what finished is kept when the tab closes.
 * @param {import('../run/state.js').Store} store
 */
export function createSweeper(store) {
  /** @type {Pool | null} */
  let pool = null;
  /** When the clock of the sweep last started. */
  let since = 0;

  const change = (/** @type {(sweep: Sweep) => Partial<Sweep>} */ next) => {
    const { sweep } = store.get();
    if (sweep) store.dispatch({ type: 'sweep', sweep: { ...sweep, ...next(sweep) } });
  };
  const tick = () => {
    const now = performance.now();
    const passed = now - since;
    since = now;
    return passed;
  };
  function run() {
    const { sweep } = store.get();
    if (!sweep) return;
    since = performance.now();
    pool = new Pool(sweep.jobs, {
      sharpness: sweep.sharpness,
      onJob(at, update) {
        change(({ jobs, millis, status }) => ({
          jobs: jobs.map((job, index) => (index === at ? { ...job, ...update } : job)),
          millis: millis + (status === 'running' ? tick() : 0),
        }));
        if (update.status === 'done' || update.status === 'failed') keepSweep(kept(store.get().sweep));
      },
      onEnd() {
        pool = null;
        change(() => ({ status: 'done' }));
        keepSweep(kept(store.get().sweep));
      },
    });
  }

  return {
    /** Runs at a time. */
    lanes: poolSize(),
    /** @param {Axes} axes @param {boolean} sharpness Whether to measure that of every finished network. */
    start(axes, sharpness) {
      const jobs = plan(store.get().run.settings, axes);
      pool?.stop();
      const sweep = { axes, jobs, status: /** @type {const} */ ('running'), millis: 0, sharpness, source: '' };
      store.dispatch({ type: 'sweep', sweep });
      run();
    },
    pause() {
      change(({ millis }) => ({ status: 'paused', millis: millis + tick() }));
      pool?.pause();
    },
    /** After a pause, a stop, or in a later visit. */
    resume() {
      change(() => ({ status: 'running' }));
      since = performance.now();
      if (pool) pool.resume();
      else run();
    },
    stop() {
      if (!pool) return;
      pool.stop();
      pool = null;
      change(({ jobs }) => ({ status: 'stopped', jobs: jobs.map(stopped) }));
    },
    /** A sweep that ships with the page. @param {string} file @param {string} source What it is. */
    async show(file, source) {
      const sweep = recorded(await (await shipped(file)).json(), source);
      pool?.stop();
      pool = null;
      store.dispatch({ type: 'sweep', sweep });
    },
    /** The sweep of an earlier visit. */
    async restore() {
      const sweep = await lastSweep();
      if (sweep && !store.get().sweep) store.dispatch({ type: 'sweep', sweep });
    },
  };
}

/** As it goes on in a later visit: runs under way wait again. @param {Sweep | null} sweep */
function kept(sweep) {
  if (!sweep) return null;
  return { ...sweep, jobs: sweep.jobs.map(stopped), status: sweep.status === 'done' ? 'done' : 'stopped' };
}
