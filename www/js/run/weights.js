// The weights that follow the text of a recording, which are read when somebody looks into its network.

import { BadRecording, ascending, field, list, whole } from './checked.js';
import { opened } from './unpack.js';

/**
 * Networks that follow the text of a recording: the steps that they are of, the lengths of their files, and the whole file.
 * @typedef {{ kept: { step: number, bytes: number }[], file: ArrayBuffer }} Weights
 */

/** The size of all weights, in bytes, with what their files say of themselves. */
const WEIGHTS_MAX = 64e6;

/**
 * What a recording says of its weights.
 * @param {any} value Its text. @param {Pick<import('./recording.js').Recording, 'frames'>} recording @param {ArrayBuffer} file
 * @returns {Weights}
 */
export function behind(value, { frames }, file) {
  const found = field({ value, at: '' }, 'weights');
  let left = WEIGHTS_MAX;
  const kept = list(found, (each) => {
    const step = whole(Number.MAX_SAFE_INTEGER)(field(each, 'step'));
    if (!frames.some((frame) => frame.step === step)) throw new BadRecording(`\`${each.at}.step\` is ${step}, which no frame has`);
    const bytes = whole(left)(field(each, 'bytes'));
    left -= bytes;
    return { step, bytes };
  });
  ascending(found, kept.map(({ step }) => step));
  return { kept, file };
}

/**
 * The safetensors files of a recording, by step.
 * @param {Weights} weights @returns {Promise<Map<number, Uint8Array<ArrayBuffer>>>} Fails with a {@link BadRecording}.
 */
export async function filesOf({ kept, file }) {
  const all = await bytesBehind(file, kept.reduce((sum, { bytes }) => sum + bytes, 0));
  let from = 0;
  return new Map(kept.map(({ step, bytes }) => {
    const place = from;
    from += bytes;
    return [step, all.subarray(place, from)];
  }));
}

/** What comes after the first zero byte. @param {ArrayBuffer} file @param {number} expected In bytes. */
async function bytesBehind(file, expected) {
  const found = new Uint8Array(expected);
  let inText = true;
  let length = 0;
  const reader = opened(file);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const end = inText ? value.indexOf(0) : -1;
      if (inText && end < 0) continue;
      const part = value.subarray(end + 1);
      inText = false;
      if (length + part.byteLength <= expected) found.set(part, length);
      length += part.byteLength;
      if (length > expected) break;
    }
  } catch {
    throw new BadRecording('the weights of the recording are cut short or damaged');
  }
  reader.cancel().catch(() => {});
  if (length !== expected) throw new BadRecording(`the weights of the recording have ${length < expected ? '' : 'more than '}${Math.min(length, expected)} bytes, expected ${expected}`);
  return found;
}
