// What the page asks for before its modules are there.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';
import fc from 'fast-check';
import { namesRun, parse } from '../../www/js/run/url.js';

const script = readFileSync(new URL('../../www/early.js', import.meta.url), 'utf8');

/** The links that become preloads at an address. @param {string} search */
function early(search) {
  /** @type {string[]} */
  const asked = [];
  const querySelector = (/** @type {string} */ selector) => ({
    setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => asked.push(`${selector} ${name}=${value}`),
  });
  vm.runInNewContext(script, { document: { querySelector }, location: { search } });
  return asked;
}
const CHARTS = 'link[rel=charts] rel=preload';
const OPENING = 'link[rel=opening] rel=preload';

test('the policy of a build has the hash of the script', () => {
  const stamp = readFileSync(new URL('../../xtask/src/stamp.rs', import.meta.url), 'utf8');
  const hash = createHash('sha256').update(script).digest('base64');
  assert.ok(stamp.includes(`'sha256-${hash}'`), `in xtask/src/stamp.rs belongs 'sha256-${hash}'`);
});

test('the recording is asked for at the addresses that open with it, and nowhere else', () => {
  for (const search of ['', '?', '?v=1', '?theme=dark&scale=2', '?present=1', '?utm_source=a&utm_medium=b%20c&fbclid=d', '?gclid=']) {
    assert.deepEqual(early(search), [OPENING, CHARTS], search);
  }
  for (const search of ['?preset=quick', '?theme=dark&seed=3', '?embed=1', '?recording=s5', '?autoplay=1', '?present=1&modulus=11']) {
    assert.deepEqual(early(search), [CHARTS], search);
  }
  assert.deepEqual(early('?notes=1'), []);
  const key = fc.constantFrom('v', 'theme', 'present', 'utm_x', 'preset', 'seed', 'embed', 'autoplay', 'recording', 'view', 'constructor', 'a&b', '');
  const value = fc.constantFrom('', '1', 'dark', 'quick', 's5', 'visible', 'a=b&embed=1', '%');
  fc.assert(fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), fc.boolean(), (pairs, isTyped) => {
    const search = `?${isTyped ? pairs.map((pair) => pair.join('=')).join('&') : new URLSearchParams(pairs)}`;
    const { name, page: { embed, autoplay } } = parse(search);
    const opens = !namesRun(search) && name === null && !embed && !autoplay;
    assert.ok(opens || !early(search).includes(OPENING), search);
  }));
});
