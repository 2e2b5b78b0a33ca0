// Charts, drawn by the page's wasm: made once and fed, with words, a readout and a table of values.

import { changes } from './changes.js';
import { element, write } from './dom.js';
import { watchFigure } from './figure.js';
import { colors } from './palette.js';
import { savable } from './pictures.js';

/**
 * @typedef {'Steps' | 'LogSteps' | 'Milestones' | 'Numbers' | 'Shares' | 'Measures' | 'Losses'} Scale
 * @typedef {object} Line
 * @property {string} label
 * @property {ArrayLike<number>} x
 * @property {ArrayLike<number>} y What is not finite is left out.
 * @property {string} color A custom property of the style sheet, such as `--held-out`.
 * @property {number} width In CSS pixels; 0 leaves the line out.
 * @property {number} [dot] Radius of a mark on every point, in CSS pixels.
 * @typedef {{ at: number, text: string }} Mark
 * @typedef {object} Spec
 * @property {Scale} x
 * @property {Scale} y
 * @property {Line[]} lines
 * @property {Mark[]} [marks] Upright lines.
 * @property {Mark[]} [guides] Level lines.
 * @property {number} [from] The x-axis begins here at the latest,
 * @property {number} [to] and ends here at the earliest.
 */

/** @typedef {any} Library The page's wasm. */
/** @type {Library | null} */
let library = null;
/** @type {Promise<void> | null} */
let loading = null;
/** @type {() => void} */
let arrive = () => {};
/** Resolves when charts can be drawn, whoever asked for what draws them. @type {Promise<void>} */
export const arrived = new Promise((resolve) => (arrive = resolve));

