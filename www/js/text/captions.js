// What is happening now, in sentences that say no more than the numbers.

import { count } from '../run/count.js';
import { FEW, beatOf } from '../run/timeline.js';
import { percent, timesLater, whole } from './numbers.js';

/** @typedef {import('../run/run.js').Run} Run */
/** @typedef {import('../run/count.js').Count} Count */
/** @typedef {import('../worker/protocol.js').Evaluated} Evaluated */
/** @typedef {import('../run/timeline.js').Beat} Beat */

/** Held-out accuracy from which on learning by heart is not all that it does. */
const LEARNED = 0.1;
/** Between these, times what guessing gets, it is as good as guessing. */
const LIKE_GUESSING = [0.6, 1.6];

/**
 * The moment of the story, a head and the numbers. `beat` is null before it was trained.
 * @param {Run} run @param {Evaluated | null} evaluated What is shown of it.
 * @returns {{ beat: Beat | null, head: string, text: string }}
 */
export function caption(run, evaluated) {
  const { started } = run;
  if (!started || !evaluated) return { beat: null, head: 'One moment', text: 'The network is being set up.' };
  return told(run, started, evaluated, count(started, evaluated));
}

/**
 * The longest captions that a run can have until it ends, for room in which nothing moves when one takes
 * another's place.
 * @param {Run} run @returns {string[]}
 */
export function longest(run) {
  const { started, settings } = run;
  if (!started) return [];
  const { shown, others, mirrored, unmirrored } = count(started, { predicted: started.answer });
  const budget = Number(settings.budget) || 0;
  const part = (/** @type {Count} */ { all }, /** @type {number} */ right) => ({ all, right: Math.min(Math.max(right, 1), all) });
  const guessed = (/** @type {Count} */ of) => part(of, Math.round(started.chance * of.all));
  const own = part(shown, shown.all - 1);
  const at = { step: budget, memorisedAt: null, generalisedAt: null, heldOutAccuracy: 0, mirroredAccuracy: null, unmirroredAccuracy: null };
  const waiting = { shown: own, others: guessed(others), mirrored: part(mirrored, mirrored.all - 1), unmirrored: guessed(unmirrored) };
  const ruled = { ...waiting, others: part(others, others.all - 1) };
  const learning = told(run, started, at, waiting);
  const knowing = told(run, started, { ...at, memorisedAt: 1 }, waiting);
  // Where fewer are right the head is longer.
  const few = told(run, started, { ...at, memorisedAt: 1 }, { ...waiting, others: { ...others, right: 0 }, unmirrored: { ...unmirrored, right: 0 } });
  const { head: last, text: end } = told(run, started, { ...at, memorisedAt: budget / 9.9, generalisedAt: budget }, ruled);
  const head = few.head.length > knowing.head.length ? few.head : knowing.head;
  return [`${learning.head}. ${learning.text}`, `${head}. ${knowing.text}`, `${last}. ${end}`];
}

/**
 * @param {Run} run @param {import('../worker/protocol.js').Started} started
 * @param {import('../run/timeline.js').Told} evaluated
 * @param {import('../run/count.js').Counts} counts
 * @returns {{ beat: Beat | null, head: string, text: string }}
 */
function told(run, started, evaluated, counts) {
  const { shown, others } = counts;
  const end = ending(run, evaluated);
  const beat = beatOf(evaluated);
  const { chance, outlier } = started;
  const { memorisedAt, generalisedAt } = evaluated;
  if (evaluated.step === 0) {
    return {
      beat,
      head: 'It has not been trained yet',
      text: `Of all ${whole(shown.all + others.all)} cells it gets ${ofThem(both(shown, others))} right` +
        `; guessing gets about ${whole(chance * (shown.all + others.all))}.`,
    };
  }
  const mirrors = counts.mirrored.all > 0 && counts.unmirrored.all > 0;
  const rest = mirrors ? byMirror(counts.mirrored, counts.unmirrored, chance) : knows(others, chance);
  const wrong = outlier.reduce((sum, flag) => sum + flag, 0);
  const own = `${knowsOwn(shown)}${wrong ? ` (${whole(wrong)} of them with a wrong answer)` : ''}`;
  if (generalisedAt !== null) return { beat, ...afterRule(others, memorisedAt, generalisedAt, end) };
  // Mirror images are less than the rule: what else it knows says how far that is.
  const { all, right } = mirrors ? counts.unmirrored : others;
  const share = all ? right / all : 0;
  const isOver = end !== '';
  if (memorisedAt === null) {
    const head = share > LEARNED ? 'It learns its cells, and others with them' : 'It learns its cells by heart';
    return { beat, head, text: `${isOver ? capital(own) : `So far ${own}`}. ${rest}${end}` };
  }
  return { beat, head: headOfWait(share, mirrors ? counts.mirrored : null, isOver), text: `${capital(own)}. ${rest}${end}` };
}

/** @param {Count} others @param {number | null} memorisedAt @param {number} generalisedAt @param {string} end */
function afterRule(others, memorisedAt, generalisedAt, end) {
  const slipped = others.right / others.all < 0.99;
  const gap = memorisedAt ? generalisedAt / memorisedAt : 0;
  const later = gap >= 1.1
    ? ` It took ${timesLater(gap)} as many steps as its own cells: ${whole(generalisedAt)} and ${whole(memorisedAt ?? 0)}.`
    : ` It took ${whole(generalisedAt)} steps.`;
  return {
    head: slipped ? 'It had the rule, and slips' : 'It gets the rule',
    text: `Of the ${whole(others.all)} cells that it never saw it ${slipped ? 'now ' : ''}knows ${ofThem(others)}.${later}${end}`,
  };
}

