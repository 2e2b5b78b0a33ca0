// Time as an axis to hold: goes back to what the run showed at an earlier step.

import { element, write } from '../draw/dom.js';
import { at } from '../run/frames.js';

/** Between the frames of a run that plays. */
const FRAME_MILLIS = 150;

/** @param {HTMLElement} root @param {{ onScrub: (step: number | null) => void }} actions */
export function create(root, { onScrub }) {
  /** @type {import('../run/frames.js').Frame[]} */
  let frames = [];
  /** While it plays. */
  let timer = 0;
  const slider = element('input', {
    type: 'range',
    min: '0',
    'aria-label': 'Step that the page shows',
    oninput: () => {
      stop();
      show(Number(slider.value));
    },
  });
  const show = (/** @type {number} */ index) =>
    onScrub(index >= frames.length - 1 ? null : frames[index].step);
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    write(play, 'Play');
  };
  const play = element('button', {
    type: 'button',
    onclick: () => {
      if (timer) {
        stop();
        return;
      }
      write(play, 'Stop');
      let index = Number(slider.value) >= frames.length - 1 ? 0 : Number(slider.value);
      show(index);
      timer = window.setInterval(() => {
        index += 1;
        show(index);
        if (index >= frames.length - 1) stop();
      }, FRAME_MILLIS);
    },
  }, 'Play');
  const label = element('span', {});
  const now = element('button', {
    type: 'button',
    onclick: () => {
      stop();
      onScrub(null);
    },
  }, 'Now');
  root.append(play, slider, label, now);

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      frames = state.frames;
      root.hidden = frames.length < 2;
      if (root.hidden && timer) stop();
      const frame = state.scrub === null ? frames.at(-1) : at(frames, state.scrub);
      slider.max = String(Math.max(frames.length - 1, 1));
      if (frame) slider.value = String(frames.indexOf(frame));
      slider.setAttribute('aria-valuetext', `step ${frame?.step ?? 0}`);
      write(label, state.scrub === null ? 'Now' : `Back at step ${frame?.step ?? 0}`);
      now.disabled = state.scrub === null;
    },
  };
}
