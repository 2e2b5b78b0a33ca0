// Numbers as a reader meets them.

/** With thin groups of three: 1 849. @param {number} n */
export const whole = (n) => Math.round(n).toLocaleString('en-US').replaceAll(',', '\u202f');

/** A number and its unit, which no end of a line parts. @param {number | string} number @param {string} unit */
export const withUnit = (number, unit) => `${number}\u00a0${unit}`;

/** @param {number} bytes */
export const sizeOf = (bytes) => (bytes < 1e6 ? withUnit(Math.ceil(bytes / 1e3), 'kB') : withUnit((bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0), 'MB'));

/** @param {number} share 0 to 1; never 0 % or 100 % for what is not. */
export function percent(share) {
  if (share > 0 && share < 0.005) return `less than ${withUnit(1, '%')}`;
  if (share < 1 && share > 0.995) return `more than ${withUnit(99, '%')}`;
  return withUnit(Math.round(100 * share), '%');
}

/** A number that is written already, with the sign that is as wide as a plus. @param {string} number */
export const minus = (number) => number.replaceAll('-', '−');

/** Seconds that are said of a time: further apart than two measurements of one computer. */
const SECONDS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90];

/** A time that was estimated. @param {number} seconds */
export function about(seconds) {
  const distance = (/** @type {number} */ round) => Math.abs(Math.log(Math.max(seconds, 1e-3) / round));
  const nearest = SECONDS.reduce((best, round) => (distance(round) < distance(best) ? round : best));
  return `about ${seconds < 105 ? withUnit(nearest, 's') : withUnit(Math.round(seconds / 60), 'min')}`;
}

/** @param {number} times */
export const timesLater = (times) => `${times < 10 ? times.toFixed(1) : Math.round(times)} times`;
