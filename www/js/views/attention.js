// Where the heads of a layer look from `=`, over the table.

import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { watchFigure } from '../draw/figure.js';
import { drawHeat } from '../draw/heat.js';
import { savable } from '../draw/pictures.js';
import { stops as stopsOf } from '../draw/ramp.js';
import { MIDDLE, tag, words } from '../draw/svg.js';
import { tintsOf } from '../draw/tints.js';
import { axisOf, meanAttention, picturesAt } from '../run/inside.js';
import * as text from '../text/inside.js';

const SIZE = 13;

/** @param {HTMLElement} root */
export function create(root) {
  const scale = element('i', {});
  const legend = element('p', { className: 'scale', 'aria-hidden': 'true' }, text.NONE_ALL[0], scale, text.NONE_ALL[1]);
  const how = element('p', {});
  const list = element('div', { className: 'looks' });
  const save = savable(list, {
    title: () => (kept ? text.attentionTitle(kept.step) : ''), name: 'attention', ofRun: true, draw: async () => drawing(),
  });
  const body = element('div', { hidden: true },
    element('div', { className: 'figure-head' }, element('h4', {}, text.ATTENTION), save),
    how, legend, list);
  root.append(body);
  /** @type {import('../run/state.js').State | null} */
  let state = null;
  /** @type {import('../run/inside.js').Pictured | null} */
  let kept = null;
  const painted = changes();
  const listed = changes();
  const grouped = changes();
  /** One a picture. @type {{ head: number, position: number, label: string, mean: string }[]} */
  let looks = [];

  function paint() {
    const started = state?.run.started;
    const first = list.querySelector('canvas');
    const { box } = watched;
    if (!started || !kept || !box || !first) return;
    if (!painted(started, kept.pictures, box.width, box.ratio, box.paper, looks.length)) return;
    const { inside: { neurons }, pictures } = kept;
    const size = started.symbols.length;
    const axis = axisOf(started);
    const colors = tintsOf(root, new Map()).attention;
    scale.style.background = `linear-gradient(to right, ${stopsOf(colors)})`;
    const pixels = first.clientWidth * box.ratio;
    [...list.querySelectorAll('canvas')].forEach((canvas, at) => {
      const from = (neurons.length + at) * size * size;
      drawHeat(canvas, { bytes: pictures.subarray(from, from + size * size), size, axis }, pixels, colors);
    });
  }
  const watched = watchFigure(list, paint);

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      const { run } = next;
      const { started } = run;
      kept = started && !run.recording ? picturesAt(run, next.look.layer) : null;
      body.hidden = !kept;
      if (!started || !kept) return;
      write(how, text.attentionHow(Number(run.settings.attentionRate)));
      const { inside: { positions, heads }, pictures } = kept;
      if (listed(pictures, started)) {
        const signs = text.signs(positions);
        looks = meanAttention(kept, started.symbols.length).flatMap((means, head) => means.map((mean, position) =>
          ({ head, position, label: text.lookLabel(head, signs[position], mean), mean: text.share(mean) })));
        if (grouped(positions, looks.length)) {
          list.replaceChildren(...Array.from({ length: heads }, (_, head) => element('section', {},
            element('h5', {}, text.headName(head)),
            ...signs.map((sign) => element('figure', {},
              element('canvas', { role: 'img' }), element('figcaption', {}, element('span', {}, sign), element('b', {})))))));
        }
        [...list.querySelectorAll('figure')].forEach((figure, at) => {
          figure.querySelector('canvas')?.setAttribute('aria-label', looks[at].label);
          write(/** @type {HTMLElement} */ (figure.querySelector('b')), looks[at].mean);
        });
      }
      paint();
    },
    destroy() {
      watched.end();
      root.replaceChildren();
    },
  };

  /** All of them as one picture. */
  function drawing() {
    const canvases = [...list.querySelectorAll('canvas')];
    if (!kept || !watched.box || canvases.length === 0) return null;
    const { inside: { positions } } = kept;
    const ink = getComputedStyle(root).getPropertyValue('--ink').trim();
    const side = 120;
    const [across, down] = [side + 16, side + 2 * SIZE];
    const content = canvases.map((canvas, at) => {
      const { head, position, mean } = looks[at];
      const [left, top] = [(at % positions) * across, Math.floor(at / positions) * down];
      const name = `${text.headName(head)} → ${text.signs(positions)[position]}: ${mean}`;
      return tag('image', { href: canvas.toDataURL(), x: left, y: top, width: side, height: side, 'image-rendering': 'pixelated' })
        + words(name, { x: left, y: top + side + SIZE * (0.7 + MIDDLE), 'font-size': SIZE, fill: ink });
    });
    return { width: positions * across - 16, height: down * Math.ceil(canvases.length / positions), content: content.join('') };
  }
}
