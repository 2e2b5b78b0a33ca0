// What can be said of a network's neurons without seeing them: how they are tuned, and where they are shown.

/** @typedef {import('../worker/protocol.js').Inside} Inside */
/** @typedef {import('../worker/protocol.js').Tuning} Tuning */
/** @typedef {import('../worker/protocol.js').Started} Started */
/** @typedef {import('./frames.js').Frame} Frame */
/** @typedef {Pick<import('./run.js').Run, 'frames' | 'scrub'>} Seen */
/** One wave, by its place in `Inside.waves`, and the neurons that are tuned to it. @typedef {{ wave: number, name: string, neurons: number }} Cluster */
/** Neurons and heads of one step, with their pictures. @typedef {{ step: number, inside: Inside, pictures: Uint8Array }} Pictured */

/** A neuron is tuned above this share of its variance (Nanda et al. 2023); `TUNED` of `src/inspect/inside`. */
const TUNED = 0.85;
/** @param {Tuning} tuning */
export const isTuned = ({ share, wave }) => share > TUNED && wave !== null;

/**
 * The symbols along an axis of the table: round the cycle that the operation adds in, or coset by coset, and those
 * without a place last.
 * @param {Pick<Started, 'symbols'> & Partial<Pick<Started, 'index' | 'order'>>} started @returns {number[]}
 */
export function axisOf({ symbols, index, order }) {
  const place = (/** @type {number} */ symbol) => (index ? index[symbol] : order?.[symbol] ?? symbol) ?? Infinity;
  return symbols.map((_, symbol) => symbol).sort((a, b) => (place(a) === place(b) ? a - b : place(a) - place(b)));
}

/** @type {WeakMap<Inside, Cluster[]>} */
const counted = new WeakMap();

/** The waves with tuned neurons, in their own order. @param {Inside} inside @returns {Cluster[]} */
export function clusters(inside) {
  let found = counted.get(inside);
  if (!found) {
    const counts = new Map();
    for (const tuning of inside.neurons) if (isTuned(tuning)) counts.set(tuning.wave, (counts.get(tuning.wave) ?? 0) + 1);
    found = [...counts].map(([wave, neurons]) => ({ wave, name: inside.waves[wave], neurons })).sort((a, b) => a.wave - b.wave);
    counted.set(inside, found);
  }
  return found;
}

/** What was found in a layer, a step each. @param {Frame[]} frames @param {number} layer @returns {{ step: number, inside: Inside }[]} */
export const insides = (frames, layer) => frames.flatMap(({ step, inspected }) => {
  const inside = inspected?.inside;
  return inside && inside.layer === Math.min(layer, inside.layers - 1) ? [{ step, inside }] : [];
});

/**
 * What was found in a layer by the step that is shown.
 * @param {Seen} run @param {number} layer
 */
export function insideAt({ frames, scrub }, layer) {
  const found = insides(frames, layer);
  return found.findLast(({ step }) => scrub === null || step <= scrub) ?? found[0] ?? null;
}

/** Steps of which a layer's pictures are kept. @param {Frame[]} frames @param {number} layer @returns {Pictured[]} */
export const pictured = (frames, layer) => frames.flatMap(({ step, inspected }) => {
  const inside = inspected?.inside;
  const has = inside && inspected.pictures.length > 0 && inside.layer === Math.min(layer, inside.layers - 1);
  return has ? [{ step, inside, pictures: inspected.pictures }] : [];
});

/** The item whose step is nearest to one, by ratio. @template {{ step: number }} T @param {T[]} items @param {number} step @returns {T | null} */
function nearest(items, step) {
  const distance = (/** @type {T} */ item) => Math.abs(Math.log((item.step + 1) / (step + 1)));
  return items.reduce((/** @type {T | null} */ best, item) => (best && distance(best) <= distance(item) ? best : item), null);
}

/** The pictures that are nearest to the step that is shown. @param {Seen} run @param {number} layer */
export function picturesAt(run, layer) {
  const shown = insideAt(run, layer);
  return shown && nearest(pictured(run.frames, layer), shown.step);
}

/** The weights of a neuron that are nearest to the step that is shown. @param {Seen} run @param {number} layer @param {number} neuron */
export function openedAt(run, layer, neuron) {
  const shown = insideAt(run, layer);
  const found = insides(run.frames, layer).flatMap(({ step, inside: { opened } }) =>
    (opened && opened.neuron === neuron ? [{ step, opened }] : []));
  return shown && nearest(found, shown.step);
}

/**
 * Numbers of the waves' colours, which stay while a run goes on: by when a wave first had tuned neurons.
 * @param {Frame[]} frames @param {number} layer @returns {Map<number, number>}
 */
export function colorsOf(frames, layer) {
  /** @type {Map<number, number>} */
  const slots = new Map();
  for (const { inside } of insides(frames, layer)) {
    for (const { wave } of [...clusters(inside)].sort((a, b) => b.neurons - a.neurons)) {
      if (!slots.has(wave)) slots.set(wave, slots.size);
    }
  }
  return slots;
}

/** The mean of each head's and position's picture, 0 to 1, by head. @param {Pictured} pictured @param {number} size Of the table. */
export function meanAttention({ inside: { neurons, heads, positions }, pictures }, size) {
  return Array.from({ length: heads }, (_, head) => Array.from({ length: positions }, (__, position) => {
    const from = (neurons.length + head * positions + position) * size * size;
    let [sum, count] = [0, 0];
    for (let cell = from; cell < from + size * size; cell += 1) {
      if (pictures[cell] === 0) continue;
      sum += (pictures[cell] - 1) / 254;
      count += 1;
    }
    return count ? sum / count : 0;
  }));
}

/** Probabilities of all symbols, the likeliest first. @param {number[]} logits */
export function likeliest(logits) {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return logits.map((logit, symbol) => ({ symbol, logit, share: powers[symbol] / all })).sort((a, b) => b.logit - a.logit);
}
