// Recorded runs: what takes too long to train while one waits.

import { element, keyed, write } from '../draw/dom.js';
import { RECORDINGS } from '../text/laboratory.js';

/** @typedef {{ title: string, runs: { file: string, title: string, note: string }[] }} Group */

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'shipped' | 'replay' | 'openFiles' | 'leave'>} actions
 */
export function create(root, actions) {
  const lists = element('div', {});
  const file = element('input', {
    type: 'file',
    accept: '.grok,.json,.gz',
    onchange: () => {
      actions.openFiles([...file.files ?? []]);
      file.value = '';
    },
  });
  const problem = element('p', { className: 'error', role: 'alert' });
  const what = element('span', {});
  const leave = element('button', { type: 'button', onclick: () => actions.leave() }, RECORDINGS.leave);
  const banner = element('p', { className: 'recorded', hidden: true, role: 'status' }, what, leave);
  root.append(
    element('p', {}, RECORDINGS.look),
    banner, lists,
    element('p', { className: 'row' }, element('label', {}, RECORDINGS.own, file)),
    problem,
  );
  /** By file. @type {Map<string, HTMLElement>} */
  const buttons = new Map();
  let playing = '';
  const mark = () => {
    for (const [name, button] of buttons) button.setAttribute('aria-pressed', String(name === playing));
  };
  actions.shipped('index.json').then((/** @type {Group[]} */ index) => {
    keyed(lists, index, ({ title }) => title, ({ title, runs }) => {
      const list = element('ul', { className: 'list recordings' });
      keyed(list, runs, ({ file: name }) => name, ({ file: name, title: run, note }) => {
        const button = element('button', { type: 'button', onclick: () => actions.replay(name) }, run);
        buttons.set(name, button);
        return element('li', {}, button, element('span', {}, note));
      });
      return element('section', {}, element('h4', {}, title), list);
    });
    mark();
  }).catch((/** @type {Error} */ error) => write(problem, RECORDINGS.notLoaded(error)));

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run: { recording } }) {
      banner.hidden = recording === null;
      if (recording) write(what, RECORDINGS.replayed(recording.command));
      playing = recording?.file ?? '';
      mark();
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
