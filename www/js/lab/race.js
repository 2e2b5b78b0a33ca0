// Runs over one another: what differs between them, and races worth watching.

import { Pool, jobOf, newJob, stopped } from './pool.js';
import { SETTINGS, VARIANTS, operationLabel } from '../run/settings.js';
import { Refused } from '../run/refused.js';
import { append, noCurves } from '../run/curves.js';

const variant = (/** @type {string} */ id) => VARIANTS.find((row) => row.id === id)?.settings ?? {};

/** @type {{ id: string, title: string, runs: Record<string, string>[] }[]} */
export const RACES = [
  {
    id: 'optimisers',
    title: 'Race the optimisers',
    runs: ['adamw', 'adam', 'adamw-to-init', 'muon', 'grokfast-ema', 'orthogonal'].map(variant),
  },
  {
    id: 'symmetry',
    title: 'Symmetric against not',
    runs: ['add', 'sub', 'mul', 'div', 'quad2', 'quad3'].map((operation) => ({ operation })),
  },
];

/**
 * What sets each run apart from the others.
 * @param {Record<string, string>[]} runs
 */
export function labels(runs) {
  const differs = SETTINGS.filter(({ id }) => runs.some((settings) => settings[id] !== runs[0][id]));
  return runs.map((settings) => {
    // A way to train has a name of its own.
    const known = VARIANTS.find(({ settings: bundle }) =>
      Object.entries(bundle).every(([id, value]) => settings[id] === value));
    if (known && differs.length > 1 && differs.every(({ id }) => id in known.settings)) return known.title;
    const parts = differs.map(({ id, label }) =>
      id === 'operation' ? operationLabel(settings.operation) : `${label} ${settings[id] || 'none'}`);
    return parts.length ? parts.join(', ') : operationLabel(settings.operation);
  });
}

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
