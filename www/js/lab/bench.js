// Sweeps, races, forks and what else trains beside a page's run, and networks of recordings, whose code is loaded with the
// first of them.

import { Refused } from '../run/refused.js';

/**
 * @template {{ stop: () => void }} T
 * @param {AbortSignal} signal @param {() => Promise<T>} load
 * @returns {() => Promise<T>} It, loaded once; it stops when the signal says so.
 */
function later(signal, load) {
  /** @type {Promise<T> | null} */
  let loading = null;
  const made = async () => {
    const part = await load();
    if (signal.aborted) throw new Refused('this demo has ended', 'lost');
    signal.addEventListener('abort', () => part.stop(), { once: true });
    return part;
  };
  return () => (loading ??= made().catch((error) => {
    loading = null;
    throw error;
  }));
}

/**
 * @param {Parameters<typeof import('./network.js').createNetwork>[0]} store @param {AbortSignal} signal
 * @param {Omit<import('./fork.js').Live, 'recorded'>} live The run that forks leave.
 * @param {Parameters<typeof import('./network.js').createNetwork>[1]} watch What is looked at.
 */
export function createBench(store, signal, live, watch) {
  const network = later(signal, async () => (await import('./network.js')).createNetwork(store, watch));
  const left = { ...live, recorded: async () => (await network()).snapshot() };
  const sweeper = later(signal, async () => (await import('./sweep.js')).createSweeper(store));
  const racer = later(signal, async () => (await import('./race.js')).createRacer(store));
  const forker = later(signal, async () => (await import('./fork.js')).createForker(store, left));
  const climber = later(signal, async () => (await import('./ladder.js')).createClimber(store, left));
  const comparer = later(signal, async () => (await import('./precision.js')).createComparer(store));
  /** @typedef {import('./sweep.js').Axes} Axes */
  const bench = {
    sweep: {
      /** Runs at a time. */
      lanes: async () => (await sweeper()).lanes,
      /** @param {Axes} axes @param {boolean} sharpness */
      start: async (axes, sharpness) => (await sweeper()).start(axes, sharpness),
      pause: async () => (await sweeper()).pause(),
      resume: async () => (await sweeper()).resume(),
      stop: async () => (await sweeper()).stop(),
      /** @param {string} file @param {string} source */
      show: async (file, source) => (await sweeper()).show(file, source),
      restore: async () => (await sweeper()).restore(),
    },
    fork: {
      /** @param {Record<string, string>} changes @param {number} steps */
      here: async (changes, steps) => (await forker()).here(changes, steps),
      /** @param {import('../run/wanted.js').Wanted} wanted */
      reach: async (wanted) => (await forker()).reach(wanted),
      /** @param {number} steps */
      anew: async (steps) => (await forker()).anew(steps),
      back: async () => (await forker()).back(),
      halt: async () => (await forker()).halt(),
      drop: async () => (await forker()).drop(),
    },
    ladder: {
      /** @param {number} rungs @param {number} steps */
      start: async (rungs, steps) => (await climber()).start(rungs, steps),
      halt: async () => (await climber()).halt(),
      drop: async () => (await climber()).drop(),
    },
    precision: {
      /** @param {number} steps @param {boolean} decays */
      start: async (steps, decays) => (await comparer()).start(steps, decays),
      halt: async () => (await comparer()).halt(),
      drop: async () => (await comparer()).drop(),
    },
    keep: async () => (await racer()).keep(),
    /** @param {number} at */
    drop: async (at) => (await racer()).drop(at),
    /** @param {string} id */
    race: async (id) => (await racer()).start(id),
    stopRace: async () => (await racer()).stop(),
  };
  return { bench, network };
}
