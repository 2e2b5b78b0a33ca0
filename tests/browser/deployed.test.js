// The page as it is deployed: its files, its policy, what it asks of the network, and without one.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DIST, buildOf, eventually, frames, launch, open, ready, serve, until } from './harness.js';

const OUTSIDE = ['embed.js', 'index.html', 'social.png', 'sw.js'];
const FIGURES = ['structure', 'clock', 'neurons', 'cut', 'gauge', 'points', 'sharpness', 'compare', 'fork', 'precision', 'sweep', 'recordings', 'mask', 'settings'];
/** What `cargo xtask serve` serves: not stamped. */
const UNSTAMPED = 'dev';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const index = readFileSync(join(DIST, 'index.html'), 'utf8');
/** @param {import('playwright-core').Page} page @returns {Promise<string>} */
const build = (page) => page.evaluate(`document.querySelector('meta[name="build"]').content`);
/** @param {import('playwright-core').Page} page */
const kept = (page) => eventually(page, 'Boolean(navigator.serviceWorker.controller)');

/** Trains a few steps by the page's main button. @param {import('playwright-core').Page} page */
async function train(page) {
  const run = page.locator('.transport button[data-control="run"]');
  await run.click();
  await until(page, 'state.status === "running" && state.step >= 20');
  await run.click();
  await until(page, 'state.status === "paused"');
}

/** The built page with another id. @param {string} id */
function another(id) {
  const folder = mkdtempSync(join(tmpdir(), 'grokking-'));
  const own = buildOf();
  cpSync(DIST, folder, { recursive: true });
  if (id !== UNSTAMPED) renameSync(join(folder, own), join(folder, id));
  for (const name of ['index.html', 'sw.js']) {
    const text = readFileSync(join(folder, name), 'utf8');
    const stamped = id === UNSTAMPED ? text.replace(`name="build" content="${own}"`, 'name="build" content="dev"')
      : text.replaceAll(own, id);
    writeFileSync(join(folder, name), stamped);
  }
  return folder;
}

test('only what keeps its address lies outside of the build', () => {
  const id = buildOf();
  const outside = readdirSync(DIST).filter((name) => name !== id);
  assert.deepEqual(outside.filter((name) => !OUTSIDE.includes(name)), []);
  const addresses = [...index.matchAll(/(?:href|src)="\.\/([^"?#]+)"/g)].map((match) => match[1]);
  assert.ok(addresses.length > 20, 'the page names its modules');
  for (const address of addresses) {
    assert.ok(address.startsWith(`${id}/`), `${address} is addressed by its build`);
    assert.ok(statSync(join(DIST, address)).isFile());
  }
});

test('what the first screen loads is named in the page, and nothing is found late', async (t) => {
  const server = await serve();
  t.after(() => server.close());
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.replace('/some/folder/', '')));
  await page.goto(server.url());
  // Until it has moved, and the chart is drawn, which has a wasm of its own.
  await eventually(page, 'window.grokking?.store.get().run.scrub > 0');
  await eventually(page, `(() => {
    const canvas = document.querySelector('.curves canvas');
    return canvas.width > 0 && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
  })()`);
  assert.ok(asked.some((path) => path.endsWith('/page_bg.wasm')), 'the chart is drawn by its wasm');
  // The trainer, and what it imports, comes when the recording has been seen to move.
  const worker = readFileSync(join(DIST, buildOf(), 'js/worker/worker.js'), 'utf8');
  const modules = [...worker.matchAll(/from '\.\/(\w+\.js)'/g)].map((match) => match[1]);
  const trainer = new RegExp(`/js/worker/(${['worker.js', ...modules].join('|')})$|/worker[^/]*$`);
  // With it what it is given, and what looks for a run that was left.
  const resting = /\/js\/(worker\/(opening|speed)|keep|run\/(kept|limit)|text\/keep|lab\/archive)\.js$/;
  const late = asked.filter((path) => path && !index.includes(`"./${path}"`) && !trainer.test(path) && !resting.test(path));
  assert.deepEqual(late, []);
  await context.close();
});

