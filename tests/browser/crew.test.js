// All cores: helpers share a run's steps, change nothing of it, and are held for nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, stage, until } from './harness.js';

const { server, browser } = await stage();

/** A step of 7 chunks in 4 parts. */
const RUN = 'v=1&preset=quick';
const helping = (/** @type {number} */ count) => `window.grokking.store.get().helpers === ${count}`;

/** @param {import('playwright-core').Page} page */
async function curvesOf(page) {
  await page.evaluate(`(async () => {
    await window.grokking.reset();
    for (let i = 0; i < 4; i += 1) await window.grokking.step(25);
  })()`);
  const columns = await page.evaluate(`(({ step, trainLoss, heldOutLoss }) =>
    [step, trainLoss, heldOutLoss].map((column) => Array.from(column)))(window.grokking.curves())`);
  const [step, trainLoss, heldOutLoss] = /** @type {number[][]} */ (columns);
  const at = [25, 50, 75, 100].map((wanted) => step.indexOf(wanted));
  return at.flatMap((index) => [step[index], trainLoss[index], heldOutLoss[index]]);
}

test('the same link is the same run on any number of threads', async () => {
  const curves = [];
  for (const threads of [1, 2, 3]) {
    const { page, errors } = await open(browser, server.url(`?${RUN}&threads=${threads}`));
    await page.evaluate('window.grokking.run()');
    await until(page, helping(threads - 1));
    await page.evaluate('window.grokking.pause()');
    curves.push(await curvesOf(page));
    assert.deepEqual(errors, []);
    await page.close();
  }
  assert.ok(curves[0].every(Number.isFinite), String(curves[0]));
  assert.deepEqual(curves[1], curves[0]);
  assert.deepEqual(curves[2], curves[0]);
});

test('a helper that dies takes nothing with it', async () => {
  const { page } = await open(browser, server.url(`?${RUN}&threads=2`));
  // It may be gone for no longer than a step takes.
  await page.evaluate(`(() => {
    window.helpers = [];
    window.grokking.store.on((state) => {
      if (window.helpers.at(-1) !== state.helpers) window.helpers.push(state.helpers);
    });
  })()`);
  await page.evaluate('window.grokking.run()');
  await until(page, helping(1));
  const helper = page.workers().find((worker) => worker.url().endsWith('/helper.js'));
  assert.ok(helper);
  await helper.evaluate('void setTimeout(() => { throw new Error("gone"); })');
  await page.waitForFunction("window.helpers.join(' ').endsWith('1 0 1')", null, { timeout: 10_000 });
  await page.evaluate('window.grokking.pause()');
  const shaken = await curvesOf(page);
  await page.close();
  const { page: calm } = await open(browser, server.url(`?${RUN}&threads=1`));
  assert.deepEqual(shaken, await curvesOf(calm));
  await calm.close();
});

test('cores are for who looks', async () => {
  const { page } = await open(browser, server.url(`?${RUN}&threads=2&stop=budget`));
  await page.evaluate('window.grokking.run()');
  await until(page, helping(1));
  // A page that is hidden trains on one core, and does so on.
  await page.evaluate(`(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);
  await until(page, helping(0));
  const step = Number(await page.evaluate('window.grokking.state().step'));
  await until(page, `state.step > ${step}`);
  await page.evaluate(`(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => false });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);
  await until(page, helping(1));
  await page.evaluate('window.grokking.pause()');
  await until(page, helping(0));
  await page.close();
});
