// What is asked when a link is copied, and of what is embedded.

import { withUnit } from './numbers.js';

/** @typedef {'full' | 'figure' | 'code'} Kind */

export const COPY = {
  title: 'What to copy?',
  more: 'Choose what it shows …',
  field: 'To copy',
  close: 'Close',
};

/** @type {{ kind: Kind, label: string, sentence: string }[]} */
export const KINDS = [
  { kind: 'full', label: 'The full page', sentence: 'A link to this run, with everything around it.' },
  { kind: 'figure', label: 'This figure', sentence: 'A link to what is shown, and nothing else.' },
  { kind: 'code', label: 'Code to embed it', sentence: 'For a page or a deck of your own.' },
];

/** @param {string} text What was copied. @param {number} most Longest safe link. */
export const copied = (text, most) => `Copied.${tooLong(text, most)}`;

/** @param {string} text @param {number} most */
export const notCopied = (text, most) => `It is selected: copy it with Ctrl + C, on a Mac ⌘ C.${tooLong(text, most)}`;

/** @param {string} text @param {number} most */
const tooLong = (text, most) =>
  (text.length > most ? ` It is ${withUnit((text.length / 1000).toFixed(0), 'kB')} long, with the table in it: some programs cut such links.` : '');

/** @param {string} view Such as `story:3`. */
export const chapterTitle = (view) => `The story, chapter ${view.split(':')[1]}`;

export const EMBED = {
  title: 'Embed it',
  lead: 'This run, at its beginning, in a page or a deck of your own. It is computed in the reader’s browser.',
  preview: 'How it will look',
  shows: 'What it shows',
  others: 'A figure of the laboratory',
  none: 'None',
  controls: 'What a reader can press',
  width: 'Width',
  theme: 'Colours',
  autoplay: 'Trains when it is seen',
  code: 'The code',
  as: 'As',
  copy: 'Copy the code',
  close: 'Close',
  frameTitle: 'A network that groks',
  nothing: 'Nothing is shown: choose at least one part.',
};

/** @type {[string, string][]} */
export const SHOWN = [['table', 'The table'], ['curves', 'The curves'], ['caption', 'What happens, in words']];

/** Those of a frame. @type {[string, string][]} */
export const PRESSED = [
  ['run', 'Train and pause'], ['scrub', 'Time'], ['step', 'One step'], ['reset', 'Reset'], ['newSeed', 'New seed'],
  ['undo', 'Undo'], ['pace', 'How often it is shown'], ['link', 'Copy link'], ['beats', 'Moments of the run'],
  ['details', 'Details'], ['values', 'Values of the curves'],
];

/** @type {[string, string][]} */
export const COLOURS = [['auto', 'As the reader’s'], ['light', 'Light'], ['dark', 'Dark']];

/** @type {[string, string][]} */
export const FORMS = [['element', 'An element that is as high as it needs'], ['frame', 'A plain frame']];

/** @param {number} width @param {number} height */
export const size = (width, height) => `${width} × ${height} pixels`;
