// What a reader can do, whether with a button, a key or a script.

import { fromConfig, isSame, ofPreset, withNewSeed, withSetting, withVariant } from './run/choice.js';
import { shipped } from './lab/shipped.js';
import { extend } from './run/mask.js';
import { addressOf, placeOf } from './run/place.js';
import { nameOf, readRecording } from './run/recording.js';
import { Refused } from './run/refused.js';
import { findSetting } from './run/settings.js';
import { liveRun } from './run/state.js';
import { beats } from './run/timeline.js';
import { isAddress } from './run/url.js';
import { WorkerLost } from './worker/handle.js';

/** @typedef {import('./run/state.js').State} State */
/** @typedef {import('./run/run.js').Choice} Choice */
/** @typedef {import('./run/timeline.js').Beat} Beat */
/** @typedef {ReturnType<typeof createCommands>} Commands */

/**
 * What can be asked for. A refusal is thrown or rejects.
 * @param {import('./run/state.js').Store} store
 * @param {{ client: import('./worker/client.js').Client,
 *   player: ReturnType<typeof import('./player.js').createPlayer>,
 *   bench: ReturnType<typeof import('./lab/bench.js').createBench>['bench'],
 *   network: ReturnType<typeof import('./lab/bench.js').createBench>['network'],
 *   ask: (command: import('./worker/protocol.js').Command) => Promise<unknown>, reload: () => void,
 *   signal: AbortSignal }} parts `network` is of a recording, and `ask` asks the one that is shown.
 */
export function createCommands({ get, dispatch }, { client, player, bench, network, ask, reload, signal }) {
  /** The settings of the run that is shown: what a reader sees is what changes. @returns {Choice} */
  const seen = () => ({ preset: get().run.preset, settings: get().run.settings });
  /** Counts what was asked to be seen. */
  let wishes = 0;
  /**
   * What comes late does not take the place of what was asked for after it.
   * @param {AbortSignal} [until] While it is wanted. @returns {() => void} Throws when it is not any more.
   */
  function wish(until = signal) {
    const mine = ++wishes;
    return () => {
      if (mine === wishes && !until.aborted && !signal.aborted) return;
      throw new Refused('something else was asked for meanwhile', 'interrupted');
    };
  }
  /** @param {Choice} choice @param {boolean} [shelves] Whether the run before it can be brought back. */
  const start = (choice, shelves) => {
    wish();
    return client.start(choice, shelves);
  };
  const leave = () => {
    wish();
    dispatch({ type: 'live' });
  };

  /** A live setting changes the network that trains; any other starts a new one. @param {string} id @param {string} value */
  async function setting(id, value) {
    if (findSetting(id)?.live && !get().run.recording) {
      await client.set({ [id]: value });
      return;
    }
    await start(withSetting(seen(), id, value));
  }

  /** The live run waits while a recording is shown. @param {ArrayBuffer} bytes @param {string} file @param {boolean} own @param {string | null} name @param {() => void} still */
  async function show(bytes, file, own, name, still) {
    const recording = await readRecording(bytes);
    still();
    if (liveRun(get()).status === 'running') await client.pause();
    still();
    dispatch({ type: 'replay', recording, file, own, name });
  }

  /** @param {string | null} [file] By default the page's own. @param {boolean} [own] @param {AbortSignal} [until] */
  async function load(file = get().opening, own = file !== null && file === get().opening, until = signal) {
    const still = wish(until);
    if (file === null) throw new Refused('this page has no recording of its own', 'load');
    const bytes = isAddress(file)
      ? await (await import('./take/open.js')).fetchOwn(file, until)
      : await (await shipped(file, until)).arrayBuffer();
    await show(bytes, file, own, own ? null : nameOf(file), still);
  }

  const notice = (/** @type {string} */ text, /** @type {string | undefined} */ action = undefined) =>
    dispatch({ type: 'notice', text, ...(action ? { action } : {}) });
  /** In place of those of the live network. @param {Uint8Array<ArrayBuffer>} bytes */
  async function useWeights(bytes) {
    await (await import('./worker/files.js')).imported(client, bytes);
    leave();
  }

  const run = () => {
    leave();
    return client.run();
  };

  async function pause() {
    dispatch({ type: 'pausing', pausing: true });
    await client.pause().finally(() => dispatch({ type: 'pausing', pausing: false }));
  }

  return {
    run,
    pause,
    toggle: () => (get().run.status === 'running' ? pause() : run()),
    /** The main button of the opening. */
    trainYours: run,
    /** @param {number} steps */
    step(steps) {
      leave();
      return client.step(steps);
    },
    reset: () => start(client.choice),
    /** The same run from its beginning, training. */
    async again() {
      await start(client.choice);
      await client.run();
    },
    newSeed: () => start(withNewSeed(client.choice)),
    undo: () => client.undo(),
    useCpu: () => client.useCpu(),
    /** @param {number | null} steps */
    pace: (steps) => client.pace(steps),
    axis: (/** @type {boolean} */ logSteps = !get().logSteps) => dispatch({ type: 'axis', logSteps }),

    preset: (/** @type {string} */ id) => start(ofPreset(id)),
    setting,
    /** All settings at once. @param {Record<string, string>} settings */
    settings: (settings) => start({ preset: get().run.preset, settings }),
    variant: (/** @type {string} */ id) => start(withVariant(seen(), id)),
    /** @param {unknown} config A preset and differences. @param {boolean} [shelves] */
    configure: async (config, shelves) => start(fromConfig(config, client.choice.preset), shelves),
    /** What an older address says; the run before this one comes back as it was. @param {Choice} choice */
    async visit(choice) {
      if (isSame(choice, client.choice)) {
        leave();
        return;
      }
      const before = client.shelved?.run;
      if (before && isSame(choice, before)) await client.undo();
      else await start(choice);
    },

    load,
    /** @param {string | null} [file] @param {boolean} [own] */
    async replay(file, own) {
      await load(file, own);
      if (get().run.recording?.own) player.play();
    },
    /** A recording of the story, which itself says what is wrong with it. @param {string} file @param {AbortSignal} until */
    tell: (file, until) => load(file, undefined, until),
    /** Recordings and weights. @param {File[]} files */
    async openFiles(files) {
      const still = wish();
      const { openFiles } = await import('./take/open.js');
      await openFiles(files, { recording: (bytes, name) => show(bytes, name, false, null, still), weights: useWeights, notice });
    },
    /** The network that is shown: its step, and its weights as a safetensors file. */
    async weights() {
      const { run } = get();
      if (!run.recording) return (await import('./worker/files.js')).exported(client);
      const [{ file }, { standsAt }] = await Promise.all([network(), import('./run/network.js')]);
      return { step: /** @type {number} */ (standsAt(run)), file: await file() };
    },
    leave,
    play: () => player.play(),
    stop: () => player.stop(),
    /** @param {number | null} step */
    scrub: (step) => dispatch({ type: 'scrub', step }),
    beat(/** @type {Beat} */ name) {
      const step = beats(get().run)[name];
      if (step === null) throw new Refused('this run has not come so far', 'command');
      dispatch({ type: 'scrub', step });
    },

    cursor: (/** @type {State['cursor']} */ cursor) => dispatch({ type: 'cursor', cursor }),
    maskTool: (/** @type {State['maskTool']} */ tool) => dispatch({ type: 'maskTool', tool }),
    maskArea: (/** @type {State['maskArea']} */ area) => dispatch({ type: 'maskArea', area }),
    /** The cells of the drag that ended are held out, beside those that already were. */
    async holdOutDragged() {
      const { maskTool, maskArea, run: { settings } } = get();
      dispatch({ type: 'maskArea', area: null });
      if (!maskTool || !maskArea) return;
      await setting('heldOut', extend(settings.heldOut ?? '', maskTool, maskArea));
    },
    /** @param {string} text */
    mask: (text) => setting('heldOut', text),

    /** @param {string | null} figure */
    open: (figure) => dispatch({ type: 'open', figure }),
    /** The story as a lecture, from where it is. */
    present(present = !get().page.present) {
      dispatch({ type: 'present', present });
      if (present && !placeOf(get().open)) dispatch({ type: 'open', figure: addressOf(1) });
    },
    projection: (/** @type {import('./run/recording.js').Projection} */ projection) => dispatch({ type: 'projection', projection }),
    look: (/** @type {State['look']} */ look) => dispatch({ type: 'look', look }),
    subgroups: () => client.subgroups(get().run.settings),
    /** @param {number} x @param {number} y */
    predict: (x, y) => ask({ type: 'predict', x, y }),
    /** Parts of the network that are taken away, where that is looked at. @param {import('./run/cut.js').Cut} cut */
    takeAway: (cut) => dispatch({ type: 'cut', cut }),
    /** The same, answered. @param {import('./run/cut.js').Cut} cut */
    async ablate(cut) {
      await ask({ type: 'ablate', cuts: cut.parts, fill: cut.fill });
      dispatch({ type: 'cut', cut });
      return get().run.ablated;
    },
    /** The run of the recording that is shown, training here. */
    async trainRecorded() {
      await start(seen());
      await client.run();
    },

    // Sweeps, races and forks.
    ...bench,

    notice,
    dismiss: (/** @type {number} */ id) => dispatch({ type: 'dismissed', id }),
    reload,
    /** A file of results that ships with the page. @param {string} file @returns {Promise<any>} */
    shipped: async (file) => (await shipped(file, signal)).json(),
    share: (/** @type {State['sharing']} */ sharing) => dispatch({ type: 'sharing', sharing }),
  };
}

