// Times a step here and elsewhere, side by side, and writes results.json and the README's table.
//
// Run by `cargo xtask bench`, which sets GROK, CHROME, and, where PyTorch is installed, PYTHON.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { join } from 'node:path';
import { COUNT_GPU, DIST, buildOf, launch, open, serve, until } from '../tests/browser/harness.js';
import { NETWORKS, TINY } from './networks.js';
import { table, writeReadme } from './report.js';

/** @typedef {import('./networks.js').Network} Network */
/** @typedef {{ stepMillis: number, stepGflop: number }} Timed */

const ROUNDS = 5;
const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const BLANK = '<!doctype html><title>benchmark</title>';
/** Hides relaxed SIMD from the worker's probe. */
const WITHOUT_RELAXED = 'WebAssembly.validate = () => false;';

const server = await serve({ '/some/folder/blank.html': BLANK });

// --- Contenders ---

/** Our native program. @param {string} kernels */
function native(kernels) {
  const run = (/** @type {Network} */ network) => {
    const steps = kernels === 'plain' ? network.plainSteps : network.steps;
    const flags = Object.entries({ ...network.settings, kernels, steps: String(steps) });
    const kebab = (/** @type {string} */ id) =>
      `--${id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const given = flags.flatMap(([id, value]) => [kebab(id), value]);
    const output = execFileSync(/** @type {string} */ (process.env.GROK), ['bench', ...given]);
    const [peak, tested] = output.toString().trim().split('\n').map((line) => JSON.parse(line));
    return { ...tested, peakGflops: peak.gflops };
  };
  return { run: async (/** @type {Network} */ network) => run(network), close: async () => {} };
}

/** Our worker, without the page. @param {string} kernels @param {string} before */
async function browser(kernels, before, backend = 'cpu') {
  const chromium = await launch({ gpu: backend === 'webgpu' });
  const context = await chromium.newContext();
  await context.route('**/js/worker/worker.js*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${before}\n${await response.text()}` });
  });
  const page = await context.newPage();
  await page.goto(server.url('blank.html'));
  await page.evaluate(`(async () => {
    const worker = new Worker('${buildOf()}/js/worker/worker.js?backend=${backend}&program=${kernels === 'plain' ? 'reference' : 'fused'}', { type: 'module' });
    let next = 0;
    window.send = (command) => new Promise((resolve, reject) => {
      const id = next++;
      let last = null;
      const hear = ({ data }) => {
        if (data.type === 'crashed') reject(new Error(data.message));
        else if (data.type === 'done' && data.id === id) {
          worker.removeEventListener('message', hear);
          if (data.error) reject(new Error(data.error.message));
          else resolve(last);
        } else last = data;
      };
      worker.addEventListener('message', hear);
      worker.postMessage({ id, command });
    });
  })()`);
  const send = (/** @type {object} */ command) =>
    page.evaluate(`window.send(${JSON.stringify(command)})`);
  const peak = /** @type {any} */ (await send({ type: 'peak' }));
  return {
    version: chromium.version(),
    worker: () => page.workers()[0],
    async run(/** @type {Network} */ network) {
      const steps = kernels === 'plain' ? network.plainSteps : network.steps;
      const config = { preset: null, settings: { ...network.settings, kernels } };
      const tested = /** @type {any} */ (await send({ type: 'test', config, steps }));
      return { ...tested, peakGflops: peak.gflops };
    },
    close: () => chromium.close(),
  };
}

async function pytorch() {
  const child = spawn(/** @type {string} */ (process.env.PYTHON), [here('pytorch.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value);
  const { version, peakGflops } = await answer();
  return {
    version,
    async run(/** @type {Network} */ { id, shape, steps }) {
      child.stdin.write(`${JSON.stringify({ name: id, ...shape, steps: Math.ceil(steps / 2) })}\n`);
      return { ...(await answer()), peakGflops };
    },
    close: async () => {
      child.kill();
    },
  };
}

// --- What is measured ---

async function timeSteps() {
  /** @type {Record<string, any>} */
  const contenders = {
    'native, 2 threads': native('fused'),
    'Chromium, 1 thread, relaxed SIMD': await browser('fused', ''),
    'Chromium, 1 thread, SIMD': await browser('fused', WITHOUT_RELAXED),
    'reference (burn Flex), native': native('plain'),
    'reference (burn Flex), Chromium': await browser('plain', ''),
  };
  if (process.env.PYTHON) contenders['PyTorch, 2 threads'] = await pytorch();
  const versions = {
    chromium: contenders['Chromium, 1 thread, SIMD'].version,
    pytorch: contenders['PyTorch, 2 threads']?.version ?? null,
  };
  const rows = [];
  for (const network of NETWORKS) {
    /** @type {Record<string, (Timed & { peakGflops: number })[]>} */
    const samples = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, contender] of Object.entries(contenders)) {
        // The reference takes up to minutes a step, and no ratio is about it.
        if (round > 0 && name.startsWith('reference')) continue;
        (samples[name] ??= []).push(await contender.run(network));
      }
    }
    for (const [name, timed] of Object.entries(samples)) {
      const stepMillis = median(timed.map((sample) => sample.stepMillis));
      rows.push({
        network: network.title,
        contender: name,
        stepMillis,
        samples: timed.map((sample) => sample.stepMillis),
        stepGflop: timed[0].stepGflop,
        gflops: (timed[0].stepGflop / stepMillis) * 1e3,
        peakGflops: median(timed.map((sample) => sample.peakGflops)),
      });
    }
    console.log(`${network.title}: done`);
  }
  for (const contender of Object.values(contenders)) await contender.close();
  return { rows, versions };
}

