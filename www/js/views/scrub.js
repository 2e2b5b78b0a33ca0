// Time as an axis to hold: goes back to what the run showed at an earlier step.

import { element, write } from '../draw/dom.js';
import { at } from '../run/frames.js';
import { whole } from '../text/numbers.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'scrub' | 'play' | 'stop'>} actions */
export function create(root, actions) {
  /** @type {import('../run/frames.js').Frame[]} */
  let frames = [];
  let playing = false;
  const slider = element('input', {
    type: 'range',
    min: '0',
    'aria-label': 'Step that is shown',
    oninput: () => {
      const index = Number(slider.value);
      actions.scrub(index >= frames.length - 1 ? null : frames[index].step);
    },
  });
  const play = element('button', { type: 'button', 'data-control': 'play', onclick: () => (playing ? actions.stop() : actions.play()) }, 'Play');
  const label = element('span', {});
  const end = element('button', { type: 'button', className: 'quiet', onclick: () => actions.scrub(null) }, 'To the end');
  root.setAttribute('role', 'group');
  root.setAttribute('aria-label', 'Time');
  root.append(play, slider, label, end);

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      ({ frames } = state.run);
      ({ playing } = state);
      const { scrub } = state.run;
      const few = frames.length < 2;
      for (const control of [play, slider]) control.disabled = few;
      root.classList.toggle('few', few);
      const frame = scrub === null ? frames.at(-1) : at(frames, scrub);
      slider.max = String(Math.max(frames.length - 1, 1));
      if (frame) slider.value = String(frames.indexOf(frame));
      slider.setAttribute('aria-valuetext', `step ${frame?.step ?? 0}`);
      write(label, `Step ${whole(frame?.step ?? 0)}`);
      write(play, playing ? 'Stop' : 'Play');
      // It keeps its room, so that nothing moves.
      if (scrub === null && document.activeElement === end) slider.focus();
      end.classList.toggle('away', scrub === null);
      end.disabled = scrub === null;
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
