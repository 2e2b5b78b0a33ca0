// A run beside the page's own: a worker that goes on from a snapshot with settings of its own, or begins.

import { guarded } from './guarded.js';
import { newJob } from './pool.js';
import { Handle, WorkerLost } from '../worker/handle.js';
import { append, noCurves } from '../run/curves.js';
import { Refused } from '../run/refused.js';

/** @typedef {import('../worker/protocol.js').Snapshot} Snapshot */
/** @typedef {import('../worker/protocol.js').Settings} Settings */
/** @typedef {import('../run/fork.js').Limb} Limb */

/** Points that a curve has after the fork, or more where steps are slow. */
const POINTS = 200;
/** Training from one point to the next, at most: a point is a sign of life. */
const POINT_SECONDS = 10;
/** Steps to a point until it is known how long one takes: in time for any network, and no flood from a quick one. */
const FIRST_STRIDE = 10;

export class Branch {
  /** @param {import('../worker/protocol.js').Program} program @param {() => void} onChange Called when `limb` has changed. */
  constructor(program, onChange) {
    this.onChange = onChange;
    /** @type {Limb} */
    this.limb = { ...newJob({}), curves: noCurves(), cells: 0 };
    /** The newest. @type {Snapshot | null} */
    this.snapshot = null;
    this.ended = false;
    /** Steps from one point to the next, and the most that they may be. */
    this.stride = { now: 0, most: 1 };
    /** Where the steps end that were asked for, and who waits for them. @type {{ at: number, resolve: () => void, reject: (why: Error) => void } | null} */
    this.target = null;
    this.handle = new Handle({ backend: 'cpu', program }, (message) => this.hear(message));
    // Its core is its own; helpers are those of the page's run.
    this.handle.allow(0);
  }

  /**
   * Goes to where a snapshot was taken. Rejects with the worker's words if these settings need another network.
   * @param {Settings} settings @param {Snapshot} snapshot @param {Settings} from Of the run that it was taken of.
   */
  async start(settings, snapshot, from) {
    const resume = { step: snapshot.step, history: snapshot.history };
    await this.send(settings, { resume, from: { preset: null, settings: from } }, snapshot.values);
  }

  /** Goes to the beginning of a run. @param {Settings} settings */
  async begin(settings) {
    await this.send(settings, { resume: null });
  }

  /**
   * @param {Settings} settings
   * @param {Pick<Extract<import('../worker/protocol.js').Command, { type: 'start' }>, 'resume' | 'from'>} where @param {Float32Array} [values]
   */
  async send(settings, where, values) {
    this.snapshot = null;
    this.limb = { ...newJob(settings), curves: noCurves(), cells: 0, status: 'running', step: where.resume?.step ?? 0 };
    await guarded(this.handle, async () => {
      await this.handle.ready;
      await this.handle.send({ type: 'start', config: { preset: null, settings }, ...where }, values);
    });
  }

  /** @param {number} steps Resolves when they are done, and `snapshot` is of their end. @returns {Promise<void>} */
  async train(steps) {
    await guarded(this.handle, async () => {
      if (steps === 0) {
        await this.handle.send({ type: 'snapshot' });
        return;
      }
      this.stride = { now: 0, most: Math.max(1, Math.round(steps / POINTS)) };
      await this.pace(null);
      await new Promise((resolve, reject) => {
        this.target = { at: this.limb.step + steps, resolve: () => resolve(undefined), reject };
        // Steps that are asked for are taken, whatever would end the run: its settings stay as they are.
        this.handle.send({ type: 'step', steps }).catch(reject);
      });
    });
  }

  /** Powers of two: a speed that is measured anew moves few points. @param {number | null} perSecond Steps; null before it was measured. */
  async pace(perSecond) {
    const inTime = perSecond === null ? FIRST_STRIDE : 2 ** Math.floor(Math.log2(Math.max(1, POINT_SECONDS * perSecond)));
    const now = Math.min(this.stride.most, inTime);
    if (now === this.stride.now) return;
    this.stride.now = now;
    await this.handle.send({ type: 'pace', steps: now, growing: false });
  }

  /** Stands still where it is; `snapshot` is of there. */
  async rest() {
    if (!this.ended) await guarded(this.handle, () => this.handle.send({ type: 'pause' })).catch(() => {});
    this.end();
  }

  /** Without a word. What it was stays to be seen. */
  end() {
    this.ended = true;
    this.handle.terminate();
    this.target?.reject(new Refused('it was ended', 'interrupted'));
    this.target = null;
    if (this.limb.status === 'running') this.limb = { ...this.limb, status: 'done' };
  }

  /** @param {import('../worker/protocol.js').WorkerMessage} message */
  hear(message) {
    switch (message.type) {
      case 'started':
        this.limb = { ...this.limb, cells: message.train };
        break;
      case 'evaluated': {
        const { step, memorisedAt, generalisedAt, heldOutAccuracy: last, stepsPerSecond } = message;
        // Whoever waits for the steps hears of a loss.
        if (this.target) this.pace(stepsPerSecond).catch(() => {});
        const { best, curves } = this.limb;
        this.limb = {
          ...this.limb, step, memorisedAt, generalisedAt, last, best: Math.max(best, last), curves: append(curves, message),
        };
        this.onChange();
        break;
      }
      case 'snapshot':
        this.snapshot = message;
        if (this.target && message.step >= this.target.at) {
          this.target.resolve();
          this.target = null;
        }
        break;
      case 'failed':
        this.fail(new Refused(message.error.message, 'failed'));
        break;
      case 'crashed':
        this.fail(new WorkerLost(message.message));
        break;
    }
  }

  /** It goes on no more, and its worker ends. @param {Error} why */
  fail(why) {
    this.limb = { ...this.limb, status: 'failed', error: why.message };
    this.target?.reject(why);
    this.target = null;
    this.handle.terminate();
    this.onChange();
  }
}
