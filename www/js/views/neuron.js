// The neuron that is open: its picture over the table, what it reads and what it writes.

import { changes } from '../draw/changes.js';
import { createAxes, outline } from '../draw/cells.js';
import { element, write } from '../draw/dom.js';
import { watchFigure } from '../draw/figure.js';
import { drawHeat } from '../draw/heat.js';
import { savable } from '../draw/pictures.js';
import { createPlot } from '../draw/plot.js';
import { tag } from '../draw/svg.js';
import { tintsOf } from '../draw/tints.js';
import { axisOf, colorsOf, isTuned, openedAt, picturesAt } from '../run/inside.js';
import * as text from '../text/inside.js';

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'look' | 'cursor'>} actions
 */
export function create(root, actions) {
  const title = element('h4', { tabIndex: -1 });
  const shut = () => state && actions.look({ ...state.look, neuron: null });
  const close = element('button', { type: 'button', className: 'quiet', onclick: shut }, text.CLOSE);
  const canvas = element('canvas', { tabIndex: 0, role: 'application' });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const frame = element('div', { className: 'table-frame' }, canvas);
  const axes = createAxes(frame);
  const readout = element('p', { className: 'quiet', role: 'status' });
  const plots = element('div', {});
  const how = element('p', { className: 'quiet' });
  frame.prepend(savable(frame, {
    title: () => (state && kept && place >= 0 ? text.neuronPicture(kept.inside.neurons[place].neuron, kept.step) : ''),
    name: 'neuron',
    ofRun: true,
    async draw() {
      const { box } = watched;
      if (!box || place < 0) return null;
      paint(true);
      const content = tag('image', { href: canvas.toDataURL(), width: box.width, height: box.width, 'image-rendering': 'pixelated' });
      paint();
      return { width: box.width, height: box.width, content };
    },
  }));
  const body = element('div', { className: 'neuron', hidden: true },
    element('div', { className: 'figure-head' }, title, close),
    element('div', { className: 'beside' }, element('div', {}, frame, readout), element('div', {}, plots, how)));
  root.append(body);
  body.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    shut();
  });
  const heads = [text.INPUTS, text.EFFECTS].map((head) => element('h5', {}, head));
  plots.append(heads[0]);
  const inputs = createPlot(plots, 'inputs');
  plots.append(heads[1]);
  const effects = createPlot(plots, 'effects');

  /** @type {import('../run/state.js').State | null} */
  let state = null;
  /** @type {import('../run/inside.js').Pictured | null} */
  let kept = null;
  /** The place of the neuron on the wall. */
  let place = -1;
  /** @type {number[]} */
  let axis = [];

  /** The cell of the keyboard. @type {{ x: number, y: number } | null} */
  let cell = null;
  const read = (/** @type {typeof cell} */ next) => actions.cursor(next);
  const cellAt = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const at = (/** @type {number} */ share) => axis[Math.min(Math.max(Math.floor(share * axis.length), 0), axis.length - 1)];
    return { x: at((event.clientY - top) / height), y: at((event.clientX - left) / width) };
  };
  canvas.addEventListener('pointermove', (event) => read(cellAt(event)));
  canvas.addEventListener('pointerdown', (event) => {
    // Before the focus that follows, which reads the cell of the keyboard.
    cell = cellAt(event);
    read(cell);
  });
  canvas.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse' && root.ownerDocument.activeElement !== canvas) read(null);
  });
  canvas.addEventListener('focus', () => {
    cell ??= { x: axis[0], y: axis[0] };
    read(cell);
  });
  canvas.addEventListener('blur', () => read(null));
  canvas.addEventListener('keydown', (event) => {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (!move || !cell) return;
    event.preventDefault();
    const size = axis.length;
    const to = (/** @type {number} */ symbol, /** @type {number} */ by) => axis[(axis.indexOf(symbol) + by + size) % size];
    // At once: two presses can come before the next frame.
    cell = { x: to(cell.x, move[0]), y: to(cell.y, move[1]) };
    read(cell);
  });

  const painted = changes();
  const named = changes();
  /** @param {boolean} [plain] Without the cell that is pointed at. */
  function paint(plain = false) {
    const started = state?.run.started;
    const { box } = watched;
    if (!state || !started || !box || !kept || place < 0) return;
    const { inside: { neurons, layer }, pictures } = kept;
    const size = axis.length;
    const tuning = neurons[place];
    const slots = colorsOf(state.run.frames, layer);
    const { cursor } = state;
    const bytes = pictures.subarray(place * size * size, (place + 1) * size * size);
    const at = cursor && cursor.x < size && cursor.y < size ? cursor : null;
    if (at) {
      const byte = bytes[at.x * size + at.y];
      write(readout, text.activationAt(started, at, byte === 0 ? null : tuning.low + ((tuning.high - tuning.low) * (byte - 1)) / 254));
    } else write(readout, text.POINT_CELL);
    if (named(started)) axes.name(axis.map((symbol) => started.symbols[symbol]));
    if (!painted(plain, started, pictures, place, at, box.width, box.ratio, box.paper, [...slots].join())) return;
    const tints = tintsOf(root, slots);
    const edge = drawHeat(canvas, { bytes, size, axis }, box.width * box.ratio, tints.of(isTuned(tuning) ? tuning.wave : null));
    if (!at || plain) return;
    const [row, column] = [axis.indexOf(at.x), axis.indexOf(at.y)];
    outline(context, { x: [row, row], y: [column, column] }, edge, tints.ink);
  }
  const watched = watchFigure(canvas, paint);

  const opened = changes();
  let isFirst = true;

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      const { run, look: { layer, neuron } } = next;
      const { started } = run;
      kept = started && !run.recording && neuron !== null ? picturesAt(run, layer) : null;
      place = kept ? kept.inside.neurons.findIndex((tuning) => tuning.neuron === neuron) : -1;
      // One that was open before the figure is not come to.
      const isNew = opened(neuron, layer) && !isFirst;
      isFirst = false;
      body.hidden = place < 0;
      if (!started || !kept || neuron === null || place < 0) return;
      axis = axisOf(started);
      if (cell && Math.max(cell.x, cell.y) >= axis.length) cell = null;
      readout.ariaLive = run.status === 'running' ? 'off' : 'polite';
      write(title, text.neuron(started, kept.inside, kept.inside.neurons[place]));
      canvas.setAttribute('aria-label', text.neuronKeys(neuron));
      weigh(started, openedAt(run, layer, neuron));
      paint();
      if (!isNew) return;
      body.scrollIntoView({ block: 'nearest' });
      title.focus({ preventScroll: true });
    },
    destroy() {
      watched.end();
      inputs.destroy();
      effects.destroy();
      root.replaceChildren();
    },
  };

  /**
   * @param {import('../worker/protocol.js').Started} started
   * @param {ReturnType<typeof openedAt>} found
   */
  function weigh(started, found) {
    write(how, found ? text.weights(found.step, found.opened, axis.some((symbol, at) => symbol !== at)) : text.NO_WEIGHTS);
    const { inputs: reads = null, effects: writes = null } = found?.opened ?? {};
    inputs.element.hidden = heads[0].hidden = !reads;
    effects.element.hidden = heads[1].hidden = !writes;
    const ordered = orderOf(found?.opened ?? null, started, axis);
    if (reads) {
      inputs.draw({
        label: text.INPUTS, x: ordered.x, names: ordered.names, head: text.SYMBOL_HEAD,
        series: [{ label: text.AS_X, color: '--stroke-1', values: ordered.inputs[0] }, { label: text.AS_Y, color: '--stroke-2', values: ordered.inputs[1], dashed: true }],
      });
    }
    if (writes) {
      effects.draw({
        label: text.EFFECTS, x: ordered.x, names: ordered.names, head: text.SYMBOL_HEAD,
        series: [{ label: text.EFFECT, color: '--stroke-3', values: ordered.effects }],
      });
    }
  }
}

/** @type {WeakMap<object, ReturnType<typeof order>>} */
const orders = new WeakMap();
/** Weights along the axis of the table, once. @param {import('../worker/protocol.js').Opened | null} opened @param {import('../worker/protocol.js').Started} started @param {number[]} axis */
function orderOf(opened, started, axis) {
  if (!opened) return order({ neuron: 0, inputs: null, effects: null }, started, axis);
  const found = orders.get(opened) ?? order(opened, started, axis);
  orders.set(opened, found);
  return found;
}

/** @param {import('../worker/protocol.js').Opened} opened @param {import('../worker/protocol.js').Started} started @param {number[]} axis */
const order = ({ inputs, effects }, { symbols }, axis) => ({
  x: axis.map((_, at) => at),
  names: axis.map((symbol) => symbols[symbol]),
  inputs: (inputs ?? [[], []]).map((values) => axis.map((symbol) => values[symbol])),
  effects: axis.map((symbol) => effects?.[symbol] ?? 0),
});
