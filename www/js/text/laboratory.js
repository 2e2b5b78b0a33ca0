// The cards of the laboratory: a question each, and what its figure shows.

/** @typedef {'structure' | 'gauge' | 'points' | 'sharpness' | 'compare' | 'sweep' | 'recordings' | 'mask' | 'settings'} Figure */

export const TITLE = 'The laboratory';
export const LEAD = 'Every experiment above and below can be opened up. One figure at a time; what is closed costs nothing.';

/** @type {{ id: Figure, question: string, sentence: string }[]} */
export const CARDS = [
  {
    id: 'structure',
    question: 'What has it learned?',
    sentence: 'A few waves out of many: how a network adds on a clock, and the rule written out.',
  },
  {
    id: 'points',
    question: 'How does it see its symbols?',
    sentence: 'Each symbol is a point to it. Once it has the rule, the points lie in order.',
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
