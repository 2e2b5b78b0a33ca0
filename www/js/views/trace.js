// One equation followed through the network: what it reads, where its heads look, which neurons fire, and what it says.

import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { colorOf } from '../draw/tints.js';
import { colorsOf, insideAt, isTuned, likeliest } from '../run/inside.js';
import * as text from '../text/inside.js';
import { noSymbol } from '../text/structure.js';
import { NO_SYMBOL } from '../run/symbol.js';

/** @typedef {import('../run/state.js').State} State */
/** @typedef {import('../worker/protocol.js').LayerTrace} LayerTrace */
/** @typedef {{ x: number, y: number }} Cell */

const NEURONS_MAX = 8;
const ANSWERS_MAX = 5;

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'predict'>} actions */
export function create(root, actions) {
  const symbol = (/** @type {string} */ name) =>
    element('input', { type: 'text', size: 4, 'aria-label': text.toFollowFor(name) });
  const [x, y] = [symbol('x'), symbol('y')];
  const form = element('form', { className: 'row', onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    typed();
  } }, 'x =', x, 'y =', y, element('button', { type: 'submit' }, text.FOLLOW));
  const verdict = element('p', { 'aria-live': 'polite' });
  const flow = element('ol', { className: 'flow' });
  const body = element('div', { hidden: true }, element('h4', {}, text.TRACE), element('p', {}, text.TRACE_HOW), form, verdict, flow);
  root.append(body);

  /** @type {State | null} */
  let state = null;
  /** The cell that is followed, what was asked for last, and whether its answer is still to come. @type {Cell | null} */
  let cell = null;
  let asked = '';
  /** The network that was asked, by its answers. @type {object | null} */
  let network = null;
  let waiting = false;

  function typed() {
    const symbols = state?.run.started?.symbols ?? [];
    const [a, b] = [x, y].map((input) => symbols.indexOf(input.value.trim()));
    if (a < 0 || b < 0) write(verdict, noSymbol((a < 0 ? x : y).value, symbols));
    else follow({ x: a, y: b });
  }

  /** @param {Cell} next */
  function follow(next) {
    const started = state?.run.started;
    if (!started || next.x >= started.symbols.length || next.y >= started.symbols.length) return;
    if (started.answer[next.x * started.symbols.length + next.y] === NO_SYMBOL) {
      write(verdict, text.NO_EQUATION);
      return;
    }
    cell = next;
    [x.value, y.value] = [started.symbols[next.x], started.symbols[next.y]];
    ask();
  }

  /** One at a time: the last cell of many counts. */
  async function ask() {
    if (!state || !cell || waiting) return;
    // While it trains a cell is asked for once; what rests is asked again after it went on.
    const { status, step, started, latest } = state.run;
    const key = [cell.x, cell.y, status === 'running' ? 'running' : step].join();
    // Weights of a file are another network at the same step.
    const isSame = key === asked && (status === 'running' || latest === network);
    if (isSame || status === 'loading' || status === 'failed' || !started) return;
    asked = key;
    network = latest;
    waiting = true;
    await actions.predict(cell.x, cell.y);
    waiting = false;
    ask();
  }

  const drawn = changes();
  const pointed = changes();
  const begun = changes();

  return {
    /** @param {State} next */
    render(next) {
      state = next;
      const { run, cursor } = next;
      const { started, recording, predicted } = run;
      body.hidden = !started || recording !== null;
      if (!started || recording) return;
      if (begun(started)) {
        asked = '';
        follow(cursor ?? firstOf(started));
      }
      if (pointed(cursor) && cursor) follow(cursor);
      else ask();
      const inside = insideAt(run, next.look.layer)?.inside ?? null;
      if (!predicted || !drawn(predicted, inside, started)) return;
      verdict.ariaLive = run.status === 'running' ? 'off' : 'polite';
      const answers = likeliest(predicted.network);
      write(verdict, text.followed(started, predicted, answers[0]));
      flow.replaceChildren(...stages(next, predicted, answers, inside));
    },
    destroy() {
      root.replaceChildren();
    },
  };
}

