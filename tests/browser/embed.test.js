// The element in pages of others: another origin, a policy, a deck, hostile sheets.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HOSTILE, LISTEN, POLICY, TINY, author, deck, packed, plain } from './authors.js';
import { eventually, launch, serve } from './harness.js';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {Awaited<ReturnType<typeof author>>} */
let host;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  server = await serve();
  host = await author({});
  browser = await launch();
});
after(async () => {
  await browser.close();
  await host.close();
  await server.close();
});

/** @typedef {import('playwright-core').Page} Page */

/**
 * Opens an author's page; what it logs as an error is kept.
 * @param {string} body @param {{ headers?: Record<string, string>, viewport?: { width: number, height: number } }} [options]
 */
async function visit(body, { headers, viewport = { width: 900, height: 700 } } = {}) {
  host.add('post.html', body, headers);
  const context = await browser.newContext({ viewport, serviceWorkers: 'block' });
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(host.url('post.html'));
  return { page, errors };
}

/** The demo of an element, by its id. @param {string} id */
const at = (id) => `document.getElementById('${id}')`;
/** Whether an element told it. @param {string} id @param {string} name @param {string} [condition] On its detail. */
const told = (id, name, condition = 'true') =>
  `told.some(([id, name, detail]) => id === '${id}' && name === '${name}' && (${condition}))`;
/** The last status that an element told. @param {string} id */
const status = (id) => `told.filter(([id, name]) => id === '${id}' && name === 'status').at(-1)?.[2]`;
/** The frame of an element has no scroll bar and nothing below it. @param {Page} page @param {number} [which] */
const framed = (page, which = 0) => page.frames().filter((frame) => frame.parentFrame() === page.mainFrame())[which];

test('on another origin, with a policy of its own, it trains and tells', async () => {
  const demo = server.url();
  const element = `<grokking-demo id="a" ${TINY} weight-decay="2" autoplay="visible" view="table curves" controls="run scrub"></grokking-demo>`;
  const body = plain(demo, element).replace(/<script type="module">/, '<script type="module" nonce="listen">');
  const { page, errors } = await visit(body, { headers: { 'content-security-policy': POLICY(server.origin) } });
  await eventually(page, told('a', 'ready', 'detail.config.modulus === 11'));
  await eventually(page, told('a', 'status', "detail === 'running'"));
  await eventually(page, told('a', 'evaluated', 'detail.step > 20'));
  await page.evaluate(`${at('a')}.pause()`);
  await eventually(page, `${status('a')} === 'paused'`);
  const [first, last] = /** @type {any[]} */ (await page.evaluate(`(async () => {
    const from = await ${at('a')}.state();
    await Promise.all([${at('a')}.step(300), ${at('a')}.step(300)]);
    return [from, await ${at('a')}.state()];
  })()`));
  assert.equal(last.step, first.step + 600);
  const table = /** @type {any} */ (await page.evaluate(`${at('a')}.table().then(({ size, answer }) => [size, answer.constructor.name, answer.length])`));
  assert.deepEqual(table, [11, 'Uint16Array', 121]);
  const refused = await page.evaluate(`${at('a')}.start({ modulus: 98 }).catch((error) => [error instanceof Error, error.code, error.message])`);
  assert.deepEqual(refused, [true, 'setting', '`modulus` cannot be `98`: allowed is a prime from 3 to 199']);
  assert.equal(await page.evaluate(`${at('a')}.state().then(({ step }) => step)`), last.step, 'and the run stays');
  assert.deepEqual(errors, []);

  // As the demo writes it: without what the preset has anyway.
  const href = String(await page.evaluate(`${at('a')}.href`));
  assert.equal(href, `${demo}?v=1&preset=quick&modulus=11&width=16&batch=40`);
  await page.context().close();
});

