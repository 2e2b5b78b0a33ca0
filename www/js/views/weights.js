// The step of the network that a figure looks into, where a recording has it, and those where else it does.

import { element, keyed, write } from '../draw/dom.js';
import { at } from '../run/frames.js';
import { standsAt, stepsOf } from '../run/network.js';
import * as text from '../text/weights.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'scrub'>} actions */
export function create(root, actions) {
  const sentence = element('span', { role: 'status' });
  const steps = element('span', { className: 'row', role: 'group', 'aria-label': text.STEPS });
  root.append(element('p', { className: 'carried' }, sentence, steps));

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run, playing }) {
      const all = stepsOf(run);
      root.hidden = all.length === 0;
      if (root.hidden) return;
      const step = standsAt(run);
      const shown = at(run.frames, run.scrub ?? run.step).step;
      const why = step === null ? undefined : run.faults[step];
      // While it plays the text changes all the time; a screen reader would never end.
      sentence.ariaLive = playing ? 'off' : 'polite';
      sentence.classList.toggle('error', why !== undefined || run.stopped !== '');
      if (run.stopped) write(sentence, text.stopped(run.stopped));
      else if (step === null) write(sentence, text.elsewhere(all));
      else write(sentence, why === undefined ? text.at(step, shown) : text.unusable(step, why));
      keyed(steps, all, (each) => each, (each) =>
        element('button', { type: 'button', onclick: () => actions.scrub(each) }, text.goTo(each)),
      (button, each) => button.setAttribute('aria-pressed', String(each === shown)));
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
