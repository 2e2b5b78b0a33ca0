// What a sweep has left in its folder.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What two runs of the same settings do not have in common. */
const OF_ITS_DAY = ['seconds', 'stepsPerSecond', 'madeBy'];

/**
 * Every result of a folder, by name: its lines without what the clock and the machine say. Each must be whole.
 * @param {string} folder
 * @returns {Map<string, string[]>}
 */
export function results(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort();
  return new Map(names.map((name) => [basename(name, '.jsonl'), lines(join(folder, name))]));
}

/**
 * What lies beside settings and results, other than the lock of a sweep and what a process left that was
 * killed in the moment of writing a checkpoint.
 * @param {string} folder
 */
export function leftovers(folder) {
  return readdirSync(folder).filter((name) => !/^\.lock$|\.jsonl?$|\.checkpoint\..*part$/.test(name));
}

/** @param {string} path */
function lines(path) {
  const parsed = readFileSync(path, 'utf8').trimEnd().split('\n').map((text, at) => {
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`${path}: line ${at + 1} is torn: ${text.slice(0, 80)}`);
    }
  });
  const types = parsed.map((line) => line.type);
  const is = (/** @type {string} */ type) => types.filter((other) => other === type).length;
  assert.deepEqual([is('started'), is('ended')], [1, 1], `${path}: starts and ends`);
  assert.deepEqual([types[0], types.at(-1)], ['started', 'ended'], path);
  const steps = parsed.filter((line) => line.type === 'evaluated').map((line) => line.step);
  assert.ok(steps.every((step, at) => at === 0 || step > steps[at - 1]), `${path}: steps that do not rise`);
  return parsed.map((line) => {
    for (const key of OF_ITS_DAY) delete line[key];
    return JSON.stringify(line);
  });
}

/** Which files the results are, and when they were written. @param {string} folder */
export function written(folder) {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return new Map(logs.map((name) => {
    const { ino, mtimeNs } = statSync(join(folder, name), { bigint: true });
    return [name, `${ino} ${mtimeNs}`];
  }));
}

/**
 * The step that each unfinished run has saved, by name.
 * @param {string} folder
 * @returns {Map<string, number>}
 */
export function saved(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.checkpoint'));
  /** @type {[string, number][]} */
  const steps = [];
  for (const name of names) {
    try {
      const text = gunzipSync(readFileSync(join(folder, name)));
      steps.push([name, JSON.parse(text.subarray(0, text.indexOf('\n')).toString()).step]);
    } catch (error) {
      // It may have come to its end since.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    }
  }
  return new Map(steps);
}
