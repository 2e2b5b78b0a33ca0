// Small pictures for cards: a few strokes, from numbers that are there anyway.

/** @typedef {{ width: number, height: number, ink: string, strong: string }} Paper */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(context: CanvasRenderingContext2D, paper: Paper) => void} draw In CSS pixels.
 */
export function sketch(canvas, draw) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(ratio, ratio);
  context.lineWidth = 2;
  context.lineJoin = 'round';
  const style = getComputedStyle(canvas);
  draw(context, {
    width,
    height,
    ink: style.getPropertyValue('--train'),
    strong: style.getPropertyValue('--held-out'),
  });
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

/** @param {CanvasRenderingContext2D} context @param {Paper} paper @param {[number, number][]} points Between 0 and 1. @param {string[]} colors */
export function dots(context, { width, height }, points, colors) {
  const side = Math.min(width, height);
  points.forEach(([x, y], at) => {
    context.fillStyle = colors[at % colors.length];
    context.beginPath();
    context.arc(width / 2 + (x - 0.5) * (side - 8), height / 2 + (y - 0.5) * (side - 8), 2.5, 0, 2 * Math.PI);
    context.fill();
  });
}

/** A square of flags. @param {CanvasRenderingContext2D} context @param {Paper} paper @param {ArrayLike<number>} flags Row-major. */
export function flags(context, { width, height, ink, strong }, flags) {
  const size = Math.round(Math.sqrt(flags.length));
  const side = Math.min(width, height) / size;
  for (let at = 0; at < flags.length; at += 1) {
    context.fillStyle = flags[at] ? strong : ink;
    context.fillRect((at % size) * side, Math.floor(at / size) * side, Math.max(side - 0.3, 0.5), Math.max(side - 0.3, 0.5));
  }
}
