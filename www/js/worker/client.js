// Trains the live run: starts it, obeys what the reader does with it, and keeps it alive. What is
// chosen is in the store; this knows the workers and not who looks.

import { Card } from './card.js';
import { Devices } from './devices.js';
import { WorkerLost } from './handle.js';
import { Line } from './line.js';
import { UPDATED, pageUpdated } from './stale.js';
import { Turns } from './turns.js';
import { liveRun } from '../run/state.js';
import { programOf } from '../run/settings.js';
import { UNWATCHED } from '../run/watch.js';

/** @typedef {import('./protocol.js').WorkerMessage} WorkerMessage */
/** @typedef {import('./protocol.js').Snapshot} Snapshot */
/** @typedef {import('./protocol.js').Backend} Backend */
/** @typedef {import('./protocol.js').Place} Place */
/** @typedef {import('../run/run.js').Choice} Choice */

const RESTARTS = 3;
const GUARD_MILLIS = 5_000;

export class Client {
  /**
   * @param {import('../run/state.js').Store} store
   * @param {Backend | null} forced The only one that may train, if the link says so.
   * @param {{ onOpened?: () => void, onOpenedWeights?: () => void, onSnapshot?: (snapshot: Snapshot) => void,
   *   recall?: () => Promise<{ snapshot: Snapshot } | null> }} [page] `recall` gives what the first run goes on from.
   */
  constructor(store, forced, page = {}) {
    this.store = store;
    this.page = page;
    this.devices = new Devices(forced, {
      onMessage: (message) => this.hear(message),
      onLoading: (loading) => store.dispatch({ type: 'loading', loading }),
      onActive: (active, reason) => store.dispatch({ type: 'backend', active, reason }),
    });
    /** Resolves when the live run can be trained. @type {Promise<void> | null} */
    this.opened = null;
    this.isLoading = false;
    this.ended = false;
    /** @type {Snapshot | null} */
    this.snapshot = null;
    /** The run before this one, for undo. @type {{ run: import('../run/run.js').Run, snapshot: Snapshot } | null} */
    this.shelved = null;
    /** @type {import('./protocol.js').Watch} */
    this.watched = UNWATCHED;
    this.restarts = 0;
    this.turns = new Turns();
    this.line = new Line(() => this.active);
    this.card = new Card(this.devices, this.line, {
      choice: () => this.choice,
      live: () => this.live,
      resume: () => this.begin(this.snapshot),
      tell: (text) => store.dispatch({ type: 'notice', text }),
    });
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
  }

  get live() {
    return liveRun(this.store.get());
  }

  /** @returns {Choice} */
  get choice() {
    const { preset, settings } = this.live;
    return { preset, settings };
  }

  /** The worker that trains. */
  get active() {
    if (!this.devices.active) throw new WorkerLost('no worker has been started');
    return this.devices.active;
  }

  /** Loads a worker and puts the chosen network on the table, once. */
  open() {
    if (this.ended) return Promise.reject(new WorkerLost('it was ended'));
    this.opened ??= this.load().catch((error) => {
      this.opened = null; // Whoever asks next tries again.
      throw error;
    });
    return this.opened;
  }

