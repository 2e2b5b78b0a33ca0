// The page: its one demo, the address, the laboratory when it is wanted, a question before steps are
// lost, and a newer build when there is one.

import { followAddress } from './address.js';
import { createDemo } from './demo.js';
import { byId, element } from './draw/dom.js';
import { acceptFiles } from './drop.js';
import { keepOffline, ownBuild, reload } from './offline.js';
import { chapterOf } from './run/options.js';
import { placeOf } from './run/place.js';
import { isAtStake } from './run/run.js';
import { liveRun } from './run/state.js';
import { parse } from './run/url.js';
import { UPDATED, pageUpdated } from './worker/stale.js';

// The speaker's notes are a page of their own, without a demo: it stays with them.
if (new URLSearchParams(location.search).has('notes')) {
  await import('./story/notes.js').then(({ stay }) => stay(document.body)).catch(({ message }) => {
    const again = element('button', { type: 'button', onclick: () => location.reload() }, 'Reload the page');
    const why = element('p', { role: 'alert' }, `The speaker notes did not load: ${message}. `, again);
    document.body.replaceChildren(element('main', {}, why));
    return new Promise(() => {});
  });
}

/** What other pages say before there is a demo to hear it. @type {MessageEvent[]} */
const early = [];
/** @type {(event: MessageEvent) => void} */
let hear = (event) => void early.push(event);
window.addEventListener('message', (event) => {
  if (event.data?.grokking !== undefined) hear(event);
});

const { page } = parse(location.search);
const { embed, present, theme, scale } = page;
document.body.classList.toggle('embed', embed);
/** What a page needs that is no page of its own. @type {typeof import('./frame.js') | null} */
const frame = embed || theme !== 'auto' || scale !== 1 ? await import('./frame.js').catch(() => null) : null;
await frame?.dress(page);

const demo = createDemo(byId('demo'), {
  link: location.search,
  recording: 'first.grok',
  keys: true,
  reload,
});
const { store, actions, signal } = demo;
/** @type {any} */ (window).grokking = demo;
if (embed) frame?.fill(byId('laboratory'), demo);
byId('laboratory').dataset.hide = page.hide.join(' ');
demo.savesIn(byId('laboratory'));
acceptFiles(demo);

/** What did not load is said, with a way to try again. @param {string} what @param {unknown} error */
async function unloaded(what, error) {
  const why = `${what} did not load: ${/** @type {Error} */ (error).message}.`;
  actions.notice((await pageUpdated()) ? UPDATED : why, 'reload');
}

/** Answers in place of what would, as `protocol.js` does. @param {MessageEvent} event @param {string} message */
function refuse({ data, source, origin }, message) {
  // Answers and events, of another demo.
  if ('result' in data || 'error' in data || data.grokking === 'event') return;
  const { grokking, id = null } = data;
  source?.postMessage({ grokking, id, error: { code: 'load', message }, version: 1 }, {
    // A page without an origin of its own cannot be named.
    targetOrigin: origin && origin !== 'null' ? origin : '*',
  });
}

/** @type {Promise<ReturnType<typeof import('./guest.js').createGuest> | null> | undefined} */
let guest;
const asGuest = () => (guest ??= import('./guest.js').then(({ createGuest }) => createGuest(demo)).catch((error) => {
  // Asked for again by the next message.
  guest = undefined;
  unloaded('What answers the page around this one', error);
  return null;
}));
hear = async (event) => {
  const heard = await asGuest();
  if (heard) heard.hear(event);
  else refuse(event, 'what answers messages did not load');
};
for (const event of early) hear(event);
if (window.parent !== window) asGuest();

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
    await unloaded('The laboratory', error);
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
    await unloaded('The story', error);
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
const cite = /** @type {HTMLDetailsElement} */ (byId('cite'));
cite.hidden = false;
cite.addEventListener('toggle', async () => {
  if (!cite.open) return;
  try {
    const [{ showCitations }, { linkOf }] = await Promise.all([import('./take/cite.js'), import('./take/about.js')]);
    await showCitations(cite, { build: ownBuild(), link: linkOf(store.get().run, location.href) });
  } catch (error) {
    cite.open = false;
    await unloaded('BibTeX', error);
  }
});
// Another experiment begins above the question or the list that it was chosen from.
store.on((_, action, before) => {
  const other = action.type === 'begun' && action.preset !== liveRun(before).preset;
  if (other || (action.type === 'replay' && !action.own && before.run.started)) byId('demo').scrollIntoView({ block: 'start' });
});
followAddress(demo);
const embedding = byId('embed');
embedding.hidden = page.hide.includes('embed');
embedding.addEventListener('click', () => actions.share('embed'));
const chapter = chapterOf(page);
if (chapter) actions.open(`story/${chapter}`);
if (present) actions.present(true);

/** A newer build is there, which drops what this one kept. */
let isOld = false;
let asks = false;
const ask = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
// Only while there is something to ask for: a page that asks is not kept for going back. A figure in
// somebody else's page never asks.
store.on((state) => {
  const isLost = !embed && isAtStake(liveRun(state)) && (isOld || !state.keeping);
  if (asks === isLost) return;
  asks = isLost;
  if (asks) window.addEventListener('beforeunload', ask, { signal });
  else window.removeEventListener('beforeunload', ask);
});

keepOffline(() => {
  isOld = true;
  actions.notice('There is a newer version of this page.', 'reload');
}, signal);
