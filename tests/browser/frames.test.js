// A frame in somebody else's page: what is shown at which size, whose keys are whose, and what is taken away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heightOf } from '../../www/js/run/sizes.js';
import { eventually, frames, open, stage, still, until } from './harness.js';
import { OVERLAPS } from './overlaps.js';

const TINY = 'preset=quick&modulus=11&width=16&batch=40&backend=cpu';
/** A deck: it counts keys, and nothing in it but them. */
const DECK = `<!doctype html><title>Deck</title><script>
  window.keys = [];
  addEventListener('message', ({ data, source }) => {
    if (data.name === 'hello') source.postMessage({ grokking: 'on', arguments: ['key'] }, '*');
    if (data.name === 'key') window.keys.push(data.value.key);
  });
  addEventListener('keydown', ({ key }) => window.keys.push('own ' + key));
</script><iframe width="640" height="480"></iframe><p style="height: 3000px">`;

const { server, browser } = await stage({ pages: { '/deck.html': DECK } });

/** @param {import('playwright-core').BrowserContextOptions} options */
async function context(options) {
  const made = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true, reducedMotion: 'reduce', ...options });
  // A run that was kept would come back with a sentence: every link begins afresh here.
  await made.addInitScript(`Object.defineProperty(window, 'indexedDB', { value: undefined })`);
  return made;
}

/** Whatever is seen of a frame and is not wholly in it, too small to be read or to be pressed. */
const FAULTS = `(() => {
  const found = [];
  const { scrollWidth, scrollHeight } = document.scrollingElement;
  if (scrollWidth > innerWidth) found.push('it is ' + scrollWidth + ' pixels wide');
  if (scrollHeight > innerHeight) found.push('it is ' + scrollHeight + ' pixels high');
  const isSeen = (node) => !node.closest('.unseen, .intro') && node.checkVisibility({ visibilityProperty: true });
  const name = (node) => node.tagName + ' ' + (node.textContent || node.ariaLabel || '').trim().slice(0, 30);
  for (const node of document.querySelectorAll('#page button, #page summary, #page input, #page select, #page canvas, #page p, #page .below > *')) {
    if (!isSeen(node)) continue;
    const { left, top, right, bottom, width, height } = node.getBoundingClientRect();
    if (width === 0 || height === 0) continue;
    const pop = node.closest('.more > div, .details > div, .notices, .chart-values, dialog');
    const over = pop ?? document.documentElement;
    const box = pop ? pop.getBoundingClientRect() : { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    if (left < box.left - 1 || right > box.right + 1) found.push(name(node) + ' is cut off at a side');
    // What was opened can scroll.
    if (!pop && (top < -1 || bottom > box.bottom + 1)) found.push(name(node) + ' is cut off at ' + Math.round(bottom));
    if (node.matches('button:not(.act), summary, select') && (width < 24 || height < 24)) found.push(name(node) + ' is ' + Math.round(width) + ' by ' + Math.round(height));
    if (node.matches('.scrub input') && width < 90) found.push('the slider is ' + Math.round(width) + ' pixels wide');
    if (node.matches('.table canvas') && width < 190) found.push('the table is ' + Math.round(width) + ' pixels wide');
    if (node.matches('.curves canvas') && (width < 180 || height < 90)) found.push('the curves are ' + Math.round(width) + ' by ' + Math.round(height));
    if (node.scrollWidth > node.clientWidth + 1 && node.matches('p, button')) found.push(name(node) + ' does not fit');
  }
  for (const node of document.querySelectorAll('.below > *')) {
    if (isSeen(node) && node.getBoundingClientRect().bottom > node.parentElement.getBoundingClientRect().bottom + 1) found.push(name(node) + ' is too long');
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    // Letters of a drawing grow with it.
    if (!node.textContent.trim() || !isSeen(node.parentElement) || node.parentElement.closest('svg')) continue;
    const size = parseFloat(getComputedStyle(node.parentElement).fontSize);
    if (size < 12) found.push(node.textContent.trim().slice(0, 30) + ' has ' + size + ' pixels');
  }
  return found;
})()`;

