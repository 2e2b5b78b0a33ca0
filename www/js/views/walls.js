// The neurons before and after, side by side: the first step of which pictures are kept, and the one that is shown.

import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { watchFigure } from '../draw/figure.js';
import { savable } from '../draw/pictures.js';
import { MIDDLE, lines, tag, words } from '../draw/svg.js';
import { tintsOf } from '../draw/tints.js';
import { drawWall, layoutOf } from '../draw/wall.js';
import { axisOf, colorsOf, isTuned, pictured, picturesAt } from '../run/inside.js';
import * as text from '../text/inside.js';

/** Side of a picture, in CSS pixels. */
const SIDE_MIN = 14;
const SIZE = 13;

/** @param {HTMLElement} root */
export function create(root) {
  const sides = [true, false].map((isFirst, at) => {
    const canvas = element('canvas', { role: 'img' });
    const frame = element('div', { className: 'wall' }, canvas);
    const head = element('h5', {});
    const numbers = element('p', { className: 'quiet' });
    return {
      isFirst, canvas, frame, head, numbers, painted: changes(),
      node: element('div', {}, head, numbers, frame),
      watched: watchFigure(frame, () => paint(at)),
      kept: /** @type {import('../run/inside.js').Pictured | null} */ (null),
    };
  });
  const pair = element('div', { className: 'pair' }, ...sides.map(({ node }) => node));
  const save = savable(pair, {
    title: () => text.wallsTitle(sides.flatMap(({ kept }) => (kept ? [kept.step] : []))),
    name: 'neurons-before-after',
    ofRun: true,
    draw: async () => drawing(),
  });
  const one = element('p', { className: 'quiet' });
  const body = element('div', { hidden: true },
    element('div', { className: 'figure-head' }, element('h4', {}, text.WALLS), save), one, pair);
  root.append(body);
  /** @type {import('../run/state.js').State | null} */
  let state = null;

  /** @param {number} at Of the two. */
  function paint(at) {
    const { canvas, kept, watched: { box }, painted } = sides[at];
    const started = state?.run.started;
    if (!state || !started || !box || !kept) return;
    const slots = colorsOf(state.run.frames, state.look.layer);
    if (!painted(started, kept.pictures, box.width, box.ratio, box.paper, [...slots].join())) return;
    const { inside: { neurons }, pictures } = kept;
    const tints = tintsOf(root, slots);
    const size = started.symbols.length;
    const wall = { pictures, count: neurons.length, size, axis: axisOf(started) };
    drawWall(canvas, wall, layoutOf(neurons.length, size, box.width, box.ratio, SIDE_MIN), (at) => tints.of(isTuned(neurons[at]) ? neurons[at].wave : null));
  }

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      const { run, look: { layer } } = next;
      const { started } = run;
      const shown = started && !run.recording ? picturesAt(run, layer) : null;
      body.hidden = !shown;
      if (!started || !shown) return;
      const first = pictured(run.frames, layer)[0];
      const isOne = first.step === shown.step;
      one.hidden = !isOne;
      write(one, run.carried ? text.OTHER_STEP : text.ONE_STEP);
      pair.hidden = save.hidden = isOne;
      for (const [at, side] of sides.entries()) {
        const kept = side.isFirst ? first : shown;
        side.kept = isOne ? null : kept;
        if (isOne) continue;
        write(side.head, text.wallHead(kept.step, side.isFirst));
        write(side.numbers, text.threeNumbers(started, kept.inside));
        side.canvas.setAttribute('aria-label', `${text.wallTitle(kept.step, kept.inside.neurons.length)}. ${text.threeNumbers(started, kept.inside)}`);
        paint(at);
      }
    },
    destroy() {
      for (const { watched } of sides) watched.end();
      root.replaceChildren();
    },
  };

  /** Both as one picture, with their numbers. */
  function drawing() {
    const started = state?.run.started;
    const all = sides.flatMap(({ canvas, kept, watched: { box }, isFirst }) => (kept && box ? [{ canvas, kept, box, isFirst }] : []));
    if (!started || all.length < 2) return null;
    const style = getComputedStyle(root);
    const [ink, quiet] = ['--ink', '--quiet'].map((name) => style.getPropertyValue(name).trim());
    const gap = 24;
    const parts = all.map(({ canvas, kept, box: { ratio }, isFirst }) => {
      const [width, height] = [canvas.width / ratio, canvas.height / ratio];
      return { width, height, href: canvas.toDataURL(), head: text.wallHead(kept.step, isFirst), said: lines(text.threeNumbers(started, kept.inside), width, SIZE) };
    });
    const top = SIZE * (2.2 + 1.4 * Math.max(...parts.map(({ said }) => said.length)));
    let left = 0;
    const content = parts.map(({ width, height, href, head, said }) => {
      const part = tag('g', { transform: `translate(${left} 0)` }, [
        words(head, { y: (0.5 + MIDDLE) * SIZE, 'font-size': SIZE, 'font-weight': 'bold', fill: ink }),
        ...said.map((line, at) => words(line, { y: SIZE * (2 + 1.4 * at), 'font-size': SIZE, fill: quiet })),
        tag('image', { href, y: top, width, height, 'image-rendering': 'pixelated' }),
      ].join(''));
      left += width + gap;
      return part;
    });
    return { width: left - gap, height: top + Math.max(...parts.map(({ height }) => height)), content: content.join('') };
  }
}
