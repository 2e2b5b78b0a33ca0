// Weights as safetensors files: the length of a header in JSON, the header, and the numbers. What the names mean is in
// docs/weights.md.

import { Refused } from '../run/refused.js';

/** @typedef {import('./protocol.js').Tensor} Tensor */
/** @typedef {{ dtype: string, shape: number[], data_offsets: [number, number] }} Entry */

/** Longer headers are of other networks. */
const HEADER_MAX = 2 ** 20;
/** Bytes of a number, and how it is read. @type {Record<string, [number, (view: DataView, at: number) => number]>} */
const READ = {
  F64: [8, (view, at) => view.getFloat64(at, true)],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  F16: [2, (view, at) => half(view.getUint16(at, true))],
  BF16: [2, (view, at) => bfloat(view.getUint16(at, true))],
};

/**
 * A file of float32.
 * @param {Tensor[]} tensors @param {Float32Array} values All of them, end to end.
 * @param {Record<string, string>} metadata
 */
export function encode(tensors, values, metadata) {
  /** @type {Record<string, unknown>} */
  const entries = { __metadata__: metadata };
  let at = 0;
  for (const { name, shape } of tensors) {
    const end = at + 4 * sizeOf(shape);
    entries[name] = { dtype: 'F32', shape, data_offsets: [at, end] };
    at = end;
  }
  const text = JSON.stringify(entries);
  const written = new TextEncoder().encode(text);
  // Numbers begin at a multiple of eight bytes.
  const length = Math.ceil(written.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + at).fill(0x20, 8, 8 + length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.set(written, 8);
  values.forEach((value, index) => view.setFloat32(8 + length + 4 * index, value, true));
  return bytes;
}

/**
 * The numbers of a file that has exactly these tensors, end to end, in any width of floating point; a tensor of one row
 * may have one dimension.
 * @param {Uint8Array} bytes @param {Tensor[]} tensors
 */
export function decode(bytes, tensors) {
  const { entries, start } = header(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  const values = new Float32Array(tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  let to = 0;
  for (const { name, shape } of tensors) {
    const entry = entries.get(name);
    if (!entry) throw refused(`the file has no tensor \`${name}\``);
    entries.delete(name);
    const [width, read] = Object.hasOwn(READ, entry.dtype) ? READ[entry.dtype] : [0, () => NaN];
    const fits = String(entry.shape) === String(shape) || (shape[0] === 1 && String(entry.shape) === String(shape[1]));
    if (!width || !fits) {
      throw refused(`\`${name}\` is ${entry.dtype} [${entry.shape.join(', ')}] in the file, this model has F32 [${shape.join(', ')}]`);
    }
    const [from, end] = entry.data_offsets;
    const count = sizeOf(shape);
    if (from < 0 || end - from !== width * count || end > view.byteLength) throw refused(`\`${name}\` is cut short`);
    for (let index = 0; index < count; index += 1) {
      const value = read(view, from + width * index);
      if (!Number.isFinite(value)) throw refused(`\`${name}\` has the value \`${value}\``);
      values[to] = value;
      to += 1;
    }
  }
  const [more] = entries.keys();
  if (more !== undefined) throw refused(`this model has no tensor \`${more}\``);
  return values;
}

/** @param {Uint8Array} bytes @returns {{ entries: Map<string, Entry>, start: number }} Where the numbers start. */
function header(bytes) {
  const broken = () => refused('the file is not a safetensors file');
  if (bytes.length < 8) throw broken();
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > HEADER_MAX || 8 + length > bytes.length) throw broken();
  /** @type {Record<string, any>} */
  let found;
  try {
    found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw broken();
  }
  if (typeof found !== 'object' || found === null) throw broken();
  const entries = new Map(Object.entries(found).filter(([name]) => name !== '__metadata__'));
  for (const entry of entries.values()) {
    const isEntry = Array.isArray(entry?.shape) && Array.isArray(entry.data_offsets) && typeof entry.dtype === 'string' &&
      [...entry.shape, ...entry.data_offsets].every(Number.isSafeInteger);
    if (!isEntry) throw broken();
  }
  return { entries, start: 8 + length };
}

const sizeOf = (/** @type {number[]} */ shape) => shape.reduce((product, side) => product * side, 1);
const refused = (/** @type {string} */ why) => new Refused(`The weights do not fit: ${why}.`, 'weights');

/** A float16. @param {number} bits */
function half(bits) {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24
    : exponent === 31 ? (fraction ? NaN : Infinity)
      : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits >> 15 ? -size : size;
}

/** The upper half of a float32. @param {number} bits */
function bfloat(bits) {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}