/** @type {[number, number, string][]} */
const SIZES = [
  [320, 320, 'view=table'],
  [360, 360, 'view=table'],
  [360, 360, 'view=table&controls=run,scrub'],
  [360, 360, 'view=table&controls=none'],
  [360, 300, 'view=curves'],
  [640, 360, 'view=table,curves&controls=run,scrub'],
  [640, 360, 'view=table,curves'],
  [640, 360, 'view=table,caption'],
  [900, 640, ''],
  [900, 640, 'view=table,curves'],
  [640, heightOf([], 640), ''],
  [360, heightOf([], 360), ''],
  [320, heightOf([], 320), ''],
];
for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`nothing is cut off, too small or on something else in a frame, in ${colorScheme}`, { timeout: 240_000 }, async () => {
    const desk = await context({ colorScheme });
    for (const [width, height, query] of SIZES) {
      const { page, errors } = await open(desk, server.url(`?${TINY}&embed=1&${query}`));
      await page.setViewportSize({ width, height });
      const check = async (/** @type {string} */ moment) => {
        await frames(page, 3);
        const where = `${query || 'as usual'} at ${width} x ${height}, ${moment}`;
        assert.deepEqual(await page.evaluate(FAULTS), [], where);
        return where;
      };
      for (const moment of ['at first', 'trained']) {
        if (moment === 'trained') await page.evaluate('window.grokking.step(300)');
        const where = await check(moment);
        assert.deepEqual(await page.evaluate(OVERLAPS), [], where);
      }
      if (await page.isVisible('.table canvas')) {
        await page.hover('.table canvas', { position: { x: 70, y: 70 } });
        await check('a cell pointed at');
        await page.mouse.move(0, 0);
      }
      if (await page.isVisible('.scrub input')) {
        await page.evaluate('window.grokking.actions.scrub(100)');
        await check('at an earlier step');
      }
      for (const opens of ['.more summary', '.details > button', '.curves .chart-values summary']) {
        if (!(await page.isVisible(opens))) continue;
        await page.click(opens);
        await check(`${opens} pressed`);
        await page.click(opens);
      }
      await page.evaluate(`for (let nth = 0; nth < 4; nth += 1) window.grokking.actions.notice('Something went wrong, for the ' + nth + 'th time and at some length.')`);
      await check('with notices');
      assert.deepEqual(errors, []);
      await page.close();
    }
    await desk.close();
  });
}

/** How high the content is. */
const HEIGHT = `Math.ceil(document.getElementById('page').getBoundingClientRect().height)`;

test('a frame is as high as its width says, however high it is, for every kind of run', { timeout: 240_000 }, async (t) => {
  const desk = await context({});
  const views = ['table', 'curves', 'caption', 'table,curves', 'table,caption', 'table,curves,caption'];
  for (const run of ['preset=clock', 'preset=quick', 'preset=never', 'preset=quick&operation=s5']) {
    const { page } = await open(desk, server.url(`?${run}&backend=cpu&embed=1`));
    for (const view of views) {
      await page.evaluate(`document.getElementById('demo').dataset.view = ${JSON.stringify(view.replaceAll(',', ' '))}`);
      for (const width of [320, 360, 400, 480, 543, 544, 640, 768, 900, 1280, 1600]) {
        await page.setViewportSize({ width, height: 300 });
        await frames(page, 2);
        const low = Number(await page.evaluate(HEIGHT));
        await page.setViewportSize({ width, height: 1300 });
        await frames(page, 2);
        const high = Number(await page.evaluate(HEIGHT));
        const said = heightOf(view.split(','), width);
        t.diagnostic(`${run} ${view} ${width}: ${low} (${said})`);
        assert.equal(high, low, `${view} at ${width}: it follows the height of its frame`);
        // What is said is room for the longest sentence of the run.
        assert.ok(low <= said && said <= low + 100, `${view} at ${width}, ${run}: ${low} pixels, and ${said} are said`);
      }
    }
    await page.close();
  }
  await desk.close();
});