test('it is as high as what it shows, at any width, without a scroll bar', async (t) => {
  const { page } = await visit(plain(server.url(), `<grokking-demo id="a" ${TINY} view="table curves" controls="run scrub"></grokking-demo>`));
  await eventually(page, told('a', 'ready'));
  for (const width of [900, 640, 360]) {
    await page.setViewportSize({ width, height: 700 });
    await page.waitForTimeout(600);
    const frame = framed(page);
    const [inner, content] = /** @type {number[]} */ (await frame.evaluate('[innerHeight, document.documentElement.scrollHeight]'));
    t.diagnostic(`${width} px wide: ${inner} px high`);
    assert.ok(content <= inner, `at ${width} px: ${content} px in a frame of ${inner}`);
    assert.ok(inner < 1200, `at ${width} px it has ${inner} px`);
  }
  await page.context().close();
});

test('a wrong attribute is told in words, and the demo lives', async () => {
  const { page } = await visit(plain(server.url(), `<grokking-demo id="a" ${TINY} depth="3" view="graph" theme="blue"></grokking-demo>`));
  await eventually(page, told('a', 'ready'));
  const errors = /** @type {any[]} */ (await page.evaluate(`told.filter(([, name]) => name === 'error').map(([, , detail]) => detail)`));
  assert.match(errors.map(({ code, message }) => `${code}: ${message}`).sort().join('\n'),
    /^attribute: `theme` cannot be `blue`: allowed is auto, light, dark, host\nlink: there is no setting `depth`: there is operation, .*\nlink: there is no view `graph`: there is table, curves, /);
  assert.match(String(await page.evaluate(`${at('a')}.shadowRoot.querySelector('[role=alert]').textContent`)), /`theme` cannot be `blue`/);
  assert.match(String(await framed(page).evaluate(`document.querySelector('.notices').textContent`)), /there is no view `graph`/);
  await page.evaluate(`${at('a')}.step(3)`);
  await page.context().close();
});

test('two on one page know nothing of each other', async () => {
  const two = `<grokking-demo id="a" ${TINY} seed="1" height="300"></grokking-demo><grokking-demo id="b" ${TINY} seed="2" height="300"></grokking-demo>`;
  const { page } = await visit(plain(server.url(), two));
  await eventually(page, `${told('a', 'ready')} && ${told('b', 'ready')}`);
  await page.evaluate(`Promise.all([${at('a')}.step(3), ${at('b')}.step(5)])`);
  const states = await page.evaluate(`Promise.all([${at('a')}.state(), ${at('b')}.state()]).then((states) => states.map(({ step, config }) => [step, config.seed]))`);
  assert.deepEqual(states, [[3, 1], [5, 2]]);
  await page.evaluate(`${at('a')}.remove()`);
  await page.evaluate(`${at('b')}.step(1)`);
  await page.context().close();
});

