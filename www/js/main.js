// The page: its one demo, the address, the laboratory when it is wanted, a question before steps are
// lost, and a newer build when there is one.

import { followAddress } from './address.js';
import { answerMessages } from './api.js';
import { createDemo } from './demo.js';
import { byId } from './draw/dom.js';
import { keepOffline, reload } from './offline.js';
import { placeOf } from './run/place.js';
import { isAtStake } from './run/run.js';
import { liveRun } from './run/state.js';
import { parse } from './run/url.js';
import { UPDATED, pageUpdated } from './worker/stale.js';

// The speaker's notes are a page of their own, without a demo: it stays with them.
if (new URLSearchParams(location.search).has('notes')) await (await import('./story/notes.js')).stay(document.body);

const { embed, present } = parse(location.search).page;
document.body.classList.toggle('embed', embed);

const demo = createDemo(byId('demo'), {
  link: location.search,
  recording: 'first.grok',
  keys: true,
  reload,
});
const { store, actions, signal } = demo;
/** @type {any} */ (window).grokking = demo;
answerMessages(demo, signal);

/** @typedef {Promise<{ open: (figure: string | null) => void, destroy: () => void }>} Opened */
/** @type {Opened | null} */
let laboratory = null;
/** Loads it when it is wanted, and shows what is open. */
async function showLaboratory() {
  laboratory ??= import('./lab/laboratory.js').then(({ createLaboratory }) =>
    createLaboratory(byId('laboratory'), demo));
  try {
    (await laboratory).open(store.get().open);
  } catch (error) {
    laboratory = null;
    const why = `The laboratory did not load: ${/** @type {Error} */ (error).message}.`;
    actions.notice((await pageUpdated()) ? UPDATED : why, 'reload');
  }
}
/** @type {Opened | null} */
let story = null;
/** Tells the story from where the address is, and ends it where that is elsewhere. */
async function showStory() {
  story ??= import('./story/story.js').then(({ createStory }) => createStory(byId('demo'), demo));
  try {
    (await story).open(store.get().open);
  } catch (error) {
    story = null;
    const why = `The story did not load: ${/** @type {Error} */ (error).message}.`;
    actions.notice((await pageUpdated()) ? UPDATED : why, 'reload');
  }
}
store.on((state, _, before) => {
  if (state.open === before.open) return;
  if (placeOf(state.open) || placeOf(before.open)) showStory();
  if (!embed && (laboratory || !placeOf(state.open))) showLaboratory();
});
if (!embed) {
  // Its cards are there when a reader comes near.
  const near = new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting) return;
    near.disconnect();
    showLaboratory();
  }, { rootMargin: '400px' });
  near.observe(byId('laboratory'));
}
// Another experiment begins above the question or the list that it was chosen from.
store.on((_, action, before) => {
  const other = action.type === 'begun' && action.preset !== liveRun(before).preset;
  if (other || (action.type === 'replay' && !action.own && before.run.started)) byId('demo').scrollIntoView({ block: 'start' });
});
followAddress(demo);
if (present) actions.present(true);

const ask = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
// Only while there is something to ask for: a page that asks is not kept for going back.
store.on((state, _, before) => {
  const asks = isAtStake(liveRun(state));
  if (asks === isAtStake(liveRun(before))) return;
  if (asks) window.addEventListener('beforeunload', ask, { signal });
  else window.removeEventListener('beforeunload', ask);
});

keepOffline(() => actions.notice('There is a newer version of this page.', 'reload'), signal);
