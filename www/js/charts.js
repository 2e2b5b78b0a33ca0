// Charts over the steps, drawn by the page's wasm.

/**
 * @typedef {{ Chart: new (canvas: HTMLCanvasElement, scale: number, ink: number, grid: number)
 *   => any }} Charts
 * @typedef {{ steps: ArrayLike<number>, values: ArrayLike<number>, color: number, width: number }} Line
 */

/**
 * @param {Charts} library @param {HTMLCanvasElement} canvas
 * @param {'drawShares' | 'drawLosses' | 'drawEfficiency'} method
 * @param {{ logSteps: boolean, marks: any[] }} axis
 * @param {Line[]} lines
 */
export function drawChart(library, canvas, method, { logSteps, marks }, lines) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  const [ink, grid] = colors(canvas, ['--quiet', '--line']);
  const chart = new library.Chart(canvas, scale, ink, grid);
  chart.axis(logSteps, Float64Array.from(marks));
  for (const { steps, values, color, width } of lines) {
    chart.add(Float64Array.from(steps), Float64Array.from(values), color, width);
  }
  chart[method]();
  chart.free();
}

/** The style sheet's colours as 0xRRGGBB. @param {HTMLElement} root @param {string[]} names */
export function colors(root, names) {
  const style = getComputedStyle(root);
  return names.map((name) => parseInt(style.getPropertyValue(name).trim().slice(1), 16));
}
