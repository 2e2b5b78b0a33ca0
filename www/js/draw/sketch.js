// Small pictures for cards: a few strokes, from numbers that are there anyway.

/**
 * @typedef {object} Paper
 * @property {number} width In CSS pixels.
 * @property {number} height
 * @property {(name: string) => string} color The style sheet's.
 * @property {string} ink
 * @property {string} strong
 * @property {string} faint
 */

/** Flags along the side of a square, at most: more are smaller than pixels. */
const FLAGS_MAX = 40;

/**
 * @param {HTMLCanvasElement} canvas @param {import('./figure.js').Box} box
 * @param {(context: CanvasRenderingContext2D, paper: Paper) => void} draw In CSS pixels.
 */
export function sketch(canvas, { width, height, ratio }, draw) {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(ratio, ratio);
  context.lineWidth = 2;
  context.lineJoin = 'round';
  const style = getComputedStyle(canvas);
  const color = (/** @type {string} */ name) => style.getPropertyValue(name);
  draw(context, { width, height, color, ink: color('--train'), strong: color('--held-out'), faint: color('--line') });
}

/**
 * A line through numbers, from left to right.
 * @param {CanvasRenderingContext2D} context @param {Paper} paper @param {number[]} values
 * @param {string} color @param {[number, number]} [range] By default that of the values.
 */
export function line(context, { width, height }, values, color, range) {
  const seen = values.filter(Number.isFinite);
  if (seen.length < 2) return;
  const [low, high] = range ?? [Math.min(...seen), Math.max(...seen)];
  context.strokeStyle = color;
  context.beginPath();
  seen.forEach((value, at) => {
    const x = 2 + (at / (seen.length - 1)) * (width - 4);
    context.lineTo(x, height - 3 - ((value - low) / Math.max(high - low, 1e-9)) * (height - 6));
  });
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Paper} paper @param {number[]} values @param {number} strongFrom Share of the highest. */
export function bars(context, { width, height, ink, strong }, values, strongFrom) {
  const highest = Math.max(...values, 1e-9);
  values.forEach((value, at) => {
    const side = width / values.length;
    const length = Math.max(1, (Math.max(value, 0) / highest) * (height - 2));
    context.fillStyle = value >= strongFrom * highest ? strong : ink;
    context.fillRect(at * side, height - length, Math.max(1, side - 1), length);
  });
}

/**
 * Points in the whole picture, or in a square at its left.
 * @param {CanvasRenderingContext2D} context @param {Paper} paper @param {[number, number][]} points Between 0 and 1.
 * @param {string[]} colors @param {boolean} [isSquare]
 */
export function dots(context, { width, height }, points, colors, isSquare = false) {
  const across = isSquare ? Math.min(width, height) : width;
  points.forEach(([x, y], at) => {
    context.fillStyle = colors[at % colors.length];
    context.beginPath();
    context.arc(4 + x * (across - 8), 4 + y * (height - 8), 2.5, 0, 2 * Math.PI);
    context.fill();
  });
}

/**
 * Squares of flags, from left to right.
 * @param {CanvasRenderingContext2D} context @param {Paper} paper @param {ArrayLike<number | boolean>[]} squares Row-major.
 */
export function flags(context, { width, height, faint, strong }, squares) {
  const length = Math.min(height, width / Math.max(squares.length, 1) - 6);
  squares.forEach((square, nth) => {
    const size = Math.round(Math.sqrt(square.length));
    const count = Math.min(size, FLAGS_MAX);
    const [left, side] = [nth * (length + 6), length / count];
    const from = (/** @type {number} */ at) => Math.floor((at * size) / count);
    context.fillStyle = faint;
    context.fillRect(left, 0, length, length);
    context.fillStyle = strong;
    for (let y = 0; y < count; y += 1) {
      for (let x = 0; x < count; x += 1) {
        if (!square[from(y) * size + from(x)]) continue;
        // Whole pixels: without seams.
        const [x0, y0] = [Math.round(left + x * side), Math.round(y * side)];
        context.fillRect(x0, y0, Math.round(left + (x + 1) * side) - x0, Math.round((y + 1) * side) - y0);
      }
    }
  });
}

/** Controls that slide. @param {CanvasRenderingContext2D} context @param {Paper} paper @param {number[]} shares */
export function sliders(context, { width, height, faint, strong }, shares) {
  shares.forEach((share, at) => {
    const y = ((at + 0.5) * height) / shares.length;
    context.strokeStyle = faint;
    context.beginPath();
    context.moveTo(5, y);
    context.lineTo(width - 5, y);
    context.stroke();
    context.fillStyle = strong;
    context.beginPath();
    context.arc(5 + Math.min(Math.max(share, 0), 1) * (width - 10), y, 5, 0, 2 * Math.PI);
    context.fill();
  });
}

/** The two axes of a chart. @param {CanvasRenderingContext2D} context @param {Paper} paper */
export function axes(context, { width, height, faint }) {
  context.strokeStyle = faint;
  context.beginPath();
  context.moveTo(1, 0);
  context.lineTo(1, height - 1);
  context.lineTo(width, height - 1);
  context.stroke();
}

/**
 * Hands of a clock at the left, in radians from the top; the last one is the one to look at.
 * @param {CanvasRenderingContext2D} context @param {Paper} paper @param {number[]} turns @param {number} last
 */
export function hands(context, { width, height, ink, strong }, turns, last) {
  const middle = Math.min(width, height) / 2;
  for (const turn of [...turns, last]) {
    context.strokeStyle = turn === last ? strong : ink;
    context.beginPath();
    context.moveTo(middle, middle);
    context.lineTo(middle + 0.7 * middle * Math.sin(turn), middle - 0.7 * middle * Math.cos(turn));
    context.stroke();
  }
}
