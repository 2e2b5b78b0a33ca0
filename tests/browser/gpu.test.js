// WebGPU in Chromium's software renderer: right, and what happens when it is not there.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COUNT_GPU, DIST, buildOf, eventually, kill, open, openFigure, stage, type, until } from './harness.js';
import { KERNELS, TINY } from './kernels.js';

/** The same for a script, which chooses from the preset on. */
const TINY_FUSED = '{ modulus: 23, width: 32, batch: 128, warmup: 1 }';

const { server, browser } = await stage({ gpu: true });

/** A page whose workers run `script` before their own. @param {string} script */
async function tampered(script) {
  const context = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true });
  await context.route('**/js/worker/worker.js*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
  return context;
}

const losses = (/** @type {import('playwright-core').Page} */ page, /** @type {number} */ n) =>
  page.evaluate(`(async () => {
    for (let step = 0; step < ${n}; step += 1) await window.grokking.step(1);
    const { trainLoss, heldOutLoss } = window.grokking.curves();
    return [...trainLoss, ...heldOutLoss];
  })()`);

test('the first 20 losses are those of the CPU', { timeout: 400_000 }, async (t) => {
  const cpu = await open(browser, server.url(`?${TINY}&backend=cpu`));
  const expected = /** @type {number[]} */ (await losses(cpu.page, 20));
  await cpu.page.close();
  const gpu = await open(browser, server.url(`?${TINY}&backend=webgpu`));
  assert.equal(await gpu.page.evaluate('window.grokking.state().backend'), 'webgpu');
  const actual = /** @type {number[]} */ (await losses(gpu.page, 20));
  assert.equal(actual.length, 42);
  const worst = Math.max(...expected.map((loss, i) => Math.abs(loss - actual[i]) / loss));
  t.diagnostic(`worst relative difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-3, `${worst}`);
  await gpu.page.close();
});

test('a step that the card has passed is forked by the CPU, which trains it again', { timeout: 200_000 }, async () => {
  const { page, errors } = await open(browser, server.url(`?${TINY}&backend=webgpu`));
  for (let half = 0; half < 2; half += 1) await page.evaluate('window.grokking.step(5)');
  await openFigure(page, 'fork');
  await page.evaluate('window.grokking.actions.scrub(5)');
  await page.waitForSelector('#fork button:has-text("Fork at step 5")');
  assert.match((await page.textContent('#fork')) ?? '', /the processor takes them all, which rounds differently/);
  await type(page, '#fork [name=steps]', '5');
  await page.click('#fork button:has-text("Turn weight decay off now")');
  await eventually(page, `window.grokking.store.get().fork?.status === 'done'`);
  const [drawn, again, at] = /** @type {number[]} */ (await page.evaluate(`(({ run: { curves }, fork: { limbs: [{ curves: its }] } }) =>
    [curves.trainLoss[curves.step.indexOf(5)], its.trainLoss[0], its.step[0]])(window.grokking.store.get())`));
  assert.equal(at, 5);
  assert.ok(Math.abs(drawn - again) / drawn < 1e-3, `${drawn} and ${again}`);
  await eventually(page, `document.querySelector('#fork').textContent.includes('rounds differently than the graphics card')`);
  assert.deepEqual(errors, []);
  await page.close();
});

test('without a graphics card the CPU trains, and the page says why', async () => {
  const context = await tampered(`GPU.prototype.requestAdapter = async () => null;`);
  const { page } = await open(context, server.url(`?${TINY}&backend=webgpu`));
  const why = 'there is no usable graphics card';
  assert.equal(await page.evaluate('window.grokking.state().backend'), 'cpu');
  assert.match((await page.textContent('.notices')) ?? '', new RegExp(`asks for WebGPU, but ${why}`));
  await page.evaluate('window.grokking.step(2)');
  await context.close();
});

for (const [name, query] of Object.entries(KERNELS)) {
  test(`${name} trains as on the CPU`, { timeout: 200_000 }, async (t) => {
    const trained = [];
    for (const backend of ['cpu', 'webgpu']) {
      const { page } = await open(browser, server.url(`?${query}&backend=${backend}`));
      assert.equal(await page.evaluate('window.grokking.state().backend'), backend);
      trained.push(/** @type {number[]} */ (await losses(page, 5)));
      await page.close();
    }
    const [expected, actual] = trained;
    const worst = Math.max(...expected.map((loss, i) => Math.abs(loss - actual[i]) / loss));
    t.diagnostic(`worst relative difference ${worst.toExponential(1)}`);
    assert.ok(worst < 1e-5, `${worst}`);
  });
}

const NETWORKS = /** @type {const} */ ([
  ['one layer', 'modulus=23&width=32&batch=128', 26],
  ['one layer, full batch', 'modulus=23&width=32&batch=full', 26],
  ["the paper's two layers", 'preset=division&modulus=23&width=32&batch=128', 56],
]);
for (const [name, query, dispatches] of NETWORKS) {
  test(`a step of ${name} is ${dispatches} dispatches and one submission`, async () => {
    const context = await tampered(COUNT_GPU);
    const { page } = await open(context, server.url(`?${query}&backend=webgpu`));
    const worker = page.workers().find((candidate) => candidate.url().includes('webgpu'));
    assert.ok(worker);
    await page.evaluate('window.grokking.pace(1000)');
    const after = async (/** @type {number} */ steps) => {
      const before = await worker.evaluate('({ dispatches, computing })');
      await page.evaluate(`window.grokking.step(${steps})`);
      const now = await worker.evaluate('({ dispatches, computing })');
      return [now.dispatches - before.dispatches, now.computing - before.computing];
    };
    const [one, many] = [await after(1), await after(11)];
    assert.equal((many[0] - one[0]) / 10, dispatches);
    assert.equal((many[1] - one[1]) / 10, 1);
    await context.close();
  });
}

test('a self-test that differs falls to the CPU', { timeout: 200_000 }, async () => {
  // A device whose compute passes do nothing, as after a shader that failed to validate.
  const context = await tampered(`
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function () {};`);
  const { page } = await open(context, server.url(`?${TINY}&backend=webgpu`));
  assert.equal(await page.evaluate('window.grokking.state().backend'), 'cpu');
  const notices = await page.textContent('.notices');
  assert.match(notices ?? '', /asks for WebGPU, but its self-test differs from the CPU by/);
  await context.close();
});

/** The worker of a page that runs the reference on a card. @param {import('playwright-core').Page} page */
const referenceOnCard = (page) =>
  page.workers().find((worker) => /backend=webgpu&program=reference/.test(worker.url()));

// burn compiles each of its shaders when it first needs it, and submits hundreds of them a step.
test('dropout, which the kernels by hand do not have, trains on the card by the reference', { timeout: 600_000 }, async () => {
  const { page } = await open(browser, server.url(`?${TINY}&dropout=0.1&backend=webgpu`));
  assert.equal(await page.evaluate('window.grokking.state().backend'), 'webgpu');
  assert.ok(referenceOnCard(page));
  const found = /** @type {number[]} */ (await losses(page, 3));
  assert.equal(found.length, 8);
  assert.ok(found.every((loss) => Number.isFinite(loss) && loss > 0), `${found}`);
  // A setting that needs another program finds it on the card as well.
  await page.evaluate(`window.grokking.start(${TINY_FUSED})`);
  await until(page, 'state.step > 0', 120_000);
  assert.equal(await page.evaluate('window.grokking.state().backend'), 'webgpu');
  assert.equal(referenceOnCard(page), undefined);
  await page.close();
});

test('the first 5 losses of the reference are those of the CPU', { timeout: 600_000 }, async (t) => {
  const trained = [];
  for (const backend of ['cpu', 'webgpu']) {
    const { page } = await open(browser, server.url(`?${TINY}&kernels=plain&backend=${backend}`));
    assert.equal(await page.evaluate('window.grokking.state().backend'), backend);
    trained.push(/** @type {number[]} */ (await losses(page, 5)));
    await page.close();
  }
  const [expected, actual] = trained;
  assert.equal(actual.length, 12);
  const worst = Math.max(...expected.map((loss, i) => Math.abs(loss - actual[i]) / loss));
  assert.notEqual(worst, 0, 'two devices never round alike: one of them computed both');
  t.diagnostic(`worst relative difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-3, `${worst}`);
});

