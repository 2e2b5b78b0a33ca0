// Which link is copied: the whole page, what is shown, or the code to embed it.

import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { LINK_MAX, elementCode, figureLink, figureOptions, fullLink } from '../run/share.js';
import { COPY, KINDS, copied, notCopied } from '../text/share.js';

/**
 * Copies the text of a field, which is selected either way.
 * @param {HTMLTextAreaElement} field @returns {Promise<boolean>}
 */
export async function copyFrom(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Where there is no clipboard, as without https, or it is not lent to a frame.
    return document.execCommand('copy');
  }
}

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'share'>} actions */
export function create(root, actions) {
  /** @type {import('../run/state.js').State | null} */
  let state = null;
  const turned = changes();
  const field = element('textarea', { readOnly: true, rows: 3, 'aria-label': COPY.field, hidden: true });
  const outcome = element('p', { role: 'status', className: 'quiet' });
  const texts = {
    full: () => (state ? fullLink(state, location.href) : ''),
    figure: () => (state ? figureLink(state, location.href) : ''),
    code: () => (state ? elementCode(state, location.href, figureOptions(state)) : ''),
  };
  const choices = KINDS.map(({ kind, label, sentence }) => element('li', {}, element('button', {
    type: 'button',
    'data-copy': kind,
    onclick: async () => {
      field.value = texts[kind]();
      field.hidden = false;
      const done = await copyFrom(field);
      write(outcome, (done ? copied : notCopied)(field.value, LINK_MAX));
      if (!done) field.focus();
    },
  }, element('strong', {}, label), element('span', { className: 'quiet' }, sentence))));
  const more = element('button', { type: 'button', className: 'quiet', onclick: () => actions.share('embed') }, COPY.more);
  const close = element('button', { type: 'button', className: 'quiet', onclick: () => dialog.close() }, COPY.close);
  const title = element('h2', { className: 'share-title' }, COPY.title);
  const dialog = element('dialog', { className: 'copy', 'aria-label': COPY.title },
    title, element('ul', {}, ...choices), field, outcome, element('p', { className: 'row' }, more, close));
  // A click beside it closes it.
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener('close', () => state?.sharing === 'link' && actions.share(null));
  dialog.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = choices.map((item) => /** @type {HTMLElement} */ (item.firstElementChild));
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    if (!step || at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length].focus();
  });
  root.append(dialog);

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      // Not by whether it is open: one that its reader closed is, until its event comes, still asked for.
      if (!turned(next.sharing)) return;
      if (next.sharing !== 'link') {
        dialog.close();
        return;
      }
      more.hidden = next.page.embed;
      field.hidden = true;
      write(outcome, '');
      dialog.showModal();
    },
    destroy() {
      dialog.remove();
    },
  };
}
