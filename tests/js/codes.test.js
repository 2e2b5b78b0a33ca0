// Codes of errors: what the code gives, the documentation names and the types have are the same.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const read = (/** @type {string} */ file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
/** @param {string} text @param {RegExp} pattern */
const found = (text, pattern) => [...text.matchAll(pattern)].map(([, code]) => code);

/** Every code that a command can be refused with, or an event tells, by where it is written. */
function given() {
  const files = readdirSync(new URL('../../www', import.meta.url), { encoding: 'utf8', recursive: true });
  const scripts = files.filter((file) => file.endsWith('.js')).map((file) => read(`www/${file}`)).join('\n');
  const rust = read('src/error.rs');
  return new Set([
    // The last argument of a refusal, whose sentence may have any sign.
    ...scripts.split(/new Refused\(/).slice(1).flatMap((rest) => found(rest.split(/\);|\)\)/)[0] + ')', /, '([a-z-]+)'\)$/g)),
    ...found(scripts, /(?:\bfault|\bproblem|#fail|#say)\('([a-z-]+)'/g),
    ...found(scripts, /\bcode(?::| =) '([a-z-]+)'/g),
    ...found(scripts, /super\(message, '([a-z-]+)'\)/g),
    ...found(rust, /Error::\w+(?: \{ \.\. \}|\(_\)) => "([a-z-]+)"/g),
  ]);
}

const documented = found(read('docs/embedding.md').split('### Codes')[1].split('\n## ')[0], /^\| `([a-z-]+)` \|/gm);

test('every code that is given is documented, and no other', () => {
  const codes = [...given()].sort();
  assert.ok(codes.length > 12, `${codes}`);
  assert.deepEqual([...documented].sort(), codes);
});

test('the types of the package have them', () => {
  const union = read('packages/embed/embed.d.ts').match(/type RefusalCode =([^;]*);/)?.[1] ?? '';
  assert.deepEqual(found(union, /'([a-z-]+)'/g), documented);
});
