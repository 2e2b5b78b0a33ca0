// Weights as a file: out of the network that trains, and into it.

/** @typedef {import('./client.js').Client} Client */

import { typed } from '../run/settings.js';
import { decode, encode } from './safetensors.js';

/** The live network: its step, and its weights as a safetensors file. @param {Client} client */
export async function exported(client) {
  await client.open();
  await client.line.beginning;
  const { step, tensors, values } = await client.active.export();
  const { settings, started } = client.live;
  const file = encode(tensors, values, {
    config: JSON.stringify(typed(settings)),
    symbols: JSON.stringify(started?.symbols ?? []),
    step: String(step),
  });
  return { step, file };
}

/**
 * The live run anew, with the weights of a file; the run before can be brought back. What is refused leaves the run
 * as it was.
 * @param {Client} client @param {Uint8Array} bytes Of a safetensors file.
 */
export async function imported(client, bytes) {
  await client.open();
  const { shelved, live: { status, step } } = client;
  if (step > 0) await client.start(client.choice);
  try {
    const { tensors } = await client.active.export();
    await client.line.send({ type: 'import' }, decode(bytes, tensors));
  } catch (error) {
    if (client.shelved !== shelved) {
      await client.undo();
      client.shelved = shelved;
      client.store.dispatch({ type: 'undoable', canUndo: shelved !== null });
      if (status === 'running') await client.run();
    }
    throw error;
  }
  client.store.dispatch({ type: 'marked', marks: { strayed: ['weights'] } });
  client.page.onOpenedWeights?.();
  // Wherever it goes on from now, on another device, in a fresh worker or on the next page, it has these.
  await client.line.send({ type: 'snapshot' });
}
