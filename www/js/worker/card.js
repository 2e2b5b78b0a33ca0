// Moves a run to the graphics card when that is faster for its network, or asked for.

import { WorkerLost } from './handle.js';

export class Card {
  /**
   * @param {import('./devices.js').Devices} devices
   * @param {import('./line.js').Line} line
   * @param {{ choice: () => import('../run/run.js').Choice, live: () => import('../run/run.js').Run,
   *   resume: () => Promise<void>, tell: (text: string) => void }} run What is trained, and how it goes
   *   on where it was, on the worker that trains then.
   */
  constructor(devices, line, run) {
    this.devices = devices;
    this.line = line;
    this.run = run;
    /** While a run moves to another worker, its pauses are not the reader's. */
    this.moving = false;
  }

  /** Looks for a card. */
  async find() {
    const { devices } = this;
    if (devices.forced === 'cpu') return;
    try {
      await devices.find();
    } catch (error) {
      if (devices.ended) return;
      const why = /** @type {Error} */ (error).message;
      devices.tell('cpu', why);
      if (devices.forced === 'webgpu') {
        this.run.tell(`The link asks for WebGPU, but ${why}. Training on the CPU instead.`);
      }
      return;
    } finally {
      devices.listener.onLoading(null);
    }
    if (devices.forced === 'webgpu') {
      devices.promote()?.terminate();
      devices.tell('webgpu', 'as the link asks');
    } else await this.consider();
  }

  /** The run moves to the card that waits, if that is faster for its network. */
  async consider() {
    const { devices, line, run } = this;
    const { begun } = line;
    const found = await devices.compare(run.choice(), run.live().latest?.stepsPerSecond ?? null);
    if (!found || begun !== line.begun || devices.ended) return;
    if (!found.faster) {
      devices.tell('cpu', found.reason);
      return;
    }
    try {
      await this.move(found.reason);
    } catch (error) {
      // A worker that is lost has already said so.
      if (!(error instanceof WorkerLost)) throw error;
    }
  }

  /** @param {string} reason */
  async move(reason) {
    const { devices, line, run } = this;
    // Steps that were asked for one by one end where they were promised.
    if (line.waiting.length > 0) return;
    const running = run.live().status === 'running';
    this.moving = true;
    try {
      await devices.active?.send({ type: 'pause' });
      const cpu = devices.promote();
      await run.resume();
      cpu?.terminate();
      devices.tell('webgpu', reason);
      if (running) await line.send({ type: 'run' });
    } finally {
      this.moving = false;
    }
  }
}
