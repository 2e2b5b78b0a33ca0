// Other experiments, each by the question that it answers and the time that it takes here.

import { element, write } from '../draw/dom.js';
import { PRESETS } from '../run/settings.js';
import { secondsHere } from '../text/controls.js';
import { about, whole } from '../text/numbers.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'preset'>} actions */
export function create(root, actions) {
  const entries = PRESETS.map(({ id, question, lookFor, title }) => {
    const time = element('span', { className: 'time' });
    const button = element('button', { type: 'button', 'data-preset': id, onclick: () => actions.preset(id) },
      element('strong', {}, question), element('span', {}, lookFor), element('small', {}, `${title} · `, time));
    return { id, button, time };
  });
  const list = element('ul', { className: 'questions' }, ...entries.map(({ button }) => element('li', {}, button)));
  root.append(element('h2', {}, 'Other questions'), list);

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      root.hidden = state.page.embed || state.page.hide.includes('presets');
      const preset = (state.live ?? state.run).preset;
      entries.forEach(({ id, button, time }, at) => {
        button.setAttribute('aria-pressed', String(id === preset));
        const seconds = secondsHere(state, id);
        write(time, seconds === null ? `about ${whole(PRESETS[at].steps)} steps` : `${about(seconds)} here`);
      });
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
