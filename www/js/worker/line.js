// The line to the worker that trains: one run at a time, its commands in order, and no event of an
// older run.

import { WorkerLost } from './handle.js';

/** @typedef {import('./protocol.js').Snapshot} Snapshot */
/** @typedef {import('./handle.js').Command} Command */

export class Line {
  /** @param {() => import('./handle.js').Handle} worker The one that trains now. */
  constructor(worker) {
    this.worker = worker;
    /** Runs that were begun; what was measured for an older one is of no use. */
    this.begun = 0;
    /** Starts whose events have not come yet; until then events are of an older run. @type {object[]} */
    this.unheard = [];
    /** Who waits for steps. @type {{ resolve: () => void, reject: (why: Error) => void }[]} */
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
        // Another run has been begun meanwhile, perhaps on another worker.
        forget();
        return;
      }
      await this.worker().send(command, resume?.values);
    } catch (error) {
      forget();
      throw error;
    }
    for (const next of then) await this.worker().send(next);
  }

  /** @param {Command} command @param {Uint8Array} [bytes] Of a file. */
  async send(command, bytes) {
    await this.beginning;
    return this.worker().send(command, bytes);
  }

  /** @param {number} steps Resolves when they are done and evaluated. */
  async step(steps) {
    await this.send({ type: 'step', steps });
    await new Promise((resolve, reject) => {
      this.waiting.push({ resolve: () => resolve(undefined), reject });
    });
  }

  /** Whether an event is of the run that was begun last. @param {{ type: string }} event */
  isCurrent(event) {
    if (this.unheard.length === 0) return true;
    if (event.type !== 'started') return false;
    this.unheard.shift();
    return true;
  }

  /** Whoever waits for steps goes on. */
  settle() {
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  /** Whoever waits for steps hears why they will not come. @param {string} why */
  abandon(why) {
    for (const { reject } of this.waiting.splice(0)) reject(new WorkerLost(why));
  }
}
