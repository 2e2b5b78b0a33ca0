// Links, embedding, keys, and readers who use no mouse.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, ready, stage, until } from './harness.js';

const TINY = 'preset=quick&modulus=11&width=16&batch=40';
/** An author's page, on another origin, that embeds ours. */
const AUTHOR = `<!doctype html><title>Author</title><script>
  window.answers = [];
  addEventListener('message', ({ data }) => window.answers.push(data));
</script><iframe width="900" height="700"></iframe>`;

const { server, browser } = await stage({ pages: { '/author.html': AUTHOR } });

test('a bad link is mended in sentences', async () => {
  const { page } = await open(browser, server.url('?modulus=98&weightDecay=99&preset=slow'));
  const notices = await page.$$eval('.notices span', (lines) => lines.map((l) => l.textContent));
  assert.equal(notices.length, 3);
  assert.match(notices.join('\n'), /`modulus` cannot be `98`: allowed is a prime from 3 to 199/);
  const state = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
  assert.equal(state.config.weightDecay, 20);
  await page.evaluate('window.grokking.step(1)');
  await page.close();
});

test('the link is the run', async () => {
  const { page } = await open(browser, server.url(`?${TINY}&seed=5`));
  await page.evaluate('window.grokking.start({ preset: "never", modulus: 7, seed: 9 })');
  await until(page, 'state.config.seed === 9');
  await page.evaluate('window.grokking.pause()');
  const loss = `(async () => {
    await window.grokking.reset();
    await window.grokking.step(20);
    return window.grokking.state().trainLoss;
  })()`;
  const here = await page.evaluate(loss);
  const url = page.url();
  assert.match(url, /\?v=1&preset=never&modulus=7&seed=9$/);
  await page.close();
  const again = await open(browser, url);
  assert.equal(await again.page.evaluate(loss), here);
  await again.page.close();
});

test('scripts get errors that name the value', async () => {
  const { page } = await open(browser, server.url(`?${TINY}`));
  const said = (/** @type {string} */ call) =>
    page.evaluate(`${call}.then(() => null, (error) => error.message)`);
  assert.equal(
    await said('window.grokking.start({ modulus: 98 })'),
    '`modulus` cannot be `98`: allowed is a prime from 3 to 199',
  );
  assert.match(String(await said('window.grokking.start({ depth: 3 })')), /no setting `depth`/);
  assert.equal(
    await said('window.grokking.start({ width: 30, heads: 4 })'),
    '`width` cannot be `30`: allowed is a multiple of the 4 heads',
  );
  assert.match(String(await said('window.grokking.step(-1)')), /`n` cannot be `-1`/);
  await page.close();
});

test('an author embeds it with a few settings fixed, and drives it', async () => {
  const page = await browser.newPage({ serviceWorkers: 'block', bypassCSP: true });
  await page.goto(`${server.origin.replace('localhost', '127.0.0.1')}/author.html`);
  const query = `?${TINY}&embed=1&hide=step,newSeed`;
  await page.evaluate(`document.querySelector('iframe').src = ${JSON.stringify(server.url(query))}`);
  const frame = page.frames().find((candidate) => candidate !== page.mainFrame());
  assert.ok(frame);
  await frame.waitForFunction('window.grokking');
  await frame.evaluate('window.grokking.ready');
  const visible = (/** @type {string} */ selector) => frame.isVisible(selector);
  assert.equal(await visible('.table canvas'), true);
  assert.equal(await visible('button[data-control="run"]'), true);
  for (const hidden of ['#laboratory', '#why', '.presets', 'button[data-control="step"]']) {
    assert.equal(await visible(hidden), false, hidden);
  }

  const ask = (/** @type {object} */ message) =>
    page.evaluate(`frames[0].postMessage(${JSON.stringify(message)}, '*')`);
  const answer = async (/** @type {number} */ id) => {
    await page.waitForFunction(`window.answers.some(({ id }) => id === ${id})`);
    return /** @type {any} */ (
      await page.evaluate(`window.answers.find(({ id }) => id === ${id})`)
    );
  };
  await ask({ grokking: 'step', id: 1, arguments: [7] });
  assert.equal((await answer(1)).error, undefined);
  await ask({ grokking: 'state', id: 2 });
  assert.equal((await answer(2)).result.step, 7);
  await ask({ grokking: 'start', id: 3, arguments: [{ modulus: 98 }] });
  assert.deepEqual((await answer(3)).error, {
    code: 'setting',
    message: '`modulus` cannot be `98`: allowed is a prime from 3 to 199',
  });
  await ask({ grokking: 'explode', id: 4 });
  assert.match((await answer(4)).error.message, /there is no command `explode`: there is start/);
  await page.close();
});

test('where nothing is kept leaving asks while steps would be lost, and for nothing else', async () => {
  const context = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true });
  await context.addInitScript(`Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error('refused'); } } })`);
  const { page } = await open(context, server.url());
  /** @type {string[]} */
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    return dialog.accept();
  });
  // A browser asks for pages alone that somebody has touched.
  await page.click('h1');
  await until(page, 'state.recorded');
  await page.reload();
  assert.deepEqual(asked, [], 'a recording loses nothing');
  await ready(page);
  await page.click('button[data-control="run"]');
  await until(page, '!state.recorded && state.step > 0');
  await page.goto(server.url(`?${TINY}`));
  assert.deepEqual(asked, ['beforeunload']);
  await ready(page);
  await page.click('h1');
  await page.reload();
  assert.equal(asked.length, 1, 'a run that has not begun loses nothing');
  await context.close();
});

test('keys run, step, reset and read cells', async () => {
  const { page } = await open(browser, server.url(`?${TINY}`));
  await page.keyboard.press('.');
  await until(page, 'state.step === 1');
  await page.keyboard.press(' ');
  await until(page, 'state.status === "running" && state.step > 5');
  await page.keyboard.press(' ');
  await until(page, 'state.status === "paused"');
  await page.keyboard.press('l');
  await page.waitForFunction(`document.querySelector('[data-control=axis]').textContent.includes('steps evenly')`);
  await page.keyboard.press('r');
  await until(page, 'state.step === 0');
  await page.keyboard.press('n');
  await page.waitForFunction(`/seed=/.test(location.search)`);

  await page.focus('.table canvas');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(`document.querySelector('.readout').textContent.startsWith('x = 1, y = 1')`);
  const readout = () => page.textContent('.readout');
  assert.match((await readout()) ?? '', /x \+ y = 2 \(mod 11\), (never shown|shown)\. The network/);
  // It keeps up with training while the cell is focused.
  const before = await readout();
  await page.evaluate('window.grokking.step(40)');
  await page.waitForFunction(
    `document.querySelector('.readout').textContent !== ${JSON.stringify(before)}`,
  );
  await page.close();
});
