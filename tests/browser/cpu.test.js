// A reader without a graphics card: the built page, on the CPU.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frames, kill, open, openFigure, stage, type, until } from './harness.js';

const { server, browser } = await stage();

/** A network that trains in no time. */
const TINY = 'modulus=11&width=16&batch=40';
/** Longer than this, a reader feels that a page does not answer. */
const STALL_MILLIS = 100;

/**
 * For how long each task of the pages' own threads computed, in ms, the longest first: what waits for a core
 * that others have does not count.
 * @param {Buffer} trace
 */
function computing(trace) {
  /** @type {{ traceEvents: { name: string, pid: number, tid: number, tdur?: number, args?: { name?: string } }[] }} */
  const { traceEvents } = JSON.parse(trace.toString());
  const key = (/** @type {{ pid: number, tid: number }} */ { pid, tid }) => `${pid}/${tid}`;
  const pages = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(key));
  return traceEvents.filter((event) => event.name.endsWith('RunTask') && event.tdur !== undefined && pages.has(key(event)))
    .map(({ tdur = 0 }) => tdur / 1000).sort((one, other) => other - one);
}

test('a reader opens the page, trains one, and it gets the rule', async (t) => {
  const opened = Date.now();
  const { page, errors } = await open(browser, server.url());
  assert.match((await page.textContent('.kicker')) ?? '', /a recorded run/);
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  const pressed = Date.now();
  await page.click('button[data-control="run"]');
  await until(page, '!state.recorded && state.step > 0');
  assert.match((await page.textContent('.kicker')) ?? '', /live in your browser/);
  await until(page, 'state.heldOutAccuracy >= 0.99', 180_000);
  const grokked = Date.now();
  await until(page, 'state.status === "finished"', 60_000);

  const state = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
  t.diagnostic(`99 % ${grokked - opened} ms after opening, ${grokked - pressed} ms after pressing, at step ${state.generalisedAt}`);
  assert.ok(state.generalisedAt > 2 * state.memorisedAt);
  assert.equal(state.backend, 'cpu');
  const story = (await page.textContent('.words')) ?? '';
  assert.match(story, /^It gets the rule\. Of the 407 cells that it never saw it knows (all|40\d)\. It took [\d.]+ times as many steps as its own cells: \d+ and \d+\.$/);

  const curves = /** @type {any} */ (
    await page.evaluate(`Object.fromEntries(Object.entries(window.grokking.curves())
      .map(([name, column]) => [name, Array.from(column)]))`)
  );
  assert.ok(curves.step.length > 50);
  for (const column of Object.values(curves)) assert.equal(column.length, curves.step.length);
  const busy = computing(await browser.stopTracing());
  t.diagnostic(`${busy.length} tasks of the page's thread, the longest computes ${busy.slice(0, 5).map((millis) => millis.toFixed(0)).join(', ')} ms`);
  assert.ok(busy.length > curves.step.length, `${busy.length} tasks were traced`);
  assert.deepEqual(busy.filter((millis) => millis > STALL_MILLIS), []);

  // What is drawn: every cell of the table, and ink in the chart.
  const inked = await page.evaluate(`['.table canvas', '.curves canvas'].map((selector) => {
    const canvas = document.querySelector(selector);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 3; at < data.length; at += 4) count += data[at] > 0;
    return count / (data.length / 4);
  })`);
  const [table, accuracy] = /** @type {number[]} */ (inked);
  assert.ok(table > 0.4, `table ${table}`);
  assert.ok(accuracy > 0.01, `chart ${accuracy}`);

  // What has ended goes on when it is told to.
  const ended = Number(await page.evaluate('window.grokking.state().step'));
  assert.equal(await page.textContent('button[data-control="run"]'), 'Go on');
  await page.click('button[data-control="run"]');
  await until(page, `state.step > ${ended + 100}`);
  assert.deepEqual(errors, []);
  await page.close();
});

