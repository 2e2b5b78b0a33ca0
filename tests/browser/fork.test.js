// Two runs from one moment, and a ladder down and up again, in a real browser.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { eventually, open, openFigure, stage, type, until, workers } from './harness.js';

const TINY = 'preset=quick&modulus=11&width=16&batch=40&trainFraction=0.8&backend=cpu';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const FORK = `window.grokking.store.get().fork`;
const DONE = `${FORK}?.status === 'done'`;

const { server, browser } = await stage();

/** @param {import('playwright-core').BrowserContextOptions} [options] */
const context = (options) => browser.newContext({ serviceWorkers: 'block', bypassCSP: true, reducedMotion: 'reduce', ...options });

/** What the page's own run is. */
const RUN = `(({ run: { step, status, settings, curves } }) => JSON.stringify([step, status, settings, curves]))(window.grokking.store.get())`;

/** @param {import('playwright-core').Page} page @param {number} steps */
async function setSteps(page, steps) {
  await type(page, '#fork [name=steps]', String(steps));
  await page.keyboard.press('Tab');
}

test('a run goes on twice, and stays as it is itself', { timeout: 120_000 }, async () => {
  const desk = await context({ viewport: { width: 1280, height: 900 } });
  const { page, errors } = await open(desk, server.url(`?${TINY}`));
  await page.evaluate('window.grokking.step(60)');
  await openFigure(page, 'fork');
  const before = await page.evaluate(RUN);
  assert.equal(await page.isVisible('#fork .outcomes'), false);

  await setSteps(page, 40);
  await page.click('#fork button:has-text("Turn weight decay off now")');
  await eventually(page, DONE);
  const fork = /** @type {any} */ (await page.evaluate(FORK));
  assert.deepEqual([fork.step, fork.changes, fork.steps], [60, { weightDecay: '0' }, 40]);
  for (const { curves, step } of fork.limbs) {
    assert.equal(step, 100);
    assert.ok(curves.step.length > 20, `${curves.step.length} points`);
    assert.equal(curves.step[0], 60);
  }
  // Both begin with the same weights, and one of them has forgotten how to shrink its own.
  assert.equal(fork.limbs[0].curves.trainLoss[0], fork.limbs[1].curves.trainLoss[0]);
  assert.notEqual(fork.limbs[0].curves.trainLoss.at(-1), fork.limbs[1].curves.trainLoss.at(-1));
  await eventually(page, `/Weight decay 0:.*40 steps after the fork: .* of the 97 cells/.test(document.querySelector('#fork .outcomes').textContent)`);
  const key = await page.textContent('#fork .chart-key');
  for (const name of ['Nothing changed, held out', 'Weight decay 0, held out']) assert.ok(key?.includes(name), `${name} in ${key}`);
  await eventually(page, `(() => {
    const canvas = document.querySelector('#fork .chart canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colors = ['--stroke-1', '--stroke-2'].map((name) => getComputedStyle(canvas).getPropertyValue(name).trim().match(/\\w\\w/g).map((hex) => parseInt(hex, 16)));
    const has = ([r, g, b]) => { for (let at = 0; at < data.length; at += 4) if (data[at] === r && data[at + 1] === g && data[at + 2] === b) return true; return false; };
    return colors.some(has);
  })()`);
  assert.equal(await page.evaluate(RUN), before);
  // The workers went with their steps.
  await workers(page, 1);

  // With nothing changed a fork is the run that it leaves.
  await page.evaluate('window.grokking.step(40)');
  const live = /** @type {any} */ (await page.evaluate('window.grokking.store.get().run.latest.trainLoss'));
  assert.equal(fork.limbs[0].curves.trainLoss.at(-1), live);

  await page.click('#fork summary:has-text("Show the loss")');
  assert.equal(await page.isVisible('#fork details canvas'), true);
  await page.click('#fork button:has-text("Throw this fork away")');
  await eventually(page, `${FORK} === null`);
  await eventually(page, `!document.querySelector('#fork .outcomes').checkVisibility()`);
  // What goes away leaves the focus among its neighbours.
  assert.match(String(await page.evaluate('document.activeElement.textContent')), /Fork at step 100/);
  assert.deepEqual(errors, []);
  await desk.close();
});