/**
 * The same for views: whatever goes wrong becomes a notice, once, except what `setting` refuses, which
 * its control shows.
 * @param {Commands} commands @param {(text: string) => void} report
 */
export function createActions(commands, report) {
  // A lost worker is reported by the client, and whoever interrupted something knows it.
  const isNews = (/** @type {any} */ error) => !(error instanceof WorkerLost) && error?.code !== 'interrupted';
  const say = (/** @type {any} */ error) => {
    if (isNews(error)) report(`${error?.message ?? error}`);
  };
  const { sweep, fork, ladder, precision, ...others } = commands;
  return {
    ...guarded(others, say),
    // What these refuse is shown beside their controls.
    sweep,
    fork,
    ladder,
    precision,
    shipped: commands.shipped,
    tell: commands.tell,
    /** @param {string} id @param {string} value */
    async setting(id, value) {
      try {
        await commands.setting(id, value);
      } catch (error) {
        if (isNews(error)) throw error;
      }
    },
  };
}

/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * @template {Record<string, (...parameters: any[]) => unknown>} T
 * @param {T} commands @param {(error: unknown) => void} say
 * @returns {{ [K in keyof T]: (...parameters: Parameters<T[K]>) => Promise<void> }}
 */
function guarded(commands, say) {
  const entries = Object.entries(commands).map(([name, command]) => [
    name,
    async (/** @type {unknown[]} */ ...parameters) => {
      try {
        await command(...parameters);
      } catch (error) {
        say(error);
      }
    },
  ]);
  return /** @type {any} */ (Object.fromEntries(entries));
}
