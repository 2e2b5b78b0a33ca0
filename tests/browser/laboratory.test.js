// What a network has learned, time that can be moved, and recorded runs.

import assert from 'node:assert/strict';
import { gzipSync, gunzipSync } from 'node:zlib';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, frames, grok, launch, open, openFigure, serve, type, until } from './harness.js';

const SMALL = 'preset=quick&modulus=13&width=32&trainFraction=0.8&weightDecay=2&backend=cpu&budget=3000';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {string} */
let folder;

before(async () => {
  server = await serve();
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'grok-recording-'));
});
after(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** What is far from the screen is not drawn. */
const ALL_IN_SIGHT = { width: 1280, height: 3000 };

test('a grokked sum is written out as its rule, and predicts as the network does', async () => {
  const { page, errors } = await open(browser, server.url(`?${SMALL}`));
  await openFigure(page, 'structure');
  await page.waitForFunction(`document.querySelector('#structure').textContent.includes('At step 0,')`);
  assert.match((await page.textContent('#structure .rule')) ?? '', /the rule is written here/);
  await page.evaluate('window.grokking.run()');
  await until(page, 'state.status === "finished"', 120_000);
  await page.waitForFunction(
    `/The rule that it (?:has found|is heading for): .* cos\\(2π·\\d+\\(x \\+ y − z\\)\\/13\\)/.test(
      document.querySelector('#structure .rule').textContent)`,
  );
  await type(page, '#structure input >> nth=0', '9');
  await type(page, '#structure input >> nth=1', '8');
  await page.click('#structure button:has-text("Predict")');
  await page.waitForFunction(`document.querySelector('#structure').textContent.includes(
    'the network says 4, the rule alone says 4, and the answer is 4')`);
  await type(page, '#structure input >> nth=0', '13');
  await page.click('#structure button:has-text("Predict")');
  const verdict = await page.textContent('#structure');
  assert.match(verdict ?? '', /`13` is no symbol: they go from 0 to 12/);
  assert.deepEqual(errors, []);
  await page.close();
});

test('on a phone the tab of the open figure is wholly in sight, after another one and in a window that was wider', async () => {
  const { page } = await open(browser, server.url(`?${SMALL}`));
  /** Pixels that are cut off at its left and at its right. A browser scrolls by whole ones. */
  const cut = `(() => {
    const [row, tab] = ['.cards', '.cards [aria-expanded="true"]'].map((part) => document.querySelector(part).getBoundingClientRect());
    return [row.left - tab.left, tab.right - row.right];
  })()`;
  const inSight = async (/** @type {string} */ when) => {
    await frames(page, 5);
    const [left, right] = /** @type {number[]} */ (await page.evaluate(cut));
    assert.ok(left < 1 && right < 1, `${when}: ${left} and ${right} pixels are cut off`);
  };
  await page.setViewportSize({ width: 360, height: 740 });
  // The one before it is written in bold until it closes, and is wider then.
  for (const id of ['structure', 'neurons', 'cut', 'clock']) {
    await openFigure(page, id);
    await inSight(id);
  }
  for (const [id, wide] of /** @type {[string, number][]} */ ([['gauge', 1280], ['settings', 700]])) {
    await page.setViewportSize({ width: wide, height: 900 });
    await openFigure(page, id);
    await frames(page, 5);
    await page.setViewportSize({ width: 360, height: 740 });
    await eventually(page, `(([left, right]) => left < 1 && right < 1)(${cut})`, 5_000);
  }
  await page.close();
});

test('going back in time moves the table and the points together', async () => {
  const { page } = await open(browser, server.url(`?${SMALL}`));
  await page.setViewportSize(ALL_IN_SIGHT);
  await openFigure(page, 'points');
  await page.waitForFunction(`document.querySelector('#points').textContent.includes('At step 0')`);
  await page.evaluate('window.grokking.run()');
  await until(page, 'state.status === "finished"', 120_000);
  // How many of the views are as they were at the end of the run.
  await page.evaluate(`
    window.look = () => [
      document.querySelector('.table canvas').toDataURL(),
      document.querySelector('#points canvas').toDataURL(),
      document.querySelector('.words').textContent,
    ];
    window.end = window.look();`);
  const asInTheEnd = (/** @type {number} */ count) =>
    page.waitForFunction(`window.look().filter((view, at) => view === window.end[at]).length === ${count}`);
  await page.focus('.scrub input');
  await page.keyboard.press('Home');
  await page.waitForFunction(`document.querySelector('.scrub span').textContent === 'Step 0'`);
  await asInTheEnd(0);
  await page.click('.scrub button:has-text("To the end")');
  await asInTheEnd(3);
  // What goes away leaves the focus among its neighbours.
  assert.equal(await page.evaluate(`document.activeElement.closest('.scrub') !== null`), true);
  await page.click('.scrub button:has-text("Play")');
  await page.waitForFunction(`document.querySelector('.scrub span').textContent === 'Step 0'`);
  await page.waitForFunction(`/Step [1-9]/.test(document.querySelector('.scrub span').textContent)`);
  await page.click('.scrub button:has-text("Stop")');
  await page.waitForSelector('.scrub button:has-text("Play")');
  const at = await page.textContent('.scrub span');
  await frames(page, 30);
  assert.equal(await page.textContent('.scrub span'), at);
  await page.close();
});

test('figures that are closed are not computed', async () => {
  const { page } = await open(browser, server.url(`?${SMALL}`));
  await page.evaluate('window.grokking.step(50)');
  await openFigure(page, 'structure');
  await page.waitForFunction(`document.querySelector('#structure').textContent.includes('At step 50,')`);
  await page.click('#structure button:has-text("Close")');
  await page.waitForSelector('#structure', { state: 'detached' });
  assert.equal(await page.evaluate(`document.activeElement.dataset.figure`), 'structure');
  await page.evaluate('window.grokking.step(50)');
  const inspected = () => page.evaluate('window.grokking.store.get().run.inspected.step');
  assert.equal(await inspected(), 50);
  await openFigure(page, 'structure');
  await page.waitForFunction(`document.querySelector('#structure').textContent.includes('At step 100,')`);
  await page.close();
});

/** Figures that fail, by where they do. */
const BROKEN = {
  points: `export function create() { throw new Error('it has no points'); }`,
  structure: `export const create = () => ({ render() { throw new Error('it has no rule'); }, destroy() { throw new Error('nor an end'); } });`,
};

test('a figure that fails says so once, and stops neither the page nor another figure', async () => {
  const context = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true });
  for (const [name, body] of Object.entries(BROKEN)) {
    await context.route(`**/js/views/${name}.js`, (route) => route.fulfill({ body, contentType: 'text/javascript' }));
  }
  const { page, errors } = await open(context, server.url(`?${SMALL}`));
  await page.setViewportSize(ALL_IN_SIGHT);
  for (const [name, why] of [['points', 'it has no points'], ['structure', 'it has no rule']]) {
    await openFigure(page, name);
    await page.waitForFunction(`document.querySelector('.notices').textContent.includes(
      'The part of the page called ${name} cannot be drawn: ${why}.')`);
    const cells = await page.evaluate(`document.querySelector('.table canvas').toDataURL()`);
    await page.evaluate('window.grokking.step(30)');
    await page.waitForFunction(`document.querySelector('.table canvas').toDataURL() !== ${JSON.stringify(cells)}`);
    await page.click(`#${name} button:has-text("Close")`);
    await page.waitForSelector(`#${name}`, { state: 'detached' });
  }
  await openFigure(page, 'sharpness');
  await page.waitForFunction(`/At step 60: φ = /.test(document.querySelector('#sharpness').textContent)`);
  assert.equal((await page.$$('.notices [role=alert]')).length, 2);
  assert.deepEqual(errors, []);
  await context.close();
});

