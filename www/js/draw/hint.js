// A sentence on what is missing, with a button that gets it.

import { element, write } from './dom.js';

/** @param {HTMLElement} root Where it is appended. @param {string} label @param {() => void} onclick */
export function createHint(root, label, onclick) {
  const words = element('span', {});
  const button = element('button', { type: 'button', onclick }, label);
  const hint = element('p', { className: 'row', hidden: true }, words, button);
  root.append(hint);

  return {
    /** @param {{ text: string, offers: boolean } | null} hinted Null if nothing is missing. */
    show(hinted) {
      hint.hidden = hinted === null;
      write(words, hinted?.text ?? '');
      button.hidden = !hinted?.offers;
    },
  };
}
