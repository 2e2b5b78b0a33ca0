// The story and the lecture, in a browser.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { eventually, frames, serve, stage, until } from './harness.js';
import { CHAPTERS } from '../../www/js/story/chapters.js';
import { LIMIT_SECONDS } from '../../www/js/story/stage.js';
import { NOTES, WORDS } from '../../www/js/text/story.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Pixels of the smallest letters of a lecture, on a screen of 1920 x 1080. */
const LECTURE_PIXELS = 24;

const SMALL = 'preset=quick&modulus=11&width=16&batch=40&backend=cpu&budget=100000&stop=budget';
const { server, browser } = await stage();

/** A page at an address, of which errors are kept. @param {string} address @param {import('playwright-core').BrowserContextOptions} [options] */
async function visit(address, options = {}) {
  const context = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(server.url(address));
  return { page, context, errors };
}

/** Waits until a chapter is told, with its numbers. @param {import('playwright-core').Page} page @param {number} chapter */
async function told(page, chapter) {
  const { title } = WORDS[CHAPTERS[chapter - 1].id];
  await eventually(page, `document.querySelector('.story-words h1')?.textContent === ${JSON.stringify(title)}
    && !document.querySelector('.story-words .waiting') && document.querySelector('.story-words .note').textContent !== ''`, 1000 * LIMIT_SECONDS);
  await frames(page, 2);
}

/** What is seen of parts that should be on the screen, or not at all. @param {import('playwright-core').Page} page @param {string[]} parts @returns {Promise<string[]>} */
const offScreen = (page, parts) => page.evaluate(`${JSON.stringify(parts)}.filter((part) => {
  const { top, bottom, left, right, width, height } = document.querySelector(part).getBoundingClientRect();
  return !(width > 0 && height > 0 && top >= -1 && left >= -1 && bottom <= innerHeight + 1 && right <= innerWidth + 1);
})`);

