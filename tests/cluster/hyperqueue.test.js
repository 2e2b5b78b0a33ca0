// A sweep through HyperQueue, one of whose runs is killed, against the same sweep without it. Needs Python
// with venv, and its registry. Alone: GROK=/path/to/grok node --test tests/cluster/hyperqueue.test.js

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { leftovers, results, saved, written } from './results.js';
import { signal, until } from './slurm.js';

const GROK = process.env.GROK ?? fileURLToPath(new URL('../../target/release/grok', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../sweeps/hq.py', import.meta.url));
const SWEEP = `
preset = "quick"
[settings]
modulus = 11
width = 16
budget = 30000
stop = "budget"
[vary]
seed = [0, 1, 2, 3]
`;

/** @type {string} */
let folder;
/** @type {string} */
let python;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'grok-hq-'));
  python = join(folder, 'venv/bin/python');
  // The version that the script names.
  const [version] = /hyperqueue==[\d.]+/.exec(readFileSync(SCRIPT, 'utf8')) ?? [];
  if (!version) throw new Error(`${SCRIPT} names no version`);
  run('python3', '-m', 'venv', 'venv');
  run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', version);
  writeFileSync(join(folder, 'sweep.toml'), SWEEP);
});
after(() => folder && rmSync(folder, { recursive: true, force: true }));

/** @param {string} program @param {string[]} flags */
function run(program, ...flags) {
  return execFileSync(program, flags, { cwd: folder, encoding: 'utf8' });
}

/** @param {string} out @param {string[]} more */
function sweep(out, ...more) {
  return run(GROK, 'sweep', '--config', 'sweep.toml', '--out', out, ...more);
}

/** The process that writes a checkpoint. @param {string} checkpoint */
function writer(checkpoint) {
  const found = spawnSync('pgrep', ['-f', `train .*${folder}.*${checkpoint}`], { encoding: 'utf8' });
  return Number(found.stdout.split('\n')[0]);
}

test('a sweep through HyperQueue goes on with a run that was killed', { timeout: 120_000 }, async () => {
  writeFileSync(join(folder, 'plan'), sweep('runs', '--plan').replaceAll(/$\n/gm, ' --every-seconds 1\n'));
  const queue = spawn(python, [SCRIPT, 'plan', '--cores', '2'], { cwd: folder });
  let said = '';
  queue.stderr.on('data', (text) => (said += text));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => queue.once('exit', resolve));
  const [killed] = await until('a run has a checkpoint', () => [...saved(join(folder, 'runs')).keys()]);
  signal(writer(killed));
  assert.equal(await ended, 1, said);
  assert.match(said, /SIGKILL/);
  const first = written(join(folder, 'runs'));
  assert.equal(first.size, 3, said);

  run(python, SCRIPT, 'plan', '--cores', '2');
  const second = written(join(folder, 'runs'));
  for (const [name, file] of first) assert.equal(second.get(name), file, `${name} was written again`);
  sweep('alone', '--jobs', '2');
  assert.deepEqual([...results(join(folder, 'runs'))], [...results(join(folder, 'alone'))]);
  assert.deepEqual(leftovers(join(folder, 'runs')), [], 'files that are neither settings nor results');
  assert.deepEqual(readdirSync(folder).sort(), ['alone', 'job-1', 'plan', 'runs', 'sweep.toml', 'venv']);
});
