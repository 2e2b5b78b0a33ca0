// The story on top of the demo: its chapters as their addresses ask for them, for a reader or as a lecture.

import { loadSheet } from '../draw/sheet.js';
import { placeOf } from '../run/place.js';
import { back } from '../text/story.js';
import { recordings } from './chapters.js';
import { keepAhead } from './ahead.js';
import { createLecture } from './lecture.js';
import { readerKeys } from './keys.js';
import { createTeller } from './teller.js';
import { createView } from './view.js';

/** @param {HTMLElement} root The demo's. @param {Pick<import('../demo.js').Demo, 'store' | 'actions' | 'shown' | 'trainsOn' | 'signal'>} demo */
export async function createStory(root, demo) {
  const { store, actions, signal } = demo;
  const narrow = store.get().page.embed ? 'story-frame.css' : 'story-tall.css';
  await Promise.all(['story.css', 'story-figures.css', narrow, 'lecture.css'].map((name) => loadSheet(root.ownerDocument, name)));
  // What the page opens with is shown before a chapter is, if anything can be.
  await demo.shown.catch(() => {});
  /** @type {ReturnType<typeof createView> | null} */
  let view = null;
  /** @type {ReturnType<typeof createLecture> | null} */
  let lecture = null;
  const render = () => {
    view?.render(teller.get(), store.get());
    lecture?.render(teller.get(), store.get());
  };
  const teller = createTeller(demo, render);
  const stop = store.onFrame(render);
  const does = {
    act: (/** @type {string} */ name) => void teller.act(name),
    again: () => void teller.again(),
    async leave() {
      // Before the address says what is trained.
      await teller.giveBack();
      actions.open(null);
    },
    present: () => actions.present(),
  };
  /** Ends the story that is being told. @type {AbortController | null} */
  let telling = null;
  /** The invitation, and where it leads. @type {HTMLAnchorElement | null} */
  const invitation = root.querySelector('a.to-story');

  function start() {
    telling = new AbortController();
    root.classList.add('telling');
    view = createView(root, does);
    readerKeys(demo, telling.signal);
    root.scrollIntoView({ block: 'start' });
    keepAhead(recordings(), telling.signal);
  }

  function end() {
    const { chapter } = teller.get();
    if (store.get().page.present) actions.present(false);
    telling?.abort();
    telling = null;
    lecture?.destroy();
    lecture = null;
    view?.destroy();
    view = null;
    teller.leave();
    root.classList.remove('telling');
    if (!invitation) return;
    invitation.hash = `#story/${chapter}`;
    const rest = invitation.querySelector('span');
    if (rest) rest.textContent = back(chapter);
    invitation.focus({ preventScroll: true });
  }

  /** Between a reader and an audience. */
  function follow() {
    const { present } = store.get().page;
    if (present && view && !lecture) lecture = createLecture(root, demo, teller);
    if (!present && lecture) {
      lecture.destroy();
      lecture = null;
    }
  }
  const presents = store.on((state, _, before) => {
    if (state.page.present === before.page.present) return;
    follow();
    const place = placeOf(state.open);
    if (place && view) show(place);
  });

  /** @param {import('../run/place.js').Place} place */
  function show(place) {
    const before = teller.get().chapter;
    if (lecture) lecture.show(place);
    else teller.tell(place.chapter);
    render();
    if (before !== place.chapter && !lecture) view?.focus();
  }

  signal.addEventListener('abort', () => {
    stop();
    presents();
    end();
    teller.destroy();
  }, { once: true });

  return {
    /** @param {string | null} open */
    open(open) {
      const place = placeOf(open);
      if (!place) {
        if (view) end();
        return;
      }
      if (!view) start();
      follow();
      show(place);
    },
    destroy: end,
  };
}
