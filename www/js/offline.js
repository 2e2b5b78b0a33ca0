// Keeps the page for a visit without a network, and tells of a newer one.

/** The build of this page, or `dev`. */
export const ownBuild = () =>
  document.querySelector('meta[name="build"]')?.getAttribute('content') ?? 'dev';

/** Opens the newer build that is there. @type {(() => void) | null} */
let update = null;

/** Loads the page anew, and the newest build of it that is there. */
export function reload() {
  if (update) update();
  else location.reload();
}

/**
 * Where a browser refuses to keep anything, as in some frames, the page works as it does without.
 * @param {() => void} onUpdate A newer build is there, whole, and `reload` opens it.
 * @param {AbortSignal} [signal]
 */
export async function keepOffline(onUpdate, signal) {
  const build = ownBuild();
  if (build === 'dev') return;
  try {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    workers.addEventListener('message', ({ data, ports }) => {
      if (data === 'build?') ports[0]?.postMessage(build);
    }, { signal });
    workers.startMessages();
    if (document.readyState !== 'complete') {
      // What the page shows first comes first.
      await new Promise((resolve) => window.addEventListener('load', resolve, { once: true }));
    }
    const registration = await workers.register('./sw.js', { updateViaCache: 'none' });
    const offer = (/** @type {ServiceWorker} */ worker) => {
      update = () => {
        workers.addEventListener('controllerchange', () => location.reload(), { once: true });
        worker.postMessage('activate');
      };
      onUpdate();
    };
    const follow = (/** @type {ServiceWorker | null} */ worker) => {
      worker?.addEventListener('statechange', () => {
        // The first worker of all waits for nobody.
        if (worker.state === 'installed' && registration.active) offer(worker);
      }, { signal });
    };
    if (registration.waiting && registration.active) offer(registration.waiting);
    follow(registration.installing);
    registration.addEventListener('updatefound', () => follow(registration.installing), { signal });
    const ready = await workers.ready;
    ready.active?.postMessage('loaded');
  } catch {
    // No storage here, or no network for the first visit's worker.
  }
}
