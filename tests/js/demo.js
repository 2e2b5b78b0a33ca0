// A demo without its page, for tests.

import { readFile } from 'node:fs/promises';
import { createApi } from '../../www/js/api.js';
import { createCore } from '../../www/js/core.js';
import { parse } from '../../www/js/run/url.js';
import { fakeFrames, settled } from './fake.js';

const SHIPPED = new URL('../../www/recordings/train-adamw.grok', import.meta.url);

/** @param {import('node:test').TestContext} t @param {string} [query] @param {object} [options] */
export function demo(t, query = '?backend=cpu', options = {}) {
  const frames = fakeFrames();
  const core = createCore(parse(query), { frames, ...options });
  t.after(() => core.destroy());
  return { core, frames, api: createApi(core), state: () => core.store.get() };
}

/** @param {import('node:test').TestContext} t @param {string} [query] */
export async function opened(t, query) {
  const all = demo(t, query);
  all.core.begin();
  await settled();
  return all;
}

/** Serves the files of the page from the disk. @param {Record<string, () => Response>} [others] */
export function serveFiles(others = {}) {
  globalThis.fetch = /** @type {any} */ (async (/** @type {URL | string} */ url) => {
    const path = String(url);
    const other = Object.keys(others).find((end) => path.endsWith(end));
    if (other) return others[other]();
    if (path.endsWith('first.grok')) return new Response(await readFile(SHIPPED));
    return new Response('', { status: 404 });
  });
}

/** What the notices say. */
export const texts = (/** @type {ReturnType<typeof demo>['state']} */ state) => state().notices.map(({ text }) => text);