test('the table says which cells are held out and predicted', async () => {
  const { page } = await open(browser, server.url(`?preset=quick&${TINY}&operation=div`));
  await page.evaluate('window.grokking.step(3)');
  const table = /** @type {any} */ (
    await page.evaluate(`(() => {
      const { size, answer, predicted, heldOut } = window.grokking.table();
      const kinds = [answer, predicted, heldOut].map((array) => array.constructor.name);
      return { size, kinds, answer: [...answer], predicted: [...predicted], heldOut: [...heldOut] };
    })()`)
  );
  assert.deepEqual(table.kinds, ['Uint16Array', 'Uint16Array', 'Uint8Array']);
  assert.equal(table.size, 11);
  // Division by zero has no equation: the first column.
  for (let x = 0; x < 11; x += 1) {
    assert.equal(table.answer[11 * x], 65535);
    assert.equal(table.predicted[11 * x], 65535);
  }
  const count = table.heldOut.filter((/** @type {number} */ held) => held === 1).length;
  assert.equal(count, 55);
  await page.close();
});

test('outliers are learned by heart, and said to be outliers', async () => {
  const { page } = await open(browser, server.url(`?preset=quick&${TINY}&outliers=9999&weightDecay=0&learningRate=0.01&budget=600&stop=budget`));
  await page.evaluate('window.grokking.run()');
  await until(page, 'state.status === "finished"');
  const state = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
  assert.equal(state.trainAccuracy, 1);
  // With all labels exchanged there is no rule left to find.
  assert.ok(state.heldOutAccuracy < 0.5, `${state.heldOutAccuracy}`);
  await page.focus('.table canvas');
  await page.keyboard.press('ArrowDown');
  const cells = new Set();
  for (let step = 0; step < 11; step += 1) {
    await page.keyboard.press('ArrowRight');
    await frames(page, 2);
    const readout = (await page.textContent('.readout')) ?? '';
    cells.add(/never shown\.|the answer of another equation/.exec(readout)?.[0]);
  }
  assert.deepEqual([...cells].sort(), ['never shown.', 'the answer of another equation']);
  await page.close();
});

test('reset replays the same curve, and undo brings the old run back', async () => {
  const { page } = await open(browser, server.url(`?${TINY}`));
  const replay = `(async () => {
    for (const n of [1, 4, 15, 30]) await window.grokking.step(n);
    return Object.values(window.grokking.curves()).map((column) => [...column]);
  })()`;
  const first = await page.evaluate(replay);
  await page.evaluate('window.grokking.reset()');
  assert.equal(await page.evaluate('window.grokking.state().step'), 0);
  const second = await page.evaluate(replay);
  assert.deepEqual(second, first);

  await page.click('.more summary');
  await page.click('button[data-control="newSeed"]');
  await until(page, 'state.step === 0 && state.status === "idle"');
  await page.evaluate(`document.querySelector('.more').open = true`);
  await page.click('button[data-control="undo"]');
  await until(page, 'state.step === 50');
  const back = await page.evaluate(
    'Object.values(window.grokking.curves()).map((column) => [...column])',
  );
  assert.deepEqual(back, first);
  await page.evaluate('window.grokking.step(1)');
  assert.equal(await page.evaluate('window.grokking.state().step'), 51);
  await page.close();
});

test('learning rate and weight decay change the running network', async () => {
  const { page } = await open(browser, server.url(`?${TINY}`));
  await page.evaluate('window.grokking.step(5)');
  await openFigure(page, 'settings');
  await type(page, '#settings [name=weightDecay]', '0.25');
  await page.press('#settings [name=weightDecay]', 'Tab');
  await until(page, 'state.config.weightDecay === 0.25');
  assert.equal(await page.evaluate('window.grokking.state().step'), 5);
  assert.match(page.url(), /weightDecay=0\.25/);

  // A bad value is refused beside its control, and the network keeps the old one.
  await type(page, '#settings [name=learningRate]', 'fast');
  await page.press('#settings [name=learningRate]', 'Tab');
  const said = await page.textContent('#settings [name=learningRate] ~ .error');
  assert.equal(said, 'Learning rate cannot be `fast`: allowed is a number from 0.000001 to 1');
  assert.equal(await page.evaluate('window.grokking.state().config.learningRate'), 0.0015);

  await type(page, '#settings [name=layers]', '2');
  await page.press('#settings [name=layers]', 'Tab');
  await until(page, 'state.config.layers === 2 && state.step === 0');
  await page.close();
});

