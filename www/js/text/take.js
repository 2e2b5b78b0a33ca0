// Words for what can be saved and opened.

import { percent, sizeOf, whole } from './numbers.js';

/** @typedef {import('../run/run.js').Run} Run */

export const TITLE = 'Save';
export const CLOSE = 'Close';
export const OPEN = 'Open a file';
export const OPEN_HOW = 'A recording, or weights for this network. It can also be dropped anywhere on the page.';
export const CITE = 'Cite';
export const NOTHING_DRAWN = 'there is nothing to save yet: the figure is not drawn';
/** @param {string} name */
export const saved = (name) => `Saved ${name}.`;

export const ROWS = {
  curves: { name: 'Curves', note: 'Accuracy and loss at every evaluation' },
  table: { name: 'Table', note: 'Every equation, and what the network answers' },
  split: { name: 'Split', note: 'What it is shown and what is held out' },
  weights: { name: 'Weights', note: 'Of the network as it is now, for PyTorch and others' },
  run: { name: 'The run', note: 'A recording, which this page opens again' },
};
export const NO_WEIGHTS = 'The recording keeps no network here';
/** @param {Run} run */
export function withWeights({ status, started }) {
  if (status === 'running') return 'With its weights, once it is paused';
  if (status === 'failed') return 'Without its weights: its training failed';
  return `With its weights as they are now (${sizeOf(4 * (started?.parameters ?? 0))})`;
}
/** @param {number} step That the weights are of. */
export const wentOn = (step) => `the recording keeps no table of step ${whole(step)}, which the weights are of: pause the run, then save it`;
/** Who made a recording. @param {string} version @param {string} build @param {string} link */
export const madeBy = (version, build, link) => `the page, version ${version}, build ${build}: ${link}`;

/**
 * The caption of a figure: of which run it is, and how far that was.
 * @param {Run} run @param {import('../worker/protocol.js').Evaluated | null} evaluated What is shown of it.
 */
export function captionOf({ started, settings, recording }, evaluated) {
  const what = `${started?.operation ?? settings.operation}, seed ${settings.seed}`;
  if (!evaluated) return `${what}.`;
  const { step, trainAccuracy, heldOutAccuracy } = evaluated;
  const how = recording ? ' (recorded)' : '';
  return `${what}, step ${whole(step)}${how}: it gets ${percent(trainAccuracy)} of the cells it was shown right, and ` +
    `${percent(heldOutAccuracy)} of those it never saw.`;
}

/** @param {string} name @param {number} size @param {number} most In bytes. */
export const tooLarge = (name, size, most) =>
  `\`${name}\` has ${sizeOf(size)}: this page opens files of up to ${sizeOf(most)}`;
/** @param {number} count */
export const oneFile = (count) => `${count} files were dropped: this page opens one at a time`;
/** @param {string} name */
export const hasWeights = (name) => `The network has the weights of ${name} now.`;
