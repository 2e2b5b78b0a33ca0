// What is happening now: three beats and a sentence.

import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { beats } from '../run/timeline.js';
import { announcement, caption } from '../text/captions.js';

/** @typedef {import('../run/timeline.js').Beat} Beat */
/** The story in three buttons. @type {[Beat, string][]} */
const BEATS = [['memorised', 'By heart'], ['waiting', 'The wait'], ['generalised', 'The rule']];

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'beat'>} actions */
export function create(root, actions) {
  const head = element('strong', {});
  const text = element('span', {});
  const live = element('p', { className: 'unseen', role: 'status', 'aria-live': 'polite' });
  const buttons = BEATS.map(([beat, label]) =>
    element('button', { type: 'button', className: 'beat', onclick: () => actions.beat(beat) }, label));
  const story = element('div', { className: 'beats', role: 'group', 'aria-label': 'Moments of this run' }, ...buttons);
  const words = element('p', { className: 'words' }, head, ' ', text);
  root.append(story, words, live);

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run }) {
      const { evaluated } = shown(run);
      const said = caption(run, evaluated);
      write(head, `${said.head}.`);
      write(text, said.text);
      write(live, announcement(run));
      const at = beats(run);
      const step = evaluated?.step ?? 0;
      const current = BEATS.findLast(([beat]) => (at[beat] ?? Infinity) <= step)?.[0];
      BEATS.forEach(([beat], index) => {
        buttons[index].disabled = at[beat] === null;
        if (beat === current) buttons[index].setAttribute('aria-current', 'step');
        else buttons[index].removeAttribute('aria-current');
      });
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
