// Held-out cells drawn on the table, as the setting `heldOut` writes them.

/**
 * A drag from one cell to another.
 * @typedef {{ from: { x: number, y: number }, to: { x: number, y: number } }} Area
 * First and last row, first and last column.
 * @typedef {{ x: [number, number], y: [number, number] }} Span
 * @typedef {'box' | 'row' | 'column'} Tool
 */

/**
 * The cells that a drag holds out.
 * @param {Tool} tool @param {Area} area @param {number} size Of the table.
 * @returns {Span}
 */
export function covered(tool, { from, to }, size) {
  /** @type {(a: number, b: number) => [number, number]} */
  const ordered = (a, b) => [Math.min(a, b), Math.max(a, b)];
  const all = /** @type {[number, number]} */ ([0, size - 1]);
  return {
    x: tool === 'column' ? all : ordered(from.x, to.x),
    y: tool === 'row' ? all : ordered(from.y, to.y),
  };
}

/**
 * The mask with the cells of a drag added.
 * @param {string} mask @param {Tool} tool @param {Area} area
 */
export function extend(mask, tool, area) {
  const { x, y } = covered(tool, area, 0);
  const range = (/** @type {[number, number]} */ [low, high]) =>
    low === high ? `${low}` : `${low}-${high}`;
  const part = { box: `box ${range(x)} ${range(y)}`, row: `row ${range(x)}`, column: `column ${range(y)}` };
  return [mask.trim().replace(/;$/, ''), part[tool]].filter(Boolean).join('; ');
}
