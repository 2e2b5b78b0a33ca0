// Recordings that carry weights: the figures show what the native program finds in the same weights, and forks start there.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { eventually, grok, open, openFigure, stage, type, until } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ step: number, bytes: number }} Kept */

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** A sum that is grokked in a second. */
const SUM = '--preset quick --modulus 23 --width 32 --train-fraction 0.8 --weight-decay 2 --budget 5000'.split(' ');
const LIVE = '?preset=quick&modulus=11&width=16&batch=40&trainFraction=0.8&backend=cpu';
const { server, browser } = await stage();
const folder = mkdtempSync(join(tmpdir(), 'grok-weights-'));
after(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'run.grok');
grok(['record', ...SUM, '--weights', 'memorised,generalised', '--out', path]);
const bytes = readFileSync(path);

/** The text of a recording and what follows it. @param {Buffer} packed */
function parts(packed) {
  const content = gunzipSync(packed);
  const end = content.indexOf(0);
  return { text: JSON.parse(content.subarray(0, end).toString()), behind: content.subarray(end + 1) };
}
/** @param {object} text @param {Buffer} behind */
const together = (text, behind) => gzipSync(Buffer.concat([Buffer.from(JSON.stringify(text)), Buffer.alloc(1), behind]));

const { text: recording, behind } = parts(bytes);
/** @type {Kept[]} */
const kept = recording.weights;
/** Of each step that has weights, a file of them. */
const files = kept.map(({ step, bytes: length }, at) => {
  const file = join(folder, `${step}.safetensors`);
  const from = at === 0 ? 0 : kept[0].bytes;
  writeFileSync(file, behind.subarray(from, from + length));
  return file;
});
const [memorised, generalised] = kept.map(({ step }) => step);

/** @param {Page} page @param {Buffer} buffer */
const drop = (page, buffer) => page.setInputFiles('#recordings input[type=file]', { name: 'run.grok', mimeType: '', buffer });
/** A page that shows a recording beside a live run that was trained a little. @param {Buffer} [buffer] */
async function replayed(buffer = bytes) {
  const { page, errors } = await open(browser, server.url(LIVE));
  await page.evaluate('window.grokking.step(5)');
  await openFigure(page, 'recordings');
  await drop(page, buffer);
  await until(page, 'state.recorded');
  return { page, errors };
}

/** Thin spaces are for the eye. @param {string} figure @param {string} words */
const says = (figure, words) =>
  `document.querySelector('#${figure}').innerText.replaceAll('\\u202f', '').includes(${JSON.stringify(words)})`;
/** What the page has found in the weights of a step. @param {number} step */
const found = (step) => `window.grokking.store.get().run.frames.find((frame) => frame.step === ${step}).inspected`;

test('neurons, circles and parts are those that the native program finds in the same weights', { timeout: 180_000 }, async () => {
  const { page, errors } = await replayed();
  await openFigure(page, 'neurons');
  await eventually(page, says('neurons', `The network at step ${generalised}: of step ${recording.frames.at(-1).step} this recording has no weights.`));
  await eventually(page, says('neurons', `At step ${generalised}, `));
  await page.click(`#neurons .carried button >> nth=0`);
  await eventually(page, says('neurons', `The network at step ${memorised}, whose weights this recording has.`));
  await eventually(page, says('neurons', `At step ${memorised}, `));
  assert.equal(await page.isVisible('#neurons button:has-text("Train one here")'), false);
  // A cell is followed through it.
  await eventually(page, says('neurons', `At step ${memorised}, x + y for x = 3 and y = 5: the network says`));

  await openFigure(page, 'clock');
  await page.click(`#clock .carried button >> nth=1`);
  await eventually(page, `${found(generalised)}.watch.clock`);
  await eventually(page, says('clock', `The network at step ${generalised}, whose weights this recording has.`));

  await openFigure(page, 'cut');
  await eventually(page, `${found(generalised)}.parts !== null`);
  await page.click('#cut input[data-cut="mlp:0"]');
  await eventually(page, `window.grokking.store.get().run.ablated?.cuts.join() === 'mlp:0'`);
  await page.focus('.scrub input');

  const native = files.map((file) => JSON.parse(grok(['inspect', file])));
  for (const [at, step] of [memorised, generalised].entries()) {
    const inside = await page.evaluate(`${found(step)}.inside.neurons.map(({ neuron, wave }) => [neuron, wave])`);
    assert.deepEqual(inside, native[at].inside[0].neurons.map((/** @type {any} */ { neuron, wave }) => [neuron, wave]), `step ${step}`);
  }
  const faces = await page.evaluate(`${found(generalised)}.clock?.faces.map(({ k }) => k) ?? null`);
  assert.deepEqual(faces, native[1].clock?.faces.map((/** @type {any} */ { k }) => k) ?? null);
  const { left, whole } = JSON.parse(grok(['ablate', files[1], '--cut', 'mlp:0']));
  const ablated = /** @type {any} */ (await page.evaluate('window.grokking.store.get().run.ablated'));
  for (const [ours, theirs] of [[ablated.left, left], [ablated.whole, whole]]) {
    assert.deepEqual([ours.train.of, ours.heldOut.of], [theirs.train.of, theirs.heldOut.of]);
    assert.ok(Math.abs(ours.train.right - theirs.train.right) <= 1 && Math.abs(ours.heldOut.right - theirs.heldOut.right) <= 1);
    assert.ok(Math.abs(ours.train.loss - theirs.train.loss) <= 1e-3 * (1 + theirs.train.loss));
  }
  assert.equal(ablated.step, generalised);

  // Before the first of them there is none.
  await page.keyboard.press('Home');
  await eventually(page, says('cut', `This recording has the network itself at steps ${memorised} and ${generalised}: go there to look into it.`));
  assert.equal(await page.isVisible('#cut .switches'), false);
  await page.addScriptTag({ path: axe });
  const violations = await page.evaluate(`axe.run('#cut .carried').then(({ violations }) => violations.map(({ id }) => id))`);
  assert.deepEqual(violations, []);

  // The live run is as it was.
  await page.click('button[data-control="run"]');
  await until(page, '!state.recorded');
  assert.equal(await page.evaluate('window.grokking.state().step'), 5);
  await page.evaluate('window.grokking.pause()');
  assert.deepEqual(errors, []);
  await page.close();
});

