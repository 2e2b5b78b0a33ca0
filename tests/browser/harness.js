// Serves a built page and opens it in a real Chromium.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const DIST = process.env.DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** Software WebGPU: slow, and right. */
export const GPU_FLAGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** A script that counts what is asked of graphics cards, in two global variables. */
export const COUNT_GPU = `
  globalThis.dispatches = 0;
  globalThis.submissions = 0;
  if (globalThis.GPUQueue) {
    const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...groups) {
      dispatches += 1;
      return dispatchWorkgroups.apply(this, groups);
    };
    const { submit } = GPUQueue.prototype;
    GPUQueue.prototype.submit = function (...buffers) {
      submissions += 1;
      return submit.apply(this, buffers);
    };
  }`;

/**
 * The built page under a folder, as a host would have it.
 * @param {Record<string, string>} [pages] More pages, by path.
 */
export async function serve(pages = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    if (path in pages) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(pages[path]);
      return;
    }
    const inside = path.startsWith('/some/folder/') ? path.slice('/some/folder/'.length) : null;
    const file = inside === null ? null : join(DIST, normalize(inside || 'index.html'));
    if (!file || !file.startsWith(DIST) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[/** @type {keyof TYPES} */ (extname(file))] ?? 'application/octet-stream',
      'content-length': statSync(file).size,
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = `http://localhost:${port}`;
  return {
    origin,
    url: (/** @type {string} */ query = '') => `${origin}/some/folder/${query}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
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
 * Opens the page and waits until it can train. What it logs as an error is kept.
 * @param {import('playwright-core').Browser | import('playwright-core').BrowserContext} browser
 * @param {string} url
 */
export async function open(browser, url) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  await page.waitForFunction('window.grokking');
  await page.evaluate('window.grokking.ready');
  await rendered(page);
  return { page, errors };
}

/** Waits until the page's state fulfils a condition on `state`, written in JavaScript. */
export async function until(
  /** @type {import('playwright-core').Page} */ page,
  /** @type {string} */ condition,
  timeout = 60_000,
) {
  await page.waitForFunction(`((state) => ${condition})(window.grokking.state())`, null, {
    timeout,
    polling: 100,
  });
  await rendered(page);
}

/**
 * Ends the worker that trains as a panic of its wasm does, and waits for what the page says.
 * @param {import('playwright-core').Page} page @param {string} notice
 */
export async function kill(page, notice) {
  await page.workers()[page.workers().length - 1].evaluate(`globalThis.onPanic('a test ended it')`);
  await page.waitForFunction(`document.querySelector('#notices').textContent.includes(${JSON.stringify(notice)})`);
}

/** The page shows a state one frame after it has it. @param {import('playwright-core').Page} page */
function rendered(page) {
  return page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}
