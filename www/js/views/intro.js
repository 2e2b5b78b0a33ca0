// Whether this is a recording, and what is learned here.

import { write } from '../draw/dom.js';
import { kicker, lede } from '../text/captions.js';

/** @param {HTMLElement} root Has the words of the default run until another is known. */
export function create(root) {
  const above = /** @type {HTMLElement | null} */ (root.querySelector('.kicker'));
  const sentence = /** @type {HTMLElement | null} */ (root.querySelector('.lede'));
  return {
    /** @param {import('../run/state.js').State} state */
    render({ run }) {
      if (above) write(above, kicker(run));
      const text = lede(run);
      if (sentence && text) write(sentence, text);
    },
    destroy() {},
  };
}
