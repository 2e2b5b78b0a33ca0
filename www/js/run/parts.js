// The parts of a network that can be taken away: what their names say, how they are grouped, and what changes without them.

import { EXPECTED, PART } from './cut.js';
import { short } from './named.js';
import { Refused } from './refused.js';

/** @typedef {import('../worker/protocol.js').Fill} Fill */
/** @typedef {import('./cut.js').Cut} Cut */

/**
 * What a name says: numbers count from 0, waves from 1.
 * @typedef {{ kind: 'head', layer: number, head: number } | { kind: 'mlp' | 'layer', layer: number }
 *   | { kind: 'cluster', layer: number, wave: number }
 *   | { kind: 'neurons' | 'logits', which: number | 'keys' | 'others' }} Part
 */

/** @type {Fill[]} */
export const FILLS = ['zero', 'mean'];

/**
 * The shape of a network, as far as its parts are called by it. `waves` are the names of the representations that
 * neurons can be tuned to, as far as they are known.
 * @typedef {{ layers: number, group: boolean, waves: string[] }} Shape
 */
/** @param {Pick<import('./run.js').Run, 'settings' | 'started' | 'inspected'>} run @returns {Shape} */
export function shapeOf({ settings, started, inspected }) {
  // A neuron that is the same everywhere is tuned to nothing: the trivial representation, the first, is no wave.
  const waves = inspected?.inside?.waves ?? inspected?.powers?.slice(1).map(({ name }) => name) ?? [];
  return { layers: Number(settings.layers), group: started?.group ?? false, waves };
}

/** Nothing is taken away. @type {Cut} */
export const WHOLE = { parts: [], fill: 'zero' };

/** @param {string} name @returns {Part | null} Null if no part of any network has this name. */
export function partOf(name) {
  const found = PART.exec(name);
  if (!found) return null;
  const [, pair, layer, other, one, ofLayer, waves, wave, which] = found;
  if (pair === 'head') return { kind: 'head', layer: Number(layer), head: Number(other) };
  if (pair) return { kind: 'cluster', layer: Number(layer), wave: Number(other) };
  if (one) return { kind: /** @type {'mlp' | 'layer'} */ (one), layer: Number(ofLayer) };
  return { kind: /** @type {'neurons' | 'logits'} */ (waves), which: wave === undefined ? /** @type {'keys' | 'others'} */ (which) : Number(wave) };
}

/** What a script asked for; what is none is refused. @param {unknown} parts @param {unknown} fill @returns {Cut} */
export function checkedCut(parts, fill) {
  if (!Array.isArray(parts)) throw new Refused(`\`cuts\` cannot be \`${short(String(parts))}\`: allowed is a list, such as ["head:0.2"]`, 'argument');
  const wrong = parts.find((name) => typeof name !== 'string' || !partOf(name));
  if (wrong !== undefined) throw new Refused(`\`cuts\` cannot have \`${short(String(wrong))}\`: ${EXPECTED}`, 'argument');
  if (!FILLS.includes(/** @type {Fill} */ (fill))) {
    throw new Refused(`\`fill\` cannot be \`${short(String(fill))}\`: allowed is ${FILLS.join(', ')}`, 'argument');
  }
  return { parts: [...new Set(parts)], fill: /** @type {Fill} */ (fill) };
}

/** With a part taken away or put back. @param {Cut} cut @param {string} name @param {boolean} away @returns {Cut} */
export const withPart = ({ parts, fill }, name, away) =>
  ({ parts: [...parts.filter((other) => other !== name), ...(away ? [name] : [])], fill });

/** What of a cut a network has. @param {Cut} cut @param {Record<string, string>} missing @returns {Cut} */
export const present = ({ parts, fill }, missing) => ({ parts: parts.filter((name) => !Object.hasOwn(missing, name)), fill });

/**
 * Names in the order in which they are offered, those of one kind together: layer by layer the heads, neurons and the
 * whole; neurons by what they are tuned to; frequencies.
 * @param {string[]} names @returns {{ id: string, kind: 'layer' | 'cluster' | 'neurons' | 'logits', layer: number, names: string[] }[]}
 */
export function grouped(names) {
  const rank = (/** @type {Part} */ part) => {
    if (part.kind === 'head') return part.head;
    if (part.kind === 'cluster') return part.wave;
    if (!('which' in part)) return part.kind === 'mlp' ? 1e4 : 1e5;
    return typeof part.which === 'number' ? part.which : part.which === 'keys' ? 1e4 : 1e5;
  };
  const all = [...new Set(names)].flatMap((name) => {
    const part = partOf(name);
    if (!part) return [];
    const kind = part.kind === 'head' || part.kind === 'mlp' ? 'layer' : part.kind;
    const layer = 'layer' in part ? part.layer : 0;
    return [{ name, kind, layer, place: ['layer', 'cluster', 'neurons', 'logits'].indexOf(kind), rank: rank(part) }];
  }).sort((a, b) => a.place - b.place || a.layer - b.layer || a.rank - b.rank);
  const ids = [...new Set(all.map(({ kind, layer }) => `${kind} ${layer}`))];
  return ids.map((id) => {
    const own = all.filter(({ kind, layer }) => `${kind} ${layer}` === id);
    return { id, kind: own[0].kind, layer: own[0].layer, names: own.map(({ name }) => name) };
  });
}

/**
 * Which cells of the table changed, as {@link KINDS}.
 * @param {{ answer: Uint16Array }} table @param {Uint16Array} whole @param {Uint16Array} left What each predicts.
 * @returns {Uint8Array}
 */
export const compared = ({ answer }, whole, left) => Uint8Array.from(answer, (right, cell) => {
  const [before, after] = [whole[cell] === right, left[cell] === right];
  if (whole[cell] === left[cell]) return KINDS.same;
  return before ? KINDS.lost : after ? KINDS.gained : KINDS.other;
});

/** What can become of a cell: the same answer, right before, right now, another wrong answer. */
export const KINDS = { same: 0, lost: 1, gained: 2, other: 3 };
