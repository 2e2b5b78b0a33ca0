// A demo for scripts, as `window.grokking` is documented; and the same commands by postMessage from an
// embedding page.

import { Refused } from './run/refused.js';
import { liveRun } from './run/state.js';

/** @typedef {import('./run/state.js').State} State */
/** @typedef {import('./run/run.js').Run} Run */

const NUMERIC = /^-?[\d.]+(e-?\d+)?$/;
const EVENTS = ['state', 'evaluated', 'status'];

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

  // From every action, not from frames: a hidden tab draws none.
  store.on((state, action, before) => {
    if (action.type === 'evaluated') emit('evaluated', () => described(state, liveRun(state)));
    if (state.run.status !== before.run.status) emit('status', () => state.run.status);
    if (state.run !== before.run || state.backend !== before.backend) {
      emit('state', () => described(state, state.run));
    }
  });

  return {
    /** A new run with these differences from its preset, training at once. */
    async start(/** @type {Record<string, unknown>} */ config = {}) {
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
    async reset() {
      await open();
      await commands.reset();
    },
    /** Of the run that is shown. */
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
    /** `name` is `state`, `evaluated` or `status`; gives a function that stops it. */
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

/** @param {unknown} n @param {string} allowed */
function whole(n, allowed) {
  if (Number.isInteger(n) && Number(n) >= 1 && Number(n) <= 1e6) return;
  throw new Refused(`\`n\` cannot be \`${n}\`: allowed is ${allowed}`, 'argument');
}

/** Numbers as numbers. @param {Record<string, string>} settings */
function typed(settings) {
  return Object.fromEntries(
    Object.entries(settings).map(([id, text]) => [id, NUMERIC.test(text) ? Number(text) : text]),
  );
}

const REMOTE = ['start', 'run', 'pause', 'step', 'reset', 'state', 'curves', 'table', 'pace'];

/**
 * `{ grokking: <command>, id?, arguments?: [] }` is answered, to its sender only, with
 * `{ grokking: <command>, id, result }` or `{ grokking: <command>, id, error: { code, message } }`.
 * @param {Record<string, any>} api @param {AbortSignal} signal
 */
export function answerMessages(api, signal) {
  window.addEventListener('message', async ({ data, source, origin }) => {
    if (typeof data !== 'object' || data === null || !('grokking' in data) || !source) return;
    if ('result' in data || 'error' in data) return;
    const { grokking: command, id = null } = data;
    /** @type {{ grokking: unknown, id: unknown, result?: unknown, error?: unknown }} */
    const answer = { grokking: command, id };
    try {
      if (!REMOTE.includes(command)) {
        throw new Refused(`there is no command \`${command}\`: there is ${REMOTE.join(', ')}`, 'unknown');
      }
      await api.ready;
      const parameters = Array.isArray(data.arguments) ? data.arguments : [];
      answer.result = (await api[command](...parameters)) ?? null;
    } catch (error) {
      const { code = 'command', message = String(error) } = /** @type {any} */ (error);
      answer.error = { code, message };
    }
    const target = origin && origin !== 'null' ? origin : '*';
    source.postMessage(answer, { targetOrigin: target });
  }, { signal });
}
