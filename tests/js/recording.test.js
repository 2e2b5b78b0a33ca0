// A recording is checked whole before anything of it is shown.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { shown } from '../../www/js/run/frames.js';
import { mirrorAccuracies, mirroredCells } from '../../www/js/run/mirror.js';
import { BadRecording, decode, readRecording } from '../../www/js/run/recording.js';
import { recorded } from '../../www/js/run/run.js';
import { unpack } from '../../www/js/run/unpack.js';

const FOLDER = new URL('../../www/recordings/', import.meta.url);
const packed = await readFile(new URL('train-grokfast-ema.grok', FOLDER));
const real = JSON.parse(gunzipSync(packed).toString());

/** @param {Uint8Array} bytes @returns {ArrayBuffer} */
const buffer = (bytes) => Uint8Array.from(bytes).buffer;
const copy = () => structuredClone(real);

/** A recording of version 2 with the same run. */
function second() {
  const file = copy();
  const n = file.started.symbols.length;
  file.version = 2;
  file.started.chance = 1 / n;
  file.started.order = file.started.symbols.map((/** @type {string} */ _, /** @type {number} */ at) => n - 1 - at);
  file.mirrored = file.heldOut;
  file.curves.mirroredAccuracy = file.curves.step.map((/** @type {number} */ _, /** @type {number} */ at) => (at ? 0.5 : null));
  file.curves.unmirroredAccuracy = file.curves.step.map(() => null);
  return file;
}

test('every recording that ships is read', async () => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.grok'));
  assert.ok(names.length > 20);
  for (const name of names) {
    const { frames, started } = await readRecording(buffer(await readFile(new URL(name, FOLDER))));
    assert.ok(frames.length > 10, name);
    assert.equal(started.mirrored.length, started.answer.length, name);
    assert.equal(new Set(started.order).size, started.symbols.length, name);
    assert.ok(started.chance > 0 && started.chance < 0.1, `${name}: ${started.chance}`);
  }
});

test('the first version knew nothing of mirrors: they are counted, at the frames', () => {
  const { started, curves, frames } = decode(copy());
  const mirrored = started.mirrored.reduce((sum, flag) => sum + flag, 0);
  const heldOut = started.heldOut.reduce((sum, flag) => sum + flag, 0);
  assert.ok(mirrored > heldOut / 4 && mirrored < heldOut, `${mirrored} of ${heldOut}`);
  assert.deepEqual(started.order, started.symbols.map((_, at) => at));
  assert.equal(started.config.split, 'cells');
  const at = new Set(frames.map(({ step }) => step));
  curves.step.forEach((step, index) => {
    assert.equal(Number.isNaN(curves.mirroredAccuracy[index]), !at.has(step), `step ${step}`);
  });
  const last = frames[frames.length - 1].evaluated;
  const { mirroredAccuracy, unmirroredAccuracy, heldOutAccuracy } = last;
  assert.ok(mirroredAccuracy !== null && unmirroredAccuracy !== null);
  const together = (mirrored * mirroredAccuracy + (heldOut - mirrored) * unmirroredAccuracy) / heldOut;
  assert.ok(Math.abs(together - heldOutAccuracy) < 1e-3, `${together} and ${heldOutAccuracy}`);
});

