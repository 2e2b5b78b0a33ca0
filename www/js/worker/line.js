// The line to the worker that trains: one run at a time, its commands in order, and no event of an
// older run.

import { WorkerLost } from './handle.js';
import { Refused } from '../run/refused.js';

/** @typedef {import('./protocol.js').Snapshot} Snapshot */
/** @typedef {import('./handle.js').Command} Command */
/** Steps that were asked for; `target` is the step where they end, once the worker has them.
 * @typedef {{ steps: number, target: number | null, resolve: () => void, reject: (why: Error) => void }} Asked */

export class Line {
  /** @param {() => import('./handle.js').Handle} worker The one that trains now. */
  constructor(worker) {
    this.worker = worker;
    /** The step that the run has come to. */
    this.reached = 0;
    /** Runs that were begun; what was measured for an older one is of no use. */
    this.begun = 0;
    /** Starts whose events have not come yet; until then events are of an older run. @type {object[]} */
    this.unheard = [];
    /** Who waits for steps, in turn. @type {Asked[]} */
    this.waiting = [];
    /** Commands wait until the run that they are for is there. @type {Promise<unknown>} */
    this.beginning = Promise.resolve();
  }

  /**
   * Starts a run, or goes on from a snapshot.
   * @param {import('../run/run.js').Choice} config @param {Snapshot | null} resume
   * @param {Command[]} then Commands that belong to the start.
   * @param {() => Promise<void>} prepare Finds the worker that it is for.
   */
  begin(config, resume, then, prepare) {
    this.begun += 1;
    this.interrupt('another run was begun');
    const begun = this.sendStart(config, resume, then, prepare);
    this.beginning = begun.catch(() => {});
    return begun;
  }

  /** @param {import('./protocol.js').RawConfig} config @param {Snapshot | null} resume @param {Command[]} then @param {() => Promise<void>} prepare */
  async sendStart(config, resume, then, prepare) {
    const { begun } = this;
    const start = {};
    this.unheard.push(start);
    const forget = () => {
      this.unheard = this.unheard.filter((other) => other !== start);
    };
    /** @type {Command} */
    const command = {
      type: 'start',
      config,
      resume: resume && { step: resume.step, history: resume.history },
    };
    try {
      await prepare();
      if (begun !== this.begun) {
        // Another run has been begun meanwhile, or this one on another worker.
        forget();
        await this.beginning;
        return;
      }
      await this.worker().send(command, resume?.values);
    } catch (error) {
      forget();
      throw error;
    }
    for (const next of then) await this.worker().send(next);
  }

  /** @param {Command} command @param {Float32Array} [values] Weights that come in. */
  async send(command, values) {
    // Steps that wait for their turn are not taken any more; those under way end where the worker says.
    if (command.type === 'pause') this.refuse(this.waiting.slice(1), 'the run was paused');
    if (command.type === 'run') this.interrupt('the run went on by itself');
    await this.beginning;
    return this.worker().send(command, values);
  }

  /** @param {number} steps Resolves when they are done and evaluated, after those that were asked for before. */
  step(steps) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ steps, target: null, resolve: () => resolve(undefined), reject });
      if (this.waiting.length === 1) this.next();
    });
  }

  /** The steps whose turn it is. */
  async next() {
    const [asked] = this.waiting;
    if (!asked) return;
    try {
      await this.beginning;
      if (this.waiting[0] !== asked) return;
      await this.worker().send({ type: 'step', steps: asked.steps });
      asked.target = this.reached + asked.steps;
    } catch (error) {
      if (this.waiting[0] !== asked) return;
      this.waiting.shift();
      asked.reject(/** @type {Error} */ (error));
      this.next();
    }
  }

  /** Whether an event is of the run that was begun last. @param {{ type: string, step?: number }} event */
  isCurrent({ type, step }) {
    if (this.unheard.length > 0) {
      if (type !== 'started') return false;
      this.unheard.shift();
    }
    if (step !== undefined) this.reached = step;
    return true;
  }

  /** The run stands still: whoever waits for steps goes on, or hears that some are missing. */
  settle() {
    const [asked] = this.waiting;
    // A pause of before these steps.
    if (!asked || asked.target === null) return;
    if (this.reached < asked.target) this.refuse([asked], 'the run was paused');
    else {
      this.waiting.shift();
      asked.resolve();
    }
    this.next();
  }

  /** Steps that are under way or wait are not taken. @param {string} why */
  interrupt(why) {
    this.refuse(this.waiting, why);
  }

  /** @param {Asked[]} refused @param {string} why */
  refuse(refused, why) {
    this.waiting = this.waiting.filter((asked) => !refused.includes(asked));
    for (const { steps, target, reject } of refused) {
      const taken = target === null ? 0 : this.reached - (target - steps);
      reject(new Refused(`${taken} of ${steps} steps were taken, then ${why}`, 'interrupted'));
    }
  }

  /** Whoever waits for steps hears why they will not come. @param {string} why */
  abandon(why) {
    for (const { reject } of this.waiting.splice(0)) reject(new WorkerLost(why));
  }
}
