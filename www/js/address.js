// The address of the page says what is trained and which figure or chapter is open; back and forward change both.

import { sameCut } from './run/cut.js';
import { liveRun } from './run/state.js';
import { placeOf } from './run/place.js';
import { fileOf } from './run/recording.js';
import { FIGURES } from './run/options.js';
import { format, formatRecording, namesRun, parse, withPresent } from './run/url.js';

/** @typedef {import('./run/state.js').State} State */

/** The figure or chapter that the part of an address after its # opens. @param {string} hash @returns {string | null} */
export function figureOf(hash) {
  const open = hash.slice(1);
  return FIGURES.includes(open) || placeOf(open) ? open : null;
}

/**
 * @param {Pick<ReturnType<typeof import('./core.js').createCore>, 'store' | 'actions' | 'signal'>
 *   & { commands?: unknown }} demo
 * @param {{ location: { search: string, hash: string, pathname: string },
 *   history: Pick<History, 'pushState' | 'replaceState'>,
 *   addEventListener: (name: string, listener: () => void, options: { signal: AbortSignal }) => void }} [page]
 */
export function followAddress({ store, actions, signal }, page = window) {
  const { location, history } = page;
  const asked = parse(location.search).name;
  /** The recording that has an address: while nothing is shown yet, that of the link. @param {State} state */
  const nameOf = ({ run }) => (run.started ? run.recording?.name ?? null : asked);
  const queryOf = (/** @type {State} */ state) => {
    const name = nameOf(state);
    if (name !== null) return formatRecording(name, state.page);
    const { preset, settings } = liveRun(state);
    return format(preset, settings, state.page);
  };
  /** What the run is called; the reader's own link stays as it was typed until the run is another. */
  let query = queryOf(store.get());
  let search = location.search;

  store.on((state, _, before) => {
    const [now, then] = [liveRun(state), liveRun(before)];
    const renamed = nameOf(state) !== nameOf(before);
    const { present, cut, fork } = state.page;
    const same = now.settings === then.settings && now.preset === then.preset && !renamed;
    const parts = cut !== before.page.cut || fork !== before.page.fork;
    if (same && !parts && state.open === before.open && present === before.page.present) return;
    // A chapter of the story sets up its own run: its address is that of the chapter.
    const place = placeOf(state.open);
    const next = place ? query : queryOf(state);
    const kept = present === before.page.present ? search : withPresent(search, present);
    const wanted = next === query ? kept : next;
    const isShown = state.open === figureOf(location.hash);
    query = next;
    if (wanted === search && isShown) return;
    const hash = isShown ? location.hash : state.open ? `#${state.open}` : '';
    const address = `${location.pathname}${wanted}${hash}`;
    // Only what one would want to go back to is an entry of its own; a page inside another makes none.
    const another = place ? place.chapter !== placeOf(before.open)?.chapter && !isShown
      : now.preset !== then.preset || !isShown || (renamed && before.run.started !== null);
    const isEntry = !state.page.embed && another;
    search = wanted;
    if (isEntry) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  });

  const follow = () => {
    actions.open(figureOf(location.hash));
    if (location.search === search) return;
    search = location.search;
    const { preset, settings, name, page: { cut } } = parse(search);
    if (!sameCut(cut, store.get().page.cut)) actions.takeAway(cut);
    const { page: options, opening, live, run } = store.get();
    query = name === null ? format(preset, settings, options) : formatRecording(name, options);
    if (placeOf(location.hash.slice(1))) return;
    if (name !== null) actions.replay(fileOf(name), false);
    // An address without a run is that of the opening, until something was trained.
    else if (run.recording?.name && opening !== null && !live?.step && !namesRun(search)) actions.replay();
    else actions.visit({ preset, settings });
  };
  page.addEventListener('popstate', follow, { signal });
  page.addEventListener('hashchange', follow, { signal });
  actions.open(figureOf(location.hash));
}
