// A demo without its page: one store, one worker that trains, and what can be done with them. Two know
// nothing of each other.

import { createActions, createCommands } from './actions.js';
import { createBench } from './lab/bench.js';
import { createPlayer } from './player.js';
import { ofPreset } from './run/choice.js';
import { projectionOf } from './run/projection.js';
import { PRESETS } from './run/settings.js';
import { fileOf } from './run/recording.js';
import { initialState, liveRun, reduce } from './run/state.js';
import { browserFrames, createStore } from './run/store.js';
import { UNWATCHED } from './run/watch.js';
import { SPARE } from './text/controls.js';
import { Client } from './worker/client.js';
import { savesData } from './worker/connection.js';

/** @typedef {import('./run/state.js').State} State */
/** @typedef {import('./worker/protocol.js').Watch} Watch */

/** After so many frames a recording that plays has moved: what trains is loaded then. */
export const MOVED_FRAMES = 20;

/**
 * @param {import('./run/url.js').Link} link What to train.
 * @param {{ recording?: string | null, spare?: string | null, reducedMotion?: boolean, reload?: () => void,
 *   keeping?: EventTarget | null, frames?: import('./run/store.js').Frames }} [options] `recording` is what the
 *   page opens with, `spare` what it shows where nothing trains, `keeping` what tells that the page is being left,
 *   if runs are to outlive it.
 */
export function createCore(link, {
  recording = null, spare = null, reducedMotion = false, reload = () => location.reload(), keeping = null,
  frames = browserFrames,
} = {}) {
  const ending = new AbortController();
  const { signal } = ending;
  const store = createStore(initialState(link, { opening: recording, reducedMotion }), reduce, frames);
  const timed = ofPreset(PRESETS[0].id);
  const keeper = once(async () => {
    // A page that is cut off from its server keeps nothing.
    const module = keeping && (await import('./keep.js').catch(() => null));
    const ask = /** @returns {Promise<unknown>} */ () => client.line.send({ type: 'snapshot' });
    return module ? module.createKeeper(store, { page: keeping, signal, ask }) : null;
  });
  /** What was kept of the run, once. */
  const recall = once(async () => (await keeper())?.recall() ?? null);
  const client = new Client(store, link.page.backend, {
    onOpened: () => whenIdle(() => client.explore(timed).catch(() => {}), signal),
    onOpenedWeights: () => keeper().then((found) => found?.open()),
    onSnapshot: (snapshot) => keeper().then((found) => found?.keep(snapshot)),
    recall,
  });
  const player = createPlayer(store, frames);
  const { bench, network } = createBench(store, signal, {
    open: () => client.open(),
    snapshot: () => client.command({ type: 'snapshot' }).then(() => client.snapshot),
    step: (steps) => client.step(steps),
  }, () => watchOf(store.get()));
  /** @param {import('./worker/protocol.js').Command} command */
  const ask = async (command) => (store.get().run.recording ? (await network()).ask(command) : client.command(command));
  const commands = createCommands(store, { client, player, bench, network, ask, reload, signal });
  const notice = (/** @type {string} */ text, /** @type {string | undefined} */ action = undefined) => store.dispatch({ type: 'notice', text, action });
  const actions = createActions(commands, notice);

  const open = () => client.open();
  // Whoever does not wait for it need not hear that it failed: the client says so.
  const openSoon = () => whenIdle(() => open().catch(() => {}), signal);
  /** The page opens with the live run. */
  async function showLive() {
    try {
      await open();
    } catch (error) {
      await showSpare();
      throw error;
    }
    if (link.page.autoplay === true && (await trainsOn())) actions.run();
  }

  /** Whether what begins to train by itself does: a run that was paused, or had ended, when it was left stays so. */
  async function trainsOn() {
    const kept = await recall();
    return kept === null || liveRun(store.get()).step !== kept.snapshot.step || kept.running;
  }

  /** Where nothing trains there is still a run to see. */
  async function showSpare() {
    if (spare === null || signal.aborted || store.get().run.started) return;
    await commands.load(spare, true).then(() => notice(SPARE), () => {});
  }

  /** The page opens with its recording or that of the link, and loads no worker before that is seen. */
  async function showRecording() {
    const { name } = link;
    try {
      await (name === null ? commands.load() : commands.load(fileOf(name)));
      if (name === null && !store.get().reducedMotion) player.play();
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = /** @type {import('./run/refused.js').Refused} */ (error);
      // A page without its recording opens with the live run, unless a reader was quicker.
      if (code !== 'interrupted') {
        if (name !== null) notice(message);
        return showLive();
      }
    }
    afterFrames(MOVED_FRAMES, frames, signal, () => {
      // In somebody else's page a recording is a figure, and what trains comes when it is asked for.
      if (!link.page.embed && !savesData()) openSoon();
      // Whoever left a run here sees that instead.
      if (keeping && name === null) whenIdle(() => recall().then((kept) => kept && open()).catch(() => {}), signal);
    });
  }

  // A run that was training when the page opened kept the computer from being timed: it is once that rests.
  const measure = () => import('./worker/speed.js').then((speed) => speed.measure(client, timed)).catch(() => {});
  store.on((state, _, before) => {
    const rests = liveRun(before).status === 'running' && liveRun(state).status !== 'running';
    if (rests && !state.speed) whenIdle(measure, signal);
  });

  // What is not looked at is not computed.
  let watched = JSON.stringify([client.watched, undefined]);
  const unloaded = (/** @type {Error} */ { message }) => notice(`What looks into a network did not load: ${message}.`, 'reload');
  store.on((state) => {
    const { recording, started } = state.run;
    if (!started || (recording && !recording.weights)) return;
    const watch = watchOf(state);
    const news = JSON.stringify([watch, recording?.file]);
    if (news === watched) return;
    watched = news;
    if (!recording) client.watch(watch).catch(() => {});
    else if (watch.inside || watch.parts || watch.clock) network().catch(unloaded);
    if (watch.parts) takenApart().catch(unloaded);
  });
  const takenApart = once(async () => (await import('./ablation.js')).createAblation(store, ({ parts, fill }) =>
    ask({ type: 'ablate', cuts: parts, fill })));

  return {
    store,
    actions,
    commands,
    signal,
    open,
    trainsOn,
    /** How many cores training may take beside its own. */
    allowHelpers: (/** @type {number} */ helpers) => client.devices.allow(helpers),
    /** Resolves when there is a run to see, and fails with why it is not the one that was asked for. */
    begin() {
      const shown = recording === null && link.name === null ? showLive() : showRecording();
      shown.catch(() => {});
      return shown;
    },
    destroy() {
      ending.abort();
      player.destroy();
      store.destroy();
      client.destroy();
    },
  };
}

