// What may be deployed, and what of other people's may run on the way there.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const FOLDER = '.github/workflows';
const workflows = readdirSync(new URL(`../../${FOLDER}`, import.meta.url)).map((name) => ({ name, text: read(`${FOLDER}/${name}`) }));

/** The jobs of a workflow, by name: what is indented under each. @param {string} text */
function jobsOf(text) {
  const [, jobs = ''] = text.split(/^jobs:\n/m);
  return new Map(jobs.split(/^(?= {2}\w[\w-]*:$)/m).filter((part) => /^ {2}\w/.test(part))
    .map((part) => [part.slice(2, part.indexOf(':')), part]));
}

test('nothing is deployed before the checks have passed', () => {
  const jobs = jobsOf(read(`${FOLDER}/pages.yml`));
  assert.deepEqual([...jobs.keys()], ['check', 'build', 'deploy']);
  assert.match(jobs.get('check') ?? '', /^ {4}uses: \.\/\.github\/workflows\/check\.yml$/m);
  assert.match(jobs.get('build') ?? '', /^ {4}needs: check$/m);
  assert.match(jobs.get('deploy') ?? '', /^ {4}needs: build$/m);
  for (const job of jobs.values()) assert.doesNotMatch(job, /continue-on-error|if: *always/);
  assert.match(read(`${FOLDER}/check.yml`), /- run: \.ci\/run$/m);
});

test('actions are pinned by commit', () => {
  let pinned = 0;
  for (const { name, text } of workflows) {
    for (const [, action] of text.matchAll(/\buses:\s*(\S+)/g)) {
      if (action.startsWith('./')) continue;
      pinned += 1;
      assert.match(action, /@[0-9a-f]{40}$/, `${name}: ${action}`);
    }
  }
  assert.ok(pinned >= 5, `${pinned} actions`);
});

test('every workflow may only read, and the deployment what it has to write', () => {
  for (const { name, text } of workflows) {
    const [head] = text.split(/^jobs:\n/m);
    assert.match(head, /^permissions:\n {2}contents: read\n(?! )/m, name);
    for (const [job, body] of jobsOf(text)) {
      const writes = [...body.matchAll(/^ {6}([\w-]+): write$/gm)].map(([, what]) => what);
      assert.deepEqual(writes, job === 'deploy' ? ['pages', 'id-token'] : [], `${name}: ${job}`);
    }
  }
});

test('packages run no scripts when they are installed', () => {
  const sources = ['xtask/src/tools.rs', '.ci/run', ...workflows.map(({ name }) => `${FOLDER}/${name}`)].map(read).join('\n');
  assert.match(read('xtask/src/tools.rs'), /\["ci", "--ignore-scripts"/);
  assert.doesNotMatch(sources, /npm (install|i|ci)\b(?!.*--ignore-scripts)/);
});

test('no address is invented', () => {
  for (const manifest of ['Cargo.toml', 'xtask/Cargo.toml', 'package.json']) {
    assert.doesNotMatch(read(manifest), /^\s*"?(repository|homepage|documentation)"?\s*[=:]/m, manifest);
  }
});
