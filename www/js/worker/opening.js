// What a worker trains first: what the link says, or what was kept of it.

import { WorkerLost } from './handle.js';
import { marksOf } from '../run/again.js';
import { findPreset } from '../run/settings.js';

/** @typedef {import('./client.js').Client} Client */

/** Stores of which what happens is marked. @type {WeakSet<Client['store']>} */
const marked = new WeakSet();

/** A run that trains says from then on what its settings do not. @param {Client['store']} store */
function mark(store) {
  if (marked.has(store)) return;
  marked.add(store);
  store.on((_, action, before) => {
    const marks = marksOf(before, action);
    if (marks) store.dispatch({ type: 'marked', marks });
  });
}

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
  mark(client.store);
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
