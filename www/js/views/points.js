// Rows of the embedding or the output matrix as points of a plane (the paper's figure 3).

import { changes } from '../draw/changes.js';
import { element, keyed, write } from '../draw/dom.js';
import { watchFigure } from '../draw/figure.js';
import { savable } from '../draw/pictures.js';
import { drawPoints } from '../draw/points.js';
import { createValues } from '../draw/values.js';
import { shown } from '../run/frames.js';
import { projectionOf } from '../run/projection.js';
import { unseen } from '../text/laboratory.js';
import { minus } from '../text/numbers.js';
import * as text from '../text/points.js';

const NONE = new Float32Array(0);

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'projection' | 'subgroups'>} actions
 */
export function create(root, actions) {
  const choose = (/** @type {string} */ label, /** @type {Record<string, string>} */ options) => {
    const select = element(
      'select',
      { onchange: () => changed() },
      ...Object.entries(options).map(([value, name]) => element('option', { value }, name)),
    );
    return { select, field: element('label', {}, `${label} `, select) };
  };
  const matrix = choose(text.ROWS_OF, text.MATRICES);
  const method = choose(text.BY, text.METHODS);
  const coset = choose(text.COSET_OF, {});
  const number = (/** @type {string} */ label, /** @type {string} */ value) => {
    const input = element('input', {
      type: 'number', min: '1', max: '199', step: '1', value, oninput: () => draw(),
    });
    return { input, field: element('label', {}, `${label} `, input) };
  };
  const stride = number(text.STRIDE, '8');
  const round = element('button', {
    type: 'button',
    title: text.ROUND_HOW,
    onclick: () => {
      stride.input.value = String(state ? (shown(state.run).inspected?.fourier?.stride ?? 8) : 8);
      draw();
    },
  }, text.ROUND);
  const residue = number(text.MODULO, '8');
  const canvas = element('canvas', { role: 'img', className: 'square', 'aria-label': text.NOTHING });
  const how = element('p', { className: 'quiet' });
  const note = element('p', { 'aria-live': 'polite' });
  root.append(
    element('p', {}, text.LOOK),
    element('p', { className: 'row' }, matrix.field, method.field, stride.field, round, residue.field, coset.field),
    canvas,
  );
  const values = createValues(root);
  /** What is on the canvas, if anything is. @type {{ plane: import('../draw/points.js').Plane, label: string } | null} */
  let onCanvas = null;
  values.element.before(savable(canvas, {
    title: () => onCanvas?.label ?? '',
    name: 'points',
    ofRun: true,
    async draw() {
      if (!onCanvas || canvas.clientWidth === 0) return null;
      const style = getComputedStyle(canvas);
      const [ink, paper, line] = ['--ink', '--paper', '--line'].map((name) => style.getPropertyValue(name).trim());
      const { drawPlane } = await import('../draw/points-svg.js');
      return drawPlane(onCanvas.plane, canvas.clientWidth, { ink, paper, line });
    },
  }));
  root.append(note, how);
  const changed = () => {
    actions.projection([/** @type {any} */ (matrix.select.value), /** @type {any} */ (method.select.value)]);
    draw();
  };

  /** @type {import('../run/state.js').State | null} */
  let state = null;
  /** The run whose subgroups were asked for. @type {object | null} */
  let asked = null;
  const offered = changes();
  const drawn = changes();

  /** The chosen one stays chosen where it is still there. @param {import('../worker/protocol.js').Subgroup[]} subgroups */
  function offer(subgroups) {
    if (!offered(subgroups)) return;
    const names = subgroups.map(text.subgroup);
    const chosen = coset.select.selectedOptions[0]?.textContent ?? '';
    keyed(coset.select, names.map((name, at) => ({ name, at })), ({ name, at }) => `${at} ${name}`,
      ({ name, at }) => element('option', { value: String(at) }, name));
    const before = names.indexOf(chosen);
    // That of the paper's figure has order 10.
    const paper = subgroups.findIndex(({ order }) => order === 10);
    coset.select.value = String(Math.max(before >= 0 ? before : paper, 0));
  }

  function draw() {
    const started = state?.run.started;
    if (!state || !started) return;
    const { run: { subgroups } } = state;
    const projection = projectionOf(state.projection, started);
    matrix.select.value = projection[0];
    method.select.value = projection[1];
    const circles = started.index !== null && projection[1] === 'pca' ? ` ${text.CIRCLES}` : '';
    write(how, text.HOW[projection[1]] + circles);
    const fourier = /** @type {HTMLOptionElement} */ (method.select.options[2]);
    fourier.disabled = started.index === null;
    stride.field.hidden = residue.field.hidden = round.hidden = started.index === null;
    round.disabled = !shown(state.run).inspected?.fourier?.stride;
    coset.field.hidden = !started.group;
    if (started.group && subgroups.length === 0 && asked !== started) {
      asked = started;
      actions.subgroups();
    }
    offer(subgroups);
    const { inspected } = shown(state.run);
    const points = inspected?.points ?? NONE;
    const n = started.symbols.length;
    const isSeen = points.length === 2 * n && inspected?.watch.points?.join() === projection.join();
    write(note, isSeen ? text.atStep(inspected?.step) : unseen(state.run));
    const { box } = watched;
    if (!box || !drawn(started, subgroups, points, isSeen, stride.input.value, residue.input.value, coset.select.value, projection, box)) return;
    values.element.hidden = !isSeen;
    if (!isSeen) {
      onCanvas = null;
      canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
      canvas.setAttribute('aria-label', text.NOTHING);
      return;
    }
    const modulo = Math.max(1, Number(residue.input.value) || 1);
    const kinds = started.group
      ? (subgroups[Number(coset.select.value)]?.coset ?? [])
      : started.symbols.map((_, at) => {
          const place = started.index ? started.index[at] : at;
          return place === null ? -1 : place % modulo;
        });
    const { symbols, index } = started;
    const plane = { symbols, points, kinds, index, stride: Number(stride.input.value) || 0 };
    drawPoints(canvas, plane, box.ratio);
    const label = text.picture(n, projection, inspected?.step);
    onCanvas = { plane, label };
    canvas.setAttribute('aria-label', text.described(label));
    values.show(() => ({
      caption: label,
      head: text.columns(started.group ? null : modulo),
      rows: symbols.map((symbol, at) => [
        symbol,
        minus(points[2 * at].toFixed(3)),
        minus(points[2 * at + 1].toFixed(3)),
        kinds[at] >= 0 ? String(kinds[at]) : '–',
      ]),
    }));
  }
  const watched = watchFigure(canvas, draw);

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      draw();
    },
    destroy() {
      watched.end();
      root.replaceChildren();
    },
  };
}
