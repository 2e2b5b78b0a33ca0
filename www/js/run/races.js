// Races worth watching, and what differs between runs.

import { SETTINGS, VARIANTS, operationLabel } from './settings.js';

const variant = (/** @type {string} */ id) => VARIANTS.find((row) => row.id === id)?.settings ?? {};

/** @type {{ id: string, title: string, runs: Record<string, string>[] }[]} */
export const RACES = [
  {
    id: 'optimisers',
    title: 'Race the optimisers',
    runs: ['adamw', 'adam', 'adamw-to-init', 'muon', 'grokfast-ema', 'orthogonal'].map(variant),
  },
  {
    id: 'symmetry',
    title: 'Symmetric against not',
    runs: ['add', 'sub', 'mul', 'div', 'quad2', 'quad3'].map((operation) => ({ operation })),
  },
];

/**
 * What sets each run apart from the others.
 * @param {Record<string, string>[]} runs
 */
export function labels(runs) {
  const differs = SETTINGS.filter(({ id }) => runs.some((settings) => settings[id] !== runs[0][id]));
  return runs.map((settings) => {
    // A way to train has a name of its own.
    const known = VARIANTS.find(({ settings: bundle }) =>
      Object.entries(bundle).every(([id, value]) => settings[id] === value));
    if (known && differs.length > 1 && differs.every(({ id }) => id in known.settings)) return known.title;
    const parts = differs.map(({ id, label }) =>
      id === 'operation' ? operationLabel(settings.operation) : `${label} ${settings[id] || 'none'}`);
    return parts.length ? parts.join(', ') : operationLabel(settings.operation);
  });
}
