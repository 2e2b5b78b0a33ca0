// The house rules of the page's modules: who may know whom, and how long a file gets.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../www/js/', import.meta.url));
/** What the files of a folder may import, as folders or files; their own folder always. @type {Record<string, string[]>} */
const MAY = {
  run: ['worker/protocol.js', 'worker/messages.js'],
  worker: ['run'],
  lab: ['run', 'worker'],
};
const LINES_MAX = 350;

const files = readdirSync(ROOT, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.js'));
const read = (/** @type {string} */ name) => readFileSync(ROOT + name, 'utf8');

test('lower modules know nothing of upper ones', () => {
  let imports = 0;
  for (const name of files) {
    const [folder] = name.split('/');
    const may = MAY[folder];
    // The laboratory's own page is made by lab/laboratory.js, which knows its views.
    if (!may || name === 'lab/laboratory.js') continue;
    for (const [, path] of read(name).matchAll(/^(?:import|export)\s[^;]*?from '([^']+)'/gm)) {
      const target = new URL(path, `file:///${name}`).pathname.slice(1);
      imports += 1;
      const allowed = [folder, ...may].some((place) => target === place || target.startsWith(`${place}/`));
      assert.ok(allowed, `${name} imports ${target}`);
    }
  }
  assert.ok(imports > 40, `${imports} imports`);
});

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
