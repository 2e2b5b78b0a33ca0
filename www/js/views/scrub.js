// Time as an axis to hold: goes back to what the run showed at an earlier step.

import { element, write } from '../draw/dom.js';
import { at } from '../run/frames.js';
import { placeOf, stepNear } from '../run/timeline.js';
import { whole } from '../text/numbers.js';

/** Places of the slider. */
const PLACES = 1000;
/** Kept steps that a key of the slider moves by. @type {Record<string, number>} */
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'scrub' | 'play' | 'stop'>} actions */
export function create(root, actions) {
  /** The steps that are kept. @type {number[]} */
  let steps = [];
  let [step, logSteps, playing] = [0, false, false];
  const go = (/** @type {number} */ to) => actions.scrub(to >= (steps.at(-1) ?? 0) ? null : to);
  const slider = element('input', {
    type: 'range',
    min: '0',
    max: String(PLACES),
    'aria-label': 'Step that is shown',
    oninput: () => go(stepNear(steps, Number(slider.value) / PLACES, logSteps)),
  });
  // Where steps that are kept lie close together or far apart, a key still goes to the next of them.
  slider.addEventListener('keydown', (event) => {
    const by = KEYS[event.key];
    if (!by || steps.length === 0) return;
    event.preventDefault();
    go(steps[Math.min(Math.max(steps.indexOf(step) + by, 0), steps.length - 1)]);
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
      ({ logSteps, playing } = state);
      const { frames, scrub } = state.run;
      steps = frames.map((frame) => frame.step);
      const few = frames.length < 2;
      for (const control of [play, slider]) control.disabled = few;
      root.classList.toggle('few', few);
      step = (scrub === null ? frames.at(-1) : at(frames, scrub))?.step ?? 0;
      slider.value = String(Math.round(PLACES * placeOf(step, steps.at(-1) ?? 0, logSteps)));
      slider.setAttribute('aria-valuetext', `step ${step} of ${steps.at(-1) ?? 0}`);
      write(label, `Step ${whole(step)}`);
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
