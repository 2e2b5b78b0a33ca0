// What a sweep has left in its folder.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What two runs of the same settings do not have in common. */
const OF_ITS_DAY = ['seconds', 'stepsPerSecond', 'date', 'machine', 'threads'];

/**
 * Every result of a folder, each of which must be whole and there is nothing beside them but the runs'
 * settings: the lines of each without what the clock and the machine say, by name.
 * @param {string} folder
 * @returns {Map<string, string[]>}
 */
export function results(folder) {
  const names = readdirSync(folder).sort();
  assert.deepEqual(names.filter((name) => !/\.jsonl?$/.test(name)), [], 'files that are neither settings nor results');
  const logs = names.filter((name) => name.endsWith('.jsonl'));
  return new Map(logs.map((name) => [basename(name, '.jsonl'), lines(join(folder, name))]));
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
