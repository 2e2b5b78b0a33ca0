// Which worker trains: the CPU's at once, the graphics card's once it has proved itself and is faster.

import { raiseGpu } from './gpu.js';
import { Handle } from './handle.js';
import { needsReference } from '../run/settings.js';

/** @typedef {import('./protocol.js').Backend} Backend */

/** A device must be faster by this factor for a run to move there. */
const WORTH_IT = 1.2;
const LABELS = { cpu: 'the trainer', webgpu: 'the WebGPU trainer', reference: 'the reference kernels' };

/** The worker that trains it without a card. @param {Record<string, string>} settings */
export const onCpu = (settings) => (needsReference(settings) ? 'reference' : 'cpu');

export class Devices {
  /**
   * @param {import('./client.js').Client} client Whose run it is.
   * @param {Backend | null} forced The only one that may train, if the link says so.
   */
  constructor(client, forced) {
    this.client = client;
    this.forced = forced;
    /** @type {Handle} */
    this.active = this.spawn(onCpu(client.choice.settings));
    /** Verified, and not training. @type {Handle | null} */
    this.gpu = null;
  }

  /** @param {Backend} backend */
  spawn(backend) {
    return new Handle(backend, (message) => this.hear(message, backend));
  }

  /** Tells the client what the training worker says. @param {import('./protocol.js').WorkerMessage} message @param {Backend} from */
  hear(message, from) {
    if (message.type === 'loading') {
      const done = message.total !== null && message.loaded >= message.total;
      const loading = done ? null : { ...message, label: LABELS[from] };
      this.client.store.dispatch({ type: 'loading', loading });
    } else if (from === this.active.backend) this.client.hear(message);
    else if (message.type === 'crashed') this.gpu = null;
  }

  /** @param {Backend | null} active @param {string} reason */
  tell(active, reason) {
    this.client.store.dispatch({ type: 'backend', active, reason });
  }

  /** Without a card, the reference kernels are a worker of their own. @param {Record<string, string>} settings */
  fit(settings) {
    const backend = onCpu(settings);
    if (this.active.backend === 'webgpu' || this.active.backend === backend) return;
    this.active.terminate();
    this.active = this.spawn(backend);
  }

  /** The card waits, and the CPU trains. @param {string} reason */
  standBy(reason) {
    this.gpu = this.active;
    this.active = this.spawn(onCpu(this.client.choice.settings));
    this.tell('cpu', reason);
  }

  /** Leaves a graphics card that keeps failing. */
  leaveGpu() {
    this.active.terminate();
    this.gpu?.terminate();
    this.gpu = null;
    this.forced = 'cpu';
  }

  /** Another worker in place of one that is gone. @param {Backend} backend @param {string} reason */
  replace(backend, reason) {
    this.active = this.spawn(backend);
    this.tell(backend === 'webgpu' ? backend : 'cpu', reason);
  }

  /** Looks for a card, and moves the run there if that is faster. */
  async find() {
    const { store } = this.client;
    try {
      this.gpu = await raiseGpu(this.active, (message) => this.hear(message, 'webgpu'));
    } catch (error) {
      const why = /** @type {Error} */ (error).message;
      this.tell('cpu', `no WebGPU: ${why}`);
      if (this.forced === 'webgpu') {
        const text = `The link asks for WebGPU, but ${why}. Training on the CPU instead.`;
        store.dispatch({ type: 'notice', text });
      }
      return;
    } finally {
      store.dispatch({ type: 'loading', loading: null });
    }
    if (this.forced === 'webgpu') {
      this.promote().terminate();
      this.tell('webgpu', 'as the link asks');
      await this.client.start(this.client.choice);
    } else await this.consider();
  }

  /** Moves the run to the graphics card if that is faster for this network. */
  async consider() {
    const { gpu, client } = this;
    const { choice } = client;
    if (!gpu) return;
    try {
      const onGpu = (await gpu.test(choice)).stepMillis;
      if (client.choice !== choice || this.active.backend !== 'cpu') return;
      const measured = client.store.get().latest?.stepsPerSecond;
      const onCpu = measured ? 1000 / measured : (await this.active.test(choice)).stepMillis;
      if (client.choice !== choice) return;
      const times = (/** @type {number} */ ratio) => `${ratio.toFixed(1)} times`;
      if (onGpu * WORTH_IT < onCpu) {
        await client.moveToGpu(`${times(onCpu / onGpu)} faster than the CPU for this network`);
      } else this.tell('cpu', `WebGPU would take ${times(onGpu / onCpu)} as long for this network`);
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      if (code === 'setting') {
        this.tell('cpu', message);
        return;
      }
      gpu.terminate();
      this.gpu = null;
      this.tell(this.active.backend, `WebGPU failed: ${message}`);
    }
  }

  /** The card becomes the worker that trains. @returns {Handle} The one that did until now. */
  promote() {
    const old = this.active;
    this.active = /** @type {Handle} */ (this.gpu);
    this.gpu = null;
    return old;
  }
}
