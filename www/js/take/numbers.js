// What a run showed, as numbers for other programs.

import { csv } from './csv.js';
import { shown } from '../run/frames.js';
import { NO_SYMBOL } from '../run/symbol.js';

/** @typedef {import('../run/run.js').Run} Run */
/** @typedef {import('./about.js').About} About */

/** One line an evaluation. @param {Run} run */
export function curvesCsv({ curves }) {
  const columns = Object.entries(curves);
  return csv(columns.map(([name]) => name), curves.step.map((_, at) => columns.map(([, column]) => column[at])));
}

/** The curves as columns, and what they are of. @param {Run} run @param {About} about */
export function curvesJson({ curves, latest }, about) {
  const { memorisedAt = null, generalisedAt = null } = latest ?? {};
  // What is not a number, as where there are no such cells, is null.
  return `${JSON.stringify({ ...about, memorisedAt, generalisedAt, curves }, null, 1)}\n`;
}

/**
 * One line an equation, x before y: its answer, what the network gives and whether that is right, at the step
 * that is shown. `probability` is of what it gives, `firstRight` the first evaluated step at which it was right.
 * @param {Run} run
 */
export function tableCsv(run) {
  const { evaluated } = shown(run);
  return csv(
    ['x', 'y', 'answer', 'set', 'predicted', 'right', 'probability', 'firstRight'],
    equations(run).map(({ cell, x, y, answer, set, symbols, symbol }) => {
      const predicted = evaluated?.predicted[cell] ?? NO_SYMBOL;
      const first = evaluated?.firstRight[cell] ?? 0;
      // A recording keeps of a wrong answer that it was wrong.
      return [x, y, answer, set, symbols[predicted] ?? null, predicted === symbol, evaluated?.confidence[cell], first > 0 ? first - 1 : null];
    }),
  );
}

/** One line an equation: which are trained on and which are held out, as `grok split` writes them. @param {Run} run */
export const splitCsv = (run) =>
  csv(['x', 'y', 'answer', 'set'], equations(run).map(({ x, y, answer, set }) => [x, y, answer, set]));

/** @param {Run} run */
function equations({ started }) {
  if (!started) return [];
  const { symbols, answer, heldOut } = started;
  const size = symbols.length;
  return Array.from(answer, (symbol, cell) => ({ symbol, cell })).filter(({ symbol }) => symbol !== NO_SYMBOL).map(({ symbol, cell }) => ({
    cell, symbol, symbols,
    x: symbols[Math.floor(cell / size)],
    y: symbols[cell % size],
    answer: symbols[symbol],
    set: heldOut[cell] ? 'held out' : 'train',
  }));
}