/** What is looked at. @param {State} state @returns {Watch} */
function watchOf({ open, page: { view }, projection, look, run: { started } }) {
  const isSeen = (/** @type {string} */ figure) => open === figure || view.includes(figure);
  return {
    ...UNWATCHED,
    // The names of a group's representations come with it: neurons are taken away by them.
    structure: isSeen('structure') || (isSeen('cut') && (started?.group ?? false)),
    sharpness: isSeen('sharpness'),
    gauge: isSeen('gauge'),
    points: isSeen('points') ? projectionOf(projection, started) : null,
    inside: isSeen('neurons') ? look : null,
    parts: isSeen('cut'),
    clock: isSeen('clock'),
  };
}

/**
 * After so many frames were drawn.
 * @param {number} count @param {import('./run/store.js').Frames} frames @param {AbortSignal} signal
 * @param {() => void} act
 */
function afterFrames(count, frames, signal, act) {
  if (signal.aborted) return;
  if (count === 0) {
    act();
    return;
  }
  const id = frames.request(() => {
    signal.removeEventListener('abort', end);
    afterFrames(count - 1, frames, signal, act);
  });
  const end = () => frames.cancel(id);
  signal.addEventListener('abort', end, { once: true });
}

/** What failed is tried again by whoever asks next. @template T @param {() => Promise<T>} act @returns {() => Promise<T>} */
function once(act) {
  /** @type {Promise<T> | null} */
  let result = null;
  return () => (result ??= act().catch((error) => {
    result = null;
    throw error;
  }));
}

/** @param {() => void} act @param {AbortSignal} signal */
function whenIdle(act, signal) {
  if (signal.aborted) return;
  const run = () => {
    signal.removeEventListener('abort', end);
    act();
  };
  // Safari has no idle callbacks.
  const idle = typeof requestIdleCallback === 'function';
  const id = idle ? requestIdleCallback(run, { timeout: 2_000 }) : setTimeout(run, 200);
  const end = () => (idle ? cancelIdleCallback(/** @type {number} */ (id)) : clearTimeout(id));
  signal.addEventListener('abort', end, { once: true });
}
