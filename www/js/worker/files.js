// What leaves a worker as a file, and what comes in as one.

/** @typedef {import('./client.js').Client} Client */

/**
 * The bytes of a file of the live run.
 * @param {Client} client @param {import('./protocol.js').Exported['what']} what @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function exported(client, what) {
  await client.open();
  await client.line.beginning;
  return client.active.export(what);
}

/**
 * Weights in place of those of the live network, which can be brought back. What is refused leaves the run as it
 * was.
 * @param {Client} client @param {Uint8Array<ArrayBuffer>} bytes Of a safetensors file.
 */
export async function imported(client, bytes) {
  await client.open();
  const { shelved, live: { status } } = client;
  await client.shelve();
  try {
    await client.line.send({ type: 'import' }, bytes);
  } catch (error) {
    client.shelved = shelved;
    client.store.dispatch({ type: 'undoable', canUndo: shelved !== null });
    if (status === 'running') await client.run();
    throw error;
  }
  // A worker that is lost from now on goes on from these.
  await client.line.send({ type: 'snapshot' });
}
