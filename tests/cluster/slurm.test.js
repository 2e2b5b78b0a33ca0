// A sweep on a real Slurm whose tasks, node and controller fail under it, against the same sweep on this
// machine. `cargo xtask cluster` runs it; alone: GROK=/path/to/grok node --test tests/cluster/slurm.test.js

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { leftovers, results, saved, written } from './results.js';
import { Slurm, signal, until } from './slurm.js';

const GROK = process.env.GROK ?? fileURLToPath(new URL('../../target/release/grok', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../sweeps/slurm.sbatch', import.meta.url));
/** Twenty runs of so many steps. @param {number} budget */
const sweepFile = (budget) => `
preset = "quick"
[settings]
modulus = 11
width = 16
budget = ${budget}
stop = "budget"
[variants.slow]
learningRate = 3e-4
[variants.fast]
learningRate = 3e-3
[vary]
seed = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
`;
const RUNS = 20;
/** That a run takes, so that it can be met while it runs. */
const RUN_SECONDS = 3;
/** Of the array: each task has five lines of the plan. */
const TASKS = 4;
const RUN = /\0train\0--config\0/;
/** Seconds between two checkpoints of a run: the plan has a minute, in which a run here has ended. */
const EVERY = 1;

/** @type {Slurm} */
let slurm;
before(async () => {
  slurm = await Slurm.start();
  symlinkSync(GROK, join(slurm.folder, 'bin/grok'));
  const tried = 5000;
  writeFileSync(join(slurm.folder, 'sweep.toml'), sweepFile(tried));
  const plan = sweep('tried', '--plan').split('\n')[0];
  const started = performance.now();
  slurm.tell('sh', '-c', `RAYON_NUM_THREADS=1 ${plan}`);
  const speed = tried / ((performance.now() - started) / 1e3);
  const budget = Math.min(1e6, 1000 * Math.ceil((RUN_SECONDS * speed) / 1000));
  console.log(`runs of ${budget} steps, at ${speed.toFixed(0)} steps/s`);
  writeFileSync(join(slurm.folder, 'sweep.toml'), sweepFile(budget));
});
after(() => slurm?.stop());

/** @param {string} out @param {string[]} more */
function sweep(out, ...more) {
  return slurm.tell('grok', 'sweep', '--config', 'sweep.toml', '--out', join(slurm.folder, out), ...more);
}

/** Starts the array, and gives its id. */
function submit() {
  return slurm.tell('sbatch', '--parsable', `--array=0-${TASKS - 1}`, '--cpus-per-task=1', SCRIPT, 'plan');
}

/** A task that trains now, and how often it was started again. @returns {Promise<[string, number]>} */
async function running() {
  const tasks = () => slurm.tasks('--states=RUNNING')?.filter((job) => job.includes('_')) ?? [];
  const [task] = await until('a task runs', tasks);
  await until('it trains', () => slurm.processes(RUN));
  return [task, slurm.restarts(task)];
}

const isEmpty = () => slurm.tasks()?.length === 0;

/** Waits until a task was put back. @param {string} task @param {number} before */
function isPutBack(task, before) {
  return until(`task ${task} is started again`, () => slurm.restarts(task) > before);
}

/** What the tasks have said. */
function output() {
  const names = readdirSync(slurm.folder).filter((name) => /^slurm-.*out$/.test(name));
  return names.map((name) => readFileSync(join(slurm.folder, name), 'utf8')).join('');
}

/** What happens, in this order. @type {[string, () => Promise<unknown>][]} */
const FAULTS = [
  ['a run is killed', async () => {
    await running();
    await until('it has a checkpoint', () => saved(join(slurm.folder, 'runs')).size);
    signal(slurm.processes(RUN)[0]);
    await until('its task says so', () => output().includes('error 137: '));
  }],
  ['a task is put back while it runs', async () => {
    const [task, before] = await running();
    slurm.tell('scontrol', 'requeue', task);
    await isPutBack(task, before);
  }],
  // The signal that Slurm sends a minute before the end.
  ["a task's time is up", async () => {
    const [task, before] = await running();
    // It tries again, and for long, where a task is put back before the controller has answered.
    slurm.ask('timeout', '1', 'scancel', '--batch', '--signal=USR1', slurm.job(task));
    await isPutBack(task, before);
    assert.match(output(), /out of time: goes on later/);
  }],
  ['tasks make room for a job of a partition that goes first', async () => {
    const [task, before] = await running();
    slurm.tell('sbatch', '--partition=urgent', '--exclusive', '--output=urgent.out', '--wrap', 'sleep 1');
    await isPutBack(task, before);
    await until('that has ended', () => slurm.tasks('--partition=urgent')?.length === 0);
  }],
  ["the node's daemon crashes, and its tasks go on", async () => {
    const [task, before] = await running();
    await slurm.crash('slurmd');
    slurm.launch('slurmd');
    await slurm.isUp();
    assert.equal(slurm.restarts(task), before);
  }],
  ['the controller crashes, and its tasks go on', async () => {
    const [task, before] = await running();
    await slurm.crash('slurmctld');
    slurm.launch('slurmctld');
    await slurm.isUp();
    assert.equal(slurm.restarts(task), before);
  }],
  ['the node crashes with all that runs on it', async () => {
    const [task, before] = await running();
    await slurm.crash('slurmd');
    for (const pid of slurm.processes(/slurmstepd|slurm_script|\0train\0/)) signal(pid);
    await isPutBack(task, before);
    slurm.launch('slurmd');
    await slurm.isUp();
  }],
  ['a script is killed with its run, which nothing puts back', async () => {
    await running();
    for (const pid of slurm.processes(/slurm_script/).slice(0, 1)) signal(pid);
    for (const pid of slurm.processes(RUN)) signal(pid);
  }],
];

/** The furthest that each run has saved. @type {Map<string, number>} */
const furthest = new Map();

/** No run may ever begin anew. @param {string} folder */
function goesOn(folder) {
  for (const [name, step] of saved(folder)) {
    const before = furthest.get(name) ?? 0;
    if (step < before) fallen.push(`${name} was at step ${before}, and is at ${step}`);
    furthest.set(name, Math.max(step, before));
  }
}
/** @type {string[]} */
const fallen = [];

/** Says what was done, and how long it took. @param {string} what @param {() => Promise<unknown>} doing */
async function step(what, doing) {
  const started = performance.now();
  await doing();
  console.log(`${((performance.now() - started) / 1e3).toFixed(1).padStart(6)} s  ${what}`);
}

test('a sweep on Slurm has each result once, whatever fails', { timeout: 175_000 }, async () => {
  const runs = join(slurm.folder, 'runs');
  /** @type {NodeJS.Timeout | undefined} */
  let watch;
  try {
    const plan = sweep('runs', '--plan').replaceAll(/$/gm, ` --every-seconds ${EVERY}`);
    writeFileSync(join(slurm.folder, 'plan'), `${plan}\n`);
    watch = setInterval(() => goesOn(runs), 200);
    const array = submit();
    const summary = ['--output=summary.md', '--wrap', `grok summary ${runs}`];
    slurm.tell('sbatch', `--dependency=afterany:${array}`, '--cpus-per-task=1', ...summary);
    for (const [what, happens] of FAULTS) await step(what, happens);
    await step('the array ends, and its summary', () => until('no job is left', isEmpty, 90));
    assert.match(readFileSync(join(slurm.folder, 'summary.md'), 'utf8'), /^\| variant \|/);

    const first = written(runs);
    assert.deepEqual(fallen, []);
    submit();
    await step('submitted again, it trains what is missing', () => until('no job is left', isEmpty));
    const second = written(runs);
    for (const [name, file] of first) assert.equal(second.get(name), file, `${name} was written again`);

    await step('the same sweep on this machine', async () => sweep('alone', '--jobs', '2'));
    const [here, there] = [results(join(slurm.folder, 'alone')), results(runs)];
    assert.equal(here.size, RUNS);
    assert.deepEqual([...there.keys()], [...here.keys()]);
    for (const [name, lines] of here) assert.deepEqual(there.get(name), lines, name);
    assert.equal(slurm.tell('grok', 'summary', runs), slurm.tell('grok', 'summary', join(slurm.folder, 'alone')));
    assert.deepEqual(leftovers(runs), [], 'files that are neither settings nor results');
    console.log(`${RUNS} results, once each and equal bit for bit; ${first.size} of them before it was submitted again`);
  } catch (error) {
    console.error(slurm.tails());
    throw error;
  } finally {
    clearInterval(watch);
  }
});
