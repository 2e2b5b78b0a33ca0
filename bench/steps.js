// Times a network's step side by side.

import { entries } from './contenders.js';

/** @typedef {import('./networks.js').Network} Network */
/** @typedef {import('./contenders.js').Contender} Contender */
/** @typedef {import('./contenders.js').Timed} Timed */

/** A library's threads go on spinning for a while when their work is done. */
const PAUSE_MILLIS = 300;
/** Of the peers' first losses, which begin at the same weights. */
const TOLERANCE = 1e-4;

/**
 * @param {Network} network @param {(path?: string) => string} url @param {number} rounds
 * @returns {Promise<{ rows: object[], versions: Record<string, string> }>}
 */
export async function timeSteps(network, url, rounds) {
  const wanted = entries(url).filter(({ everywhere }) => network.everywhere || !everywhere);
  /** @type {{ entry: typeof wanted[number], contender: Contender, samples: Timed[] }[]} */
  const timed = [];
  for (const entry of wanted) {
    try {
      timed.push({ entry, contender: await entry.open(), samples: [] });
    } catch (error) {
      console.log(`going on without ${entry.name}: ${/** @type {Error} */ (error).message}`);
    }
  }
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const { entry, contender, samples } of timed) {
        // The reference takes up to minutes a step, and no ratio is about it.
        if (round > 0 && entry.kind === 'reference') continue;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
        samples.push(await contender.run(network));
      }
    }
  } finally {
    for (const { contender } of timed) await contender.close();
  }
  compareLosses(timed.filter(({ entry }) => entry.kind === 'peer'));
  const ours = timed.find(({ entry }) => entry.kind === 'ours' && entry.name.startsWith('native'));
  const rows = timed.map(({ entry: { name, kind, threads }, contender, samples }) => {
    const stepMillis = median(samples.map((sample) => sample.stepMillis));
    const stepGflop = samples[0].stepGflop ?? ours?.samples[0].stepGflop ?? null;
    return {
      network: network.title,
      contender: name,
      kind,
      threads: threads ?? null,
      stepMillis,
      samples: samples.map((sample) => sample.stepMillis),
      stepGflop,
      gflops: stepGflop === null ? null : (stepGflop / stepMillis) * 1e3,
      peakGflops: contender.peakGflops,
    };
  });
  const versions = timed.flatMap(({ entry, contender }) =>
    contender.version ? [[entry.name.split(/[ ,]/)[0], contender.version]] : [],
  );
  return { rows, versions: Object.fromEntries(versions.filter(([name]) => name !== 'reference')) };
}

/** Peers that train something else are no peers. @param {{ entry: { name: string }, samples: Timed[] }[]} peers */
function compareLosses(peers) {
  for (const { entry, samples } of peers) {
    const [{ firstLoss = NaN }, { lastLoss = NaN }] = [samples[0], samples[samples.length - 1]];
    const expected = peers[0].samples[0].firstLoss ?? NaN;
    if (!(Math.abs(firstLoss - expected) <= TOLERANCE)) {
      throw new Error(`the first loss of ${entry.name} is ${firstLoss}, that of ${peers[0].entry.name} ${expected}`);
    }
    if (!(lastLoss < firstLoss)) throw new Error(`the loss of ${entry.name} went from ${firstLoss} to ${lastLoss}`);
  }
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
