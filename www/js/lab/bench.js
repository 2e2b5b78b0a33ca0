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

/** What a part does, which is loaded with the first of it. @type {import('./types.js').Of} */
const of = (part, ...names) => /** @type {any} */ (Object.fromEntries(names.map((name) =>
  [name, async (/** @type {any[]} */ ...given) => /** @type {any} */ (await part())[name](...given)])));

/**
 * @param {Parameters<typeof import('./network.js').createNetwork>[0]} store @param {AbortSignal} signal
 * @param {import('./types.js').Leaving} live The run that forks leave.
 * @param {Parameters<typeof import('./network.js').createNetwork>[1]} watch What is looked at.
 */
export function createBench(store, signal, live, watch) {
  const network = later(signal, async () => (await import('./network.js')).createNetwork(store, watch));
  const retrainer = later(signal, async () => (await import('./again.js')).createRetrainer(store));
  const left = { ...live, recorded: async () => (await network()).snapshot(), again: of(retrainer, 'to').to };
  const sweeper = later(signal, async () => (await import('./sweep.js')).createSweeper(store));
  const racer = later(signal, async () => (await import('./race.js')).createRacer(store));
  const forker = later(signal, async () => (await import('./fork.js')).createForker(store, left));
  const climber = later(signal, async () => (await import('./ladder.js')).createClimber(store, left));
  const comparer = later(signal, async () => (await import('./precision.js')).createComparer(store));
  const { start: race, stop: stopRace, ...kept } = of(racer, 'start', 'stop', 'keep', 'drop');
  const bench = {
    sweep: {
      /** Runs at a time. */
      lanes: async () => (await sweeper()).lanes,
      ...of(sweeper, 'start', 'pause', 'resume', 'stop', 'show', 'restore'),
    },
    fork: of(forker, 'here', 'reach', 'anew', 'back', 'halt', 'drop'),
    ladder: of(climber, 'start', 'halt', 'drop'),
    precision: of(comparer, 'start', 'halt', 'drop'),
    /** A run is not trained again to where a fork or a ladder would leave it. */
    stopAgain: of(retrainer, 'stop').stop,
    ...kept,
    race,
    stopRace,
  };
  return { bench, network };
}
