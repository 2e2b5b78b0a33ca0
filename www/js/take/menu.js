// What can be saved and opened, in a dialog.

import { about, linkOf, nameOf } from './about.js';
import { showCitations } from './cite.js';
import { csv } from './csv.js';
import { download } from './download.js';
import { curvesCsv, curvesJson, splitCsv, tableCsv } from './numbers.js';
import { picture as whole } from './picture.js';
import { png } from './raster.js';
import { recordingOf } from './recording.js';
import { element, write } from '../draw/dom.js';
import { pictures } from '../draw/pictures.js';
import { loadSheet } from '../draw/sheet.js';
import { ownBuild } from '../offline.js';
import { shown } from '../run/frames.js';
import { networkOf } from '../run/network.js';
import { filesOf } from '../run/weights.js';
import { VERSION } from '../text/cite.js';
import * as text from '../text/take.js';

/** @typedef {import('../draw/pictures.js').Picture} Picture */
/** @typedef {{ label: string, act: () => Promise<string> | string, disabled?: boolean }} Choice `act` gives the file's name. */

const CSV = 'text/csv;charset=utf-8';
const BYTES = 'application/octet-stream';

/**
 * @param {HTMLElement} root Where it was asked for.
 * @param {{ store: { get: () => import('../run/state.js').State, onFrame: (paint: () => void) => () => void }, signal: AbortSignal,
 *   commands: { weights: () => Promise<{ step: number, file: Uint8Array<ArrayBuffer> }>,
 *     openFiles: (files: File[]) => Promise<void> } }} core
 * @param {Picture | null} picture That it was asked for, if it was one.
 */
