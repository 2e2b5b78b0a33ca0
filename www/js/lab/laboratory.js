// The laboratory: cards, and under them the one figure that is open.

import { element, unique } from '../draw/dom.js';
import { loadSheet } from '../draw/sheet.js';
import { createGuard } from '../guard.js';
import { withNetwork } from '../run/network.js';
import { CARDS, CLOSE, LEAD, MASK, TITLE } from '../text/laboratory.js';
import * as ablated from '../views/ablated.js';
import * as attention from '../views/attention.js';
import * as cards from '../views/cards.js';
import * as clock from '../views/clock.js';
import * as compare from '../views/compare.js';
import * as course from '../views/course.js';
import * as cut from '../views/cut.js';
import * as fork from '../views/fork.js';
import * as gauge from '../views/gauge.js';
import * as ladder from '../views/ladder.js';
import * as mask from '../views/mask.js';
import * as neuron from '../views/neuron.js';
import * as pizza from '../views/pizza.js';
import * as points from '../views/points.js';
import * as precision from '../views/precision.js';
import * as recordings from '../views/recordings.js';
import * as rule from '../views/rule.js';
import * as settings from '../views/settings.js';
import * as sharpness from '../views/sharpness.js';
import * as structure from '../views/structure.js';
import * as sweep from '../views/sweep.js';
import * as trace from '../views/trace.js';
import * as variants from '../views/variants.js';
import * as wall from '../views/wall.js';
import * as walls from '../views/walls.js';
import * as weights from '../views/weights.js';

/**
 * @typedef {{ render: (state: import('../run/state.js').State) => void, destroy: () => void }} View
 * @typedef {(root: HTMLElement, actions: import('../actions.js').Actions) => View} Create
 */

/** The sheets of all figures, and of those with much to lay out. */
const SHEETS = ['laboratory.css', 'cut.css', 'neurons.css', 'runs.css', 'clock.css'];
const loadSheets = (/** @type {Document} */ document) => Promise.all(SHEETS.map((name) => loadSheet(document, name)));

/**
 * A view of the network itself: of a recording where that has weights. It is given the run as it stands there.
 * @param {Create} create @returns {Create}
 */
const ofNetwork = (create) => (root, actions) => {
  const view = create(root, actions);
  return { ...view, render: (state) => view.render(withNetwork(state)) };
};

/** What each figure is made of. @type {Record<string, Create[]>} */
const FIGURES = {
  structure: [structure.create],
  cut: [weights.create, ...[cut.create, ablated.create, rule.create].map(ofNetwork)],
  neurons: [weights.create, ...[wall.create, neuron.create, walls.create, course.create, attention.create, trace.create].map(ofNetwork)],
  clock: [weights.create, ...[clock.create, pizza.create].map(ofNetwork)],
  points: [points.create],
  gauge: [gauge.create],
  sharpness: [sharpness.create],
  compare: [compare.create],
  fork: [weights.create, ofNetwork(fork.create), ladder.create],
  precision: [precision.create],
  sweep: [sweep.create],
  recordings: [recordings.create],
  mask: [mask.create],
  settings: [variants.create, settings.create],
};

/**
 * @typedef {{ store: Pick<import('../demo.js').Demo['store'], 'get' | 'onFrame'>,
 *   actions: import('../actions.js').Actions }} Demo
 * @typedef {ReturnType<typeof createGuard>} Guarded
 */

/**
 * A figure under its question; one that fails leaves the others and the page.
 * @param {string} id @param {Demo['actions']} actions @param {Guarded} guarded
 * @param {HTMLElement[]} buttons Beside the question.
 */
function createFigure(id, actions, guarded, buttons = []) {
  const { question = id } = CARDS.find((card) => card.id === id) ?? {};
  const title = element('h3', { tabIndex: -1, id: unique('title') }, question);
  const parts = FIGURES[id].map(() => element('div', {}));
  const node = element('section', { id, className: 'figure', 'aria-labelledby': title.id },
    element('div', { className: 'figure-head' }, title, ...buttons), ...parts);
  return {
    id,
    node,
    title,
    /** Once the node is on the page. */
    views: () => FIGURES[id].flatMap((create, at) => guarded(id, () => create(parts[at], actions)) ?? []),
  };
}

/**
 * Figures one under the other, as a frame shows them.
 * @param {HTMLElement} root @param {string[]} ids @param {Demo} demo
 */
export async function createFigures(root, ids, { store, actions }) {
  await loadSheets(root.ownerDocument);
  const guarded = createGuard((text) => actions.notice(text));
  const figures = ids.map((id) => createFigure(id, actions, guarded));
  root.classList.add('laboratory');
  root.append(...figures.map(({ node }) => node));
  const views = figures.map((figure) => ({ id: figure.id, parts: figure.views() }));
  const stop = store.onFrame((state) => {
    for (const { id, parts } of views) for (const view of parts) guarded(id, () => view.render(state));
  });
  return {
    destroy() {
      stop();
      for (const { id, parts } of views) for (const view of parts) guarded(id, () => view.destroy());
      root.replaceChildren();
    },
  };
}

/** @param {HTMLElement} root @param {Demo} demo */
export async function createLaboratory(root, { store, actions }) {
  // Before there is anything to scroll to: a style sheet that comes late moves it away.
  await loadSheets(root.ownerDocument);
  const list = element('ul', { className: 'questions cards' });
  const panel = element('div', { className: 'panel' });
  root.classList.add('laboratory');
  root.append(element('h2', {}, TITLE), element('p', { className: 'quiet' }, LEAD), list, panel);
  const guarded = createGuard((text) => actions.notice(text));
  const overview = guarded('the cards', () => cards.create(list, actions));

  /** The figure that is open. @type {{ id: string, views: View[], node: HTMLElement } | null} */
  let figure = null;
  const render = (/** @type {import('../run/state.js').State} */ state) => {
    for (const view of figure?.views ?? []) guarded(figure?.id ?? '', () => view.render(state));
  };

  /** @param {string} id */
  function show(id) {
    const close = element('button', { type: 'button', className: 'quiet', onclick: () => actions.open(null) }, CLOSE);
    // What is drawn by hand is drawn on the table above.
    const away = element('button', { type: 'button', hidden: id !== 'mask', onclick: () =>
      root.ownerDocument.querySelector('.demo .table')?.scrollIntoView({ block: 'center' }) }, MASK.toTable);
    const { node, title, views } = createFigure(id, actions, guarded, [away, close]);
    node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) actions.open(null);
    });
    panel.append(node);
    figure = { id, node, views: views() };
    title.focus({ preventScroll: true });
    node.scrollIntoView({ block: 'start' });
  }

  /** @returns {string | null} The figure that went with the focus in it. */
  function hide() {
    if (!figure) return null;
    const { id, node, views } = figure;
    const focused = node.contains(document.activeElement);
    figure = null;
    for (const view of views) guarded(id, () => view.destroy());
    node.remove();
    return focused ? id : null;
  }

  const stop = store.onFrame((state) => {
    guarded('the cards', () => overview?.render(state));
    render(state);
  });

  return {
    /** @param {string | null} id */
    open(id) {
      if (id === (figure?.id ?? null)) return;
      const next = id !== null && id in FIGURES ? id : null;
      const left = hide();
      // The cards take their place before anything is scrolled to: not every browser keeps it.
      root.classList.toggle('opened', next !== null);
      if (next === null) {
        if (left) overview?.focus(left);
        return;
      }
      overview?.reveal(next);
      show(next);
      render(store.get());
    },
    destroy() {
      stop();
      hide();
      guarded('the cards', () => overview?.destroy());
      root.replaceChildren();
    },
  };
}