test('a chapter of the story is as high as its width says, however high its frame is, and nothing of it is cut off', { timeout: 240_000 }, async () => {
  const desk = await context({});
  for (const chapter of [1, 3, 5, 6, 8]) {
    const { page } = await open(desk, server.url(`?embed=1&view=story:${chapter}`));
    await eventually(page, `document.querySelector('.story-words .note')?.textContent.startsWith('A recording')`);
    for (const width of [320, 360, 543, 544, 640, 768, 847, 848, 900, 1280, 1600]) {
      const heights = [];
      for (const height of [300, width, 1400]) {
        await page.setViewportSize({ width, height });
        await frames(page, 2);
        heights.push(Number(await page.evaluate(HEIGHT)));
      }
      const where = `chapter ${chapter} at ${width}`;
      assert.equal(new Set(heights).size, 1, `${where}: ${heights}`);
      assert.ok(heights[0] <= heightOf([`story:${chapter}`], width), `${where}: ${heights[0]} pixels`);
      await page.setViewportSize({ width, height: heights[0] });
      await frames(page, 3);
      assert.deepEqual(await page.evaluate(FAULTS), [], where);
      // Points of a ring lie where they lie.
      if (chapter !== 5) assert.deepEqual(await page.evaluate(OVERLAPS), [], where);
      const drawn = { 1: '.story-figure svg', 5: '.story-figure svg' }[chapter] ?? '.curves canvas';
      const box = await page.locator(`${drawn} >> visible=true`).first().boundingBox();
      assert.ok(box && box.width > 150 && box.height > 90, `${where}: ${JSON.stringify(box)}`);
    }
    await page.close();
  }
  await desk.close();
});

test('a frame that is made as high as its content stays so', async () => {
  const desk = await context({ viewport: { width: 1200, height: 900 } });
  const page = await desk.newPage();
  await page.goto(`${server.origin}/deck.html`);
  await page.evaluate(`(() => {
    const frame = document.querySelector('iframe');
    frame.src = ${JSON.stringify(server.url(`?${TINY}&embed=1`))};
    window.heights = [];
    frame.onload = () => new frame.contentWindow.ResizeObserver(() => {
      const height = frame.contentDocument.documentElement.offsetHeight;
      if (window.heights.at(-1) === height) return;
      window.heights.push(height);
      frame.style.height = height + 'px';
    }).observe(frame.contentDocument.documentElement);
  })()`);
  const frame = await frameOf(page);
  await frame.evaluate('window.grokking.step(100)');
  await frames(page, 30);
  const heights = /** @type {number[]} */ (await page.evaluate('heights'));
  assert.ok(heights.length < 8 && (heights.at(-1) ?? 0) <= heightOf([], 640), `${heights}`);
  await desk.close();
});

/** @param {import('playwright-core').Page} page */
async function frameOf(page) {
  const frame = page.frames().find((candidate) => candidate !== page.mainFrame());
  assert.ok(frame);
  await frame.waitForFunction('window.grokking');
  await frame.evaluate('window.grokking.ready');
  return frame;
}

/**
 * The focus comes into a frame of another origin a moment after a click.
 * @param {import('playwright-core').Page} page @param {import('playwright-core').Frame} frame @param {string} place
 */
async function clickInto(page, frame, place) {
  // Keys that came before scroll the page around, smoothly: a click would fall beside the frame.
  await still(page, 'scrollY');
  await page.evaluate('scrollTo(0, 0)');
  await frames(page, 2);
  // The slider of a run without a step cannot be moved, and is clicked all the same.
  await frame.click(place, { force: true });
  // Asked from here: a frame out of sight draws no frames.
  await eventually(frame, 'document.hasFocus()');
}

/** @param {import('playwright-core').Page} page @param {string} query */
async function inDeck(page, query) {
  // On another origin, as decks are.
  await page.goto(`${server.origin.replace('localhost', '127.0.0.1')}/deck.html`);
  await page.evaluate(`document.querySelector('iframe').src = ${JSON.stringify(server.url(`?${TINY}&embed=1${query}`))}`);
  return frameOf(page);
}