test('a card without timestamps is not asked for the reference, and trains all the rest', { timeout: 200_000 }, async () => {
  const context = await tampered(`
    const { get } = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'features');
    Object.defineProperty(GPUAdapter.prototype, 'features', {
      get() { return new Set([...get.call(this)].filter((name) => name !== 'timestamp-query')); },
    });`);
  /** @type {string[]} */
  const fetched = [];
  context.on('request', (request) => fetched.push(request.url()));
  const { page } = await open(context, server.url(`?${TINY}&kernels=plain&backend=webgpu`));
  assert.equal(await page.evaluate('window.grokking.state().backend'), 'cpu');
  const notices = await page.textContent('.notices');
  assert.match(notices ?? '', /asks for WebGPU, but the reference kernels need a graphics card with `timestamp-query`/);
  await page.evaluate('window.grokking.step(2)');
  assert.ok(fetched.some((url) => url.endsWith('/worker_reference_bg.wasm')), 'requests of workers are seen');
  assert.ok(!fetched.some((url) => url.includes('worker_reference_gpu')), 'what cannot run is not fetched');
  await page.evaluate(`window.grokking.start(${TINY_FUSED})`);
  await until(page, 'state.step > 0 && state.backend === "webgpu"', 120_000);
  await context.close();
});

test('the page says how large each of its programs is', async () => {
  const { page } = await open(browser, server.url(`?${TINY}&backend=cpu`));
  const sizes = await page.getAttribute('meta[name="sizes"]', 'content');
  for (const [, program, size] of (sizes ?? '').matchAll(/(\S+)=(\d+)/g)) {
    const file = statSync(join(DIST, buildOf(), `${program}_bg.wasm`));
    assert.equal(Number(size), file.size, program);
  }
  assert.match(sizes ?? '', /\bworker_reference_gpu=\d{7,}/);
  await page.close();
});

