// One network with the loss in each precision, in a real browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { percent, whole } from '../../www/js/text/numbers.js';
import { RUN_NAMES } from '../../www/js/text/precision.js';
import { eventually, open, openFigure, stage, type, until, workers } from './harness.js';

/** Few cells and large steps, so that they collapse soon. */
const TINY = 'preset=quick&modulus=7&width=32&batch=full&trainFraction=0.6&learningRate=0.01&backend=cpu';
const STEPS = 400;
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const STATE = 'window.grokking.store.get().precision';
const DONE = `${STATE}?.status === 'done'`;

const { server, browser } = await stage();

/** @param {import('playwright-core').BrowserContextOptions} [options] */
const context = (options) => browser.newContext({ serviceWorkers: 'block', bypassCSP: true, reducedMotion: 'reduce', ...options });

/** @param {import('playwright-core').Page} page @param {string} selector */
const texts = (page, selector) => page.$$eval(selector, (nodes) => nodes.map((node) => (node.textContent ?? '').trim()));

/** @param {import('playwright-core').Page} page @returns {Promise<import('../../www/js/run/precision.js').Precision>} */
const precisionOf = (page) => page.evaluate(STATE);

test('four runs of one network, in numbers, in charts and in words', { timeout: 180_000 }, async () => {
  const desk = await context({ viewport: { width: 1280, height: 900 } });
  const { page, errors } = await open(desk, server.url(`?${TINY}`));
  await openFigure(page, 'precision');
  assert.equal(await page.isVisible('#precision .scores'), false);
  assert.equal(await page.inputValue('#precision [name=steps]'), '5000');
  assert.match(String(await page.textContent('#precision form')), /With the weight decay of the run above \(2\)/);
  assert.equal(await page.isChecked('#precision [name=decays]'), false);

  await type(page, '#precision [name=steps]', String(STEPS));
  await page.keyboard.press('Enter');
  await eventually(page, DONE);
  const { jobs } = await precisionOf(page);
  const ends = jobs.map(({ curves, settings: { weightDecay } }) => {
    assert.equal(weightDecay, '0');
    const { step, trainAccuracy, heldOutAccuracy, collapsed } = /** @type {NonNullable<typeof curves>} */ (curves);
    const at = step.length - 1;
    assert.equal(step[at], STEPS);
    assert.deepEqual(step, jobs[0].curves?.step);
    return { train: trainAccuracy[at], heldOut: heldOutAccuracy[at], collapsed: collapsed[at], first: step[collapsed.findIndex((share) => share > 0)] };
  });
  // Few digits are used up before many.
  const collapsed = ends.map((end) => end.collapsed);
  assert.ok(collapsed[0] > 0.9 && collapsed[0] > collapsed[1] && collapsed[1] > collapsed[2], collapsed.join(' '));
  assert.equal(collapsed[3], 0);

  await eventually(page, `document.querySelector('#precision [role=status]').textContent.endsWith('all four are through.')`);
  assert.deepEqual(await page.$$eval('#precision .scores tbody tr', (rows) => rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').trim()))),
    ends.map(({ train, heldOut, collapsed, first }, at) => [
      RUN_NAMES[at], percent(train), percent(heldOut), `${percent(collapsed)} ${first === undefined ? '' : `first at step ${whole(first)}`}`.trim(),
    ]));
  const [verdict] = await texts(page, '#precision .verdict');
  assert.ok(verdict.startsWith(`With float16, ${percent(ends[0].collapsed)} of the cells it is shown have collapsed after 400 steps`), verdict);
  assert.ok(verdict.includes(percent(Math.max(...ends.map(({ heldOut }) => heldOut)))), verdict);

  // Each chart is also a table of its values, whose last line is the end.
  for (const [nth, key] of /** @type {const} */ ([[0, 'heldOut'], [1, 'collapsed']])) {
    await page.locator('#precision .chart-values summary').nth(nth).click();
    await page.locator('#precision .chart').nth(nth).locator('tbody tr').first().waitFor();
    const rows = await page.locator('#precision .chart').nth(nth).locator('tr').evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent)));
    assert.deepEqual(rows[0], ['step', ...RUN_NAMES]);
    const last = /** @type {string[]} */ (rows.at(-1));
    assert.equal(last[0], String(STEPS));
    ends.forEach((end, at) => assert.ok(Math.abs(parseFloat(last[at + 1]) - 100 * end[key]) < 0.06, `${last} ${key}`));
  }

  // It is the run that the page itself would train.
  await page.evaluate(`window.grokking.start({ preset: 'quick', modulus: 7, width: 32, batch: 'full', trainFraction: 0.6, learningRate: 0.01,
    weightDecay: 0, stop: 'budget', budget: ${STEPS}, loss: 'softmax-float16' })`);
  await until(page, `state.status === 'finished'`);
  const own = /** @type {any} */ (await page.evaluate('window.grokking.store.get().run.latest'));
  assert.deepEqual([own.trainAccuracy, own.heldOutAccuracy, own.collapsed], [ends[0].train, ends[0].heldOut, ends[0].collapsed]);
  assert.equal(own.trainLoss, jobs[0].curves?.trainLoss.at(-1));
  assert.equal(await page.isVisible('#precision .quiet:has-text("has other settings by now")'), false);
  await page.evaluate('window.grokking.actions.newSeed()');
  await eventually(page, `[...document.querySelectorAll('#precision .quiet')].some((node) => node.checkVisibility() && node.textContent.includes('has other settings by now'))`);
  await workers(page, 1);

  // A chart is saved as a picture, and as the numbers that it draws.
  await page.locator('#precision .chart .save').nth(1).click();
  await page.waitForSelector('dialog[open]');
  assert.deepEqual((await texts(page, 'dialog[open] li:first-child button')), ['SVG', 'PNG', 'CSV']);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('dialog[open] li:first-child button:has-text("CSV")')]);
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n').map((line) => line.split(','));
  assert.deepEqual(lines[0], ['step', 'softmax-float16', 'softmax', 'softmax-float64', 'stablemax']);
  assert.deepEqual(lines.at(-1)?.map(Number), [STEPS, ...collapsed]);
  await page.keyboard.press('Escape');

  await page.click('#precision button:has-text("Throw them away")');
  await eventually(page, `${STATE} === null`);
  await eventually(page, `!document.querySelector('#precision .scores').checkVisibility()`);
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Train all four');
  assert.deepEqual(errors, []);
  await desk.close();
});

