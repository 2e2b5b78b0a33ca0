// Sweeps and races of a page, whose code is loaded with the first of them.

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

/** @param {import('../run/state.js').Store} store @param {AbortSignal} signal */
export function createBench(store, signal) {
  const sweeper = later(signal, async () => (await import('./sweep.js')).createSweeper(store));
  const racer = later(signal, async () => (await import('./race.js')).createRacer(store));
  /** @typedef {import('./sweep.js').Axes} Axes */
  return {
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
    keep: async () => (await racer()).keep(),
    /** @param {number} at */
    drop: async (at) => (await racer()).drop(at),
    /** @param {string} id */
    race: async (id) => (await racer()).start(id),
    stopRace: async () => (await racer()).stop(),
  };
}
