// From opening the page to what a reader waits for, on the CPU.

import { launch, open, until } from '../tests/browser/harness.js';

/** @param {(query?: string) => string} url @param {string} preset */
export async function timeToGrok(url, preset) {
  const chromium = await launch();
  try {
    const opened = performance.now();
    const { page } = await open(chromium, url(`?preset=${preset}&backend=cpu`));
    await page.click('button[data-control="run"]');
    await until(page, 'state.step > 0');
    const firstStepSeconds = (performance.now() - opened) / 1e3;
    await until(page, 'state.step > 30');
    const workers = 1 + Number(await page.evaluate('window.grokking.store.get().helpers'));
    await until(page, 'state.heldOutAccuracy >= 0.99', 300_000);
    const grokSeconds = (performance.now() - opened) / 1e3;
    const { step: steps, stepsPerSecond } = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
    return { preset, firstStepSeconds, grokSeconds, steps, stepsPerSecond, workers };
  } finally {
    await chromium.close();
  }
}