/**
 * @param {number} share Of the others, without mirror images. @param {Count | null} mirrored @param {boolean} isOver
 */
function headOfWait(share, mirrored, isOver) {
  if (share > 0.5) return 'It gets most of the others';
  if (share > FEW) return isOver ? 'It gets few of the others' : 'Now others come, too';
  if (mirrored && mirrored.right > FEW * mirrored.all) return 'It knows its cells, and others by their mirror images';
  return share === 0 ? 'It knows its cells and only those' : 'It knows its cells and hardly any others';
}

/** @param {Count} shown */
const knowsOwn = ({ all, right }) =>
  `it knows ${right === all ? 'all' : right === 0 ? 'none' : `${whole(right)}`} of the ${whole(all)} cells it was shown`;

/** @param {Count} of */
const ofThem = ({ all, right }) => (right === all ? 'all' : right === 0 ? 'none' : whole(right));

/** @param {Count} a @param {Count} b */
const both = (a, b) => ({ all: a.all + b.all, right: a.right + b.right });

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** What guessing gets of them, if that is worth a word. @param {Count} of @param {number} chance */
function guessing({ all, right }, chance) {
  const expected = chance * all;
  if (right === 0 || expected < 1 || right > LIKE_GUESSING[1] * expected) return '';
  if (right < LIKE_GUESSING[0] * expected) return ', fewer than guessing gives';
  return ', about as many as guessing gives';
}

/** What it knows of the cells that it never saw. @param {Count} others @param {number} chance */
function knows(others, chance) {
  if (others.all === 0) return 'There are no others.';
  if (others.all === 1) return `The other one it gets ${others.right ? 'right' : 'wrong'}.`;
  return `Of the other ${whole(others.all)} it knows ${ofThem(others)}${guessing(others, chance)}.`;
}

/** @param {Count} mirrored @param {Count} unmirrored @param {number} chance */
function byMirror(mirrored, unmirrored, chance) {
  const share = (/** @type {Count} */ { all, right }) => (right === all || right === 0 ? ofThem({ all, right }) : percent(right / all));
  return `Of the other ${whole(mirrored.all)} whose mirror image (y, x) it was shown it knows ${share(mirrored)}; ` +
    `of the ${whole(unmirrored.all)} left, ${share(unmirrored)}${guessing(unmirrored, chance).replace('many', 'much').replace('fewer', 'less')}.`;
}

/** How the run ended, if it did not end by generalising. @param {Run} run @param {{ step: number, generalisedAt: number | null }} evaluated */
function ending({ status, step }, evaluated) {
  if (evaluated.step !== step) return '';
  if (status === 'failed') return ' Training stopped here.';
  if (status !== 'finished' || evaluated.generalisedAt !== null) return '';
  return ` Its ${whole(step)} steps are over, and it has not got the rule.`;
}

/** What a screen reader is told: what has settled. @param {Run} run */
export function announcement(run) {
  const { status, latest, recording } = run;
  if (recording) return '';
  const now = { running: 'Training.', paused: 'Paused.', finished: 'The run has ended.', failed: 'Training stopped.' };
  const state = now[/** @type {keyof typeof now} */ (status)] ?? '';
  if (status === 'running') {
    const news = latest?.generalisedAt ? 'It gets the rule.' : latest?.memorisedAt ? 'It knows what it was shown.' : '';
    return [state, news].filter(Boolean).join(' ');
  }
  if (!latest || latest.step === 0) return state;
  const { head, text } = caption(run, latest);
  return [state, `${head}.`, text].filter(Boolean).join(' ');
}

/** Where what is shown comes from. @param {Run} run */
export function kicker({ recording }) {
  if (!recording) return 'Grokking · live in your browser';
  return recording.own ? 'Grokking · a recorded run' : `Grokking · a recorded run, ${recording.file}`;
}

/** What one does on a clock. @type {Record<string, [string, string, string, (a: number, b: number, p: number) => number]>} */
const CLOCK = {
  add: ['add', '+', 'sums', (a, b, p) => (a + b) % p],
  sub: ['subtract', '−', 'differences', (a, b, p) => (a - b + p) % p],
  mul: ['multiply', '·', 'products', (a, b, p) => (a * b) % p],
};

/** What is learned, and how much of it is shown. @param {Run} run */
export function lede({ started, settings }) {
  if (!started) return '';
  const { modular, operation, equations, train, symbols } = started;
  const p = symbols.length;
  const part = (/** @type {string} */ what) => {
    const rest = equations - train;
    const others = rest === 1 ? 'the other one it never sees' : `the ${whole(rest)} others it never sees`;
    return `Of ${what === 'cells' ? 'its' : 'the'} ${whole(equations)} ${what} it is shown ${whole(train)}, again and again; ${others}.`;
  };
  const clock = modular && p > 6 ? CLOCK[settings.operation] : undefined;
  if (clock) {
    const [verb, sign, results, answer] = clock;
    const [a, b] = settings.operation === 'sub' ? [2, 5] : [p - 3, 5];
    return `It is learning to ${verb} on a clock with ${p} hours, where ${`${a} ${sign} ${b} is ${answer(a, b, p)}`.replaceAll(' ', '\u00a0')}. ${part(results)}`;
  }
  if (settings.operation === 's5') {
    return `It is learning what two shuffles of five things come to, one after the other. ${part('pairs of shuffles')}`;
  }
  return `It is learning the table of ${operation}${modular ? ` modulo ${p}` : ''}. ${part('cells')}`;
}
