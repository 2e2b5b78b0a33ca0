// The chapters: what each sets up, what its words do and what a lecture shows. Their sentences are in
// text/story.js.

import { exampleOf } from './facts.js';

/** @typedef {import('./stage.js').Stage} Stage */
/** @typedef {'clock' | 'curves' | 'ring'} Figure Beside the table. */
/** @typedef {Figure | 'table' | 'bars'} Sight What a slide shows, alone. */

/**
 * @typedef {object} Chapter
 * @property {string} id
 * @property {string | null} file The recording that it opens with; one without trains.
 * @property {Figure} figure
 * @property {'seed' | 'weightDecay' | 'trainFraction' | 'operation' | null} compares Of its runs, what differs.
 * @property {Record<string, (stage: Stage) => unknown>} acts What its words do; `begin` is its set-up.
 * @property {{ act: string | null, sight: Sight }[]} slides One without an act shows what is there.
 */

/** A run that is trained if there is time, and else its recording. @typedef {{ file: string, settings: Record<string, string>, steps: number }} Trial */

/** By what is different about them from the preset `clock`. @satisfies {Record<string, Trial>} */
export const TRIALS = {
  clock: { file: 'first.grok', settings: {}, steps: 839 },
  lessDecay: { file: 'story-decay-15.grok', settings: { weightDecay: '1.5' }, steps: 1652 },
  moreDecay: { file: 'story-decay-3.grok', settings: { weightDecay: '3' }, steps: 642 },
  noDecay: { file: 'story-decay-0.grok', settings: { weightDecay: '0' }, steps: 5000 },
  lessData: { file: 'story-data-65.grok', settings: { trainFraction: '0.65' }, steps: 1685 },
  halfData: { file: 'story-data-50.grok', settings: { trainFraction: '0.5' }, steps: 5000 },
};

/** Every recording of the story. @returns {string[]} */
export const recordings = () => [...new Set([
  ...CHAPTERS.flatMap(({ file }) => file ?? []), ...Object.values(TRIALS).map(({ file }) => file), ...OTHERS,
])];

/** Recordings that words show. */
const OTHERS = ['figure-1.grok', 'cube2.grok', 'sub.grok', 'mul.grok', 's5.grok', 'quad2.grok'];

/** Shows a recording, and lets it play. @param {string} file */
const played = (file) => async (/** @type {Stage} */ stage) => {
  if (await stage.replay(file)) stage.play('start', 'end');
};

/** @type {Chapter[]} */
export const CHAPTERS = [
  {
    id: 'table',
    file: 'first.grok',
    figure: 'clock',
    compares: null,
    acts: {
      // Where it knows its own cells and no others the table shows which they are, and their answers.
      begin(stage) {
        stage.at('alone');
        stage.cell(exampleOf);
      },
      cell: (stage) => stage.cell(exampleOf),
      mirror: (stage) => stage.cell((p) => ({ x: exampleOf(p).y, y: exampleOf(p).x })),
    },
    slides: [{ act: 'begin', sight: 'clock' }, { act: null, sight: 'table' }, { act: null, sight: 'table' }],
  },
  {
    id: 'heart',
    file: 'first.grok',
    figure: 'curves',
    compares: null,
    acts: {
      begin: (stage) => stage.play('start', 'memorised'),
      watch: (stage) => stage.play('start', 'memorised'),
      end: (stage) => stage.at('memorised'),
    },
    slides: [{ act: 'watch', sight: 'table' }, { act: 'end', sight: 'curves' }],
  },
  {
    id: 'wait',
    file: 'first.grok',
    figure: 'curves',
    compares: null,
    acts: {
      begin: (stage) => stage.play('memorised', 'waited'),
      then: (stage) => stage.at('memorised'),
      watch: (stage) => stage.play('memorised', 'waited'),
    },
    slides: [{ act: 'then', sight: 'curves' }, { act: 'watch', sight: 'curves' }],
  },
  {
    id: 'moment',
    file: null,
    figure: 'curves',
    compares: 'seed',
    acts: {
      begin: (stage) => stage.train(TRIALS.clock),
      again: (stage) => stage.train(TRIALS.clock),
      seed: (stage) => stage.newSeed(),
    },
    slides: [{ act: 'begin', sight: 'table' }, { act: null, sight: 'curves' }],
  },
  {
    id: 'circle',
    file: 'story-circle.grok',
    figure: 'ring',
    compares: null,
    acts: {
      begin: (stage) => stage.play('start', 'end'),
      watch: (stage) => stage.play('start', 'end'),
      start: (stage) => stage.at('start'),
      end: (stage) => stage.at('end'),
    },
    slides: [{ act: 'start', sight: 'ring' }, { act: 'watch', sight: 'ring' }],
  },
  {
    id: 'decay',
    file: 'story-circle.grok',
    figure: 'curves',
    compares: 'weightDecay',
    acts: {
      begin: (stage) => stage.at('end'),
      less: (stage) => stage.train(TRIALS.lessDecay),
      more: (stage) => stage.train(TRIALS.moreDecay),
      none: (stage) => stage.train(TRIALS.noDecay),
    },
    slides: [{ act: 'begin', sight: 'bars' }, { act: 'less', sight: 'bars' }, { act: 'none', sight: 'bars' }],
  },
  {
    id: 'data',
    file: 'first.grok',
    figure: 'curves',
    compares: 'trainFraction',
    acts: {
      begin: (stage) => stage.at('end'),
      less: (stage) => stage.train(TRIALS.lessData),
      half: (stage) => stage.train(TRIALS.halfData),
    },
    slides: [{ act: 'begin', sight: 'bars' }, { act: 'less', sight: 'bars' }, { act: 'half', sight: 'bars' }],
  },
  {
    id: 'never',
    file: 'story-never.grok',
    figure: 'curves',
    compares: null,
    acts: {
      begin: (stage) => stage.at('end'),
      quarter: played('story-never.grok'),
      power: played('figure-1.grok'),
      cubic: played('cube2.grok'),
    },
    slides: [{ act: 'begin', sight: 'curves' }, { act: 'cubic', sight: 'curves' }],
  },
  {
    id: 'others',
    file: 'sub.grok',
    figure: 'curves',
    compares: 'operation',
    acts: {
      begin: (stage) => stage.play('start', 'end'),
      sub: played('sub.grok'),
      mul: played('mul.grok'),
      s5: played('s5.grok'),
      quad2: played('quad2.grok'),
      leave: (stage) => stage.leave(),
    },
    slides: [{ act: 'mul', sight: 'table' }, { act: 's5', sight: 'table' }, { act: 'quad2', sight: 'curves' }],
  },
];
