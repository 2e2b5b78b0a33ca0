// Lets a reader save what a part of the page shows. What that takes is loaded when it is asked for.

import { ownBuild } from './offline.js';

/**
 * @param {HTMLElement} root
 * @param {Pick<ReturnType<typeof import('./core.js').createCore>, 'store' | 'commands' | 'actions' | 'signal'>} core
 */
export function savesIn(root, core) {
  const { store, actions, signal } = core;
  root.classList.toggle('unsaved', store.get().page.hide.includes('save'));
  signal.addEventListener('abort', () => root.classList.remove('unsaved'), { once: true });
  root.addEventListener('save', async (event) => {
    const { detail: picture } = /** @type {CustomEvent<import('./draw/pictures.js').Picture | null>} */ (event);
    try {
      const { openMenu } = await import('./take/menu.js');
      await openMenu(root, core, { picture, build: ownBuild() });
    } catch (error) {
      actions.notice(`What saves did not load: ${/** @type {Error} */ (error).message}.`, 'reload');
    }
  }, { signal });
}