test('a run moves to a faster card without a seam', { timeout: 400_000 }, async (t) => {
  const still = await open(browser, server.url(`?${TINY}&backend=cpu`));
  const expected = /** @type {number[]} */ (await losses(still.page, 12));
  await still.page.close();
  // A CPU whose clock runs a thousand times too fast takes itself for slow.
  const context = await tampered(`if (self.location.search.includes('backend=cpu')) {
    const now = performance.now.bind(performance);
    performance.now = () => 1000 * now();
  }`);
  const { page } = await open(context, server.url(`?${TINY}`));
  const first = /** @type {number[]} */ (await losses(page, 6));
  assert.equal(first.length, 14);
  assert.equal(await page.evaluate('window.grokking.state().backend'), 'cpu');
  await until(page, 'state.backend === "webgpu"', 200_000);
  assert.equal(await page.evaluate('window.grokking.state().step'), 6);
  assert.match(String(await page.evaluate('window.grokking.store.get().backend.reason')), /times faster than the CPU/);
  const actual = /** @type {number[]} */ (await losses(page, 6));
  assert.equal(actual.length, expected.length);
  const worst = Math.max(...expected.map((loss, i) => Math.abs(loss - actual[i]) / loss));
  t.diagnostic(`worst relative difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-3, `${worst}`);
  await context.close();
});

test('a lost device is replaced, and the run goes on', { timeout: 400_000 }, async () => {
  const context = await tampered(`
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...options) {
      return (globalThis.lendDevice = await request.apply(this, options));
    };`);
  const { page } = await open(context, server.url(`?${TINY}&backend=webgpu`));
  await page.evaluate('window.grokking.step(2)');
  const worker = page.workers().find((candidate) => candidate.url().includes('webgpu'));
  assert.ok(worker);
  // The run need not touch the device for the loss to be noticed.
  await worker.evaluate('globalThis.lendDevice.destroy()');
  await page.waitForFunction(
    `document.querySelector('.notices').textContent.includes('from step 2 in a fresh worker')`,
  );
  await until(page, 'state.backend === "webgpu"');
  await page.evaluate('window.grokking.step(1)');
  assert.equal(await page.evaluate('window.grokking.state().step'), 3);

  // A card that keeps failing is left for the CPU, with the run as it was.
  for (const notice of ['(2 of 3)', '(3 of 3)']) {
    await kill(page, notice);
    await page.waitForFunction(`window.grokking.step(1).then(() => true, () => false)`, null, { timeout: 120_000 });
  }
  const step = await page.evaluate('window.grokking.state().step');
  await kill(page, 'Training failed 4 times');
  await page.click('.notices button:has-text("Use the processor")');
  await until(page, 'state.backend === "cpu"');
  await page.waitForFunction(`window.grokking.step(1).then(() => true, () => false)`);
  assert.equal(await page.evaluate('window.grokking.state().step'), Number(step) + 1);
  await context.close();
});
