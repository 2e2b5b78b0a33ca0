// The cards of the laboratory: a question each, and what its figure shows.

import { capital } from './captions.js';
import { findSetting } from '../run/settings.js';

/** @typedef {'structure' | 'clock' | 'neurons' | 'cut' | 'gauge' | 'points' | 'sharpness' | 'compare' | 'fork' | 'precision' | 'sweep' | 'recordings' | 'mask' | 'settings'} Figure */

export const TITLE = 'The laboratory';
export const LEAD = 'Look inside the run above, or train others beside it. One figure opens at a time.';
export const CLOSE = 'Close';

/** @type {{ id: Figure, question: string, sentence: string }[]} */
export const CARDS = [
  {
    id: 'structure',
    question: 'What has it learned?',
    sentence: 'A few waves out of many: how a network adds on a clock, and the rule written out.',
  },
  {
    id: 'clock',
    question: 'How does it add?',
    sentence: 'By turning hands: its own circles with a hand for x, one for y and one for the answer, to be moved.',
  },
  {
    id: 'neurons',
    question: 'What does each neuron see?',
    sentence: 'Each as a picture over the table, in the colour of its wave; and one equation followed to its answer.',
  },
  {
    id: 'points',
    question: 'How does it see its symbols?',
    sentence: 'Each symbol is a point to it. Once it has the rule, the points lie in order.',
  },
  {
    id: 'cut',
    question: 'What if a part is taken away?',
    sentence: 'Switch off heads, neurons or frequencies, and see at once what the rest still knows.',
  },
  {
    id: 'gauge',
    question: 'How close is it to getting the rule?',
    sentence: 'A forecast of the step, made while the curve of what it never saw still says nothing.',
  },
  {
    id: 'sharpness',
    question: 'Does it settle in a flat place?',
    sentence: 'How much a nudge to its weights would hurt, along the way and over many runs.',
  },
  {
    id: 'compare',
    question: 'What makes it faster?',
    sentence: 'Runs drawn over one another, and races of ways to train.',
  },
  {
    id: 'fork',
    question: 'Was it the weight decay?',
    sentence: 'Two runs from one moment, one of them changed. And what makes a network forget.',
  },
  {
    id: 'precision',
    question: 'Can rounding stop it?',
    sentence: 'The same network four times, with fewer and with more digits, and how many cells have nothing left to teach it.',
  },
  {
    id: 'sweep',
    question: 'How much does it need to see?',
    sentence: 'Many runs over the share of the table that it is shown, as the paper drew them.',
  },
  {
    id: 'recordings',
    question: 'What takes too long to wait for?',
    sentence: 'Recorded runs of the operations of the paper, and of every way to train.',
  },
  {
    id: 'mask',
    question: 'What if I choose what it never sees?',
    sentence: 'Hold out cells by hand, by drawing over the table.',
  },
  {
    id: 'settings',
    question: 'What if I change the experiment?',
    sentence: 'Every setting, from the operation to the optimiser.',
  },
];

/**
 * Why a figure shows nothing at this step.
 * @param {import('../run/run.js').Run} run
 */
export const unseen = ({ recording, frames }) => {
  if (!recording) return 'Not computed at this step: it is while this figure is open.';
  return frames.some(({ inspected }) => inspected)
    ? 'This recording keeps nothing of it at this step.'
    : 'This recording keeps the table alone. Train one yourself, or replay another recording, to look inside.';
};

export const AGAIN = 'Train it again';

/**
 * Why a curve of a figure has hardly a point: it was closed while the run trained.
 * @param {import('../run/run.js').Run} run @param {number} points That the curve has.
 * @returns {{ text: string, offers: boolean } | null}
 */
export function growing({ recording, carried, status, step }, points) {
  if (recording !== null || points > 1) return null;
  if (carried) return { text: 'This curve gets a point at each step of the recording that is looked into.', offers: false };
  const grows = 'This curve grows while the figure is open';
  if (status === 'running') return { text: `${grows}.`, offers: false };
  return step > 0 ? { text: `${grows}: train again with it open.`, offers: true } : { text: `${grows} and the run trains.`, offers: false };
}

/** The step that a reader went back to, in a chart. */
export const SHOWN_NOW = 'shown now';
/** What was not trained here. @param {string} source */
export const recordedBy = (source) => `Recorded, not trained here: ${source}.`;
/** @param {string} message */
const ended = (message) => `${message.replace(/\.$/, '')}.`;
/** What went wrong, as a sentence. @param {unknown} error */
export function failed(error) {
  const { code, message } = /** @type {import('../run/refused.js').Refused} */ (error);
  const said = ended(message);
  return code === 'lost' ? `The worker stopped: ${said}` : capital(said);
}

/**
 * What is refused, beside the field that it is about: settings go by their labels there, and not by what scripts call them.
 * @param {string} problem
 */
export const besideField = (problem) => problem.replace(/(^|: )`(\w+)`(?= (?:cannot|changes|was|is) )/g, (words, before, id) => {
  const label = findSetting(id)?.label;
  if (!label) return words;
  return before === '' ? label : `${before}${label.charAt(0).toLowerCase()}${label.slice(1)}`;
});

export const RECORDINGS = {
  look: 'Runs that were trained by the native command and written down. They replay in the table and the curves ' +
    'above and in every figure of this laboratory.',
  own: 'A recording of your own ',
  leave: 'Back to the live run',
  /** @param {string} command */
  replayed: (command) => `A recorded run, not a live one. It was made by: ${command}`,
  /** @param {Error} error */
  notLoaded: ({ message }) => `The list of recordings: ${ended(message)}`,
};

export const MASK = {
  look: 'Drag on the table to hold those cells out. Each drag starts a new network on the rest; Undo brings the one ' +
    'before it back.',
  toTable: 'To the table',
  holdsOut: 'A drag holds out a',
  every: 'Hold out every n-th',
  everyLabel: 'Hold out every so many equations',
  clear: 'Back to random',
  /** @param {string} split */
  random: (split) => (split === 'pairs'
    ? 'Held out now: a random share of the pairs (x, y) and (y, x), both of a pair together.'
    : 'Held out now: a random share of the cells.'),
  /** @param {string} mask */
  heldOut: (mask) => `Held out: ${mask}`,
};

export const SETTINGS_FORM = {
  live: 'changes the running network',
  note: 'Every other setting starts a new network; Undo brings the one before it back.',
  paste: 'Paste a table below, then it is trained on.',
  table: 'The table',
  training: 'Training',
  network: 'The network',
  run: 'The run',
  others: 'Noise, and what others tried since',
};

export const VARIANT = {
  label: 'Way to train ',
  own: 'settings of your own',
  note: 'A choice here sets optimiser, decay, noise, dropout and batch together.',
};
