// The story: what each chapter says, and what is said of it in a lecture. `[words](act)` act, `{name}` is a
// number of the run that the chapter opens with.

import { about, whole, withUnit } from './numbers.js';

/**
 * @typedef {object} Chapter
 * @property {string} title
 * @property {string[]} words
 * @property {{ say: string, notes: string }[]} slides In a lecture, one at a time.
 */

/** By the id of the chapter. @type {Record<string, Chapter>} */
export const WORDS = {
  table: {
    title: 'The table',
    words: [
      'Here are {equations} sums on a clock with {p} hours; the colour of a cell is its answer. In [row {a}, column {b}](cell) it is {c}: {a} + {b} is once round and {c} hours more.',
      'A network is shown {train} of them with their answers, the small cells, and never the {others} empty ones. A sum and [its mirror image](mirror) it is shown both or neither.',
      'To the network these are bare symbols. That they are hours, and go round, it has to find out.',
    ],
    slides: [
      {
        say: '{a} + {b} = {c} on a clock with {p} hours.',
        notes: 'This is all that is asked of it: adding on a clock. The network does not know that these are numbers. To it each is a symbol, and which symbol follows from which two is as arbitrary as a list of words.',
      },
      {
        say: 'All {equations} sums are one table. The network is shown {train} of them.',
        notes: 'x in the rows, y in the columns; the colour is the answer. The small cells are what it is trained on.',
      },
      {
        say: 'The {others} empty cells it never sees.',
        notes: 'A cell and its mirror image are shown together or held out together. So it takes more than exchanging x and y to get an empty cell right.',
      },
    ],
  },
  heart: {
    title: 'Learning by heart',
    words: [
      'At each step the network answers the {train} sums that it is shown, and all its weights move a little so that the right answers become likelier. [Watch it learn](watch): the small cells take on colour, the empty ones stay empty.',
      'At [step {memorisedAt}](end) it has 99\u00a0% of its own right, and of the {others} others {heldThen}. It has learned them by heart.',
    ],
    slides: [
      {
        say: 'Step by step it gets its own sums right.',
        notes: 'Each step shows it all of its sums and moves every weight a little. It is a recording that plays here; the page can train the same run live.',
      },
      {
        say: 'At step {memorisedAt} it knows 99\u00a0% of them. Of the {others} others: {heldThen}.',
        notes: 'The dark curve is at the top, the other has not moved. In most courses this is where one stops training, and says that the network has overfitted.',
      },
    ],
  },
  wait: {
    title: 'The long wait',
    words: [
      'This should be the end: its loss, which is how surprised it is by the right answers to its own sums, is down from {lossFirst} to {lossThen}.',
      'Training [goes on](watch) all the same, with the same sums. For {waited} more steps it gets no more than {few} of the others right, and nothing on the upper curve announces that this will change.',
    ],
    slides: [
      {
        say: 'It knows its sums by heart. Training goes on with the same ones.',
        notes: 'The loss on what it is shown is down from {lossFirst} to {lossThen}. Ask the audience: what will happen if we just go on?',
      },
      {
        say: '{waited} steps later it still knows no more than {few} of the others.',
        notes: 'Nothing on the upper curve announces what comes. That is what makes it strange: what the network is trained on is learned already.',
      },
    ],
  },
  moment: {
    title: 'The moment',
    words: [
      'Now your own computer trains it, with the same sums and the same first weights. Look at the empty cells: after the wait they fill in all over the table, and not one of them was ever shown.',
      'Power and others, who saw this first, called it grokking. [Train it again](again), and it is the same run; with [another seed](seed) it is shown other sums, and waits for a longer or a shorter time.',
    ],
    slides: [
      {
        say: 'Live: the empty cells fill in. None of them was ever shown.',
        notes: 'This trains here and now, in the browser, in some seconds. Where the computer is too slow for that, it is the recorded run, and the line below says so.',
      },
      {
        say: 'First by heart, long after that the rule: grokking.',
        notes: 'Power, Burda, Edwards, Babuschkin and Misra found it in 2022 (arXiv 2201.02177). The two marks are the first times that 99\u00a0% were right, of what it is shown and of what it is not.',
      },
    ],
  },
  circle: {
    title: 'What it found',
    words: [
      'Each number is a row of {width} weights to the network, and here a point, in the plane of the frequency that is strongest among them. [Before training](start) the points lie anywhere; [at the end](end), on a ring.',
      'The line joins each number with the one {stride} hours on, and goes round once: adding is turning. [Let time run](watch), and look when the ring comes: it makes itself a clock that nobody told it of. In the end {keys} such rings explain {explained} of how its answers vary.',
    ],
    slides: [
      {
        say: 'Each number is a point inside the network. Before training they lie anywhere.',
        notes: 'A number is a row of {width} weights. The picture shows these rows in the plane of one frequency, the one that the network comes to use most.',
      },
      {
        say: 'At the end they lie on a ring, {stride} hours from each to the next.',
        notes: 'On a ring adding is turning. Nanda and others (arXiv 2301.05217) took such a network apart and found that it computes with sines and cosines of a few frequencies. Here {keys} of them explain {explained} of how its answers vary.',
      },
    ],
  },
  decay: {
    title: 'What weight decay does',
    words: [
      'Weight decay takes a small share off every weight at every step, and what training does not keep renewing fades. The norm of all weights was {normThen} when this network knew its sums by heart, and is {normEnd} now that it has the rule.',
      'Train it with [less weight decay](less), with [more](more) or with [none](none), and look at the bars: each goes from the step at which it knew its own sums to the step at which it got the rule.',
    ],
    slides: [
      {
        say: 'Weight decay takes a small share off every weight at every step.',
        notes: 'The norm of all weights was {normThen} when it knew its sums by heart, and {normEnd} at the end. What by heart needs, and the rule does not, fades.',
      },
      {
        say: 'Less of it: a longer wait.',
        notes: 'The same network, the same sums, the same seed; only the weight decay is another. Other seeds wait for other times.',
      },
      {
        say: 'None: the rule does not come within these steps.',
        notes: 'It is pressed towards nothing simpler. In the paper\u2019s first figure, without weight decay, the rule did come, after a very long time.',
      },
    ],
  },
  data: {
    title: 'Less data, longer wait',
    words: [
      'So far it was shown {share} of the table. Fewer sums are no harder to learn by heart, but they say less about the rule.',
      'Show it [a little less](less) or [only half](half), and look at both ends of the bar: where it knows its own sums, and where, if at all, it gets the others.',
    ],
    slides: [
      {
        say: 'It was shown {share} of the table.',
        notes: 'The bar goes from the step at which it knew its own sums to the step at which it got the rule.',
      },
      {
        say: 'Show it less, and the rule comes later.',
        notes: 'Learning by heart takes about as long as before. In the paper this is the second part of the first figure.',
      },
      {
        say: 'Half of it: by heart, and no further.',
        notes: 'Within the steps of this run. In the paper the time grows steeply as the share that is shown falls.',
      },
    ],
  },
  never: {
    title: 'When it never happens',
    words: [
      'Not every network gets there. [This one](quarter) was shown a quarter of a table, without weight decay: it knew its sums by heart at step {memorisedAt}, and at step {last} it has {heldNow} of the {others} others.',
      '[Dividing without weight decay](power), it is not there when this recording ends; Power and others went on for longer, and saw it come. For [x³ + xy² + y](cubic) they never did. A run can only say that the rule did not come within its steps.',
    ],
    slides: [
      {
        say: 'A quarter of a table, no weight decay: {heldNow} of {others} after {last} steps.',
        notes: 'By heart at step {memorisedAt}, and hardly more after that. A run can only say that the rule did not come within its steps.',
      },
      {
        say: 'x³ + xy² + y: the authors of the paper never saw this one come.',
        notes: 'Nine tenths of the table are shown. Power and others tried up to 95\u00a0%.',
      },
    ],
  },
  others: {
    title: 'Other operations',
    words: [
      'Nothing in the network is made for sums. Networks of its kind learn [differences](sub), [products](mul) and [what two shuffles of five things come to](s5), each from a part of its table.',
      'Look closely where it gets only some: of [x² + xy + y²](quad2) it knows the mirror images of what it was shown, and hardly anything else.',
      'Now it is yours: [leave the story](leave), ask another question, hold out cells by hand or change any setting.',
    ],
    slides: [
      {
        say: 'Differences, products: the same story.',
        notes: 'Recordings of larger tables, 97 by 97, which would take too long to train here.',
      },
      {
        say: 'Shuffles of five things: no numbers at all, and a rule is found.',
        notes: 'The symmetric group S\u2085, 120 symbols. It was shown half of the table.',
      },
      {
        say: 'x² + xy + y²: most of it right, by mirror images alone.',
        notes: 'It knows that x and y can change places, and hardly more: look at the two thin curves.',
      },
    ],
  },
};

