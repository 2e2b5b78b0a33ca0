// Packs the element for npm: `node packages/embed/pack.js <folder>`. The element itself lies where the page
// has it, and the licences at the top.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILES = ['package.json', 'README.md', 'embed.d.ts', '../../www/embed.js', '../../LICENSE-MIT', '../../LICENSE-APACHE'];

/** @param {string} folder Where the archive goes. @returns {string} Its path. */
export function pack(folder) {
  const staged = mkdtempSync(join(tmpdir(), 'grokking-demo-'));
  try {
    for (const file of FILES) copyFileSync(new URL(file, import.meta.url), join(staged, basename(file)));
    mkdirSync(folder, { recursive: true });
    const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', resolve(folder)];
    const [{ filename }] = JSON.parse(execFileSync('npm', options, { cwd: staged, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return join(folder, filename);
  } finally {
    rmSync(staged, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder) console.log(pack(folder));
  else {
    console.error('Where to? node packages/embed/pack.js <folder>');
    process.exitCode = 2;
  }
}