test('cosets stay after a reset', async () => {
  const { page } = await open(browser, server.url('?preset=quick&operation=s4&width=16&batch=64&backend=cpu#points'));
  await page.waitForFunction(`document.querySelectorAll('#points select')[2]?.options.length > 3`);
  const before = await page.$$eval('#points select', (selects) => selects[2].textContent);
  await page.evaluate('window.grokking.step(3)');
  await page.evaluate('window.grokking.reset()');
  await until(page, 'state.step === 0');
  assert.equal(await page.$$eval('#points select', (selects) => selects[2].textContent), before);
  await page.close();
});

/** A small run, recorded by the native command. */
function recording() {
  const file = join(folder, 'small.grok');
  grok(['record', '--modulus', '11', '--width', '16', '--budget', '60', '--out', file]);
  return readFileSync(file);
}

test('a recording replays with every view, and the live run comes back', async () => {
  const bytes = recording();
  const { page, errors } = await open(browser, server.url(`?${SMALL}`));
  await page.evaluate('window.grokking.step(30)');
  await openFigure(page, 'recordings');
  const replay = (/** @type {Buffer} */ buffer) =>
    page.setInputFiles('#recordings input[type=file]', { name: 'run.grok', mimeType: '', buffer });
  await replay(bytes);
  await page.waitForSelector('#recordings .recorded', { state: 'visible' });
  assert.match((await page.textContent('#recordings .recorded')) ?? '', /grok record --modulus 11 --width 16 --budget 60/);
  assert.equal(await page.evaluate('window.grokking.table().size'), 11);
  assert.equal(await page.evaluate('window.grokking.state().step'), 60);
  await openFigure(page, 'points');
  await page.selectOption('#points select >> nth=1', 'tsne');
  await page.waitForFunction(`document.querySelector('#points canvas').ariaLabel?.includes('by t-SNE, at step 60')`);
  assert.match((await page.textContent('#points')) ?? '', /At step 60/);
  assert.equal(await page.textContent('button[data-control="run"]'), 'Back to the live run');
  await page.click('button[data-control="run"]');
  await until(page, '!state.recorded');
  assert.equal(await page.evaluate('window.grokking.table().size'), 13);
  assert.equal(await page.evaluate('window.grokking.state().step'), 30);
  await page.evaluate('window.grokking.step(1)');

  await openFigure(page, 'recordings');
  const refused = async (/** @type {Buffer} */ buffer, /** @type {RegExp} */ why) => {
    await replay(buffer);
    await page.waitForFunction(`${why}.test(document.querySelector('.notices').textContent)`);
    assert.equal(await page.isVisible('#recordings .recorded'), false);
  };
  const file = JSON.parse(gunzipSync(bytes).toString());
  const changed = (/** @type {object} */ fields) => gzipSync(JSON.stringify({ ...file, ...fields }));
  await refused(changed({ version: 9 }), /has version 9/);
  await refused(changed({ heldOut: 'x' }), /`heldOut` has 1 digits, expected 31/);
  await refused(bytes.subarray(0, 300), /cut short or damaged/);
  await refused(Buffer.from('{"a": 1,}'), /is no recording: .*position/);
  assert.deepEqual(errors, []);
  await page.close();
});

