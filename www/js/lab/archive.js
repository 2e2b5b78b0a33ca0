// What outlives the tab, in IndexedDB: the finished runs of a sweep, and runs that were left.

import { limit } from '../run/limit.js';

const NAME = 'grokking';
/** The version of what is kept; older records are left alone. */
const VERSION = 2;
/** A page that waits for its storage longer goes on as one without any. */
const PATIENCE_MILLIS = 5_000;
const STORES = /** @type {const} */ (['sweeps', 'runs']);

/** @template T @param {Promise<T>} answer */
const inTime = (answer) => limit(answer, PATIENCE_MILLIS, 'storage did not answer');

/** @typedef {typeof STORES[number]} Name */

/** Stays open: a page that is being left has no time to open it. @type {Promise<IDBDatabase> | null} */
let opening = null;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opening ??= inTime(new Promise((/** @type {(database: IDBDatabase) => void} */ resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const { result: database } = request;
      for (const name of STORES) if (!database.objectStoreNames.contains(name)) database.createObjectStore(name);
    };
    request.onerror = () => reject(request.error);
    // By an older page in another tab: training does not wait for it.
    request.onblocked = () => reject(new Error('another page has it open'));
    request.onsuccess = () => {
      const { result: database } = request;
      // For a newer page in another tab, or a reader who deletes what was kept.
      database.onversionchange = () => {
        opening = null;
        database.close();
      };
      database.onclose = () => {
        opening = null;
      };
      resolve(database);
    };
  })).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

/**
 * One transaction. Rejects where there is no storage, as in some private windows, none that answers in
 * time, or no room.
 * @template T
 * @param {Name} name @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act Gives the request whose result is asked for.
 * @returns {Promise<T>} When what was written is there for good.
 */
export async function within(name, mode, act) {
  const database = await open();
  return inTime(new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = act(transaction.objectStore(name));
    /** @type {T} */
    let result;
    request.onsuccess = () => {
      ({ result } = request);
    };
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error);
    // What is written does not wait for another request: the page may be gone before it is asked. What is
    // read does: Chromium 150 would end the transaction before it has a large value.
    if (mode === 'readwrite') transaction.commit?.();
  }));
}

/** A private window may have no storage: then nothing is kept. @param {unknown} sweep */
export const keepSweep = (sweep) =>
  within('sweeps', 'readwrite', (store) => store.put(sweep, 'last')).then(() => true, () => false);

/** The last sweep, or null. @returns {Promise<any>} */
export const lastSweep = () =>
  within('sweeps', 'readonly', (store) => store.get('last')).then((sweep) => sweep ?? null, () => null);
