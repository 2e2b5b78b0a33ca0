// Numbers as a reader meets them.

/** With thin groups of three: 1 849. @param {number} n */
export const whole = (n) => Math.round(n).toLocaleString('en-US').replaceAll(',', '\u202f');

/** @param {number} share 0 to 1; never 0 % or 100 % for what is not. */
export function percent(share) {
  if (share > 0 && share < 0.005) return 'less than 1 %';
  if (share < 1 && share > 0.995) return 'more than 99 %';
  return `${Math.round(100 * share)} %`;
}

/** A time that was estimated. @param {number} seconds */
export function about(seconds) {
  if (seconds < 1.5) return 'about a second';
  if (seconds < 90) return `about ${seconds < 20 ? Math.round(seconds) : 5 * Math.round(seconds / 5)} s`;
  return `about ${Math.round(seconds / 60)} min`;
}

/** @param {number} times */
export const timesLater = (times) => `${times < 10 ? times.toFixed(1) : Math.round(times)} times`;
