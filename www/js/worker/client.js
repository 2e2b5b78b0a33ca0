// Owns the run: starts it, obeys what the reader does with it, and keeps it alive.

import { Devices, onCpu } from './devices.js';
import { WorkerLost } from './handle.js';
import { findPreset } from '../run/settings.js';

/** @typedef {import('./protocol.js').WorkerMessage} WorkerMessage */
/** @typedef {import('./protocol.js').Snapshot} Snapshot */
/** @typedef {import('./protocol.js').Backend} Backend */
/** @typedef {import('../run/state.js').State} State */
/** @typedef {import('../run/state.js').Action} Action */
/** @typedef {{ preset: string, settings: Record<string, string> }} Choice */
/** @typedef {{ choice: Choice, curves: State['curves'], latest: State['latest'],
 *   frames: State['frames'], snapshot: Snapshot }} Shelved */

const RESTARTS = 3;
/** Without a sign of life for so long, a running worker is taken for dead. A card that is rendered
 * in software is slow at everything. */
const SILENCE_MILLIS = { cpu: 60_000, webgpu: 180_000, reference: 180_000 };
export class Client {
  /**
   * @param {{ get: () => State, dispatch: (action: Action) => void }} store
   * @param {Backend | null} forced
   */
  constructor(store, forced) {
    this.store = store;
    /** @type {Choice} */
    this.choice = { preset: store.get().preset, settings: store.get().settings };
    this.devices = new Devices(this, forced);
    /** @type {Snapshot | null} */
    this.snapshot = null;
    /** The run before this one, for undo. @type {Shelved | null} */
    this.shelved = null;
    /** @type {import('./protocol.js').Watch} */
    this.watched = { structure: false, sharpness: false, gauge: false, points: null };
    this.restarts = 0;
    /** Starts whose events have not come yet; until then events are of an older run. @type {object[]} */
    this.unheard = [];
    /** While a run moves to another worker, its pauses are not the reader's. */
    this.moving = false;
    /** Who waits for steps. @type {{ resolve: () => void, reject: (why: Error) => void }[]} */
    this.waiting = [];
    /** Commands wait until the run that they are for is there. @type {Promise<unknown>} */
    this.beginning = Promise.resolve();
    setInterval(() => this.guard(), 5_000);
  }

  get active() {
    return this.devices.active;
  }

  /** Loads a worker and puts the chosen network on the table. */
  async open() {
    const { devices } = this;
    await this.active.ready;
    await this.settleOnAllowed();
    if (devices.forced === 'webgpu') {
      devices.tell(null, 'WebGPU is starting');
      await devices.find();
      if (this.active.backend !== 'webgpu') await this.start(this.choice);
      return;
    }
    devices.tell('cpu', devices.forced === 'cpu' ? 'as the link asks' : 'while WebGPU is looked for');
    await this.start(this.choice);
    if (devices.forced === null) devices.find();
  }

  /** Refuses a choice that no run can be built of. @param {Choice} choice */
  async check(choice) {
    await this.active.send({ type: 'check', config: choice });
  }

  /** A link whose formula, table or mask is wrong opens its preset, and says why. */
  async settleOnAllowed() {
    const { choice } = this;
    try {
      await this.check(choice);
    } catch (error) {
      if (error instanceof WorkerLost) throw error;
      const text = `The link cannot be used: ${/** @type {Error} */ (error).message}.`;
      this.choice = { ...choice, settings: { ...findPreset(choice.preset)?.settings } };
      this.store.dispatch({ type: 'notice', text });
      this.store.dispatch({ type: 'chosen', ...this.choice });
    }
  }

  /** A new network. The one before it can be brought back. @param {Choice} choice */
  async start(choice) {
    await this.shelve();
    this.choice = choice;
    this.snapshot = null;
    this.restarts = 0;
    this.store.dispatch({ type: 'cleared' });
    this.devices.fit(choice.settings);
    try {
      await this.begin(null);
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      if (code !== 'setting' || this.active.backend !== 'webgpu') throw error;
      // The card has no kernel for this choice; it waits for one that it has.
      this.devices.standBy(message);
      await this.begin(null);
      return;
    }
    this.devices.consider();
  }

  run() {
    return this.command({ type: 'run' });
  }

  pause() {
    return this.command({ type: 'pause' });
  }

  /** @param {number} steps Resolves when they are done and evaluated. */
  async step(steps) {
    await this.command({ type: 'step', steps });
    await new Promise((resolve, reject) => {
      this.waiting.push({ resolve: () => resolve(undefined), reject });
    });
  }

  /** Live settings of the running network. @param {Record<string, string>} settings */
  async set(settings) {
    await this.command({ type: 'set', settings });
    this.choice = { ...this.choice, settings: { ...this.choice.settings, ...settings } };
  }

  /** @param {number | null} steps Between pictures; null adapts. */
  pace(steps) {
    this.store.dispatch({ type: 'paced', pace: steps });
    return this.command({ type: 'pace', steps });
  }

  /** What to inspect from now on. @param {import('./protocol.js').Watch} watch */
  watch(watch) {
    this.watched = watch;
    return this.command({ type: 'watch', watch });
  }

  /** Scores of every symbol for one equation. @param {number} x @param {number} y */
  predict(x, y) {
    return this.command({ type: 'predict', x, y });
  }

  /** Asks for the subgroups of an operation's group. @param {Record<string, string>} settings */
  subgroups(settings) {
    return this.command({ type: 'subgroups', config: { preset: null, settings } });
  }

