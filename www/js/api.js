// `window.grokking`, and the same commands by postMessage from an embedding page.

/** @typedef {import('./run/state.js').State} State */

const NUMERIC = /^-?[\d.]+(e-?\d+)?$/;

/**
 * @param {{ get: () => State, subscribe: (subscriber: (state: State) => void) => void }} store
 * @param {ReturnType<typeof import('./actions.js').createActions>} actions
 * @param {Promise<void>} ready
 */
export function createApi(store, actions, ready) {
  /** @type {Map<string, Set<(value: any) => void>>} */
  const listeners = new Map(['state', 'evaluated', 'status'].map((name) => [name, new Set()]));
  const emit = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    for (const listener of listeners.get(name) ?? []) listener(value);
  };

  const api = {
    ready,
    /** A new run with these differences from its preset, training at once. */
    async start(/** @type {Record<string, unknown>} */ config = {}) {
      await ready;
      await actions.configure(config);
      await actions.run();
    },
    async run() {
      await ready;
      await actions.run();
    },
    async pause() {
      await ready;
      await actions.pause();
    },
    /** Resolves when the steps are done and evaluated. */
    async step(/** @type {number} */ n = 1) {
      if (!Number.isInteger(n) || n < 1 || n > 1e6) {
        throw new RangeError(`\`n\` cannot be \`${n}\`: allowed is a whole number from 1 to 1000000`);
      }
      await ready;
      await actions.step(n);
    },
    /** Steps between pictures; null adapts. */
    async pace(/** @type {number | null} */ n) {
      if (n !== null && (!Number.isInteger(n) || n < 1 || n > 1e6)) {
        throw new RangeError(
          `\`n\` cannot be \`${n}\`: allowed is null or a whole number from 1 to 1000000`,
        );
      }
      await ready;
      await actions.pace(n);
    },
    async reset() {
      await ready;
      await actions.reset();
    },
    state() {
      const { status, backend, step, latest, settings, preset } = store.get();
      return {
        status,
        backend: backend.active,
        step,
        trainAccuracy: latest?.trainAccuracy ?? null,
        heldOutAccuracy: latest?.heldOutAccuracy ?? null,
        trainLoss: latest?.trainLoss ?? null,
        heldOutLoss: latest?.heldOutLoss ?? null,
        stepsPerSecond: latest?.stepsPerSecond ?? null,
        memorisedAt: latest?.memorisedAt ?? null,
        generalisedAt: latest?.generalisedAt ?? null,
        config: { preset, ...typed(settings) },
      };
    },
    /** Columns of equal length. */
    curves() {
      const { curves } = store.get();
      return Object.fromEntries(
        Object.entries(curves).map(([name, column]) => [name, Float64Array.from(column)]),
      );
    },
    /** Row-major; 65535 where there is no equation or no prediction yet. */
    table() {
      const { started, latest } = store.get();
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
        throw new RangeError(`there is no event \`${name}\`: there is state, evaluated, status`);
      }
      set.add(listener);
      return () => set.delete(listener);
    },
  };

  /** @type {State | null} */
  let before = null;
  store.subscribe((state) => {
    if (before && state.latest !== before.latest && state.latest) emit('evaluated', api.state());
    if (before && state.status !== before.status) emit('status', state.status);
    if (before !== null) emit('state', api.state());
    before = state;
  });
  listen(api);
  return api;
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
 * @param {Record<string, any>} api
 */
function listen(api) {
  window.addEventListener('message', async (event) => {
    const { data, source, origin } = event;
    if (typeof data !== 'object' || data === null || !('grokking' in data) || !source) return;
    if ('result' in data || 'error' in data) return;
    const { grokking: command, id = null } = data;
    /** @type {{ grokking: unknown, id: unknown, result?: unknown, error?: unknown }} */
    const answer = { grokking: command, id };
    try {
      if (!REMOTE.includes(command)) {
        throw new RangeError(`there is no command \`${command}\`: there is ${REMOTE.join(', ')}`);
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
  });
}
