// The only wiring: link, store, client, views, keys, scripts.

import { createActions } from './actions.js';
import { createApi } from './api.js';
import { Client } from './worker/client.js';
import { charts, loadCharts } from './draw/charts.js';
import { byId } from './draw/dom.js';
import { WorkerLost } from './worker/handle.js';
import { initialState, reduce } from './run/state.js';
import { createRacer } from './lab/race.js';
import { shipped } from './lab/shipped.js';
import { createStore } from './run/store.js';
import { format, parse } from './run/url.js';
import * as curves from './views/curves.js';
import * as compare from './views/compare.js';
import * as gauge from './views/gauge.js';
import * as mask from './views/mask.js';
import * as notices from './views/notices.js';
import * as points from './views/points.js';
import * as presets from './views/presets.js';
import { readRecording } from './run/recording.js';
import * as recordings from './views/recordings.js';
import * as scrub from './views/scrub.js';
import * as settings from './views/settings.js';
import * as sharpness from './views/sharpness.js';
import * as structure from './views/structure.js';
import { createSweeper } from './lab/sweep.js';
import * as sweep from './views/sweep.js';
import * as table from './views/table.js';
import * as transport from './views/transport.js';
import * as variants from './views/variants.js';

/** Longer links are not safe everywhere: many programs and servers stop at 8 kB. */
const LINK_MAX = 8_000;

const link = parse(location.search);
const store = createStore(initialState(link), reduce);
const client = new Client(store, link.page.backend);
const actions = createActions(store, client);

document.body.classList.toggle('embed', link.page.embed);

/** Runs something that a reader asked for; what goes wrong becomes a sentence. */
function attempt(/** @type {() => unknown} */ act) {
  Promise.resolve()
    .then(act)
    .catch((error) => {
      // A lost worker is reported once, by the client.
      if (error instanceof WorkerLost) return;
      store.dispatch({ type: 'notice', text: `${error?.message ?? error}` });
    });
}

loadCharts().then(() => redraw());

const racer = createRacer(store);
const sweeper = createSweeper(store);
/** @param {Record<string, string>} settings */
const openRun = (settings) => {
  attempt(() => actions.settings(settings));
  byId('stage').scrollIntoView({ block: 'start' });
};

const views = [
  presets.create(byId('presets'), { onPreset: (id) => attempt(() => actions.preset(id)) }),
  table.create(byId('table'), {
    onCursor: (cursor) => store.dispatch({ type: 'cursor', cursor }),
    onDrag: (area) => store.dispatch({ type: 'maskArea', area }),
    onDragged: () => attempt(actions.holdOutDragged),
  }),
  scrub.create(byId('scrub'), { onScrub: (step) => store.dispatch({ type: 'scrub', step }) }),
  structure.create(byId('structure'), {
    charts,
    onOpen: (open) => store.dispatch({ type: 'opened', figure: 'structure', open }),
    onPredict: (x, y) => attempt(() => client.predict(x, y)),
  }),
  gauge.create(byId('gauge'), {
    charts,
    onOpen: (open) => store.dispatch({ type: 'opened', figure: 'gauge', open }),
  }),
  sharpness.create(byId('sharpness'), {
    charts,
    sweeper,
    onOpen: (open) => store.dispatch({ type: 'opened', figure: 'sharpness', open }),
  }),
  points.create(byId('points'), {
    onOpen: (open) => store.dispatch({ type: 'opened', figure: 'points', open }),
    onProjection: (projection) => store.dispatch({ type: 'projection', projection }),
    onSubgroups: () => attempt(() => client.subgroups(store.get().settings)),
  }),
  sweep.create(byId('sweep'), { charts, sweeper, onRun: openRun }),
  compare.create(byId('compare'), {
    charts,
    onKeep: racer.keep,
    onDrop: (at) => racer.drop(at),
    onRace: (id) => racer.start(id),
    onStop: racer.stop,
    onRun: openRun,
  }),
  recordings.create(byId('recordings'), {
    onReplay: (file) => attempt(async () => replay(await (await shipped(file)).arrayBuffer())),
    onFile: (file) => attempt(async () => replay(await file.arrayBuffer())),
    onLeave: () => store.dispatch({ type: 'live' }),
  }),
  mask.create(byId('mask'), {
    onTool: (tool) => store.dispatch({ type: 'maskTool', tool }),
    onMask: (text) => attempt(() => actions.setting('heldOut', text)),
  }),
  curves.create(byId('curves'), { charts, onAxis: actions.axis }),
  transport.create(byId('transport'), {
    onRun: () => attempt(actions.toggle),
    onStep: () => attempt(() => actions.step(1)),
    onReset: () => attempt(actions.reset),
    onNewSeed: () => attempt(actions.newSeed),
    onUndo: () => attempt(actions.undo),
    onLink: () => attempt(copyLink),
    onPace: (steps) => attempt(() => actions.pace(steps)),
  }),
  settings.create(byId('settings'), {
    onSetting: (id, value) =>
      actions.setting(id, value).catch((error) => {
        // A lost worker is reported once, by the client; anything else beside the control.
        if (!(error instanceof WorkerLost)) throw error;
      }),
  }),
  variants.create(byId('variants'), { onVariant: (id) => attempt(() => actions.variant(id)) }),
  notices.create(byId('notices'), {
    onDismiss: (id) => store.dispatch({ type: 'dismissed', id }),
    onAction: (action) => attempt(() => (action === 'use-cpu' ? actions.useCpu() : location.reload())),
  }),
];

