// The symbols as points: rows of the embedding in the plane of the strongest frequency, each joined to the
// one that follows it on the ring.

import { changes } from '../draw/changes.js';
import { cssPalette } from '../draw/palette.js';
import { shown } from '../run/frames.js';
import { picture as pictured } from '../text/points.js';
import { set, svg } from './svg.js';

/** Half of the picture's side that points fill. */
const REACH = 88;
/** Radius of a point with its symbol in it. */
const RADIUS = 5.6;

/** @typedef {import('../run/run.js').Run} Run */

/** @param {HTMLElement} root */
export function createRing(root) {
  const path = svg('path', {});
  const points = svg('g', {});
  const picture = svg('svg', { viewBox: '-100 -100 200 200', role: 'img' }, path, points);
  root.replaceChildren(picture);
  root.className = 'story-figure of-ring';
  const begun = changes();
  const changed = changes();
  /** @type {SVGGElement[]} */
  let dots = [];
  /** One scale for all of time, so that what grows is seen to grow. */
  let scale = 1;
  /** Places of the symbols on the ring of the end. @type {number[]} */
  let order = [];

  /** @param {Run} run */
  function begin({ started, frames }) {
    if (!started) return;
    const { symbols } = started;
    const colors = cssPalette(symbols.length, started.order);
    dots = symbols.map((symbol, at) => svg('g', {},
      svg('circle', { r: RADIUS, fill: colors[at] }), svg('text', { dy: '0.35em' }, symbol)));
    points.replaceChildren(...dots);
    const all = frames.flatMap(({ inspected }) => Array.from(inspected?.points ?? [], Math.abs));
    scale = REACH / Math.max(...all, 1e-9);
    order = ringOf(symbols.length, frames.at(-1)?.inspected?.fourier?.stride ?? null);
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run }) {
      const { started, frames } = run;
      if (!started || frames.length === 0) return;
      if (begun(started, frames)) begin(run);
      const { inspected } = shown(run);
      const xy = inspected?.points;
      if (!xy || xy.length !== 2 * dots.length || !changed(xy)) return;
      const place = (/** @type {number} */ at) => [scale * xy[2 * at], -scale * xy[2 * at + 1]];
      dots.forEach((dot, at) => {
        const [x, y] = place(at);
        dot.style.transform = `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px)`;
      });
      set(path, { d: order.length ? `M ${order.map((at) => place(at).map((value) => value.toFixed(1)).join(' ')).join(' L ')} Z` : '' });
      picture.setAttribute('aria-label', pictured(dots.length, inspected.watch.points ?? ['embedding', 'fourier'], inspected.step));
    },
    destroy() {
      root.replaceChildren();
    },
  };
}

/** The symbols in the order of a ring, each `stride` further than the one before. @param {number} n @param {number | null} stride */
export const ringOf = (n, stride) => (stride === null ? [] : Array.from({ length: n }, (_, at) => (at * stride) % n));
