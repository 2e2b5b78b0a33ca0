// Pages of authors who embed the demo: of another origin, with the policies, sheets and decks that they have.

import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack } from '../../packages/embed/pack.js';

const REVEAL = fileURLToPath(new URL('../../node_modules/reveal.js/dist', import.meta.url));
const TYPES = /** @type {Record<string, string>} */ ({ html: 'text/html', js: 'text/javascript', mjs: 'text/javascript', css: 'text/css', png: 'image/png' });

/**
 * Serves pages by name, each with its headers; `/reveal/…` is the package.
 * @param {Record<string, { body: string | Buffer, headers?: Record<string, string> }>} pages
 */
export async function author(pages) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    const type = { 'content-type': TYPES[path.split('.').pop() ?? ''] ?? 'application/octet-stream' };
    const page = pages[path.slice(1)];
    const file = path.startsWith('/reveal/') ? join(REVEAL, normalize(path.slice('/reveal'.length))) : '';
    if (page) response.writeHead(200, { ...type, ...page.headers }).end(page.body);
    else if (file && statSync(file, { throwIfNoEntry: false })?.isFile()) createReadStream(file).pipe(response.writeHead(200, type));
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: (/** @type {string} */ name) => `http://127.0.0.1:${port}/${name}`,
    /** Another page, once addresses are known. @param {string} name @param {string | Buffer} body @param {Record<string, string>} [headers] */
    add(name, body, headers) {
      pages[name] = { body, headers };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Small enough to train in no time. */
export const TINY = 'preset="quick" modulus="11" width="16" batch="40"';

/** Writes down what an element tells, as `told`. */
export const LISTEN = `
  globalThis.told = [];
  for (const demo of document.querySelectorAll('grokking-demo')) {
    for (const name of ['ready', 'status', 'evaluated', 'memorised', 'generalised', 'error']) {
      demo.addEventListener(name, ({ detail }) => told.push([demo.id, name, detail]));
    }
  }`;

/** @param {string} demo Where the demo lies. @param {string} body @param {string} [head] */
export const plain = (demo, body, head = '') => `<!doctype html><html lang="en"><title>A post</title>${head}
<script type="module" src="${demo}embed.js"></script>
<body>${body}<script type="module">${LISTEN}</script>`;

/** A policy that allows what an embedding needs, and nothing else. @param {string} origin Of the demo. */
export const POLICY = (origin) => [
  "default-src 'none'", `script-src ${origin}/some/folder/embed.js 'nonce-listen'`, `frame-src ${origin}`,
  "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
].join('; ');

/** What an author's sheet may do to everything on its page. */
export const HOSTILE = `
  * { all: unset !important }
  * { font: 40px/3 fantasy !important; letter-spacing: 1em !important; text-transform: uppercase !important }
  iframe, div, p, a { display: inline !important; width: 3px !important; height: 3px !important; opacity: 0.1 !important }`;

/** A deck of slides with a demo on the second one. @param {string} demo Where the demo lies. @param {string} transition */
export const deck = (demo, transition) => `<!doctype html><html lang="en"><title>A lecture</title>
<link rel="stylesheet" href="/reveal/reveal.css"><link rel="stylesheet" href="/reveal/theme/white.css">
<script type="module" src="${demo}embed.js"></script>
<div class="reveal"><div class="slides">
  <section><h2>Before</h2></section>
  <section><grokking-demo id="demo" ${TINY} budget="1000000" stop="budget" autoplay="visible" view="table curves" controls="run" height="360"></grokking-demo></section>
  ${'<section><h2>After</h2></section>'.repeat(9)}
</div></div>
<script type="module">${LISTEN}
import Reveal from '/reveal/reveal.mjs';
globalThis.deck = new Reveal({ transition: '${transition}', hash: true });
await deck.initialize();
globalThis.isDeck = true;</script>`;

/** The element out of its package. */
export function packed() {
  const folder = mkdtempSync(join(tmpdir(), 'grokking-packed-'));
  try {
    return execFileSync('tar', ['-xzOf', pack(folder), 'package/embed.js']);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
