// Owns the workers: starts runs, keeps them alive, and moves them to the faster device.

import { raiseGpu } from './gpu.js';
import { Handle, WorkerLost } from './handle.js';
import { findPreset, needsReference } from './settings.js';

/** @typedef {import('./protocol.js').WorkerMessage} WorkerMessage */
/** @typedef {import('./protocol.js').Snapshot} Snapshot */
/** @typedef {import('./protocol.js').Backend} Backend */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').Action} Action */
/** @typedef {{ preset: string, settings: Record<string, string> }} Choice */
/** @typedef {{ choice: Choice, curves: State['curves'], latest: State['latest'],
 *   frames: State['frames'], snapshot: Snapshot }} Shelved */

const RESTARTS = 3;
/** Without a sign of life for so long, a running worker is taken for dead. A card that is rendered
 * in software is slow at everything. */
const SILENCE_MILLIS = { cpu: 60_000, webgpu: 180_000, reference: 180_000 };
/** A device must be faster by this factor for a run to move there. */
const WORTH_IT = 1.2;

/** The worker that trains it without a card. @param {Record<string, string>} settings */
const onCpu = (settings) => (needsReference(settings) ? 'reference' : 'cpu');

export class Client {
  /**
   * @param {{ get: () => State, dispatch: (action: Action) => void }} store
   * @param {Backend | null} forced
   */
  constructor(store, forced) {
    this.store = store;
    this.forced = forced;
    /** @type {Handle} */
    this.active = this.spawn(onCpu(store.get().settings));
    /** Verified, and not training. @type {Handle | null} */
    this.gpu = null;
    /** @type {Choice} */
    this.choice = { preset: store.get().preset, settings: store.get().settings };
    /** @type {Snapshot | null} */
    this.snapshot = null;
    /** The run before this one, for undo. @type {Shelved | null} */
    this.shelved = null;
    /** @type {import('./protocol.js').Watch} */
    this.watched = { structure: false, sharpness: false, gauge: false, points: null };
    this.restarts = 0;
    /** Starts whose events have not come yet; until then events are of an older run. */
    this.starting = 0;
    /** While a run moves to another worker, its pauses are not the reader's. */
    this.moving = false;
    /** Who waits for steps. @type {{ resolve: () => void, reject: (why: Error) => void }[]} */
    this.waiting = [];
    /** Commands wait until the run that they are for is there. @type {Promise<unknown>} */
    this.beginning = Promise.resolve();
    setInterval(() => this.guard(), 5_000);
  }

  /** Loads a worker and puts the chosen network on the table. */
  async open() {
    await this.active.ready;
    if (this.forced === 'webgpu') {
      await this.settleOnAllowed();
      this.store.dispatch({ type: 'backend', active: null, reason: 'WebGPU is starting' });
      await this.findGpu();
      if (this.active.backend !== 'webgpu') await this.start(this.choice);
      return;
    }
    await this.settleOnAllowed();
    const reason = this.forced === 'cpu' ? 'as the link asks' : 'while WebGPU is looked for';
    this.store.dispatch({ type: 'backend', active: 'cpu', reason });
    await this.start(this.choice);
    if (this.forced === null) this.findGpu();
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
    this.fit();
    try {
      await this.begin(null);
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      if (code !== 'setting' || this.active.backend !== 'webgpu') throw error;
      // The card has no kernel for this choice; it waits for one that it has.
      this.gpu = this.active;
      this.active = this.spawn(onCpu(choice.settings));
      this.store.dispatch({ type: 'backend', active: 'cpu', reason: message });
      await this.begin(null);
      return;
    }
    if (this.gpu) this.considerGpu();
  }

  /** Without a card, the reference kernels are a worker of their own. */
  fit() {
    const backend = onCpu(this.choice.settings);
    if (this.active.backend === 'webgpu' || this.active.backend === backend) return;
    this.active.terminate();
    this.active = this.spawn(backend);
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
    this.fit();
    this.snapshot = shelved.snapshot;
    this.store.dispatch({ type: 'chosen', ...shelved.choice });
    this.store.dispatch({ type: 'restored', ...shelved });
    await this.begin(shelved.snapshot);
  }