test('neither a sheet that unsets everything nor a page from right to left reaches into it', async () => {
  const hostile = plain(server.url(), `<grokking-demo id="a" ${TINY} view="table curves" controls="run"></grokking-demo>`, `<style>${HOSTILE}</style>`)
    .replace('<html lang="en">', '<html lang="ar" dir="rtl">');
  const { page } = await visit(hostile);
  // Below the page's title and scripts, which are text here.
  await page.evaluate(`${at('a')}.scrollIntoView()`);
  await eventually(page, told('a', 'ready'));
  await page.waitForTimeout(300);
  const { frame, link, direction, size, opacity, spacing } = /** @type {any} */ (await page.evaluate(`(() => {
    const root = ${at('a')}.shadowRoot;
    const [frame, link] = ['iframe', 'a'].map((name) => root.querySelector(name));
    const { direction, fontSize, letterSpacing } = getComputedStyle(link);
    const box = (node) => { const { width, height } = node.getBoundingClientRect(); return { width, height }; };
    return { frame: box(frame), link: box(link), direction, size: fontSize, opacity: getComputedStyle(frame).opacity, spacing: letterSpacing };
  })()`));
  assert.ok(frame.width > 800 && frame.height > 250, `the frame has ${frame.width} x ${frame.height}`);
  assert.ok(link.width < 150 && link.height < 40, `the link has ${link.width} x ${link.height}`);
  assert.deepEqual([direction, size, opacity, spacing], ['ltr', '12px', '1', 'normal']);
  await page.evaluate(`${at('a')}.step(2)`);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/hostile.png` });
  await page.context().close();
});

test('it loads when it comes near, trains while it is seen, and unseen only if it may', async () => {
  const far = '<div style="height: 4000px"></div>';
  const run = `${TINY} budget="1000000" stop="budget" autoplay="visible" height="300"`;
  const { page } = await visit(plain(server.url(), `<grokking-demo id="a" ${run}></grokking-demo>${far}<grokking-demo id="b" ${run} when-hidden="run"></grokking-demo>`));
  await eventually(page, `${status('a')} === 'running'`);
  assert.equal(page.frames().length, 2, 'the one far below has not loaded');
  assert.equal(await page.evaluate(`${at('b')}.shadowRoot.querySelector('.poster') !== null`), true);
  await page.evaluate('scrollTo(0, 1e6)');
  await eventually(page, `${status('a')} === 'paused' && ${status('b')} === 'running'`);
  const rested = await page.evaluate(`${at('a')}.state().then(({ step }) => step)`);
  await page.evaluate('scrollTo(0, 0)');
  await eventually(page, `${status('a')} === 'running'`);
  assert.equal(await page.evaluate(status('b')), 'running', 'it may train unseen');
  await page.evaluate(`${at('a')}.style.visibility = 'hidden'`);
  await eventually(page, `${status('a')} === 'paused'`);
  await page.evaluate(`${at('a')}.style.visibility = ''`);
  await eventually(page, `${status('a')} === 'running'`);
  await page.evaluate(`${at('a')}.hidden = true`);
  await eventually(page, `${status('a')} === 'paused'`);
  assert.ok(Number(await page.evaluate(`${at('b')}.state().then(({ step }) => step)`)) > 0 && Number(rested) > 0);
  await page.context().close();
});

for (const transition of ['slide', 'fade']) {
  test(`a reveal.js deck with ${transition}s goes back and forth during a run`, async () => {
    host.add('deck.html', deck(server.url(), transition));
    const context = await browser.newContext({ viewport: { width: 960, height: 700 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.goto(host.url('deck.html'));
    await eventually(page, 'globalThis.isDeck === true');
    assert.equal(await page.evaluate(status('demo')), undefined);
    await page.keyboard.press('ArrowRight');
    await eventually(page, `${status('demo')} === 'running'`);
    await eventually(page, told('demo', 'evaluated', 'detail.step > 50'));
    let before = 0;
    for (const slide of [2, 1, 0, 1, 10, 1]) {
      await page.evaluate(`deck.slide(${slide})`);
      await eventually(page, `${status('demo')} === '${slide === 1 ? 'running' : 'paused'}'`);
      const step = Number(await page.evaluate(`${at('demo')}.state().then(({ step }) => step)`));
      assert.ok(step >= before, `it goes on where it was: ${before}, then ${step}`);
      before = step;
    }
    // After a click into the frame the keys are still the deck's.
    await framed(page).click('.table canvas');
    assert.equal(await page.evaluate('document.activeElement.id'), 'demo');
    await page.keyboard.press('ArrowRight');
    await eventually(page, 'deck.getIndices().h === 2');
    await context.close();
  });
}

test('a plain frame in a deck tells the keys that it leaves, as the recipe has it', async () => {
  const recipe = `addEventListener('message', ({ data, source }) => {
    if (data?.grokking !== 'event') return;
    if (data.name === 'hello') source.postMessage({ grokking: 'on', arguments: ['key'] }, '*');
    if (data.name === 'key') deck.triggerKey(data.value.keyCode);
  });`;
  const frame = `<iframe id="demo" src="${server.url('?preset=quick&amp;modulus=11&amp;width=16&amp;batch=40&amp;embed=1')}" width="640" height="360"></iframe>`;
  host.add('deck.html', deck(server.url(), 'none').replace(/<grokking-demo.*<\/grokking-demo>/, frame).replace('<script type="module">', `<script type="module">${recipe}`));
  const context = await browser.newContext({ viewport: { width: 960, height: 700 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${host.url('deck.html')}#/1`);
  await eventually(page, 'globalThis.isDeck === true && deck.getIndices().h === 1');
  await framed(page).waitForSelector('.table canvas');
  await framed(page).click('.table canvas');
  await page.keyboard.press('ArrowRight');
  await eventually(page, 'deck.getIndices().h === 2');
  await context.close();
});

