// The same visit in every browser that was asked for: open, train, go back, a link, an error.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TINY as SMALL, author, plain } from './authors.js';
import { ENGINES, firefox } from './engines.js';
import { serve } from './harness.js';
import { KERNELS, KERNELS_TOLERANCE, TINY } from './kernels.js';

const asked = (process.env.BROWSERS ?? Object.keys(ENGINES).join(',')).split(',');
const RUN = '.transport button[data-control="run"]';
/** Firefox has WebGPU in workers behind these, on any card. */
const WEBGPU = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
  'gfx.webgpu.force-enabled': true,
};

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve();
});
after(() => server.close());

/** @typedef {import('./engines.js').Engine} Engine */

/** Opens the page and waits until it can train. @param {Engine} engine @param {string} [query] */
async function open(engine, query = '') {
  await engine.goto(server.url(query));
  await eventually(engine, 'Boolean(window.grokking)');
  await engine.evaluate('window.grokking.ready.then(() => null)');
}

/** @param {Engine} engine @param {string} expression @param {number} [timeout] */
async function eventually(engine, expression, timeout = 60_000) {
  const end = Date.now() + timeout;
  while (!(await engine.evaluate(expression))) {
    if (Date.now() > end) throw new Error(`not true within ${timeout / 1000} s: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether an element is on the first screen, whole. @param {string} selector */
const inView = (selector) => `(() => {
  const box = document.querySelector('${selector}')?.getBoundingClientRect();
  return Boolean(box) && box.width > 0 && box.height > 0 && box.top >= 0 && box.left >= 0
    && box.bottom <= innerHeight && box.right <= innerWidth;
})()`;

/** Held-out cells that are right, by what the table's script interface says. */
const RIGHT = `(() => {
  const { answer, predicted, heldOut } = window.grokking.table();
  const held = answer.map((_, cell) => cell).filter((cell) => heldOut[cell]);
  return held.filter((cell) => predicted[cell] === answer[cell]).length / held.length;
})()`;

/** The table as it is drawn. */
const PICTURE = `document.querySelector('.table canvas').toDataURL()`;

/** Colours of the table as it is drawn. */
const COLOURS = `(() => {
  const { width, height } = document.querySelector('.table canvas');
  const copy = new OffscreenCanvas(width, height).getContext('2d');
  copy.drawImage(document.querySelector('.table canvas'), 0, 0);
  return new Set(new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer)).size;
})()`;

for (const name of asked) {
  describe(name, { timeout: 180_000 }, () => {
    /** @type {Engine} */
    let engine;
    before(async () => {
      engine = await ENGINES[name]();
    });
    after(() => engine.close());

    test('opens with the whole story in sight, which moves', async () => {
      await open(engine);
      for (const selector of ['h1', '.lede', '.table-frame', '.curves canvas', '.words', RUN]) {
        assert.ok(await engine.evaluate(inView(selector)), `${selector} is on the first screen`);
      }
      await eventually(engine, 'window.grokking.state().recorded');
      const shown = `window.grokking.store.get().run.scrub`;
      await eventually(engine, `window.grokking.store.get().playing && ${shown} > 0`);
      const [step, picture] = [await engine.evaluate(shown), await engine.evaluate(PICTURE)];
      await eventually(engine, `${shown} > ${step} && ${PICTURE} !== ${JSON.stringify(picture)}`);
      assert.match(await engine.evaluate(`document.querySelector('.words').textContent`), /^It (learns|knows|gets)/);
    });

    test('trains to 99 % when the main button is pressed, and the table fills', async (t) => {
      await engine.click(RUN);
      const started = Date.now();
      await eventually(engine, 'window.grokking.state().status === "running"');
      await eventually(engine, 'window.grokking.state().generalisedAt !== null', 75_000);
      await eventually(engine, 'window.grokking.state().status === "finished"', 30_000);
      const { backend, generalisedAt, stepsPerSecond } = await engine.evaluate('window.grokking.state()');
      t.diagnostic(`${name}: 99 % at step ${generalisedAt} on the ${backend}, ${((Date.now() - started) / 1000).toFixed(1)} s to the end, ${Math.round(stepsPerSecond)} steps a second`);
      assert.ok(await engine.evaluate(RIGHT) >= 0.99);
      assert.ok(await engine.evaluate(COLOURS) > 20, 'the table is drawn in its colours');
    });

    test('reads the cell in the middle of the table when it is pointed at', async () => {
      await engine.click('.table canvas');
      const middle = Math.floor(await engine.evaluate('window.grokking.table().size') / 2);
      await eventually(engine, `document.querySelector('.readout').textContent.startsWith('x = ${middle}, y = ${middle}: ')`, 10_000);
    });

    test('goes back in time', async () => {
      await engine.press('.scrub input[type="range"]', 'Home');
      await eventually(engine, 'window.grokking.store.get().run.scrub !== null');
      const { scrub, step } = await engine.evaluate(`(({ scrub, step }) => ({ scrub, step }))(window.grokking.store.get().run)`);
      assert.ok(scrub < step, `shows step ${scrub} of ${step}`);
    });

    test('opens a link with settings', async () => {
      await open(engine, '?modulus=23&seed=7');
      const { config } = await engine.evaluate('window.grokking.state()');
      assert.deepEqual([config.modulus, config.seed], [23, 7]);
      await engine.evaluate('window.grokking.step(2)');
      assert.equal((await engine.evaluate('window.grokking.state()')).step, 2);
    });

    test('has the run again after a reload', async () => {
      await eventually(engine, 'window.grokking.store.get().keeping');
      await open(engine, '?modulus=23&seed=7');
      await eventually(engine, 'window.grokking.state().step === 2');
      assert.equal(await engine.evaluate('window.grokking.curves().step.length'), 3);
    });

    test('saves what it shows, as numbers and as a picture', async () => {
      // What is handed to the browser, which may ask a person where to put it.
      await engine.evaluate(`(() => {
        window.files = {};
        HTMLAnchorElement.prototype.click = function click() {
          window.files[this.download.split('.').at(-1)] = window.made.get(this.href);
        };
        window.made = new Map();
        const { createObjectURL } = URL;
        URL.createObjectURL = (blob) => {
          const address = createObjectURL.call(URL, blob);
          window.made.set(address, blob);
          return address;
        };
      })()`);
      await engine.click('.table .save');
      await eventually(engine, `document.querySelector('dialog')?.open ?? false`);
      for (const ending of ['svg', 'png', 'csv', 'json', 'grok']) {
        const label = { csv: 'Table: CSV', json: 'Curves: JSON', grok: 'The run: .grok' }[ending] ?? `The table: ${ending.toUpperCase()}`;
        await engine.click(`dialog button[aria-label="${label}"]`);
        await eventually(engine, `Boolean(window.files['${ending}'])`, 10_000);
      }
      const lines = `window.files.csv.text().then((text) => text.trimEnd().split('\\r\\n').length)`;
      assert.equal(await engine.evaluate(lines), 1 + 23 * 23);
      const sides = await engine.evaluate(`Promise.all([window.files.svg.text(), createImageBitmap(window.files.png)]).then(([text, { width, height }]) => {
        const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml');
        return { svg: [root.getAttribute('width'), root.getAttribute('height')].map(Number), png: [width, height] };
      })`);
      assert.deepEqual(sides.png, sides.svg.map((/** @type {number} */ side) => 2 * side));
    });

    test('is embedded in a page of another origin', async (t) => {
      const host = await author({});
      t.after(() => host.close());
      const demo = `<grokking-demo id="demo" ${SMALL} budget="1000000" stop="budget" view="table curves" controls="run" autoplay="visible" theme="host"></grokking-demo>`;
      host.add('post.html', plain(server.url(), `${demo}<div style="height: 4000px"></div>`, '<style>body { background: #123; color: #eee }</style>'));
      await engine.goto(host.url('post.html'));
      const element = `document.getElementById('demo')`;
      const status = `told.filter(([, name]) => name === 'status').at(-1)?.[2]`;
      await eventually(engine, `globalThis.told?.some(([, name, detail]) => name === 'evaluated' && detail.step > 5) ?? false`);
      await engine.evaluate(`${element}.pause()`);
      const from = (await engine.evaluate(`${element}.state()`)).step;
      await engine.evaluate(`Promise.all([${element}.step(30), ${element}.step(30)]).then(() => null)`);
      assert.equal((await engine.evaluate(`${element}.state()`)).step, from + 60);
      const frame = `${element}.shadowRoot.querySelector('iframe')`;
      await eventually(engine, `${frame}.style.height !== ''`);
      assert.equal(await engine.evaluate(`new URL(${frame}.src).searchParams.get('theme')`), 'dark');
      await engine.evaluate(`${element}.run()`);
      await eventually(engine, `${status} === 'running'`);
      await engine.evaluate('scrollTo(0, 1e6)');
      await eventually(engine, `${status} === 'paused'`);
      await engine.evaluate('scrollTo(0, 0)');
      await eventually(engine, `${status} === 'running'`);
      const refused = await engine.evaluate(`${element}.start({ modulus: 98 }).catch(({ code }) => code)`);
      assert.equal(refused, 'setting');
    });

    test('says what is wrong with a link', async () => {
      await open(engine, '?modulus=nonsense');
      await eventually(engine, `document.querySelector('.notices [role=alert]')?.textContent.includes('nonsense') ?? false`);
    });
  });
}

// A card in software comes with what the tests install, unless cards are left out (`--no-card`).
const withCard = asked.includes('firefox') && process.env.CARD !== 'none';
test('Firefox trains on WebGPU as on the CPU', { skip: !withCard, timeout: 400_000 }, async (t) => {
  /** @type {Engine} */
  const engine = await firefox(WEBGPU);
  t.after(() => engine.close());
  const { features, unavailable } = await cardOf(engine);
  if (unavailable) {
    // Releases for Linux had none, whatever was preferred, and some distributions still install them.
    t.skip(`${await engine.evaluate('navigator.userAgent')}: ${unavailable}`);
    return;
  }
  assert.ok(features, 'Firefox finds no graphics card, not even one in software: install mesa-vulkan-drivers');
  /** Differences of burn's kernels, which need what not every card has. */
  const reference = features.includes('timestamp-query') ? [['the reference', `${TINY}&kernels=plain`, 1e-3]] : [];
  if (reference.length === 0) t.diagnostic('its card has no timestamp-query: without the reference');
  const networks = Object.entries(KERNELS).map(([name, query]) => [name, query, KERNELS_TOLERANCE]);
  for (const [name, query, tolerance] of [...networks, ...reference]) {
    await t.test(`${name} on both`, async (u) => {
      const expected = await losses(engine, `?${query}&backend=cpu`, 'cpu');
      const actual = await losses(engine, `?${query}&backend=webgpu`, 'webgpu');
      assert.equal(actual.length, expected.length);
      const worst = Math.max(...expected.map((loss, i) => Math.abs(loss - actual[i]) / loss));
      assert.notEqual(worst, 0, 'two devices never round alike: one of them computed both');
      u.diagnostic(`worst relative difference ${worst.toExponential(1)}`);
      assert.ok(worst < Number(tolerance), `${worst}`);
    });
  }
});

/** Of the first five steps. @param {Engine} engine @param {string} query @param {string} backend @returns {Promise<number[]>} */
async function losses(engine, query, backend) {
  await open(engine, query);
  assert.equal((await engine.evaluate('window.grokking.state()')).backend, backend);
  return engine.evaluate(`(async () => {
    // A link that was visited goes on where it was left.
    await window.grokking.reset();
    for (let step = 0; step < 5; step += 1) await window.grokking.step(1);
    const { trainLoss, heldOutLoss } = window.grokking.curves();
    return [...trainLoss, ...heldOutLoss];
  })()`);
}

/**
 * What the graphics card that a worker would find can do, null without one; or what a browser says that
 * was built without any.
 * @param {Engine} engine @returns {Promise<{ features: string[] | null, unavailable?: string }>}
 */
async function cardOf(engine) {
  await engine.goto(server.url());
  return engine.evaluate(`(async () => {
    try {
      const adapter = await navigator.gpu?.requestAdapter();
      return { features: adapter ? [...adapter.features] : null };
    } catch ({ message }) {
      if (!/not yet available/.test(message)) throw new Error(message);
      return { features: null, unavailable: message };
    }
  })()`);
}
