// What if a part is taken away: the figure in the page, over a run that trains.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { eventually, frames, open, openFigure, stage, until } from './harness.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SMALL = 'preset=quick&modulus=13&width=32&trainFraction=0.8&weightDecay=2&backend=cpu&budget=3000';
const { server, browser } = await stage();

/** @typedef {import('playwright-core').Page} Page */

/** What the figure says. @param {Page} page */
const outcome = async (page) => (await page.textContent('#cut .outcome') ?? '').replaceAll('\u202f', '');
/** Rows of the first table of numbers, or of the second. @param {Page} page @param {number} [table] */
const numbers = (page, table = 0) => page.$$eval('#cut .scores', (all, at) => [...all[at].querySelectorAll('tbody tr')].map((row) =>
  [...row.children].map(({ textContent }) => (textContent ?? '').trim())), table);
/** Cells right of one side, of a row. @param {string[]} row @param {1 | 3} side */
const rightIn = (row, side) => Number(/(\d+) of/.exec(row[side])?.[1]);
/** A switch. @param {string} cut */
const at = (cut) => `#cut input[data-cut="${cut}"]`;
const SAYS = (/** @type {string} */ words) => `document.querySelector('#cut .outcome').textContent.includes(${JSON.stringify(words)})`;

/** A run that has grokked, and its figure. @param {string} [more] */
async function grokked(more = '') {
  const { page, errors } = await open(browser, server.url(`?${SMALL}${more}`));
  await openFigure(page, 'cut');
  await page.evaluate('window.grokking.run()');
  await until(page, 'state.status === "finished"', 120_000);
  await eventually(page, `/alone gets/.test(document.querySelector('#cut .rule')?.textContent)`);
  return { page, errors };
}

