// Every reader: axe on every state of the page, and nothing that has to be scrolled sideways.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, open, openFigure, serve, until } from './harness.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TINY = 'preset=quick&modulus=11&width=16&batch=40&backend=cpu';
const FIGURES = ['structure', 'gauge', 'points', 'sharpness', 'compare', 'sweep', 'recordings', 'mask', 'settings'];

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await server.close();
});

/** @param {import('playwright-core').Page} page @param {string} state What is checked. */
async function check(page, state) {
  const found = await page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes[0].target.join(' ')))`);
  assert.deepEqual(found, [], state);
  const [wide, width] = /** @type {number[]} */ (
    await page.evaluate('[document.documentElement.scrollWidth, innerWidth]'));
  assert.ok(wide <= width, `${state}: the page is ${wide} pixels wide, the window ${width}`);
}

/** @type {{ colorScheme: 'light' | 'dark', width: number }[]} */
const READERS = [{ colorScheme: 'light', width: 320 }, { colorScheme: 'dark', width: 1280 }];
for (const { colorScheme, width } of READERS) {
  test(`axe finds nothing in ${colorScheme} at ${width} pixels`, { timeout: 120_000 }, async () => {
    const context = await browser.newContext({
      colorScheme,
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      bypassCSP: true,
      viewport: { width, height: 800 },
    });
    const first = await open(context, server.url());
    await first.page.addScriptTag({ path: axe });
    await check(first.page, 'the first screen');
    for (const beat of ['By heart', 'The wait', 'The rule']) {
      await first.page.click(`.beat:has-text("${beat}")`);
      await check(first.page, beat);
    }
    await first.page.click('button[data-control="run"]');
    await until(first.page, 'state.step > 20');
    await check(first.page, 'training');
    await first.page.close();

    const { page, errors } = await open(context, server.url(`?${TINY}`));
    await page.addScriptTag({ path: axe });
    await page.evaluate('window.grokking.step(5)');
    await page.click('.more summary');
    await check(page, 'the menu');
    await page.keyboard.press('Escape');
    await page.click('.details summary');
    await check(page, 'details');
    await page.evaluate(`window.grokking.actions.notice('Something happened.', 'reload')`);
    await page.waitForSelector('.notices [role=alert]');
    await check(page, 'a notice');
    for (const figure of FIGURES) {
      await openFigure(page, figure);
      if (figure === 'points') await page.waitForFunction(`document.querySelector('#points').textContent.includes('At step 5.')`);
      if (figure === 'recordings') await page.waitForSelector('#recordings li');
      if (figure === 'compare') await page.click('#compare button:has-text("Keep this run")');
      await check(page, figure);
    }
    assert.deepEqual(errors, []);
    await page.close();

    const embedded = await open(context, server.url(`?${TINY}&embed=1`));
    await embedded.page.addScriptTag({ path: axe });
    await check(embedded.page, 'embedded');
    await context.close();
  });
}

test('a chart is also a table of its values', async () => {
  const { page } = await open(browser, server.url(`?${TINY}`));
  await page.evaluate('window.grokking.step(30)');
  await page.click('.curves .chart-values summary');
  const rows = await page.$$eval('.curves table tr', (lines) => lines.map((line) => line.textContent));
  assert.match(rows[0] ?? '', /^stepits mirror image is shownneither is showncells it is showncells it never sees$/);
  assert.match(rows.at(-1) ?? '', /^30[\d.]+ %/);
  await page.close();
});