test('after a click into a frame its deck still has its keys, and after Tab the frame has its own', async () => {
  const desk = await context({ viewport: { width: 1000, height: 600 } });
  const page = await desk.newPage();
  const frame = await inDeck(page, '');
  const DECK_KEYS = ['ArrowRight', 'ArrowLeft', 'PageDown', 'PageUp', 'b', 'f', 'Escape', ' ', '.', 'n'];
  const pressed = async () => {
    await page.evaluate('keys.length = 0');
    for (const key of DECK_KEYS) await page.keyboard.press(key);
    await frames(page, 3);
    return page.evaluate('keys');
  };
  for (const place of ['.table canvas', '.scrub input', '.curves canvas', '.beats']) {
    await clickInto(page, frame, place);
    assert.deepEqual(await pressed(), DECK_KEYS, place);
  }
  const step = await frame.evaluate('window.grokking.state().step');
  assert.equal(step, 0, 'and nothing trains');
  // As after a click beside it: the page around scrolls.
  await clickInto(page, frame, '.curves canvas');
  await page.evaluate('scrollTo(0, 0)');
  await page.keyboard.press('PageDown');
  await eventually(page, 'scrollY > 100');
  await page.evaluate('scrollTo(0, 0)');

  // A menu that is open has its own.
  await clickInto(page, frame, '.more summary');
  await frame.waitForSelector('button[data-control="step"]');
  await page.evaluate('keys.length = 0');
  await page.keyboard.press('Escape');
  await frame.waitForSelector('button[data-control="step"]', { state: 'hidden' });
  assert.deepEqual(await page.evaluate('keys'), []);

  await frame.focus('.scrub button');
  await page.keyboard.press('Shift+Tab');
  await frame.focus('.table canvas');
  await page.keyboard.press('ArrowRight');
  await frame.waitForFunction(`document.querySelector('.readout').textContent.startsWith('x = ')`);
  await page.evaluate('keys.length = 0');
  for (const key of ['ArrowDown', 'PageDown', 'b']) await page.keyboard.press(key);
  await frames(page, 3);
  assert.deepEqual(await page.evaluate('keys'), ['PageDown', 'b'], 'what the table does not use');
  await desk.close();
});

test('with keys=on a frame takes those that it uses, and no others', async () => {
  const desk = await context({ viewport: { width: 1000, height: 600 } });
  const page = await desk.newPage();
  const frame = await inDeck(page, '&keys=on');
  await clickInto(page, frame, '.curves canvas');
  await page.keyboard.press('.');
  await frame.waitForFunction('window.grokking.state().step === 1');
  // The last of them scrolls the frame away, where it would rest.
  for (const key of ['b', 'PageDown']) await page.keyboard.press(key);
  await frames(page, 3);
  assert.deepEqual(await page.evaluate('keys'), ['b', 'PageDown']);
  await desk.close();
});

test('a theme is one for page and pictures, whatever the reader has', async () => {
  for (const [colorScheme, theme, paper] of /** @type {const} */ ([['light', 'dark', '#151517'], ['dark', 'light', '#fcfbf8'], ['dark', 'auto', '#151517']])) {
    const desk = await context({ colorScheme, viewport: { width: 640, height: 360 } });
    const { page } = await open(desk, server.url(`?${TINY}&embed=1&view=table,curves&theme=${theme}`));
    const seen = await page.evaluate(`(() => {
      const style = getComputedStyle(document.documentElement);
      const hex = (name) => style.getPropertyValue(name).trim().slice(1).match(/../g).map((pair) => parseInt(pair, 16)).join();
      const colours = (canvas) => {
        const { width, height } = canvas;
        const copy = new OffscreenCanvas(width, height).getContext('2d');
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, width, height);
        const found = new Set();
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) found.add(data.slice(at, at + 3).join());
        return found;
      };
      return {
        paper: style.getPropertyValue('--paper').trim(),
        scheme: style.colorScheme,
        table: colours(document.querySelector('.table canvas')).has(hex('--outline')),
        curves: colours(document.querySelector('.curves canvas')).has(hex('--line')),
      };
    })()`);
    assert.deepEqual(seen, { paper, scheme: paper === '#151517' ? 'dark' : 'light', table: true, curves: true }, `${theme} in ${colorScheme}`);
    await desk.close();
  }
});

