// Words for a run that outlived the page.

import { whole } from './numbers.js';

/** @param {number} step */
export const goesOn = (step) => (step === 0
  ? 'Your run is where you left it, with the weights that you opened.'
  : `Your run is where you left it, at step ${whole(step)}.`);
