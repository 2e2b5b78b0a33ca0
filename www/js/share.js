// Links to copy and the code to embed, loaded when one is asked for.

import { element } from './draw/dom.js';
import { loadSheet } from './draw/sheet.js';
import { createGuard } from './guard.js';
import * as copy from './views/copy.js';
import * as embed from './views/embed.js';

/**
 * @param {HTMLElement} root Of the demo.
 * @param {Pick<ReturnType<typeof import('./core.js').createCore>, 'store' | 'actions' | 'signal'>} demo
 */
export async function createShare(root, { store, actions, signal }) {
  await loadSheet(root.ownerDocument, 'share.css');
  if (signal.aborted) return;
  const slot = element('div', { className: 'share' });
  root.append(slot);
  const guarded = createGuard((text) => actions.notice(text));
  const views = [
    guarded('the links', () => copy.create(slot, actions)),
    guarded('what is embedded', () => embed.create(slot, actions, copy.copyFrom)),
  ];
  const stop = store.onFrame((state) => {
    for (const view of views) guarded('the links', () => view?.render(state));
  });
  signal.addEventListener('abort', () => {
    stop();
    for (const view of views) view?.destroy();
    slot.remove();
  }, { once: true });
}
