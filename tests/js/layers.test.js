// Who may import whom among the page's modules, statically or later.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../www/js/', import.meta.url));
/** By folder: the folders and files that it may import beside itself. @type {Record<string, string[]>} */
const MAY = {
  run: ['worker/protocol.js'],
  worker: ['run'],
  draw: [],
  text: ['run', 'worker/protocol.js'],
  lab: ['worker', 'run'],
  take: ['draw', 'text', 'run', 'worker/protocol.js', 'offline.js'],
  views: ['draw', 'text', 'run', 'worker/protocol.js'],
  story: ['draw', 'text', 'run', 'worker/protocol.js', 'worker/connection.js', 'lab/shipped.js'],
};
/** Files that put together what lies in other folders. */
const JOINTS = new Set(['lab/laboratory.js']);

const files = readdirSync(ROOT, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.js'));

/** A module without its comments. @param {string} name */
const code = (name) => readFileSync(ROOT + name, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

/** Every import of a module but those of types, as paths inside `js`. @param {string} name */
function importsOf(name) {
  const text = code(name);
  const found = [
    ...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'([^']+)'/gm),
    ...text.matchAll(/^import\s+'([^']+)'/gm),
    ...text.matchAll(/\bimport\(\s*'([^']+)'/g),
  ];
  return found.map(([, path]) => new URL(path, `file:///js/${name}`).pathname.slice('/js/'.length));
}

/** @param {string} name @param {string} target */
function allowed(name, target) {
  const [folder, inner] = name.split('/');
  if (!inner) return name === 'main.js' || target !== 'main.js';
  if (JOINTS.has(name)) return target !== 'main.js';
  return [folder, ...MAY[folder]].some((place) => target === place || target.startsWith(`${place}/`));
}

test('every folder has its place', () => {
  const folders = new Set(files.filter((name) => name.includes('/')).map((name) => name.split('/')[0]));
  assert.deepEqual([...folders].sort(), Object.keys(MAY).sort());
});

test('a module imports only from where it may', () => {
  let imports = 0;
  const wrong = [];
  for (const name of files) {
    for (const target of importsOf(name)) {
      imports += 1;
      if (!allowed(name, target)) wrong.push(`${name} imports ${target}`);
    }
  }
  assert.ok(imports > 100, `${imports} imports were found`);
  assert.deepEqual(wrong, []);
});

test('a view stays inside its root, and fetches nothing', () => {
  const views = files.filter((name) => name.startsWith('views/'));
  assert.ok(views.length > 10, `${views.length} views`);
  const outside = /\bfetch\s*\(|\bXMLHttpRequest\b|\bdocument\s*\.\s*(querySelector|getElement|body\b)|\bbyId\b|\bwindow\.grokking\b/;
  for (const name of views) assert.doesNotMatch(code(name), outside, name);
});

test('modules import each other in one direction', () => {
  /** @type {Set<string>} */
  const done = new Set();
  const walk = (/** @type {string} */ name, /** @type {string[]} */ path) => {
    assert.ok(!path.includes(name), `a circle: ${[...path, name].join(' imports ')}`);
    if (done.has(name)) return;
    for (const target of importsOf(name)) walk(target, [...path, name]);
    done.add(name);
  };
  for (const name of files) walk(name, []);
});
