// The cards of the laboratory: a question, a sentence and a small picture each.

import { changes } from '../draw/changes.js';
import { element } from '../draw/dom.js';
import { cssPalette } from '../draw/palette.js';
import { axes, bars, dots, flags, hands, line, sketch, sliders } from '../draw/sketch.js';
import { strokes } from '../draw/strokes.js';
import { watchFigure } from '../draw/figure.js';
import { shown } from '../run/frames.js';
import { CARDS } from '../text/laboratory.js';

/** @typedef {import('../run/state.js').State} State */
/** @typedef {import('../text/laboratory.js').Figure} Figure */
/** @typedef {(context: CanvasRenderingContext2D, paper: import('../draw/sketch.js').Paper, state: State) => void} Sketch */

/** Between two drawings of a card: they are glanced at. */
const REST_MILLIS = 500;
/** Moments in the picture of a recording, and neurons in that of a wall. */
const FILM = 4;
/** The decades of the steps in the picture of a sweep. */
const STEPS_LOG_MAX = 4.5;

/** What each card draws, from what is there anyway. @type {Record<Figure, Sketch>} */
const SKETCHES = {
  structure(context, paper, { run }) {
    const fourier = shown(run).inspected?.fourier;
    if (fourier) bars(context, paper, fourier.coefficients, 0.25);
    else bars(context, paper, rightBySymbol(run), 0.99);
  },
  neurons(context, paper, { run }) {
    const { inspected, evaluated } = shown(run);
    const size = run.started?.symbols.length ?? 0;
    const { inside, pictures } = inspected ?? {};
    flags(context, paper, Array.from({ length: FILM }, (_, at) => {
      if (inside && pictures?.length) {
        const from = Math.floor((at * inside.neurons.length) / FILM) * size * size;
        return Array.from(pictures.subarray(from, from + size * size), (byte) => byte > 100);
      }
      // Without them: where it gives an answer of the first quarter of the symbols, of the second and so on.
      return Array.from(evaluated?.predicted ?? [], (symbol) => Math.floor((FILM * (run.started?.order[symbol] ?? symbol)) / size) === at);
    }));
  },
  clock(context, paper, { run }) {
    const count = run.started?.symbols.length ?? 43;
    // The face of its strongest frequency, and before that is seen an even one.
    const seen = shown(run).inspected?.clock?.faces[0]?.x;
    const points = seen ?? Array.from({ length: count }, (_, at) => [Math.cos((2 * Math.PI * at) / count), Math.sin((2 * Math.PI * at) / count)]);
    const most = Math.max(...points.map(([cos, sin]) => Math.hypot(cos, sin)), 1e-9);
    dots(context, paper, points.map(([cos, sin]) => [0.5 + (0.5 * sin) / most, 0.5 - (0.5 * cos) / most]), [paper.faint], true);
    hands(context, paper, [0.9, 2.6], 4.1);
  },
  points(context, paper, { run }) {
    const count = run.started?.symbols.length ?? 43;
    const { points = [] } = shown(run).inspected ?? {};
    const colors = cssPalette(count, run.started?.order);
    if (points.length === 2 * count) {
      const most = Math.max(...Array.from(points, Math.abs), 1e-9);
      dots(context, paper, Array.from({ length: count }, (_, at) =>
        [0.5 + (0.5 * points[2 * at]) / most, 0.5 - (0.5 * points[2 * at + 1]) / most]), colors, true);
      return;
    }
    // Without its points: how much of each symbol's row is right, as the distance from the middle.
    dots(context, paper, rightBySymbol(run).map((share, at) => {
      const turn = (2 * Math.PI * at) / count;
      return [0.5 + 0.5 * share * Math.cos(turn), 0.5 + 0.5 * share * Math.sin(turn)];
    }), colors, true);
  },
  cut(context, paper, { run }) {
    const { started, ablated } = run;
    const { evaluated } = shown(run);
    if (!started || !evaluated) return;
    const right = (/** @type {Uint16Array} */ predicted) => Array.from(predicted, (symbol, cell) => symbol === started.answer[cell]);
    flags(context, paper, [evaluated, ...(ablated ? [ablated] : [])].map(({ predicted }) => right(predicted)));
  },
  gauge(context, paper, { run: { curves } }) {
    line(context, paper, curves.trainAccuracy, paper.ink, [0, 1]);
    line(context, paper, curves.heldOutAccuracy, paper.strong, [0, 1]);
  },
  sharpness(context, paper, { run: { curves } }) {
    const log = (/** @type {number[]} */ losses) => losses.map((loss) => Math.log(Math.max(loss, 1e-7)));
    line(context, paper, log(curves.trainLoss), paper.ink);
    line(context, paper, log(curves.heldOutLoss), paper.strong);
  },
  compare(context, paper, { kept, run: { curves } }) {
    const runs = kept.length > 0 ? kept.map((run) => run.curves?.heldOutAccuracy ?? []) : [curves.heldOutAccuracy];
    const names = kept.length > 0 ? strokes(runs.length) : ['--held-out'];
    runs.forEach((values, at) => line(context, paper, values, paper.color(names[at]), [0, 1]));
  },
  fork(context, paper, { fork, run: { curves } }) {
    const limbs = fork?.limbs ?? [];
    const past = (limbs.length > 0 ? fork?.past ?? curves : curves).heldOutAccuracy;
    const left = limbs.length > 0 ? paper.width / 2 : paper.width;
    line(context, { ...paper, width: left }, past, limbs.length > 0 ? paper.ink : paper.strong, [0, 1]);
    context.save();
    context.translate(left - 4, 0);
    limbs.forEach(({ curves: { heldOutAccuracy } }, at) =>
      line(context, { ...paper, width: paper.width - left }, heldOutAccuracy, paper.color(strokes(2)[at]), [0, 1]));
    context.restore();
  },
  precision(context, paper, { precision, run: { curves } }) {
    const runs = precision?.jobs.map((job) => job.curves?.heldOutAccuracy ?? []) ?? [];
    if (!precision) line(context, paper, curves.collapsed, paper.ink, [0, 1]);
    if (!precision) line(context, paper, curves.heldOutAccuracy, paper.strong, [0, 1]);
    const names = strokes(runs.length);
    runs.forEach((values, at) => line(context, paper, values, paper.color(names[at]), [0, 1]));
  },
  sweep(context, paper, { sweep, run: { started, latest } }) {
    axes(context, paper);
    const done = (sweep?.jobs ?? []).flatMap(({ settings, generalisedAt }) =>
      (generalisedAt ? [{ share: Number(settings.trainFraction), at: generalisedAt }] : []));
    // Without a sweep: the run that is shown, if it has come so far.
    if (done.length === 0 && started && latest?.generalisedAt) {
      const shownCells = started.heldOut.filter((held) => !held).length;
      done.push({ share: shownCells / started.heldOut.length, at: latest.generalisedAt });
    }
    const height = (/** @type {number} */ step) => Math.log10(step) / STEPS_LOG_MAX;
    dots(context, paper, done.map(({ share, at }) => [share, 1 - Math.min(height(at), 1)]), [paper.strong]);
  },
  recordings(context, paper, { run: { frames, started } }) {
    if (!started || frames.length === 0) return;
    const { answer } = started;
    const count = Math.min(frames.length, FILM);
    flags(context, paper, Array.from({ length: count }, (_, at) => {
      const { predicted } = frames[Math.round((at * (frames.length - 1)) / Math.max(count - 1, 1))].evaluated;
      return Array.from(predicted, (symbol, cell) => symbol === answer[cell]);
    }));
  },
  mask(context, paper, { run: { started } }) {
    if (started) flags(context, paper, [started.heldOut]);
  },
  settings(context, paper, { run: { settings } }) {
    const log = (/** @type {string} */ id, /** @type {number} */ most) => Math.log2(1 + (Number(settings[id]) || 0)) / Math.log2(1 + most);
    sliders(context, paper, [Number(settings.trainFraction) || 0, log('width', 512), log('weightDecay', 10)]);
  },
};

