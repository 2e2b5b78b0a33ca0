// A frame for somebody else's page: what it shows, how it looks, and the code for it.

import { changes } from '../draw/changes.js';
import { element, write } from '../draw/dom.js';
import { CONTROLS, isChapter } from '../run/options.js';
import { LINK_MAX, elementCode, figureLink, figureOptions, frameCode, frameHeight } from '../run/share.js';
import { CARDS } from '../text/laboratory.js';
import { COLOURS, EMBED, FORMS, PRESSED, SHOWN, chapterTitle, copied, notCopied, size } from '../text/share.js';

const WIDTHS = [360, 640, 900, 1280];
const USUAL_WIDTH = 640;
/** The most important parts, which a frame has at first. */
const FIRST = ['run', 'scrub', 'beats', 'link'];
/** Until a preview is made anew: a choice is often followed by another. */
const REST_MILLIS = 300;

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'share'>} actions
 * @param {(field: HTMLTextAreaElement) => Promise<boolean>} copyFrom
 */
export function create(root, actions, copyFrom) {
  /** @type {import('../run/state.js').State | null} */
  let state = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const check = (/** @type {[string, string]} */ [value, label]) => {
    const input = element('input', { type: 'checkbox', value });
    return { input, node: element('label', {}, input, label) };
  };
  const select = (/** @type {string} */ label, /** @type {[string, string][]} */ options) => {
    const input = element('select', {}, ...options.map(([value, text]) => element('option', { value }, text)));
    return { input, node: element('label', {}, label, input) };
  };
  const group = (/** @type {string} */ legend, /** @type {Node[]} */ ...nodes) =>
    element('fieldset', {}, element('legend', {}, legend), ...nodes);
  const shown = SHOWN.map(check);
  const others = select(EMBED.others, [['', EMBED.none], ...CARDS.map(({ id, question }) => /** @type {[string, string]} */ ([id, question]))]);
  const turned = changes();
  /** The chapter of the story from which the dialog was opened. */
  const chapter = element('option', {});
  const pressed = PRESSED.map(check);
  const width = select(EMBED.width, WIDTHS.map((pixels) => [String(pixels), `${pixels}`]));
  const theme = select(EMBED.theme, COLOURS);
  const autoplay = check(['autoplay', EMBED.autoplay]);
  const form = select(EMBED.as, FORMS);
  const code = element('textarea', { readOnly: true, rows: 4, 'aria-label': EMBED.code, spellcheck: false });
  const outcome = element('p', { role: 'status', className: 'quiet' });
  const copy = element('button', {
    type: 'button',
    className: 'primary',
    onclick: async () => write(outcome, ((await copyFrom(code)) ? copied : notCopied)(code.value, LINK_MAX)),
  }, EMBED.copy);
  const measure = element('p', { className: 'quiet' });
  const stage = element('div', { className: 'stage' });
  const close = element('button', { type: 'button', className: 'quiet', onclick: () => dialog.close() }, EMBED.close);
  const fields = element('form', { onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    group(EMBED.shows, ...shown.map(({ node }) => node), others.node),
    group(EMBED.controls, ...pressed.map(({ node }) => node)),
    element('div', { className: 'row' }, width.node, theme.node, autoplay.node));
  const dialog = element('dialog', { className: 'embedding', 'aria-label': EMBED.title },
    element('header', {}, element('h2', {}, EMBED.title), close),
    element('p', { className: 'quiet' }, EMBED.lead),
    element('div', { className: 'sides' }, fields,
      element('div', {}, stage, measure, element('div', { className: 'row' }, form.node, copy), code, outcome)));
  root.append(dialog);

  /** @returns {import('../run/options.js').PageOptions} */
  function chosen() {
    const on = (/** @type {ReturnType<typeof check>[]} */ boxes) => boxes.filter(({ input }) => input.checked).map(({ input }) => input.value);
    const kept = on(pressed);
    const usual = figureOptions(/** @type {import('../run/state.js').State} */ (state));
    return {
      ...usual,
      view: [...on(shown), ...(others.input.value ? [others.input.value] : [])],
      hide: [...CONTROLS.filter((name) => !kept.includes(name)), ...usual.hide.filter((name) => !CONTROLS.includes(name))],
      theme: /** @type {any} */ (theme.input.value),
      autoplay: autoplay.input.checked && 'visible',
    };
  }

  function update() {
    if (!state) return;
    const options = chosen();
    const isEmpty = options.view.length === 0;
    const pixels = Number(width.input.value);
    copy.disabled = isEmpty;
    code.value = isEmpty ? '' : form.input.value === 'element'
      ? elementCode(state, location.href, options)
      : frameCode(state, location.href, options, pixels, EMBED.frameTitle);
    write(outcome, '');
    const height = frameHeight(options, pixels);
    write(measure, isEmpty ? EMBED.nothing : size(pixels, height));
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (isEmpty || !state) stage.replaceChildren();
      else preview(figureLink(state, location.href, { ...options, autoplay: false }), pixels, height);
    }, REST_MILLIS);
  }

  /** As large as there is room, and as it will be. @param {string} link @param {number} across @param {number} down */
  function preview(link, across, down) {
    const frame = element('iframe', { src: link, title: EMBED.preview, width: String(across), height: String(down) });
    const scale = Math.min(1, stage.clientWidth / across);
    frame.style.transform = `scale(${scale})`;
    stage.style.height = `${down * scale}px`;
    stage.replaceChildren(frame);
  }

  fields.addEventListener('change', update);
  form.input.addEventListener('change', update);
  dialog.addEventListener('close', () => {
    clearTimeout(timer);
    // What it trains ends with it.
    stage.replaceChildren();
    if (state?.sharing === 'embed') actions.share(null);
  });

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      if (!turned(next.sharing)) return;
      if (next.sharing !== 'embed') {
        dialog.close();
        return;
      }
      const { view, theme: colours } = figureOptions(next);
      for (const { input } of shown) input.checked = view.includes(input.value);
      for (const { input } of pressed) input.checked = FIRST.includes(input.value) && !next.page.hide.includes(input.value);
      const story = view.find(isChapter);
      chapter.remove();
      if (story) others.input.append(Object.assign(chapter, { value: story, textContent: chapterTitle(story) }));
      others.input.value = story ?? view.find((name) => CARDS.some(({ id }) => id === name)) ?? '';
      width.input.value = String(USUAL_WIDTH);
      theme.input.value = colours;
      dialog.showModal();
      update();
    },
    destroy() {
      clearTimeout(timer);
      dialog.remove();
    },
  };
}
