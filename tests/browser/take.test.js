// What can be taken away from the page, and brought back to it; and a run that outlives a reload.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DIST, buildOf, eventually, open, openFigure, ready, stage, until } from './harness.js';

const TINY = '?preset=quick&modulus=11&width=16&batch=40&backend=cpu';
const SHIPPED = `${DIST}/${buildOf()}/recordings/train-adamw.grok`;

const { server, browser } = await stage();

/** A visit under the page's own policy, as a reader's. @param {import('playwright-core').BrowserContextOptions} [options] */
const visitor = (options = {}) => browser.newContext({ serviceWorkers: 'block', ...options });

/** A tiny run of 60 steps, and its dialog. @param {import('playwright-core').BrowserContext} context @param {string} [link] */
async function trained(context, link = TINY) {
  const { page, errors } = await open(context, server.url(link));
  await page.evaluate('window.grokking.step(60)');
  await page.click('button[data-control="details"]');
  return { page, errors };
}

/** @param {import('playwright-core').Page} page */
async function openMenu(page) {
  await page.click('.details button[data-control="save"]');
  await page.waitForSelector('dialog[open]');
}

/** What a button of the dialog saves. @param {import('playwright-core').Page} page @param {string} label */
async function saved(page, label) {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.click(`dialog[open] button[aria-label="${label}"]`),
  ]);
  const bytes = readFileSync(await file.path());
  return { name: file.suggestedFilename(), bytes, text: bytes.toString('utf8') };
}

/** Lines of CSV without quotes. @param {string} text */
const rows = (text) => text.trimEnd().split('\r\n').map((line) => line.split(','));

/** @param {Buffer} bytes Of a PNG. */
const sizeOf = (bytes) => {
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
};

/** Attributes of the root of an SVG, and its words, as a browser reads it. @param {import('playwright-core').Page} page @param {string} markup */
const readSvg = (page, markup) => /** @type {Promise<{ name: string, size: number[], words: string[], letters: number[], shapes: number, link: string }>} */ (page.evaluate(`(() => {
  const root = new DOMParser().parseFromString(${JSON.stringify(markup)}, 'image/svg+xml').documentElement;
  return {
    name: root.nodeName,
    size: [Number(root.getAttribute('width')), Number(root.getAttribute('height'))],
    words: [...root.querySelectorAll('text')].map((node) => node.textContent),
    letters: [...root.querySelectorAll('text')].map((node) => Number(node.getAttribute('font-size'))),
    shapes: root.querySelectorAll('path, rect, circle, polyline, polygon, line').length,
    link: root.querySelector('a')?.getAttribute('href') ?? '',
  };
})()`));

test('curves, table and split are saved as the API has them', async () => {
  const context = await visitor();
  const { page, errors } = await trained(context);
  await openMenu(page);
  const curves = /** @type {Record<string, Record<string, number>>} */ (await page.evaluate('window.grokking.curves()'));
  const csv = await saved(page, 'Curves: CSV');
  assert.equal(csv.name, 'grokking-add-p11-seed0-step60-curves.csv');
  const [head, ...lines] = rows(csv.text);
  assert.deepEqual(head, Object.keys(curves));
  head.forEach((name, at) => assert.deepEqual(
    lines.map((line) => (line[at] === '' ? NaN : Number(line[at]))), Array.from(Object.values(curves[name])), name));
  const json = await saved(page, 'Curves: JSON');
  const file = JSON.parse(json.text);
  assert.deepEqual([file.curves.heldOutLoss, file.step, file.seed], [Array.from(Object.values(curves.heldOutLoss)), 60, 0]);
  assert.equal(file.build, buildOf());
  assert.ok(file.link.startsWith(`${server.url()}?v=1&preset=quick`), file.link);

  const table = /** @type {any} */ (await page.evaluate(`(() => {
    const { size, answer, predicted, heldOut } = window.grokking.table();
    return { size, answer: [...answer], predicted: [...predicted], heldOut: [...heldOut] };
  })()`));
  const cells = rows((await saved(page, 'Table: CSV')).text).slice(1);
  assert.equal(cells.length, 121);
  cells.forEach(([x, y, answer, set, predicted, right], cell) => {
    assert.deepEqual([Number(x), Number(y), Number(answer), set, Number(predicted), right], [
      Math.floor(cell / 11), cell % 11, table.answer[cell], table.heldOut[cell] ? 'held out' : 'train', table.predicted[cell],
      String(table.predicted[cell] === table.answer[cell]),
    ]);
  });
  const split = rows((await saved(page, 'Split: CSV')).text).slice(1);
  assert.deepEqual(split.map(([, , , set]) => Number(set === 'held out')), table.heldOut);
  assert.deepEqual(errors, []);
  await context.close();
});