function redraw() {
  for (const view of views) view.render(store.get());
}
store.subscribe((state) => {
  for (const view of views) view.render(state);
});
addEventListener('resize', redraw);
// A figure draws nothing while it is closed.
addEventListener('toggle', redraw, true);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

// What is not visible is not computed.
let watched = '';
store.subscribe(({ open, projection, started, recording }) => {
  if (!started || recording) return;
  const watch = {
    structure: !!open.structure,
    sharpness: !!open.sharpness,
    gauge: !!open.gauge,
    points: open.points ? projection : null,
  };
  if (JSON.stringify(watch) === (watched || JSON.stringify(client.watched))) return;
  watched = JSON.stringify(watch);
  attempt(() => client.watch(watch));
});

let written = '';
store.subscribe(({ preset, settings: chosen, page, recording }) => {
  if (recording) return;
  const search = format(preset, chosen, page);
  if (search === written) return;
  // The first one is the reader's own link, which stays as it was typed.
  if (written) history.replaceState(null, '', search);
  written = search;
});

/** The live run waits while a recording is shown. @param {ArrayBuffer} bytes */
async function replay(bytes) {
  const recording = await readRecording(bytes);
  if (store.get().status === 'running') await client.pause();
  store.dispatch({ type: 'replay', recording });
  byId('stage').scrollIntoView({ block: 'start' });
}

async function copyLink() {
  const { preset, settings: chosen, page } = store.get();
  const url = new URL(format(preset, chosen, page), location.href).href;
  // A page without https, or inside another, may have no clipboard.
  const copied = await navigator.clipboard?.writeText(url).then(
    () => true,
    () => false,
  );
  const long = url.length > LINK_MAX
    ? ` It is ${(url.length / 1000).toFixed(0)} kB long, with the table in it: some programs cut such links.`
    : '';
  const shortened = long ? `${url.slice(0, 100)}…` : url;
  store.dispatch({ type: 'notice', text: `${copied ? 'Copied' : 'The link'}: ${copied ? shortened : url}${long}` });
}

const KEYS = {
  ' ': actions.toggle,
  '.': () => actions.step(1),
  r: actions.reset,
  n: actions.newSeed,
  l: actions.toggleAxis,
};
window.addEventListener('keydown', (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, select')) return;
  // A focused button has the space key to itself.
  if (event.key === ' ' && target.closest('button, summary, a')) return;
  const act = KEYS[/** @type {keyof KEYS} */ (event.key)];
  if (!act || store.get().started === null || store.get().recording) return;
  event.preventDefault();
  attempt(act);
});

const ready = client.open();
/** @type {any} */ (window).grokking = createApi(store, actions, ready);
ready.then(
  () => (link.page.autoplay ? attempt(actions.run) : undefined),
  (error) => store.dispatch({ type: 'notice', text: `${error.message}`, action: 'reload' }),
);
