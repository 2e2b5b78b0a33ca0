// Moves a run to the graphics card when that is faster for its network, or asked for.

import { isMetered } from './connection.js';
import { WorkerLost } from './handle.js';
import { sizeOf } from './programs.js';
import { programOf } from '../run/settings.js';

/** @param {number | null} bytes */
const sparing = (bytes) =>
  `for a graphics card this network needs a program of ${bytes === null ? 'many' : (bytes / 1e6).toFixed(1)} MB, which ` +
  'this connection is spared; a link with `backend=webgpu` loads it';

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
    /** Cards are looked for one after the other. @type {Promise<boolean>} */
    this.searching = Promise.resolve(false);
  }

  /** What trains the choice. */
  get program() {
    return programOf(this.run.choice().settings);
  }

  /** The worker that trains has the program of the choice; it is the card's where the link asks for that. */
  async fit() {
    const { devices } = this;
    devices.fit(this.program);
    if (devices.forced !== 'webgpu' || !(await this.find())) return;
    devices.promote()?.terminate();
    devices.tell('webgpu', 'as the link asks');
  }

  /** Whether a card waits that can be trusted with the choice. */
  find() {
    this.searching = this.searching.then(() => this.search());
    return this.searching;
  }

  async search() {
    const { devices, program } = this;
    if (devices.ended || devices.active?.backend !== 'cpu') return false;
    if (devices.gpu?.program === program) return true;
    const isNews = !devices.refused.has(program);
    if (isNews && devices.forced === 'webgpu') devices.tell(null, 'WebGPU is starting');
    try {
      await devices.find(program);
      return this.program === program;
    } catch {
      const why = devices.refused.get(program)?.message;
      if (!why || devices.ended || this.program !== program) return false;
      devices.tell('cpu', why);
      if (isNews && devices.forced === 'webgpu') {
        this.run.tell(`The link asks for WebGPU, but ${why}. Training on the CPU instead.`);
      }
      return false;
    } finally {
      devices.listener.onLoading(null);
    }
  }

  /** The run moves to the card, if that is faster for its network. Where the link chooses, nothing is considered. */
  async consider() {
    const { devices, line, run } = this;
    if (devices.forced !== null || devices.active?.backend !== 'cpu') return;
    // The reference's program for a card is many megabytes. Whoever chose a network that only the
    // reference trains gets it unasked, unless bytes may cost something: then the link has to ask.
    if (this.program === 'reference' && isMetered()) {
      devices.tell('cpu', sparing(sizeOf({ backend: 'webgpu', program: 'reference' })));
      return;
    }
    const { begun } = line;
    if (!(await this.find()) || begun !== line.begun) return;
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