test('every figure of the demo is saved as lines, and as pixels at twice the size, under the page\'s own policy', async () => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const context = await visitor({ colorScheme, viewport: { width: 1280, height: 800 } });
    const { page, errors } = await trained(context);
    await openMenu(page);
    for (const [title, name] of [['The table', 'table'], ['Share of cells that are right, over the steps', 'accuracy'], ['Loss over the steps', 'loss']]) {
      const svg = await saved(page, `${title}: SVG`);
      assert.equal(svg.name, `grokking-add-p11-seed0-step60-${name}.svg`);
      const read = await readSvg(page, svg.text);
      assert.equal(read.name, 'svg');
      assert.ok(read.shapes > 5, `${read.shapes} shapes in ${name}`);
      // As high as on the page, whose labels have three quarters of its letters.
      const label = 0.75 * Number(await page.evaluate('parseFloat(getComputedStyle(document.documentElement).fontSize)'));
      assert.ok(Math.min(...read.letters) > label - 0.01, `${name}: ${read.letters}, on the page ${label}`);
      assert.ok(read.words.some((text) => text.includes('seed 0, step 60')), read.words.join(' | '));
      assert.ok(read.link.startsWith(`${server.url()}?v=1&preset=quick`), read.link);
      const png = await saved(page, `${title}: PNG`);
      assert.deepEqual(sizeOf(png.bytes), read.size.map((side) => 2 * side));
      assert.ok(png.bytes.length > 5_000, `${png.bytes.length} bytes of ${name}`);
    }
    assert.deepEqual(errors, []);
    await context.close();
  }
});

test('a figure of the laboratory has a button of its own, and is saved as it is seen', async () => {
  const context = await visitor();
  const { page, errors } = await trained(context, `${TINY}`);
  await openFigure(page, 'points');
  await page.evaluate('window.grokking.step(1)');
  await page.waitForSelector('#points .chart-values:not([hidden])');
  await page.click('#points button.save');
  await page.waitForSelector('#laboratory dialog[open]');
  const title = String(await page.evaluate(`document.querySelector('dialog[open] strong').textContent`));
  assert.match(title, /^11 rows of the embedding as points/);
  const read = await readSvg(page, (await saved(page, `${title}: SVG`)).text);
  assert.deepEqual(read.words.slice(0, 11), Array.from({ length: 11 }, (_, at) => String(at)));
  await page.keyboard.press('Escape');
  await openFigure(page, 'structure');
  await page.evaluate('window.grokking.step(1)');
  await page.waitForSelector('#structure .bars + button.save');
  await page.click('#structure .bars + button.save >> nth=0');
  await page.waitForSelector('#laboratory dialog[open]');
  const spectrum = String(await page.evaluate(`document.querySelector('dialog[open] strong').textContent`));
  const bars = await readSvg(page, (await saved(page, `${spectrum}: SVG`)).text);
  assert.ok(bars.shapes >= 6, `${bars.shapes} shapes`);
  assert.deepEqual(errors, []);
  await context.close();
});