/** Once on a page: it is code and has no state. What fails is tried again by whoever asks next. @returns {Promise<void>} */
export function loadCharts() {
  loading ??= (async () => {
    const glue = await import(new URL('../../page.js', import.meta.url).href);
    await glue.default();
    library = glue;
    arrive();
  })().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/**
 * Spearman's rank correlation of pairs and its two-sided p-value, or null where it is undefined or
 * the page's wasm is not there yet.
 * @param {number[]} a @param {number[]} b
 */
export function rankCorrelation(a, b) {
  const rho = library?.spearman(Float64Array.from(a), Float64Array.from(b));
  return rho === undefined || rho === null ? null : { rho, p: library.spearmanP(rho, a.length) };
}

/** The axis of the steps. @param {boolean} logSteps @returns {Scale} */
export const stepScale = (logSteps) => (logSteps ? 'LogSteps' : 'Steps');

/** Height of the labels. */
const LABEL_REM = 0.75;
/** Rows of the table of values, at most. */
const ROWS_MAX = 14;
/** Pixels between words, and from words to the end of the axis. */
const GAP = 8;

/**
 * @param {HTMLElement} root Where it is appended.
 * @param {{ label: string, name?: string, ofRun?: boolean, className?: string, legend?: boolean, rows?: number,
 *   csv?: import('./pictures.js').Picture['csv'] }} options
 *   `name` of a file; `ofRun` is false of many runs; `rows` of words are kept free above the plot; `csv` gives its numbers to be saved.
 */
export function createChart(root, { label, name = 'chart', ofRun = true, className = '', legend = true, rows = 0, csv }) {
  const canvas = element('canvas', { role: 'img', 'aria-label': label });
  const words = element('div', { className: 'chart-words', 'aria-hidden': 'true' });
  const cursor = element('div', { className: 'chart-cursor', hidden: true });
  const readout = element('p', { className: 'chart-readout', hidden: true });
  const missing = element('p', { className: 'chart-missing', role: 'status', hidden: true },
    'The program that draws curves did not load. ', element('button', { type: 'button', onclick: load }, 'Try again'));
  const plot = element('div', { className: 'chart-plot' }, words, canvas, cursor, readout, missing);
  plot.style.setProperty('--rows', String(rows));
  const key = element('p', { className: 'chart-key', hidden: !legend });
  const table = element('table', {});
  const values = element('details', { className: 'chart-values' }, element('summary', {}, 'Values'), table);
  const head = element('div', { className: 'chart-head' }, key);
  const figure = element('figure', { className: `chart ${className}` }, head, plot, values);
  head.append(savable(figure, { title: () => label, name, ofRun, draw: asSvg, csv }));
  root.append(figure);

  /** @type {Spec | null} */
  let spec = null;
  /** @type {Library | null} */
  let chart = null;
  let ended = false;
  const respecified = changes();
  const relabelled = changes();
  /** Whether the points of each line have changed. @type {ReturnType<typeof changes>[]} */
  const fed = [];

  function paint() {
    const { box } = watched;
    if (!spec || !box || !library || ended) return;
    chart ??= new library.Chart(canvas);
    const { width, height, ratio } = box;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const thick = Number(getComputedStyle(figure).getPropertyValue('--scale')) || 1;
    const [across, up] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across || canvas.height !== up) Object.assign(canvas, { width: across, height: up });
    else canvas.getContext('2d')?.clearRect(0, 0, across, up);
    const { lines, marks = [], guides = [] } = spec;
    const [ink, grid, ...strokes] = colors(figure, ['--quiet', '--line', ...lines.map(({ color }) => color)]);
    const { from, to } = spec;
    const reach = from === undefined || to === undefined ? [] : [from, to];
    chart.reach(Float64Array.from(reach));
    chart.keep(lines.length);
    lines.forEach(({ x, y, width: stroke, dot = 0 }, at) => {
      fed[at] ??= changes();
      if (fed[at](x, y)) chart.feed(at, Float64Array.from(x), Float64Array.from(y));
      chart.style(at, strokes[at], stroke * thick, dot * thick);
    });
    fed.length = lines.length;
    chart.mark(Float64Array.from(marks, ({ at }) => at), Float64Array.from(guides, ({ at }) => at));
    chart.draw(spec.x, spec.y, ratio, LABEL_REM * rem, ink, grid);
    place(box, marks, guides);
    if (relabelled(...lines.flatMap(({ label: text, color, width: stroke }) => [text, color, stroke]))) explain();
    if (values.open) fill();
  }

  /** By the same drawing code, on paper instead of a canvas. */
  async function asSvg() {
    const { drawChart } = await import('./chart-svg.js');
    return spec && watched.box && chart && drawChart(spec, watched.box, { chart, rem: LABEL_REM, figure, canvas, words, legend });
  }

  /**
   * Words of upright lines stand above the plot, where no curve is: over their line, or further left where
   * they would not end in time, and a row higher where they would meet the next. Those of level lines stand on
   * them.
   * @param {import('./figure.js').Box} box @param {Mark[]} marks In ascending order. @param {Mark[]} guides
   */
  function place({ width, height }, marks, guides) {
    const texts = [...marks, ...guides];
    while (words.children.length > texts.length) words.lastElementChild?.remove();
    while (words.children.length < texts.length) words.append(element('span', {}));
    const spans = texts.map(({ text }, index) => {
      const span = /** @type {HTMLElement} */ (words.children[index]);
      write(span, text);
      span.className = index < marks.length ? 'upright' : 'level';
      return span;
    });
    const end = chart.left(Infinity);
    const beside = stacked(marks.map(({ at }, index) => ({ at: chart.left(at), width: spans[index].offsetWidth })), end);
    const most = Math.max(rows, ...beside.map(({ row }) => row + 1));
    plot.style.setProperty('--rows', String(most));
    spans.forEach(({ style }, index) => {
      style.left = index < marks.length ? `${beside[index].left}px` : '';
      style.right = index < marks.length ? '' : `${width - end + GAP}px`;
      style.top = index < marks.length ? `${1.25 * (most - 1 - beside[index].row)}em` : '';
      style.bottom = index < marks.length ? '' : `${height - chart.top(texts[index].at)}px`;
    });
  }

  function explain() {
    key.replaceChildren(...(spec?.lines ?? []).filter(({ label: text }) => text).map(({ label: text, color, width, dot = 0 }) => {
      const mark = element('i', {});
      mark.style.background = `var(${color})`;
      const scaled = (/** @type {number} */ pixels) => `calc(var(--scale, 1) * ${pixels}px)`;
      mark.style.height = scaled(Math.max(width, dot * 2));
      if (!width) mark.style.width = scaled(dot * 2);
      return element('span', {}, mark, text);
    }));
  }

  /** The table of values: rows of the first line's points, evenly chosen. */
  function fill() {
    if (!spec) return;
    const { lines } = spec;
    const named = lines.filter(({ label: text }) => text);
    const x = named[0]?.x ?? [];
    const count = Math.min(x.length, ROWS_MAX);
    const rows = Array.from({ length: count }, (_, row) => Math.round((row * (x.length - 1)) / Math.max(count - 1, 1)));
    const cell = (/** @type {'th' | 'td'} */ tag, /** @type {string} */ text) => element(tag, {}, text);
    const head = element('tr', {}, cell('th', spec.x.includes('Steps') ? 'step' : 'x'), ...named.map(({ label: text }) => cell('th', text)));
    const { x: across, y: up } = spec;
    table.replaceChildren(
      element('caption', {}, label),
      element('thead', {}, head),
      element('tbody', {}, ...rows.map((at) => element('tr', {}, cell('td', said(across, x[at])),
        ...named.map((line) => cell('td', said(up, line.y[nearest(line.x, x[at])])))))),
    );
  }

  /** What the lines say under the pointer. @param {PointerEvent} event */
  function read(event) {
    if (!spec || !chart || !watched.box) return;
    const lines = spec.lines.filter(({ label: text, x }) => text && x.length > 0);
    if (lines.length === 0) return;
    const at = chart.value(event.clientX - canvas.getBoundingClientRect().left);
    const point = nearest(lines[0].x, at, spec.x !== 'Steps');
    const x = lines[0].x[point];
    const { x: across, y: up } = spec;
    const parts = lines.map((line) => `${line.label} ${said(up, line.y[nearest(line.x, x)])}`);
    write(readout, [`${across.includes('Steps') ? 'step ' : ''}${said(across, x)}`, ...parts].join(' · '));
    readout.hidden = cursor.hidden = false;
    cursor.style.left = `${chart.left(x)}px`;
  }
  const leave = () => {
    readout.hidden = cursor.hidden = true;
  };
  plot.addEventListener('pointermove', read);
  plot.addEventListener('pointerdown', read);
  plot.addEventListener('pointerleave', leave);
  values.addEventListener('toggle', () => values.open && fill());

  const watched = watchFigure(canvas, paint);
  function load() {
    loadCharts().catch(() => {
      missing.hidden = ended;
    });
  }
  // One that was tried again mends every chart.
  arrived.then(() => {
    missing.hidden = true;
    paint();
  });
  load();

  return {
    element: figure,
    /** @param {Spec} next */
    draw(next) {
      spec = next;
      const { x, y, lines, marks = [], guides = [] } = next;
      const inputs = lines.flatMap((line) => [line.x, line.y, line.label, line.color, line.width, line.dot]);
      const places = [...marks, ...guides].flatMap(({ at, text }) => [at, text]);
      if (respecified(x, y, next.from, next.to, lines.length, marks.length, ...inputs, ...places)) paint();
    },
    destroy() {
      ended = true;
      watched.end();
      chart?.free();
      figure.remove();
    },
  };
}

