// Tables as CSV (RFC 4180): a header, lines that end with CR LF, numbers as exactly as they are known.

/** @typedef {string | number | boolean | null | undefined} Value */

/** @param {Value} value What is not a finite number is left empty. */
function field(value) {
  if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {string[]} head @param {Value[][]} rows */
export const csv = (head, rows) => [head, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