test('at twice the scale a frame is the smaller one, enlarged', async () => {
  const boxes = `[...document.querySelectorAll('#page canvas, #page button, #page input')].filter((node) => node.checkVisibility())
    .map((node) => (({ left, top, width, height }) => [left, top, width, height])(node.getBoundingClientRect()))`;
  const query = `?${TINY}&embed=1&view=table,curves`;
  const small = await context({ viewport: { width: 640, height: 360 } });
  const usual = /** @type {number[][]} */ (await (await open(small, server.url(query))).page.evaluate(boxes));
  await small.close();
  const large = await context({ viewport: { width: 1280, height: 720 } });
  const { page } = await open(large, server.url(`${query}&scale=2`));
  const scaled = /** @type {number[][]} */ (await page.evaluate(boxes));
  assert.ok(usual.length > 4);
  assert.equal(scaled.length, usual.length);
  scaled.forEach((box, at) => box.forEach((value, side) =>
    assert.ok(Math.abs(value - 2 * usual[at][side]) < 8, `${at}: ${box} and ${usual[at]}`)));
  assert.deepEqual(await page.evaluate(FAULTS), []);
  await large.close();
});

test('every figure of the laboratory stands alone in a frame', { timeout: 120_000 }, async () => {
  const desk = await context({ viewport: { width: 640, height: 900 } });
  for (const figure of ['structure', 'clock', 'neurons', 'cut', 'gauge', 'points', 'sharpness', 'compare', 'fork', 'precision', 'sweep', 'recordings', 'mask', 'settings']) {
    const { page, errors } = await open(desk, server.url(`?${TINY}&embed=1&view=${figure}`));
    await page.waitForSelector(`#${figure}.figure`);
    await page.evaluate('window.grokking.step(5)');
    if (figure === 'points') await page.waitForFunction(`document.querySelector('#points').textContent.includes('At step 5.')`);
    assert.equal(await page.isVisible('.table canvas'), false);
    assert.equal(await page.isVisible('button[data-control="run"]'), true);
    assert.equal(await page.isVisible('.cards'), false);
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.ok(Number(wide) <= 0, `${figure} is ${wide} pixels too wide`);
    const high = Number(await page.evaluate('document.documentElement.scrollHeight'));
    assert.ok(high <= Math.max(900, heightOf([figure], 640)), `${figure} is ${high} pixels high`);
    assert.deepEqual(errors, [], figure);
    await page.close();
  }
  await desk.close();
});

test('what a link hides is not there, and words about a bad link do not move what is', async () => {
  const desk = await context({ viewport: { width: 640, height: 360 } });
  const { page } = await open(desk, server.url(`?${TINY}&embed=1&view=table,graph&controls=run`));
  assert.match((await page.textContent('.notices')) ?? '', /there is no view `graph`: there is table, curves,/);
  for (const hidden of ['.scrub', '.details > button', '.curves', '.caption', '.more summary']) assert.equal(await page.isVisible(hidden), false, hidden);
  assert.equal(await page.isVisible('button[data-control="run"]'), true);
  await desk.close();
});