/** A cell to begin with. @param {import('../worker/protocol.js').Started} started @returns {Cell} */
function firstOf({ symbols: { length: size }, answer }) {
  const cell = Math.min(3, size - 1) * size + Math.min(5, size - 1);
  const found = answer[cell] === NO_SYMBOL ? answer.findIndex((symbol) => symbol !== NO_SYMBOL) : cell;
  return { x: Math.floor(found / size), y: found % size };
}

/**
 * @param {State} state @param {import('../worker/protocol.js').Predicted} predicted
 * @param {ReturnType<typeof likeliest>} answers @param {import('../worker/protocol.js').Inside | null} inside
 */
function stages({ run, look }, predicted, answers, inside) {
  const started = /** @type {import('../worker/protocol.js').Started} */ (run.started);
  const slots = colorsOf(run.frames, look.layer);
  const { layers } = predicted;
  const positions = layers[0]?.attention[0]?.length ?? 4;
  const signs = text.signs(positions).map((sign) =>
    (sign === 'x' ? started.symbols[predicted.x] : sign === 'y' ? started.symbols[predicted.y] : sign));
  const stage = (/** @type {string} */ head, /** @type {Node[]} */ ...content) => element('li', {}, element('h5', {}, head), ...content);
  let number = 1;
  return [
    stage(text.READS, element('p', { className: 'signs' }, ...signs.map((sign) => element('b', {}, sign)))),
    ...layers.flatMap((layer, at) => [
      stage(text.looks(++number, at, layers.length), attention(layer, signs)),
      stage(text.fires(++number, at, layers.length), ...fired(layer, started, inside?.layer === at ? inside : null, slots)),
    ]),
    stage(text.scores(++number), scores(answers, started.symbols)),
  ];
}

/** @param {LayerTrace} layer @param {string[]} signs */
function attention({ attention: heads }, signs) {
  const cell = (/** @type {number} */ share) => {
    const node = element('td', {}, text.share(share));
    node.style.setProperty('--share', String(share));
    return node;
  };
  return element('table', { className: 'attends' },
    element('thead', {}, element('tr', {}, element('td', {}), ...signs.map((sign) => element('th', { scope: 'col' }, sign)))),
    element('tbody', {}, ...heads.map((shares, head) =>
      element('tr', {}, element('th', { scope: 'row' }, text.headName(head)), ...shares.map(cell)))));
}

/**
 * @param {LayerTrace} layer @param {import('../worker/protocol.js').Started} started
 * @param {import('../worker/protocol.js').Inside | null} inside Of that layer. @param {Map<number, number>} slots
 */
function fired(layer, started, inside, slots) {
  const named = layer.neurons.slice(0, NEURONS_MAX);
  const hasEffect = layer.effect !== null;
  const heads = text.NEURON_HEAD.filter((_, at) => (at !== 1 || inside) && (at !== 3 || hasEffect));
  const rows = named.map(({ neuron, activation, effect }) => {
    const tuning = inside?.neurons.find((its) => its.neuron === neuron);
    const mark = element('i', {});
    mark.style.background = colorOf(slots, tuning && isTuned(tuning) ? tuning.wave : null);
    return element('tr', {}, element('th', { scope: 'row' }, mark, String(neuron)),
      ...(inside ? [element('td', {}, text.tunedTo(started, inside, neuron))] : []),
      element('td', {}, text.short(activation)),
      ...(effect === null ? [] : [element('td', {}, text.signed(effect))]));
  });
  return [
    element('table', { className: 'fired' },
      element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...rows)),
    element('p', { className: 'quiet' }, text.firing(layer, named.length)),
  ];
}

/** @param {ReturnType<typeof likeliest>} answers @param {string[]} symbols */
const scores = (answers, symbols) => element('ol', { className: 'answers' }, ...answers.slice(0, ANSWERS_MAX).map(({ symbol, logit, share }) => {
  const bar = element('i', {});
  bar.style.setProperty('--share', String(share));
  return element('li', {}, element('b', {}, symbols[symbol]), element('span', {}, bar), element('span', {}, `${text.short(logit)} · ${text.share(share)}`));
}));
