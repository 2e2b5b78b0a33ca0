// One demo on a page: views in slots of its root, over a core of its own. Twice on a page without
// knowing of each other.

import { createApi } from './api.js';
import { createCore } from './core.js';
import { createGuard } from './guard.js';
import { installKeys } from './keys.js';
import { USUAL } from './run/options.js';
import { namesRun, parse } from './run/url.js';
import * as caption from './views/caption.js';
import * as curves from './views/curves.js';
import * as details from './views/details.js';
import * as intro from './views/intro.js';
import * as notices from './views/notices.js';
import * as presets from './views/presets.js';
import * as scrub from './views/scrub.js';
import * as table from './views/table.js';
import * as transport from './views/transport.js';

/** By the class of its slot; notices last, which tell of the others' errors. */
const VIEWS = { intro, transport, table, curves, caption, scrub, details, presets, notices };

/**
 * @param {HTMLElement} root Keeps what is in it; slots that are missing are made.
 * @param {{ link?: string, recording?: string, keys?: boolean, reload?: () => void }} [options] A query to
 *   start from, a file of the folder `recordings` to open with if that names no run, whether keys of the
 *   page act if the query lets them, and how the page is loaded anew.
 */
export function createDemo(root, { link: query = '', recording, keys = false, reload } = {}) {
  const link = parse(query);
  const motion = matchMedia('(prefers-reduced-motion: reduce)');
  const { embed, autoplay, hide, view } = link.page;
  const opens = recording !== undefined && !namesRun(query) && link.name === null && !embed && !autoplay;
  const core = createCore(link, {
    recording: opens ? recording : null,
    spare: recording,
    reducedMotion: motion.matches,
    reload,
    keeping: window,
  });
  const { store, actions, signal } = core;
  motion.addEventListener(
    'change',
    () => store.dispatch({ type: 'reducedMotion', reducedMotion: motion.matches }),
    { signal },
  );

  // Cores are for whoever looks, and a frame in somebody else's page has one unless its link asks for more.
  const isGuest = window.parent !== window && link.settings.threads === 'auto';
  const allowHelpers = () => core.allowHelpers(document.hidden || isGuest ? 0 : Infinity);
  allowHelpers();
  document.addEventListener('visibilitychange', allowHelpers, { signal });

  const guarded = createGuard((text) => store.dispatch({ type: 'notice', text }));
  /** @type {HTMLElement[]} */
  const made = [];
  const slots = Object.keys(VIEWS).map((name) => {
    const found = /** @type {HTMLElement | null} */ (root.querySelector(`.${name}`));
    if (found) return found;
    const slot = document.createElement('div');
    slot.className = name;
    made.push(slot);
    return slot;
  });
  root.append(...made);
  const plain = !root.classList.contains('demo');
  root.classList.add('demo');
  root.dataset.hide = hide.join(' ');
  if (embed) root.dataset.view = (view.some((name) => !name.startsWith('story:')) ? view : USUAL).join(' ');
  const views = Object.entries(VIEWS).flatMap(([name, { create }], at) => {
    const view = guarded(name, () => create(slots[at], actions));
    return view ? [{ name, view }] : [];
  });
  store.onFrame((state) => {
    for (const { name, view } of views) guarded(name, () => view.render(state));
  });
  /** What a part of the page shows of the run can be saved. @param {HTMLElement} part */
  const savesIn = (part) => {
    part.addEventListener('save', async (event) => {
      try {
        const { openMenu } = await import('./take/menu.js');
        await openMenu(part, core, /** @type {CustomEvent} */ (event).detail);
      } catch (error) {
        actions.notice(`What saves did not load: ${/** @type {Error} */ (error).message}.`, 'reload');
      }
    }, { signal });
  };
  savesIn(root);
  if (keys && link.page.keys) installKeys(root, store, actions, signal);
  /** Links to copy and the code to embed, loaded when one is asked for. @type {Promise<void> | null} */
  let share = null;
  store.on((state) => {
    if (!state.sharing || share) return;
    share = import('./share.js').then(({ createShare }) => createShare(root, core));
    share.catch((error) => {
      share = null;
      actions.share(null);
      actions.notice(`What copies links did not load: ${error.message}.`, 'reload');
    });
  });
  const shown = core.begin();

  return {
    ...createApi(core),
    /** Resolves when the live run can be trained; asking for it loads the worker. */
    get ready() {
      return core.open();
    },
    /** Resolves when there is a run to see, a recorded one too. */
    shown,
    trainsOn: core.trainsOn,
    store,
    actions,
    savesIn,
    /** Aborted when the demo ends. */
    signal,
    /** Ends workers, timers, listeners and views; the root is as it was. */
    destroy() {
      core.destroy();
      for (const { name, view } of views) guarded(name, () => view.destroy());
      for (const slot of made) slot.remove();
      if (plain) root.classList.remove('demo');
      delete root.dataset.hide;
      delete root.dataset.view;
    },
  };
}

/** @typedef {ReturnType<typeof createDemo>} Demo */
