// The workers there are, and which of them trains: the CPU's at once, a graphics card's once it has
// proved itself. It knows nothing of runs.

import { raiseGpu } from './gpu.js';
import { Handle, WorkerLost } from './handle.js';
import { UPDATED, pageUpdated } from './stale.js';
import { needsReference } from '../run/settings.js';

/** @typedef {import('./protocol.js').Backend} Backend */
/** @typedef {import('./protocol.js').WorkerMessage} WorkerMessage */
/** @typedef {import('../run/run.js').Choice} Choice */

/** A device must be faster by this factor for a run to move there. */
const WORTH_IT = 1.2;
const LABELS = { cpu: 'the trainer', webgpu: 'the WebGPU trainer', reference: 'the reference kernels' };

/** The worker that trains it without a card. @param {Record<string, string>} settings @returns {Backend} */
export const onCpu = (settings) => (needsReference(settings) ? 'reference' : 'cpu');

export class Devices {
  /**
   * @param {Backend | null} forced The only one that may train.
   * @param {{ onMessage: (message: WorkerMessage) => void,
   *   onLoading: (loading: import('../run/state.js').State['loading']) => void,
   *   onActive: (active: Backend | null, reason: string) => void }} listener What the worker says that
   *   trains, what is loading, and what trains and why.
   */
  constructor(forced, listener) {
    this.forced = forced;
    this.listener = listener;
    /** The one that trains. @type {Handle | null} */
    this.active = null;
    /** Verified, and not training. @type {Handle | null} */
    this.gpu = null;
    this.ended = false;
    /** All that have not ended. @type {Handle[]} */
    this.handles = [];
    /** Helpers that a worker may have. */
    this.helpers = Infinity;
  }

  /** @param {number} helpers That a worker may have at most, from now on. */
  allow(helpers) {
    this.helpers = helpers;
    for (const handle of this.handles) handle.allow(helpers);
  }

  /** @param {Backend} backend */
  spawn(backend) {
    const handle = new Handle(backend, (message) => this.hear(message, handle));
    handle.allow(this.helpers);
    this.handles = [...this.handles.filter(({ lost }) => !lost), handle];
    return handle;
  }

  /** @param {WorkerMessage} message @param {Handle} from */
  hear(message, from) {
    if (message.type === 'loading') {
      const done = message.total !== null && message.loaded >= message.total;
      const { loaded, total } = message;
      this.listener.onLoading(done ? null : { label: LABELS[from.backend], loaded, total });
    } else if (from === this.active) this.listener.onMessage(message);
    else if (message.type === 'crashed' && from === this.gpu) this.gpu = null;
  }

  /** @param {Backend | null} active @param {string} reason */
  tell(active, reason) {
    this.listener.onActive(active, reason);
  }

  /**
   * The first worker. One that is lost while it loads is tried again, unless it is gone for good.
   * @param {Record<string, string>} settings @param {number} retries
   */
  async open(settings, retries) {
    for (let left = retries; ; left -= 1) {
      const handle = this.raise(onCpu(settings));
      try {
        await handle.ready;
        return;
      } catch (error) {
        if (left === 0 || this.ended) throw error;
        if (!handle.arrived && (await pageUpdated())) throw new WorkerLost(UPDATED);
      }
    }
  }

  /** The first worker, or another in place of one that is gone. @param {Backend} backend */
  raise(backend) {
    if (this.ended) throw new WorkerLost('it was ended');
    this.active?.terminate();
    this.active = this.spawn(backend);
    return this.active;
  }

  /** Without a card, the reference kernels are a worker of their own. @param {Record<string, string>} settings */
  fit(settings) {
    const backend = onCpu(settings);
    if (this.active && this.active.backend !== 'webgpu' && this.active.backend !== backend) this.raise(backend);
  }

  /** The card waits, and the CPU trains. @param {Record<string, string>} settings @param {string} reason */
  standBy(settings, reason) {
    this.gpu = this.active;
    this.active = this.spawn(onCpu(settings));
    this.tell('cpu', reason);
  }

  /** Leaves a graphics card that keeps failing. */
  leaveGpu() {
    this.gpu?.terminate();
    this.gpu = null;
    this.forced = 'cpu';
  }

  /** Looks for a card that computes as the CPU does. Fails with why there is none. */
  async find() {
    if (!this.active) throw new Error('nothing trains yet');
    this.gpu = await raiseGpu(this.active, () => this.spawn('webgpu'));
  }

  /**
   * Whether the card that waits is faster for a network, and how much, in words. Null if it cannot
   * be said any more.
   * @param {Choice} choice @param {number | null} stepsPerSecond That the CPU was measured to make.
   * @returns {Promise<{ faster: boolean, reason: string } | null>}
   */
  async compare(choice, stepsPerSecond) {
    const { gpu, active } = this;
    if (!gpu || !active) return null;
    try {
      const onGpu = (await gpu.test(choice)).stepMillis;
      if (this.active !== active) return null;
      const onCpu = stepsPerSecond ? 1000 / stepsPerSecond : (await active.test(choice)).stepMillis;
      const faster = onGpu * WORTH_IT < onCpu;
      const times = (/** @type {number} */ ratio) => `${ratio.toFixed(1)} times`;
      return {
        faster,
        reason: faster
          ? `${times(onCpu / onGpu)} faster than the CPU for this network`
          : `WebGPU would take ${times(onGpu / onCpu)} as long for this network`,
      };
    } catch (error) {
      const { code, message } = /** @type {import('../run/refused.js').Refused} */ (error);
      // The card has no kernel for this network; it waits for one that it has.
      if (code === 'setting') return { faster: false, reason: message };
      gpu.terminate();
      this.gpu = null;
      return { faster: false, reason: `WebGPU failed: ${message}` };
    }
  }

  /** The card becomes the worker that trains. @returns {Handle | null} The one that did until now. */
  promote() {
    const old = this.active;
    this.active = this.gpu;
    this.gpu = null;
    return old;
  }

  destroy() {
    this.ended = true;
    for (const handle of this.handles) handle.terminate();
    this.gpu = null;
  }
}