export const LEAVE = 'Explore on your own';
export const PRESENT = 'Present';
export const PRESENT_HOW = 'As a lecture, on the whole screen (p); n opens its speaker notes there';
export const NO_NOTES = 'The browser did not let the window of the notes open: allow windows of this page, and press n again.';
export const PREVIOUS = 'Back';
export const NEXT = 'Next';
export const AGAIN = 'Try again';
export const CHAPTERS = 'Chapters';
export const TRIED = 'What you have tried';
export const BLANK = 'The screen is blank.';
/** Behind the words of the invitation, for whoever was there. */
export const back = (/** @type {number} */ chapter) => `: back to chapter ${chapter}`;

/** @param {number} chapter @param {number} count */
export const kicker = (chapter, count) => `Chapter ${chapter} of ${count}`;
/** @param {number} chapter @param {string} title */
export const named = (chapter, title) => `${chapter}: ${title}`;

/** Where what is shown comes from. @typedef {{ kind: 'training' | 'trained' | 'recorded' | 'slow' | 'over' | 'on' | 'failed' | 'missing', seconds?: number, why?: string }} Note */

/** @param {Note | null} note @param {number} step The last of a recording, and of a run that trains the newest. */
export function noted(note, step) {
  switch (note?.kind) {
    case 'training': return `Your computer trains it now: step ${whole(step)}.`;
    case 'trained': return `Trained here: ${whole(step)} steps.`;
    case 'recorded': return `A recording of ${whole(step)} steps.`;
    case 'slow': return `A recording of ${whole(step)} steps: to train it here would take ${about(note.seconds ?? 0)}.`;
    case 'over': return `${note.seconds} seconds were not enough here. This is the recording, ${whole(step)} steps.`;
    case 'on': return `${note.seconds} seconds are over and it has not got the rule. It trains on: step ${whole(step)}.`;
    case 'failed': return `It cannot be trained here. This is the recording, ${whole(step)} steps.`;
    case 'missing': return `${note.why}.`;
    default: return '';
  }
}