test('the dialog is worked by keys alone, and gives the focus back', async () => {
  const context = await visitor();
  const { page } = await trained(context);
  await page.focus('.details button[data-control="save"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  /** @type {string[]} */
  const labels = [];
  for (let at = 0; at < 12; at += 1) {
    labels.push(String(await page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.textContent')));
    await page.keyboard.press('Tab');
  }
  for (const label of ['Close', 'The table: SVG', 'Curves: CSV', 'Weights: .safetensors']) assert.ok(labels.includes(label), `${label} in ${labels}`);
  // Keys of the page are for the page.
  const step = await page.evaluate('window.grokking.state().step');
  await page.keyboard.press('.');
  assert.equal(await page.evaluate('window.grokking.state().step'), step);
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  assert.equal(await page.evaluate('document.activeElement.dataset.control'), 'save');
  await context.close();
});

test('a link can hide what saves', async () => {
  const context = await visitor();
  const { page } = await trained(context, `${TINY}&hide=save`);
  assert.equal(await page.locator('[data-control="save"]:visible').count(), 0);
  await context.close();
});

/**
 * Drops a file on the page.
 * @param {import('playwright-core').Page} page @param {string} name @param {Buffer} bytes
 */
async function drop(page, name, bytes) {
  // Somebody who drags takes longer than a module that is loaded.
  await page.evaluate(`new Promise((done) => {
    const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (sign) => sign.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], ${JSON.stringify(name)}));
    const send = (type) => document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    send('dragenter');
    setTimeout(() => {
      send('dragover');
      send('drop');
      done();
    }, 1000);
  })`);
}

test('a recording is opened by dropping it anywhere, and what is none is refused in words', async () => {
  const context = await visitor();
  const { page, errors } = await trained(context);
  await drop(page, 'mine.grok', readFileSync(SHIPPED));
  await until(page, 'state.recorded');
  await drop(page, 'cut.grok', readFileSync(SHIPPED).subarray(0, 3000));
  await eventually(page, `document.querySelector('.notices').textContent.includes('the file is cut short or damaged')`);
  await drop(page, 'large.grok', Buffer.alloc(65 * 2 ** 20));
  await eventually(page, `document.querySelector('.notices').textContent.includes('large.grok\` has 68\u00a0MB: this page opens files of up to 67\u00a0MB')`);
  assert.equal(await page.evaluate('window.grokking.state().recorded'), true);
  assert.deepEqual(errors, []);
  await context.close();
});

test('a link opens a recording of the page\'s own origin, and of no other', async () => {
  const context = await visitor();
  const { page } = await open(context, server.url(`?recording=./${buildOf()}/recordings/train-adamw.grok`));
  await until(page, 'state.recorded');
  assert.match(page.url(), /recording=\.\//);
  const other = await open(context, server.url(`?recording=${encodeURIComponent('https://example.org/a.grok')}`));
  await eventually(other.page, `document.querySelector('.notices').textContent.includes('\`recording\` cannot be \`https://example.org/a.grok\`: allowed is a file of ${server.origin}')`);
  assert.equal(await other.page.evaluate('window.grokking.state().recorded'), false);
  await context.close();
});

test('the run is saved as a recording that the page opens again', async () => {
  const context = await visitor();
  const { page } = await trained(context);
  await openMenu(page);
  const { name, bytes } = await saved(page, 'The run: .grok');
  assert.equal(name, 'grokking-add-p11-seed0-step60.grok');
  const live = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
  await page.keyboard.press('Escape');
  await drop(page, name, bytes);
  await until(page, 'state.recorded');
  const back = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
  assert.deepEqual([back.step, back.config], [live.step, live.config]);
  // A recording has four digits.
  assert.ok(Math.abs(back.trainAccuracy - live.trainAccuracy) < 1e-3 && Math.abs(back.heldOutLoss / live.heldOutLoss - 1) < 1e-3, JSON.stringify([live, back]));
  await context.close();
});

test('weights are saved, and give the same network again', async () => {
  const context = await visitor();
  const { page } = await trained(context);
  await openMenu(page);
  const { name, bytes } = await saved(page, 'Weights: .safetensors');
  assert.equal(name, 'grokking-add-p11-seed0-step60.safetensors');
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
  assert.ok(Object.keys(header).length > 3, Object.keys(header).join());
  const predicted = 'JSON.stringify([...window.grokking.table().predicted])';
  const before60 = await page.evaluate(predicted);
  const other = await open(context, server.url(`${TINY}&seed=0&weightDecay=0.5`));
  await other.page.evaluate('window.grokking.step(3)');
  assert.notEqual(await other.page.evaluate(predicted), before60);
  await drop(other.page, name, bytes);
  await eventually(other.page, `document.querySelector('.notices').textContent.includes('has the weights of ${name}')`);
  assert.equal(await other.page.evaluate(predicted), before60);
  // And after a reload, which no step has come before.
  await eventually(other.page, `${kept('({ step }) => step')}.then((steps) => steps.includes(0))`);
  await other.page.reload();
  await ready(other.page);
  await eventually(other.page, `document.querySelector('.notices').textContent.includes('with the weights that you opened')`);
  assert.equal(await other.page.evaluate(predicted), before60);
  const wide = await open(context, server.url(TINY.replace('width=16', 'width=32')));
  await drop(wide.page, name, bytes);
  await eventually(wide.page, `/is F32 \\[\\d+, 16\\] in the file, this model has F32 \\[\\d+, 32\\]/.test(document.querySelector(".notices").textContent)`);
  await context.close();
});

test('BibTeX of the program and of the papers is on the page, and in the dialog', async () => {
  const context = await visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = await trained(context);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.click('#cite summary');
  await page.waitForSelector('#cite pre');
  assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 390, 'long lines scroll by themselves');
  const entries = /** @type {string[]} */ (await page.evaluate(`[...document.querySelectorAll('#cite pre')].map((node) => node.textContent)`));
  assert.ok(entries[0].includes(`build ${buildOf()}`) && entries[0].includes('preset=quick'), entries[0]);
  assert.ok(entries.some((entry) => entry.includes('2201.02177')));
  await page.click('#cite li:nth-child(2) button');
  await page.waitForSelector('#cite li:nth-child(2) button:has-text("Copied")');
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), entries[1]);
  await context.close();
});

/** What is kept of runs, by a function of each. @param {string} of */
const kept = (of) => `new Promise((resolve) => {
  const request = indexedDB.open('grokking');
  request.onsuccess = () => {
    const runs = request.result.transaction('runs').objectStore('runs').getAll();
    runs.onsuccess = () => {
      request.result.close();
      resolve(runs.result.map(${of}));
    };
  };
})`;

test('a reload in the middle of a run goes on where it was, and "Start afresh" does not', async () => {
  const context = await visitor();
  const { page } = await open(context, server.url(`${TINY}&budget=1000000&stop=budget`));
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += 1;
    dialog.accept();
  });
  await page.evaluate('window.grokking.run()');
  await until(page, 'state.step > 200');
  // A gesture, without which no browser asks.
  await page.click('button[data-control="run"]');
  await until(page, `state.status === 'paused'`);
  const left = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
  const curves = await page.evaluate('JSON.stringify(window.grokking.curves())');
  await page.reload();
  await ready(page);
  await until(page, `state.step === ${left.step}`);
  assert.equal(asked, 0, 'nothing is lost, so nothing is asked');
  assert.equal(await page.evaluate('JSON.stringify(window.grokking.curves())'), curves);
  const notice = page.locator('.notices .calm');
  assert.match(String(await notice.textContent()), /^Your run is where you left it, at step/);
  await page.click('button[data-control="run"]');
  await until(page, `state.step > ${left.step} && state.status === 'running'`);
  // While it trains it is kept every five seconds.
  await eventually(page, `${kept('({ step }) => step')}.then((steps) => Math.max(...steps) > ${left.step})`);
  await page.reload();
  await ready(page);
  await until(page, `state.step > ${left.step} && state.status === 'idle'`);
  await page.click('.notices button:has-text("Start afresh")');
  await until(page, 'state.step === 0');
  assert.equal(await page.locator('.notices p').count(), 0);
  await page.reload();
  await ready(page);
  await until(page, `state.status === 'idle'`);
  assert.equal(await page.evaluate('window.grokking.state().step'), 0);
  assert.equal(asked, 0);
  await context.close();
});

