// Of a run that outlived the page.

import { whole } from './numbers.js';

/** @param {number} step */
export const goesOn = (step) => `Your run is where you left it, at step ${whole(step)}.`;
