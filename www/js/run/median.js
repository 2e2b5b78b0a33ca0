// Many numbers as one.

/**
 * The middle one, or the mean of the middle two; null of nothing.
 * @param {number[]} values
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = sorted.length / 2;
  if (sorted.length === 0) return null;
  return Number.isInteger(at) ? (sorted[at - 1] + sorted[at]) / 2 : sorted[Math.floor(at)];
}
