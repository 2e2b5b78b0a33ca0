// Many small pictures over the table on one canvas, in rows from the left.
//
// A picture that has no room for a pixel a cell shows the corner of the table: fewer pixels than cells would make
// stripes of other widths than there are.

/**
 * @typedef {object} Layout In device pixels, `ratio` of them per CSS pixel.
 * @property {number} columns
 * @property {number} rows
 * @property {number} pitch From one picture to the next.
 * @property {number} cells Of the table along a side of a picture,
 * @property {number} zoom and the pixels of each.
 * @property {number} ratio
 */

/** Sides of a small picture, in CSS pixels. */
const SIDE_MIN = 24;
const SIDE_MAX = 64;
const GAP = 2;
/** Share of a picture's side that its cells must fill. */
const FILLED = 0.7;

/**
 * Cells along a side that a small picture shows, and the pixels of each.
 * @param {number} size Of the table. @param {number} side Of the picture, in pixels.
 */
export function cropOf(size, side) {
  const whole = Math.floor(side / size);
  const zoom = whole * size >= FILLED * side ? whole : Math.ceil(side / size);
  return { zoom, cells: Math.min(size, Math.floor(side / zoom)) };
}

/**
 * @param {number} count Pictures. @param {number} size Of the table. @param {number} width That there is, in CSS pixels.
 * @param {number} ratio Device pixels per CSS pixel. @param {number} [least] Side of one, in CSS pixels. @returns {Layout}
 */
export function layoutOf(count, size, width, ratio, least = SIDE_MIN) {
  const side = Math.sqrt((width * Math.max(300, 0.45 * width)) / Math.max(count, 1));
  const columns = Math.max(1, Math.min(Math.floor(width / Math.min(Math.max(side, least), SIDE_MAX)), count));
  const pitch = Math.floor(Math.min(width / columns, SIDE_MAX) * ratio);
  return { columns, rows: Math.ceil(count / columns), pitch, ratio, ...cropOf(size, pitch - Math.round(GAP * ratio)) };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ pictures: Uint8Array, count: number, size: number, axis: number[] }} wall `axis` has the symbols along an axis.
 * @param {Layout} layout @param {(at: number) => Uint32Array} rampOf Colours of a picture's bytes.
 */
export function drawWall(canvas, { pictures, count, size, axis }, layout, rampOf) {
  const { columns, rows, pitch, cells, zoom, ratio } = layout;
  const [width, height] = [columns * pitch, rows * pitch];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  Object.assign(canvas.style, { width: `${width / ratio}px`, height: `${height / ratio}px` });
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let at = 0; at < count; at += 1) {
    const colors = rampOf(at);
    const left = (at % columns) * pitch;
    const top = Math.floor(at / columns) * pitch;
    for (let row = 0; row < cells; row += 1) {
      const from = (at * size + axis[row]) * size;
      let pixel = (top + row * zoom) * width + left;
      const first = pixel;
      for (let column = 0; column < cells; column += 1) {
        const color = colors[pictures[from + axis[column]]];
        for (let copy = 0; copy < zoom; copy += 1) pixels[pixel++] = color;
      }
      for (let copy = 1; copy < zoom; copy += 1) pixels.copyWithin(first + copy * width, first, first + cells * zoom);
    }
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return image;
}

/** A frame around one picture. @param {HTMLCanvasElement} canvas @param {Layout} layout @param {number} at @param {string} color */
export function frame(canvas, { columns, pitch, cells, zoom, ratio }, at, color) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const thick = Math.max(1, Math.round(2 * ratio));
  context.strokeStyle = color;
  context.lineWidth = thick;
  const [left, top] = [at % columns, Math.floor(at / columns)].map((place) => Math.max(place * pitch - thick / 2, thick / 2));
  context.strokeRect(left, top, cells * zoom + thick, cells * zoom + thick);
}

/** The picture at a place of the canvas, in CSS pixels, or -1. @param {Layout} layout @param {number} count @param {number} x @param {number} y */
export function pictureAt({ columns, pitch, ratio }, count, x, y) {
  const [column, row] = [x, y].map((place) => Math.floor((place * ratio) / pitch));
  const at = row * columns + column;
  return column >= 0 && column < columns && row >= 0 && at < count ? at : -1;
}

/** The picture that a key leads to from another. @param {Layout} layout @param {number} count @param {number} at @param {string} key */
export function neighbour({ columns }, count, at, key) {
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at, End: count - 1 - at };
  const move = moves[/** @type {keyof typeof moves} */ (key)];
  if (move === undefined) return null;
  const next = at + move;
  return next >= 0 && next < count ? next : at;
}
