// The text of a file that may be compressed, and may be made to fill the memory.

import { BadRecording } from './checked.js';

/** Of the text, in bytes; the largest recording that ships has 3 MB. */
const UNPACKED_MAX = 64 * 2 ** 20;

/**
 * @param {ArrayBuffer} bytes @param {number} [max] @returns {Promise<string>}
 */
export async function unpack(bytes, max = UNPACKED_MAX) {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  const zipped = first === 0x1f && second === 0x8b;
  const body = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (new Blob([bytes]).stream());
  const stream = zipped ? body.pipeThrough(new DecompressionStream('gzip')) : body;
  const reader = stream.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let unpacked = 0;
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      unpacked += value.byteLength;
      if (unpacked > max) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    throw new BadRecording('the file is cut short or damaged: it does not decompress to text');
  }
  reader.cancel().catch(() => {});
  throw new BadRecording(`the file unpacks to more than ${max / 2 ** 20} MB`);
}
