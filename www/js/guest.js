// What a demo does for the page around it: it obeys its messages, tells it what happens, how high it is,
// where its run can be seen in full and which keys it leaves, and trains while it is seen.

import { EVENTS } from './api.js';
import { forwardKeys } from './forward.js';
import { setTheme } from './frame.js';
import { createPresence } from './presence.js';
import { VERSION, createProtocol, shown } from './protocol.js';
import { THEMES } from './run/options.js';
import { Refused } from './run/refused.js';
import { fullLink } from './run/share.js';
import { liveRun } from './run/state.js';

/** More would be a log. */
const PROBLEMS_MAX = 8;

/** @param {import('./demo.js').Demo} demo */
export function createGuest(demo) {
  const { store, signal } = demo;
  const isFramed = window.parent !== window;
  const { origins, keys } = store.get().page;
  const presence = isFramed ? createPresence(demo, { root: document.documentElement }) : null;

  /** What still holds for whoever asks later. @type {Record<string, unknown[]>} */
  const lasting = { ready: [], height: [], link: [], error: [] };
  const problem = (/** @type {string} */ code, /** @type {string} */ message) => {
    const value = { code, message };
    lasting.error = [...lasting.error, value].slice(-PROBLEMS_MAX);
    protocol.tell('error', value);
  };
  const last = (/** @type {'ready' | 'height' | 'link'} */ name, /** @type {unknown} */ value) => {
    lasting[name] = [value];
    protocol.tell(name, value);
  };

  /** Once there is a run to tell of. */
  const told = async () => {
    if (!store.get().run.started) await demo.shown;
    return demo;
  };
  const still = (/** @type {() => Promise<void>} */ act) => () => {
    presence?.stay();
    return act();
  };
  const begun = (/** @type {Promise<void>} */ asked) => presence?.began(asked) ?? asked;
  const protocol = createProtocol({
    start: (config) => begun(demo.start(config)),
    run: () => begun(demo.run()),
    pause: still(demo.pause),
    reset: still(demo.reset),
    step(n) {
      presence?.stay();
      return presence?.during(() => demo.step(n)) ?? demo.step(n);
    },
    pace: demo.pace,
    ablate: demo.ablate,
    state: async () => (await told()).state(),
    curves: async () => (await told()).curves(),
    table: async () => (await told()).table(),
    visible(value) {
      if (typeof value !== 'boolean') {
        throw new Refused(`\`visible\` cannot be \`${shown(value)}\`: allowed is true, false`, 'argument');
      }
      presence?.show(value);
    },
    theme(name) {
      if (!THEMES.includes(name)) {
        throw new Refused(`\`theme\` cannot be \`${shown(name)}\`: allowed is ${THEMES.join(', ')}`, 'argument');
      }
      setTheme(name);
    },
  }, {
    events: ['ready', 'error', 'height', 'link', 'key', ...EVENTS],
    lasting: (name) => lasting[name] ?? [],
    mayCommand: ({ source, origin }) => (isFramed && source === window.parent) || origins.includes(origin),
  });

  for (const name of EVENTS) demo.on(name, (value) => protocol.tell(name, value));
  // That a run came back is none.
  for (const { text, action } of store.get().notices) {
    if (action !== 'afresh') problem('link', text);
  }
  demo.shown.then(() => last('ready', demo.state()), ({ code = 'load', message }) => problem(code, message));
  // What ends a run is said in a notice.
  store.on((state, action) => {
    if (action.type === 'notice' && liveRun(state).status === 'failed') problem('failed', action.text);
  });

  const follow = () => {
    const link = fullLink(store.get(), location.href);
    if (link !== lasting.link[0]) last('link', link);
  };
  follow();
  store.on(({ run, open, page }, _, before) => {
    const same = run.settings === before.run.settings && run.preset === before.run.preset && run.recording === before.run.recording;
    const parts = page.cut !== before.page.cut || page.fork !== before.page.fork;
    if (!same || open !== before.open || parts) follow();
  });

  watchHeight((height) => last('height', height), signal);
  if (isFramed) {
    forwardKeys((key) => protocol.tell('key', key), { own: keys, signal });
    const hello = { grokking: 'event', name: 'hello', value: { version: VERSION }, version: VERSION };
    window.parent.postMessage(hello, { targetOrigin: '*' });
  }
  return { hear: protocol.hear };
}

/** Tells the height of all that there is, for the width that there is. @param {(height: number) => void} tell @param {AbortSignal} signal */
function watchHeight(tell, signal) {
  const all = document.documentElement;
  let last = 0;
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(all.getBoundingClientRect().height);
    // A frame that is not laid out has none.
    if (height > 0 && height !== last) tell((last = height));
  });
  observer.observe(all);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}