/** Share of the held-out cells in the row of each symbol that are right. @param {import('../run/run.js').Run} run */
function rightBySymbol(run) {
  const { started } = run;
  const { evaluated } = shown(run);
  if (!started || !evaluated) return [];
  const size = started.symbols.length;
  return Array.from({ length: size }, (_, x) => {
    let [all, right] = [0, 0];
    for (let y = 0; y < size; y += 1) {
      const cell = x * size + y;
      if (!started.heldOut[cell]) continue;
      all += 1;
      if (evaluated.predicted[cell] === started.answer[cell]) right += 1;
    }
    return all ? right / all : 0;
  });
}

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'open'>} actions */
export function create(root, actions) {
  const cards = CARDS.map(({ id, question, sentence }, at) => {
    const canvas = element('canvas', { 'aria-hidden': 'true' });
    const button = element('button', { type: 'button', 'data-figure': id, onclick: () => actions.open(id) },
      canvas, element('strong', {}, question), element('span', {}, sentence));
    return { id, canvas, button, item: element('li', {}, button), watched: watchFigure(canvas, () => paint(at)) };
  });
  root.append(...cards.map(({ item }) => item));
  const changed = changes();
  let rested = 0;
  /** @type {State | null} */
  let drawn = null;

  /** @param {number} at Of a card. */
  function paint(at) {
    const { id, canvas, watched: { box } } = cards[at];
    const state = drawn;
    if (box && state) sketch(canvas, box, (context, paper) => SKETCHES[id](context, paper, state));
  }

  /** @param {string | null} open */
  function expand(open) {
    for (const { id, button } of cards) button.setAttribute('aria-expanded', String(open === id));
  }

  function toOpen() {
    const { item } = cards.find(({ button }) => button.ariaExpanded === 'true') ?? {};
    if (!item) return;
    const before = Number.parseFloat(getComputedStyle(root).scrollPaddingInlineStart) || 0;
    root.scrollLeft += item.getBoundingClientRect().left - root.getBoundingClientRect().left - before;
  }
  // A window that was turned, or made narrower.
  const size = new ResizeObserver(toOpen);
  size.observe(root);

  return {
    /** @param {State} state */
    render(state) {
      const { run, kept, sweep, fork, precision, open, page } = state;
      expand(open);
      for (const { id, item } of cards) {
        item.hidden = (id === 'settings' && page.hide.includes('settings')) || (id === 'mask' && page.hide.includes('heldOut'));
      }
      const now = performance.now();
      const settled = run.status !== 'running' && !state.playing;
      if (!settled && now - rested < REST_MILLIS) return;
      if (!changed(run, kept, sweep, fork, precision)) return;
      rested = now;
      drawn = state;
      for (const at of cards.keys()) paint(at);
    },
    /** One is open. Where the cards are a row that scrolls, it is at its beginning. @param {string} id */
    reveal(id) {
      // The others are narrower closed: what comes before it has to be as it stays.
      expand(id);
      toOpen();
    },
    /** @param {string} id */
    focus(id) {
      cards.find((card) => card.id === id)?.button.focus();
    },
    destroy() {
      size.disconnect();
      for (const { watched } of cards) watched.end();
      root.replaceChildren();
    },
  };
}
