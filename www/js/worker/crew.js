// Helpers of a worker that trains: workers of their own, which compute parts of its steps. Browsers
// share memory only under headers that static hosts do not send, so everything travels in messages.

/** How long a helper may be silent before it is taken for lost. */
const SILENCE_MILLIS = 10_000;
/** A machine on which helpers are lost more often than this gets no more. */
const LOSSES = 5;
/** How long helpers that nobody asks are kept, so that a pause does not cost a start. */
const IDLE_MILLIS = 5_000;

/**
 * @typedef {{ worker: Worker, isReady: boolean, answer: Float32Array | null,
 *   waiting: ((values: Float32Array | null) => void) | null, isLost: boolean }} Helper
 */

export class Crew {
  /**
   * @param {() => { program: string, module: WebAssembly.Module }} source What helpers run.
   * @param {number} cores Of this machine.
   * @param {(helpers: number) => void} onHelping How many help, whenever that has changed.
   */
  constructor(source, cores, onHelping) {
    this.source = source;
    this.cores = cores;
    this.onHelping = onHelping;
    this.told = 0;
    /** Helpers that the page lets this worker have: none while it is hidden. */
    this.allowed = Infinity;
    /** The run that they help with, in JSON. */
    this.config = '';
    this.wanted = 0;
    this.losses = 0;
    /** @type {Helper[]} */
    this.helpers = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.idle = undefined;
  }

  /** Those that are ready come first, and keep their places. */
  get ready() {
    if (this.allowed === 0) return 0;
    const unready = this.helpers.findIndex(({ isReady }) => !isReady);
    return unready < 0 ? this.helpers.length : unready;
  }

  tell() {
    const helping = Math.min(this.ready, this.wanted);
    if (helping !== this.told) this.onHelping(helping);
    this.told = helping;
  }

  /** @param {number} allowed From 0; what is more goes between two steps. */
  allow(allowed) {
    this.allowed = allowed;
    if (allowed === 0) this.dismissSoon();
    this.tell();
  }

  /** @param {string} config @param {number} helpers */
  recruit(config, helpers) {
    if (config !== this.config) {
      this.dismiss();
      this.config = config;
    }
    this.wanted = this.losses > LOSSES ? 0 : Math.min(helpers, this.allowed);
    if (this.wanted === 0) this.dismissSoon();
    else {
      clearTimeout(this.idle);
      this.idle = undefined;
      this.helpers = this.helpers.filter(({ isLost }) => !isLost);
      while (this.helpers.length < this.wanted) this.helpers.push(this.start());
      for (const helper of this.helpers.splice(this.wanted)) this.lose(helper);
    }
    this.tell();
  }

  /** @returns {Helper} */
  start() {
    const worker = new Worker(new URL('./helper.js', import.meta.url), { type: 'module' });
    /** @type {Helper} */
    const helper = { worker, isReady: false, answer: null, waiting: null, isLost: false };
    worker.onmessage = ({ data }) => {
      if (data.values) this.hear(helper, data.values);
      else helper.isReady = true;
      this.tell();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.losses += 1;
      this.lose(helper);
    };
    worker.postMessage({ ...this.source(), config: this.config });
    return helper;
  }

  /** @param {number} index @param {Float32Array} parameters @param {number | undefined} step @param {number} from @param {number} to */
  ask(index, parameters, step, from, to) {
    const helper = this.helpers[index];
    helper.answer = null;
    helper.worker.postMessage({ parameters, step, from, to }, [parameters.buffer]);
  }

  /** What a helper made of what it was asked, or null if it is lost. @param {number} index @returns {Promise<Float32Array | null>} */
  answer(index) {
    const helper = this.helpers[index];
    // They may have been dismissed while the step was computed.
    if (!helper || helper.answer || helper.isLost) return Promise.resolve(helper?.answer ?? null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.losses += 1;
        this.lose(helper);
      }, SILENCE_MILLIS);
      helper.waiting = (values) => {
        clearTimeout(timer);
        resolve(values);
      };
    });
  }

  /** @param {Helper} helper @param {Float32Array} values */
  hear(helper, values) {
    helper.answer = values;
    this.settle(helper, values);
  }

  /** Another takes its place at the next step. @param {Helper} helper */
  lose(helper) {
    helper.isLost = true;
    helper.worker.terminate();
    this.settle(helper, null);
  }

  /** @param {Helper} helper @param {Float32Array | null} values */
  settle(helper, values) {
    const { waiting } = helper;
    helper.waiting = null;
    waiting?.(values);
  }

  dismissSoon() {
    if (this.helpers.length > 0) this.idle ??= setTimeout(() => this.dismiss(), IDLE_MILLIS);
  }

  dismiss() {
    clearTimeout(this.idle);
    this.idle = undefined;
    for (const helper of this.helpers) this.lose(helper);
    this.helpers = [];
  }
}
