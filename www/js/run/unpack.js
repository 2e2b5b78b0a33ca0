// The content of a file that may be compressed, and may be made to fill the memory.

import { BadRecording } from './checked.js';

/** The size of the text, in bytes; the largest recording that ships has 3 MB. */
const UNPACKED_MAX = 64 * 2 ** 20;

/** @param {ArrayBuffer} bytes */
export function opened(bytes) {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  const zipped = first === 0x1f && second === 0x8b;
  const body = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (new Blob([bytes]).stream());
  return (zipped ? body.pipeThrough(new DecompressionStream('gzip')) : body).getReader();
}

/**
 * The text of a file, to its end or to a zero byte, which no text has: what follows that is not looked at.
 * @param {ArrayBuffer} bytes @param {number} [max] @returns {Promise<string>}
 */
export async function unpack(bytes, max = UNPACKED_MAX) {
  const reader = opened(bytes);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let unpacked = 0;
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      const end = value.indexOf(0);
      const part = end < 0 ? value : value.subarray(0, end);
      unpacked += part.byteLength;
      if (unpacked > max) break;
      text += decoder.decode(part, { stream: end < 0 });
      if (end < 0) continue;
      reader.cancel().catch(() => {});
      return text;
    }
  } catch {
    throw new BadRecording('the file is cut short or damaged: it does not decompress to text');
  }
  reader.cancel().catch(() => {});
  throw new BadRecording(`the file unpacks to more than ${max / 2 ** 20} MB`);
}