  async load() {
    const { devices } = this;
    this.isLoading = true;
    const recalled = this.page.recall?.();
    try {
      const { beginOrGoOn, settleOnAllowed } = await import('./opening.js');
      await devices.open(this.card.program, RESTARTS);
      await settleOnAllowed(this);
      if (devices.forced !== 'webgpu') {
        devices.tell('cpu', devices.forced === 'cpu' ? 'as the link asks' : 'while WebGPU is looked for');
      }
      await beginOrGoOn(this, (await recalled)?.snapshot ?? null);
    } catch (error) {
      if (!this.ended) this.reportUnloaded(/** @type {Error} */ (error).message);
      throw error;
    } finally {
      this.isLoading = false;
    }
    if (this.ended) return;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.guard(), GUARD_MILLIS);
    this.page.onOpened?.();
  }

  /** @param {string} why */
  reportUnloaded(why) {
    const text = why === UPDATED ? why : `The trainer did not load: ${why}.`;
    this.store.dispatch({ type: 'loading', loading: null });
    this.store.dispatch({ type: 'notice', text, action: 'reload' });
  }

  /** Refuses a choice that no run can be built of. @param {Choice} choice */
  async check(choice) {
    await this.devices.check(choice);
  }

  /**
   * A new network, which can be undone if it `shelves` the one before it. A refused choice loses nothing, and one that
   * another takes the place of is refused.
   * @param {Choice} choice @param {boolean} [shelves]
   */
  async start(choice, shelves = true) {
    const take = this.turns.ask();
    await this.open();
    await this.check(choice);
    const still = take();
    await this.devices.prepare(programOf(choice.settings));
    still();
    if (shelves) await this.shelve();
    still();
    this.snapshot = null;
    this.restarts = 0;
    this.store.dispatch({ type: 'begun', ...choice });
    await this.beginWhereItFits(null);
    still();
    this.card.consider();
  }

  /** On the card or the CPU; a network that is too large for the card is trained by the CPU. @param {Snapshot | null} resume */
  async beginWhereItFits(resume) {
    try {
      await this.begin(resume, () => this.card.fit());
    } catch (error) {
      const { code, message } = /** @type {import('../run/refused.js').Refused} */ (error);
      if (code !== 'device' || this.active.backend !== 'webgpu') throw error;
      this.devices.standBy(this.active, message);
      await this.begin(resume);
    }
  }

  run() {
    return this.command({ type: 'run' });
  }

  pause() {
    return this.command({ type: 'pause' });
  }

  /** @param {number} steps Resolves when they are done and evaluated. */
  async step(steps) {
    await this.open();
    await this.line.step(steps);
  }

  /** Live settings of the running network. @param {Record<string, string>} settings */
  set(settings) {
    return this.command({ type: 'set', settings });
  }

  /** @param {number | null} steps Between pictures; null adapts. */
  async pace(steps) {
    this.store.dispatch({ type: 'paced', pace: steps });
    if (this.opened) await this.command({ type: 'pace', steps, growing: false });
  }

  /** What to inspect from now on. @param {import('./protocol.js').Watch} watch */
  async watch(watch) {
    this.watched = watch;
    if (this.opened) await this.command({ type: 'watch', watch });
  }

  /** Asks for the subgroups of an operation's group. @param {Record<string, string>} settings */
  subgroups(settings) {
    return this.command({ type: 'subgroups', config: { preset: null, settings } });
  }

  /** Brings back the run that the last start replaced. */
  async undo() {
    const shelved = this.shelved;
    if (!shelved) return;
    const take = this.turns.ask();
    await this.open();
    const still = take();
    await this.devices.prepare(programOf(shelved.run.settings));
    still();
    this.shelved = null;
    this.snapshot = shelved.snapshot;
    this.store.dispatch({ type: 'undoable', canUndo: false });
    this.store.dispatch({ type: 'restored', run: shelved.run });
    await this.beginWhereItFits(shelved.snapshot);
    still();
    await this.line.send({ type: 'snapshot' });
  }

  /** Leaves a graphics card that keeps failing. */
  async useCpu() {
    this.devices.leaveGpu();
    this.restarts = 0;
    await this.replace({ backend: 'cpu', program: this.card.program }, 'as you asked');
  }

  /** @param {import('./handle.js').Command} command */
  async command(command) {
    await this.open();
    return this.line.send(command);
  }

  /** @param {Snapshot | null} resume @param {() => Promise<void>} [prepare] */
  begin(resume, prepare = async () => {}) {
    const { pace } = this.store.get();
    return this.line.begin(this.choice, resume, [
      { type: 'pace', steps: pace, growing: false },
      { type: 'watch', watch: this.watched },
    ], prepare);
  }

  /** Keeps the current run for undo, if there is anything to lose. */
  async shelve() {
    const { step, status } = this.live;
    if (step === 0 || status === 'loading' || status === 'failed') return;
    await this.line.send({ type: 'pause' });
    if (!this.snapshot) return;
    this.shelved = { run: this.live, snapshot: this.snapshot };
    this.store.dispatch({ type: 'undoable', canUndo: true });
  }

  /** What can wait until the run is there: how fast this computer is, and whether its card is faster. @param {Choice} choice To time. */
  async explore(choice) {
    const { measure } = await import('./speed.js');
    await measure(this, choice);
    await this.card.consider();
  }

  /** What the worker that trains says. @param {WorkerMessage} message */
  hear(message) {
    const { dispatch } = this.store;
    if (message.type === 'crashed') {
      // While it loads, whoever waits for it tries again.
      if (!this.isLoading) this.recover(message.message);
      return;
    }
    if (message.type === 'helped') {
      dispatch(message);
      return;
    }
    if (!this.line.isCurrent(message)) return;
    switch (message.type) {
      case 'snapshot':
        this.snapshot = message;
        this.page.onSnapshot?.(message);
        break;
      case 'failed':
        if (message.error.code === 'not-finite') {
          dispatch({ type: 'status', status: 'failed', step: this.live.step });
          dispatch({ type: 'notice', text: `Stopped: ${message.error.message}.` });
          this.line.abandon(message.error.message);
        } else this.active.lose(message.error.message);
        break;
      case 'status':
        if (this.card.moving && message.status !== 'running') break;
        dispatch(message);
        if (message.status === 'paused' || message.status === 'finished') this.line.settle();
        break;
      case 'started':
        dispatch({ type: 'loading', loading: null });
        dispatch(message);
        break;
      case 'evaluated':
      case 'configured':
      case 'inspected':
      case 'predicted':
      case 'ablated':
      case 'subgroups':
        dispatch(message);
        break;
    }
  }

  /** The active worker is gone. @param {string} why */
  async recover(why) {
    const { dispatch } = this.store;
    const { backend, program, arrived } = this.active;
    this.restarts += 1;
    this.line.abandon(why);
    const updated = !arrived && (await pageUpdated());
    if (this.ended) return;
    if (updated || this.restarts > RESTARTS) {
      dispatch({ type: 'status', status: 'failed', step: this.live.step });
      const text = updated ? UPDATED : `Training failed ${this.restarts} times: ${why}.`;
      dispatch({ type: 'notice', text, action: backend === 'webgpu' && !updated ? 'use-cpu' : 'reload' });
      return;
    }
    const from = this.snapshot ? `goes on from step ${this.snapshot.step}` : 'starts again';
    dispatch({
      type: 'notice',
      text: `Training stopped: ${why}. The run ${from} in a fresh worker ` +
        `(${this.restarts} of ${RESTARTS}).`,
    });
    await this.replace({ backend, program }, this.store.get().backend.reason);
  }

  /** The run goes on in a fresh worker. @param {Place} place @param {string} reason */
  async replace(place, reason) {
    const running = this.live.status === 'running' && !this.store.get().pausing;
    this.devices.raise(place);
    this.devices.tell(place.backend, reason);
    try {
      await this.begin(this.snapshot);
      if (running) await this.run();
    } catch (error) {
      // A worker that is lost again has already said so.
      if (!(error instanceof WorkerLost)) throw error;
    }
  }

  /** A running worker without a sign of life is taken for dead. */
  guard() {
    if (this.live.status === 'running') this.active.loseIfSilent();
  }

  /** Ends the workers and the timer; nothing is said any more. */
  destroy() {
    this.ended = true;
    clearInterval(this.timer);
    this.line.abandon('it was ended');
    this.devices.destroy();
  }
}
