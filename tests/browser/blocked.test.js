// Parts of the page that do not load at once: each says so, and can be asked for again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, open, openFigure, ready, stage } from './harness.js';

const TINY = '?preset=quick&modulus=11&width=16&batch=40&backend=cpu';
/** A page around a plain frame, which writes down what it hears. */
const HOST = `<!doctype html><title>Host</title><script>
  window.heard = [];
  addEventListener('message', ({ data }) => window.heard.push(data));
</script><iframe width="640" height="480"></iframe>`;
const { server, browser } = await stage({ pages: { '/host.html': HOST } });

/** @typedef {import('playwright-core').Page} Page */
/** What asks for a part, what is there when it has come, and how its sentence begins. @type {Record<string, { ask: (page: Page) => Promise<void>, there: string, said: string }>} */
const PARTS = {
  'take/menu.js': { ask: (page) => page.click('.details button[data-control="save"]'), there: 'dialog[open].save-menu', said: 'What saves did not load' },
  'take/cite.js': { ask: (page) => page.click('#cite summary'), there: '#cite pre', said: 'BibTeX did not load' },
  'share.js': { ask: (page) => page.click('#embed'), there: '.share dialog[open]', said: 'What copies links did not load' },
  'story/story.js': { ask: (page) => page.evaluate(`location.hash = location.hash === '#story/2' ? 'story/3' : 'story/2'`), there: '.story-words h1', said: 'The story did not load' },
  'lab/laboratory.js': { ask: (page) => page.evaluate(`location.hash = location.hash === '#points' ? 'gauge' : 'points'`), there: '#laboratory .panel', said: 'The laboratory did not load' },
};

for (const [file, { ask, there, said }] of Object.entries(PARTS)) {
  test(`without ${file} there is a sentence, and what asks for it is not dead`, { timeout: 60_000 }, async () => {
    const context = await browser.newContext({ serviceWorkers: 'block', reducedMotion: 'reduce' });
    const blocked = `**/js/${file}`;
    await context.route(blocked, (route) => route.abort());
    const { page } = await open(context, server.url(TINY));
    /** @type {string[]} */
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.evaluate('window.grokking.step(1)');
    await page.click('button[data-control="details"]');
    const isSaid = `[...document.querySelectorAll('.notices p')].some((line) => line.textContent.startsWith(${JSON.stringify(said)}))`;
    await ask(page);
    await eventually(page, isSaid);
    await page.click(`.notices p:has-text("${said}") button[aria-label="Dismiss"]`);
    await context.unroute(blocked);
    await ask(page);
    // Older browsers try no module twice: then the page can be loaded anew.
    await eventually(page, `document.querySelector(${JSON.stringify(there)}) || (${isSaid})`);
    if ((await page.locator(there).count()) === 0) {
      await page.click('.notices button:has-text("Reload the page")');
      await ready(page);
      // What is open is in the address, too.
      if (!page.url().includes('#')) {
        await page.click('button[data-control="details"]');
        await ask(page);
      }
      await page.waitForSelector(there);
    }
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test('curves that cannot be drawn say so where they would be, and are drawn when they can be', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.route('**/page_bg.wasm', (route) => route.abort());
  const { page } = await open(context, server.url(TINY));
  await page.waitForSelector('.curves .chart-missing:visible');
  await context.unroute('**/page_bg.wasm');
  await page.click('.curves .chart-missing:visible button');
  await page.evaluate('window.grokking.step(20)');
  await eventually(page, `(() => {
    const { width, height } = document.querySelector('.curves canvas');
    return document.querySelector('.curves canvas').getContext('2d').getImageData(0, 0, width, height).data.some((value) => value > 0);
  })()`);
  assert.equal(await page.isVisible('.curves .chart-missing >> nth=0'), false);
  await context.close();
});

test('one chart that is tried again mends all of them, and the correlation', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.route('**/page_bg.wasm', (route) => route.abort());
  const { page } = await open(context, server.url(TINY));
  await openFigure(page, 'sharpness');
  await page.click('#sharpness button:has-text("Show 20 recorded seeds")');
  const ofScatter = '#sharpness .square .chart-missing';
  await page.waitForSelector(`${ofScatter}:visible`);
  const words = `document.querySelector('#sharpness').textContent`;
  assert.equal(await page.evaluate(`/Spearman's ρ is|no sweep with three/.test(${words})`), false);
  await context.unroute('**/page_bg.wasm');
  await page.click(`${ofScatter} button`);
  await eventually(page, `/Over 20 runs Spearman's ρ is/.test(${words})`);
  assert.equal(await page.locator('.chart-missing:visible').count(), 0);
  await eventually(page, `(() => {
    const { width, height } = document.querySelector('#sharpness .square canvas');
    return document.querySelector('#sharpness .square canvas').getContext('2d').getImageData(0, 0, width, height).data.some((value) => value > 0);
  })()`);
  await context.close();
});

test('without guest.js a message is answered with an error, the frame says why, and later ones are heard', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.route('**/js/guest.js', (route) => route.abort());
  const page = await context.newPage();
  // On another origin, as hosts are.
  await page.goto(`${server.origin.replace('localhost', '127.0.0.1')}/host.html`);
  await page.evaluate(`document.querySelector('iframe').src = ${JSON.stringify(server.url(`${TINY}&embed=1`))}`);
  const said = 'What answers the page around this one did not load';
  const frame = page.frames()[1];
  await eventually(frame, `document.querySelector('.notices')?.textContent.includes('${said}')`);
  const ask = (/** @type {object} */ message) => page.evaluate(`frames[0].postMessage(${JSON.stringify(message)}, '*')`);
  await ask({ grokking: 'event', name: 'ready' });
  await ask({ grokking: 'state', id: 7 });
  await eventually(page, 'heard.length > 0');
  assert.deepEqual(await page.evaluate('heard'), [
    { grokking: 'state', id: 7, error: { code: 'load', message: 'what answers messages did not load' }, version: 1 },
  ]);
  await context.unroute('**/js/guest.js');
  // Older browsers try no module twice: then the frame can be loaded anew.
  await ask({ grokking: 'state', id: 8 });
  await eventually(page, 'heard.some(({ id }) => id === 8)');
  if (await page.evaluate('heard.some(({ id, error }) => id === 8 && error)')) {
    await frame.click('.notices button:has-text("Reload the page")');
    await eventually(page, `heard.some(({ name }) => name === 'hello')`);
    await ask({ grokking: 'state', id: 9 });
  }
  await eventually(page, 'heard.some(({ result }) => result?.status)');
  await context.close();
});

for (const file of ['story/notes.js', 'text/story.js']) {
  test(`without ${file} the window of the notes says so, and is not dead`, { timeout: 60_000 }, async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    await context.route(`**/js/${file}`, (route) => route.abort());
    const page = await context.newPage();
    await page.goto(server.url('?notes=1'));
    await eventually(page, `document.querySelector('[role=alert]')?.textContent.startsWith('The speaker notes did not load: ')`);
    assert.equal(await page.evaluate('typeof window.grokking'), 'undefined', 'it trains nothing');
    await context.unroute(`**/js/${file}`);
    await page.click('button:has-text("Reload the page")');
    await page.waitForSelector('.speaker .notes');
    await context.close();
  });
}
