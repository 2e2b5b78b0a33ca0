// The page: its one demo, the address, the laboratory when it is wanted, and a question before steps are
// lost.

import { followAddress } from './address.js';
import { answerMessages } from './api.js';
import { createDemo } from './demo.js';
import { byId } from './draw/dom.js';
import { keepOffline } from './offline.js';
import { liveRun } from './run/state.js';
import { parse } from './run/url.js';

const { embed } = parse(location.search).page;
document.body.classList.toggle('embed', embed);

const demo = createDemo(byId('demo'), {
  link: location.search,
  recording: 'first.grok',
  keys: true,
});
const { store, actions, signal } = demo;
/** @type {any} */ (window).grokking = demo;
answerMessages(demo, signal);

/** @type {Promise<{ open: (figure: string | null) => void, destroy: () => void }> | null} */
let laboratory = null;
async function openFigure() {
  if (!laboratory && store.get().open === null) return;
  laboratory ??= import('./lab/laboratory.js').then(({ createLaboratory }) =>
    createLaboratory(byId('laboratory'), demo));
  try {
    (await laboratory).open(store.get().open);
  } catch (error) {
    laboratory = null;
    actions.notice(`The laboratory did not load: ${/** @type {Error} */ (error).message}.`, 'reload');
  }
}
if (!embed) {
  store.on((state, _, before) => {
    if (state.open !== before.open) openFigure();
  });
}
followAddress(demo);
keepOffline(() => actions.notice('A new version of this page is ready.', 'reload'), signal);

/** Whether leaving loses steps. @param {import('./run/run.js').Run} run */
const isAtStake = ({ status, step }) => status === 'running' || (status === 'paused' && step > 0);
const ask = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
// Only while there is something to ask for: a page that asks is not kept for going back.
store.on((state, _, before) => {
  const asks = isAtStake(liveRun(state));
  if (asks === isAtStake(liveRun(before))) return;
  if (asks) window.addEventListener('beforeunload', ask, { signal });
  else window.removeEventListener('beforeunload', ask);
});
