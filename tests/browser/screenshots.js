// Groks in a browser, and takes the pictures of the README and of links to the page.

import { fileURLToPath } from 'node:url';
import { eventually, launch, open, openFigure, serve, until } from './harness.js';

const path = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Until what has come into view is drawn. */
const SETTLED_MILLIS = 1500;

const server = await serve();
const browser = await launch();
const { page } = await open(browser, server.url('?backend=cpu&autoplay=1'));
await page.setViewportSize({ width: 1280, height: 720 });
await until(page, 'state.status === "finished"', 180_000);
await page.screenshot({ path: path('docs/grokked.png') });
await page.emulateMedia({ colorScheme: 'dark' });
await page.screenshot({ path: path('docs/grokked-dark.png') });
await page.setViewportSize({ width: 390, height: 844 });
await page.emulateMedia({ colorScheme: 'light' });
await page.screenshot({ path: path('docs/grokked-phone.png') });

// What it has learned, as it came about.
await page.setViewportSize({ width: 800, height: 860 });
await openFigure(page, 'structure');
await page.evaluate('window.grokking.reset().then(() => window.grokking.run())');
await until(page, 'state.status === "finished"', 180_000);
await page.waitForFunction(`document.querySelector('#structure').textContent.includes('The rule that it ')`);
await page.locator('#structure').screenshot({ path: path('docs/learned.png') });
await openFigure(page, 'points');
await page.selectOption('#points label:has-text("by") select', 'fourier');
await page.waitForFunction(`document.querySelector('#points canvas').ariaLabel?.includes('strongest frequency')`);
await page.evaluate(`document.querySelector('#points').scrollIntoView()`);
await page.locator('#points').screenshot({ path: path('docs/points.png') });

await openFigure(page, 'clock');
await page.waitForSelector('#clock .face .knob');
await page.evaluate(`document.querySelector('#clock .faces').scrollIntoView()`);
await page.locator('#clock .faces').screenshot({ path: path('docs/clock.png') });

// Inside the network: every neuron before and after, and what is left without them.
await page.setViewportSize({ width: 1000, height: 860 });
await openFigure(page, 'neurons');
await page.evaluate('window.grokking.reset().then(() => window.grokking.run())');
await until(page, 'state.status === "finished"', 180_000);
const walls = page.locator('#neurons > div', { has: page.getByRole('heading', { name: 'Before and after' }) });
await walls.scrollIntoViewIfNeeded();
await page.waitForTimeout(SETTLED_MILLIS);
await walls.screenshot({ path: path('docs/walls.png') });
await openFigure(page, 'cut');
await page.locator('#cut input[type=checkbox]').nth(4).check();
await page.waitForFunction(`document.querySelector('#cut').textContent.includes('without all neurons')`);
await page.waitForTimeout(SETTLED_MILLIS);
await page.locator('#cut').screenshot({ path: path('docs/cut.png') });

// Two runs from one moment.
const fork = await open(browser, server.url('?backend=cpu&fork=250:weightDecay=0#fork'));
await fork.page.setViewportSize({ width: 1000, height: 860 });
await until(fork.page, 'window.grokking.store.get().fork?.status === "done"', 180_000);
await fork.page.evaluate(`document.querySelector('#fork').scrollIntoView()`);
await fork.page.waitForTimeout(SETTLED_MILLIS);
await fork.page.locator('#fork').screenshot({ path: path('docs/fork.png') });

// One network with the loss in each precision.
const precision = await open(browser, server.url('?preset=quick&trainFraction=0.8&budget=3000&backend=cpu#precision'));
await precision.page.setViewportSize({ width: 1000, height: 860 });
await precision.page.evaluate('window.grokking.actions.precision.start(3000, false)');
await eventually(precision.page, 'window.grokking.store.get().precision?.status === "done"', 600_000);
for (const chart of await precision.page.locator('#precision .chart').all()) {
  await chart.scrollIntoViewIfNeeded();
  await precision.page.waitForTimeout(SETTLED_MILLIS);
}
await precision.page.locator('#precision').screenshot({ path: path('docs/precision.png') });

// In somebody else's page, as a lecture, and the dialog that gives the code.
for (const [width, height, colorScheme] of /** @type {[number, number, 'light' | 'dark'][]} */ ([[360, 360, 'light'], [640, 360, 'dark'], [900, 640, 'light']])) {
  const frame = await open(browser, server.url(`?embed=1&recording=first${width === 360 ? '&view=table' : ''}`));
  await frame.page.setViewportSize({ width, height });
  await frame.page.emulateMedia({ colorScheme });
  await until(frame.page, 'state.recorded');
  await frame.page.waitForTimeout(SETTLED_MILLIS);
  await frame.page.screenshot({ path: path(`docs/element-${width}.png`) });
}
const lecture = await open(browser, server.url('?present=1#story/5'));
await lecture.page.setViewportSize({ width: 1280, height: 720 });
await lecture.page.waitForTimeout(4 * SETTLED_MILLIS);
await lecture.page.screenshot({ path: path('docs/lecture.png') });
const dialog = await open(browser, server.url());
await dialog.page.setViewportSize({ width: 1280, height: 720 });
await dialog.page.click('#embed');
await dialog.page.waitForSelector('dialog iframe');
await dialog.page.waitForTimeout(4 * SETTLED_MILLIS);
await dialog.page.screenshot({ path: path('docs/embed.png') });

// What other sites show of a link to the page: its opening, at the end.
const opening = await open(browser, server.url());
await opening.page.setViewportSize({ width: 1200, height: 630 });
await until(opening.page, 'state.recorded && state.generalisedAt !== null && !window.grokking.store.get().playing');
await opening.page.screenshot({ path: path('www/social.png') });

await browser.close();
await server.close();
