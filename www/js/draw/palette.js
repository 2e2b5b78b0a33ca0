// Colours of symbols: a circle of hues without a seam, every one of them dark enough on light paper
// and light enough on dark paper.

/** The circle of OKLCH: lightness and its swing, chroma, and the hue of the first symbol in radians. */
const LIGHTNESS = 0.585;
const SWING = 0.055;
const CHROMA = 0.125;
const FIRST_HUE = 0.6;

/**
 * One colour per symbol, as ImageData has them: 0xAABBGGRR.
 * @param {number} n How many symbols there are.
 * @param {ArrayLike<number>} [order] Place of each symbol on the circle; by default its own.
 * @returns {Uint32Array}
 */
export function palette(n, order) {
  return Uint32Array.from({ length: n }, (_, symbol) => {
    const turn = (2 * Math.PI * (order?.[symbol] ?? symbol)) / n;
    const [red, green, blue] = fromOklch(LIGHTNESS + SWING * Math.sin(turn), CHROMA, turn + FIRST_HUE);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/** The same for style sheets and for files that old programs read. @param {number} n @param {ArrayLike<number>} [order] @returns {string[]} */
export const cssPalette = (n, order) =>
  Array.from(palette(n, order), (color) => {
    const rgb = ((color & 255) << 16) | (color & 0xff00) | ((color >> 16) & 255);
    return `#${rgb.toString(16).padStart(6, '0')}`;
  });

/**
 * Bytes of sRGB (Ottosson 2020).
 * @param {number} lightness 0 to 1 @param {number} chroma @param {number} hue In radians.
 */
function fromOklch(lightness, chroma, hue) {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((linear) => {
    const light = Math.min(Math.max(linear, 0), 1);
    return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
  });
}

/** A style sheet's #RRGGBB as ImageData has it. @param {string} color */
export function abgr(color) {
  const rgb = parseInt(color.trim().slice(1), 16);
  return ((255 << 24) | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}

/** The style sheet's colours as 0xRRGGBB. @param {HTMLElement} root @param {string[]} names */
export function colors(root, names) {
  const style = getComputedStyle(root);
  return names.map((name) => parseInt(style.getPropertyValue(name).trim().slice(1), 16));
}
