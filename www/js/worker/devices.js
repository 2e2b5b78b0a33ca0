// The workers there are, and which of them trains: the CPU's at once, a graphics card's once it has
// proved itself with the program in question. It knows nothing of runs.

import { Handle, WorkerLost } from './handle.js';
import { sizeOf } from './programs.js';
import { UPDATED, pageUpdated } from './stale.js';
import { Refused } from '../run/refused.js';

/** @typedef {import('./protocol.js').Backend} Backend */
/** @typedef {import('./protocol.js').Place} Place */
/** @typedef {import('./protocol.js').Program} Program */
/** @typedef {import('./protocol.js').WorkerMessage} WorkerMessage */
/** @typedef {import('../run/run.js').Choice} Choice */

/** A device must be faster by this factor for a run to move there. */
const WORTH_IT = 1.2;
const LABELS = {
  cpu: { fused: 'the trainer', reference: 'the reference kernels' },
  webgpu: { fused: 'the WebGPU trainer', reference: 'the reference kernels for WebGPU' },
};

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
    /** With the program of a run that is to begin. @type {Handle | null} */
    this.next = null;
    /** Why no card trains a program: it is not looked for again. @type {Map<Program, Error>} */
    this.refused = new Map();
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

  /** @param {Place} place */
  spawn(place) {
    this.showLoading(place, 0);
    const handle = new Handle(place, (message) => this.hear(message, handle));
    handle.allow(this.helpers);
    this.handles = [...this.handles.filter(({ lost }) => !lost), handle];
    return handle;
  }

  /** @param {WorkerMessage} message @param {Handle} from */
  hear(message, from) {
    if (message.type === 'loading') {
      this.showLoading(from, message.loaded);
      return;
    }
    if (message.type === 'helped') from.helpers = message.helpers;
    if (message.type === 'crashed') this.listener.onLoading(null);
    if (from === this.active) this.listener.onMessage(message);
    else if (message.type === 'crashed' && from === this.gpu) this.gpu = null;
  }

  /** How large a download is, also before its first byte. @param {Place} place @param {number} loaded */
  showLoading(place, loaded) {
    const total = sizeOf(place);
    const done = total !== null && loaded >= total;
    this.listener.onLoading(done ? null : { label: LABELS[place.backend][place.program], loaded, total });
  }

  /** @param {Backend | null} active @param {string} reason */
  tell(active, reason) {
    this.listener.onActive(active, reason);
  }

  /**
   * The first worker. One that is lost while it loads is tried again, unless it is gone for good.
   * @param {Program} program @param {number} retries
   */
  async open(program, retries) {
    for (let left = retries; ; left -= 1) {
      const handle = this.raise({ backend: 'cpu', program });
      try {
        await handle.ready;
        return;
      } catch (error) {
        if (left === 0 || this.ended) throw error;
        if (!handle.arrived && (await pageUpdated())) throw new WorkerLost(UPDATED);
      }
    }
  }

  /** The first worker, or another in place of one that is gone. @param {Place} place */
  raise(place) {
    if (this.ended) throw new WorkerLost('it was ended');
    this.active?.terminate();
    const { next } = this;
    this.next = null;
    const fits = next && !next.lost && next.backend === place.backend && next.program === place.program;
    return this.activate(fits ? next : this.spawn(place));
  }

  /** Refuses a choice that no run can be built of. A worker that is replaced meanwhile leaves that to the next. @param {Choice} choice */
  async check(choice) {
    for (;;) {
      const { active } = this;
      if (!active) throw new WorkerLost('no worker has been started');
      try {
        await active.send({ type: 'check', config: choice });
        return;
      } catch (error) {
        if (this.ended || this.active === active) throw error;
      }
    }
  }

  /**
   * Loads the program of a run that is to begin, so that no run is left for one that does not load.
   * @param {Program} program
   */
  async prepare(program) {
    if (this.next?.program !== program) {
      this.next?.terminate();
      this.next = null;
    }
    if (this.active?.program === program) return;
    this.next ??= this.spawn({ backend: 'cpu', program });
    const { next } = this;
    try {
      await next.ready;
    } catch (error) {
      if (this.next !== next) throw new Refused('another run was chosen meanwhile', 'interrupted');
      this.next = null;
      if (!next.arrived && (await pageUpdated())) throw new Refused(UPDATED, 'load');
      const why = /** @type {Error} */ (error).message;
      throw new Refused(`${LABELS.cpu[program]} did not load: ${why}; the run stays as it is`, 'load');
    }
  }

  /** @param {Handle} handle The one that trains from now on. */
  activate(handle) {
    this.active = handle;
    this.listener.onMessage({ type: 'helped', helpers: handle.helpers });
    return handle;
  }

  /** Each program is a worker of its own, on the CPU until a card is found for it. @param {Program} program */
  fit(program) {
    const before = this.active;
    if (!before || before.program === program) return;
    this.raise({ backend: 'cpu', program });
    if (before.backend === 'webgpu') this.tell('cpu', 'while WebGPU is looked for');
  }

  /** The card waits, and the CPU trains. @param {Handle} card The one that did. @param {string} reason */
  standBy(card, reason) {
    this.gpu = card;
    this.activate(this.spawn({ backend: 'cpu', program: card.program }));
    this.tell('cpu', reason);
  }

  /** Leaves a graphics card that keeps failing. */
  leaveGpu() {
    this.gpu?.terminate();
    this.gpu = null;
    this.forced = 'cpu';
  }

  /** Looks for a card on which a program computes as on the CPU that trains. Fails with why there is none. @param {Program} program */
  async find(program) {
    const refused = this.refused.get(program);
    if (refused) throw refused;
    const cpu = this.active;
    if (!cpu) throw new Error('nothing trains yet');
    // One card waits at a time.
    this.gpu?.terminate();
    this.gpu = null;
    // Most pages open without one.
    const { raiseGpu } = await import('./gpu.js');
    try {
      this.gpu = await raiseGpu(cpu, program, () => this.spawn({ backend: 'webgpu', program }));
    } catch (error) {
      // A CPU that was replaced meanwhile says nothing of the card.
      if (this.active === cpu) this.refused.set(program, /** @type {Error} */ (error));
      throw error;
    }
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
      // This network does not fit the card; it waits for one that does.
      if (code === 'device') return { faster: false, reason: message };
      gpu.terminate();
      this.gpu = null;
      const reason = `WebGPU failed: ${message}`;
      this.refused.set(gpu.program, new Error(reason));
      return { faster: false, reason };
    }
  }

  /** The card becomes the worker that trains. @returns {Handle | null} The one that did until now. */
  promote() {
    const old = this.active;
    if (this.gpu) this.activate(this.gpu);
    this.gpu = null;
    return old;
  }

  destroy() {
    this.ended = true;
    for (const handle of this.handles) handle.terminate();
    this.gpu = null;
  }
}
