// One worker, as promises.

import { Refused } from '../run/refused.js';
import { SCHEMA } from '../run/schema.js';

/** @typedef {import('./protocol.js').WorkerMessage} WorkerMessage */
/** @typedef {import('./protocol.js').Place} Place */
/**
 * Commands of the session, and one that the worker script obeys itself.
 * @typedef {import('./protocol.js').Command | { type: 'probe', program: Place['program'] }} Command
 */

/** Without a sign of life for so long, a running worker is taken for dead. */
const SILENCE_MILLIS = 60_000;
/** The reference is slow, and a card that is rendered in software is slow at everything. */
const SLOW_SILENCE_MILLIS = 180_000;

/** A worker that stopped for good. */
export class WorkerLost extends Refused {
  /** @param {string} message */
  constructor(message) {
    super(message, 'lost');
  }
}

export class Handle {
  /**
   * @param {Place} place
   * @param {(message: WorkerMessage) => void} onMessage Everything but the answers to commands.
   */
  constructor({ backend, program }, onMessage) {
    this.backend = backend;
    this.program = program;
    this.onMessage = onMessage;
    this.heardAt = performance.now();
    /** @type {Map<number, { resolve: (result: any) => void, reject: (error: any) => void }>} */
    this.pending = new Map();
    this.nextId = 0;
    this.lost = false;
    /** Workers that help it, as it said last. */
    this.helpers = 0;
    /** Whether its script and its wasm have come, and are of this page. */
    this.arrived = false;
    /** @type {import('./protocol.js').Tested | null} */
    this.tested = null;
    /** What it gave last. @type {import('./protocol.js').Exported | null} */
    this.exported = null;
    /** The wasm has arrived. @type {Promise<void>} */
    this.loaded = new Promise((resolve, reject) => {
      this.onLoaded = { resolve, reject };
    });
    /** The device is there. @type {Promise<void>} */
    this.ready = new Promise((resolve, reject) => {
      this.onReady = { resolve, reject };
    });
    // Whoever waits hears of a loss; if nobody does, that is no error of its own.
    this.loaded.catch(() => {});
    this.ready.catch(() => {});

    const url = new URL('./worker.js', import.meta.url);
    url.search = String(new URLSearchParams({ backend, program }));
    this.worker = new Worker(url, { type: 'module' });
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = (event) => this.lose(event.message || 'its script did not load');
  }

  /**
   * Sends a command; the answer comes when it has been obeyed. A refusal is a {@link Refused}.
   * @param {Command} command
   * @param {Float32Array} [values] Of the snapshot that a start resumes from, or weights that come in.
   * @returns {Promise<any>}
   */
  send(command, values) {
    if (this.lost) return Promise.reject(new WorkerLost('the worker has stopped'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.worker.postMessage({ id, command, values });
    });
  }

  /**
   * Trains a few steps aside.
   * @param {import('./protocol.js').RawConfig} config @param {number | null} steps That are timed.
   */
  async test(config, steps = null) {
    this.tested = null;
    await this.send({ type: 'test', config, steps });
    return /** @type {import('./protocol.js').Tested} */ (/** @type {unknown} */ (this.tested));
  }

  /** The weights and their names. */
  async export() {
    await this.send({ type: 'export' });
    return /** @type {import('./protocol.js').Exported} */ (/** @type {unknown} */ (this.exported));
  }

  /** How many helpers it may have at most. @param {number} helpers */
  allow(helpers) {
    this.worker.postMessage({ helpers });
  }

  /** Ends the worker without a word. */
  terminate() {
    this.onMessage = () => {};
    this.lose('it was ended');
  }

  /** @param {WorkerMessage} message */
  receive(message) {
    this.heardAt = performance.now();
    switch (message.type) {
      case 'loaded':
        if (message.version !== SCHEMA.protocolVersion) {
          this.lose('it is of another version of this page');
          break;
        }
        this.arrived = true;
        this.onLoaded.resolve(undefined);
        break;
      case 'ready':
        this.onReady.resolve(undefined);
        break;
      case 'done': {
        const waiting = this.pending.get(message.id);
        this.pending.delete(message.id);
        if (message.error) waiting?.reject(new Refused(message.error.message, message.error.code));
        else waiting?.resolve(message.result);
        break;
      }
      case 'tested':
        this.tested = message;
        break;
      case 'exported':
        this.exported = message;
        break;
      case 'crashed':
        this.lose(message.message);
        break;
      default:
        this.onMessage(message);
    }
  }

  loseIfSilent() {
    const silent = performance.now() - this.heardAt;
    const isSlow = this.backend === 'webgpu' || this.program === 'reference';
    if (silent > (isSlow ? SLOW_SILENCE_MILLIS : SILENCE_MILLIS)) this.lose(`no sign of life for ${Math.round(silent / 1000)} seconds`);
  }

  /** @param {string} why */
  lose(why) {
    if (this.lost) return;
    this.lost = true;
    this.worker.terminate();
    const error = new WorkerLost(why);
    this.onLoaded.reject(error);
    this.onReady.reject(error);
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
    this.onMessage({ type: 'crashed', message: why });
  }
}