test('Copy link asks which, by keyboard too, and copies it', async () => {
  const desk = await context({ viewport: { width: 1280, height: 720 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, errors } = await open(desk, server.url(`?${TINY}`));
  await page.click('.more summary');
  await page.focus('button[data-control="link"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog.copy[open]');
  assert.equal(await page.evaluate('document.activeElement.dataset.copy'), 'full');
  const copied = async () => {
    await page.keyboard.press('Enter');
    await page.waitForFunction(`document.querySelector('.copy [role=status]').textContent.startsWith('Copied.')`);
    return /** @type {string} */ (await page.evaluate('navigator.clipboard.readText()'));
  };
  const full = await copied();
  assert.equal(new URL(full).search, `?v=1&preset=quick&modulus=11&width=16&batch=40&backend=cpu`);
  await page.focus('[data-copy=full]');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForFunction(`document.querySelector('.copy textarea').value.includes('embed=1')`);
  await page.focus('[data-copy=code]');
  assert.match(await copied(), /^<script type="module" src="http.*embed\.js"><\/script>\n<grokking-demo preset="quick" /);
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog.copy', { state: 'hidden' });
  // The browser takes the focus out of it a moment later.
  await eventually(page, `!document.activeElement.closest('dialog')`);
  // Space is the dialog's while it is open, and the page's after it.
  await page.keyboard.press('.');
  await until(page, 'state.step === 1');
  assert.deepEqual(errors, []);
  await desk.close();
});

test('in a frame without a clipboard the link is there, selected', async () => {
  const desk = await context({ viewport: { width: 1000, height: 600 } });
  const page = await desk.newPage();
  const frame = await inDeck(page, '&view=table,curves');
  await frame.evaluate(`document.execCommand = () => false`);
  await frame.click('.more summary');
  await frame.click('button[data-control="link"]');
  await frame.click('[data-copy=full]');
  await frame.waitForFunction(`/^It is selected/.test(document.querySelector('.copy [role=status]').textContent)`);
  const [selected, value] = /** @type {string[]} */ (await frame.evaluate(`(({ value, selectionStart, selectionEnd }) =>
    [value.slice(selectionStart, selectionEnd), value])(document.activeElement)`));
  assert.equal(selected, value);
  assert.equal(value, server.url('?v=1&preset=quick&modulus=11&width=16&batch=40&backend=cpu'));
  assert.equal(await frame.isVisible('.notices'), false, 'and nothing is alarmed');
  assert.deepEqual(await frame.evaluate(FAULTS), []);
  await desk.close();
});

test('Embed shows what will be seen, and the code for it', { timeout: 90_000 }, async () => {
  const desk = await context({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, errors } = await open(desk, server.url(`?${TINY}`));
  await page.click('#embed');
  await page.waitForSelector('dialog.embedding[open]');
  const code = () => page.inputValue('.embedding textarea');
  assert.match(await code(), /<grokking-demo preset="quick" modulus="11" width="16" batch="40" backend="cpu" view="table curves" controls="run scrub link beats"><\/grokking-demo>$/);
  const preview = async () => {
    const handle = await page.waitForSelector('.embedding iframe');
    const frame = await handle.contentFrame();
    assert.ok(frame);
    await frame.waitForFunction('window.grokking');
    await frame.evaluate('window.grokking.ready');
    return frame;
  };
  let frame = await preview();
  assert.deepEqual(await frame.evaluate(FAULTS), []);
  assert.equal(await frame.isVisible('.caption'), false);
  await page.check('.embedding input[value=caption]');
  await page.uncheck('.embedding input[value=curves]');
  await page.selectOption('.embedding label:has-text("Colours") select', 'dark');
  await page.selectOption('.embedding label:has-text("As") select >> nth=-1', 'frame');
  await page.selectOption('.embedding label:has-text("Width") select', '900');
  await eventually(page, `(document.querySelector('.embedding iframe')?.src ?? '').includes('theme=dark')`);
  frame = await preview();
  assert.deepEqual(await frame.evaluate(FAULTS), []);
  assert.deepEqual([await frame.isVisible('.caption'), await frame.isVisible('.curves')], [true, false]);
  assert.equal(await frame.evaluate(`getComputedStyle(document.body).backgroundColor`), 'rgb(21, 21, 23)');
  assert.match(await code(), /^<iframe src="[^"]*&amp;view=table,caption&amp;[^"]*theme=dark" [^>]* width="900" height="507" /);
  await page.click('.embedding button.primary');
  await page.waitForFunction(`document.querySelector('.embedding [role=status]').textContent.startsWith('Copied.')`);
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), await code());
  await page.click('.embedding header button');
  await page.waitForSelector('dialog.embedding', { state: 'hidden' });
  await eventually(page, `document.querySelector('.embedding iframe') === null`);
  assert.deepEqual(errors, []);
  await desk.close();
});
