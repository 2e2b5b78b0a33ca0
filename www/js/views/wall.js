// Every neuron of a layer as a small picture over the table, coloured by the wave that it is tuned to.

import { changes } from '../draw/changes.js';
import { element, keyed, write } from '../draw/dom.js';
import { watchFigure } from '../draw/figure.js';
import { createHint } from '../draw/hint.js';
import { savable } from '../draw/pictures.js';
import { tag } from '../draw/svg.js';
import { colorOf, tintsOf } from '../draw/tints.js';
import { drawWall, frame, layoutOf, neighbour, pictureAt } from '../draw/wall.js';
import { axisOf, clusters, colorsOf, insideAt, isTuned, picturesAt } from '../run/inside.js';
import * as text from '../text/inside.js';

/** @typedef {import('../run/inside.js').Pictured} Pictured */

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'look' | 'trainYours' | 'leave'>} actions
 */
export function create(root, actions) {
  const how = element('p', {});
  const layers = element('select', { onchange: () => actions.look({ layer: Number(layers.value), neuron: null }) });
  const choice = element('p', { className: 'row', hidden: true }, element('label', {}, `${text.LAYER} `, layers));
  const sentence = element('p', { 'aria-live': 'polite' });
  const bar = element('div', { className: 'shares', role: 'img' });
  const key = element('ul', { className: 'waves' });
  const canvas = element('canvas', { tabIndex: 0, role: 'application' });
  const frameOf = element('div', { className: 'wall' }, canvas);
  const readout = element('p', { className: 'quiet', role: 'status' });
  const note = element('p', { className: 'quiet' });
  const body = element('div', { hidden: true });
  root.append(how, choice, sentence, body);
  const hint = createHint(root, text.LIVE, () => (state?.live && state.live.step > 0 ? actions.leave() : actions.trainYours()));
  /** What is on the canvas. @type {Pictured | null} */
  let drawn = null;
  const save = savable(canvas, {
    title: () => (drawn ? text.wallTitle(drawn.step, drawn.inside.neurons.length) : ''),
    name: 'neurons',
    ofRun: true,
    async draw() {
      if (!drawn || !layout) return null;
      paint(true);
      const [width, height] = [canvas.width / layout.ratio, canvas.height / layout.ratio];
      const image = tag('image', { href: canvas.toDataURL(), width, height, 'image-rendering': 'pixelated' });
      paint();
      return { width, height, content: image };
    },
    csv: () => drawn && { head: text.CSV_HEAD, rows: rowsOf(drawn) },
  });
  body.append(bar, key, element('div', { className: 'chart-head' }, readout, save), frameOf, note);

  /** @type {import('../run/state.js').State | null} */
  let state = null;
  /** @type {import('../draw/wall.js').Layout | null} */
  let layout = null;
  /** The place of the keyboard, and whether it is there. */
  let cursor = 0;
  let focused = false;
  let wasOpen = false;
  /** @type {number | null} */
  let pointed = null;

  const placeOf = (/** @type {PointerEvent | MouseEvent} */ event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return layout && drawn ? pictureAt(layout, drawn.inside.neurons.length, event.clientX - left, event.clientY - top) : -1;
  };
  const open = (/** @type {number} */ at) => {
    const tuning = drawn?.inside.neurons[at];
    if (state && tuning) actions.look({ ...state.look, neuron: tuning.neuron });
  };
  canvas.addEventListener('pointermove', (event) => point(placeOf(event)));
  canvas.addEventListener('pointerleave', () => point(-1));
  canvas.addEventListener('click', (event) => {
    const at = placeOf(event);
    if (at < 0) return;
    cursor = at;
    open(at);
    paint();
  });
  canvas.addEventListener('focus', () => {
    focused = canvas.matches(':focus-visible');
    paint();
  });
  canvas.addEventListener('blur', () => {
    focused = false;
    paint();
  });
  canvas.addEventListener('keydown', (event) => {
    if (!layout || !drawn) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open(cursor);
      return;
    }
    const next = neighbour(layout, drawn.inside.neurons.length, cursor, event.key);
    if (next === null) return;
    event.preventDefault();
    [cursor, focused] = [next, true];
    paint();
  });

  /** @param {number} at */
  function point(at) {
    const next = at < 0 ? null : at;
    if (next === pointed) return;
    pointed = next;
    paint();
  }

  const painted = changes();
  const framed = changes();
  /** The wall without frames. @type {ImageData | null} */
  let image = null;
  /** @param {boolean} [plain] Without what is pointed at or open. */
  function paint(plain = false) {
    const started = state?.run.started;
    const { box } = watched;
    if (!state || !started || !box || !drawn) return;
    const { inside: { neurons }, pictures, inside } = drawn;
    const slots = colorsOf(state.run.frames, state.look.layer);
    const open = plain ? -1 : neurons.findIndex(({ neuron }) => neuron === state?.look.neuron);
    cursor = Math.min(cursor, neurons.length - 1);
    const marked = focused ? cursor : pointed;
    const at = plain || marked === null || marked >= neurons.length ? null : marked;
    const told = at === null ? text.POINT : text.neuron(started, inside, neurons[at]);
    write(readout, told);
    canvas.setAttribute('aria-label', at === null || !focused ? text.wallLabel(neurons.length) : told);
    const size = started.symbols.length;
    const isOther = painted(started, pictures, inside, box.width, box.ratio, box.paper, [...slots].join());
    if (!framed(plain, open, at) && !isOther) return;
    const tints = tintsOf(root, slots);
    // What is pointed at changes more often than the pictures.
    if (!isOther && image) canvas.getContext('2d')?.putImageData(image, 0, 0);
    else {
      layout = layoutOf(neurons.length, size, box.width, box.ratio);
      const wall = { pictures, count: neurons.length, size, axis: axisOf(started) };
      image = drawWall(canvas, wall, layout, (place) => tints.of(isTuned(neurons[place]) ? neurons[place].wave : null));
      write(note, text.cropped(layout.cells, size));
    }
    if (!layout) return;
    if (open >= 0) frame(canvas, layout, open, tints.ink);
    if (at !== null && at !== open) frame(canvas, layout, at, getComputedStyle(root).getPropertyValue('--focus'));
  }
  const watched = watchFigure(frameOf, paint);

  const listed = changes();
  const offered = changes();

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      const { run, look } = next;
      const { started, recording, status } = run;
      const shown = started && !recording ? insideAt(run, look.layer) : null;
      const kept = shown ? picturesAt(run, look.layer) : null;
      hint.show(shown || !started ? null : { text: recording ? text.OF_RECORDING : text.WAITING, offers: recording !== null });
      body.hidden = !kept;
      choice.hidden = !shown || shown.inside.layers < 2;
      how.hidden = sentence.hidden = !shown;
      drawn = kept;
      if (!started || !shown || !kept) return;
      const { inside } = shown;
      write(how, text.look(started, inside.waves.length > 0));
      // While it trains the text changes all the time; a screen reader would never end.
      sentence.ariaLive = readout.ariaLive = status === 'running' ? 'off' : 'polite';
      write(sentence, [text.summary(started, shown.step, inside), text.otherStep(kept.step, shown.step)].filter(Boolean).join(' '));
      if (offered(inside.layers)) {
        layers.replaceChildren(...Array.from({ length: inside.layers }, (_, layer) =>
          element('option', { value: String(layer) }, text.layerName(layer))));
      }
      layers.value = String(inside.layer);
      // A neuron that is closed gives the focus back.
      const from = root.ownerDocument.activeElement;
      if (wasOpen && look.neuron === null && from?.closest('.neuron')) canvas.focus({ preventScroll: true });
      wasOpen = look.neuron !== null;
      list(started, inside, run.frames);
      paint();
    },
    destroy() {
      watched.end();
      root.replaceChildren();
    },
  };

  /**
   * The bar of the waves, which is their legend.
   * @param {import('../worker/protocol.js').Started} started @param {import('../worker/protocol.js').Inside} inside
   * @param {import('../run/frames.js').Frame[]} frames
   */
  function list(started, inside, frames) {
    const slots = colorsOf(frames, inside.layer);
    if (!listed(started, inside, [...slots].join())) return;
    const rest = { wave: null, name: text.UNTUNED, neurons: inside.neurons.length - inside.tuned };
    const parts = [...clusters(inside), rest].filter(({ neurons }) => neurons > 0);
    bar.setAttribute('aria-label', `${text.PER_WAVE}. ${text.perWave(started, inside)}`);
    keyed(bar, parts, ({ wave }) => wave, () => element('i', {}), (node, { wave, neurons }) => {
      node.style.flexGrow = String(neurons);
      node.style.background = colorOf(slots, wave);
    });
    keyed(key, parts, ({ wave }) => wave, () => element('li', {}, element('i', {}), element('span', {}), element('b', {})), (node, { wave, name, neurons }) => {
      const [mark, label, count] = /** @type {HTMLElement[]} */ (/** @type {unknown} */ (node.children));
      mark.style.background = colorOf(slots, wave);
      write(label, wave === null ? name : text.waveName(started, name));
      write(count, String(neurons));
    });
  }
}

/** The tunings as a table, in the order of the wall. @param {Pictured} pictured */
const rowsOf = ({ inside: { layer, neurons, waves } }) => neurons.map((tuning, place) => {
  const { neuron, wave, share, low, high } = tuning;
  return [layer, place, neuron, wave === null ? null : waves[wave], share, isTuned(tuning), low, high];
});
