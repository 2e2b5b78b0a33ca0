// What is learned here, in one or two sentences.

import { write } from '../draw/dom.js';
import { lede } from '../text/captions.js';

/** @param {HTMLElement} root Has the sentence of the default run until another is known. */
export function create(root) {
  return {
    /** @param {import('../run/state.js').State} state */
    render({ run }) {
      const text = lede(run);
      if (text) write(root, text);
    },
    destroy() {},
  };
}
