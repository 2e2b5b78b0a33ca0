// Many runs side by side: sweeps, races, and runs drawn over one another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, openFigure, stage, still, type, until } from './harness.js';

const TINY = 'preset=quick&modulus=7&width=16&batch=20&backend=cpu&budget=60';

const { server, browser } = await stage();

/** @param {import('playwright-core').Page} page @param {string} text */
const status = (page, text) =>
  page.waitForFunction(`document.querySelector('#sweep').textContent.includes(${JSON.stringify(text)})`);

test('a sweep goes on in a later visit, and its cells open as runs', { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true });
  // Two cores, so that few runs are under way at a time wherever this is tested.
  await context.addInitScript(`Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 2 })`);
  const first = await open(context, server.url(`?${TINY}&budget=4000&stop=budget`));
  await openFigure(first.page, 'sweep');
  const [fractions, seeds] = ['#sweep input >> nth=0', '#sweep input >> nth=1'];
  await type(first.page, fractions, '0.5, 1.5');
  await first.page.click('#sweep button:has-text("Start")');
  await status(first.page, '`trainFraction` was `1.5` and is now 0.99');
  await type(first.page, fractions, '0.3, 0.6');
  await type(first.page, seeds, '0, 1');
  await first.page.selectOption('#sweep [name=factor]', 'learningRate');
  await type(first.page, '#sweep input >> nth=2', '0.001, 0.01');
  await first.page.click('#sweep button:has-text("Start")');
  await status(first.page, '1 of 8 runs');
  await first.page.click('#sweep button:has-text("Pause")');
  await status(first.page, 'paused');
  // What is on its way arrives, and then nothing.
  await still(first.page, `window.grokking.store.get().sweep.jobs.map(({ step }) => step)`);
  assert.ok((await first.page.$$('.runs .running')).length > 0, 'runs wait where they are');
  await first.page.click('#sweep button:has-text("Go on")');
  await status(first.page, '2 of 8 runs');
  await first.page.close();

  const second = await open(context, server.url(`?${TINY}`));
  await openFigure(second.page, 'sweep');
  await status(second.page, 'stopped: Go on trains the rest');
  assert.ok((await second.page.$$('.runs .done')).length >= 2);
  await second.page.click('#sweep button:has-text("Go on")');
  await status(second.page, '8 of 8 runs.');
  await second.page.click('.runs tbody tr:nth-child(2) td:nth-child(3) button >> nth=1');
  await until(second.page, 'state.config.learningRate === 0.01 && state.config.trainFraction === 0.6 && state.config.seed === 1');
  assert.deepEqual([...first.errors, ...second.errors], []);
  await context.close();
});

test('a recorded sweep says that it is one, and its cells open too', async () => {
  const { page, errors } = await open(browser, server.url(`?${TINY}`));
  await openFigure(page, 'sweep');
  await page.click('#sweep button:has-text("Show a recorded one")');
  await status(page, 'Recorded, not trained here');
  await status(page, '27 of 27 runs.');
  await page.click('.runs td:nth-child(5) button >> nth=0');
  await until(page, 'state.config.trainFraction === 0.4 && state.config.modulus === 41');
  assert.deepEqual(errors, []);
  await page.close();
});

test('a run that diverges is a cell of its sweep', { timeout: 60_000 }, async () => {
  const { page } = await open(browser, server.url(`?${TINY}&budget=500&optimizer=sgd&weightDecay=20&warmup=0`));
  await openFigure(page, 'sweep');
  await type(page, '#sweep input >> nth=0', '0.5');
  await type(page, '#sweep input >> nth=1', '0');
  await page.selectOption('#sweep [name=factor]', 'learningRate');
  await type(page, '#sweep input >> nth=2', '0.0001, 1');
  await page.click('#sweep button:has-text("Start")');
  await status(page, '2 of 2 runs, 1 diverged or failed.');
  assert.equal((await page.$$('.runs .failed')).length, 1);
  await page.close();
});

test('races and kept runs are drawn over one another, labelled by what differs', { timeout: 120_000 }, async () => {
  const { page, errors } = await open(browser, server.url(`?${TINY}`));
  await openFigure(page, 'compare');
  await page.click('#compare button:has-text("Symmetric against not")');
  await page.waitForFunction(`document.querySelectorAll('#compare li').length === 6
    && document.querySelector('#compare .row button:last-of-type').hidden`);
  const labels = await page.$$eval('#compare li', (items) => items.map((item) => item.textContent));
  assert.match(labels[0] ?? '', /^ x \+ y \(best \d+\s%|^ x \+ y \(99\s% at/);
  assert.match(labels[1] ?? '', /x − y/);
  const drawn = await page.evaluate(`(() => {
    const canvas = document.querySelector('#compare canvas');
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
  })()`);
  assert.equal(drawn, true);
  for (let left = 6; left > 0; left -= 1) await page.click('#compare li button:has-text("Remove") >> nth=0');
  await page.evaluate('window.grokking.step(20)');
  await page.click('#compare button:has-text("Keep this run")');
  await page.evaluate('window.grokking.start({ modulus: 7, width: 16, batch: 20, budget: 60, weightDecay: 0.5 })');
  await until(page, 'state.status === "finished"');
  await page.click('#compare button:has-text("Keep this run")');
  await page.waitForFunction(`document.querySelectorAll('#compare li').length === 2`);
  const kept = await page.$$eval('#compare li', (items) => items.map((item) => item.textContent));
  assert.match(kept[0] ?? '', /^ Weight decay 2 /);
  assert.match(kept[1] ?? '', /^ Weight decay 0\.5 /);
  assert.deepEqual(errors, []);
  await page.close();
});