test('a whole visit breaks no rule of the policy and asks nothing of other origins', async (t) => {
  // One script is in the page, whose hash the policy has.
  const [whole = '', script = ''] = /<script>([^]*?)<\/script>/.exec(index) ?? [];
  assert.ok(index.includes(`'sha256-${createHash('sha256').update(script).digest('base64')}'`), script);
  assert.doesNotMatch(index.replace(whole, ''), /'unsafe-|<script(?![^>]*\ssrc=)[^>]*>|\sstyle=|\son[a-z]+=/);
  const server = await serve();
  t.after(() => server.close());
  const context = await browser.newContext({ serviceWorkers: 'allow' });
  /** @type {string[]} */
  const broken = [];
  /** @type {Set<string>} */
  const origins = new Set();
  await context.exposeFunction('brokenRule', (/** @type {string} */ rule) => broken.push(rule));
  await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    brokenRule(event.violatedDirective + ' ' + event.blockedURI))`);
  context.on('console', (message) => {
    if (/content security policy/i.test(message.text())) broken.push(message.text());
  });
  context.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url())) origins.add(new URL(request.url()).origin);
  });
  const { page, errors } = await open(context, server.url());
  await train(page);
  for (const figure of FIGURES) {
    await page.evaluate(`location.hash = '#${figure}'`);
    await eventually(page, `window.grokking.store.get().open === '${figure}'`);
    await page.locator(`#${figure}`).waitFor({ state: 'visible' });
  }
  await page.evaluate(`window.grokking.actions.replay('train-muon.grok')`);
  await eventually(page, `window.grokking.store.get().run.recording?.file === 'train-muon.grok'`);
  await kept(page);
  assert.deepEqual(broken, []);
  assert.deepEqual(errors, []);
  assert.deepEqual([...origins], [server.origin]);

  // The policy is there: what it forbids is refused.
  await page.evaluate(`document.body.setAttribute('style', 'margin: 0')`);
  await page.evaluate(`fetch('https://example.org/').catch(() => {})`);
  for (const directive of ['style-src', 'connect-src']) {
    for (let turn = 0; turn < 100 && !broken.join('\n').includes(directive); turn += 1) await frames(page, 1);
    assert.ok(broken.join('\n').includes(directive), `${directive}: ${broken}`);
  }
  await context.close();
});

test('after one visit the page works without a network', async (t) => {
  const server = await serve();
  t.after(() => server.close());
  const context = await browser.newContext({ serviceWorkers: 'allow' });
  const { page } = await open(context, server.url());
  await kept(page);
  server.off = true;
  await page.reload();
  await ready(page);
  await train(page);
  const worker = `${server.url()}${buildOf()}/js/worker/worker.js?backend=webgpu`;
  assert.equal(await page.evaluate(`fetch('${worker}').then(({ url }) => url)`), worker);
  const other = await open(context, server.url('?modulus=23&seed=7'));
  assert.equal(await other.page.evaluate('window.grokking.state().config.modulus'), 23);
  await train(other.page);
  assert.deepEqual(other.errors, []);
  await context.close();
});

test('an update replaces all of the page at once, and only when it is asked for', async (t) => {
  const newer = another('0123456789abcdef');
  t.after(() => rmSync(newer, { recursive: true }));
  const server = await serve();
  t.after(() => server.close());
  const context = await browser.newContext({ serviceWorkers: 'allow' });
  const { page } = await open(context, server.url());
  await kept(page);
  server.dist = newer;

  await page.reload();
  const notice = page.locator('.notices [role=alert]', { hasText: 'newer version' });
  await notice.waitFor();
  assert.equal(await build(page), buildOf());
  await train(page);
  // The host has the old build no more, the page has all of it.
  const old = await page.evaluate(`fetch('./${buildOf()}/js/worker/worker.js').then(({ status }) => status)`);
  assert.equal(old, 200);

  /** @type {string[]} */
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    return dialog.accept();
  });
  await notice.getByRole('button', { name: /reload/i }).click();
  await eventually(page, `document.querySelector('meta[name="build"]')?.content === '0123456789abcdef'`);
  await ready(page);
  await train(page);
  await eventually(page, `caches.keys().then((names) => names.length === 1 && names[0].endsWith('0123456789abcdef'))`);
  assert.deepEqual(asked, ['beforeunload'], 'steps would be lost');
  await context.close();
});

test('a page that is being developed is not kept', async (t) => {
  const folder = another(UNSTAMPED);
  t.after(() => rmSync(folder, { recursive: true }));
  const server = await serve({}, folder);
  t.after(() => server.close());
  const context = await browser.newContext({ serviceWorkers: 'allow' });
  const { page } = await open(context, server.url());
  await page.waitForLoadState('load');
  assert.equal(await page.evaluate('navigator.serviceWorker.getRegistrations().then((all) => all.length)'), 0);
  await context.close();
});
