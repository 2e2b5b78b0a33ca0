// What is happening now: three beats and a sentence.

import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { beats } from '../run/timeline.js';
import { announcement, caption, longest } from '../text/captions.js';

/** @typedef {import('../run/timeline.js').Beat} Beat */
/** The story in three buttons. @type {[Beat, string][]} */
const BEATS = [['memorised', 'By heart'], ['waiting', 'The wait'], ['generalised', 'The rule']];

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'beat'>} actions */
export function create(root, actions) {
  const head = element('strong', {});
  const text = element('span', {});
  const live = element('p', { className: 'unseen', role: 'status', 'aria-live': 'polite' });
  const buttons = BEATS.map(([beat, label]) =>
    element('button', { type: 'button', className: 'beat', 'data-beat': beat, onclick: () => actions.beat(beat) }, label));
  const story = element('div', { className: 'beats', role: 'group', 'aria-label': 'Moments of this run' }, ...buttons);
  const words = element('p', { className: 'words', tabIndex: -1 }, head, ' ', text);
  // Out of sight and of hearing: the tallest of them is the room that the words have.
  const room = element('div', { className: 'room', 'aria-hidden': 'true' });
  root.append(story, element('div', { className: 'said' }, words, room), live);
  const changed = changes();
  const enlarged = changes();

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run }) {
      const { evaluated } = shown(run);
      if (!changed(run.started, evaluated, run.status, run.latest, run.step, run.recording)) return;
      if (enlarged(run.started, run.settings)) room.replaceChildren(...longest(run).map((most) => element('p', { className: 'words' }, most)));
      const said = caption(run, evaluated);
      write(head, `${said.head}.`);
      write(text, said.text);
      write(live, announcement(run));
      const at = beats(run);
      BEATS.forEach(([beat], index) => {
        const button = buttons[index];
        // A button that goes while it has the focus hands it on to the words.
        if (at[beat] === null && document.activeElement === button) words.focus();
        button.disabled = at[beat] === null;
        if (beat === said.beat) button.setAttribute('aria-current', 'step');
        else button.removeAttribute('aria-current');
      });
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