test('a fork starts from the weights of a recording', { timeout: 120_000 }, async () => {
  const { page, errors } = await replayed();
  await openFigure(page, 'fork');
  await page.click('#fork .carried button >> nth=0');
  await eventually(page, says('fork', `Fork at step ${memorised}`));
  await type(page, '#fork [name=steps]', '20');
  await page.click('#fork button:has-text("Turn weight decay off now")');
  await eventually(page, `window.grokking.store.get().fork?.status === 'done'`);
  const { step, past, limbs } = /** @type {any} */ (await page.evaluate('window.grokking.store.get().fork'));
  assert.equal(step, memorised);
  assert.equal(past.step.at(-1), memorised);
  const point = recording.curves.step.indexOf(memorised);
  for (const { curves } of limbs) {
    assert.equal(curves.step[0], memorised);
    assert.equal(curves.step.at(-1), memorised + 20);
    for (const column of ['trainAccuracy', 'heldOutAccuracy']) {
      // Half floats: a cell that was undecided.
      assert.ok(Math.abs(curves[column][0] - recording.curves[column][point]) < 0.01, `${curves[column][0]} of ${recording.curves[column][point]}`);
    }
  }
  assert.notEqual(limbs[0].curves.trainLoss.at(-1), limbs[1].curves.trainLoss.at(-1));
  await eventually(page, says('fork', 'the optimiser begins anew'));
  assert.deepEqual(errors, []);
  await page.close();
});

test('weights that cannot be used are said to be so, and the replay goes on', { timeout: 120_000 }, async () => {
  const spoiled = Buffer.from(behind);
  // The last number of the first file: a half float that is none.
  spoiled.writeUInt16LE(0x7e00, kept[0].bytes - 2);
  const other = structuredClone(recording);
  other.started.config.width = '64';
  /** @type {[Buffer, RegExp][]} */
  const wrong = [
    [together(recording, spoiled), /cannot be used: the weights do not fit: `[\w.]+` has the value `NaN`/],
    [together(other, behind), /cannot be used: the weights do not fit: `\S+` is F16 \[.*\] in the file, this model has F32 \[/],
    [bytes.subarray(0, bytes.length - 50), /cannot be used: the weights of the recording are cut short or damaged/],
  ];
  const { page } = await replayed(wrong[0][0]);
  for (const [buffer, why] of wrong) {
    await openFigure(page, 'recordings');
    await drop(page, buffer);
    await openFigure(page, 'neurons');
    await page.click('#neurons .carried button >> nth=0');
    await eventually(page, `${why}.test(document.querySelector('#neurons .carried').textContent)`);
    await page.focus('.scrub input');
    await page.keyboard.press('Home');
    await eventually(page, `document.querySelector('.scrub span').textContent === 'Step 0'`);
    await eventually(page, says('neurons', 'This recording has the network itself at steps'));
  }
  await page.close();
});

test('a run is saved with its weights, and looked into when it is opened again', { timeout: 120_000 }, async () => {
  const { page, errors } = await open(browser, server.url(`${LIVE}&stop=budget&budget=100000`));
  await page.click('button[data-control="details"]');
  await page.click('.details button[data-control="save"]');
  await page.waitForSelector('dialog[open]');
  // The dialog follows the run.
  const box = 'dialog[open] [type="checkbox"]';
  await page.evaluate('window.grokking.run()');
  await eventually(page, `document.querySelector('${box}').disabled`);
  await page.evaluate('window.grokking.reset()');
  await eventually(page, `!document.querySelector('${box}').disabled`);
  await page.evaluate('window.grokking.step(40)');
  await page.check(box);
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('dialog[open] button[aria-label="The run: .grok"]')]);
  const saved = readFileSync(await file.path());
  assert.deepEqual(parts(saved).text.weights.map((/** @type {Kept} */ { step }) => step), [40]);
  await page.keyboard.press('Escape');
  await openFigure(page, 'recordings');
  await drop(page, saved);
  await until(page, 'state.recorded');
  await openFigure(page, 'neurons');
  await eventually(page, says('neurons', 'The network at step 40, whose weights this recording has.'));
  await eventually(page, says('neurons', 'At step 40, '));
  assert.deepEqual(errors, []);
  await page.close();
});
