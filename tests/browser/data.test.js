// Operations of one's own, and cells that are held out by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, openFigure, stage, type, until } from './harness.js';

const TINY = 'preset=quick&modulus=11&width=16&batch=40&backend=cpu';

const { server, browser } = await stage();

/** The answers of the table. @param {import('playwright-core').Page} page */
const answers = (page) =>
  page.evaluate('Array.from(window.grokking.table().answer)').then((list) => /** @type {number[]} */ (list));

test('a typed formula is a table, and a wrong one loses nothing', async () => {
  const { page, errors } = await open(browser, server.url(`?${TINY}`));
  await page.evaluate('window.grokking.step(5)');
  await openFigure(page, 'settings');
  assert.equal(await page.isVisible('#settings [name=formula]'), false);
  await page.selectOption('#settings [name=operation]', 'formula');
  await page.waitForSelector('#settings [name=formula]', { state: 'visible' });
  await type(page, '#settings [name=formula]', 'x / y + 1 +');
  await page.press('#settings [name=formula]', 'Enter');
  await page.waitForFunction(
    `document.querySelector('#settings [name=formula] ~ .error').textContent.includes('character 12')`,
  );
  await type(page, '#settings [name=formula]', 'x / y + 1');
  await page.press('#settings [name=formula]', 'Enter');
  await until(page, `state.config.formula === 'x / y + 1'`);
  await page.waitForFunction(`window.grokking.table().answer[0] === 65535`);
  // 1 / 1 + 1, and no equation where y is 0.
  assert.equal((await answers(page))[11 + 1], 2);
  assert.match((await page.textContent('.lede')) ?? '', /the table of x \/ y \+ 1 modulo 11\. Of its 110 cells it is shown 55/);
  assert.match(page.url(), /formula=x\+%2F\+y\+%2B\+1/);
  await page.evaluate('window.grokking.step(3)');
  assert.deepEqual(errors, []);
  await page.close();
});

test('a pasted table is trained on, and a wrong cell is named', async () => {
  const { page } = await open(browser, server.url(`?${TINY}`));
  await openFigure(page, 'settings');
  await page.selectOption('#settings [name=operation]', 'table');
  await type(page, '#settings [name=table]', '0,1,2\n1,2,7\n2,0,1');
  await page.press('#settings [name=table]', 'Tab');
  await page.waitForFunction(
    `document.querySelector('#settings [name=table] ~ .error').textContent.includes('row 2, column 3')`,
  );
  assert.equal((await answers(page)).length, 121);
  await type(page, '#settings [name=table]', ',e,a,b\ne,e,a,b\na,a,b,e\nb,b,e,a');
  await page.press('#settings [name=table]', 'Tab');
  await page.waitForFunction(`window.grokking.table().size === 3`);
  assert.deepEqual(await answers(page), [0, 1, 2, 1, 2, 0, 2, 0, 1]);
  await page.waitForFunction(`document.querySelector('.readout').textContent.endsWith(
    'x and y can change places and brackets do not matter; there are 3 different answers.')`);

  const large = Array.from({ length: 60 }, (_, x) => Array.from({ length: 60 }, (_, y) => (x * y) % 60).join(','));
  // As pasting does: ten thousand keys would take a while.
  await page.click('#settings [name=table]');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(large.join('\n'));
  await page.press('#settings [name=table]', 'Tab');
  await page.waitForFunction(`window.grokking.table().size === 60`);
  await page.click('.more summary');
  await page.click('button[data-control="link"]');
  await page.click('[data-copy=full]');
  await page.waitForFunction(`/is \\d+\\skB long/.test(document.querySelector('.copy [role=status]').textContent)`);
  await page.close();
});

test('a link with a wrong formula opens its preset and says why', async () => {
  const { page } = await open(browser, server.url('?operation=formula&formula=x%2B'));
  const notice = await page.textContent('.notices');
  assert.match(notice ?? '', /the formula is wrong at character 3: expected x, y, a number/);
  await page.evaluate('window.grokking.step(1)');
  await page.close();
});

test('cells dragged over are held out, and undo brings the run back', async () => {
  const { page, errors } = await open(browser, server.url(`?${TINY}`));
  await page.setViewportSize({ width: 1200, height: 1500 });
  await page.evaluate('window.grokking.step(5)');
  await openFigure(page, 'mask');
  const drag = async (/** @type {number[]} */ [x0, y0], /** @type {number[]} */ [x1, y1]) => {
    await page.click('#mask button:has-text("To the table")');
    const box = await page.locator('.table canvas').boundingBox();
    assert.ok(box);
    const at = (/** @type {number} */ cell) => ((cell + 0.5) / 11) * box.width;
    await page.mouse.move(box.x + at(y0), box.y + at(x0));
    await page.mouse.down();
    await page.mouse.move(box.x + at(y1), box.y + at(x1), { steps: 4 });
    await page.mouse.up();
  };
  await drag([2, 3], [4, 7]);
  await until(page, `state.config.heldOut === 'box 2-4 3-7'`);
  await page.check('#mask input[value=row]');
  await drag([9, 1], [9, 5]);
  await until(page, `state.config.heldOut === 'box 2-4 3-7; row 9'`);
  await page.waitForFunction(`window.grokking.table().heldOut[9 * 11] === 1`);
  const heldOut = /** @type {number[]} */ (
    await page.evaluate('Array.from(window.grokking.table().heldOut)')
  );
  heldOut.forEach((flag, cell) => {
    const [x, y] = [Math.floor(cell / 11), cell % 11];
    assert.equal(flag === 1, x === 9 || (x >= 2 && x <= 4 && y >= 3 && y <= 7), `${x}, ${y}`);
  });
  await page.click('#mask button:has-text("Back to random")');
  await until(page, `state.config.heldOut === ''`);
  assert.deepEqual(errors, []);
  await page.close();
});
