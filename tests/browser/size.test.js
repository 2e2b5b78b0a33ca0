// What a reader downloads, compressed as hosts do it.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { DIST, buildOf } from './harness.js';

/** Largest size in kB, by the start of the file's name. */
const LIMITS = {
  page_bg: 70,
  worker_bg: 400,
  worker_relaxed_bg: 404,
  worker_reference_bg: 620,
  worker_reference_gpu_bg: 2350,
};

/** Largest size in kB of the recording that the page opens with, which is packed already. */
const RECORDING_MAX = 40;

test('the recording that the page opens with is small', (t) => {
  const kilobytes = statSync(join(DIST, buildOf(), 'recordings/first.grok')).size / 1000;
  t.diagnostic(`${kilobytes.toFixed(1)} kB`);
  assert.ok(kilobytes <= RECORDING_MAX, `it has ${kilobytes} kB`);
});

test('every wasm is as small as it is said to be', (t) => {
  const folder = join(DIST, buildOf());
  const files = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  for (const [start, limit] of Object.entries(LIMITS)) {
    const name = files.find((file) => file.startsWith(start));
    assert.ok(name, `the build has no ${start}*.wasm`);
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    const kilobytes = brotliCompressSync(readFileSync(join(folder, name)), options).length / 1000;
    t.diagnostic(`${name}: ${kilobytes.toFixed(0)} kB`);
    assert.ok(kilobytes <= limit, `${name} has ${kilobytes.toFixed(0)} kB, ${limit} are allowed`);
  }
});
