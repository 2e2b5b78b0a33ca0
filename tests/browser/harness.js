// Serves a built page and opens it in a real Chromium.

import { execFileSync } from 'node:child_process';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const DIST = process.env.DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** What the native program prints. @param {string[]} command */
export function grok(command) {
  const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
  return execFileSync(join(target, 'release', 'grok'), command).toString();
}

/** The folder of a built page in which everything lies that is loaded, named after its content. */
export function buildOf(dist = DIST) {
  const folders = readdirSync(dist).filter((name) => /^[0-9a-f]{16}$/.test(name));
  if (folders.length !== 1) throw new Error(`${dist} has ${folders.length} builds: run \`cargo xtask build\``);
  return folders[0];
}

/** Software WebGPU: slow, and right. */
export const GPU_FLAGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** A script that counts what is asked of graphics cards, in three global variables; `computing` are the
 * submissions that compute, and not only read. */
export const COUNT_GPU = `
  globalThis.dispatches = 0;
  globalThis.submissions = 0;
  globalThis.computing = 0;
  let submitted = 0;
  if (globalThis.GPUQueue) {
    const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...groups) {
      dispatches += 1;
      return dispatchWorkgroups.apply(this, groups);
    };
    const { submit } = GPUQueue.prototype;
    GPUQueue.prototype.submit = function (...buffers) {
      submissions += 1;
      if (dispatches > submitted) computing += 1;
      submitted = dispatches;
      return submit.apply(this, buffers);
    };
  }`;

/**
 * The built page under a folder, as a host would have it.
 * @param {Record<string, string>} [pages] More pages, by path.
 * @param {string} [dist] The folder that is served.
 */
export async function serve(pages = {}, dist = DIST) {
  const server = createServer((request, response) => {
    if (state.off) {
      request.socket.destroy();
      return;
    }
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    if (path in pages) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(pages[path]);
      return;
    }
    const inside = path.startsWith('/some/folder/') ? path.slice('/some/folder/'.length) : null;
    const file = inside === null ? null : join(state.dist, normalize(inside || 'index.html'));
    const found = file?.startsWith(state.dist) ? statSync(file, { throwIfNoEntry: false }) : null;
    if (!file || !found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[/** @type {keyof TYPES} */ (extname(file))] ?? 'application/octet-stream',
      'content-length': found.size,
      // As hosts of static pages do: a module script of another origin needs it.
      'access-control-allow-origin': '*',
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = `http://localhost:${port}`;
  const state = {
    origin,
    /** The folder that is served: another one is a deployment. */
    dist,
    /** Whether nobody answers, as without a network. */
    off: false,
    url: (/** @type {string} */ query = '') => `${origin}/some/folder/${query}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

/**
 * A server and a browser for the tests of a file, which end with them.
 * @param {{ pages?: Record<string, string>, gpu?: boolean }} [options] As `serve` and `launch` have them.
 */
export async function stage({ pages, gpu } = {}) {
  const server = await serve(pages);
  after(() => server.close());
  const browser = await launch({ gpu });
  after(() => browser.close());
  return { server, browser };
}

/** @param {{ gpu?: boolean }} [options] */
export function launch({ gpu = false } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROME ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--disable-background-networking',
      ...(gpu ? GPU_FLAGS : ['--disable-gpu']),
    ],
  });
}

/**
 * Opens the page and waits until it can train. What it logs as an error is kept. A browser opens it
 * without its service worker and its policy, which would refuse what `waitForFunction` is made of;
 * a context as the context says.
 * @param {import('playwright-core').Browser | import('playwright-core').BrowserContext} browser
 * @param {string} url
 */
export async function open(browser, url) {
  const page = 'newContext' in browser
    ? await browser.newPage({ serviceWorkers: 'block', bypassCSP: true })
    : await browser.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  await ready(page);
  await rendered(page);
  return { page, errors };
}

/** Waits until the page can train. @param {import('playwright-core').Page} page */
export async function ready(page) {
  await eventually(page, 'Boolean(window.grokking)');
  await page.evaluate('window.grokking.ready');
}

/**
 * Waits until an expression is true in the page. Asked from here: a page with a policy refuses to
 * evaluate strings by itself.
 * @param {import('playwright-core').Page | import('playwright-core').Frame} page @param {string} expression
 */
export async function eventually(page, expression, timeout = 60_000) {
  const end = Date.now() + timeout;
  // A page that is being replaced by another cannot be asked.
  const isTrue = () => page.evaluate(expression).catch((error) => {
    if (/context was destroyed|navigation/.test(error.message)) return false;
    throw error;
  });
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`not true within ${timeout / 1000} s: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the page's state fulfils a condition on `state`, written in JavaScript. */
export async function until(
  /** @type {import('playwright-core').Page} */ page,
  /** @type {string} */ condition,
  timeout = 60_000,
) {
  await eventually(page, `Boolean(((state) => ${condition})(window.grokking.state()))`, timeout);
  await rendered(page);
}

/**
 * Waits until a page has so many workers. One that was ended is told of later than the page says so.
 * @param {import('playwright-core').Page} page @param {number} count
 */
export async function workers(page, count, timeout = 10_000) {
  const end = Date.now() + timeout;
  while (page.workers().length !== count) {
    if (Date.now() > end) throw new Error(`${page.workers().length} workers after ${timeout / 1000} s, and not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Ends the worker that trains as a panic of its wasm does, and waits for what the page says.
 * @param {import('playwright-core').Page} page @param {string} notice
 */
export async function kill(page, notice) {
  await page.workers()[page.workers().length - 1].evaluate(`globalThis.onPanic('a test ended it')`);
  await page.waitForFunction(`document.querySelector('.notices').textContent.includes(${JSON.stringify(notice)})`);
}

/** The page shows a state one frame after it has it. @param {import('playwright-core').Page} page */
const rendered = (page) => frames(page, 2);

/** Waits until the page has drawn so many frames. @param {import('playwright-core').Page} page @param {number} count */
export function frames(page, count) {
  return page.evaluate(`new Promise((done) => {
    let left = ${count};
    const frame = () => (left-- > 0 ? requestAnimationFrame(frame) : done());
    frame();
  })`);
}

/**
 * Waits until an expression has given the same value for thirty frames: half a second in which what
 * moves would have moved.
 * @param {import('playwright-core').Page} page @param {string} expression A value of JSON.
 */
export async function still(page, expression, timeout = 60_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const before = JSON.stringify(await page.evaluate(expression));
    await frames(page, 30);
    if (JSON.stringify(await page.evaluate(expression)) === before) return;
    if (Date.now() > end) throw new Error(`it never rests: ${expression}`);
  }
}

/**
 * Types over what is in a field, key by key, as a person does.
 * @param {import('playwright-core').Page} page @param {string} selector @param {string} text
 */
export async function type(page, selector, text) {
  await page.click(selector);
  // Under load what is above it may grow between finding its place and the click.
  await page.focus(selector);
  await page.keyboard.press('ControlOrMeta+a');
  if (text === '') await page.keyboard.press('Delete');
  await page.keyboard.type(text);
}

/**
 * Opens a figure of the laboratory by its address, as a link to it does, and waits until it is there.
 * @param {import('playwright-core').Page} page @param {string} id
 */
export async function openFigure(page, id) {
  await page.evaluate(`location.hash = ${JSON.stringify(id)}`);
  await page.waitForSelector(`#${id}.figure`);
}
