// Our workers without the page, in any browser: a script that a blank page runs.

import { buildOf } from '../tests/browser/harness.js';

export const BLANK = '<!doctype html><title>benchmark</title>';

/** How long helpers may take to come. */
const HELP_MILLIS = 30_000;

/**
 * Makes `window.bench`, for which a worker trains with as many helpers as a network's `threads` ask.
 * @param {'fused' | 'reference'} program Of the worker.
 */
export const script = (program) => `(() => {
  const start = () => {
    const worker = new Worker('${buildOf()}/js/worker/worker.js?backend=cpu&program=${program}', { type: 'module' });
    const waiting = new Map();
    const self = { helpers: 0, onStatus: () => {}, last: null, terminate: () => worker.terminate() };
    let next = 0;
    let lose = () => {};
    const lost = new Promise((_, reject) => { lose = (why) => reject(new Error(why)); });
    lost.catch(() => {});
    worker.onerror = (event) => lose(event.message || 'a worker did not load');
    worker.onmessage = ({ data }) => {
      if (data.type === 'crashed') lose(data.message);
      else if (data.type === 'failed') lose(data.error.message);
      else if (data.type === 'helped') self.helpers = Math.max(self.helpers, data.helpers);
      else if (data.type === 'status') self.onStatus(data.status);
      else if (data.type === 'done') {
        const { resolve, reject } = waiting.get(data.id);
        if (data.error) reject(new Error(data.error.message));
        else resolve(self.last);
      } else self.last = data;
    };
    self.send = (command) => Promise.race([lost, new Promise((resolve, reject) => {
      waiting.set(next, { resolve, reject });
      worker.postMessage({ id: next++, command });
    })]);
    self.step = async (steps) => {
      const rests = new Promise((resolve) => {
        self.onStatus = (status) => { if (status === 'paused') resolve(); };
      });
      await self.send({ type: 'step', steps });
      await Promise.race([lost, rests]);
    };
    return self;
  };
  const trainer = start();
  window.bench = {
    send: trainer.send,
    /** Of so many workers at once. */
    async peak(threads) {
      const others = Array.from({ length: threads - 1 }, start);
      const measure = () => Promise.all([trainer, ...others].map(({ send }) => send({ type: 'peak' })));
      // The first time is for what they still load.
      await measure();
      const peaks = await measure();
      for (const other of others) other.terminate();
      return peaks.reduce((sum, { gflops }) => sum + gflops, 0);
    },
    /** Milliseconds of a step of a run. Every stretch of steps ends with one evaluation and one copy, so
     * they cancel out. */
    async time(settings, steps) {
      await trainer.send({ type: 'start', config: { preset: null, settings }, resume: null });
      await trainer.send({ type: 'pace', steps: 1_000_000, growing: false });
      await trainer.step(3);
      const helpers = Number(settings.threads) - 1;
      const until = performance.now() + ${HELP_MILLIS};
      for (trainer.helpers = 0; trainer.helpers < helpers;) {
        if (performance.now() > until) throw new Error('no helper came within ${HELP_MILLIS / 1000} s');
        await trainer.step(2);
      }
      const take = async (count) => {
        const started = performance.now();
        await trainer.step(count);
        return performance.now() - started;
      };
      const [, single] = [await take(1), await take(1), await take(1)].sort((a, b) => a - b);
      return (await take(steps + 1) - single) / steps;
    },
  };
})()`;
