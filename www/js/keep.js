// A run outlives the page: what it was at its last snapshot is kept in this browser under its link, and
// comes back when that link is opened again. Where nothing can be kept, nothing is said of it.

import { within } from './lab/archive.js';
import { ownBuild } from './offline.js';
import { BYTES_MAX, bytesOf, linkOf, newest, oldest, outdated, readKept, recordOf } from './run/kept.js';
import { placeOf } from './run/place.js';
import { SCHEMA } from './run/schema.js';
import { liveRun } from './run/state.js';
import { goesOn } from './text/keep.js';

/** @typedef {import('./run/kept.js').Name} Name */
/** @typedef {import('./worker/protocol.js').Snapshot} Snapshot */

/** Between two records of a run that trains. */
const APART_MILLIS = 5_000;
/** So old is the newest snapshot at most: a page that is reloaded has no time to ask for another, */
const FRESH_MILLIS = 500;
/** or so many times as long as an answer takes. */
const ASIDE_SHARE = 5;

const names = () => /** @type {Promise<Name[]>} */ (/** @type {unknown} */ (within('runs', 'readonly', (runs) => runs.getAllKeys())));

/** @param {Name[]} gone */
const remove = async (gone) => {
  if (gone.length > 0) await within('runs', 'readwrite', (runs) => gone.map((name) => runs.delete(name))[0]);
};

/** The oldest make room where there is none. @param {ReturnType<typeof recordOf>} record @param {Name} name */
async function put(record, name) {
  const [, , bytes] = name;
  // Where twice its room is no help, more would be none.
  for (let freed = 0; ;) {
    try {
      await within('runs', 'readwrite', (runs) => runs.put(record, name));
      return;
    } catch (error) {
      const spare = /** @type {DOMException | null} */ (error)?.name === 'QuotaExceededError' ? oldest(await names()) : null;
      if (!spare || freed > 2 * bytes) throw error;
      await remove([spare]);
      freed += spare[2];
    }
  }
}

/**
 * @param {ReturnType<typeof import('./run/store.js').createStore<import('./run/state.js').State, import('./run/state.js').Action>>} store
 * @param {{ page: EventTarget, signal: AbortSignal, ask: () => Promise<unknown>, build?: string }} options `page`
 *   tells that it is being left, `ask` brings a snapshot of the run that trains.
 */
export function createKeeper(store, { page, signal, ask, build = `${ownBuild()} ${SCHEMA.protocolVersion}` }) {
  /** What is not written yet: a run as it was at its snapshot, and whether it trains or will when it is seen. @type {{ run: import('./run/run.js').Run, snapshot: Snapshot, running: boolean } | null} */
  let news = null;
  let writtenAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** Whether its weights came from a file: then it is worth keeping before its first step. */
  let opened = false;
  /** Whether the page is being left, and the next snapshot may be its last. */
  let leaving = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let asking;
  /** The notice that a run came back, until another begins. @type {number | null} */
  let told = null;
  const keeping = (/** @type {boolean} */ is) => {
    if (store.get().keeping !== is) store.dispatch({ type: 'keeping', keeping: is });
  };

  async function write() {
    clearTimeout(timer);
    if (!news) return;
    const { run, snapshot, running } = news;
    news = null;
    writtenAt = performance.now();
    const record = recordOf(run, snapshot, running);
    const bytes = bytesOf(record);
    try {
      if (bytes > BYTES_MAX) throw new RangeError('no room for it');
      await put(record, [linkOf(run), Date.now(), bytes, build]);
      keeping(true);
      await remove(outdated(await names(), build));
    } catch {
      keeping(false);
    }
  }

  /** @param {string} link */
  const forget = async (link) => remove((await names()).filter(([of]) => of === link));

  const trains = () => liveRun(store.get()).status === 'running';
  /** The newest snapshot of a run that trains stays fresh, in memory. @param {number} [wait] */
  function refresh(wait = FRESH_MILLIS) {
    clearTimeout(asking);
    if (signal.aborted || !trains()) return;
    asking = setTimeout(async () => {
      const began = performance.now();
      if (store.get().keeping) await ask().catch(() => {});
      refresh(Math.max(FRESH_MILLIS, ASIDE_SHARE * (performance.now() - began)));
    }, wait);
  }

  store.on((_, action) => {
    if (action.type === 'status') refresh();
    // What came back without a step was kept for its weights.
    if (action.type === 'restored') opened = action.run.step === 0;
    if (action.type !== 'begun') return;
    opened = false;
    // From its beginning: what was kept of it is of no use.
    news = null;
    clearTimeout(timer);
    forget(linkOf(action)).catch(() => {});
    if (told !== null) store.dispatch({ type: 'dismissed', id: told });
    told = null;
  });
  /** What there is, at once, and after that, if there is time, what the worker has come to since. */
  function leave() {
    write();
    if (!trains()) return;
    leaving = true;
    ask().catch(() => {});
  }
  // The first comes before a reload, and the last is all that a phone tells.
  for (const left of ['beforeunload', 'pagehide', 'visibilitychange']) page.addEventListener(left, leave, { signal });
  signal.addEventListener('abort', () => {
    clearTimeout(asking);
    write();
  }, { once: true });

  return {
    /** The live run has the weights of a file. */
    open: () => void (opened = true),
    /** A snapshot of the live run. @param {Snapshot} snapshot */
    keep(snapshot) {
      if (snapshot.step === 0 && !opened) return;
      const state = store.get();
      const run = liveRun(state);
      news = { run, snapshot, running: run.status === 'running' || state.resting };
      clearTimeout(timer);
      const wait = run.status === 'running' ? writtenAt + APART_MILLIS - performance.now() : 0;
      const isLast = leaving;
      leaving = false;
      if (wait > 0 && !isLast) timer = setTimeout(write, wait);
      else write();
    },
    /**
     * The run of the link comes back on the page, if it was kept.
     * @returns {Promise<{ snapshot: Snapshot, running: boolean } | null>} What a worker goes on from, and
     *   whether the run was training.
     */
    async recall() {
      try {
        const link = linkOf(liveRun(store.get()));
        const all = await names();
        keeping(true);
        const name = newest(all, link, build);
        if (name === null) {
          await remove(outdated(all, build));
          return null;
        }
        const kept = readKept(await within('runs', 'readonly', (runs) => runs.get(name)), link);
        // Another run was chosen while it was looked for.
        if (linkOf(liveRun(store.get())) !== link || signal.aborted) return null;
        if (!kept) {
          await forget(link);
          return null;
        }
        const { run, snapshot, running } = kept;
        // Not in place of a recording that a reader has chosen, or of a chapter.
        const { run: { recording }, open } = store.get();
        store.dispatch({ type: 'restored', run, aside: recording !== null && (!recording.own || placeOf(open) !== null) });
        store.dispatch({ type: 'notice', text: goesOn(snapshot.step), action: 'afresh' });
        told = store.get().notices.at(-1)?.id ?? null;
        return { snapshot, running };
      } catch {
        return null;
      }
    },
  };
}
