// Files that come in: recordings and weights, dropped, chosen, or named by a link.

import { Refused } from '../run/refused.js';
import { hasWeights, oneFile, tooLarge } from '../text/take.js';

/** The size of a file that is opened, in bytes; the weights of the largest network have 22 MB. */
export const BYTES_MAX = 64 * 2 ** 20;

/** @param {string} name @param {number} size */
const refuseLarge = (name, size) => new Refused(tooLarge(name, size, BYTES_MAX), 'load');

/**
 * Opens a file as what it is.
 * @param {FileList | File[]} files Of which there must be one.
 * @param {{ recording: (bytes: ArrayBuffer, name: string) => Promise<void>,
 *   weights: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>, notice: (text: string) => void }} to
 */
export async function openFiles(files, { recording, weights, notice }) {
  if (files.length !== 1) throw new Refused(oneFile(files.length), 'load');
  const [file] = files;
  if (file.size > BYTES_MAX) throw refuseLarge(file.name, file.size);
  const bytes = await file.arrayBuffer();
  if (file.name.endsWith('.safetensors') || isSafetensors(bytes)) {
    await weights(new Uint8Array(bytes));
    notice(hasWeights(file.name));
  } else await recording(bytes, file.name);
}

/** Whether a file begins with the length of a header of JSON. @param {ArrayBuffer} bytes */
export function isSafetensors(bytes) {
  if (bytes.byteLength < 10) return false;
  const view = new DataView(bytes);
  return view.getBigUint64(0, true) <= BigInt(bytes.byteLength - 8) && view.getUint8(8) === '{'.charCodeAt(0);
}

/**
 * A file of the page's own origin.
 * @param {string} address Relative to the page. @param {AbortSignal} signal @param {string} [href] That of the page.
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchOwn(address, signal, href = location.href) {
  const { origin } = new URL(href);
  const url = new URL(address, href);
  if (url.origin !== origin) {
    throw new Refused(`\`recording\` cannot be \`${address}\`: allowed is a file of ${origin}`, 'load');
  }
  const response = await fetch(url, { signal, mode: 'same-origin' }).catch(() => null);
  if (!response?.ok || !response.body) {
    const why = response ? `the server answered ${response.status}` : 'there is no connection';
    throw new Refused(`\`${address}\` did not load: ${why}`, 'load');
  }
  const declared = Number(response.headers.get('content-length'));
  if (declared > BYTES_MAX) {
    response.body.cancel().catch(() => {});
    throw refuseLarge(address, declared);
  }
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).arrayBuffer();
    size += value.byteLength;
    if (size > BYTES_MAX) break;
    parts.push(value);
  }
  reader.cancel().catch(() => {});
  throw refuseLarge(address, size);
}
