// What a step asks of a graphics card, which software plays: dispatches, submissions, bytes.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COUNT_GPU, launch, open } from '../tests/browser/harness.js';
import { TINY } from './networks.js';
import { sizes } from './sizes.js';

/** A script that counts the bytes of buffers on graphics cards that are not destroyed, in `bufferBytes`. */
const COUNT_BYTES = `
  globalThis.bufferBytes = 0;
  if (globalThis.GPUDevice) {
    const { createBuffer } = GPUDevice.prototype;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      bufferBytes += descriptor.size;
      return createBuffer.call(this, descriptor);
    };
    const { destroy } = GPUBuffer.prototype;
    const destroyed = new WeakSet();
    GPUBuffer.prototype.destroy = function () {
      if (!destroyed.has(this)) bufferBytes -= this.size;
      destroyed.add(this);
      return destroy.call(this);
    };
    const { dispatchWorkgroupsIndirect } = GPUComputePassEncoder.prototype;
    GPUComputePassEncoder.prototype.dispatchWorkgroupsIndirect = function (...place) {
      dispatches += 1;
      return dispatchWorkgroupsIndirect.apply(this, place);
    };
  }`;
const STEPS = 10;
/** The reference has a fresh graph each step: one step less says as much. */
const PLAIN_STEPS = 5;

const SHAPES = {
  '1 layer': {},
  '1 layer, full batch': { batch: 'full' },
  '2 layers': { layers: '2' },
  "the paper's 2 layers": { layers: '2', norm: 'post' },
};

/** @param {(query?: string) => string} url Of the page. @param {(rows: object[]) => void} save Called after each. */
export async function countDispatches(url, save) {
  /** @type {object[]} */
  const rows = [];
  const add = (/** @type {object} */ row) => {
    rows.push(row);
    save(rows);
  };
  for (const [name, differences] of Object.entries(SHAPES)) {
    add({ contender: `this page, ${name}`, ...(await ours(url, differences, 'fused', STEPS)) });
  }
  add({ contender: 'reference (burn wgpu), 1 layer', ...(await ours(url, {}, 'plain', PLAIN_STEPS)) });
  const isInstalled = existsSync(fileURLToPath(new URL('node_modules', import.meta.url)));
  for (const backend of isInstalled ? ['webgpu', 'cpu'] : []) {
    add({ contender: `TensorFlow.js ${backend}, 1 layer`, ...(await tensorflow(url, backend)) });
  }
}

/**
 * The page itself on a card, or nothing but why if it trains elsewhere.
 * @param {(query?: string) => string} url @param {Record<string, string>} differences
 * @param {'fused' | 'plain'} kernels @param {number} steps
 */
async function ours(url, differences, kernels, steps) {
  const settings = { ...TINY.settings, ...differences, kernels };
  const browser = await launch({ gpu: true });
  try {
    const context = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true });
    await context.route('**/js/worker/worker.js*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${COUNT_GPU}\n${COUNT_BYTES}\n${await response.text()}` });
    });
    const { page } = await open(context, url(`?${new URLSearchParams({ ...settings, backend: 'webgpu' })}`));
    const { active, reason } = /** @type {any} */ (await page.evaluate('window.grokking.store.get().backend'));
    if (active !== 'webgpu') return { refused: reason };
    await page.evaluate('window.grokking.pace(1000)');
    // The self-test had a worker on the CPU, which has no dispatches and ends when the card takes over.
    const read = async () => {
      const counts = await Promise.all(
        page.workers().map((worker) => worker.evaluate('({ dispatches, computing, bufferBytes })').catch(() => null)),
      );
      return /** @type {any} */ (counts.filter(Boolean).sort((a, b) => b.dispatches - a.dispatches)[0]);
    };
    const take = async (/** @type {number} */ count) => {
      const before = await read();
      const started = performance.now();
      await page.evaluate(`window.grokking.step(${count})`);
      const millis = performance.now() - started;
      const after = await read();
      return {
        millis,
        dispatches: after.dispatches - before.dispatches,
        // Those that only read are no step's.
        submissions: after.computing - before.computing,
        bytes: after.bufferBytes,
      };
    };
    // Shaders are compiled in the first; each stretch ends with an evaluation, which cancels out.
    await take(1);
    const [few, many] = [await take(1), await take(steps + 1)];
    const wasm = kernels === 'plain' ? 'worker_reference_gpu' : 'worker_relaxed';
    return {
      stepMillis: (many.millis - few.millis) / steps,
      dispatches: (many.dispatches - few.dispatches) / steps,
      submissions: (many.submissions - few.submissions) / steps,
      bufferBytes: many.bytes,
      brotli: sizes().find(({ name }) => name === wasm)?.brotli ?? null,
    };
  } finally {
    await browser.close();
  }
}

/** @param {(path?: string) => string} url @param {string} backend */
async function tensorflow(url, backend) {
  const chromium = await launch({ gpu: backend === 'webgpu' });
  try {
    const page = await chromium.newPage();
    await page.addInitScript(`${COUNT_GPU}\n${COUNT_BYTES}`);
    await page.goto(url('blank.html'));
    for (const name of ['tfjs/dist/tf.min.js', 'tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js']) {
      await page.addScriptTag({ path: fileURLToPath(new URL(`node_modules/@tensorflow/${name}`, import.meta.url)) });
    }
    const script = readFileSync(new URL('tensorflow.js', import.meta.url), 'utf8').replace('export async', 'async');
    const call = `timeTensorFlow('${backend}', ${JSON.stringify(TINY.shape)}, 5)`;
    const timed = /** @type {any} */ (await page.evaluate(`(() => { ${script}; return ${call}; })()`));
    const onCard = backend === 'webgpu';
    const submissions = onCard ? await page.evaluate('submissions / 6') : 0;
    const bufferBytes = onCard ? await page.evaluate('bufferBytes') : null;
    return { ...timed, submissions, bufferBytes };
  } finally {
    await chromium.close();
  }
}
