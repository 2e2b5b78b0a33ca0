// A demo for scripts, as `window.grokking` is documented.

import { Refused } from './run/refused.js';
import { typed } from './run/settings.js';
import { liveRun } from './run/state.js';

/** @typedef {import('./run/state.js').State} State */
/** @typedef {import('./run/run.js').Run} Run */

/** What a script can listen to. */
export const EVENTS = ['state', 'evaluated', 'status', 'memorised', 'generalised'];

/** @param {Pick<ReturnType<typeof import('./core.js').createCore>, 'store' | 'commands' | 'open'>} core */
export function createApi({ store, commands, open }) {
  /** @type {Map<string, Set<(value: any) => void>>} */
  const listeners = new Map(EVENTS.map((name) => [name, new Set()]));
  const emit = (/** @type {string} */ name, /** @type {() => unknown} */ value) => {
    const set = listeners.get(name);
    if (!set?.size) return;
    const told = value();
    for (const listener of set) {
      try {
        listener(told);
      } catch (error) {
        // A script's error is its own.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  /** A step, which may be 0, where there was none. @param {number | null} [now] @param {number | null} [then] */
  const reached = (now = null, then = null) => now !== null && then === null;
  // From every action, not from frames: a hidden tab draws none.
  store.on((state, action, before) => {
    if (action.type === 'evaluated') {
      const [now, then] = [liveRun(state), liveRun(before)];
      const told = () => described(state, now);
      emit('evaluated', told);
      if (reached(now.latest?.memorisedAt, then.latest?.memorisedAt)) emit('memorised', told);
      if (reached(now.latest?.generalisedAt, then.latest?.generalisedAt)) emit('generalised', told);
    }
    if (state.run.status !== before.run.status) emit('status', () => state.run.status);
    if (state.run !== before.run || state.backend !== before.backend) {
      emit('state', () => described(state, state.run));
    }
  });

  return {
    /** A new run with these differences from its preset, training at once. */
    async start(/** @type {unknown} */ config = {}) {
      await open();
      await commands.configure(config);
      await commands.run();
    },
    async run() {
      await open();
      await commands.run();
    },
    async pause() {
      await open();
      await commands.pause();
    },
    /** Resolves when the steps are done and evaluated. */
    async step(/** @type {number} */ n = 1) {
      whole(n, 'a whole number from 1 to 1000000');
      await open();
      await commands.step(n);
    },
    /** Steps between pictures; null adapts. */
    async pace(/** @type {number | null} */ n) {
      if (n !== null) whole(n, 'null or a whole number from 1 to 1000000');
      await open();
      await commands.pace(n);
    },
    /** What is left of the network without some parts; the run stays as it is. */
    async ablate(/** @type {unknown} */ cuts = [], /** @type {unknown} */ fill = 'zero') {
      const cut = (await import('./run/parts.js')).checkedCut(cuts, fill);
      await open();
      return answered(await commands.ablate(cut));
    },
    async reset() {
      await open();
      await commands.reset();
    },
    /** The state of the run that is shown. */
    state() {
      const state = store.get();
      return described(state, state.run);
    },
    /** Columns of equal length. */
    curves() {
      const { curves } = store.get().run;
      return Object.fromEntries(
        Object.entries(curves).map(([name, column]) => [name, Float64Array.from(column)]),
      );
    },
    /** Row-major; 65535 where there is no equation or no prediction yet. */
    table() {
      const { started, latest } = store.get().run;
      if (!started) return null;
      return {
        size: started.symbols.length,
        answer: started.answer.slice(),
        predicted: latest?.predicted.slice() ?? new Uint16Array(started.answer.length).fill(65535),
        heldOut: started.heldOut.slice(),
      };
    },
    /** `name` is one of `EVENTS`; gives a function that stops it. */
    on(/** @type {string} */ name, /** @type {(value: any) => void} */ listener) {
      const set = listeners.get(name);
      if (!set) {
        throw new Refused(`there is no event \`${name}\`: there is ${EVENTS.join(', ')}`, 'argument');
      }
      set.add(listener);
      return () => set.delete(listener);
    },
  };
}

/** @param {State} state @param {Run} run */
function described({ backend }, { status, step, latest, settings, preset, recording }) {
  return {
    status,
    backend: backend.active,
    step,
    trainAccuracy: latest?.trainAccuracy ?? null,
    heldOutAccuracy: latest?.heldOutAccuracy ?? null,
    mirroredAccuracy: latest?.mirroredAccuracy ?? null,
    unmirroredAccuracy: latest?.unmirroredAccuracy ?? null,
    trainLoss: latest?.trainLoss ?? null,
    heldOutLoss: latest?.heldOutLoss ?? null,
    stepsPerSecond: latest?.stepsPerSecond ?? null,
    memorisedAt: latest?.memorisedAt ?? null,
    generalisedAt: latest?.generalisedAt ?? null,
    recorded: recording !== null,
    config: { preset, ...typed(settings) },
  };
}

/** A script may do with its arrays what it likes. @param {import('./worker/protocol.js').Ablated | null} ablated */
function answered(ablated) {
  if (!ablated) return null;
  const { step, cuts, fill, whole, left, predicted, confidence } = ablated;
  return { step, cuts, fill, whole, left, predicted: predicted.slice(), confidence: confidence.slice() };
}

/** @param {unknown} n @param {string} allowed */
function whole(n, allowed) {
  if (Number.isInteger(n) && Number(n) >= 1 && Number(n) <= 1e6) return;
  throw new Refused(`\`n\` cannot be \`${n}\`: allowed is ${allowed}`, 'argument');
}