/**
 * Where words stand that belong to places of an axis, in rows counted from below.
 * @param {{ at: number, width: number }[]} words In ascending order. @param {number} end Of the axis.
 * @returns {{ left: number, row: number }[]}
 */
export function stacked(words, end) {
  /** @type {{ left: number, row: number }[]} */
  const placed = [];
  // Later ones first, so that none stands between an earlier one and its line.
  for (let index = words.length - 1; index >= 0; index -= 1) {
    const { at, width } = words[index];
    const left = Math.max(Math.min(at, end - width), 0);
    const met = placed.filter((other) => other.left < left + width + GAP);
    placed.unshift({ left, row: Math.max(-1, ...met.map(({ row }) => row)) + 1 });
  }
  return placed;
}

/**
 * The place of the value that is nearest to `x`, by ratio if the axis is logarithmic.
 * @param {ArrayLike<number>} values In ascending order. @param {number} x @param {boolean} [byRatio]
 */
function nearest(values, x, byRatio = false) {
  const distance = (/** @type {number} */ value) =>
    (byRatio ? Math.abs(Math.log(Math.max(value, 0.5) / Math.max(x, 0.5))) : Math.abs(value - x));
  let best = 0;
  for (let at = 1; at < values.length; at += 1) if (distance(values[at]) < distance(values[best])) best = at;
  return best;
}

/** A value of an axis in words. @param {Scale} scale @param {number} value */
function said(scale, value) {
  if (!Number.isFinite(value)) return '–';
  if (scale === 'Shares') return `${(100 * value).toFixed(value > 0.995 && value < 1 ? 2 : 1).replace(/\.0$/, '')}\u00a0%`;
  if (scale === 'Measures') return value.toFixed(2).replace('-', '−');
  if (scale === 'Losses' || scale === 'Numbers') return (value >= 0.01 ? value.toFixed(2) : value.toExponential(1)).replace('-', '−');
  return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
}
