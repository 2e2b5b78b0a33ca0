// Who is timed: each opens once, and then trains one network after the other.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ENGINES } from '../tests/browser/engines.js';
import { launch } from '../tests/browser/harness.js';
import { script } from './page.js';

/** @typedef {import('./networks.js').Network} Network */
/**
 * @typedef {{ stepMillis: number, stepGflop?: number, firstLoss?: number, lastLoss?: number }} Timed
 * `stepGflop` where a contender knows what its program multiplies; the fused kernels' is the native one's.
 *
 * @typedef {object} Contender
 * @property {string | null} version
 * @property {number} peakGflops Of as many threads as it trains with.
 * @property {(network: Network) => Promise<Timed>} run
 * @property {() => Promise<unknown>} close
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {'ours' | 'peer' | 'reference'} kind
 * @property {number} [threads]
 * @property {boolean} [everywhere] Trains only the networks that every browser trains.
 * @property {() => Promise<Contender>} open
 */

/** Hides relaxed SIMD from the worker's probe. */
const WITHOUT_RELAXED = 'WebAssembly.validate = () => false;';
const THREADS = '2';

/** @param {(path?: string) => string} url Of a page that is served. @returns {Entry[]} In the table's order. */
export function entries(url) {
  const chromium = (/** @type {'fused' | 'plain'} */ kernels, /** @type {number} */ threads, before = '') => () =>
    inChromium(url('blank.html'), kernels, threads, before);
  const engine = (/** @type {'firefox' | 'webkit'} */ name, /** @type {number} */ threads) => () =>
    inEngine(url('blank.html'), name, threads);
  return [
    { name: 'native, 1 thread', kind: 'ours', threads: 1, open: () => native('fused', 1) },
    { name: 'native, 2 threads', kind: 'ours', threads: 2, open: () => native('fused', 2) },
    { name: 'Chromium, 1 thread, relaxed SIMD', kind: 'ours', threads: 1, open: chromium('fused', 1) },
    { name: 'Chromium, 2 threads, relaxed SIMD', kind: 'ours', threads: 2, open: chromium('fused', 2) },
    { name: 'Chromium, 1 thread, SIMD', kind: 'ours', threads: 1, open: chromium('fused', 1, WITHOUT_RELAXED) },
    { name: 'Firefox, 1 thread', kind: 'ours', threads: 1, everywhere: true, open: engine('firefox', 1) },
    { name: 'Firefox, 2 threads', kind: 'ours', threads: 2, everywhere: true, open: engine('firefox', 2) },
    { name: 'WebKit, 1 thread', kind: 'ours', threads: 1, everywhere: true, open: engine('webkit', 1) },
    { name: 'WebKit, 2 threads', kind: 'ours', threads: 2, everywhere: true, open: engine('webkit', 2) },
    { name: 'reference (burn Flex), native', kind: 'reference', open: () => native('plain', 2) },
    { name: 'reference (burn Flex), Chromium', kind: 'reference', open: chromium('plain', 1) },
    { name: 'PyTorch, 2 threads', kind: 'peer', open: () => python('pytorch.py') },
    { name: 'PyTorch compiled, 2 threads', kind: 'peer', open: () => python('pytorch.py', 'compile') },
    { name: 'JAX, 2 threads', kind: 'peer', open: () => python('jax_peer.py') },
  ];
}

/** Our program. @param {'fused' | 'plain'} kernels @param {number} threads @returns {Promise<Contender>} */
async function native(kernels, threads) {
  const program = process.env.GROK;
  if (!program || !existsSync(program)) throw new Error('GROK is no program');
  const kebab = (/** @type {string} */ id) => `--${id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const contender = {
    version: null,
    peakGflops: 0,
    async run(/** @type {Network} */ network) {
      // A few times as many as others take, in about as long.
      const steps = kernels === 'plain' ? network.plainSteps : 3 * network.steps;
      const settings = { ...network.settings, kernels, threads, steps };
      const flags = Object.entries(settings).flatMap(([id, value]) => [kebab(id), String(value)]);
      // Its peak is measured with the threads of its pool.
      const env = { ...process.env, RAYON_NUM_THREADS: String(threads) };
      const output = execFileSync(program, ['bench', ...flags], { env });
      const [peak, tested] = output.toString().trim().split('\n').map((line) => JSON.parse(line));
      contender.peakGflops = peak.gflops;
      return { stepMillis: tested.stepMillis, stepGflop: tested.stepGflop };
    },
    close: async () => {},
  };
  return contender;
}

/**
 * @param {string} blank @param {'fused' | 'plain'} kernels @param {number} threads @param {string} before Run
 * by the worker before its own script. @returns {Promise<Contender>}
 */
async function inChromium(blank, kernels, threads, before) {
  const chromium = await launch();
  const context = await chromium.newContext();
  if (before) {
    for (const name of ['worker', 'helper']) {
      await context.route(`**/js/worker/${name}.js*`, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `${before}\n${await response.text()}` });
      });
    }
  }
  const page = await context.newPage();
  await page.goto(blank);
  await page.evaluate(script(kernels === 'plain' ? 'reference' : 'fused'));
  const ask = (/** @type {string} */ expression) => /** @type {Promise<any>} */ (page.evaluate(expression));
  return {
    version: chromium.version(),
    peakGflops: await ask(`bench.peak(${threads})`),
    run: (network) => (kernels === 'plain' ? testPlain(ask, network) : time(ask, network, threads)),
    close: () => chromium.close(),
  };
}

/** @param {string} blank @param {'firefox' | 'webkit'} name @param {number} threads @returns {Promise<Contender>} */
async function inEngine(blank, name, threads) {
  const engine = await ENGINES[name]();
  try {
    await engine.goto(blank);
    await engine.evaluate(script('cpu'));
    const version = await engine.evaluate('navigator.userAgent');
    return {
      version: /(?:Firefox|Version)\/([\d.]+)/.exec(version)?.[1] ?? version,
      peakGflops: await engine.evaluate(`window.bench.peak(${threads})`),
      run: (network) => time((expression) => engine.evaluate(expression), network, threads),
      close: () => engine.close(),
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** @param {(expression: string) => Promise<any>} ask @param {Network} network @param {number} threads */
async function time(ask, { settings, steps }, threads) {
  const given = JSON.stringify({ ...settings, threads: String(threads) });
  return { stepMillis: await ask(`window.bench.time(${given}, ${steps})`) };
}

/** @param {(expression: string) => Promise<any>} ask @param {Network} network */
async function testPlain(ask, { settings, plainSteps: steps }) {
  const command = { type: 'test', config: { preset: null, settings: { ...settings, kernels: 'plain' } }, steps };
  const { stepMillis, stepGflop } = await ask(`bench.send(${JSON.stringify(command)})`);
  return { stepMillis, stepGflop };
}

/** A peer. @param {string} file @param {string[]} options @returns {Promise<Contender>} */
async function python(file, ...options) {
  if (!process.env.PYTHON) throw new Error('PYTHON is not set');
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.env.PYTHON, ['-B', path, THREADS, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${file} ended: see above`);
    return JSON.parse(value);
  };
  const { version, peakGflops } = await answer();
  return {
    version,
    peakGflops,
    async run({ id, shape, steps }) {
      child.stdin.write(`${JSON.stringify({ name: id, ...shape, steps: Math.ceil(steps / 2) })}\n`);
      return answer();
    },
    close: async () => child.kill(),
  };
}
