// The house rules of the page's modules: what needs no page, and how long a file gets.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../www/js/', import.meta.url));
const LINES_MAX = 350;

const files = readdirSync(ROOT, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.js'));
const read = (/** @type {string} */ name) => readFileSync(ROOT + name, 'utf8');

test('what a run is needs no page', () => {
  for (const name of files.filter((file) => file.startsWith('run/') && file !== 'run/store.js')) {
    assert.doesNotMatch(read(name), /\b(document|window|location|navigator)\./, name);
  }
});

test('no file is longer than can be read at once', () => {
  for (const name of files.filter((file) => file !== 'run/schema.js')) {
    const lines = read(name).split('\n').length - 1;
    assert.ok(lines <= LINES_MAX, `${name} has ${lines} lines`);
  }
});
