// The clock of a network that adds: its hands move, and numbers follow.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { eventually, open, openFigure, stage, type, until } from './harness.js';

const SMALL = 'preset=quick&modulus=13&width=32&trainFraction=0.8&weightDecay=2&backend=cpu&budget=3000';
const { server, browser } = await stage();

/** @param {import('playwright-core').Page} page @returns {Promise<string>} */
const said = async (page) => (await page.textContent('#clock')) ?? '';
/** Waits until the figure says something. @param {import('playwright-core').Page} page @param {RegExp} words */
const says = (page, words) => eventually(page, `${words}.test(document.querySelector('#clock').textContent)`);
/** @param {import('playwright-core').Page} page @param {number} x @param {number} y */
const points = (page, x, y) => says(page, new RegExp(`x = ${x} and y = ${y}: the answer to x \\+ y is ${(x + y) % 13}\\.`));
/** Degrees under the faces. @param {import('playwright-core').Page} page @returns {Promise<number[]>} */
const off = (page) => page.evaluate(`[...document.querySelectorAll('#clock .face:not([hidden]) figcaption span')].map((node) => Number(node.textContent.match(/\\d+/)[0]))`);
/** @param {import('playwright-core').Page} page */
const xOf = async (page) => Number((await said(page)).match(/x = (\d+) and/)?.[1]);

