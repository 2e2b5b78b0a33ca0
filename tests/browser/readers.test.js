// Every reader: axe on every state of the page, and nothing that has to be scrolled sideways.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { frames, open, openFigure, stage, until } from './harness.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TINY = 'preset=quick&modulus=11&width=16&batch=40&backend=cpu';
const FIGURES = ['structure', 'clock', 'neurons', 'cut', 'gauge', 'points', 'sharpness', 'compare', 'fork', 'precision', 'sweep', 'recordings', 'mask', 'settings'];

const { server, browser } = await stage();

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
const READERS = [
  { colorScheme: 'light', width: 320 }, { colorScheme: 'dark', width: 320 },
  { colorScheme: 'light', width: 1280 }, { colorScheme: 'dark', width: 1280 },
];
for (const { colorScheme, width } of READERS) {
  test(`axe finds nothing in ${colorScheme} at ${width} pixels`, { timeout: 120_000 }, async () => {
    /** @type {import('playwright-core').BrowserContextOptions} */
    const options = { colorScheme, serviceWorkers: 'block', bypassCSP: true, viewport: { width, height: 800 } };
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
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
    await page.click('.details button');
    await check(page, 'details');
    await page.click('.details button[data-control="save"]');
    await page.click('dialog[open] summary');
    await page.waitForSelector('dialog[open] pre');
    await check(page, 'what can be saved');
    await page.keyboard.press('Escape');
    await page.evaluate(`for (const [text, action] of [['Something happened.'], ['Training failed.', 'use-cpu'],
      ['There is a newer version of this page.', 'reload'], ['Your run is where you left it, at step 5.', 'afresh']]) window.grokking.actions.notice(text, action)`);
    await page.waitForSelector('.notices [role=alert] >> nth=2');
    await check(page, 'notices, one of an update and one of a run that came back');
    for (const figure of FIGURES) {
      await openFigure(page, figure);
      if (figure === 'points') await page.waitForFunction(`document.querySelector('#points').textContent.includes('At step 5.')`);
      if (figure === 'recordings') await page.waitForSelector('#recordings li');
      if (figure === 'compare') await page.click('#compare button:has-text("Keep this run")');
      await check(page, figure);
      if (figure === 'sweep') {
        await page.click('#sweep button:has-text("Show a recorded one")');
        await page.waitForSelector('.runs .done');
        assert.match((await page.textContent('#sweep')) ?? '', /27 of 27 runs\./);
        await check(page, 'a finished sweep');
      }
    }
    assert.deepEqual(errors, []);
    await page.close();

    const embedded = await open(context, server.url(`?${TINY}&embed=1`));
    await embedded.page.addScriptTag({ path: axe });
    await check(embedded.page, 'embedded');
    await context.close();

    const moving = await browser.newContext({ ...options, reducedMotion: 'no-preference' });
    const played = await open(moving, server.url());
    await played.page.addScriptTag({ path: axe });
    await until(played.page, 'state.recorded');
    // Over and over, however long axe takes.
    await played.page.evaluate(`(() => {
      const { store, actions } = window.grokking;
      const again = () => store.get().playing || actions.play();
      again();
      store.on(again);
    })()`);
    await check(played.page, 'a recording that plays');
    assert.equal(await played.page.evaluate('window.grokking.store.get().playing'), true);
    await moving.close();
  });
}

/** @param {import('playwright-core').BrowserContextOptions} options */
async function calm(options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', bypassCSP: true, ...options });
  return { context, page: (await open(context, server.url())).page };
}

test('where colours are forced, the pictures and their keys keep theirs, and what is current is marked', async () => {
  /** @param {import('playwright-core').Page} page @returns {Promise<any>} */
  const look = async (page) => {
    await page.click('.beat:has-text("The wait")');
    await until(page, 'state.recorded');
    return page.evaluate(`(() => {
      const style = (selector) => getComputedStyle(document.querySelector(selector));
      return {
        paper: style('body').backgroundColor,
        swatches: [...document.querySelectorAll('.key i, .chart-key i')].map((node) => getComputedStyle(node).backgroundColor),
        pictures: ['.table-frame canvas', '.curves canvas'].map((canvas) => style(canvas).forcedColorAdjust),
        current: style('.beat[aria-current]').borderTopColor,
        other: style('.beat:not([aria-current])').borderTopColor,
      };
    })()`);
  };
  const plain = await calm({});
  const usual = await look(plain.page);
  await plain.context.close();
  const forced = await calm({ forcedColors: 'active' });
  const seen = await look(forced.page);
  await forced.context.close();
  assert.ok(usual.swatches.length > 2);
  assert.deepEqual(seen.swatches, usual.swatches);
  assert.notEqual(seen.paper, usual.paper, 'colours are forced');
  assert.deepEqual(seen.pictures, ['none', 'none']);
  assert.notEqual(seen.current, seen.other);
});

test('on paper there are the table, the curves and the words, on white, and nothing to press', async () => {
  const { context, page } = await calm({ colorScheme: 'dark' });
  await page.click('.beat:has-text("The rule")');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await frames(page, 2);
  for (const part of ['h1', '.table-frame canvas', '.curves canvas', '.words', '#why']) {
    assert.equal(await page.isVisible(part), true, part);
  }
  const pressed = await page.$$eval('button, summary, input, select', (controls) =>
    controls.filter((control) => control.checkVisibility()).map((control) => control.textContent));
  assert.deepEqual(pressed, []);
  assert.equal(await page.evaluate(`getComputedStyle(document.body).backgroundColor`), 'rgb(255, 255, 255)');
  await context.close();
});

test('without scripts there are the words, and no control that does nothing', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.goto(server.url());
  const note = page.locator('noscript p');
  assert.match((await note.textContent()) ?? '', /takes JavaScript and WebAssembly/);
  const box = await note.boundingBox();
  assert.ok(box && box.height > 0 && box.y + box.height <= 720, `on the first screen: ${JSON.stringify(box)}`);
  assert.equal(await page.locator('h1').isVisible(), true);
  assert.equal(await page.locator('#why').isVisible(), true);
  assert.equal(await page.locator('button:visible, input:visible, summary:visible').count(), 0);
  await context.close();
});

test('a chart is also a table of its values', async () => {
  const { page } = await open(browser, server.url(`?${TINY}`));
  await page.evaluate('window.grokking.step(30)');
  await page.click('.curves .chart-values summary');
  const rows = await page.$$eval('.curves table tr', (lines) => lines.map((line) => line.textContent));
  assert.match(rows[0] ?? '', /^stepcells it was showncells it never sawof these, mirror image \(y, x\) shownof these, neither shown$/);
  assert.match(rows.at(-1) ?? '', /^30[\d.]+\s%/);
  await page.close();
});