/** Dispatches and submissions of a step, and its time where a processor plays the card. */
async function countDispatches() {
  const shapes = {
    '1 layer': TINY.settings,
    '1 layer, full batch': { ...TINY.settings, batch: 'full' },
    '2 layers': { ...TINY.settings, layers: '2' },
    "the paper's 2 layers": { ...TINY.settings, layers: '2', norm: 'post' },
  };
  const gpu = await browser('fused', COUNT_GPU, 'webgpu');
  const rows = [];
  for (const [name, settings] of Object.entries(shapes)) {
    const counted = [];
    for (const steps of [1, 11]) {
      const read = () => gpu.worker().evaluate('({ dispatches, submissions })');
      const before = /** @type {any} */ (await read());
      const network = { settings, steps, plainSteps: 0, id: '', title: '', shape: TINY.shape };
      const { stepMillis } = await gpu.run(network);
      const after = /** @type {any} */ (await read());
      counted.push({
        stepMillis,
        dispatches: after.dispatches - before.dispatches,
        submissions: after.submissions - before.submissions,
      });
    }
    const [few, many] = counted;
    rows.push({
      contender: `this page, ${name}`,
      stepMillis: many.stepMillis,
      dispatches: (many.dispatches - few.dispatches) / 10,
      submissions: (many.submissions - few.submissions) / 10,
    });
  }
  await gpu.close();
  for (const backend of existsSync(here('node_modules')) ? ['webgpu', 'cpu'] : []) {
    rows.push({ contender: `TensorFlow.js ${backend}, 1 layer`, ...(await tensorflow(backend)) });
  }
  return rows;
}

/** @param {string} backend */
async function tensorflow(backend) {
  const chromium = await launch({ gpu: backend === 'webgpu' });
  const page = await chromium.newPage();
  await page.addInitScript(COUNT_GPU);
  await page.goto(server.url('blank.html'));
  for (const name of ['tfjs/dist/tf.min.js', 'tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js']) {
    await page.addScriptTag({ path: here(`node_modules/@tensorflow/${name}`) });
  }
  const script = readFileSync(here('tensorflow.js'), 'utf8').replace('export async', 'async');
  const call = `timeTensorFlow('${backend}', ${JSON.stringify(TINY.shape)}, 5)`;
  const timed = /** @type {any} */ (await page.evaluate(`(() => { ${script}; return ${call}; })()`));
  const submissions = backend === 'webgpu' ? await page.evaluate('submissions / 6') : 0;
  await chromium.close();
  return { ...timed, submissions };
}

/** From opening the page to what a reader waits for, on the CPU. @param {string} preset */
async function timeToGrok(preset) {
  const chromium = await launch();
  const opened = performance.now();
  const { page } = await open(chromium, server.url(`?preset=${preset}&backend=cpu`));
  await page.click('button[data-control="run"]');
  await until(page, 'state.step > 0');
  const firstStepSeconds = (performance.now() - opened) / 1e3;
  await until(page, 'state.heldOutAccuracy >= 0.99', 900_000);
  const grokSeconds = (performance.now() - opened) / 1e3;
  const state = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
  await chromium.close();
  const { step: steps, stepsPerSecond } = state;
  return { preset, firstStepSeconds, grokSeconds, steps, stepsPerSecond };
}

function sizes() {
  const folder = join(DIST, buildOf());
  const names = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  return names.map((name) => {
    const bytes = readFileSync(join(folder, name));
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    const [start] = name.split(/-|_bg/);
    return { name: start, bytes: bytes.length, brotli: brotliCompressSync(bytes, options).length };
  });
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const { rows: steps, versions } = await timeSteps();
const dispatches = await countDispatches();
console.log('dispatches: done');
const presets = [];
for (const preset of ['clock', 'quick', 'addition', 'division', 's5']) {
  presets.push(await timeToGrok(preset));
  console.log(`${preset}: done`);
}
await server.close();
const results = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  versions,
  steps,
  dispatches,
  presets,
  sizes: sizes(),
};
writeFileSync(here('results.json'), `${JSON.stringify(results, null, 2)}\n`);
console.log(table(results));
writeReadme(here('../README.md'), table(results));
