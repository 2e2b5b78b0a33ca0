// Groks in a browser, and takes the pictures of the README and of links to the page.

import { fileURLToPath } from 'node:url';
import { launch, open, openFigure, serve, until } from './harness.js';

const path = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../../${name}`, import.meta.url));

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

// What other sites show of a link to the page: its opening, at the end.
const opening = await open(browser, server.url());
await opening.page.setViewportSize({ width: 1200, height: 630 });
await until(opening.page, 'state.recorded && state.generalisedAt !== null && !window.grokking.store.get().playing');
await opening.page.screenshot({ path: path('www/social.png') });

await browser.close();
await server.close();