test('cells and their mirrors, by hand', () => {
  // Held out: (0, 1), whose mirror is trained on, and (0, 2) and (2, 0), which mirror each other.
  const table = {
    answer: Uint16Array.from([0, 1, 2, 1, 2, 0, 2, 0, 1]),
    heldOut: Uint8Array.from([0, 1, 1, 0, 0, 0, 1, 0, 0]),
    commutative: true,
  };
  const mirrored = mirroredCells(table);
  assert.deepEqual([...mirrored], [0, 1, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(mirrorAccuracies({ ...table, mirrored }, (cell) => cell === 1 || cell === 2), {
    mirroredAccuracy: 1,
    unmirroredAccuracy: 0.5,
  });
  const ordered = { ...table, commutative: false };
  assert.deepEqual([...mirroredCells(ordered)], Array(9).fill(0));
  assert.deepEqual(mirrorAccuracies({ ...ordered, mirrored }, () => true), {
    mirroredAccuracy: null,
    unmirroredAccuracy: null,
  });
});

test('the second version says them itself', () => {
  const { started, curves } = decode(second());
  assert.equal(started.order[0], started.symbols.length - 1);
  assert.deepEqual(started.mirrored, started.heldOut);
  assert.equal(curves.mirroredAccuracy[1], 0.5);
});

test('what is wrong is named', () => {
  /** @type {[(file: any) => void, RegExp][]} */
  const wrong = [
    [(file) => { file.format = 'run'; }, /no recording of a run/],
    [(file) => { file.version = 4; }, /version 4, this page reads versions 1 to 3: it needs a newer page/],
    [(file) => { file.version = '1'; }, /`version` is no number/],
    [(file) => { file.answer.pop(); }, /`answer` has 1680 values, expected 1681/],
    [(file) => { file.answer[3] = 41; }, /`answer\[3\]` is 41, allowed is 0 to 40/],
    [(file) => { file.started.symbols[2] = 2; }, /`started.symbols\[2\]` is no text/],
    [(file) => { delete file.started.commutative; }, /`started.commutative` is missing/],
    [(file) => { file.started.config.seed = 7; }, /`started.config.seed` is no text/],
    [(file) => { file.curves.trainLoss[1] = 'low'; }, /`curves.trainLoss\[1\]` is no number/],
    [(file) => { file.curves.heldOutAccuracy[4] = 1.5; }, /`curves.heldOutAccuracy\[4\]` is 1.5, allowed is 0 to 1/],
    [(file) => { file.curves.step[4] = 4.5; }, /`curves.step\[4\]` is 4.5, expected a whole number/],
    [(file) => { file.curves.step[4] = file.curves.step[3]; }, /`curves.step` does not rise at value 5/],
    [(file) => { file.curves.heldOutLoss.pop(); }, /`curves.heldOutLoss` has \d+ values, expected/],
    [(file) => { file.frames.reverse(); }, /`frames` does not rise at value 2/],
    [(file) => { file.frames[2].step = 4; file.curves.step[4] = 4.2; }, /whole number/],
    [(file) => { file.frames[1].right = `x${file.frames[1].right.slice(1)}`; }, /`frames\[1\].right` has `x` at character 1/],
    [(file) => { file.frames[1].points[0].xy[5] = 'left'; }, /`frames\[1\].points\[0\].xy\[5\]` is no number/],
    [(file) => { file.frames[1].points[0].method = 'umap'; }, /`frames\[1\].points\[0\].method` is none of pca, fourier, tsne/],
    [(file) => { file.frames[1].inspected.fourier.gini = 'much'; }, /`frames\[1\].inspected.fourier.gini` is no number/],
    [(file) => { file.frames[1].inspected.outlook = { state: 'ahead' }; }, /`frames\[1\].inspected.outlook.step` is missing/],
    [(file) => { file.frames = []; }, /no frames/],
    [(file) => { file.heldOut = 3; }, /`heldOut` has 0 digits, expected 421/],
  ];
  for (const [spoil, message] of wrong) {
    const file = copy();
    spoil(file);
    assert.throws(() => decode(file), (error) => {
      assert.ok(error instanceof BadRecording, String(error));
      assert.match(error.message, message);
      assert.equal(error.code, 'recording');
      return true;
    });
  }
  const file = second();
  file.started.order[0] = file.started.order[1];
  assert.throws(() => decode(file), /`started.order` has a place twice/);
});

test('a file that unpacks to more than is allowed is not unpacked to its end', async () => {
  const bomb = gzipSync(Buffer.alloc(65 * 2 ** 20, 32));
  assert.ok(bomb.length < 100_000);
  await assert.rejects(readRecording(buffer(bomb)), /unpacks to more than 64 MB/);
  assert.equal(await unpack(buffer(gzipSync('{}'))), '{}');
  await assert.rejects(unpack(buffer(gzipSync('a'.repeat(2000))), 1000), BadRecording);
});

test('a file that is damaged or is something else is refused', async () => {
  for (const bytes of [new Uint8Array(0), Buffer.from('nonsense'), packed.subarray(0, 5000), Buffer.from([0x1f, 0x8b, 1])]) {
    await assert.rejects(readRecording(buffer(bytes)), BadRecording);
  }
});

/** Every place in a value. @param {any} value @param {(string | number)[]} [at] @returns {(string | number)[][]} */
function places(value, at = []) {
  if (typeof value !== 'object' || value === null) return [at];
  const keys = Array.isArray(value) ? [0, 1, value.length - 1] : Object.keys(value);
  return [at, ...keys.filter((key) => key in value).flatMap((key) => places(value[key], [...at, key]))];
}

const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, true, -1, 0.5, 1e300, '', 'ahead', [], {}, 70000, '__proto__'),
  fc.string(),
);

test('whatever a file holds, it is refused or can be shown', () => {
  const files = [copy(), second()];
  const all = files.map((file) => places(file).filter((at) => at.length > 0));
  let refused = 0;
  let read = 0;
  fc.assert(fc.property(fc.nat(1), fc.nat(), fc.option(junk, { nil: undefined }), (which, index, value) => {
    const file = structuredClone(files[which]);
    const at = all[which][index % all[which].length];
    let holder = file;
    for (const key of at.slice(0, -1)) holder = holder[key];
    const key = /** @type {any} */ (at[at.length - 1]);
    if (value === undefined) delete holder[key];
    else holder[key] = value;
    let recording;
    try {
      // As it would come out of a file.
      recording = decode(JSON.parse(JSON.stringify(file)));
    } catch (error) {
      assert.ok(error instanceof BadRecording, `${at.join('.')}: ${/** @type {Error} */ (error).stack}`);
      refused += 1;
      return;
    }
    read += 1;
    const run = recorded(recording, 'quick', ['embedding', 'pca'], { file: '', own: false, name: null });
    const n = recording.started.symbols.length;
    for (const { step } of run.frames) {
      const { evaluated, inspected } = shown({ ...run, scrub: step });
      assert.equal(evaluated?.predicted.length, n * n);
      assert.ok(evaluated.heldOutAccuracy >= 0 && evaluated.heldOutAccuracy <= 1);
      assert.ok(!inspected || Number.isFinite(inspected.weightNorm));
    }
    for (const column of Object.values(run.curves)) assert.equal(column.length, run.curves.step.length);
  }), { numRuns: 500 });
  assert.ok(refused > 100, `${refused} refused, ${read} read`);
});

test('whatever happens to its bytes, it is refused or read', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(255), async (at, byte) => {
    const bytes = Uint8Array.from(packed);
    bytes[at] = byte;
    await readRecording(bytes.buffer).catch((error) => assert.ok(error instanceof BadRecording, String(error)));
  }), { numRuns: 60 });
});
