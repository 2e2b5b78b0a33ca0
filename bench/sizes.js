// What a reader downloads.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { DIST, buildOf } from '../tests/browser/harness.js';

/** Every wasm of the built page, plain and compressed as hosts do it. */
export function sizes() {
  const folder = join(DIST, buildOf());
  const names = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  return names.map((name) => {
    const bytes = readFileSync(join(folder, name));
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    const [start] = name.split(/-|_bg/);
    return { name: start, bytes: bytes.length, brotli: brotliCompressSync(bytes, options).length };
  });
}