test('1,000 random messages and 1,000 random attribute values leave it alive', async () => {
  const { page } = await visit(plain(server.url(), `<grokking-demo id="a" ${TINY} height="300"></grokking-demo>`));
  await eventually(page, told('a', 'ready'));
  await page.evaluate(`(async () => {
    let seed = 7;
    const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
    const values = [null, 0, -1, NaN, Infinity, '', 'x', '\\u0000', [], [1], {}, { seed: 'x' }, { modulus: 98 }, true, 2n, new Date(0), new Map(), new Uint8Array(9), ['status'], [{ width: 3 }], [[]], [null]];
    const names = ['start', 'run', 'pause', 'step', 'reset', 'pace', 'state', 'curves', 'table', 'on', 'off', 'visible', 'theme', 'event', '__proto__', 'constructor', 5, null, {}];
    const any = (list) => list[random(list.length)];
    const frame = ${at('a')}.shadowRoot.querySelector('iframe').contentWindow;
    for (let n = 0; n < 1000; n += 1) {
      const message = random(9) === 0 ? any(values) : { grokking: any(names), id: any(values), arguments: any(values), version: any([1, 1, 1, 2, null]), ...(random(9) === 0 ? { more: 1 } : {}) };
      frame.postMessage(message, '*');
    }
  })()`);
  // Behind all of them.
  await page.evaluate(`${at('a')}.pause()`);
  await page.evaluate(`${at('a')}.start({ preset: 'quick', modulus: 11, width: 16, batch: 40, seed: 3 })`);
  await page.evaluate(`${at('a')}.step(2).then(() => null)`);
  assert.equal(await page.evaluate(`${at('a')}.state().then(({ config }) => config.seed)`), 3);

  await page.evaluate(`(async () => {
    let seed = 11;
    const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
    const names = ['preset', 'recording', 'height', 'scale', 'view', 'controls', 'hide', 'origins', 'autoplay', 'when-hidden', 'theme', 'keys', 'seed', 'operation', 'train-fraction', 'poster', 'x-y', 'lang'];
    const values = ['', 'x', '0', '-1', '1e9', 'NaN', 'visible', 'run', 'dark', 'table curves', '\\u202e', '<b>', 'javascript:1', '%00', 'quick', 's5', 'a'.repeat(5000)];
    for (let n = 0; n < 1000; n += 1) {
      const name = names[random(names.length)];
      if (random(4) === 0) ${at('a')}.removeAttribute(name);
      else ${at('a')}.setAttribute(name, values[random(values.length)]);
      if (n % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 150));
    }
    for (const name of names) ${at('a')}.removeAttribute(name);
    ${at('a')}.setAttribute('seed', '4');
    ${at('a')}.setAttribute('preset', 'quick');
  })()`);
  await page.waitForTimeout(200);
  await page.evaluate(`${at('a')}.step(2)`);
  assert.deepEqual(await page.evaluate(`${at('a')}.state().then(({ step, config }) => [step, config.seed])`), [2, 4]);
  await page.context().close();
});

test('a message that comes before the demo is there waits for its answer', async () => {
  const { page } = await visit(`<!doctype html><title>A post</title><script>
    globalThis.answers = [];
    addEventListener('message', ({ data }) => answers.push(data));
  </script><iframe src="${server.url('?preset=quick&amp;modulus=11&amp;width=16&amp;batch=40&amp;embed=1')}" width="640" height="400"
    onload="this.contentWindow.postMessage({ grokking: 'state', id: 1 }, '*'); this.contentWindow.postMessage({ grokking: 'step', id: 2, arguments: 100 }, '*')"></iframe>`);
  await eventually(page, 'answers.filter(({ id }) => id).length === 2');
  const [refused, state] = /** @type {any[]} */ (await page.evaluate('answers.filter(({ id }) => id).sort((a, b) => b.id - a.id)'));
  assert.equal(state.result.config.modulus, 11);
  assert.deepEqual(refused.error, { code: 'argument', message: '`arguments` cannot be `100`: allowed is a list, such as [100]' });
  await page.context().close();
});