test('a reload while it trains loses next to nothing', async () => {
  const context = await visitor();
  const { page } = await open(context, server.url(`${TINY}&budget=1000000&stop=budget`));
  await page.evaluate('window.grokking.run()');
  await eventually(page, `${kept('({ step }) => step')}.then((steps) => steps.length > 0)`);
  const wait = 'new Promise((done) => setTimeout(done, 1500)).then(() => window.grokking.state().step)';
  // In the middle between two records, which are five seconds apart.
  const earlier = /** @type {number} */ (await page.evaluate(wait));
  await page.evaluate(wait);
  const [written] = /** @type {number[]} */ (await page.evaluate(kept('({ step }) => step')));
  assert.ok(written < earlier, `${written} is kept, ${earlier} was 1.5 seconds ago`);
  await page.reload();
  await ready(page);
  const step = Number(await page.evaluate('window.grokking.state().step'));
  assert.ok(step >= earlier, `${step} came back, of ${earlier} and 1.5 seconds more`);
  await context.close();
});

test('what the page opens with is left for a run that was trained on it', async () => {
  const context = await visitor();
  const { page } = await open(context, server.url());
  await page.evaluate('window.grokking.step(40)');
  await eventually(page, `${kept('({ step }) => step')}.then((steps) => steps.includes(40))`);
  await page.reload();
  await until(page, '!state.recorded && state.step === 40');
  await context.close();
});

test('where storage is refused the page works, says nothing, and asks before steps are lost', async () => {
  const context = await visitor();
  await context.addInitScript(`Object.defineProperty(window, 'indexedDB', { value: { open() { throw new DOMException('denied', 'SecurityError'); } } })`);
  const { page, errors } = await open(context, server.url(TINY));
  const asked = /** @type {string[]} */ ([]);
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    dialog.accept();
  });
  await page.click('button[data-control="run"]');
  await until(page, 'state.step > 0');
  await page.evaluate('window.grokking.pause()');
  assert.equal(await page.locator('.notices p').count(), 0);
  await page.reload();
  await ready(page);
  assert.deepEqual(asked, ['beforeunload']);
  assert.equal(await page.evaluate('window.grokking.state().step'), 0);
  assert.deepEqual(errors, []);
  await context.close();
});

test('five runs are kept, the oldest goes', async () => {
  const context = await visitor();
  const { page } = await open(context, server.url(TINY));
  for (let seed = 0; seed < 7; seed += 1) {
    await page.evaluate(`window.grokking.start({ preset: 'quick', modulus: 11, width: 16, batch: 40, seed: ${seed} })`);
    await page.evaluate('window.grokking.pause()');
    await page.evaluate(`window.grokking.step(${10 + seed})`);
  }
  await eventually(page, `${kept('({ settings }) => Number(settings.seed)')}.then((seeds) => seeds.sort().join() === '2,3,4,5,6')`);
  await context.close();
});