  /** Brings back the run that the last start replaced. */
  async undo() {
    const shelved = this.shelved;
    if (!shelved) return;
    this.shelved = null;
    this.store.dispatch({ type: 'undoable', canUndo: false });
    this.choice = shelved.choice;
    this.devices.fit(shelved.choice.settings);
    this.snapshot = shelved.snapshot;
    this.store.dispatch({ type: 'chosen', ...shelved.choice });
    this.store.dispatch({ type: 'restored', ...shelved });
    await this.begin(shelved.snapshot);
  }

  /** Leaves a graphics card that keeps failing. */
  async useCpu() {
    this.devices.leaveGpu();
    this.restarts = 0;
    await this.replace(onCpu(this.choice.settings), 'as you asked');
  }

  /** @param {object} command */
  async command(command) {
    await this.beginning;
    return this.active.send(command);
  }

  /** @param {Snapshot | null} resume */
  begin(resume) {
    const begun = this.sendStart(resume);
    this.beginning = begun.catch(() => {});
    return begun;
  }

  /** @param {Snapshot | null} resume */
  async sendStart(resume) {
    const config = this.choice;
    const start = {};
    this.unheard.push(start);
    const command = {
      type: 'start',
      config,
      resume: resume && { step: resume.step, history: resume.history },
    };
    try {
      await this.active.send(command, resume?.values);
    } catch (error) {
      this.unheard = this.unheard.filter((other) => other !== start);
      throw error;
    }
    const { pace } = this.store.get();
    if (pace !== null) await this.active.send({ type: 'pace', steps: pace });
    await this.active.send({ type: 'watch', watch: this.watched });
  }

  /** Keeps the current run for undo, if there is anything to lose. */
  async shelve() {
    const { curves, latest, frames, step, status } = this.store.get();
    if (step === 0 || status === 'loading' || status === 'failed') return;
    await this.active.send({ type: 'pause' });
    if (!this.snapshot) return;
    this.shelved = { choice: this.choice, curves, latest, frames, snapshot: this.snapshot };
    this.store.dispatch({ type: 'undoable', canUndo: true });
  }

  /** The run goes on on the card that waits. @param {string} reason */
  async moveToGpu(reason) {
    const running = this.store.get().status === 'running';
    // Steps that were asked for one by one end where they were promised.
    if (this.waiting.length > 0) return;
    this.moving = true;
    try {
      await this.active.send({ type: 'pause' });
      const cpu = this.devices.promote();
      await this.begin(this.snapshot);
      cpu.terminate();
      this.devices.tell('webgpu', reason);
      if (running) await this.run();
    } finally {
      this.moving = false;
    }
  }

  /** What the worker that trains says. @param {WorkerMessage} message */
  hear(message) {
    const { dispatch } = this.store;
    if (message.type === 'crashed') {
      this.recover(message.message);
      return;
    }
    if (this.unheard.length > 0) {
      if (message.type !== 'started') return;
      this.unheard.shift();
    }
    switch (message.type) {
      case 'snapshot':
        this.snapshot = message;
        break;
      case 'failed':
        if (message.error.code === 'not-finite') {
          dispatch({ type: 'status', status: 'failed', step: this.store.get().step });
          dispatch({ type: 'notice', text: `Stopped: ${message.error.message}.` });
          this.abandon(message.error.message);
        } else this.active.lose(message.error.message);
        break;
      case 'status':
        if (this.moving && message.status !== 'running') break;
        dispatch(message);
        if (message.status === 'paused' || message.status === 'finished') this.settle();
        break;
      case 'started':
      case 'evaluated':
      case 'configured':
      case 'inspected':
      case 'predicted':
      case 'subgroups':
        dispatch({ type: 'loading', loading: null });
        dispatch(message);
        break;
    }
  }

  /** Whoever waits for steps goes on. */
  settle() {
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  /** Whoever waits for steps hears why they will not come. @param {string} why */
  abandon(why) {
    for (const { reject } of this.waiting.splice(0)) reject(new WorkerLost(why));
  }

  /** The active worker is gone. @param {string} why */
  async recover(why) {
    const { backend } = this.active;
    const { dispatch } = this.store;
    this.restarts += 1;
    this.abandon(why);
    if (this.restarts > RESTARTS) {
      dispatch({ type: 'status', status: 'failed', step: this.store.get().step });
      const text = `Training failed ${this.restarts} times: ${why}.`;
      const action = backend === 'webgpu' ? 'use-cpu' : 'reload';
      dispatch({ type: 'notice', text, action });
      return;
    }
    const from = this.snapshot ? `goes on from step ${this.snapshot.step}` : 'starts again';
    dispatch({
      type: 'notice',
      text: `Training stopped: ${why}. The run ${from} in a fresh worker ` +
        `(${this.restarts} of ${RESTARTS}).`,
    });
    await this.replace(backend, this.store.get().backend.reason);
  }

  /** The run goes on in a fresh worker. @param {Backend} backend @param {string} reason */
  async replace(backend, reason) {
    const running = this.store.get().status === 'running';
    this.devices.replace(backend, reason);
    try {
      await this.begin(this.snapshot);
      if (running) await this.run();
    } catch (error) {
      // A worker that is lost again has already said so.
      if (!(error instanceof WorkerLost)) throw error;
    }
  }

  guard() {
    const silent = performance.now() - this.active.heardAt;
    if (this.store.get().status === 'running' && silent > SILENCE_MILLIS[this.active.backend]) {
      this.active.lose(`no sign of life for ${Math.round(silent / 1000)} seconds`);
    }
  }
}
