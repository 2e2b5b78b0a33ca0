// What every drawing must know of its place on the page, in one wrapper.

/**
 * @typedef {object} Box
 * @property {number} width In CSS pixels.
 * @property {number} height In CSS pixels.
 * @property {number} ratio Device pixels per CSS pixel.
 * @property {string} paper Its colour, and with it every other's.
 */

/** Pixels of a printer per CSS pixel. */
const PRINT_RATIO = 3;
/** Told to a document whose theme is another. */
export const THEME = 'themechange';

/**
 * Knows the box of an element, and calls `draw` as soon as it is seen and again whenever its size, the colour
 * scheme or the pixel ratio change. What is closed is not drawn, nor what is far from the screen unless it is
 * printed: its box is null.
 * @param {HTMLElement} element @param {() => void} draw
 * @returns {{ readonly box: Box | null, end: () => void }} The box is another where anything in it is.
 */
export function watchFigure(element, draw) {
  const ended = new AbortController();
  const { signal } = ended;
  const print = matchMedia('print');
  let seen = false;
  /** As it was last. @type {Box | null} */
  let known = null;
  /** @type {Box | null} */
  let box = null;

  const look = () => {
    const { clientWidth: width, clientHeight: height } = element;
    if (!(seen || print.matches) || width === 0 || height === 0) return;
    const ratio = Math.max(window.devicePixelRatio || 1, print.matches ? PRINT_RATIO : 0);
    const next = { width, height, ratio, paper: getComputedStyle(element).getPropertyValue('--paper') };
    if (!known || Object.values(known).join(' ') !== Object.values(next).join(' ')) known = next;
    if (box === known) return;
    box = known;
    draw();
  };
  const sight = new IntersectionObserver(
    (entries) => {
      seen = entries[entries.length - 1].isIntersecting;
      if (seen) look();
      else box = null;
    },
    { rootMargin: '200px' },
  );
  const size = new ResizeObserver(look);
  // Zooming changes the ratio alone where the box is as wide as before in CSS pixels.
  const watchRatio = () => {
    if (signal.aborted) return;
    const ratio = matchMedia(`(resolution: ${window.devicePixelRatio || 1}dppx)`);
    ratio.addEventListener('change', () => (look(), watchRatio()), { once: true, signal });
  };

  sight.observe(element);
  size.observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look, { signal });
  print.addEventListener('change', look, { signal });
  element.ownerDocument.addEventListener(THEME, look, { signal });
  watchRatio();
  return {
    get box() {
      return box;
    },
    end() {
      ended.abort();
      sight.disconnect();
      size.disconnect();
    },
  };
}
