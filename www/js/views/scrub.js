// Time as an axis to hold: goes back to what the run showed at an earlier step.

import { element, write } from '../dom.js';
import { at } from '../frames.js';

/** @param {HTMLElement} root @param {{ onScrub: (step: number | null) => void }} actions */
export function create(root, { onScrub }) {
  /** @type {import('../frames.js').Frame[]} */
  let frames = [];
  const slider = element('input', {
    type: 'range',
    min: '0',
    'aria-label': 'Step that the page shows',
    oninput: () => {
      const index = Number(slider.value);
      onScrub(index >= frames.length - 1 ? null : frames[index].step);
    },
  });
  const label = element('span', {});
  const now = element('button', { type: 'button', onclick: () => onScrub(null) }, 'Now');
  root.append(slider, label, now);

  return {
    /** @param {import('../state.js').State} state */
    render(state) {
      frames = state.frames;
      root.hidden = frames.length < 2;
      const frame = state.scrub === null ? frames.at(-1) : at(frames, state.scrub);
      slider.max = String(Math.max(frames.length - 1, 1));
      if (frame) slider.value = String(frames.indexOf(frame));
      slider.setAttribute('aria-valuetext', `step ${frame?.step ?? 0}`);
      write(label, state.scrub === null ? 'Now' : `Back at step ${frame?.step ?? 0}`);
      now.disabled = state.scrub === null;
    },
  };
}
