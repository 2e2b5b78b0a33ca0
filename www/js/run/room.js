// What a run has room for of what was seen inside its network: pictures of neurons are large, those of a few
// steps are kept, spread over the run; and of a clock's faces those that are drawn.

/** @typedef {import('../worker/protocol.js').Clock} Clock */
/** @typedef {import('./frames.js').Frame} Frame */

/** Steps with pictures, at most, */
const STEPS_MAX = 16;
/** and their bytes all together; those of a table of 97² with 512 neurons take 5 MB. */
const BYTES_MAX = 96e6;
const NONE = new Uint8Array(0);

/** @param {Frame} frame */
const bytesOf = ({ inspected }) => inspected?.pictures?.length ?? 0;

/** A frame without its pictures. @param {Frame} frame @returns {Frame} */
const bare = (frame) => ({ ...frame, inspected: frame.inspected && { ...frame.inspected, pictures: NONE } });

/**
 * The frames, of which so many keep their pictures: the first, the last, and of those between the ones that lie
 * furthest apart on a logarithmic axis.
 * @param {Frame[]} frames @param {number} [stepsMax] @param {number} [bytesMax] @returns {Frame[]}
 */
export function withFewPictures(frames, stepsMax = STEPS_MAX, bytesMax = BYTES_MAX) {
  const kept = frames.filter((frame) => bytesOf(frame) > 0);
  const isMuch = () => kept.reduce((sum, frame) => sum + bytesOf(frame), 0) > bytesMax;
  /** @type {Set<Frame>} */
  const gone = new Set();
  while (kept.length > 2 && (kept.length > stepsMax || isMuch())) {
    const gap = (/** @type {number} */ at) => (kept[at + 1].step + 1) / (kept[at - 1].step + 1);
    let least = 1;
    for (let at = 2; at < kept.length - 1; at += 1) if (gap(at) < gap(least)) least = at;
    gone.add(kept.splice(least, 1)[0]);
  }
  return gone.size === 0 ? frames : frames.map((frame) => (gone.has(frame) ? bare(frame) : frame));
}

/** All frames without pictures, for what has no room for them. @param {Frame[]} frames */
export const withoutPictures = (frames) => frames.map(bare);

/** Faces that are drawn, at most: a network that has not made up its mind has more. */
export const FACES_MAX = 5;

/**
 * What is kept of a clock: of the faces that are not drawn, their part of the logits. Before it has made up its mind
 * a network has dozens, whose points would take most of a run's memory.
 * @param {Clock} clock @returns {Clock}
 */
export const trimmed = (clock) => ({
  ...clock,
  faces: clock.faces.map((face, at) => (at < FACES_MAX ? face : { ...face, x: [], y: [], answer: [] })),
});
