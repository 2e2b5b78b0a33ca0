// The service worker: keeps a whole build, and answers from it alone, so that the page works without
// a network and never mixes two builds. The stamp of a build fills in the two lines below.

const BUILD = 'dev';
/** @type {string[]} */
const FILES = [];

const worker = /** @type {any} */ (self);
const scope = worker.registration.scope;
/** Other pages of the same origin have caches of their own. */
const PREFIX = `grokking ${scope} `;
const CACHE = PREFIX + BUILD;
/** Milliseconds in which a page says of which build it is. */
const PATIENCE = 2000;

/** A module with one instruction of relaxed SIMD, as in `js/worker/programs.js`: of the two engines a
 * browser needs one. */
const RELAXED_SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15,
  65, 2, 253, 15, 253, 128, 2, 11,
];
const unused = WebAssembly.validate(new Uint8Array(RELAXED_SIMD)) ? /^worker(_bg)?\./ : /^worker_relaxed/;

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener('message', (/** @type {any} */ event) => {
  if (event.data === 'activate') worker.skipWaiting();
  if (event.data === 'loaded') event.waitUntil(forget());
});
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  if (BUILD === 'dev' || request.method !== 'GET' || !request.url.startsWith(scope)) return;
  const path = request.url.slice(scope.length).replace(/[?#].*$/, '');
  if (request.mode === 'navigate') {
    if (path === '' || path === 'index.html') event.respondWith(page(request));
  } else if (/^[0-9a-f]{16}\//.test(path)) {
    event.respondWith(file(request, path));
  }
});

async function install() {
  if (BUILD === 'dev') return worker.skipWaiting();
  const cache = await caches.open(CACHE);
  const index = await fetch(scope, { cache: 'no-store' });
  // Deployed anew between the two requests: the next visit finds the newer worker.
  if (!index.ok || !(await index.clone().text()).includes(`content="${BUILD}"`)) {
    throw new Error('the page is of another build');
  }
  await cache.put(scope, index);
  const needed = FILES.filter((name) => !unused.test(name));
  await cache.addAll(needed.map((name) => `${scope}${BUILD}/${name}`));
}

/** A page without a build is being developed: nothing may stand between it and its server. */
async function activate() {
  if (BUILD === 'dev') {
    await worker.registration.unregister();
    await Promise.all((await kept()).map((name) => caches.delete(name)));
    return;
  }
  await worker.clients.claim();
}

/** @param {Request} request */
async function page(request) {
  return (await (await caches.open(CACHE)).match(scope)) ?? fetch(request);
}

/**
 * A file, of this build or of an older one of which a page is still open.
 * @param {Request} request @param {string} path
 */
async function file(request, path) {
  const build = path.slice(0, path.indexOf('/'));
  // By its address alone: how it is asked for changes nothing.
  const address = `${scope}${path}`;
  const known = await caches.match(address, { cacheName: PREFIX + build });
  // A worker reads its query from the address of what is answered: a bare one has the request's.
  if (known) return known.url === request.url ? known : new Response(known.body, known);
  const response = await fetch(request);
  if (build === BUILD && response.status === 200) {
    const cache = await caches.open(CACHE);
    await cache.put(address, response.clone()).catch(() => {}); // No room: it works without.
  }
  return response;
}

/** Deletes the builds of which no page is open. */
async function forget() {
  const { installing, waiting } = worker.registration;
  if (installing || waiting) return; // Its build is kept, and has no page yet.
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const builds = await Promise.all(pages.map(buildOf));
  if (builds.includes(null)) return; // One did not say: what it needs may be any of them.
  const used = [BUILD, ...builds];
  const old = (await kept()).filter((name) => !used.includes(name.slice(PREFIX.length)));
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** @param {any} client @returns {Promise<string | null>} */
function buildOf(client) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(String(data));
    setTimeout(() => resolve(null), PATIENCE);
    client.postMessage('build?', [port2]);
  });
}

async function kept() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}