test('by keyboard, on a narrow phone in the dark', { timeout: 180_000 }, async () => {
  const phone = await context({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
  const { page, errors } = await open(phone, server.url(`?${TINY}#precision`));
  await page.waitForSelector('#precision.figure');
  await page.addScriptTag({ path: axe });
  const fits = async (/** @type {string} */ when) => {
    assert.deepEqual(await page.evaluate(`axe.run('#precision').then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].target.join(' ')))`), [], when);
    const [wide, table] = /** @type {number[]} */ (await page.evaluate(`[document.documentElement.scrollWidth - innerWidth,
      (({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('#precision .wide'))]`));
    assert.ok(wide <= 0 && table <= 0, `${when}: the page is ${wide} pixels too wide, the table ${table}`);
  };
  await fits('before');

  // What is wrong is said at its field.
  await page.focus('#precision [name=steps]');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('none');
  await page.keyboard.press('Enter');
  await eventually(page, `document.querySelector('#precision [name=steps] ~ .error').textContent !== ''`);
  assert.equal(await page.textContent('#precision [name=steps] ~ .error'), 'The steps cannot be `none`: allowed is a whole number from 1 to 1000000.');
  assert.equal(await page.evaluate('document.activeElement.name'), 'steps');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('1000000');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.name'), 'decays');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Train all four');
  await page.keyboard.press('Enter');
  // What starts and what stops hand the focus to each other.
  await eventually(page, `document.activeElement.textContent === 'Stop'`);
  await eventually(page, `${STATE}.jobs[0].step > 20`);
  await page.keyboard.press('Enter');
  await eventually(page, `${STATE}.status === 'stopped' && document.activeElement.textContent === 'Train all four'`);
  const { jobs, decays } = await precisionOf(page);
  assert.equal(decays, true);
  assert.equal(jobs[0].settings.weightDecay, '2');
  await workers(page, 1);
  assert.deepEqual(await texts(page, '#precision .scores tbody tr:first-child th small'), [`at step ${whole(jobs[0].step)}`]);
  assert.deepEqual(await texts(page, '#precision .verdict'), ['']);
  await fits('stopped');
  assert.deepEqual(errors, []);
  await phone.close();
});

test('what cannot be trained so says why', { timeout: 120_000 }, async () => {
  const desk = await context();
  const recorded = (await open(desk, server.url('#precision'))).page;
  await recorded.waitForSelector('#precision.figure');
  await eventually(recorded, `document.querySelector('#precision').textContent.includes('only played back')`);
  assert.equal(await recorded.isVisible('#precision form'), false);
  await recorded.click('#precision button:has-text("Train this run here")');
  await until(recorded, 'state.step > 2');
  await eventually(recorded, `document.querySelector('#precision form').checkVisibility()`);
  await recorded.evaluate('window.grokking.pause()');
  await recorded.close();

  const { page, errors } = await open(desk, server.url(`?${TINY}&dropout=0.1&embed=1&view=precision`));
  await page.waitForSelector('#precision.figure');
  const why = '`loss` cannot be `softmax-float16`: allowed is softmax or stablemax with dropout or the plain kernels.';
  await eventually(page, `document.querySelector('#precision form').textContent.includes(${JSON.stringify(why)})`);
  assert.equal(await page.isDisabled('#precision button:has-text("Train all four")'), true);
  assert.deepEqual(errors, []);
  await desk.close();
});
