// The benchmark's results as Markdown.

import { readFileSync, writeFileSync } from 'node:fs';

const START = '<!-- benchmark -->';
const END = '<!-- end of benchmark -->';

/** @param {any} results */
export function table(results) {
  const networks = [...new Set(results.steps.map((/** @type {any} */ row) => row.network))];
  const contenders = [...new Set(results.steps.map((/** @type {any} */ row) => row.contender))];
  const find = (/** @type {any} */ network, /** @type {any} */ contender) =>
    results.steps.find(
      (/** @type {any} */ row) => row.network === network && row.contender === contender,
    );
  const { chromium, pytorch } = results.versions;
  const lines = [
    `${results.date}, ${results.machine}, Chromium ${chromium}` +
      `${pytorch ? `, PyTorch ${pytorch}` : ''}; medians of 5 alternations (the reference: once).`,
    '',
    'Milliseconds of a step, and in brackets the matrix products of its own program as a share of',
    'the best that the same process reached with matrix products alone:',
    '',
    row(['', ...networks]),
    row(['---', ...networks.map(() => '---:')]),
    ...contenders.map((contender) => {
      const cells = networks.map((network) => {
        const { stepMillis, gflops, peakGflops } = find(network, contender);
        return `${number(stepMillis)} (${Math.round((100 * gflops) / peakGflops)} %)`;
      });
      return row([contender, ...cells]);
    }),
    '',
    row(['On software WebGPU', 'dispatches a step', 'submissions', 'ms a step']),
    row(['---', '---:', '---:', '---:']),
    ...results.dispatches.map((/** @type {any} */ entry) =>
      row([
        entry.contender,
        number(entry.dispatches),
        number(entry.submissions),
        number(entry.stepMillis),
      ]),
    ),
    '',
    row(['Preset, on the CPU', 'page opened to first step', 'to 99 % held out', 'steps', 'steps/s']),
    row(['---', '---:', '---:', '---:', '---:']),
    ...results.presets.map((/** @type {any} */ entry) =>
      row([
        entry.preset,
        `${number(entry.firstStepSeconds)} s`,
        `${number(entry.grokSeconds)} s`,
        entry.steps,
        number(entry.stepsPerSecond),
      ]),
    ),
    '',
    row(['wasm', 'kB', 'kB with brotli -9']),
    row(['---', '---:', '---:']),
    ...results.sizes.map((/** @type {any} */ entry) =>
      row([entry.name, Math.round(entry.bytes / 1e3), Math.round(entry.brotli / 1e3)]),
    ),
  ];
  return lines.join('\n');
}

/** Puts the tables where the README wants them. @param {string} path @param {string} markdown */
export function writeReadme(path, markdown) {
  const text = readFileSync(path, 'utf8');
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md has no ${START} ... ${END}`);
  writeFileSync(path, `${text.slice(0, start + START.length)}\n\n${markdown}\n\n${text.slice(end)}`);
}

/** @param {unknown[]} cells */
const row = (cells) => `| ${cells.join(' | ')} |`;

/** Three digits. @param {number} value */
const number = (value) =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
