// Recorded runs: what takes too long to train while one waits.

import { element, write } from '../draw/dom.js';
import { shipped } from '../lab/shipped.js';

/**
 * @param {HTMLElement} root A `details`.
 * @param {{ onReplay: (file: string) => void, onFile: (file: File) => void, onLeave: () => void }} actions
 */
export function create(root, { onReplay, onFile, onLeave }) {
  const lists = element('div', {});
  const file = element('input', {
    type: 'file',
    accept: '.grok,.json,.gz',
    onchange: () => {
      if (file.files?.[0]) onFile(file.files[0]);
      file.value = '';
    },
  });
  const problem = element('p', { className: 'error', role: 'alert' });
  root.append(
    element('p', {}, 'Runs that were trained by the native command and written down. They replay with ' +
      'every figure of this page, and the slider under the curves goes through them.'),
    lists,
    element('p', { className: 'row' }, element('label', {}, 'A recording of your own ', file)),
    problem,
  );
  /** @type {{ title: string, runs: { file: string, title: string, note: string }[] }[] | null} */
  let index = null;
  let loading = false;
  root.addEventListener('toggle', async () => {
    if (index || loading) return;
    loading = true;
    try {
      index = await (await shipped('index.json')).json();
      write(problem, '');
    } catch (error) {
      write(problem, `The list of recordings: ${/** @type {Error} */ (error).message}.`);
    } finally {
      loading = false;
    }
    lists.replaceChildren(...(index ?? []).flatMap((group) => [
      element('h3', {}, group.title),
      element('ul', { className: 'list' }, ...group.runs.map(({ file: name, title, note }) =>
        element('li', {}, element('button', { type: 'button', onclick: () => onReplay(name) }, title), ` ${note}`))),
    ]));
  });

  const banner = element('div', { id: 'recorded', hidden: true, role: 'status' });
  const what = element('span', {});
  const leave = element('button', { type: 'button', onclick: onLeave }, 'Back to the live run');
  banner.append(what, leave);
  document.querySelector('#stage')?.before(banner);

  return {
    /** @param {import('../run/state.js').State} state */
    render({ recording, page }) {
      root.hidden = page.embed;
      banner.hidden = recording === null;
      if (recording) write(what, `A recorded run, not a live one. It was made by: ${recording.command}`);
    },
  };
}
