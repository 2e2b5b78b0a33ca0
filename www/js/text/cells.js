// What there is to say of one cell, and of the table.

import { NO_SYMBOL } from '../run/symbol.js';
import { whole, withUnit } from './numbers.js';

/** @typedef {import('../worker/protocol.js').Started} Started */
/** @typedef {import('../worker/protocol.js').Evaluated} Evaluated */

/** @param {Started} started */
export function nature({ commutative, associative, distinctAnswers, operation }) {
  const mirror = commutative ? 'x and y can change places' : 'x and y cannot change places';
  const group = associative ? ' and brackets do not matter' : '';
  return `In ${operation}, ${mirror}${group}; there are ${distinctAnswers} different answers.`;
}

/**
 * @param {Started} started @param {{ x: number, y: number }} cell @param {Evaluated | null} evaluated
 */
export function describe(started, { x, y }, evaluated) {
  const { symbols, operation, modular, heldOut, outlier } = started;
  const size = symbols.length;
  const name = (/** @type {number} */ symbol) => symbols[symbol];
  const index = x * size + y;
  const answer = started.answer[index];
  const left = `x = ${name(x)}, y = ${name(y)}`;
  if (answer === NO_SYMBOL) return `${left}: ${operation} is not defined here.`;
  const modulo = modular ? ` (mod ${size})` : '';
  const side = heldOut[index] ? 'never shown' : 'shown';
  const equation = outlier[index]
    ? `${left}: shown with ${operation} = ${name(answer)}, the answer of another equation.`
    : `${left}: ${operation} = ${name(answer)}${modulo}, ${side}.`;
  if (!evaluated) return equation;
  const first = evaluated.firstRight[index];
  const sure = evaluated.confidence[index];
  if (!Number.isFinite(sure)) {
    return `${equation} In this recording it is ${first ? `first right at step ${whole(first - 1)}` : 'not right by then'}.`;
  }
  const percent = sure > 0.9999 && sure < 1 ? 'more than 99.99' : (100 * sure).toFixed(sure > 0.999 ? 2 : 1);
  return `${equation} The network says ${name(evaluated.predicted[index])}, ${withUnit(percent, '%')} sure; ` +
    `${first ? `first right at step ${whole(first - 1)}` : 'never right so far'}.`;
}