/** A sum on the clock. @param {number} x @param {number} y @param {number} p */
export function onClock(x, y, p) {
  const answer = (x + y) % p;
  return x + y < p ? `${x} + ${y} = ${answer}` : `${x} + ${y} = ${x + y}, once round and ${answer} more`;
}

/** How far a run of the chapter came. @typedef {{ label: string, memorisedAt: number | null, generalisedAt: number | null, step: number }} Tried */

/** @param {Tried} tried */
export function outcome({ memorisedAt, generalisedAt, step }) {
  const heart = memorisedAt === null ? 'not by heart' : `by heart ${whole(memorisedAt)}`;
  return `${heart}, ${generalisedAt === null ? `no rule by ${whole(step)}` : `rule ${whole(generalisedAt)}`}`;
}

/** What is different about a run. @type {Record<string, (text: string) => string>} */
export const DIFFERENCES = {
  seed: (seed) => `seed ${seed}`,
  weightDecay: (decay) => (Number(decay) === 0 ? 'no weight decay' : `weight decay ${decay}`),
  trainFraction: (share) => `${withUnit(Math.round(100 * Number(share)), '%')} shown`,
};

/** Numbers in their places. @param {string} text @param {Record<string, string>} facts */
export const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? '…');

/** A text in parts, some of which act. @param {string} text @returns {{ text: string, act: string | null }[]} */
export function parts(text) {
  return text.split(/(\[[^\]]+\]\(\w+\))/).filter(Boolean).map((part) => {
    const [, words, act] = /^\[([^\]]+)\]\((\w+)\)$/.exec(part) ?? [];
    return act ? { text: words, act } : { text: part, act: null };
  });
}

/** In the window of the speaker. */
export const NOTES = {
  title: 'Speaker notes',
  alone: 'No lecture is heard. Open the page in another window of this browser, press p there, and then n.',
  over: 'The lecture has ended. Press p on its page to give it again: the notes come back here.',
  next: 'Next',
  end: 'The end.',
  elapsed: 'Since the beginning',
  now: 'Time',
  keys: 'The keys that turn, and b, work in this window, too.',
};
