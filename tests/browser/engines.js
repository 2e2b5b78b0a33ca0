// Three browsers behind four calls: what a test of all of them needs, and no more.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { launch } from './harness.js';

const VIEWPORT = { width: 1280, height: 800 };
/** Key codes of WebDriver. */
const KEYS = { Home: '\uE011', Enter: '\uE007' };

/** Where Debian has it on this kind of machine. */
const MACHINE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const MINIBROWSER = ['4.1', '4.0']
  .map((version) => `/usr/lib/${MACHINE}-linux-gnu/webkit2gtk-${version}/MiniBrowser`)
  .find((path) => existsSync(path));

/**
 * @typedef {object} Engine
 * @property {(url: string) => Promise<unknown>} goto Waits for the page's load.
 * @property {(expression: string) => Promise<any>} evaluate A value of JSON; promises are awaited.
 * @property {(selector: string) => Promise<unknown>} click As a person does.
 * @property {(selector: string, key: keyof typeof KEYS) => Promise<unknown>} press
 * @property {() => Promise<void>} close
 */

/** @type {Record<string, () => Promise<Engine>>} */
export const ENGINES = { chromium, firefox, webkit };

async function chromium() {
  const browser = await launch();
  const context = await browser.newContext({ viewport: VIEWPORT, serviceWorkers: 'block' });
  const page = await context.newPage();
  return {
    goto: (/** @type {string} */ url) => page.goto(url),
    evaluate: (/** @type {string} */ expression) => page.evaluate(expression),
    click: (/** @type {string} */ selector) => page.click(selector),
    press: (/** @type {string} */ selector, /** @type {string} */ key) => page.press(selector, key),
    close: () => browser.close(),
  };
}

/** @param {Record<string, boolean>} [preferences] */
export async function firefox(preferences = {}) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: preferences,
    protocolTimeout: 300_000,
    defaultViewport: VIEWPORT,
  });
  const page = await browser.newPage();
  return {
    goto: (/** @type {string} */ url) => page.goto(url),
    evaluate: (/** @type {string} */ expression) => page.evaluate(expression),
    click: (/** @type {string} */ selector) => page.click(selector),
    press: async (/** @type {string} */ selector, /** @type {keyof typeof KEYS} */ key) => {
      await page.focus(selector);
      await page.keyboard.press(key);
    },
    close: () => browser.close(),
  };
}

/** WebKitGTK's own browser, by plain WebDriver: its driver has one session and speaks HTTP. */
async function webkit() {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'grokking-webkit-'));
  const driver = spawn('xvfb-run', ['-a', process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver', `--port=${port}`], {
    // A group of its own, which ends with the X server that `xvfb-run` starts.
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOME: home, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  });
  const ended = new Promise((resolve) => driver.once('exit', resolve));
  const ask = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body = undefined) => {
    const response = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method,
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = /** @type {any} */ (await response.json());
    if (!response.ok) throw new Error(`WebKit: ${value?.error}: ${value?.message}`);
    return value;
  };
  const stop = async () => {
    if (driver.pid && driver.exitCode === null) process.kill(-driver.pid, 'SIGTERM');
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  await answers(port);
  const options = { binary: process.env.WEBKIT ?? MINIBROWSER, args: ['--automation'] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
  const { sessionId } = await ask('POST', '', { capabilities }).catch(async (error) => {
    await stop();
    throw error;
  });
  const call = (/** @type {string} */ path, /** @type {unknown} */ body) => ask('POST', `/${sessionId}${path}`, body);
  await call('/timeouts', { script: 300_000, pageLoad: 60_000 });
  await call('/window/rect', VIEWPORT);
  const element = async (/** @type {string} */ selector) =>
    Object.values(await call('/element', { using: 'css selector', value: selector }))[0];
  return {
    goto: (/** @type {string} */ url) => call('/url', { url }),
    evaluate: async (/** @type {string} */ expression) => {
      const script = `const done = arguments[arguments.length - 1];
        Promise.resolve(${expression}).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const { value, error } = await call('/execute/async', { script, args: [] });
      if (error) throw new Error(error);
      return value;
    },
    click: async (/** @type {string} */ selector) => call(`/element/${await element(selector)}/click`, {}),
    press: async (/** @type {string} */ selector, /** @type {keyof typeof KEYS} */ key) =>
      call(`/element/${await element(selector)}/value`, { text: KEYS[key] }),
    close: async () => {
      await ask('DELETE', `/${sessionId}`).catch(() => {}); // A browser that has gone is closed.
      await stop();
    },
  };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a driver answers. @param {number} port */
async function answers(port) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const up = await fetch(`http://127.0.0.1:${port}/status`).then(({ ok }) => ok, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('WebKitWebDriver did not answer within 20 s');
}
