// The benchmark's results as Markdown.

import { readFileSync, writeFileSync } from 'node:fs';

const START = '<!-- benchmark -->';
const END = '<!-- end of benchmark -->';
/** What every ratio is to, beside the fastest peer. */
const STANDARD = 'PyTorch, 2 threads';

/** @typedef {{ network: string, contender: string, kind?: string, threads?: number | null, stepMillis: number,
 *   gflops: number | null, peakGflops: number }} Row */

/** @param {any} results */
export function table(results) {
  const versions = Object.entries(results.versions).map(([name, version]) => (version ? `, ${name} ${version}` : ''));
  const parts = [
    [`${results.machine}${versions.join('')}; medians of 5 alternations (the reference: once). ${measured(results.dates)}.`],
    ...(results.steps.length ? [millis(results.steps), ratios(results.steps), efficiency(results.steps)] : []),
    webgpu(results.dispatches),
    presets(results.presets),
    memory(results.memory ?? []),
    sizes(results.sizes),
  ];
  return parts.filter((part) => part.length).map((part) => part.join('\n')).join('\n\n');
}

/** Which parts are of which day. @param {Record<string, string>} dates */
function measured(dates) {
  const days = [...new Set(Object.values(dates))].sort().reverse();
  const partsOf = (/** @type {string} */ day) => Object.keys(dates).filter((part) => dates[part] === day).join(', ');
  return `Measured ${days.map((day) => `on ${day}: ${partsOf(day)}`).join('; ')}`;
}

/** @param {Row[]} rows */
function grid(rows) {
  const networks = [...new Set(rows.map((row) => row.network))];
  const contenders = [...new Set(rows.map((row) => row.contender))];
  const find = (/** @type {string} */ network, /** @type {string} */ contender) =>
    rows.find((row) => row.network === network && row.contender === contender);
  return { networks, contenders, find };
}

/** @param {Row[]} rows */
function millis(rows) {
  const { networks, contenders, find } = grid(rows);
  return [
    'Milliseconds of a step, and in brackets the matrix products of its own program as a share of',
    'the best that the same process reached with matrix products alone:',
    '',
    ...head('', ...networks),
    ...contenders.map((contender) => line(contender, ...networks.map((network) => {
      const found = find(network, contender);
      if (!found) return '';
      const { stepMillis, gflops, peakGflops } = found;
      return `${number(stepMillis)}${gflops === null ? '' : ` (${Math.round((100 * gflops) / peakGflops)} %)`}`;
    }))),
  ];
}

/** @param {Row[]} rows */
function ratios(rows) {
  const { networks, contenders, find } = grid(rows);
  const peers = (/** @type {string} */ network) =>
    rows.filter((row) => row.network === network && (row.kind === 'peer' || row.contender === STANDARD));
  const fastest = (/** @type {string} */ network) =>
    peers(network).sort((a, b) => a.stepMillis - b.stepMillis)[0];
  if (!networks.some(fastest)) return [];
  const isOurs = (/** @type {string} */ contender) =>
    rows.some((row) => row.contender === contender && row.kind === 'ours');
  return [
    'The same as a ratio to PyTorch on two threads, and in brackets to the fastest peer:',
    '',
    ...head('', ...networks),
    line('fastest peer', ...networks.map((network) => fastest(network)?.contender.split(',')[0] ?? '')),
    ...contenders.filter(isOurs).map((contender) => line(contender, ...networks.map((network) => {
      const [own, standard, best] = [find(network, contender), find(network, STANDARD), fastest(network)];
      if (!own || !best) return '';
      const to = (/** @type {Row | undefined} */ peer) => (peer ? (own.stepMillis / peer.stepMillis).toFixed(2) : 'n/a');
      return `${to(standard)} (${to(best)})`;
    }))),
  ];
}

/** What a second thread is worth. @param {Row[]} rows */
function efficiency(rows) {
  const { networks, contenders, find } = grid(rows);
  const pairs = contenders
    .filter((contender) => contender.includes('1 thread'))
    .map((one) => ({ one, two: one.replace('1 thread', '2 threads') }))
    .filter(({ two }) => contenders.includes(two));
  if (!pairs.length) return [];
  return [
    'Time of a step on one thread over that on two:',
    '',
    ...head('', ...networks),
    ...pairs.map(({ one, two }) => line(one.replace(', 1 thread', ''), ...networks.map((network) => {
      const [alone, together] = [find(network, one), find(network, two)];
      return alone && together ? (alone.stepMillis / together.stepMillis).toFixed(2) : '';
    }))),
  ];
}

/** @param {any[]} rows */
function webgpu(rows) {
  if (!rows.length) return [];
  return [
    ...head('On software WebGPU', 'dispatches a step', 'submissions', 'ms a step', 'MB of buffers', 'kB of wasm, brotli'),
    ...rows.map(({ contender, refused, dispatches, submissions, stepMillis, bufferBytes, brotli }) =>
      line(contender, ...(refused === undefined
        ? [number(dispatches), number(submissions), number(stepMillis), number(scaled(bufferBytes, 1e6)), number(scaled(brotli, 1e3))]
        : ['n/a', 'n/a', 'n/a', 'n/a', 'n/a']))),
  ];
}

/** @param {any[]} rows */
function presets(rows) {
  if (!rows.length) return [];
  return [
    ...head('Preset, on the CPU', 'page opened to first step', 'to 99 % held out', 'steps', 'steps/s', 'workers'),
    ...rows.map(({ preset, firstStepSeconds, grokSeconds, steps, stepsPerSecond, workers }) =>
      line(preset, `${number(firstStepSeconds)} s`, `${number(grokSeconds)} s`, steps, number(stepsPerSecond), workers ?? '')),
  ];
}

/** @param {any[]} rows */
function memory(rows) {
  if (!rows.length) return [];
  const modes = /** @type {Record<string, string>} */ ({ plain: 'left alone', collected: 'collected at each sample' });
  return [
    'Memory in MB of a tab that trains on software WebGPU:',
    '',
    ...head('', 'step', 'renderer process', 'GPU process', "page's heap", "worker's heap", 'array buffers of both'),
    ...rows.map((row) =>
      line(`${modes[row.mode]}${row.collected ? ', after a collection' : ''}`, row.step,
        ...[row.rendererResident, row.gpuResident, row.pageHeap, row.workerHeap, row.pageBacking + row.workerBacking].map(number))),
  ];
}

/** @param {any[]} rows */
function sizes(rows) {
  if (!rows.length) return [];
  return [
    ...head('wasm', 'kB', 'kB with brotli -9'),
    ...rows.map(({ name, bytes, brotli }) => line(name, Math.round(bytes / 1e3), Math.round(brotli / 1e3))),
  ];
}

/** Puts the tables where the README wants them. @param {string} path @param {string} markdown */
export function writeReadme(path, markdown) {
  const text = readFileSync(path, 'utf8');
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md has no ${START} ... ${END}`);
  writeFileSync(path, `${text.slice(0, start + START.length)}\n\n${markdown}\n\n${text.slice(end)}`);
}

/** @param {unknown[]} cells */
const line = (...cells) => `| ${cells.join(' | ')} |`;

/** @param {string[]} titles @returns {[string, string]} */
const head = (...titles) => [line(...titles), line('---', ...titles.slice(1).map(() => '---:'))];

/** @param {number | null | undefined} value @param {number} unit */
const scaled = (value, unit) => (value === null || value === undefined ? null : value / unit);

/** Three digits. @param {number | null | undefined} value */
function number(value) {
  if (value === null || value === undefined) return '';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