test('what is refused is said beside its control, and the fork before it stays', { timeout: 120_000 }, async () => {
  const desk = await context();
  const { page, errors } = await open(desk, server.url(`?${TINY}#fork`));
  await page.waitForSelector('#fork.figure');
  const said = async (/** @type {string} */ name) => (await page.textContent(`#fork [name=${name}] ~ .error`)) ?? '';
  await page.click('#fork button:has-text("Fork at step 0")');
  await eventually(page, `document.querySelector('#fork').textContent.includes('Nothing is changed: both runs would be the same')`);

  await type(page, '#fork [name=weightDecay]', '-1');
  await page.keyboard.press('Enter');
  await eventually(page, `document.querySelector('#fork [name=weightDecay] ~ .error').textContent !== ''`);
  assert.equal(await said('weightDecay'), 'Weight decay cannot be `-1`: allowed is a number from 0 to 20.');
  assert.equal(await page.evaluate('document.activeElement.name'), 'weightDecay');
  assert.equal(await page.getAttribute('#fork [name=weightDecay]', 'aria-invalid'), 'true');

  await type(page, '#fork [name=weightDecay]', '0');
  await setSteps(page, 10);
  await page.click('#fork button:has-text("Fork at step 0")');
  await eventually(page, DONE);
  assert.equal(await said('weightDecay'), '');

  await page.selectOption('#fork [name=other]', 'width');
  await type(page, '#fork [name=value]', '32');
  await page.click('#fork button:has-text("Fork at step 0")');
  await eventually(page, `document.querySelector('#fork [name=value] ~ .error').textContent !== ''`);
  assert.equal(await said('value'), 'A fork keeps the network and what it learns: width is `16` there and `32` here.');
  assert.deepEqual(await page.evaluate(`${FORK}.changes`), { weightDecay: '0' });
  await workers(page, 1);
  assert.deepEqual(errors, []);
  await desk.close();
});