test('the gauge forecasts when the run will generalise, and says how good it is', async () => {
  const { page, errors } = await open(browser, server.url('?preset=quick&backend=cpu&seed=5'));
  await openFigure(page, 'gauge');
  await page.waitForFunction(`document.querySelector('#gauge').textContent.includes('there is no forecast yet')`);
  await page.waitForFunction(`/judged on \\d+ others/.test(document.querySelector('#gauge').textContent)`);
  await page.evaluate('window.grokking.step(600)');
  const said = await page.waitForFunction(
    `document.querySelector('#gauge').textContent.match(
      /At step 600 it is about (\\d+)\\s% of the way: it should generalise at about step ([\\d\\s]+), in 4 of 5 cases between ([\\d\\s]+) and ([\\d\\s]+)\\./)`,
  );
  const [share, step, low, high] = /** @type {string[]} */ (await said.jsonValue())
    .slice(1)
    .map((digits) => Number(digits.replace(/\s/g, '')));
  assert.ok(low <= step && step <= high && low < high, `${low} ${step} ${high}`);
  assert.ok(Math.abs(share - 60_000 / step) < 2, `${share} % of ${step}`);
  assert.equal(await page.getAttribute('#gauge .meter', 'aria-valuenow'), String(share));
  assert.deepEqual(errors, []);
  await page.close();
});

test('products in a group are forecast by a fit of their own, which says what it looks at', async () => {
  const group = '?preset=s5&operation=s4&trainFraction=0.85&width=32&backend=cpu&seed=1';
  const { page, errors } = await open(browser, server.url(group));
  await openFigure(page, 'gauge');
  await page.evaluate('window.grokking.step(900)');
  const text = () => page.textContent('#gauge');
  await eventually(page, `/it should generalise at about step/.test(document.querySelector('#gauge').textContent)`);
  await eventually(page, `/judged on the \\d+ runs of the groups/.test(document.querySelector('#gauge').textContent)`);
  assert.match((await text()) ?? '', /It does not look at the network/);
  assert.doesNotMatch((await text()) ?? '', /restricted loss/);
  await page.evaluate(`window.grokking.actions.preset('quick')`);
  await eventually(page, `/restricted loss/.test(document.querySelector('#gauge').textContent)`);
  assert.deepEqual(errors, []);
  await page.close();
});

test('sharpness is set against held-out accuracy over a sweep', async () => {
  const { page } = await open(browser, server.url(`?${SMALL}&budget=60`));
  await openFigure(page, 'sharpness');
  await page.click('#sharpness button:has-text("recorded seeds")');
  await page.waitForFunction(`/Over 20 runs Spearman's ρ is −0\\.\\d+/.test(document.querySelector('#sharpness').textContent)`);
  await openFigure(page, 'sweep');
  await type(page, '#sweep input[type=text] >> nth=0', '0.6');
  await type(page, '#sweep input[type=text] >> nth=1', '0, 1, 2');
  await page.check('#sweep input[type=checkbox]');
  await page.click('#sweep button:has-text("Start")');
  await page.waitForFunction(`document.querySelector('#sweep').textContent.includes('3 of 3 runs')`);
  await openFigure(page, 'sharpness');
  await page.waitForFunction(`document.querySelector('#sharpness').textContent.includes('Over 3 runs')`);
  await page.close();
});