CHAPTERS.forEach(({ id, file, figure }, at) => {
  test(`chapter ${at + 1}, ${id}, opens from its address and shows what it says`, { timeout: 60_000 }, async () => {
    const { page, context, errors } = await visit(`#story/${at + 1}`);
    const begun = Date.now();
    await told(page, at + 1);
    assert.ok(Date.now() - begun < 1000 * LIMIT_SECONDS);
    const words = (await page.textContent('.story-words .prose')) ?? '';
    assert.doesNotMatch(words, /[{}…]|undefined|NaN/);
    if (file === null) await until(page, '!state.recorded && state.step > 0', 1000 * LIMIT_SECONDS);
    else {
      assert.match((await page.textContent('.story-words .note')) ?? '', /^A recording of [\d\u202f]+ steps\.$/);
      assert.equal(await page.evaluate('window.grokking.store.get().run.recording.file'), file);
    }
    const beside = figure === 'curves' ? '.curves canvas' : '.story-figure svg';
    for (const [width, height] of [[1280, 720], [1366, 768], [1920, 1080]]) {
      await page.setViewportSize({ width, height });
      await frames(page, 3);
      assert.deepEqual(await offScreen(page, ['.story-words', '.table-frame', beside, '.story-nav']), [], `${width} x ${height}`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await frames(page, 3);
    assert.deepEqual(await offScreen(page, ['.story-words', figure === 'ring' ? beside : '.table-frame', '.story-nav']), [], 'on a phone');
    assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0);
    assert.deepEqual(errors, []);
    await context.close();
  });
});

test('a frame of somebody else\'s page shows one chapter, and turns to the next', async () => {
  const { page, context, errors } = await visit('?embed=1&view=story:3', { viewport: { width: 640, height: 640 } });
  await told(page, 3);
  await frames(page, 2);
  assert.deepEqual(await offScreen(page, ['.story-words h1', '.table canvas', '.curves canvas']), []);
  assert.equal(await page.evaluate('document.scrollingElement.scrollWidth'), 640);
  await page.click('.story-nav [rel="next"]');
  await told(page, 4);
  assert.deepEqual(errors, []);
  await context.close();
});

test('words act: on time, on a cell, and on what is trained', { timeout: 120_000 }, async () => {
  const { page, context, errors } = await visit('#story/1');
  await told(page, 1);
  await page.click('[data-act="mirror"]');
  await page.waitForFunction(`document.querySelector('.readout').textContent.startsWith('x = 5, y = 40')`);
  assert.match((await page.textContent('.of-clock p')) ?? '', /^5 \+ 40 = 45, once round and 2 more$/);
  assert.equal(await page.getAttribute('[data-act="mirror"]', 'aria-pressed'), 'true');

  await page.click('.story-nav [rel="next"]');
  await told(page, 2);
  await page.click('[data-act="end"]');
  await until(page, 'window.grokking.store.get().run.scrub === state.memorisedAt');

  // A computer that is thought too slow for it would show a recording.
  await page.evaluate(`(({ store }) => {
    store.dispatch({ type: 'speed', gflops: 1000 });
    store.get().speed.gflops = 1000;
  })(window.grokking)`);
  await page.evaluate(`location.hash = 'story/6'`);
  await told(page, 6);
  assert.equal(await page.locator('.story-bars li').count(), 1);
  const began = Date.now();
  await page.click('[data-act="less"]');
  await until(page, '!state.recorded && state.config.weightDecay === 1.5 && state.step > 50', 1000 * LIMIT_SECONDS);
  assert.match((await page.textContent('.story-words .note')) ?? '', /^Your computer trains it now: step|^Trained here/);
  // It has the rule, or the recording shows it: nobody waits longer.
  await eventually(page, `/^Trained here|This is the recording/.test(document.querySelector('.story-words .note').textContent)`, 1000 * (LIMIT_SECONDS + 5));
  assert.ok(Date.now() - began < 1000 * (LIMIT_SECONDS + 5));
  assert.equal(await page.locator('.story-bars li').count(), 2);
  await page.click('[data-act="none"]');
  await eventually(page, `/no rule by/.test(document.querySelector('.story-bars li:nth-child(3)')?.textContent)`, 1000 * (LIMIT_SECONDS + 5));
  assert.deepEqual(errors, []);
  await context.close();
});

test('from chapter to chapter by its buttons, its dots, keys, and back; out of it, and in again', { timeout: 60_000 }, async () => {
  const { page, context, errors } = await visit('');
  await page.click('a.to-story');
  await told(page, 1);
  assert.equal(await page.evaluate(`document.activeElement.matches('.story-words h1')`), true);
  await page.keyboard.press('ArrowRight');
  await told(page, 2);
  assert.equal(await page.evaluate(`document.activeElement.matches('.story-words h1')`), true);
  assert.equal(await page.evaluate('location.hash'), '#story/2');
  await page.click('.story-nav ol li:nth-child(5) a');
  await told(page, 5);
  assert.equal(await page.getAttribute('.story-nav [aria-current="step"]', 'href'), '#story/5');
  await page.goBack();
  await told(page, 2);
  await page.goForward();
  await told(page, 5);
  await page.keyboard.press('PageUp');
  await told(page, 4);
  await page.keyboard.press('PageUp');
  await told(page, 3);
  // The table and the slider have the arrows to themselves.
  await page.focus('.table canvas');
  await page.keyboard.press('ArrowRight');
  await page.focus('.scrub input');
  await page.keyboard.press('ArrowLeft');
  await told(page, 3);

  const step = await page.evaluate('window.grokking.store.get().run.scrub');
  await page.click('button:has-text("Explore on your own")');
  await page.waitForSelector('.intro h1', { state: 'visible' });
  assert.equal(await page.evaluate('location.hash'), '');
  assert.equal(await page.isVisible('.story-words'), false);
  assert.equal(await page.evaluate('window.grokking.store.get().run.scrub'), step, 'what is shown stays');
  assert.equal(await page.textContent('a.to-story'), 'The story: back to chapter 3');
  assert.equal(await page.evaluate(`document.activeElement.className`), 'to-story');
  await page.keyboard.press('Enter');
  await told(page, 3);
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run of the reader is there again after the story', { timeout: 60_000 }, async () => {
  const { page, context } = await visit(`?${SMALL}`);
  await page.waitForFunction('window.grokking');
  await page.evaluate('window.grokking.step(20)');
  await page.click('a.to-story');
  await told(page, 1);
  await page.evaluate(`location.hash = 'story/4'`);
  await told(page, 4);
  // A chapter that trains does, here and after a reload at which the run was kept.
  for (const time of ['first', 'reloaded']) {
    await until(page, '!state.recorded && state.step > 0 && state.config.modulus === 43', 1000 * LIMIT_SECONDS);
    assert.doesNotMatch((await page.textContent('.story-words .note')) ?? '', /recording/, time);
    assert.equal(await page.isVisible('.notices'), false, time);
    const seed = await page.evaluate('window.grokking.state().config.seed');
    await page.click('.story-words [data-act="seed"]');
    await until(page, `state.step > 0 && state.config.seed !== ${seed}`, 1000 * LIMIT_SECONDS);
    await page.click('button:has-text("Explore on your own")');
    await until(page, '!state.recorded && state.step === 20 && state.config.modulus === 11');
    assert.equal(await page.evaluate('location.search'), `?${SMALL}`, time);
    if (time === 'reloaded') break;
    await page.evaluate(`location.hash = 'story/4'`);
    await page.reload();
    await told(page, 4);
  }
  await context.close();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const [width, height] of [[1280, 720], [320, 640]]) {
    test(`axe finds nothing in a chapter, in ${colorScheme} at ${width} pixels`, { timeout: 90_000 }, async () => {
      const { page, context } = await visit('#story/1', { colorScheme, viewport: { width, height } });
      for (const chapter of [1, 3, 5, 6, 9]) {
        await page.evaluate(`location.hash = 'story/${chapter}'`);
        await told(page, chapter);
        await page.addScriptTag({ path: axe });
        const found = await page.evaluate(`axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].target.join(' ')))`);
        assert.deepEqual(found, [], `chapter ${chapter}`);
        assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0, `chapter ${chapter} is too wide`);
      }
      await context.close();
    });
  }
}