test('what was taken away is given back, and a ladder goes down and up', { timeout: 120_000 }, async () => {
  const phone = await context({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  const { page, errors } = await open(phone, server.url(`?${TINY}#fork`));
  await page.waitForSelector('#fork.figure');
  await page.evaluate('window.grokking.step(30)');
  await setSteps(page, 20);
  await page.click('#fork button:has-text("Take away half of what it was shown")');
  await eventually(page, DONE);
  assert.deepEqual(await page.evaluate(`${FORK}.limbs.map(({ cells }) => cells)`), [97, 48]);
  await page.click('#fork button:has-text("Give it back")');
  await eventually(page, `${FORK}?.again && ${DONE}`);
  assert.deepEqual(await page.evaluate(`[${FORK}.step, ...${FORK}.limbs.map(({ cells }) => cells)]`), [50, 48, 97]);

  await type(page, '#fork [name=rungs]', '1');
  await type(page, '#fork [name=rungSteps]', '15');
  await page.click('#fork button:has-text("Go down and up")');
  await eventually(page, `window.grokking.store.get().ladder?.status === 'done'`);
  const rungs = /** @type {any} */ (await page.evaluate('window.grokking.store.get().ladder.rungs'));
  assert.deepEqual(rungs.map((/** @type {any} */ { cells }) => cells), [97, 48, 97]);
  await eventually(page, `document.querySelectorAll('#fork .runs tbody tr').length === 2`);
  assert.match((await page.textContent('#fork')) ?? '', /The two ways differ most at/);
  assert.equal(await page.evaluate('window.grokking.state().step'), 30);
  await page.addScriptTag({ path: axe });
  assert.deepEqual(await page.evaluate(`axe.run('#fork').then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes[0].target.join(' ')))`), []);
  const [wide, width] = /** @type {number[]} */ (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]'));
  assert.ok(wide <= width, `the page is ${wide} pixels wide, the window ${width}`);
  await workers(page, 1);
  // Neither is of another run.
  await page.evaluate('window.grokking.actions.reset()');
  await eventually(page, `[...document.querySelectorAll('#fork :is(.outcomes, .runs)')].every((node) => !node.checkVisibility())`);
  assert.deepEqual(errors, []);
  await phone.close();
});

test('a link trains to its step, forks there, and is the address of the page', { timeout: 120_000 }, async () => {
  const desk = await context();
  const query = `?v=1&${TINY}&fork=50:weightDecay=0,learningRate=0.002`;
  const { page, errors } = await open(desk, server.url(query));
  // Nothing runs before its figure is used.
  assert.equal(await page.evaluate('window.grokking.state().step'), 0);
  await openFigure(page, 'fork');
  await eventually(page, `${FORK}?.limbs.length === 2`);
  await until(page, 'state.step === 50');
  assert.deepEqual(await page.evaluate(`[${FORK}.step, ${FORK}.changes]`), [50, { weightDecay: '0', learningRate: '0.002' }]);
  assert.match(page.url(), /fork=50:weightDecay=0,learningRate=0\.002/);

  // Again is from where it forked off.
  await eventually(page, DONE);
  await page.evaluate(`window.before = ${FORK}.past`);
  await page.click('#fork button:has-text("Start again")');
  // While its workers are on their way nothing else is begun.
  await eventually(page, `${FORK}.past !== window.before && document.querySelector('#fork form .primary').textContent === 'Fork at step 50'`);
  assert.deepEqual(await page.evaluate(`[${FORK}.step, ${FORK}.changes]`), [50, { weightDecay: '0', learningRate: '0.002' }]);

  // A fork of the page's own run renews the link, and throwing it away takes it out.
  await setSteps(page, 1_000_000);
  await page.click('#fork button:has-text("Swap in random answers")');
  await eventually(page, `${FORK}.status === 'running' && ${FORK}.changes.outliers === '10'`);
  await page.click('#fork button:has-text("Stop"):visible');
  await eventually(page, `${FORK}.status === 'stopped'`);
  await workers(page, 1);
  assert.match(page.url(), /fork=50:outliers=10/);
  await page.click('#fork button:has-text("Throw this fork away")');
  await eventually(page, `!location.search.includes('fork')`);
  assert.deepEqual(errors, []);

  // In somebody else's page a reader says when.
  const elsewhere = await context();
  const framed = await open(elsewhere, server.url(`?${TINY}&embed=1&view=fork&fork=20:weightDecay=0`));
  await framed.page.waitForSelector('#fork.figure');
  assert.equal(await framed.page.evaluate('window.grokking.state().step'), 0);
  await framed.page.click('#fork button:has-text("Train to step 20 and fork")');
  await eventually(framed.page, `${FORK}?.limbs.length === 2`);
  assert.equal(await framed.page.evaluate('window.grokking.state().step'), 20);
  await elsewhere.close();

  const wrong = await open(desk, server.url(`?${TINY}&fork=50:weightDecay=much`));
  assert.match((await wrong.page.textContent('.notices')) ?? '', /`weightDecay` cannot be `much`: allowed is a number from 0 to 20/);
  await desk.close();
});

/** What the page's curves have at a step. @param {number} step */
const drawnAt = (step) => `(({ run: { curves } }) => {
  const at = curves.step.indexOf(${step});
  return [curves.trainLoss[at], curves.heldOutLoss[at], curves.trainAccuracy[at], curves.heldOutAccuracy[at]];
})(window.grokking.store.get())`;
/** The same of a run of the fork. @param {number} limb @param {number} step */
const forkedAt = (limb, step) => `(({ curves }) => {
  const at = curves.step.indexOf(${step});
  return [curves.trainLoss[at], curves.heldOutLoss[at], curves.trainAccuracy[at], curves.heldOutAccuracy[at]];
})(${FORK}.limbs[${limb}])`;
const AGAIN = '(window.grokking.store.get().run.again ?? null)';
const isDisabled = (/** @type {string} */ words) =>
  `[...document.querySelectorAll('#fork button')].find(({ textContent }) => textContent.includes(${JSON.stringify(words)}))?.disabled`;

test('a run is trained again to the step that is gone back to, and forked there', { timeout: 120_000 }, async () => {
  const desk = await context();
  const { page, errors } = await open(desk, server.url(`?${TINY}`));
  for (const steps of [20, 40]) await page.evaluate(`window.grokking.step(${steps})`);
  await openFigure(page, 'fork');
  assert.doesNotMatch(await page.innerText('#fork'), /are not kept/);
  await page.evaluate('window.grokking.actions.scrub(20)');
  await page.waitForSelector('#fork button:has-text("Fork at step 20")');
  await eventually(page, `document.querySelector('#fork').textContent.includes('The run has gone on since step 20, and its weights of then are not kept: it is trained again')`);
  // Which processor trains it makes no difference, and of cards there is no talk.
  assert.doesNotMatch((await page.textContent('#fork')) ?? '', /rounds/);
  const before = await page.evaluate(RUN);
  await setSteps(page, 40);
  await page.click('#fork button:has-text("Turn weight decay off now")');
  await eventually(page, DONE);
  assert.deepEqual(await page.evaluate(`[${FORK}.step, ${FORK}.changes, ${AGAIN}]`), [20, { weightDecay: '0' }, null]);
  // It is the same network, and with nothing changed it goes on as the page's run did.
  const drawn = /** @type {number[]} */ (await page.evaluate(drawnAt(20)));
  assert.ok(drawn.every(Number.isFinite), `${drawn}`);
  assert.deepEqual(await page.evaluate(forkedAt(0, 20)), drawn);
  assert.deepEqual(await page.evaluate(forkedAt(1, 20)), drawn);
  assert.deepEqual(await page.evaluate(forkedAt(0, 60)), await page.evaluate(drawnAt(60)));
  assert.notDeepEqual(await page.evaluate(forkedAt(1, 60)), await page.evaluate(drawnAt(60)));
  assert.equal(await page.evaluate(RUN), before);
  assert.match(page.url(), /fork=20:weightDecay=0/);
  await workers(page, 1);

  // A ladder from there as well; back at the end both are of now.
  await type(page, '#fork [name=rungs]', '1');
  await type(page, '#fork [name=rungSteps]', '5');
  await page.click('#fork button:has-text("Go down and up")');
  await eventually(page, `window.grokking.store.get().ladder?.status === 'done'`);
  assert.equal(await page.evaluate('window.grokking.store.get().ladder.step'), 20);
  await page.evaluate('window.grokking.actions.scrub(null)');
  await page.waitForSelector('#fork button:has-text("Fork at step 60")');
  assert.deepEqual(errors, []);
  await desk.close();
});

test('training again says how far it is, and can be stopped', { timeout: 120_000 }, async () => {
  const desk = await context();
  const { page, errors } = await open(desk, server.url(`?${TINY}`));
  for (const steps of [20, 40]) await page.evaluate(`window.grokking.step(${steps})`);
  await openFigure(page, 'fork');
  await page.evaluate('window.grokking.actions.scrub(20)');
  await setSteps(page, 5);
  // The worker that trains again loads when the test says so.
  let release = () => {};
  const held = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  await desk.route('**/*.wasm*', async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  const start = '#fork button:has-text("Swap in random answers")';
  await page.click(start);
  await page.waitForSelector('#fork :text("Training it again to step 20")');
  assert.equal(await page.evaluate(isDisabled('Swap in random answers')), true);
  assert.equal(await page.evaluate(isDisabled('Fork at step 20')), true);
  // Whoever pressed it finds the way to stop under the focus.
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Stop');
  await page.addScriptTag({ path: axe });
  assert.deepEqual(await page.evaluate(`axe.run('#fork').then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes[0].target.join(' ')))`), []);
  await page.keyboard.press('Enter');
  await eventually(page, `${AGAIN} === null && ${isDisabled('Swap in random answers')} === false`);
  await workers(page, 1);
  assert.equal(await page.isVisible('#fork :text("Training it again")'), false);
  assert.equal(await page.evaluate(FORK), null);

  // The page's run begins anew meanwhile.
  await page.click(start);
  await page.waitForSelector('#fork :text("Training it again to step 20")');
  await page.evaluate('window.grokking.actions.reset()');
  await eventually(page, `${AGAIN} === null`);
  await workers(page, 1);

  // Its worker ends while it trains again.
  for (const steps of [20, 40]) await page.evaluate(`window.grokking.step(${steps})`);
  await page.evaluate('window.grokking.actions.scrub(20)');
  await page.click('#fork button:has-text("Swap in random answers")');
  await page.waitForSelector('#fork :text("Training it again to step 20")');
  await workers(page, 2);
  await page.workers()[1].evaluate(`globalThis.onPanic('a test ended it')`);
  await eventually(page, `document.querySelector('#fork p.error').textContent === 'The worker stopped: a test ended it.'`);
  release();
  await page.click('#fork button:has-text("Swap in random answers")');
  await eventually(page, DONE);
  assert.deepEqual(await page.evaluate(`[${FORK}.step, document.querySelector('#fork p.error').textContent]`), [20, '']);
  assert.deepEqual(errors, []);
  await desk.close();
});

test('a link to a step that has passed forks there, and one says when in a frame', { timeout: 120_000 }, async () => {
  const desk = await context();
  const { page, errors } = await open(desk, server.url(`?v=1&${TINY}&fork=50:weightDecay=0`));
  for (const steps of [50, 49]) await page.evaluate(`window.grokking.step(${steps})`);
  await openFigure(page, 'fork');
  await eventually(page, `${FORK}?.limbs.length === 2`);
  assert.deepEqual(await page.evaluate(`[${FORK}.step, ${FORK}.changes, window.grokking.state().step]`), [50, { weightDecay: '0' }, 99]);
  assert.deepEqual(await page.evaluate(forkedAt(0, 50)), await page.evaluate(drawnAt(50)));
  assert.match(page.url(), /fork=50:weightDecay=0/);
  assert.deepEqual(errors, []);
  await desk.close();

  const elsewhere = await context();
  const framed = await open(elsewhere, server.url(`?${TINY}&embed=1&view=fork&fork=20:weightDecay=0`));
  await framed.page.evaluate('window.grokking.step(30)');
  await framed.page.click('#fork button:has-text("Train it again to step 20 and fork")');
  await eventually(framed.page, `${FORK}?.limbs.length === 2`);
  assert.deepEqual(await framed.page.evaluate(`[${FORK}.step, window.grokking.state().step]`), [20, 30]);
  await elsewhere.close();
});

test('a run that was changed on its way is not trained again', { timeout: 120_000 }, async () => {
  const desk = await context();
  const { page, errors } = await open(desk, server.url(`?v=1&${TINY}&fork=10:weightDecay=0`));
  await page.evaluate('window.grokking.step(20)');
  await page.evaluate(`window.grokking.actions.setting('weightDecay', '0.5')`);
  await page.evaluate('window.grokking.step(20)');
  await openFigure(page, 'fork');
  const why = (/** @type {number} */ step) => `document.querySelector('#fork').textContent.includes('The weights of step ${step} are not kept, ` +
    `and the settings of the run were changed while it trained')`;
  await eventually(page, why(10));
  await page.evaluate('window.grokking.actions.scrub(20)');
  await eventually(page, `${why(20)} && ${isDisabled('Fork at step 20')} && ${isDisabled('Turn weight decay off now')}`);
  await page.evaluate('window.grokking.actions.scrub(null)');
  await eventually(page, `${isDisabled('Fork at step 40')} === false && !(${why(20)})`);
  await workers(page, 1);
  // What is left is to begin anew, with what it has now.
  await page.click('#fork button:has-text("Begin the run anew and fork it there")');
  await eventually(page, `${FORK}?.limbs.length === 2`);
  assert.deepEqual(await page.evaluate(`[${FORK}.step, ${FORK}.settings.weightDecay, window.grokking.state().step]`), [10, '0.5', 10]);
  assert.deepEqual(errors, []);
  await desk.close();
});

test('a recording has no network to fork, and can be trained here', { timeout: 120_000 }, async () => {
  const desk = await context();
  const { page } = await open(desk, server.url('#fork'));
  await page.waitForSelector('#fork.figure');
  await eventually(page, `document.querySelector('#fork').textContent.includes('no weights to go on from')`);
  assert.equal(await page.isVisible('#fork form'), false);
  await page.click('#fork button:has-text("Train this run here")');
  await until(page, 'state.step > 2');
  await eventually(page, `document.querySelector('#fork form').checkVisibility()`);
  await page.evaluate('window.grokking.pause()');
  await desk.close();
});
