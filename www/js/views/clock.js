// How does it add? The network's own circles with hands, and how their agreement singles out an answer.

import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { colorsOf, drawFaces } from '../draw/faces.js';
import { watchFigure } from '../draw/figure.js';
import { createHands } from '../draw/hands.js';
import { createHint } from '../draw/hint.js';
import { cssPalette } from '../draw/palette.js';
import { savable } from '../draw/pictures.js';
import { createSweep } from '../draw/sweep.js';
import { createValues } from '../draw/values.js';
import {
  added, alike, angleOf, between, clockShown, handsOf, lead, leads, meanOff, placeAt, placeOf, rivals, round, sumOf, wrapped,
} from '../run/clock.js';
import { FACES_MAX } from '../run/room.js';
import { PRESETS } from '../run/settings.js';
import * as text from '../text/clock.js';

/** @typedef {import('../run/state.js').State} State */
/** @typedef {import('../worker/protocol.js').Clock} Clock */
/** @typedef {import('../run/clock.js').Sum} Sum */
/** @typedef {'x' | 'y'} Hand */
/** What is drawn of a clock, and stays while hands move. @typedef {{ clock: Clock, sum: Sum, rings: import('../draw/faces.js').Ring[], offs: number[] }} Prepared */

/** Places of x and y before a reader moves them. */
const FIRST = { x: 3, y: 5 };
const HANDS = /** @type {Hand[]} */ (['x', 'y']);

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'run' | 'preset'>} actions */
export function create(root, actions) {
  const sentence = element('p', { 'aria-live': 'polite' });
  const offered = element('div', {});
  const field = (/** @type {Hand} */ hand) =>
    element('input', { type: 'text', size: 4, 'aria-label': text.HANDS[hand], onchange: () => typed(hand) });
  const fields = { x: field('x'), y: field('y') };
  const pair = element('p', { 'aria-live': 'polite' });
  const problem = element('p', { className: 'error', role: 'alert' });
  const dials = element('div', {});
  const key = element('p', { className: 'chart-key hands-key' },
    ...text.KEY.map(([hand, name]) => element('span', {}, element('i', { className: `of-${hand}` }), name)));
  const how = element('p', { className: 'quiet' });
  const agreement = element('p', {});
  const swept = element('p', { className: 'swept quiet' });
  const curves = element('div', {});
  const table = element('table', { className: 'leads' });
  const body = element('div', { className: 'clockwork' },
    element('p', { className: 'row' }, element('label', {}, 'x = ', fields.x), element('label', {}, 'y = ', fields.y), element('span', { className: 'quiet' }, text.MOVE)),
    problem, key, dials, pair, how,
    element('h4', {}, text.AGREEMENT), element('p', {}, text.CURVES_HOW), curves, swept, agreement, table);
  root.append(element('p', {}, text.LOOK), sentence, offered, body);
  const hints = { sum: createHint(offered, text.RUN_SUM, () => actions.preset(PRESETS[0].id)), live: createHint(offered, text.RUN_LIVE, () => actions.run()) };

  /** @type {State | null} */
  let state = null;
  /** @type {Prepared | null} */
  let prepared = null;
  const places = { ...FIRST };
  /** How far the hand that sweeps is from the answer. */
  let offset = 0;
  const hands = createHands(dials, { label: text.FACES, hands: text.HANDS, turn, step });
  const values = createValues(dials);
  values.element.before(savable(hands.element, { title: () => text.FACES, name: 'clock', ofRun: true, draw: async () =>
    prepared && drawFaces(clockworks(prepared), colorsOf(getComputedStyle(root))) }));
  const sweep = createSweep(curves, { label: text.SWEEP, name: 'agreement', onSweep(at) {
    offset = at;
    draw();
  } });
  const renewed = changes();
  const pointed = changes();
  const placed = changes();
  const turned = changes();
  const compared = changes();

  /** The symbol of a place. @param {number} place */
  const symbol = (place) => state?.run.started?.symbols[prepared?.sum.order[place] ?? -1] ?? '';

  /** @param {Hand} hand @param {number} place */
  function move(hand, place) {
    write(problem, '');
    places[hand] = place;
    draw();
  }
  /** @param {Hand} hand @param {number} angle @param {number} face */
  function turn(hand, angle, face) {
    if (!prepared) return;
    move(hand, placeAt(prepared.clock.faces[face][hand], prepared.sum, angle, places[hand]));
  }
  /** @param {Hand} hand @param {number} by */
  function step(hand, by) {
    if (!prepared) return;
    const symbols = symbolsOf(prepared.sum);
    const from = symbols.indexOf(prepared.sum.order[places[hand]]);
    const at = Number.isFinite(by) ? (from + by + symbols.length) % symbols.length : by < 0 ? 0 : symbols.length - 1;
    move(hand, prepared.sum.order.indexOf(symbols[at]));
  }
  /** @param {Hand} hand */
  function typed(hand) {
    const { symbols = [] } = state?.run.started ?? {};
    const at = symbols.indexOf(fields[hand].value.trim());
    if (at < 0) write(problem, text.noSymbol(fields[hand].value, symbols));
    else point({ [hand]: at });
  }
  /** All of them, or none if one has no place. @param {Partial<Record<Hand, number>>} at Symbols. */
  function point(at) {
    const found = HANDS.flatMap((hand) => {
      const symbol = at[hand];
      return symbol === undefined ? [] : [{ hand, symbol, place: prepared?.sum.order.indexOf(symbol) ?? -1 }];
    });
    const missing = found.find(({ place }) => place < 0);
    if (missing) write(problem, text.noPlace(state?.run.started?.symbols[missing.symbol] ?? ''));
    else for (const { hand, place } of found) move(hand, place);
  }

  /** @param {Prepared} of */
  function clockworks({ clock, sum, rings, offs }) {
    return rings.map((ring, at) => {
      const face = clock.faces[at];
      const { x, y, together, answer } = handsOf(face, sum, places.x, places.y);
      const swings = offset === 0 ? null : (2 * Math.PI * face.k * (placeOf(sum, places.x, places.y) + offset)) / sum.n;
      const { name, off } = text.face(face.k, offs[at]);
      /** @type {[[number, number], [number, number]]} */
      const dots = [face.x[sum.order[places.x]], face.y[sum.order[places.y]]];
      return { ring, hands: { x, y, together, answer, dots, sweep: swings }, name, off };
    });
  }

  function draw() {
    const started = state?.run.started;
    if (!prepared || !started) return;
    const { clock, sum } = prepared;
    const answer = placeOf(sum, places.x, places.y);
    // What is being typed stays while the network moves on.
    if (placed(started, places.x, places.y)) for (const hand of HANDS) fields[hand].value = symbol(places[hand]);
    if (turned(prepared, places.x, places.y)) {
      const found = clock.faces.slice(0, FACES_MAX).map((face) => ({ k: face.k, ...handsOf(face, sum, places.x, places.y) }));
      const apart = found.map(({ together, answer: hand }) => Math.abs(between(together, angleOf(hand))));
      // A hand that has the focus says by itself where it is.
      pair.ariaLive = state?.run.status === 'running' || document.activeElement?.closest('.knob') ? 'off' : 'polite';
      write(pair, text.pair({ x: symbol(places.x), y: symbol(places.y), z: symbol(answer), operation: started.operation }, apart));
      values.show(() => ({
        caption: text.FACES,
        head: text.COLUMNS,
        rows: found.map(({ k, x, y, together, answer: hand }, at) => text.row([x, y, together, wrapped(angleOf(hand)), apart[at]], k)),
      }));
    }
    drawCurves(prepared, answer);
    if (!watched.box) return;
    const symbols = symbolsOf(sum);
    const told = (/** @type {Hand} */ hand) => ({
      now: symbols.indexOf(sum.order[places[hand]]), most: symbols.length - 1, text: text.handAt(symbol(places[hand]), symbol(answer)),
    });
    hands.draw(clockworks(prepared), { x: told('x'), y: told('y') }, colorsOf(getComputedStyle(root)));
  }

  /** @type {import('../draw/sweep.js').Content | null} */
  let content = null;
  /** @param {Prepared} of @param {number} answer Its place. */
  function drawCurves({ clock, sum: { n } }, answer) {
    const some = clock.faces.slice(0, FACES_MAX);
    const total = added(clock.faces.map(({ curve }) => curve));
    const half = Math.floor((n - 1) / 2);
    const centred = (/** @type {any[]} */ curve) => curve.map((_, at) => curve[(at - half + n) % n]);
    if (!content || compared(clock)) {
      content = {
        label: text.CURVES,
        middle: text.RIGHT,
        ends: text.ENDS,
        strips: [
          ...some.map(({ k, curve }) => ({ name: text.alone(k), values: centred(curve), marks: centred(alike(curve)) })),
          { name: text.added(clock.faces.length), values: centred(total), marks: centred(alike(total)), strong: true },
          { name: text.WHOLE, values: centred(clock.whole), marks: centred(alike(clock.whole)), strong: true },
        ],
      };
      write(agreement, text.agreement(rivals(clock), n, lead(total)));
      drawLeads(clock);
    }
    if (offset < -half || offset > n - 1 - half) offset = 0;
    const at = (offset + n) % n;
    const parts = some.map(({ k, curve }) => ({ k, value: curve[at] }));
    const said = text.swept(offset, symbol((answer + at) % n), parts, total[at], total[0]);
    write(swept, said);
    sweep.draw(content, offset, said);
  }

  /** @param {Clock} clock */
  function drawLeads(clock) {
    const all = leads(clock);
    const rows = [
      ...all.slice(0, FACES_MAX).map(({ keys, ahead }) => ({ name: text.joined(keys), ahead })),
      ...(all.length > FACES_MAX ? [{ name: text.joined(all[all.length - 1].keys), ahead: all[all.length - 1].ahead }] : []),
      { name: text.WHOLE, ahead: lead(clock.whole) },
    ];
    const most = Math.max(...rows.map(({ ahead }) => ahead), 1e-9);
    table.replaceChildren(
      element('caption', {}, text.LEADS),
      element('thead', {}, element('tr', {}, ...text.LEADS_COLUMNS.map((head) => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...rows.map(({ name, ahead }) => {
        const bar = element('i', { 'aria-hidden': 'true' });
        bar.style.width = `${Math.max((100 * ahead) / most, 0)}%`;
        return element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, element('span', {}, text.ahead(ahead)), bar));
      })),
    );
  }

  const watched = watchFigure(body, draw);

  return {
    /** @param {State} next */
    render(next) {
      state = next;
      const { run, cursor } = next;
      const { started } = run;
      if (!started) return;
      const seen = clockShown(run);
      const clock = seen?.clock ?? null;
      if (renewed(started, clock)) {
        const sum = sumOf(started);
        prepared = sum && clock && clock.faces.length > 0 ? prepare(clock, sum) : null;
        for (const hand of HANDS) if (sum && places[hand] >= sum.n) places[hand] = Math.min(FIRST[hand], sum.n - 1);
        write(how, text.HOW + (prepared?.rings[0].others ? text.TWO_RINGS : '') + (started.index?.includes(null) ? text.LOGARITHMS : ''));
      }
      const none = started.index ? null : { text: text.NO_SUM, offers: true };
      const recorded = !none && run.recording && !clock ? { text: text.RECORDED, offers: true } : null;
      hints.sum.show(none);
      hints.live.show(recorded);
      sentence.hidden = none !== null || recorded !== null;
      // While it trains the text changes all the time; a screen reader would never end.
      sentence.ariaLive = run.status === 'running' ? 'off' : 'polite';
      write(sentence, text.describe(run, seen, FACES_MAX));
      body.hidden = prepared === null;
      if (!prepared) return;
      if (pointed(cursor) && cursor && Math.max(cursor.x, cursor.y) < started.symbols.length) point({ x: cursor.x, y: cursor.y });
      draw();
    },
    destroy() {
      watched.end();
      sweep.destroy();
      root.replaceChildren();
    },
  };
}

/** The symbols that have a place, in their own order. @param {Sum} sum */
const symbolsOf = ({ order }) => [...order].sort((a, b) => a - b);

/** @param {Clock} clock @param {Sum} sum @returns {Prepared} */
function prepare(clock, sum) {
  const { n, a, b, order } = sum;
  const hues = cssPalette(n);
  const faces = clock.faces.slice(0, FACES_MAX);
  const rings = faces.map(({ k, x, y }) => {
    const frequency = (a * k) % n;
    const places = round(n, frequency);
    return {
      points: places.map((place) => x[order[place]]),
      hues: places.map((place) => hues[(frequency * place) % n]),
      others: a === b ? null : order.map((at) => y[at]),
    };
  });
  return { clock, sum, rings, offs: faces.map((face) => meanOff(face, sum)) };
}