test('on paper a chapter has its words, its pictures, and nothing to press', { timeout: 60_000 }, async () => {
  const { page, context } = await visit('#story/6');
  await told(page, 6);
  await page.evaluate(`for (const values of document.querySelectorAll('.chart-values')) values.open = true`);
  for (const address of ['#story/6', '#story/1', '#structure', '']) {
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
    if (address.startsWith('#story')) await told(page, Number(address.at(-1)));
    if (address === '#structure') await page.waitForSelector('#structure');
    await page.emulateMedia({ media: 'print' });
    // The width of A4 between its margins.
    await page.setViewportSize({ width: 718, height: 1040 });
    await frames(page, 3);
    const pressed = await page.evaluate(`[...document.querySelectorAll('button:not(.act), summary, input, select, nav, .chart-values')]
      .filter((node) => node.checkVisibility() && node.getBoundingClientRect().width > 0).map((node) => node.outerHTML.slice(0, 80))`);
    assert.deepEqual(pressed, [], address);
    const beside = { '#story/6': '.curves canvas', '#story/1': '.story-figure svg' }[address];
    if (beside) assert.deepEqual(await offScreen(page, ['.table canvas', beside]), [], address);
  }
  await context.close();
});

/** Pixels and words of the smallest text that is seen, drawings included. */
const SMALLEST = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest('.unseen') || !parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { width, height } = range.getBoundingClientRect();
    if (width < 2 || height < 2) continue;
    const scale = parent instanceof SVGElement ? parent.ownerSVGElement.getScreenCTM().a : 1;
    found.push([parseFloat(getComputedStyle(parent).fontSize) * scale, node.textContent.trim()]);
  }
  return found.sort((a, b) => a[0] - b[0])[0];
})()`;

test('a lecture: one thing at a time, read from the last row, by the keys of a clicker', { timeout: 200_000 }, async (t) => {
  const { page, context, errors } = await visit('?present=1', { viewport: { width: 1920, height: 1080 } });
  let smallest = Infinity;
  for (const [at, { id, slides }] of CHAPTERS.entries()) {
    for (const [slide, { sight }] of slides.entries()) {
      const words = WORDS[id].slides[slide].say.replace(/\{.*/, '');
      await eventually(page, `document.querySelector('.story-say .sentence')?.textContent.startsWith(${JSON.stringify(words)})
        && document.querySelector('.story-say .sentence').textContent !== ''`, 1000 * LIMIT_SECONDS);
      assert.equal(await page.evaluate('location.hash'), `#story/${at + 1}${slide ? `/${slide + 1}` : ''}`);
      await frames(page, 3);
      const sights = { table: '.table canvas', curves: '.curves canvas', clock: '.story-figure svg', ring: '.story-figure svg', bars: '.story-bars' };
      for (const [name, selector] of Object.entries(sights)) {
        if (selector === sights[sight]) assert.deepEqual(await offScreen(page, [selector]), [], `${id} ${slide + 1}`);
        else assert.equal(await page.isVisible(selector).catch(() => false), false, `${id} ${slide + 1} shows ${name}, too`);
      }
      const [pixels, text] = /** @type {[number, string]} */ (await page.evaluate(SMALLEST));
      smallest = Math.min(smallest, pixels);
      assert.ok(pixels >= LECTURE_PIXELS, `${id} ${slide + 1}: "${text}" has ${pixels} pixels`);
      assert.deepEqual(await offScreen(page, ['.story-say', '.story-foot']), [], `${id} ${slide + 1}`);
      assert.equal(await page.locator('.save >> visible=true').count(), 0, `${id} ${slide + 1}: nothing to press`);
      // A line on the page has 2.5 pixels; its mark in the key is as thick as it.
      if (sight === 'curves') assert.ok((await page.locator('.curves .chart-key i >> visible=true').first().boundingBox())?.height === 5, `${id} ${slide + 1}`);
      await page.keyboard.press('PageDown');
    }
  }
  t.diagnostic(`the smallest letters have ${smallest.toFixed(1)} pixels`);
  await page.keyboard.press('PageUp');
  await page.keyboard.press('b');
  assert.equal(await page.isVisible('.story-blank'), true);
  await page.keyboard.press('b');
  assert.equal(await page.isVisible('.story-blank'), false);
  await page.keyboard.press('Home');
  await eventually(page, `location.hash === '#story/1'`);
  await page.keyboard.press('Escape');
  await told(page, 1);
  assert.equal(await page.evaluate('location.search'), '');
  await page.keyboard.press('p');
  await page.waitForSelector('.story-say');
  assert.equal(await page.evaluate('location.search'), '?present=1');
  assert.deepEqual(errors, []);
  await context.close();
});

