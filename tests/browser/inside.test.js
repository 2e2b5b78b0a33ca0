// Neurons and heads: the wall, one of them large, going back in time, and an equation that is followed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { eventually, frames, open, openFigure, stage, type, until } from './harness.js';

const SMALL = '?preset=clock&modulus=13&width=32&trainFraction=0.9&backend=cpu&budget=3000&seed=1';
const TINY = '?preset=quick&modulus=11&width=16&batch=40&backend=cpu';

const { server, browser } = await stage();

/** Colours of a canvas, of every seventh pixel. */
const COLORS = `(selector) => {
  const canvas = document.querySelector(selector);
  if (!canvas || canvas.width < 20) return 0;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  const pixels = new Uint32Array(data.buffer);
  for (let at = 0; at < pixels.length; at += 7) seen.add(pixels[at]);
  return seen.size;
}`;
const colorsOf = (/** @type {string} */ selector) => `(${COLORS})(${JSON.stringify(selector)})`;
const said = (/** @type {string} */ words) => `document.querySelector('#neurons').textContent.includes(${JSON.stringify(words)})`;
const WALL = '#neurons .wall canvas';
const NEURON = '#neurons .neuron canvas';
const inspectedStep = `window.grokking.store.get().run.frames.findLast(({ inspected }) => inspected?.inside)?.step`;
/** How far the page scrolls sideways. @param {import('playwright-core').Page} page */
const overflow = async (page) => Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));

test('every neuron is drawn, and one opens by mouse, by keyboard and goes with Escape', async () => {
  const { page, errors } = await open(browser, server.url(SMALL));
  assert.equal(await page.evaluate('window.grokking.store.get().run.inspected'), null);
  await openFigure(page, 'neurons');
  await eventually(page, `${said('At step 0, ')} && ${colorsOf(WALL)} > 20`);
  const count = Number(await page.evaluate('window.grokking.store.get().run.inspected.inside.neurons.length'));
  assert.equal(count, 128);
  assert.equal(await page.isVisible('#neurons .neuron'), false);

  await page.locator(WALL).first().click({ position: { x: 12, y: 12 } });
  await eventually(page, `${colorsOf(NEURON)} > 3 && document.activeElement.closest('.neuron') !== null`);
  const number = Number(await page.evaluate('window.grokking.store.get().run.inspected.inside.neurons[0].neuron'));
  await eventually(page, `document.querySelector('.neuron h4').textContent.startsWith('Neuron ${number}: ')`);
  await eventually(page, `document.querySelectorAll('.neuron .plot svg path').length > 4`);
  await page.keyboard.press('Escape');
  await page.waitForSelector('#neurons .neuron', { state: 'hidden' });
  // The figure is still open, and the wall has the focus.
  assert.equal(await page.evaluate(`document.activeElement.closest('#neurons .wall') !== null`), true);

  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  const second = Number(await page.evaluate('window.grokking.store.get().run.inspected.inside.neurons[1].neuron'));
  await eventually(page, `document.activeElement.getAttribute('aria-label').startsWith('Neuron ${second}: ')`);
  await page.keyboard.press('Enter');
  await eventually(page, `window.grokking.store.get().look.neuron === ${second} && ${colorsOf(NEURON)} > 3`);
  await page.click('#neurons button:has-text("Close the neuron")');
  await page.waitForSelector('#neurons .neuron', { state: 'hidden' });
  assert.deepEqual(errors, []);
  await page.close();
});

