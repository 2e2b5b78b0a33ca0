// Which parts of a network are taken away, as a link says it.

import { short } from './named.js';

/** `fill` is what is put in place of heads and neurons. @typedef {{ parts: string[], fill: import('../worker/protocol.js').Fill }} Cut */

const N = '(0|[1-9]\\d{0,3})';
/** The name of a part, as the trainer has it: numbers count from 0, waves from 1. */
export const PART = new RegExp(`^(?:(head|cluster):${N}\\.${N}|(mlp|layer):${N}|(neurons|logits):(?:${N}|(keys|others)))$`);
export const EXPECTED = 'allowed are head:0.2, mlp:0, layer:0, cluster:0.14, neurons:14, neurons:keys, logits:others and their like';

/** Those of a link that are names, each once; the others become sentences. @param {string} text @param {string[]} problems */
export const readCut = (text, problems) => [...new Set(text.split(/[\s,]+/).filter(Boolean))].filter((name) => {
  if (PART.test(name)) return true;
  problems.push(`\`cut\` cannot be \`${short(name)}\`: ${EXPECTED}`);
  return false;
});

/** @param {URLSearchParams} query @param {Cut} cut */
export function writeCut(query, { parts, fill }) {
  if (parts.length > 0) query.set('cut', parts.join(','));
  if (fill !== 'zero') query.set('fill', fill);
}

/** @param {Cut} a @param {Cut} b */
export const sameCut = (a, b) => a.fill === b.fill && a.parts.length === b.parts.length && a.parts.every((name) => b.parts.includes(name));