test('a part is taken away at once and put back, and the run goes on as it is', async () => {
  const { page, errors } = await grokked();
  const run = `(() => {
    const { step, curves, latest } = window.grokking.store.get().run;
    return JSON.stringify([step, curves, [...latest.predicted]]);
  })()`;
  const before = await page.evaluate(run);
  assert.match(await outcome(page), /^Nothing is taken away/);
  const [whole] = await numbers(page);
  assert.deepEqual((await numbers(page))[1].slice(1), whole.slice(1), 'what remains is the whole network');
  await page.click(at('mlp:0'));
  await eventually(page, SAYS('without all neurons'));
  const [again, left] = await numbers(page);
  assert.deepEqual([rightIn(again, 1), rightIn(again, 3)], [rightIn(whole, 1), rightIn(whole, 3)]);
  assert.ok(rightIn(left, 1) < rightIn(whole, 1) / 2 && rightIn(left, 3) < rightIn(whole, 3), `${left}`);
  assert.match(await page.textContent('#cut') ?? '', /\d+ of 169 cells have the answer that they had/);

  // Several at a time, and with their mean in their place.
  await page.click(at('head:0.0'));
  await eventually(page, SAYS('without all neurons and head 0,'));
  await page.check('#cut input[value="mean"]');
  await eventually(page, `window.grokking.store.get().run.ablated.fill === 'mean'`);
  assert.match(page.url(), /[?&]cut=mlp:0,head:0\.0&fill=mean#cut$/);
  await page.click('#cut button:has-text("Undo")');
  await page.click('#cut button:has-text("Undo")');
  await eventually(page, SAYS('without all neurons,'));
  assert.equal(await page.isChecked(at('head:0.0')), false);
  assert.deepEqual((await numbers(page))[1], left);
  await page.click('#cut button:has-text("Put everything back")');
  await eventually(page, SAYS('Nothing is taken away'));
  assert.equal(await page.isChecked(at('mlp:0')), false);
  assert.doesNotMatch(page.url(), /cut=/);
  assert.equal(await page.evaluate(run), before);
  assert.deepEqual(errors, []);
  await page.close();
});

test('the rule alone knows every cell once it is there, and before that it does not', async () => {
  const { page } = await grokked();
  const said = (await page.textContent('#cut .rule') ?? '').replaceAll('\u202f', '');
  const [, alone, of, without] = /rule of frequenc(?:y|ies) [\d, and]+ alone gets (\d+) of (\d+) cells right; without it, (\d+) of/.exec(said)?.map(Number) ?? [];
  assert.equal(of, 169);
  assert.ok(alone > 160 && without < 80, said);
  const rows = await numbers(page, 1);
  assert.equal(rightIn(rows[1], 1) + rightIn(rows[1], 3), alone);
  assert.equal(rightIn(rows[2], 1) + rightIn(rows[2], 3), without);
  // What it is without the key frequencies is what the switch for them says, but for the means.
  await page.click(at('logits:keys'));
  await eventually(page, SAYS('without the key frequencies before the scores'));
  assert.ok(rightIn((await numbers(page))[1], 3) < 20);
  await page.evaluate('window.grokking.actions.scrub(0)');
  await eventually(page, `/At step 0, the rule of/.test(document.querySelector('#cut .rule').textContent)`);
  assert.ok(rightIn((await numbers(page, 1))[1], 3) < 20);
  assert.match(await page.textContent('#cut') ?? '', /The pictures are of the network as it is now, at step/);
  await page.close();
});

test('a link takes away what it says, and what the network does not have is said beside the switches', async () => {
  const { page, errors } = await open(browser, server.url(`?${SMALL}&cut=head:0.9,mlp:0&fill=mean#cut`));
  await eventually(page, SAYS('without all neurons'));
  await eventually(page, `/\`head:0\\.9\`: there is no head 9, only 0 to 3\\./.test(document.querySelector('#cut .refused').textContent)`);
  assert.equal(await page.isChecked(at('mlp:0')), true);
  assert.equal(await page.isChecked('#cut input[value="mean"]'), true);
  assert.match(page.url(), /cut=head:0\.9,mlp:0&fill=mean/);
  await page.click('#cut button:has-text("Leave it out")');
  await eventually(page, `document.querySelector('#cut .refused').children.length === 0`);
  assert.match(page.url(), /cut=mlp:0&fill=mean/);
  assert.equal(await page.evaluate(`window.grokking.store.get().notices.length`), 0);
  // A frame has it too, and a script what it says.
  const frame = await open(browser, server.url(`?${SMALL}&embed=1&view=cut&cut=mlp:0`));
  await eventually(frame.page, SAYS('without all neurons'));
  const answer = await frame.page.evaluate(`window.grokking.ablate(['head:0.1']).then(({ step, left, predicted }) => [step, left.train.of + left.heldOut.of, predicted.length])`);
  assert.deepEqual(answer, [0, 169, 169]);
  await eventually(frame.page, SAYS('without head 1'));
  assert.match(String(await frame.page.evaluate(`window.grokking.ablate(['head:0.9']).catch(({ code, message }) => code + ' ' + message)`)), /^command `head:0\.9`: there is no head 9/);
  assert.deepEqual([errors, frame.errors], [[], []]);
  await frame.page.close();
  const wrong = await open(browser, server.url(`?${SMALL}&cut=heads:0.1`));
  assert.match(await wrong.page.textContent('.notices') ?? '', /`cut` cannot be `heads:0\.1`: allowed are head:0\.2, mlp:0/);
  await wrong.page.close();
  await page.close();
});

test('back and forward keep what was taken away, and a run that trains is asked again', async () => {
  const { page } = await open(browser, server.url(`?${SMALL}&budget=100000&stop=budget#cut`));
  await eventually(page, `document.querySelectorAll('#cut .switch').length > 4`);
  await page.click(at('head:0.2'));
  await eventually(page, SAYS('At step 0, without head 2'));
  await page.evaluate('window.grokking.run()');
  await eventually(page, `Number(/At step ([\\d\\u202f]+)/.exec(document.querySelector('#cut .outcome').textContent)?.[1].replaceAll('\\u202f', '')) > 100`);
  await page.evaluate('window.grokking.pause()');
  await eventually(page, `window.grokking.store.get().run.ablated.step === window.grokking.state().step`);
  await page.evaluate(`history.pushState(null, '', location.href.replace('cut=head:0.2', 'cut=head:0.3'))`);
  await page.goBack();
  assert.equal(await page.isChecked(at('head:0.2')), true);
  await page.click('#cut button:has-text("Close")');
  const asked = 'window.grokking.store.get().run.ablated';
  await page.evaluate(`window.last = ${asked}`);
  await page.evaluate('window.grokking.step(50)');
  await frames(page, 10);
  assert.equal(await page.evaluate(`window.last === ${asked}`), true, 'a figure that is closed asks nothing');
  await page.close();
});

test('of a group there is no rule, and of a recording no network', async () => {
  const { page, errors } = await open(browser, server.url('?preset=quick&operation=s4&width=16&batch=64&layers=2&backend=cpu#cut'));
  await eventually(page, `document.querySelectorAll('#cut .switch').length > 4`);
  assert.match(await page.textContent('#cut') ?? '', /only where the operation is a sum, openly or in disguise\. This one is not\./);
  await page.click(at('layer:1'));
  await eventually(page, SAYS('without layer 1'));
  await page.click(at('head:0.1'));
  await eventually(page, SAYS('and head 1 of layer 0'));
  await page.evaluate(`window.grokking.actions.replay('first.grok', false)`);
  await until(page, 'state.recorded');
  await eventually(page, `document.querySelector('#cut .recorded').checkVisibility()`);
  assert.match(await page.textContent('#cut .recorded') ?? '', /no network: nothing can be taken out of it/);
  assert.equal(await page.isVisible('#cut .switch'), false);
  assert.equal(await page.isVisible('#cut .boards'), false);
  await page.click('#cut button:has-text("Train this run here")');
  await until(page, '!state.recorded && state.step > 0');
  await eventually(page, `document.querySelector('#cut .switch')?.checkVisibility()`);
  assert.deepEqual(errors, []);
  await page.close();
});

test('by keyboard, on a phone, in both schemes, and for who hears the page', { timeout: 120_000 }, async () => {
  const { page, errors } = await open(browser, server.url(`?${SMALL}#cut`));
  await eventually(page, `document.querySelectorAll('#cut .switch').length > 4`);
  await page.evaluate('window.grokking.step(30)');
  await page.focus(at('head:0.0'));
  await page.keyboard.press('Space');
  await eventually(page, SAYS('without head 0'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await eventually(page, SAYS('without head 0 and head 1'));
  // A switch keeps the focus while the network, and with it the list, changes.
  await page.evaluate('window.grokking.step(30)');
  await frames(page, 5);
  assert.equal(await page.evaluate('document.activeElement.dataset.cut'), 'head:0.1');
  assert.equal(await page.getAttribute('#cut .outcome', 'aria-live'), 'polite');
  await page.focus('#cut .board >> nth=1 >> canvas');
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await eventually(page, `/^x = 1, y = 2: .* = 3, .*The whole network says/.test(document.querySelector('#cut .reading').textContent)`);
  await page.addScriptTag({ path: axe });
  for (const [width, colorScheme] of /** @type {[number, 'light' | 'dark'][]} */ ([[360, 'light'], [320, 'dark'], [800, 'light'], [1280, 'dark']])) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await frames(page, 3);
    const found = await page.evaluate(`axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].target.join(' ')))`);
    assert.deepEqual(found, [], `${width} ${colorScheme}`);
    const [wide, all] = /** @type {number[]} */ (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]'));
    assert.ok(wide <= all, `${wide} pixels in ${all}`);
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test('what is left ends where its switches end, and lies over nothing below', { timeout: 120_000 }, async () => {
  const { page } = await grokked();
  const over = `(() => {
    const [left, rule] = [...document.querySelectorAll('#cut > div')].slice(-2);
    const seen = [...left.querySelectorAll('*')].filter((part) => part.checkVisibility());
    const bottom = Math.max(...seen.map((part) => part.getBoundingClientRect().bottom));
    return bottom - rule.getBoundingClientRect().top;
  })()`;
  for (const [width, height] of [[1280, 900], [1600, 1000]]) {
    await page.setViewportSize({ width, height });
    await frames(page, 3);
    assert.equal(await page.evaluate(`getComputedStyle(document.querySelector('#cut')).display`), 'grid');
    for (const at of ['fieldset.fill', '.rule', '> div:last-child canvas']) {
      await page.evaluate(`document.querySelector('#cut ${at}').scrollIntoView({ block: 'start' })`);
      await frames(page, 3);
      const pixels = Number(await page.evaluate(over));
      assert.ok(pixels <= 0, `at ${at}, ${width} x ${height}: ${pixels} pixels of it lie over the rule`);
    }
  }
  await page.close();
});

test('each picture can be saved', async () => {
  const { page } = await open(browser, server.url(`?${SMALL}&cut=mlp:0#cut`));
  await eventually(page, SAYS('without all neurons'));
  for (const nth of [0, 1, 2]) {
    await page.locator('#cut .board button.save').nth(nth).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('dialog[open] button:has-text("SVG")')]);
    assert.match(download.suggestedFilename(), /^grokking-add-p13-seed\d+-step0-(whole|remains|changed)\.svg$/);
    await page.keyboard.press('Escape');
  }
  await page.close();
});
