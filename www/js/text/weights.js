// Where a recording has the network itself.

import { whole } from './numbers.js';

/** @param {number[]} steps */
function listed(steps) {
  const words = steps.map(whole);
  const last = words.pop();
  return `${steps.length === 1 ? 'step' : 'steps'} ${words.length > 0 ? `${words.join(', ')} and ` : ''}${last}`;
}

/** @param {number} step Of the weights. @param {number} shown */
export const at = (step, shown) => (step === shown
  ? `The network at step ${whole(step)}, whose weights this recording has.`
  : `The network at step ${whole(step)}: of step ${whole(shown)} this recording has no weights.`);

/** @param {number[]} steps */
export const elsewhere = (steps) => `This recording has the network itself at ${listed(steps)}: go there to look into it.`;

/** @param {number} step @param {string} why */
export const unusable = (step, why) =>
  `The weights of step ${whole(step)} cannot be used: ${why.charAt(0).toLowerCase()}${why.slice(1).replace(/\.$/, '')}.`;

/** @param {string} why */
export const stopped = (why) => `The worker that had the network stopped: ${why.replace(/\.$/, '')}. Go to a step to start another.`;

export const STEPS = 'Steps at which this recording has the network';
/** @param {number} step */
export const goTo = (step) => `Step ${whole(step)}`;
