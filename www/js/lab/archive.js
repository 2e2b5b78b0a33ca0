// What outlives the tab: the finished runs of a sweep, in IndexedDB.

const NAME = 'grokking';
const STORE = 'sweeps';
/** Of what is kept; older records are left alone. */
const VERSION = 1;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>}
 */
async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

/** A private window may have no storage: then nothing is kept. @param {unknown} sweep */
export const keepSweep = (sweep) =>
  within('readwrite', (store) => store.put(sweep, 'last')).then(() => true, () => false);

/** The last sweep, or null. @returns {Promise<any>} */
export const lastSweep = () => within('readonly', (store) => store.get('last')).then((sweep) => sweep ?? null, () => null);
