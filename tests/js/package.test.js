// The package of the element: what it holds, and that it works from there.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pack } from '../../packages/embed/pack.js';
import { withDocument } from './document.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A project of somebody who installed it. */
let project = '';
const inside = (/** @type {string} */ file) => join(project, 'node_modules/grokking-demo', file);

before(() => {
  project = mkdtempSync(join(tmpdir(), 'grokking-consumer-'));
  const archive = pack(join(project, 'packed'));
  mkdirSync(inside('.'), { recursive: true });
  execFileSync('tar', ['-xzf', archive, '--strip-components=1', '-C', inside('.')]);
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
});
after(() => rmSync(project, { recursive: true }));

test('it holds the element, its types, a text and the licences, and nothing else', () => {
  assert.deepEqual(readdirSync(inside('.')).sort(),
    ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'embed.d.ts', 'embed.js', 'package.json']);
  assert.equal(readFileSync(inside('embed.js'), 'utf8'), readFileSync(join(ROOT, 'www/embed.js'), 'utf8'));
  const { version, dependencies } = JSON.parse(readFileSync(inside('package.json'), 'utf8'));
  assert.equal(version, /^version = "(.*)"$/m.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8'))?.[1]);
  assert.equal(dependencies, undefined);
});

test('a server that renders pages can import it', () => {
  const printed = execFileSync('node', ['--input-type=module', '-e', "import { GrokkingDemo } from 'grokking-demo'; console.log(typeof GrokkingDemo)"], { cwd: project, encoding: 'utf8' });
  assert.equal(printed.trim(), 'function');
});

test('its types are those of what it has', async (t) => {
  const { put } = await withDocument(t);
  const { element } = put({});
  const types = readFileSync(inside('embed.d.ts'), 'utf8');
  const own = types.slice(types.indexOf('class GrokkingDemo'), types.indexOf('declare global'));
  const declared = [...own.matchAll(/^ {2}(?:readonly |get |set )?([a-z]\w*)[(:]/gm)].map(([, name]) => name)
    .filter((name) => !name.endsWith('EventListener'));
  const prototype = Object.getPrototypeOf(element);
  const had = Object.getOwnPropertyNames(prototype).filter((name) => !['constructor', 'connectedCallback', 'disconnectedCallback'].includes(name));
  assert.deepEqual([...new Set(declared)].sort(), had.sort());
});

test('a typed program that uses it is checked against them', () => {
  const compile = (/** @type {string} */ source) => {
    writeFileSync(join(project, 'consumer.ts'), source);
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom', 'consumer.ts'];
    const { stdout } = spawnSync('node', [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options], { cwd: project, encoding: 'utf8' });
    return stdout.trim();
  };
  assert.equal(compile(`
    import 'grokking-demo';
    const demo = document.createElement('grokking-demo');
    Object.assign(demo, { preset: 'quick' });
    demo.view = ['table', 'curves'];
    demo.theme = 'host';
    demo.settings = { trainFraction: 0.3 };
    demo.addEventListener('generalised', ({ detail }) => console.log(detail.generalisedAt?.toFixed(0)));
    await demo.start({ preset: 'addition', weightDecay: 2 });
    const { heldOutAccuracy } = await demo.state();
    const cells: Uint16Array | undefined = (await demo.table())?.predicted;
    console.log(heldOutAccuracy, cells, demo.href);
  `), '');
  assert.match(compile(`
    import { GrokkingDemo } from 'grokking-demo';
    (document.createElement('grokking-demo') satisfies GrokkingDemo).theme = 'blue';
  `), /consumer\.ts.*Type '"blue"' is not assignable to type/);
});
