// Many runs, each in a worker, as many at a time as the machine has cores for.

import { Handle } from '../worker/handle.js';
import { programOf } from '../run/settings.js';
import { UNWATCHED } from '../run/watch.js';

/**
 * @typedef {'waiting' | 'running' | 'done' | 'failed'} JobStatus
 * @typedef {object} Job
 * @property {Record<string, string>} settings
 * @property {JobStatus} status
 * @property {number} step
 * @property {number | null} memorisedAt
 * @property {number | null} generalisedAt
 * @property {number} best Highest held-out accuracy.
 * @property {number} last Held-out accuracy at the last evaluation.
 * @property {number | null} sharpness Of the finished network, if it was asked for.
 * @property {string} error
 * @property {import('../run/curves.js').Curves | null} curves If they are kept.
 */

/** @param {Record<string, string>} settings @returns {Job} */
export const newJob = (settings) => ({
  settings,
  status: 'waiting',
  step: 0,
  memorisedAt: null,
  generalisedAt: null,
  best: 0,
  last: 0,
  sharpness: null,
  error: '',
  curves: null,
});

/** What is left of a job when its pool stops: one under way begins anew. @param {Job} job @returns {Job} */
export const stopped = (job) => (job.status === 'running' ? newJob(job.settings) : job);

/** A run of the page, as one that was trained beside it. @param {import('../run/run.js').Run} run @returns {Job} */
export const jobOf = ({ settings, curves, step, latest }) => ({
  ...newJob(settings),
  status: 'done',
  step,
  memorisedAt: latest?.memorisedAt ?? null,
  generalisedAt: latest?.generalisedAt ?? null,
  best: Math.max(0, ...curves.heldOutAccuracy),
  last: latest?.heldOutAccuracy ?? 0,
  curves,
});

/** @type {import('../worker/protocol.js').Watch} */
const SHARPNESS = { ...UNWATCHED, sharpness: true };


/** One core is left to the page and the live run. */
export const poolSize = () => Math.max(1, (navigator.hardwareConcurrency || 2) - 1);

export class Pool {
  /**
   * @param {Job[]} jobs Those that wait are trained.
   * @param {{ onJob: (at: number, change: Partial<Job>) => void,
   *   onPoint?: (at: number, point: import('../worker/protocol.js').Evaluated) => void,
   *   onEnd: () => void, sharpness?: boolean }} listener Whether to measure sharpness in the end.
   */
  constructor(jobs, listener) {
    this.jobs = jobs;
    this.listener = listener;
    /** Waiting jobs, the first one last. */
    this.queue = jobs.flatMap(({ status }, at) => (status === 'waiting' ? [at] : [])).reverse();
    this.paused = false;
    this.stopped = false;
    /** @type {Set<{ handle: Handle, done: (why: string | null) => void }>} */
    this.lanes = new Set();
    const size = Math.min(poolSize(), this.queue.length);
    Promise.all(Array.from({ length: size }, () => this.lane())).then(() => {
      if (!this.stopped) listener.onEnd();
    });
  }

  pause() {
    this.paused = true;
    for (const { handle } of this.lanes) handle.send({ type: 'pause' }).catch(() => {});
  }

  resume() {
    this.paused = false;
    for (const { handle } of this.lanes) handle.send({ type: 'run' }).catch(() => {});
  }

  /** Ends the runs under way, and says nothing more. */
  stop() {
    this.stopped = true;
    for (const { handle, done } of this.lanes) {
      handle.terminate();
      done(null);
    }
  }

  /** Trains one job after another. */
  async lane() {
    while (!this.stopped) {
      const at = this.queue.pop();
      if (at === undefined) return;
      const error = await this.train(at);
      if (this.stopped) return;
      this.listener.onJob(at, error === null ? { status: 'done' } : { status: 'failed', error });
    }
  }

  /**
   * Resolves with why the run failed, or null.
   * @param {number} at @returns {Promise<string | null>}
   */
  train(at) {
    const { settings } = this.jobs[at];
    return new Promise((resolve) => {
      let best = 0;
      const handle = new Handle({ backend: 'cpu', program: programOf(settings) }, (message) => {
        if (message.type === 'evaluated') {
          const { step, memorisedAt, generalisedAt, heldOutAccuracy } = message;
          best = Math.max(best, heldOutAccuracy);
          this.listener.onJob(at, { step, memorisedAt, generalisedAt, best, last: heldOutAccuracy });
          this.listener.onPoint?.(at, message);
        } else if (message.type === 'status' && message.status === 'finished') {
          if (this.listener.sharpness) handle.send({ type: 'watch', watch: SHARPNESS }).catch(() => {});
          else lane.done(null);
        } else if (message.type === 'inspected') {
          this.listener.onJob(at, { sharpness: message.sharpness });
          lane.done(null);
        } else if (message.type === 'failed') lane.done(message.error.message);
        else if (message.type === 'crashed') lane.done(message.message);
      });
      // Every core has a lane of its own.
      handle.allow(0);
      const lane = {
        handle,
        done: (/** @type {string | null} */ why) => {
          this.lanes.delete(lane);
          handle.terminate();
          resolve(why);
        },
      };
      this.lanes.add(lane);
      this.listener.onJob(at, { status: 'running' });
      const begin = async () => {
        await handle.ready;
        await handle.send({ type: 'start', config: { preset: null, settings }, resume: null });
        await handle.send({ type: 'pace', steps: null, growing: true });
        if (!this.paused) await handle.send({ type: 'run' });
      };
      begin().catch((error) => lane.done(`${error.message}`));
    });
  }
}
