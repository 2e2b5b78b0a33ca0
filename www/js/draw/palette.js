// Colours of symbols: viridis, which keeps its order of lightness for colour-blind readers.

const ANCHORS = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];

/**
 * One colour per symbol, as ImageData has them: 0xAABBGGRR.
 * @param {number} n
 * @returns {Uint32Array}
 */
export function palette(n) {
  return Uint32Array.from({ length: n }, (_, index) => {
    const at = (index / Math.max(n - 1, 1)) * (ANCHORS.length - 1);
    const low = Math.min(Math.floor(at), ANCHORS.length - 2);
    const [red, green, blue] = ANCHORS[low].map((channel, i) =>
      Math.round(channel + (ANCHORS[low + 1][i] - channel) * (at - low)),
    );
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}
