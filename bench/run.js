// Times this project and its peers, part by part, and writes results.json and the README's tables.
//
//     node bench/run.js [--only steps|nanda|webgpu|opened|sizes|memory|...,...] [--rounds 5]
//
// Run by `cargo xtask bench`, which sets GROK, CHROME and, where they are installed, PYTHON, FIREFOX and
// WEBKIT_DRIVER. What is done is saved at once, so an interruption loses one network, preset or row; parts
// that were not asked for stay as they are. DIST may name another built page, RESULTS another file, beside
// which the README is left alone.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from '../tests/browser/harness.js';
import { watchMemory } from './memory.js';
import { NETWORKS } from './networks.js';
import { timeToGrok } from './opened.js';
import { BLANK } from './page.js';
import { table, writeReadme } from './report.js';
import { sizes } from './sizes.js';
import { timeSteps } from './steps.js';
import { countDispatches } from './webgpu.js';

const PRESETS = ['clock', 'quick', 'addition', 'division', 's5'];
const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const { values: given } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string', default: '5' } },
});
const server = await serve({ '/some/folder/blank.html': BLANK });

/** Each takes at most ten minutes on two cores. @type {Record<string, () => Promise<void>>} */
const PARTS = {
  ...Object.fromEntries(NETWORKS.map((network) => [network.id, async () => {
    const { rows, versions } = await timeSteps(network, server.url, Number(given.rounds));
    const others = results.steps.filter((/** @type {any} */ row) => row.network !== network.title);
    results.steps = [...others, ...rows];
    results.versions = { ...results.versions, ...versions };
  }])),
  async webgpu() {
    await countDispatches(server.url, (rows) => save({ dispatches: rows }));
  },
  async opened() {
    for (const preset of PRESETS) {
      const row = await timeToGrok(server.url, preset);
      const others = results.presets.filter((/** @type {any} */ other) => other.preset !== preset);
      const rows = [...others, row].sort((a, b) => PRESETS.indexOf(a.preset) - PRESETS.indexOf(b.preset));
      save({ presets: rows });
      console.log(`  ${preset}: ${row.grokSeconds.toFixed(1)} s`);
    }
  },
  async sizes() {
    results.sizes = sizes();
  },
  'memory-plain': () => memory('plain'),
  'memory-collected': () => memory('collected'),
};
/** Names for several. @type {Record<string, string[]>} */
const GROUPS = { steps: NETWORKS.map(({ id }) => id), memory: ['memory-plain', 'memory-collected'] };

/** @param {'plain' | 'collected'} mode */
async function memory(mode) {
  const others = results.memory.filter((/** @type {any} */ row) => row.mode !== mode);
  /** @type {object[]} */
  const rows = [];
  await watchMemory(server.url, mode, (row) => {
    rows.push(row);
    save({ memory: [...others, ...rows] });
  });
}

const path = process.env.RESULTS ?? here('results.json');
const machine = `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const results = read();

/** What was measured before on this machine: what another one measured is not put beside it. @returns {any} */
function read() {
  const empty = { machine, dates: {}, versions: {}, steps: [], dispatches: [], presets: [], sizes: [], memory: [] };
  if (!existsSync(path)) return empty;
  const old = JSON.parse(readFileSync(path, 'utf8'));
  return old.machine === machine ? { ...empty, ...old } : empty;
}

/** @param {object} changed */
function save(changed) {
  Object.assign(results, changed);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  if (!process.env.RESULTS) writeReadme(here('../README.md'), table(results));
}

const asked = (given.only ?? Object.keys(PARTS).join(',')).split(',').flatMap((name) => GROUPS[name] ?? [name]);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length) {
  const known = [...Object.keys(GROUPS), ...Object.keys(PARTS)].join(', ');
  console.error(`there is no part \`${unknown.join('`, `')}\`: there is ${known}`);
  process.exit(2);
}
const failed = [];
for (const name of asked) {
  const started = performance.now();
  try {
    await PARTS[name]();
    save({ dates: { ...results.dates, [name]: new Date().toISOString().slice(0, 10) } });
    console.log(`${name}: done in ${Math.round((performance.now() - started) / 1e3)} s`);
  } catch (error) {
    failed.push(name);
    console.error(`${name} failed:`, error);
  }
}
await server.close();
console.log(`\n${table(results)}`);
if (failed.length) {
  console.error(`\nfailed: ${failed.join(', ')}; \`--only ${failed.join(',')}\` tries them again`);
  process.exit(1);
}
