// Recordings of the story, fetched while one reads: the next chapter opens at once, and without a network.

import { shipped } from '../lab/shipped.js';
import { savesData } from '../worker/connection.js';

/** @param {string[]} files @param {AbortSignal} signal */
export async function keepAhead(files, signal) {
  if (savesData()) return;
  await controlled();
  for (const file of files) {
    if (signal.aborted) return;
    // The service worker keeps what it passes on; what fails here is asked for again when it is shown.
    await shipped(file, signal).then((response) => response.arrayBuffer()).catch(() => {});
  }
}

/** Until there is a service worker: a first visit begins without one. */
async function controlled() {
  const workers = navigator.serviceWorker;
  if (!workers || workers.controller) return;
  await workers.ready;
  if (!workers.controller) await new Promise((resolve) => workers.addEventListener('controllerchange', resolve, { once: true }));
}