  /** Leaves a graphics card that keeps failing. */
  async useCpu() {
    this.active.terminate();
    this.gpu?.terminate();
    this.gpu = null;
    this.forced = 'cpu';
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
    this.starting += 1;
    const command = {
      type: 'start',
      config,
      resume: resume && { step: resume.step, history: resume.history },
    };
    try {
      await this.active.send(command, resume?.values);
    } catch (error) {
      this.starting -= 1;
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

  // --- Devices ---

  async findGpu() {
    try {
      this.gpu = await raiseGpu(this.active, (message) => this.hear(message, 'webgpu'));
    } catch (error) {
      const why = /** @type {Error} */ (error).message;
      this.store.dispatch({ type: 'backend', active: 'cpu', reason: `no WebGPU: ${why}` });
      if (this.forced === 'webgpu') {
        this.store.dispatch({
          type: 'notice',
          text: `The link asks for WebGPU, but ${why}. Training on the CPU instead.`,
        });
      }
      return;
    } finally {
      this.store.dispatch({ type: 'loading', loading: null });
    }
    if (this.forced === 'webgpu') {
      this.active.terminate();
      this.active = /** @type {Handle} */ (this.gpu);
      this.gpu = null;
      this.store.dispatch({ type: 'backend', active: 'webgpu', reason: 'as the link asks' });
      await this.start(this.choice);
    } else await this.considerGpu();
  }

  /** Moves the run to the graphics card if that is faster for this network. */
  async considerGpu() {
    const { gpu, choice } = this;
    if (!gpu) return;
    try {
      const onGpu = (await gpu.test(choice)).stepMillis;
      if (this.choice !== choice || this.active.backend !== 'cpu') return;
      const measured = this.store.get().latest?.stepsPerSecond;
      const onCpu = measured ? 1000 / measured : (await this.active.test(choice)).stepMillis;
      if (this.choice !== choice) return;
      const times = (/** @type {number} */ ratio) => `${ratio.toFixed(1)} times`;
      if (onGpu * WORTH_IT < onCpu) {
        await this.moveTo(gpu, `${times(onCpu / onGpu)} faster than the CPU for this network`);
      } else {
        const reason = `WebGPU would take ${times(onGpu / onCpu)} as long for this network`;
        this.store.dispatch({ type: 'backend', active: 'cpu', reason });
      }
    } catch (error) {
      if (/** @type {any} */ (error).code === 'setting') {
        const reason = /** @type {Error} */ (error).message;
        this.store.dispatch({ type: 'backend', active: 'cpu', reason });
        return;
      }
      gpu.terminate();
      this.gpu = null;
      const reason = `WebGPU failed: ${/** @type {Error} */ (error).message}`;
      this.store.dispatch({ type: 'backend', active: this.active.backend, reason });
    }
  }

  /** @param {Handle} gpu @param {string} reason */
  async moveTo(gpu, reason) {
    const running = this.store.get().status === 'running';
    // Steps that were asked for one by one end where they were promised.
    if (this.waiting.length > 0) return;
    this.moving = true;
    try {
      await this.active.send({ type: 'pause' });
      const cpu = this.active;
      this.active = gpu;
      this.gpu = null;
      await this.begin(this.snapshot);
      cpu.terminate();
      this.store.dispatch({ type: 'backend', active: 'webgpu', reason });
      if (running) await this.run();
    } finally {
      this.moving = false;
    }
  }

  // --- Faults ---

  /** @param {Backend} backend */
  spawn(backend) {
    return new Handle(backend, (message) => this.hear(message, backend));
  }

  /** @param {WorkerMessage} message @param {Backend} from */
  hear(message, from) {
    const { dispatch } = this.store;
    if (message.type === 'loading') {
      const label = { cpu: 'the trainer', webgpu: 'the WebGPU trainer', reference: 'the reference kernels' }[from];
      const done = message.total !== null && message.loaded >= message.total;
      dispatch({ type: 'loading', loading: done ? null : { ...message, label } });
      return;
    }
    if (from !== this.active.backend) {
      if (message.type === 'crashed') this.gpu = null;
      return;
    }
    if (message.type === 'crashed') {
      this.recover(message.message);
      return;
    }
    if (this.starting > 0) {
      if (message.type !== 'started') return;
      this.starting -= 1;
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
    this.starting = 0;
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
    this.active = this.spawn(backend);
    try {
      const active = backend === 'webgpu' ? backend : 'cpu';
      this.store.dispatch({ type: 'backend', active, reason });
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
