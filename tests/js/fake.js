// A worker and frames without a browser: what the page's modules talk to in tests.

import { SCHEMA } from '../../www/js/run/schema.js';
import { programOf } from '../../www/js/run/settings.js';

/** @typedef {{ id: number, command: any, values?: Float32Array | Uint8Array }} Sent */

/** Workers that train in no time, and the list of them. */
/** The network that it has. @type {import('../../www/js/worker/protocol.js').Tensor[]} */
export const TENSORS = [{ name: 'tokens', shape: [2, 3] }, { name: 'unembed.bias', shape: [1, 2] }];

export class FakeWorker {
  /** @type {FakeWorker[]} */
  static all = [];
  /** What goes wrong while a worker loads: null, or why. @type {string | null} */
  static broken = null;
  static version = SCHEMA.protocolVersion;
  /** Workers that load when a test says so, if it wants that. @type {(() => void)[] | null} */
  static held = null;
  /** Why a program cannot use a card, or null. @type {(program: string) => string | null} */
  static probe = () => 'a test has no card';
  /** Of a step that is timed. */
  static stepMillis = { cpu: 5, webgpu: 5 };

  static reset() {
    FakeWorker.all = [];
    FakeWorker.probe = () => 'a test has no card';
    FakeWorker.stepMillis = { cpu: 5, webgpu: 5 };
    FakeWorker.broken = null;
    FakeWorker.held = null;
    FakeWorker.version = SCHEMA.protocolVersion;
  }

  static get alive() {
    return FakeWorker.all.filter(({ terminated }) => !terminated);
  }

  /** @param {URL} url */
  constructor(url) {
    const { backend, program } = Object.fromEntries(url.searchParams);
    this.backend = /** @type {'cpu' | 'webgpu'} */ (backend);
    this.program = program;
    this.terminated = false;
    /** @type {Sent[]} */
    this.sent = [];
    this.step = 0;
    /** Whether steps are taken when a test says so. */
    this.slow = false;
    /** Whether it trains beside the page's run: then its snapshots matter. */
    this.aside = false;
    this.budget = 1000;
    /** @type {((event: { data: any }) => void) | null} */
    this.onmessage = null;
    /** @type {((event: { message: string }) => void) | null} */
    this.onerror = null;
    FakeWorker.all.push(this);
    const load = () => {
      if (FakeWorker.broken !== null) {
        this.onerror?.({ message: FakeWorker.broken });
        return;
      }
      this.say({ type: 'loaded', version: FakeWorker.version });
      this.say({ type: 'ready' });
    };
    if (FakeWorker.held) FakeWorker.held.push(load);
    else setTimeout(load);
  }

  /** @param {any} data */
  say(data) {
    if (!this.terminated) this.onmessage?.({ data });
  }

  /** @param {Sent} message */
  postMessage(message) {
    // How many helpers it may have is no command.
    if (!message.command) return;
    this.sent.push(message);
    setTimeout(() => this.obey(message));
  }

  /** @param {Sent} message */
  obey({ id, command, values }) {
    /** @type {any} */
    let error = null;
    switch (command.type) {
      case 'check':
        if (command.config.settings.formula === 'wrong') error = { code: 'setting', message: 'the formula is wrong' };
        break;
      case 'start': {
        error = this.refusal(command.config.settings, command.from?.settings);
        if (error) break;
        this.step = command.resume?.step ?? 0;
        this.aside = command.config.preset === null;
        this.config = { ...command.config.settings };
        this.budget = Number(this.config.budget);
        this.say({ type: 'started', ...started(this.config) });
        this.say(evaluated(this.step));
        this.say({ type: 'status', status: 'idle', step: this.step });
        break;
      }
      case 'run':
        if (this.step >= this.budget) {
          this.budget *= 2;
          this.config = { ...this.config, budget: String(this.budget) };
          this.say({ type: 'configured', config: this.config });
        }
        this.say({ type: 'status', status: 'running', step: this.step });
        break;
      case 'pause':
        this.say({ type: 'status', status: 'paused', step: this.step });
        this.say({ type: 'snapshot', step: this.step, history: {}, values: new Float32Array(1) });
        break;
      case 'step':
        this.say({ type: 'status', status: 'running', step: this.step });
        if (this.slow) break;
        // A worker answers at once, and trains after that.
        setTimeout(() => {
          this.train(Math.max(1, command.steps));
          this.say({ type: 'status', status: 'paused', step: this.step });
          if (this.aside) this.say({ type: 'snapshot', step: this.step, history: {}, values: new Float32Array(1) });
        });
        break;
      case 'snapshot':
        this.say({ type: 'snapshot', step: this.step, history: {}, values: new Float32Array(1) });
        break;
      case 'export':
        this.say({ type: 'exported', step: this.step, tensors: TENSORS, values: new Float32Array(8).fill(this.step) });
        break;
      case 'import':
        if (this.step > 0) error = { code: 'command', message: 'weights go into a run that has not started: reset it first' };
        else if (values?.length !== 8) error = { code: 'weights', message: 'this model has 8 parameters' };
        else this.say(evaluated((this.step = 0)));
        break;
      case 'set':
        this.config = { ...this.config, ...command.settings };
        this.say({ type: 'configured', config: this.config });
        break;
      case 'test':
        error = this.refusal(command.config.settings);
        if (!error) this.say({ type: 'tested', losses: [1], stepMillis: FakeWorker.stepMillis[this.backend], stepGflop: 0.1 });
        break;
      case 'ablate': {
        const { cuts, fill } = command;
        const missing = cuts.find((/** @type {string} */ name) => name === 'head:0.9');
        if (missing) error = { code: 'command', message: `\`${missing}\`: there is no head 9, only 0 to 3` };
        else this.say({ type: 'ablated', step: this.step, cuts, fill, ...ablated(cuts.length) });
        break;
      }
      case 'predict':
        this.say({ type: 'predicted', step: this.step, x: command.x, y: command.y, network: [1], rule: null });
        break;
      default:
        break;
    }
    this.say({ type: 'done', id, error, result: command.type === 'probe' ? FakeWorker.probe(command.program) : undefined });
  }