test('a page that is not around it cannot command it unless its origin is listed', async () => {
  host.add('other.html', `<!doctype html><title>Other</title><script>addEventListener('message', ({ data }) => (globalThis.answer = data))</script>`);
  const other = host.url('other.html').replace('127.0.0.1', 'localhost');
  for (const origins of ['', `&origins=${new URL(other).origin}`]) {
    const { page } = await visit(`<!doctype html><title>A post</title>
      <iframe src="${server.url(`?preset=quick&modulus=11&width=16&batch=40&embed=1${origins.replaceAll('&', '&amp;')}`)}" width="640" height="400"></iframe>
      <iframe src="${other}"></iframe>`);
    const [demo, stranger] = [framed(page, 0), framed(page, 1)];
    await stranger.evaluate(`parent[0].postMessage({ grokking: 'step', id: 1, arguments: [4] }, '*')`);
    await stranger.waitForFunction('globalThis.answer?.id === 1');
    const { error } = /** @type {any} */ (await stranger.evaluate('globalThis.answer'));
    assert.equal(error?.code, origins ? undefined : 'origin');
    assert.equal(await demo.evaluate('grokking.state().step'), origins ? 4 : 0);
    await page.context().close();
  }
});

test('three that rest cost no processor time, and one that was scrolled away neither', async (t) => {
  const demos = ['a', 'b', 'c'].map((id) => `<grokking-demo id="${id}" preset="quick" seed="1" width="16" height="160"></grokking-demo>`).join('');
  const { page } = await visit(plain(server.url(), `${demos}<div style="height: 4000px"></div>`));
  await eventually(page, ['a', 'b', 'c'].map((id) => told(id, 'ready')).join(' && '));
  // Each looks once how fast its computer is.
  await page.waitForTimeout(6_000);
  const idle = await share(4_000);
  t.diagnostic(`${(100 * idle).toFixed(1)} % of a core for three that rest`);
  assert.ok(idle < 0.1, `${(100 * idle).toFixed(0)} % of a core`);
  await page.evaluate(`${at('a')}.start({ preset: 'never', budget: 1e6, stop: 'budget' })`);
  await eventually(page, `${status('a')} === 'running'`);
  const busy = await share(2_000);
  await page.evaluate('scrollTo(0, 1e6)');
  await eventually(page, `${status('a')} === 'paused'`);
  await page.waitForTimeout(1_000);
  const away = await share(4_000);
  t.diagnostic(`${(100 * busy).toFixed(0)} % while one trains, ${(100 * away).toFixed(1)} % when it is scrolled away`);
  assert.ok(busy > 0.3 && away < 0.1, `${busy} and ${away} of a core`);
  await page.context().close();
});

/** Of a core, that the whole browser takes. @param {number} millis */
async function share(millis) {
  const session = await browser.newBrowserCDPSession();
  const seconds = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return new Map(processInfo.map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await seconds();
  await new Promise((resolve) => setTimeout(resolve, millis));
  const after = await seconds();
  await session.detach();
  return [...after].reduce((sum, [id, time]) => sum + time - (before.get(id) ?? time), 0) / (millis / 1000);
}

test("the packed file, on the author's own host, takes the address of the page", async () => {
  host.add('embed.js', packed());
  const { page, errors } = await visit(`<!doctype html><title>A post</title><script type="module" src="embed.js"></script>
    <grokking-demo id="a" src="${server.url()}" ${TINY} height="300"></grokking-demo><script type="module">${LISTEN}</script>`);
  await eventually(page, told('a', 'ready'));
  await page.evaluate(`${at('a')}.step(2)`);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('where the policy of a page forbids its frame it says so', async () => {
  const policy = `frame-src 'none'`;
  const { page } = await visit(plain(server.url(), `<grokking-demo id="a" ${TINY}></grokking-demo>`), { headers: { 'content-security-policy': policy } });
  const refused = await page.evaluate(`customElements.whenDefined('grokking-demo').then(() => ${at('a')}.run()).catch(({ code, message }) => [code, message])`);
  assert.match(String(refused), /^lost,no answer from http.*: it does not load, or this page may not frame it$/);
  await page.context().close();
});
