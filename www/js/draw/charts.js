// Charts, drawn by the page's wasm.

/**
 * @typedef {'Steps' | 'LogSteps' | 'Milestones' | 'Numbers' | 'Shares' | 'Losses'} Scale
 * @typedef {{ Chart: new (canvas: HTMLCanvasElement, scale: number, ink: number, grid: number)
 *   => any, Scale: Record<Scale, number>,
 *   spearman: (a: Float64Array, b: Float64Array) => number | undefined,
 *   spearmanP: (rho: number, n: number) => number }} Charts
 * @typedef {{ x: ArrayLike<number>, y: ArrayLike<number>, color: number, width: number,
 *   dot?: number }} Line `width` and `dot`, a radius, in CSS pixels.
 */

/** @type {Charts | null} */
let library = null;
/** @type {Promise<void> | null} */
let loading = null;

/** Once on a page: it is code and has no state. @returns {Promise<void>} */
export function loadCharts() {
  loading ??= (async () => {
    const glue = await import(new URL('../../page.js', import.meta.url).href);
    await glue.default();
    library = glue;
  })();
  return loading;
}

/** The library, once it is loaded. */
export const charts = () => library;

/**
 * @param {Charts} library @param {HTMLCanvasElement} canvas
 * @param {{ x: Scale, y: Scale, marks?: number[] }} axes Upright lines at the marks.
 * @param {Line[]} lines
 */
export function drawChart(library, canvas, { x, y, marks = [] }, lines) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  const [ink, grid] = colors(canvas, ['--quiet', '--line']);
  const chart = new library.Chart(canvas, scale, ink, grid);
  chart.mark(Float64Array.from(marks));
  for (const { x: across, y: up, color, width, dot = 0 } of lines) {
    chart.add(Float64Array.from(across), Float64Array.from(up), color, width, dot);
  }
  chart.draw(library.Scale[x], library.Scale[y]);
  chart.free();
}

/** The axis of the steps. @param {boolean} logSteps @returns {Scale} */
export const stepScale = (logSteps) => (logSteps ? 'LogSteps' : 'Steps');

/** The style sheet's colours as 0xRRGGBB. @param {HTMLElement} root @param {string[]} names */
export function colors(root, names) {
  const style = getComputedStyle(root);
  return names.map((name) => parseInt(style.getPropertyValue(name).trim().slice(1), 16));
}
