// What was typed wrong, in a sentence that is read at a glance: the value, and what is allowed.

const SHORT = 40;
const FEW = 6;
/** Letters that may be wrong in a name that is meant. */
const SLIPS = 2;

/** As much of a value as is needed to find it. @param {string} text */
export const short = (text) => (text.length > SHORT ? `${text.slice(0, SHORT)}…` : text);

/** @param {readonly string[]} names */
export const few = (names) =>
  (names.length <= FEW + 1 ? names.join(', ') : `${names.slice(0, FEW).join(', ')} and ${names.length - FEW} more`);

/**
 * @param {string} kind Such as `setting`. @param {string} name @param {readonly string[]} known
 * @param {(names: readonly string[]) => string} [listed]
 */
export function noSuch(kind, name, known, listed = few) {
  const meant = nearest(name, known);
  return `there is no ${kind} \`${short(name)}\`: ${meant === null ? `there is ${listed(known)}` : `the nearest is \`${meant}\``}`;
}

/** The name that was meant, if a slip or two explain it. @param {string} name @param {readonly string[]} known */
function nearest(name, known) {
  const [best] = known
    .map((other) => ({ other, slips: distance(name.slice(0, SHORT).toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, slips }) => slips <= Math.min(SLIPS, other.length / 3))
    .sort((a, b) => a.slips - b.slips);
  return best?.other ?? null;
}

/** Letters to add, drop or change (Levenshtein). @param {string} a @param {string} b */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    }
    row = next;
  }
  return row[b.length];
}
