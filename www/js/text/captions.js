// What is happening now, in sentences that say no more than the numbers.

import { count } from '../run/count.js';
import { percent, timesLater, whole } from './numbers.js';

/** @typedef {import('../run/run.js').Run} Run */
/** @typedef {import('../run/count.js').Count} Count */
/** @typedef {import('../run/timeline.js').Beat | 'untrained' | 'learning'} Stage */

/** Held-out accuracy up to which it knows what it was shown and hardly anything else. */
const FEW = 0.03;
/** An accuracy up to so many times that of guessing is no knowledge. */
const LIKE_GUESSING = 1.6;

/**
 * @param {Run} run @param {import('../worker/protocol.js').Evaluated | null} evaluated What is shown of it.
 * @returns {{ stage: Stage, head: string, text: string }}
 */
export function caption(run, evaluated) {
  const { started } = run;
  if (!started || !evaluated) return { stage: 'untrained', head: 'One moment', text: 'The network is being set up.' };
  const { shown, others, mirrored, unmirrored } = count(started, evaluated);
  const end = ending(run, evaluated);
  const told = mirrored.all > 0 && unmirrored.all > 0;
  const rest = told ? byMirror(mirrored, unmirrored, started.chance) : knows(others, started.chance);
  if (evaluated.step === 0) {
    return {
      stage: 'untrained',
      head: 'It has not been trained yet',
      text: `Of all ${whole(started.equations)} cells it gets ${whole(shown.right + others.right)} right; ` +
        `guessing gets about ${whole(started.chance * started.equations)}.`,
    };
  }
  const { memorisedAt, generalisedAt } = evaluated;
  const share = others.right / others.all;
  if (generalisedAt !== null) {
    const gap = memorisedAt ? generalisedAt / memorisedAt : 0;
    const later = gap >= 1.1 ? `, after ${timesLater(gap)} as many steps as it took to know its own cells` : '';
    return {
      stage: 'generalised',
      head: share >= 0.99 ? 'It gets the rule' : 'It had the rule, and slips',
      text: `Of the ${whole(others.all)} cells it never saw it gets ${ofThem(others)}. ` +
        `99 % were right at step ${whole(generalisedAt)}${later}.${end}`,
    };
  }
  if (memorisedAt === null) {
    return {
      stage: 'learning',
      head: 'It learns its cells by heart',
      text: `Of the ${whole(shown.all)} cells it is shown it knows ${ofThem(shown)}. ${rest}${end}`,
    };
  }
  const knowsOwn = shown.right === shown.all
    ? `It knows all ${whole(shown.all)} cells it is shown.`
    : `It knows ${whole(shown.right)} of the ${whole(shown.all)} cells it is shown.`;
  return {
    stage: 'memorised',
    head: headOfWait(share, told),
    text: `${knowsOwn} ${rest}${end}`,
  };
}

/** @param {number} share @param {boolean} told */
function headOfWait(share, told) {
  if (share === 0) return 'It knows those and only those';
  if (share <= FEW) return 'It knows those and hardly any others';
  return told ? 'It knows those, and mirror images of them' : 'Others follow';
}

/** @param {Count} of */
const ofThem = ({ all, right }) => (right === all ? 'all' : right === 0 ? 'none' : whole(right));

/** Of the cells that it never saw. @param {Count} others @param {number} chance */
function knows(others, chance) {
  const { all, right } = others;
  const guessed = right > 0 && right / all <= LIKE_GUESSING * chance;
  return `Of the other ${whole(all)} it gets ${ofThem(others)}${guessed ? ', about as many as guessing gives' : ''}.`;
}

/** @param {Count} mirrored @param {Count} unmirrored @param {number} chance */
function byMirror(mirrored, unmirrored, chance) {
  const share = (/** @type {Count} */ { all, right }) => (right === all || right === 0 ? ofThem({ all, right }) : percent(right / all));
  const guessed = unmirrored.right > 0 && unmirrored.right / unmirrored.all <= LIKE_GUESSING * chance;
  return `Of the others whose mirror image (y, x) it is shown it gets ${share(mirrored)}; of the ` +
    `${whole(unmirrored.all)} that take more than that, ${share(unmirrored)}${guessed ? ', as guessing would' : ''}.`;
}

/** How the run ended, if it did not end by generalising. @param {Run} run @param {{ step: number, generalisedAt: number | null }} evaluated */
function ending({ status, step }, evaluated) {
  if (evaluated.step !== step) return '';
  if (status === 'failed') return ' Training stopped here.';
  if (status !== 'finished' || evaluated.generalisedAt !== null) return '';
  return ` The ${whole(step)} steps are over, and it did not get the rule.`;
}

/** What a screen reader is told: what has settled. @param {Run} run */
export function announcement(run) {
  const { status, latest, recording } = run;
  if (recording) return '';
  const now = { running: 'Training.', paused: 'Paused.', finished: 'The run has ended.', failed: 'Training stopped.' };
  const state = now[/** @type {keyof typeof now} */ (status)] ?? '';
  if (status === 'running') {
    const news = latest?.generalisedAt ? 'It gets the rule.' : latest?.memorisedAt ? 'It knows what it is shown.' : '';
    return [state, news].filter(Boolean).join(' ');
  }
  if (!latest || latest.step === 0) return state;
  const { head, text } = caption(run, latest);
  return [state, `${head}.`, text].filter(Boolean).join(' ');
}

/** Above the title. @param {Run} run */
export const kicker = ({ recording }) => (recording ? 'Grokking · a recorded run' : 'Grokking · live in your browser');

/** What is learned, and how much of it is shown. @param {Run} run */
export function lede({ started, settings }) {
  if (!started) return '';
  const { modular, operation, equations, train, symbols } = started;
  const p = symbols.length;
  const other = equations - train === 1 ? 'other' : 'others';
  const part = `it is shown ${whole(train)}, again and again; the ${whole(equations - train)} ${other} it never sees.`;
  if (modular && settings.operation === 'add' && p > 6) {
    const [a, b] = [p - 3, 5];
    return `It is learning to add on a clock with ${p} hours, where ${a} + ${b} is ${(a + b) % p}. ` +
      `Of the ${whole(equations)} sums ${part}`;
  }
  return `It is learning the table of ${operation}${modular ? ` modulo ${p}` : ''}. ` +
    `Of its ${whole(equations)} cells ${part}`;
}