test('divergence ends in a sentence', async () => {
  const query = `?${TINY}&optimizer=sgd&learningRate=1&weightDecay=20&autoplay=1`;
  const { page } = await open(browser, server.url(query));
  await until(page, 'state.status === "failed"');
  const notices = await page.textContent('.notices');
  assert.match(notices ?? '', /the loss became .* training has diverged, try a smaller learning/);
  const shown = await page.textContent('body');
  assert.doesNotMatch(shown ?? '', /NaN %/);
  // The page is alive: another run trains.
  await page.evaluate(`window.grokking.start({ modulus: 7, width: 16, budget: 20 })`);
  await until(page, 'state.status === "finished" && state.step === 20');
  await page.close();
});

test('a worker that dies is replaced, and the run goes on', async () => {
  const { page } = await open(browser, server.url(`?${TINY}`));
  await page.evaluate('window.grokking.step(10)');
  await kill(page, 'fresh worker');
  const notices = await page.textContent('.notices');
  assert.match(notices ?? '', /a test ended it.*goes on from step 10 in a fresh worker \(1 of 3\)/);
  await page.waitForFunction(`window.grokking.step(1).then(() => true, () => false)`);
  assert.equal(await page.evaluate('window.grokking.state().step'), 11);

  // It comes back three times, and then says that it will not.
  for (const notice of ['(2 of 3)', '(3 of 3)']) {
    await kill(page, notice);
    await page.waitForFunction(`window.grokking.step(1).then(() => true, () => false)`);
  }
  await kill(page, 'Training failed 4 times: a test ended it');
  assert.equal(await page.evaluate('window.grokking.state().status'), 'failed');
  await page.click('.notices button:has-text("Reload")');
  await page.waitForFunction('window.grokking?.state().status === "idle"');
  await page.close();
});

test('the first picture needs no wasm', async () => {
  const page = await browser.newPage({ serviceWorkers: 'block', bypassCSP: true });
  await page.route('**/*.wasm*', () => {});
  await page.goto(server.url());
  await page.waitForFunction(`/It learns its cells by heart/.test(document.querySelector('.words')?.textContent)`);
  const drawn = await page.evaluate(`(() => {
    const canvas = document.querySelector('.table canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value > 0).length / (data.length / 4);
  })()`);
  assert.ok(Number(drawn) > 0.2, `${drawn} of the table is drawn`);
  await page.close();
});

test('ways to train are one menu, and the reference and Muon train in the browser', async () => {
  const { page, errors } = await open(browser, server.url(`?${TINY}&backend=cpu`));
  await openFigure(page, 'settings');
  const titles = await page.$$eval('#settings [name=variant] optgroup:first-of-type option', (options) => options.length);
  assert.equal(titles, 9);
  await page.selectOption('#settings [name=variant]', 'adam-full-noise');
  await until(page, 'state.config.updateNoise === 1 && state.config.optimizer === "adam"');
  await page.evaluate('window.grokking.step(3)');
  await page.selectOption('#settings [name=variant]', 'muon');
  await until(page, 'state.config.optimizer === "muon" && state.config.updateNoise === 0');
  await page.evaluate('window.grokking.step(3)');
  const losses = [];
  for (const kernels of ['fused', 'plain']) {
    await page.evaluate(`window.grokking.start({ kernels: '${kernels}' })`);
    await page.evaluate('window.grokking.pause()');
    await page.evaluate('window.grokking.reset()');
    await page.evaluate('window.grokking.step(5)');
    losses.push(/** @type {any} */ (await page.evaluate('window.grokking.state()')).trainLoss);
  }
  assert.ok(Math.abs(losses[0] - losses[1]) < 1e-5 * losses[0], `${losses}`);
  assert.deepEqual(errors, []);
  await page.close();
});
