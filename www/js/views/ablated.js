// What remains of a network without some of its parts: in numbers, as tables, and cell by cell.

import { createBoard } from '../draw/board.js';
import { picture } from '../draw/cells.js';
import { changedDrawing, changedPicture } from '../draw/changed.js';
import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { abgr } from '../draw/palette.js';
import { createScores } from '../draw/scores.js';
import { sameCut } from '../run/cut.js';
import { compared, present, shapeOf } from '../run/parts.js';
import * as text from '../text/cut.js';
import { NO_SYMBOL } from '../run/symbol.js';

/** @typedef {import('../worker/protocol.js').Scores} Scores */
/** @typedef {import('../worker/protocol.js').Started} Started */
/** @typedef {{ predicted: Uint16Array, confidence: Float32Array }} Answers */

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'cursor'>} actions */
export function create(root, actions) {
  const sentence = element('p', { 'aria-live': 'polite', className: 'outcome' });
  const scores = element('div', {});
  const tables = element('div', { className: 'boards' });
  const marks = element('p', { className: 'key' }, ...text.MARKS.map(([kind, words]) => element('span', {}, element('i', { className: kind }), words)));
  const kinds = element('p', { className: 'key changed' }, ...text.KINDS.map((words, kind) => element('span', {}, element('i', { className: `kind-${kind}` }), words)));
  const changed = element('p', {});
  const readout = element('p', { className: 'quiet reading', role: 'status' });
  const now = element('p', { className: 'quiet', hidden: true });
  // What stays in sight does so within the root, which is as high as the switches beside it.
  root.append(element('div', { className: 'remains' },
    sentence, scores, tables, element('div', { className: 'keys' }, marks, kinds), changed, now, readout));
  const numbers = createScores(scores, { caption: text.SCORES, sides: text.SIDES, columns: text.COLUMNS, right: text.right, loss: text.loss });
  const point = (/** @type {import('../draw/board.js').Cell | null} */ cell) => void actions.cursor(cell);
  const boards = {
    whole: createBoard(tables, { name: 'whole', point }),
    left: createBoard(tables, { name: 'remains', point, keys: text.KEYS }),
    changed: createBoard(tables, { name: 'changed', point }),
  };

  const compares = changes();
  /** How the answers that are shown differ. @type {Uint8Array} */
  let difference = new Uint8Array(0);

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run, page, cursor }) {
      const { started, ablated, latest, recording, missing, frames, scrub, status } = run;
      root.hidden = recording !== null;
      if (recording || !started || !latest) return;
      const cut = present(page.cut, missing);
      const shape = shapeOf(run);
      const isCut = cut.parts.length > 0;
      const is = isCut && ablated && sameCut(cut, { parts: ablated.cuts, fill: ablated.fill }) ? ablated : null;
      // Until the answer is there, the last one stays.
      const seen = isCut ? ablated : null;
      const same = !seen || latest.step === seen.step ? latest : frames.find(({ step }) => step === seen.step)?.evaluated;
      const before = same ?? latest;
      /** @type {Answers} */
      const after = seen ?? before;
      root.classList.toggle('stale', isCut && !is);
      // While it trains the text changes all the time; a screen reader would never end.
      sentence.ariaLive = status === 'running' ? 'off' : 'polite';
      write(sentence, !isCut ? text.NOTHING_CUT : is ? text.outcome(shape, is) : run.stopped ? '' : text.ASKING);
      // What is of two steps is not compared.
      for (const node of [boards.changed.element, changed, kinds]) node.hidden = !same;
      const own = ownScores(started, before);
      numbers.show([[text.WHOLE, seen?.whole ?? own], [text.LEFT, seen?.left ?? own]]);
      if (compares(started, before.predicted, after.predicted)) difference = compared(started, before.predicted, after.predicted);
      write(changed, text.changesIn(difference, started));
      now.hidden = scrub === null || scrub === latest.step;
      if (scrub !== null) write(now, text.onlyNow(seen?.step ?? latest.step));
      const isInside = cursor !== null && cursor.x < started.symbols.length && cursor.y < started.symbols.length;
      write(readout, isInside && same ? text.cellOf(started, cursor, before, after) : '');
      const left = text.without(shape, seen?.cuts ?? []);
      boards.whole.draw(answers(started, before, cursor, text.WHOLE, text.boardOf(text.WHOLE, (same && seen?.whole) ?? own)));
      boards.left.draw(answers(started, after, cursor, text.LEFT, text.boardOf(left, seen?.left ?? own)));
      const kindsNow = difference;
      const isThere = (/** @type {number} */ cell) => started.answer[cell] !== NO_SYMBOL;
      boards.changed.draw({
        symbols: started.symbols,
        of: kindsNow,
        title: text.CHANGED,
        label: `${text.CHANGED}: ${text.changesIn(kindsNow, started)}`,
        cursor,
        paint: (edge, style) => changedPicture(kindsNow, isThere, edge, style),
        svg: (side, style) => changedDrawing(kindsNow, isThere, { symbols: started.symbols, side, style, words: text.KINDS }),
      });
    },
    destroy() {
      for (const board of Object.values(boards)) board.destroy();
      root.replaceChildren();
    },
  };
}

/**
 * A table of answers as a board.
 * @param {Started} started @param {Answers} answered @param {import('../draw/board.js').Cell | null} cursor
 * @param {string} title @param {string} label @returns {import('../draw/board.js').Board}
 */
function answers({ symbols, answer, heldOut, outlier, order }, { predicted }, cursor, title, label) {
  const cells = { size: symbols.length, answer, heldOut, outlier, order, predicted, noSymbol: NO_SYMBOL };
  return {
    symbols,
    of: predicted,
    title,
    label,
    cursor,
    paint: (edge, style) => picture(cells, edge, abgr(style.getPropertyValue('--outline'))),
    svg: async (side, style) => (await import('../draw/cells-svg.js')).drawCells(cells, { symbols, side, marks: text.MARKS, style }),
  };
}

/** The scores of the whole network, as the page knows them. @param {Started} started @param {import('../worker/protocol.js').Evaluated} evaluated @returns {Scores} */
function ownScores({ answer, heldOut }, { predicted, trainLoss, heldOutLoss }) {
  const sides = { train: { right: 0, of: 0, loss: trainLoss }, heldOut: { right: 0, of: 0, loss: heldOutLoss } };
  for (let cell = 0; cell < answer.length; cell += 1) {
    if (answer[cell] === NO_SYMBOL) continue;
    const side = heldOut[cell] ? sides.heldOut : sides.train;
    side.of += 1;
    if (predicted[cell] === answer[cell]) side.right += 1;
  }
  return sides;
}