test('a run that was left here, or an error, moves nothing on a slide', { timeout: 60_000 }, async () => {
  const { page, context, errors } = await visit(`?${SMALL}&present=1`, { viewport: { width: 1920, height: 1080 } });
  await eventually(page, `document.querySelector('.story-say .sentence')?.textContent`, 1000 * LIMIT_SECONDS);
  const places = `['.story-say .sentence', '.story-figure', '.story-foot'].map((part) => JSON.stringify(document.querySelector(part).getBoundingClientRect()))`;
  await frames(page, 3);
  const fresh = await page.evaluate(places);
  await page.evaluate('window.grokking.step(20)');
  await page.reload();
  await eventually(page, `document.querySelector('.notices .calm') && document.querySelector('.story-say .sentence')?.textContent`, 1000 * LIMIT_SECONDS);
  await frames(page, 3);
  assert.deepEqual(await page.evaluate(places), fresh);
  assert.equal(await page.isVisible('.notices'), false);
  await page.evaluate(`window.grokking.actions.notice('Training failed.', 'reload')`);
  await page.waitForSelector('.notices [role=alert]');
  assert.deepEqual(await page.evaluate(places), fresh);
  assert.equal(await page.isVisible('.notices .calm'), false);
  await page.keyboard.press('Escape');
  await told(page, 1);
  assert.deepEqual(errors, []);
  await context.close();
});

test('the first key of a lecture opens the notes or fills the screen: a browser lets it do one', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ serviceWorkers: 'block', bypassCSP: true, reducedMotion: 'reduce' });
  await context.addInitScript(`
    window.done = [];
    Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } });
    Element.prototype.requestFullscreen = async () => void window.done.push('full');
    window.open = (address) => window.done.push(address) && null;
  `);
  const page = await context.newPage();
  await page.goto(server.url('?present=1#story/2'));
  await page.waitForSelector('.story-say .sentence');
  await page.keyboard.press('n');
  assert.deepEqual(await page.evaluate('window.done'), ['?notes=1']);
  await page.waitForSelector('.notices p:has-text("press n again")');
  await page.keyboard.press('N');
  await page.keyboard.press('PageDown');
  assert.deepEqual(await page.evaluate('window.done'), ['?notes=1', '?notes=1', 'full']);
  await page.keyboard.press('P');
  await told(page, 2);
  assert.equal(await page.evaluate('location.search'), '');
  await context.close();
});

