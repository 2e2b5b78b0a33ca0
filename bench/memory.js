// How the tab's memory goes over 20,000 steps on software WebGPU, and what of it garbage collection takes
// back: the parts `memory-plain` and `memory-collected` of the benchmark, or by hand, with snapshots of what lies on the heaps:
//
//     node bench/memory.js [--steps 20000] [--mode plain|collected] [--heaps]

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import puppeteer from 'puppeteer-core';
import { GPU_FLAGS, serve } from '../tests/browser/harness.js';

/** Dispatches are what takes time here, not their size. */
const LINK = '?modulus=5&width=4&heads=1&batch=8&warmup=1&stop=budget&backend=webgpu';
const SAMPLED_AT = [200, 1_000, 5_000, 10_000, 15_000, 20_000];
/** Live objects of these are counted once all garbage is collected. */
const COUNTED = ['GPUBuffer', 'GPUBindGroup', 'GPUCommandBuffer', 'GPUComputePipeline', 'Float32Array', 'Promise'];
const MODES = /** @type {const} */ (['plain', 'collected']);
const MB = 2 ** 20;
/** Steps that are taken at once, between which a run that takes too long ends early. */
const STRIDE = 250;
/** Of a mode as a part of the benchmark: where 20,000 steps take longer, the last sample is an earlier one. */
const MOST_SECONDS = 500;

/** @typedef {import('puppeteer-core').CDPSession} Session */

/** Left alone, with one collection after the last step; or with a collection at each sample. @typedef {typeof MODES[number]} Mode */

/** @param {(query?: string) => string} url @param {Mode} mode @param {(row: object) => void} tell Called with each sample. */
export async function watchMemory(url, mode, tell) {
  await watch(url, { mode, sampledAt: SAMPLED_AT, heaps: false, mostSeconds: MOST_SECONDS }, tell);
}

/**
 * @param {(query?: string) => string} url
 * @param {{ mode: string, sampledAt: number[], heaps: boolean, mostSeconds: number }} options
 * @param {(row: object) => void} tell
 */
async function watch(url, { mode, sampledAt, heaps, mostSeconds }, tell) {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROME ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', ...GPU_FLAGS],
    protocolTimeout: 600_000,
  });
  try {
    const page = await browser.newPage();
    await page.goto(url(LINK));
    await page.waitForFunction('Boolean(window.grokking)', { polling: 100 });
    await page.evaluate('window.grokking.ready.then(() => null)');
    const { backend } = /** @type {any} */ (await page.evaluate('window.grokking.state()'));
    if (backend !== 'webgpu') throw new Error(`the page trains on the ${backend}`);
    const worker = page.workers().find((candidate) => candidate.url().includes('webgpu'));
    if (!worker) throw new Error('there is no worker on the card');
    const tab = await page.createCDPSession();
    const sessions = { page: tab, worker: worker.client };
    const started = performance.now();
    /** @type {Record<string, Map<string, number>>} */
    const before = {};
    let step = 0;
    let isLast = false;
    for (const [index, until] of sampledAt.entries()) {
      if (isLast) break;
      isLast = index === sampledAt.length - 1;
      while (step < until) {
        const steps = Math.min(STRIDE, until - step);
        await page.evaluate(`window.grokking.step(${steps})`);
        step += steps;
        if ((performance.now() - started) / 1e3 > mostSeconds) {
          isLast = true;
          break;
        }
      }
      const seconds = (performance.now() - started) / 1e3;
      tell({ mode, step, seconds, collected: false, ...(await sample(browser, sessions)) });
      if (mode !== 'collected' && !isLast) continue;
      for (const session of Object.values(sessions)) await session.send('HeapProfiler.collectGarbage');
      // The other processes hear of it in their own time.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const live = await count(worker.client);
      tell({ mode, step, seconds, collected: true, ...(await sample(browser, sessions)), live });
      if (!heaps || (step < 1_000 && !isLast)) continue;
      for (const [name, session] of Object.entries(sessions)) {
        const now = await heapOf(session);
        if (before[name]) printGrowth(`${name}, since the first snapshot, at step ${step}`, before[name], now);
        else before[name] = now;
      }
    }
  } finally {
    await browser.close();
  }
}