  /** Why it cannot train a network: a card here has no room for 256 wide ones. @param {Record<string, string>} settings @param {Record<string, string>} [from] That it forks off. */
  refusal(settings, from = settings) {
    if (settings.width !== from.width) {
      return { code: 'command', message: `a fork keeps the network and what it learns: \`width\` is \`${from.width}\` there and \`${settings.width}\` here` };
    }
    if (this.program === 'fused' && programOf(settings) !== 'fused') {
      return { code: 'setting', message: '`kernels` cannot be `plain`: allowed is fused in this program' };
    }
    if (this.backend === 'webgpu' && settings.width === '256') {
      return { code: 'device', message: 'a step needs a buffer of 200 MB' };
    }
    return null;
  }

  /** @param {number} steps */
  train(steps) {
    for (let n = 0; n < steps; n += 1) this.say(evaluated((this.step += 1)));
  }

  /** How often a command was sent. @param {string} type */
  count(type) {
    return this.sent.filter(({ command }) => command.type === type).length;
  }

  terminate() {
    this.terminated = true;
  }
}

/** A table of two symbols. @param {Record<string, string>} config @returns {any} */
export const started = (config = {}) => ({
  type: 'started',
  config,
  operation: config.operation ?? 'x + y',
  symbols: ['0', '1'],
  modular: true,
  group: false,
  commutative: true,
  equations: 4,
  train: 2,
  answer: Uint16Array.from([0, 1, 1, 0]),
  heldOut: Uint8Array.from([0, 0, 1, 1]),
  mirrored: Uint8Array.from([0, 0, 1, 0]),
  outlier: new Uint8Array(4),
});

/** Of a network that has no parts left, if any is taken away. @param {number} cuts */
const ablated = (cuts) => {
  const score = (/** @type {number} */ right) => ({ right, of: 2, loss: 1 });
  const whole = { train: score(2), heldOut: score(0) };
  return {
    whole, left: cuts > 0 ? { train: score(0), heldOut: score(0) } : whole,
    predicted: Uint16Array.from([1, 1, 0, 0]), confidence: new Float32Array(4).fill(0.5),
  };
};

/** @param {number} step @param {object} [more] @returns {any} */
export const evaluated = (step, more = {}) => ({
  type: 'evaluated',
  step,
  trainAccuracy: Math.min(step / 100, 1),
  heldOutAccuracy: 0,
  mirroredAccuracy: null,
  unmirroredAccuracy: null,
  trainLoss: 1,
  collapsed: 0,
  heldOutLoss: 2,
  stepsPerSecond: null,
  memorisedAt: null,
  generalisedAt: null,
  predicted: Uint16Array.from([0, 1, 65535, 65535]),
  confidence: new Float32Array(4),
  firstRight: new Uint32Array(4),
  ...more,
});

/** Frames that are drawn when a test says so; a hidden tab draws none. */
export function fakeFrames() {
  /** @type {Map<number, (now: number) => void>} */
  const waiting = new Map();
  let id = 0;
  let now = 0;
  return {
    waiting,
    /** @param {(now: number) => void} draw */
    request(draw) {
      waiting.set(++id, draw);
      return id;
    },
    /** @param {number} which */
    cancel: (which) => void waiting.delete(which),
    /** @param {number} [millis] Since the last one. */
    draw(millis = 16) {
      now += millis;
      const draws = [...waiting.values()];
      waiting.clear();
      for (const draw of draws) draw(now);
    },
  };
}

/** What waits for a browser that rests, which it does when a test says so. @type {Set<() => void>} */
export const idles = new Set();

// For good: a demo that ends after its test takes back what still waits.
Object.assign(globalThis, {
  requestIdleCallback(/** @type {() => void} */ act) {
    idles.add(act);
    return act;
  },
  cancelIdleCallback: (/** @type {() => void} */ act) => idles.delete(act),
});

/** The browser rests. */
export async function rest() {
  for (const act of [...idles]) {
    idles.delete(act);
    act();
  }
  await settled();
}

/** Until everything that was sent is answered. */
export const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
};

/**
 * Puts the browser's globals that the core uses in their place.
 * @param {import('node:test').TestContext} t @param {object} [navigator]
 */
export function withBrowser(t, navigator = { hardwareConcurrency: 4 }) {
  const values = { Worker: FakeWorker, navigator, fetch: globalThis.fetch };
  FakeWorker.reset();
  idles.clear();
  for (const [name, value] of Object.entries(values)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
    t.after(() => {
      if (before) Object.defineProperty(globalThis, name, before);
      else delete (/** @type {any} */ (globalThis)[name]);
    });
  }
}