test("the speaker's window is in step, and turns the pages, too", { timeout: 60_000 }, async () => {
  const { page, context, errors } = await visit('?present=1#story/2');
  await eventually(page, `document.querySelector('.story-say .sentence')?.textContent !== undefined`);
  const opened = context.waitForEvent('page');
  await page.keyboard.press('n');
  const notes = await opened;
  notes.on('pageerror', (error) => errors.push(error.message));
  const { slides } = WORDS.heart;
  await eventually(notes, `document.querySelector('.speaker .say')?.textContent === ${JSON.stringify(slides[0].say)}`);
  assert.equal(await notes.textContent('.notes'), slides[0].notes);
  assert.match((await notes.textContent('.clock')) ?? '', /^Since the beginning \d+:\d\d/);
  assert.equal(await notes.evaluate('typeof window.grokking'), 'undefined', 'it trains nothing');
  await page.keyboard.press('PageDown');
  await eventually(notes, `document.querySelector('.notes').textContent === ${JSON.stringify(slides[1].notes)}`);
  await notes.keyboard.press('ArrowRight');
  await eventually(page, `location.hash === '#story/3'`);
  await eventually(notes, `document.querySelector('.kicker').textContent.endsWith(${JSON.stringify(WORDS.wait.title)})`);
  await notes.keyboard.press('b');
  await page.waitForSelector('.story-blank', { state: 'visible' });

  // What ends it is a key, or that its page goes; and each time it can be given again.
  const isOver = `document.querySelector('.notes').textContent === ${JSON.stringify(NOTES.over)}`;
  const isEmpty = `['.kicker', '.say', '.next'].every((part) => document.querySelector(part).textContent === '')`;
  const isTold = `document.querySelector('.say').textContent !== '' && !(${isOver})`;
  await page.keyboard.press('p');
  await eventually(notes, `${isOver} && ${isEmpty} && !document.body.classList.contains('blank')`);
  assert.match((await notes.textContent('.clock')) ?? '', /^Time /);
  await page.keyboard.press('p');
  await eventually(notes, isTold);
  await page.reload();
  await eventually(notes, isTold);
  await page.goto('about:blank');
  await eventually(notes, `${isOver} && ${isEmpty}`);
  assert.deepEqual(errors, []);
  await context.close();
});

test('the link of a lecture works without the network after one visit', { timeout: 120_000 }, async () => {
  const own = await serve();
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(own.url('?present=1#story/2'));
  // What is fetched ahead is there when its last recording is.
  await eventually(page, `(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
    return all.flat().some((url) => url.endsWith('quad2.grok'));
  })()`, 90_000);
  own.off = true;
  const later = await context.newPage();
  await later.goto(own.url('?present=1#story/5'));
  await eventually(later, `document.querySelector('.story-say .sentence')?.textContent === ${JSON.stringify(WORDS.circle.slides[0].say)}`);
  await later.keyboard.press('End');
  await eventually(later, `window.grokking.store.get().run.recording?.file === 'quad2.grok'`);
  const opened = context.waitForEvent('page');
  await later.keyboard.press('n');
  const notes = await opened;
  await eventually(notes, `document.querySelector('.speaker .say')?.textContent === ${JSON.stringify(WORDS.others.slides[2].say)}`);
  // The lecture that began first is still open: it is neither told of nor turned.
  await page.keyboard.press('PageDown');
  await eventually(page, `location.hash === '#story/2/2'`);
  assert.equal(await notes.textContent('.say'), WORDS.others.slides[2].say);
  await notes.keyboard.press('ArrowLeft');
  await eventually(later, `location.hash === '#story/9/2'`);
  assert.equal(await page.evaluate('location.hash'), '#story/2/2');
  await context.close();
  await own.close();
});
