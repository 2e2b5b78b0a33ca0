// What a worker trains first: what the link says, or what was kept of it.

import { WorkerLost } from './handle.js';
import { findPreset } from '../run/settings.js';

/** @typedef {import('./client.js').Client} Client */

/** A link whose formula, table or mask is wrong opens its preset, and says why. @param {Client} client */
export async function settleOnAllowed(client) {
  const { preset, settings } = client.choice;
  try {
    await client.check({ preset, settings });
  } catch (error) {
    if (error instanceof WorkerLost) throw error;
    const text = `The link cannot be used: ${/** @type {Error} */ (error).message}.`;
    client.store.dispatch({ type: 'notice', text });
    client.store.dispatch({ type: 'chosen', preset, settings: { ...findPreset(preset)?.settings } });
  }
}

/**
 * What was kept of a run and is refused is dropped: then the run begins.
 * @param {Client} client @param {import('./protocol.js').Snapshot | null} kept
 */
export async function beginOrGoOn(client, kept) {
  client.snapshot = kept;
  try {
    await client.beginWhereItFits(kept);
  } catch (error) {
    if (!kept || error instanceof WorkerLost) throw error;
    client.snapshot = null;
    client.store.dispatch({ type: 'begun', ...client.choice });
    await client.beginWhereItFits(null);
  }
}
