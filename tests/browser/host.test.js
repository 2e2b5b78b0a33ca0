// What hosts do to the element: they move it, take it away and put it back, load its frame again, write
// their colours as they like, and ask too much. In every browser that was asked for.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TINY, author, plain } from './authors.js';
import { ENGINES } from './engines.js';
import { serve } from './harness.js';

const asked = (process.env.BROWSERS ?? Object.keys(ENGINES).join(',')).split(',');

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {Awaited<ReturnType<typeof author>>} */
let host;
before(async () => {
  // A page of the same origin sees into its frame.
  server = await serve({ '/same.html': plain('/some/folder/', `<grokking-demo id="demo" ${TINY} height="300"></grokking-demo>`) });
  host = await author({});
});
after(async () => {
  await host.close();
  await server.close();
});

const DEMO = `document.getElementById('demo')`;
const FRAME = `${DEMO}.shadowRoot.querySelector('iframe')`;
/** Events of one name. @param {string} name */
const told = (name) => `told.filter(([, told]) => told === '${name}')`;

for (const name of asked) {
  describe(name, { timeout: 180_000 }, () => {
    /** @type {import('./engines.js').Engine} */
    let engine;
    before(async () => {
      engine = await ENGINES[name]();
    });
    after(() => engine.close());

    /** @param {string} expression */
    async function eventually(expression) {
      const end = Date.now() + 30_000;
      while (!(await engine.evaluate(expression))) {
        if (Date.now() > end) throw new Error(`not true within 30 s: ${expression}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }

    /** A page with a demo that is ready. @param {string} attributes @param {string} [head] */
    async function visit(attributes, head = '') {
      const element = `<div id="here"><grokking-demo id="demo" ${TINY} height="300" ${attributes}></grokking-demo></div><div id="there"></div>`;
      host.add('post.html', plain(server.url(), element, head));
      await engine.goto(host.url('post.html'));
      await eventually(`globalThis.told !== undefined && ${told('ready')}.length === 1`);
    }

    test('put elsewhere, or away and back, it is ready again', async () => {
      await visit('seed="1"');
      await engine.evaluate(`(() => {
        globalThis.outcome = 'none';
        ${DEMO}.step(1e6).catch(({ code }) => (outcome = code));
        document.getElementById('there').append(${DEMO});
      })()`);
      await eventually(`outcome === 'lost' && ${told('ready')}.length === 2`);
      await engine.evaluate(`${DEMO}.step(2).then(() => null)`);
      const left = await engine.evaluate(`(async () => {
        const demo = globalThis.taken = ${DEMO};
        demo.remove();
        return [demo.shadowRoot.querySelectorAll('iframe, .poster').length, await demo.state().catch(({ code }) => code)];
      })()`);
      assert.deepEqual(left, [0, 'lost']);
      await engine.evaluate(`document.getElementById('here').append(taken)`);
      await eventually(`${told('ready')}.length === 3`);
      assert.deepEqual(await engine.evaluate(`${told('error')}`), []);
    });

    test('its theme follows the words around it, however their colour is written', async () => {
      await visit('theme="host"', '<style>body { color: oklch(0.93 0.02 90); background: oklch(0.2 0.02 260) }</style>');
      assert.equal(await engine.evaluate(`new URL(${FRAME}.src).searchParams.get('theme')`), 'dark');
      for (const [colour, scheme] of [
        ['lab(15 5 5)', 'light'], ['color-mix(in oklab, white, navy 10%)', 'dark'], ['oklch(0.3 0.2 264)', 'light'],
        ['color(display-p3 0.9 1 0.9)', 'dark'], ['#333', 'light'], ['hsl(50 100% 90%)', 'dark'],
      ]) {
        await engine.evaluate(`document.body.style.color = ${JSON.stringify(colour)}`);
        await eventually(`${FRAME}.style.colorScheme === '${scheme}'`);
      }
    });

    test('a frame that is loaded again has its theme, and commands that were lost say so', async () => {
      await engine.goto(`${server.origin}/same.html`);
      await eventually(`globalThis.told !== undefined && ${told('ready')}.length === 1`);
      await engine.evaluate(`${DEMO}.theme = 'dark'`);
      const dark = `${FRAME}.contentDocument.querySelector('link[href$="dark.css"]')?.media === 'screen'`;
      await eventually(dark);
      await engine.evaluate(`(() => {
        globalThis.outcome = 'none';
        ${DEMO}.step(1e6).catch(({ code }) => (outcome = code));
        ${FRAME}.contentWindow.location.reload();
      })()`);
      await eventually(`${told('ready')}.length === 2 && outcome === 'lost'`);
      await eventually(dark);
      await engine.evaluate(`${DEMO}.step(1).then(() => null)`);
    });

    test('2,000 messages at once are answered or refused, and it lives', async () => {
      await visit('seed="2"');
      const codes = await engine.evaluate(`Promise.all(Array.from({ length: 2000 }, () => ${DEMO}.step(1).then(() => 'done', ({ code }) => code)))
        .then((all) => Object.fromEntries([...new Set(all)].map((code) => [code, all.filter((one) => one === code).length])))`);
      assert.deepEqual(Object.keys(codes).sort(), ['busy', 'done']);
      assert.ok(codes.done >= 100 && codes.busy > 0, JSON.stringify(codes));
      await engine.evaluate(`${DEMO}.step(1).then(() => null)`);
      assert.equal(await engine.evaluate(`${DEMO}.state().then(({ step }) => step)`), codes.done + 1);
    });

    test('what leads to it in full follows the run', async () => {
      await visit('seed="3"');
      await engine.evaluate(`${DEMO}.start({ preset: 'quick', modulus: 13, seed: 5 }).then(() => ${DEMO}.pause()).then(() => null)`);
      await eventually(`/modulus=13/.test(${DEMO}.href)`);
      const { href, link } = await engine.evaluate(`({ href: ${DEMO}.href, link: ${DEMO}.shadowRoot.querySelector('a').href })`);
      assert.equal(link, href);
      assert.equal(href, server.url('?v=1&preset=quick&modulus=13&seed=5'));
    });
  });
}