test('the hands of a network that has the rule agree, and move by every hand', { timeout: 240_000 }, async () => {
  const { page, errors } = await open(browser, server.url(`?${SMALL}`));
  await openFigure(page, 'clock');
  await says(page, /At step 0,/);
  const [raggedFirst] = await off(page);
  assert.ok(raggedFirst > 40, `${raggedFirst}° at step 0`);
  await page.evaluate('window.grokking.run()');
  await until(page, 'state.status === "finished"', 180_000);
  await eventually(page, `document.querySelector('#clock').textContent.includes('At step ' + window.grokking.state().step + ',')`);
  const faces = await page.locator('#clock .face:not([hidden])').count();
  assert.ok(faces >= 1 && faces <= 5, `${faces} faces`);
  assert.equal(await page.locator('#clock .face:not([hidden]) >> nth=0 >> circle[fill^="#"]').count() >= 13, true);
  const [first] = await off(page);
  assert.ok(first < 30 && first < raggedFirst, `${first}° after it has the rule, ${raggedFirst}° before`);
  await points(page, 3, 5);

  // By pointer, on a face that is not the first if there is one.
  const dial = page.locator('#clock .face:not([hidden]) .face-dial').last();
  const knob = dial.locator('.of-x');
  await knob.scrollIntoViewIfNeeded();
  const from = /** @type {{ x: number, y: number, width: number, height: number }} */ (await knob.boundingBox());
  const box = /** @type {{ x: number, y: number, width: number, height: number }} */ (await dial.boundingBox());
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  // To the other side of the middle.
  await page.mouse.move(2 * box.x + box.width - from.x - from.width / 2, 2 * box.y + box.height - from.y - from.height / 2, { steps: 6 });
  await page.mouse.up();
  const dragged = await xOf(page);
  assert.notEqual(dragged, 3);
  assert.equal(await page.inputValue('#clock input >> nth=0'), String(dragged));

  // By keys.
  await page.focus('#clock .knob[tabindex="0"].of-y');
  await page.keyboard.press('ArrowRight');
  await points(page, dragged, 6);
  await page.keyboard.press('Home');
  await points(page, dragged, 0);
  await page.keyboard.press('ArrowLeft');
  await points(page, dragged, 12);
  assert.equal(await page.getAttribute('#clock .knob[tabindex="0"].of-y', 'aria-valuetext'), `12, the answer is ${(dragged + 12) % 13}`);

  // By typing.
  await type(page, '#clock input >> nth=0', '9');
  await page.keyboard.press('Enter');
  await points(page, 9, 12);
  await type(page, '#clock input >> nth=1', '40');
  await page.keyboard.press('Enter');
  await says(page, /`40` is no symbol: they go from 0 to 12/);

  // By the table.
  await page.evaluate('window.grokking.store.dispatch({ type: "cursor", cursor: { x: 7, y: 8 } })');
  await points(page, 7, 8);
  assert.doesNotMatch(await said(page), /is no symbol/);
  assert.equal(await page.inputValue('#clock input >> nth=1'), '8');

  // The hand that sweeps.
  await page.focus('#clock .sweep input');
  await page.keyboard.press('ArrowRight');
  await says(page, faces > 1
    ? /3, one place on: frequency \d+ gives it .*; together .*, and the right answer gets/
    : /3, one place on: frequency \d+ gives it [−\d.]+, and the right answer gets/);
  await page.keyboard.press('ArrowLeft');
  await says(page, /The right answer, 2: /);
  assert.match(await said(page), /How far the right answer is ahead of the next best/);
  assert.match(await said(page), /symmetricity [−\d.]+, distance irrelevance \d\.\d\d, where the paper found (clocks|pizzas)\./);
  await page.locator('#clock .dials').scrollIntoViewIfNeeded();
  await eventually(page, `document.querySelectorAll('#clock .dial svg path').length > 4`);
  // Neither is a share.
  await page.click('#clock .dials ~ div .chart-values summary');
  await eventually(page, `document.querySelector('#clock .dials ~ div .chart-values tbody tr') !== null`);
  const values = await page.$$eval('#clock .dials ~ div .chart-values td:not(:first-child)', (cells) => cells.map(({ textContent }) => textContent ?? ''));
  for (const value of values) assert.match(value, /^−?\d\.\d\d$/);

  // Back in time.
  await page.evaluate('window.grokking.actions.scrub(0)');
  await says(page, /At step 0,/);
  // Faces are drawn where they are seen.
  await page.locator('#clock .face >> nth=0').scrollIntoViewIfNeeded();
  await eventually(page, `document.querySelector('#clock .face figcaption span').textContent.includes('${raggedFirst}°')`);
  await page.evaluate('window.grokking.actions.scrub(null)');

  // As files.
  for (const at of [0, 1]) {
    await page.locator('#clock .clockwork button.save').nth(at).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('dialog[open] button:has-text("SVG") >> nth=0')]);
    const svg = readFileSync(await download.path(), 'utf8');
    assert.match(svg, /^<svg [^]*frequency \d+[^]*<\/svg>\s*$/);
    assert.doesNotMatch(svg, /NaN|undefined/);
    await page.keyboard.press('Escape');
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test('an operation that is no sum says so, and a sum is one press away', { timeout: 120_000 }, async () => {
  const { page, errors } = await open(browser, server.url('?preset=quick&operation=s3&width=16&batch=8&backend=cpu'));
  await openFigure(page, 'clock');
  await says(page, /This operation is no sum/);
  assert.equal(await page.isVisible('#clock .faces'), false);
  assert.equal(await page.isVisible('#clock .dials'), false);
  await page.click('#clock button:has-text("Set up x + y")');
  await says(page, /At step 0,/);
  // Another run is seen from its table on.
  await page.locator('#clock .clockwork').scrollIntoViewIfNeeded();
  await page.waitForSelector('#clock .face .knob');
  assert.deepEqual(errors, []);
  await page.close();
});

test('a network without attention is one press away', { timeout: 120_000 }, async () => {
  const { page, errors } = await open(browser, server.url(`?${SMALL}`));
  await openFigure(page, 'clock');
  await says(page, /The attention rate of this run is 1: /);
  await page.click('#clock button:has-text("Train one without")');
  await until(page, 'state.step > 0');
  await page.evaluate('window.grokking.pause()');
  await says(page, /The attention rate of this run is 0: /);
  assert.match(page.url(), /[?&]attentionRate=0(&|$|#)/);
  assert.equal(await page.getAttribute('#clock button:has-text("Train one without")', 'aria-pressed'), 'true');
  assert.deepEqual(errors, []);
  await page.close();
});

test('products have a clock of logarithms, on which 0 has no place', { timeout: 120_000 }, async () => {
  const { page } = await open(browser, server.url(`?${SMALL}&operation=mul`));
  await openFigure(page, 'clock');
  await says(page, /At step 0,/);
  await says(page, /the answer to x · y is/);
  const before = await xOf(page);
  await type(page, '#clock input >> nth=0', '0');
  await page.keyboard.press('Enter');
  await says(page, /0 has no logarithm and no place on these circles/);
  assert.equal(await xOf(page), before);
  await page.close();
});

test('a recording has no circles, and a run that trains here is one press away', { timeout: 120_000 }, async () => {
  const { page, errors } = await open(browser, server.url());
  await openFigure(page, 'clock');
  await says(page, /The recording has no circles here/);
  await page.click('#clock button:has-text("Train one here")');
  await until(page, '!state.recorded && state.step > 0');
  await page.evaluate('window.grokking.pause()');
  await says(page, /frequenc(y|ies) stands? out of/);
  assert.deepEqual(errors, []);
  await page.close();
});

test('a clock that is closed is not computed', { timeout: 120_000 }, async () => {
  const { page } = await open(browser, server.url(`?${SMALL}`));
  await page.evaluate('window.grokking.step(20)');
  assert.equal(await page.evaluate('window.grokking.store.get().run.frames.some(({ inspected }) => inspected?.clock)'), false);
  await openFigure(page, 'clock');
  await says(page, /At step 20,/);
  await page.click('#clock button:has-text("Close")');
  await page.waitForSelector('#clock', { state: 'detached' });
  await page.evaluate('window.grokking.step(20)');
  assert.equal(await page.evaluate('window.grokking.store.get().run.frames.filter(({ inspected }) => inspected?.clock).at(-1).step'), 20);
  await page.close();
});

test('on a phone nothing is too wide, and a finger moves a hand', { timeout: 120_000 }, async () => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true, colorScheme: 'dark', reducedMotion: 'reduce', serviceWorkers: 'block', bypassCSP: true,
  });
  const { page, errors } = await open(context, server.url(`?${SMALL}`));
  await openFigure(page, 'clock');
  await page.evaluate('window.grokking.step(10)');
  await says(page, /At step 10,/);
  assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0);
  const knob = page.locator('#clock .knob.of-x').first();
  await knob.scrollIntoViewIfNeeded();
  const size = /** @type {{ width: number, height: number }} */ (await knob.boundingBox());
  assert.ok(size.width >= 24 && size.height >= 24, `${size.width} x ${size.height}`);
  assert.equal(await knob.evaluate((node) => globalThis.getComputedStyle(node).touchAction), 'none');
  const before = await xOf(page);
  await knob.evaluate((node) => {
    const { left, top, width, height } = /** @type {HTMLElement} */ (node.parentElement).getBoundingClientRect();
    const own = node.getBoundingClientRect();
    const at = (/** @type {string} */ name, /** @type {number} */ x, /** @type {number} */ y) => node.dispatchEvent(new globalThis.PointerEvent(name, {
      pointerId: 7, pointerType: 'touch', isPrimary: true, bubbles: true, button: name === 'pointermove' ? -1 : 0, clientX: x, clientY: y,
    }));
    // No finger is there to be captured.
    Object.assign(node, { setPointerCapture() {}, hasPointerCapture: () => true });
    const [x, y] = [own.left + own.width / 2, own.top + own.height / 2];
    at('pointerdown', x, y);
    at('pointermove', 2 * left + width - x, 2 * top + height - y);
    at('pointerup', 2 * left + width - x, 2 * top + height - y);
  });
  assert.notEqual(await xOf(page), before);
  assert.deepEqual(errors, []);
  await context.close();
});