test('a run that has the rule has stripes in colours, and going back shows how it was', { timeout: 180_000 }, async () => {
  const { page, errors } = await open(browser, server.url(SMALL));
  await openFigure(page, 'neurons');
  await eventually(page, `${colorsOf(WALL)} > 20`);
  await page.evaluate('window.grokking.run()');
  await until(page, 'state.status === "finished"', 120_000);
  await eventually(page, `${inspectedStep} === window.grokking.state().step`);
  const { tuned, waves } = /** @type {{ tuned: number, waves: number }} */ (await page.evaluate(`(() => {
    const { inside } = window.grokking.store.get().run.inspected;
    return { tuned: inside.tuned, waves: new Set(inside.neurons.slice(0, inside.tuned).map(({ wave }) => wave)).size };
  })()`));
  assert.ok(tuned > 10, `${tuned} tuned neurons`);
  await eventually(page, said(`${tuned} of 128 neurons`));
  await eventually(page, `document.querySelectorAll('#neurons .waves li').length === ${waves + 1}`);
  // As many as there are, in the bar and in words.
  assert.equal(await page.evaluate(`[...document.querySelectorAll('#neurons .waves b')].reduce((sum, node) => sum + Number(node.textContent), 0)`), 128);
  const kept = Number(await page.evaluate('window.grokking.store.get().run.frames.filter(({ inspected }) => inspected?.pictures.length).length'));
  assert.ok(kept >= 2 && kept <= 16, `pictures of ${kept} steps`);

  await page.locator('#neurons .pair').scrollIntoViewIfNeeded();
  await eventually(page, `${colorsOf('#neurons .pair > :first-child canvas')} > 10 && ${colorsOf('#neurons .pair > :last-child canvas')} > 10`);
  await page.locator('#neurons .looks').scrollIntoViewIfNeeded();
  await eventually(page, `document.querySelectorAll('#neurons .looks canvas').length === 16 && ${colorsOf('#neurons .looks canvas')} > 3`);

  await page.locator(WALL).first().scrollIntoViewIfNeeded();
  await frames(page, 10);
  await page.evaluate(`window.end = document.querySelector(${JSON.stringify(WALL)}).toDataURL()`);
  await page.focus('.scrub input');
  await page.keyboard.press('Home');
  await page.locator(WALL).first().scrollIntoViewIfNeeded();
  await eventually(page, `${said('At step 0, ')} && document.querySelector(${JSON.stringify(WALL)}).toDataURL() !== window.end`);
  await page.evaluate('window.grokking.actions.scrub(null)');
  await eventually(page, `document.querySelector(${JSON.stringify(WALL)}).toDataURL() === window.end`);
  // A step whose pictures were not kept shows others, and says of which step.
  const bare = await page.evaluate(`window.grokking.store.get().run.frames.find(({ inspected }) => inspected?.inside && !inspected.pictures.length)?.step ?? null`);
  if (bare !== null) {
    await page.evaluate(`window.grokking.actions.scrub(${bare})`);
    await eventually(page, said('Pictures are kept of a few steps only'));
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test('an equation is followed through: typed, pointed at, and by the network of now', async () => {
  const { page, errors } = await open(browser, server.url(SMALL));
  await openFigure(page, 'neurons');
  await eventually(page, said('At step 0, x + y for x = 3 and y = 5'));
  const stages = await page.evaluate(`[...document.querySelectorAll('#neurons .flow h5')].map((node) => node.textContent)`);
  assert.deepEqual(stages, ['1. It reads', '2. Its heads look', '3. Neurons fire', '4. It gives scores']);
  assert.equal(await page.evaluate(`document.querySelectorAll('#neurons .attends tbody td').length`), 16);
  assert.equal(await page.evaluate(`document.querySelectorAll('#neurons .fired tbody tr').length`), 8);
  await type(page, '#neurons input >> nth=0', '9');
  await type(page, '#neurons input >> nth=1', '8');
  await page.keyboard.press('Enter');
  await eventually(page, said('for x = 9 and y = 8'));
  await type(page, '#neurons input >> nth=0', '99');
  await page.keyboard.press('Enter');
  await eventually(page, said('`99` is no symbol: they go from 0 to 12.'));
  await page.evaluate('window.grokking.step(20)');
  await eventually(page, said('At step 20, x + y for x = 9 and y = 8'));
  // A cell of the table above.
  const box = /** @type {{ width: number, height: number }} */ (await page.locator('.table canvas').boundingBox());
  await page.locator('.table canvas').hover({ position: { x: (2.5 / 13) * box.width, y: (4.5 / 13) * box.height } });
  await eventually(page, said('for x = 4 and y = 2'));
  // A cell of a neuron that is open.
  await page.locator(WALL).first().click({ position: { x: 12, y: 12 } });
  await eventually(page, `${colorsOf(NEURON)} > 2`);
  await page.locator(NEURON).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  await eventually(page, `${said('for x = 2 and y = 1')} && /x = 2, y = 1: activation/.test(document.querySelector('.neuron').textContent)`);
  assert.deepEqual(errors, []);
  await page.close();
});

test('each layer has its own wall', async () => {
  const { page, errors } = await open(browser, server.url(`${SMALL}&layers=2`));
  await openFigure(page, 'neurons');
  await eventually(page, `${colorsOf(WALL)} > 20`);
  await page.evaluate(`window.first = document.querySelector(${JSON.stringify(WALL)}).toDataURL()`);
  await page.selectOption('#neurons select', '1');
  await eventually(page, `window.grokking.store.get().run.inspected.inside.layer === 1
    && document.querySelector(${JSON.stringify(WALL)}).toDataURL() !== window.first`);
  await page.locator(WALL).first().click({ position: { x: 12, y: 12 } });
  await eventually(page, said('Its input comes from the layer before it.'));
  assert.deepEqual(await page.evaluate(`[...document.querySelectorAll('#neurons .flow h5')].map((node) => node.textContent)`), [
    '1. It reads', '2. Its heads look, layer 0', '3. Neurons fire, layer 0', '4. Its heads look, layer 1', '5. Neurons fire, layer 1', '6. It gives scores',
  ]);
  // What is pointed at has a frame, and what has the focus.
  await page.mouse.move(0, 0);
  await page.focus('#neurons select');
  await page.selectOption('#neurons select', '0');
  await eventually(page, `document.querySelector(${JSON.stringify(WALL)}).toDataURL() === window.first`);
  assert.deepEqual(errors, []);
  await page.close();
});

test('a recording has no neurons, and says how to get some', async () => {
  const { page, errors } = await open(browser, server.url());
  await openFigure(page, 'neurons');
  await eventually(page, said('The recording has no weights of its network here'));
  assert.equal(await page.isVisible(WALL), false);
  await page.click('#neurons button:has-text("Train one here")');
  await eventually(page, `${colorsOf(WALL)} > 20`, 120_000);
  assert.deepEqual(errors, []);
  await page.close();
});

for (const width of [320, 360]) {
  test(`on a phone of ${width} pixels nothing is scrolled sideways`, async () => {
    const context = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true, viewport: { width, height: 740 }, deviceScaleFactor: 2, hasTouch: true });
    const { page, errors } = await open(context, server.url(SMALL));
    await openFigure(page, 'neurons');
    await page.evaluate('window.grokking.step(40)');
    await eventually(page, `${inspectedStep} === 40 && ${colorsOf(WALL)} > 20`);
    await page.locator(WALL).first().tap({ position: { x: 12, y: 12 } });
    await eventually(page, `${colorsOf(NEURON)} > 2`);
    for (const part of ['.neuron', '.pair', '.course', '.looks', '.flow']) {
      await page.locator(`#neurons ${part}`).scrollIntoViewIfNeeded();
      await frames(page, 5);
      assert.ok((await overflow(page)) <= 0, `${part} makes the page ${await overflow(page)} pixels too wide`);
    }
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test('the wall is saved as a picture, and its tunings as a table, under the policy of the page', async () => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const { page, errors } = await open(context, server.url(TINY));
  await openFigure(page, 'neurons');
  await page.evaluate('window.grokking.step(5)');
  await eventually(page, `${inspectedStep} === 5 && ${colorsOf(WALL)} > 20`);
  await page.click('#neurons .chart-head button.save >> nth=0');
  await page.waitForSelector('dialog[open]');
  const saved = async (/** @type {string} */ kind) => {
    const [file] = await Promise.all([
      page.waitForEvent('download'), page.click(`dialog[open] button[aria-label$="neurons over the table at step 5: ${kind}"]`),
    ]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const png = await saved('PNG');
  assert.equal(png.name, 'grokking-add-p11-seed0-step5-neurons.png');
  // Whether the picture is in it.
  const colors = Number(await page.evaluate(`(async () => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob('${png.bytes.toString('base64')}'), (sign) => sign.charCodeAt(0))]));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    return new Set(new Uint32Array(pen.getImageData(40, 40, 200, 100).data.buffer)).size;
  })()`));
  assert.ok(colors > 20, `${colors} colours`);
  const csv = await saved('CSV');
  const [head, ...rows] = csv.bytes.toString('utf8').trimEnd().split('\r\n').map((line) => line.split(','));
  assert.deepEqual(head, ['layer', 'place', 'neuron', 'wave', 'share', 'tuned', 'low', 'high']);
  assert.equal(rows.length, Number(await page.evaluate('window.grokking.store.get().run.inspected.inside.neurons.length')));
  assert.deepEqual(rows.map(([, , neuron]) => Number(neuron)).sort((a, b) => a - b), rows.map((_, at) => at));
  assert.match((await saved('SVG')).bytes.toString('utf8'), /<image href="data:image\/png/);
  assert.deepEqual(errors, []);
  await context.close();
});
