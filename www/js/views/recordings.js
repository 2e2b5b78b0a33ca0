// Recorded runs: what takes too long to train while one waits.

import { element, write } from '../draw/dom.js';

/** @typedef {{ title: string, runs: { file: string, title: string, note: string }[] }} Group */

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'shipped' | 'replay' | 'openFile' | 'leave'>} actions
 */
export function create(root, actions) {
  const lists = element('div', {});
  const file = element('input', {
    type: 'file',
    accept: '.grok,.json,.gz',
    onchange: () => {
      if (file.files?.[0]) actions.openFile(file.files[0]);
      file.value = '';
    },
  });
  const problem = element('p', { className: 'error', role: 'alert' });
  const what = element('span', {});
  const leave = element('button', { type: 'button', onclick: () => actions.leave() }, 'Back to the live run');
  const banner = element('p', { className: 'recorded', hidden: true, role: 'status' }, what, leave);
  root.append(
    element('p', {}, 'Runs that were trained by the native command and written down. They replay in the table and the ' +
      'curves above and in every figure of this laboratory.'),
    banner, lists,
    element('p', { className: 'row' }, element('label', {}, 'A recording of your own ', file)),
    problem,
  );
  actions.shipped('index.json').then((/** @type {Group[]} */ index) => {
    lists.replaceChildren(...index.flatMap((group) => [
      element('h3', {}, group.title),
      element('ul', { className: 'list' }, ...group.runs.map(({ file: name, title, note }) =>
        element('li', {}, element('button', { type: 'button', onclick: () => actions.replay(name) }, title), ` ${note}`))),
    ]));
  }).catch((/** @type {Error} */ error) => write(problem, `The list of recordings: ${error.message}.`));

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run: { recording } }) {
      banner.hidden = recording === null;
      if (recording) write(what, `A recorded run, not a live one. It was made by: ${recording.command}`);
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
