// What a reader can do, whether with a button, a key or a script.

import { extend } from './run/mask.js';
import { SETTINGS, VARIANTS, check, checkTogether, findPreset, findSetting } from './run/settings.js';

/** @typedef {import('./worker/client.js').Client} Client */
/** @typedef {import('./worker/client.js').Choice} Choice */

/** An error as scripts and messages get it. */
export class Refused extends Error {
  /** @param {string} message @param {string} code */
  constructor(message, code = 'setting') {
    super(message);
    this.code = code;
  }
}

/**
 * @param {{ get: () => import('./run/state.js').State,
 *   dispatch: (action: import('./run/state.js').Action) => void }} store
 * @param {Client} client
 */
export function createActions(store, client) {
  /** @param {Choice} choice */
  async function start(choice) {
    // A refused choice loses nothing.
    await client.check(choice);
    store.dispatch({ type: 'live' });
    store.dispatch({ type: 'chosen', ...choice });
    await client.start(choice);
  }

  const current = () => ({ preset: store.get().preset, settings: store.get().settings });

  /** A live setting changes the network; any other starts a new one. */
  async function setting(/** @type {string} */ id, /** @type {string} */ value) {
    const { preset, settings } = current();
    if (findSetting(id)?.live) {
      await client.set({ [id]: value });
      return;
    }
    const next = { ...settings, [id]: value };
    if (id === 'formula' || id === 'table') next.operation = id;
    fit(next, id);
    await start({ preset, settings: next });
  }

  return {
    /** @param {string} id */
    preset(id) {
      return start({ preset: id, settings: { ...findPreset(id)?.settings } });
    },

    setting,

    /** All settings at once. @param {Record<string, string>} settings */
    settings: (settings) => start({ preset: current().preset, settings }),

    /** A way to train: its settings over the current ones. */
    async variant(/** @type {string} */ id) {
      const variant = VARIANTS.find((row) => row.id === id);
      if (!variant) return;
      const { preset, settings } = current();
      await start({ preset, settings: { ...settings, ...variant.settings } });
    },

    /**
     * A preset with differences, as `window.grokking.start` takes them. A bad value is refused.
     * @param {Record<string, unknown>} config
     */
    configure(config) {
      const { preset: id = store.get().preset, ...rest } = config;
      const preset = findPreset(String(id));
      if (!preset) throw new Refused(`there is no preset \`${id}\``, 'unknown');
      const settings = { ...preset.settings };
      for (const [key, raw] of Object.entries(rest)) {
        const setting = findSetting(key);
        if (!setting) {
          const known = SETTINGS.map((row) => row.id).join(', ');
          throw new Refused(`there is no setting \`${key}\`: there is ${known}`, 'unknown');
        }
        const { value, problem } = check(setting, String(raw));
        if (problem || value === null) throw new Refused(problem ?? `bad \`${key}\``);
        settings[key] = value;
      }
      const conflict = checkTogether(settings);
      if (conflict) throw new Refused(conflict);
      return start({ preset: preset.id, settings });
    },

    /** The cells of the drag that ended are held out, beside those that already were. */
    async holdOutDragged() {
      const { maskTool, maskArea, settings } = store.get();
      store.dispatch({ type: 'maskArea', area: null });
      if (!maskTool || !maskArea) return;
      await setting('heldOut', extend(settings.heldOut ?? '', maskTool, maskArea));
    },

    run: () => client.run(),
    pause: () => client.pause(),
    toggle: () => (store.get().status === 'running' ? client.pause() : client.run()),
    step: (/** @type {number} */ steps) => client.step(steps),
    reset: () => start(current()),
    newSeed() {
      const { preset, settings } = current();
      const seed = String(crypto.getRandomValues(new Uint16Array(1))[0]);
      return start({ preset, settings: { ...settings, seed } });
    },
    undo: () => client.undo(),
    useCpu: () => client.useCpu(),
    /** @param {number | null} steps */
    pace: (steps) => client.pace(steps),
    axis: (/** @type {boolean} */ logSteps) => store.dispatch({ type: 'axis', logSteps }),
    toggleAxis: () => store.dispatch({ type: 'axis', logSteps: !store.get().logSteps }),
  };
}

/**
 * Heads and width must divide: the one that was not chosen gives way.
 * @param {Record<string, string>} settings @param {string} chosen
 */
function fit(settings, chosen) {
  let heads = Number(settings.heads);
  const width = Number(settings.width);
  if (width % heads === 0) return;
  if (chosen === 'heads') settings.width = String(heads * Math.max(1, Math.round(width / heads)));
  else {
    while (width % heads !== 0) heads -= 1;
    settings.heads = String(heads);
  }
}