/** In megabytes. @param {import('puppeteer-core').Browser} browser @param {Record<string, Session>} sessions */
async function sample(browser, sessions) {
  /** @type {Record<string, number>} */
  const out = {};
  for (const [name, session] of Object.entries(sessions)) {
    const usage = /** @type {any} */ (await session.send('Runtime.getHeapUsage'));
    out[`${name}Heap`] = usage.usedSize / MB;
    // What lies outside: array buffers, the wasm's memory among them, and the DOM's objects.
    out[`${name}Backing`] = (usage.backingStorageSize ?? 0) / MB;
    out[`${name}Embedder`] = (usage.embedderHeapUsedSize ?? 0) / MB;
  }
  const root = browser.process()?.pid;
  return { ...out, ...(root ? residentOf(root) : {}) };
}

/** Megabytes in memory of a browser's processes, by what they are for. @param {number} root */
function residentOf(root) {
  const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => {
    const status = readProc(`${name}/status`);
    return [Number(name), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1])];
  }));
  const isInside = (/** @type {number} */ pid) => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  /** @type {Record<string, number>} */
  const out = {};
  for (const pid of parents.keys()) {
    if (!isInside(pid)) continue;
    const resident = Number(/^VmRSS:\s*(\d+)/m.exec(readProc(`${pid}/status`))?.[1] ?? 0) / 1024;
    const type = /--type=([\w-]+)/.exec(readProc(`${pid}/cmdline`))?.[1] ?? 'browser';
    const name = { renderer: 'rendererResident', 'gpu-process': 'gpuResident' }[type] ?? 'otherResident';
    out[name] = (out[name] ?? 0) + resident;
  }
  return out;
}

/** A process may have ended. @param {string} path */
function readProc(path) {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

/** Objects that are alive, by class. @param {Session} session */
async function count(session) {
  /** @type {Record<string, number>} */
  const out = {};
  for (const name of COUNTED) {
    const { result } = await session.send('Runtime.evaluate', { expression: `globalThis.${name}?.prototype` });
    if (!result.objectId) continue;
    const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: result.objectId });
    const { result: length } = await session.send('Runtime.callFunctionOn', {
      objectId: objects.objectId, functionDeclaration: 'function () { return this.length; }', returnByValue: true,
    });
    out[name] = length.value;
    await session.send('Runtime.releaseObject', { objectId: /** @type {string} */ (objects.objectId) });
  }
  return out;
}

/** Bytes by kind of node, of all that is reachable. @param {Session} session @returns {Promise<Map<string, number>>} */
async function heapOf(session) {
  /** @type {string[]} */
  const chunks = [];
  const hear = (/** @type {{ chunk: string }} */ { chunk }) => chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', hear);
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  session.off('HeapProfiler.addHeapSnapshotChunk', hear);
  const { snapshot: { meta }, nodes, strings } = JSON.parse(chunks.join(''));
  const fields = meta.node_fields;
  const at = (/** @type {string} */ name) => fields.indexOf(name);
  const [type, label, size] = [at('type'), at('name'), at('self_size')];
  const sizes = new Map();
  for (let node = 0; node < nodes.length; node += fields.length) {
    const kind = meta.node_types[type][nodes[node + type]];
    // Strings and code are many of a kind.
    const name = kind === 'object' || kind === 'native' ? strings[nodes[node + label]].slice(0, 60) : '';
    const key = `${kind} ${name}`.trim();
    sizes.set(key, (sizes.get(key) ?? 0) + nodes[node + size]);
  }
  return sizes;
}

/** @param {string} title @param {Map<string, number>} before @param {Map<string, number>} now */
function printGrowth(title, before, now) {
  console.log(`heap of the ${title}, kB more:`);
  const grown = [...now].map(([key, bytes]) => ({ key, bytes: bytes - (before.get(key) ?? 0) }));
  for (const { key, bytes } of grown.sort((a, b) => b.bytes - a.bytes).slice(0, 12)) {
    console.log(`  ${(bytes / 1024).toFixed(1).padStart(10)}  ${key}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { steps: { type: 'string', default: '20000' }, mode: { type: 'string' }, heaps: { type: 'boolean', default: false } },
  });
  const end = Number(values.steps);
  const sampledAt = [...SAMPLED_AT.filter((step) => step < end), end];
  const server = await serve();
  for (const mode of values.mode ? [values.mode] : MODES) {
    const options = { mode, sampledAt, heaps: values.heaps, mostSeconds: Infinity };
    await watch(server.url, options, (row) => console.log(JSON.stringify(row)));
  }
  await server.close();
}
