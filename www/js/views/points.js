// Rows of the embedding or the output matrix as points of a plane (the paper's figure 3).

import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { palette } from '../draw/palette.js';

const METHODS = { pca: 'principal components', tsne: 't-SNE', fourier: 'strongest frequency' };
const MATRICES = { embedding: 'embedding', unembedding: 'output matrix' };
const HOW = {
  pca: 'The two directions in which the rows vary most.',
  tsne: 'Neighbours stay neighbours; distances between far points mean nothing. By the crate ' +
    'bhtsne, starting from the principal components.',
  fourier: 'Each row on the cosine and the sine of the frequency that is strongest in the matrix: ' +
    'a circle if the network has made one.',
};

/**
 * @param {HTMLElement} root A `details`.
 * @param {{ onOpen: (open: boolean) => void, onSubgroups: () => void,
 *   onProjection: (projection: import('../run/state.js').State['projection']) => void }} actions
 */
export function create(root, { onOpen, onSubgroups, onProjection }) {
  const choose = (/** @type {string} */ label, /** @type {Record<string, string>} */ options) => {
    const select = element(
      'select',
      { onchange: () => changed() },
      ...Object.entries(options).map(([value, text]) => element('option', { value }, text)),
    );
    return { select, field: element('label', {}, `${label} `, select) };
  };
  const matrix = choose('Rows of the', MATRICES);
  const method = choose('by', METHODS);
  const coset = choose('coloured by coset of', {});
  const number = (/** @type {string} */ label, /** @type {string} */ value) => {
    const input = element('input', {
      type: 'number', min: '1', max: '199', step: '1', value, oninput: () => draw(),
    });
    return { input, field: element('label', {}, `${label} `, input) };
  };
  const stride = number('joined at stride', '8');
  const round = element('button', {
    type: 'button',
    title: 'The stride at which the strongest frequency of the logits goes round once',
    onclick: () => {
      stride.input.value = String(state ? (shown(state).inspected?.fourier?.stride ?? 8) : 8);
      draw();
    },
  }, 'Round once');
  const residue = number('coloured modulo', '8');
  const canvas = element('canvas', { role: 'img', className: 'square' });
  const how = element('p', { className: 'quiet' });
  const note = element('p', { 'aria-live': 'polite' });
  root.append(
    element('p', {}, 'Look for order: in the beginning the points lie anywhere; a network that has ' +
      'understood a sum has put its symbols on circles, and one that has understood a group has ' +
      'gathered cosets.'),
    element('p', { className: 'row' }, matrix.field, method.field, stride.field, round, residue.field, coset.field),
    canvas,
    note,
    how,
  );
  root.addEventListener('toggle', () => onOpen(/** @type {HTMLDetailsElement} */ (root).open));
  const changed = () => {
    onProjection([/** @type {any} */ (matrix.select.value), /** @type {any} */ (method.select.value)]);
    draw();
  };

  /** @type {import('../run/state.js').State | null} */
  let state = null;
  /** @type {unknown[]} */
  let drawn = [];
  let asked = '';

  function draw() {
    if (!state?.started || !(/** @type {HTMLDetailsElement} */ (root).open)) return;
    const { started, subgroups, projection } = state;
    matrix.select.value = projection[0];
    method.select.value = projection[1];
    write(how, HOW[projection[1]]);
    const fourier = /** @type {HTMLOptionElement} */ (method.select.options[2]);
    fourier.disabled = started.index === null;
    stride.field.hidden = residue.field.hidden = round.hidden = started.index === null;
    round.disabled = !shown(state).inspected?.fourier?.stride;
    coset.field.hidden = !started.group;
    if (started.group && asked !== started.operation) {
      asked = started.operation;
      onSubgroups();
    }
    if (coset.select.options.length !== subgroups.length || subgroups !== drawn[0]) {
      coset.select.replaceChildren(...subgroups.map(({ generators, order, coset: of }, at) => {
        const parts = 1 + Math.max(...of);
        const sign = parts === 2 ? ', by sign' : '';
        const text = `⟨${generators.join(', ')}⟩: order ${order}, ${parts} cosets${sign}`;
        return element('option', { value: String(at) }, text);
      }));
      const paper = subgroups.findIndex(({ order }) => order === 10);
      coset.select.value = String(Math.max(paper, 0));
    }
    const { inspected } = shown(state);
    const points = inspected?.points ?? new Float32Array(0);
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const inputs = [subgroups, points, stride.input.value, residue.input.value,
      coset.select.value, canvas.clientWidth, dark];
    if (inputs.every((input, at) => input === drawn[at])) return;
    drawn = inputs;
    const n = started.symbols.length;
    const isOther = inspected?.watch.points?.join() !== projection.join();
    if (points.length !== 2 * n || isOther) {
      write(note, 'Not computed at this step: it is while this figure is open.');
      canvas.width = 0;
      return;
    }
    write(note, `At step ${inspected?.step}.`);
    const of = started.group
      ? (subgroups[Number(coset.select.value)]?.coset ?? [])
      : started.symbols.map((_, at) => {
          const place = started.index ? started.index[at] : at;
          return place === null ? -1 : place % Math.max(1, Number(residue.input.value) || 1);
        });
    plot(canvas, points, of, started, Number(stride.input.value) || 0);
    canvas.setAttribute('aria-label', `${n} rows of the ${MATRICES[projection[0]]} as points, by ` +
      `${METHODS[projection[1]]}, at step ${inspected?.step}`);
  }

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      root.hidden = next.page.embed;
      draw();
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas @param {Float32Array} points
 * @param {number[]} kinds Of each symbol, or -1.
 * @param {import('../worker/protocol.js').Started} started @param {number} stride
 */
function plot(canvas, points, kinds, { symbols, index }, stride) {
  const scale = window.devicePixelRatio || 1;
  const size = (canvas.width = canvas.height = Math.round(canvas.clientWidth * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const n = symbols.length;
  const column = (/** @type {number} */ axis) =>
    Array.from({ length: n }, (_, at) => points[2 * at + axis]);
  const range = [0, 1].map((axis) => {
    const values = column(axis);
    return [Math.min(...values), Math.max(...values)];
  });
  // One scale for both axes: a circle is round.
  const span = Math.max(...range.map(([low, high]) => high - low), 1e-9);
  const place = (/** @type {number} */ at) =>
    range.map(([low, high], axis) => {
      const share = (points[2 * at + axis] - (low + high) / 2) / span;
      return size * (0.5 + 0.88 * (axis === 1 ? -share : share));
    });
  const style = getComputedStyle(canvas);
  if (index && stride > 0) {
    context.strokeStyle = style.getPropertyValue('--line');
    context.lineWidth = scale;
    /** @type {number[]} */
    const order = [];
    index.forEach((at, symbol) => {
      if (at !== null) order[at] = symbol;
    });
    context.beginPath();
    order.forEach((symbol, at) => {
      context.moveTo(...pair(place(symbol)));
      context.lineTo(...pair(place(order[(at + stride) % order.length])));
    });
    context.stroke();
  }
  const colors = palette(1 + Math.max(0, ...kinds));
  context.font = `${Math.round(11 * scale)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const numbered = symbols[0].length < 4 && n <= 130;
  for (let at = 0; at < n; at += 1) {
    const [x, y] = place(at);
    context.fillStyle = kinds[at] < 0 ? style.color : css(colors[kinds[at]]);
    context.beginPath();
    context.arc(x, y, (numbered ? 9 : 5) * scale, 0, 2 * Math.PI);
    context.fill();
    if (numbered) {
      context.fillStyle = kinds[at] < 0 || dark(colors[kinds[at]]) ? '#fff' : '#111';
      context.fillText(symbols[at], x, y);
    }
  }
}

/** @param {number[]} values @returns {[number, number]} */
const pair = (values) => [values[0], values[1]];

/** Whether white can be read on it. @param {number} color */
const dark = (color) =>
  0.3 * (color & 255) + 0.59 * ((color >> 8) & 255) + 0.11 * ((color >> 16) & 255) < 115;

/** A little-endian RGBA pixel as CSS. @param {number} color */
const css = (color) => `rgb(${color & 255} ${(color >> 8) & 255} ${(color >> 16) & 255})`;