export async function openMenu(root, { store, commands, signal }, picture) {
  await loadSheet(root.ownerDocument, 'save.css');
  const build = ownBuild();
  const run = () => store.get().run;
  const page = () => ({ href: location.href, build });
  const link = () => linkOf(run(), location.href);
  const hasNetwork = networkOf(run()).recording === null;

  const said = element('p', { className: 'said', role: 'status' });
  /** @param {() => Promise<unknown> | unknown} act */
  const tried = async (act) => {
    said.classList.remove('error');
    write(said, '');
    try {
      await act();
    } catch (error) {
      said.classList.add('error');
      write(said, `${/** @type {Error} */ (error).message}.`);
    }
  };

  /** @param {string} part @param {string} ending @param {BlobPart} content @param {string} type @param {import('../run/run.js').Run} [of] */
  function save(part, ending, content, type, of = run()) {
    const name = nameOf(of, part, ending);
    download(name, content, type);
    return name;
  }
  /** @param {Picture} figure @param {'svg' | 'png'} ending */
  async function saveFigure(figure, ending) {
    const drawing = await figure.draw();
    if (!drawing) throw new Error(text.NOTHING_DRAWN);
    const style = getComputedStyle(root);
    const [paper, ink, quiet] = ['--paper', '--ink', '--quiet'].map((name) => style.getPropertyValue(name).trim());
    const title = figure.title();
    const finished = whole(drawing, {
      title,
      caption: `${title}. ${figure.ofRun ? text.captionOf(run(), shown(run()).evaluated) : ''}`.trim(),
      link: figure.ofRun ? link() : location.href,
      source: `grokking ${VERSION}, build ${build}`,
      colors: { paper, ink, quiet },
    });
    const content = ending === 'svg' ? finished.markup : await png(finished);
    return save(figure.name, ending, content, ending === 'svg' ? 'image/svg+xml' : 'image/png');
  }

  /** @param {Picture} figure */
  function saveNumbers(figure) {
    const table = figure.csv?.();
    if (!table) throw new Error(text.NOTHING_DRAWN);
    return save(figure.name, 'csv', csv(table.head, table.rows), CSV);
  }

  const weights = element('input', { type: 'checkbox' });
  const words = document.createTextNode('');
  const withWeights = element('label', {}, weights, words);
  /** The run may go on, or fail, while the dialog is open. */
  function render() {
    const { recording, status } = run();
    withWeights.hidden = recording !== null;
    weights.disabled = status === 'running' || status === 'failed';
    if (status === 'failed') weights.checked = false;
    words.data = text.withWeights(run());
  }
  async function saveRun() {
    // First the weights, then the run, which has what they show if it has gone on meanwhile.
    const files = await carried();
    const command = run().recording?.command || text.madeBy(VERSION, build, link());
    return save('', 'grok', await recordingOf(run(), command, files), BYTES);
  }
  /** Networks that go with the run. @returns {Promise<import('./recording.js').Files>} */
  async function carried() {
    const { recording } = run();
    if (recording?.weights) return filesOf(recording.weights);
    if (recording || !weights.checked) return new Map();
    const { step, file } = await commands.weights();
    return new Map([[step, file]]);
  }
  async function saveWeights() {
    const { step, file } = await commands.weights();
    return save('', 'safetensors', file, BYTES, { ...run(), step });
  }

  /** @param {string} name @param {string} note @param {Choice[]} choices */
  const row = (name, note, choices) => element('li', {},
    element('div', {}, element('strong', {}, name), element('span', {}, note)),
    ...choices.map(({ label, act, disabled = false }) => element('button', {
      type: 'button', disabled, 'aria-label': `${name}: ${label}`, onclick: () => tried(async () => write(said, text.saved(await act()))),
    }, label)));
  /** @param {keyof typeof text.ROWS} key @param {Choice[]} choices */
  const known = (key, choices) => row(text.ROWS[key].name, text.ROWS[key].note, choices);
  const figures = picture ? [picture] : seenIn(root).flatMap((figure) => pictures.get(figure) ?? []);
  const file = element('input', {
    type: 'file', accept: '.grok,.json,.gz,.safetensors', onchange: () => tried(async () => {
      await commands.openFiles([...file.files ?? []]);
      dialog.close();
    }),
  });
  const cite = element('details', { ontoggle: () => cite.open && showCitations(cite, { build, link: link() }) }, element('summary', {}, text.CITE));
  const close = element('button', { type: 'button', className: 'quiet', onclick: () => dialog.close() }, text.CLOSE);
  const dialog = element('dialog', {
    className: 'save-menu', 'aria-label': text.TITLE, onclick: (/** @type {Event} */ event) => {
      if (event.target === dialog) dialog.close();
    },
  }, element('div', {},
    element('header', {}, element('h2', {}, text.TITLE), close),
    element('ul', {},
      ...figures.map((figure) => row(figure.title(), '', [
        { label: 'SVG', act: () => saveFigure(figure, 'svg') },
        { label: 'PNG', act: () => saveFigure(figure, 'png') },
        ...(figure.csv ? [{ label: 'CSV', act: () => saveNumbers(figure) }] : []),
      ])),
      known('curves', [
        { label: 'CSV', act: () => save('curves', 'csv', curvesCsv(run()), CSV) },
        { label: 'JSON', act: () => save('curves', 'json', curvesJson(run(), about(run(), page())), 'application/json') },
      ]),
      known('table', [{ label: 'CSV', act: () => save('table', 'csv', tableCsv(run()), CSV) }]),
      known('split', [{ label: 'CSV', act: () => save('split', 'csv', splitCsv(run()), CSV) }]),
      row(text.ROWS.weights.name, hasNetwork ? text.ROWS.weights.note : text.NO_WEIGHTS, [{
        label: '.safetensors', disabled: !hasNetwork, act: saveWeights,
      }]),
      known('run', [{ label: '.grok', act: saveRun }])),
    withWeights,
    said,
    element('label', {}, element('strong', {}, text.OPEN), element('span', {}, text.OPEN_HOW), file),
    cite));
  const ended = store.onFrame(render);
  dialog.addEventListener('close', () => {
    ended();
    dialog.remove();
  });
  signal.addEventListener('abort', () => dialog.close(), { once: true });
  root.append(dialog);
  dialog.showModal();
}

/** The figures that are seen, from above. @param {HTMLElement} root */
const seenIn = (root) => [...root.querySelectorAll('[data-picture]')]
  .map((figure) => ({ figure, box: figure.getBoundingClientRect() }))
  .filter(({ box }) => box.width > 0)
  .sort((a, b) => a.box.top - b.box.top)
  .map(({ figure }) => figure);
