// The words of a chapter and the way through the chapters, around the demo's own table and curves.

import { changes } from '../draw/changes.js';
import { element, unique, write } from '../draw/dom.js';
import { CHAPTERS as COUNT, addressOf } from '../run/place.js';
import * as text from '../text/story.js';
import { createBars } from './bars.js';
import { CHAPTERS } from './chapters.js';
import { createClock } from './clock.js';
import { createRing } from './ring.js';

/** @typedef {import('./teller.js').Told} Told */
/** @typedef {import('../run/state.js').State} State */

/**
 * @param {HTMLElement} root The demo's.
 * @param {{ act: (name: string) => void, again: () => void, leave: () => void, present: () => void }} does
 */
export function createView(root, does) {
  const kicker = element('p', { className: 'kicker' });
  const title = element('h1', { tabIndex: -1, id: unique('title') });
  const prose = element('div', { className: 'prose' });
  const note = element('p', { className: 'note', role: 'status' });
  const beside = element('div', { className: 'story-figure' });
  const tried = element('div', { className: 'story-bars', hidden: true });
  const dots = CHAPTERS.map(({ id }, at) => element('a', {
    href: `#${addressOf(at + 1)}`, title: text.WORDS[id].title, 'aria-label': text.named(at + 1, text.WORDS[id].title),
  }, element('i', {})));
  const step = (/** @type {string} */ words_, /** @type {string} */ rel) => element('a', { className: 'step', rel }, words_);
  const [previous, next] = [step(text.PREVIOUS, 'prev'), step(text.NEXT, 'next')];
  const button = (/** @type {string} */ label, /** @type {string} */ how, /** @type {() => void} */ onclick) =>
    element('button', { type: 'button', className: 'quiet', title: how, onclick }, label);
  const head = element('div', { className: 'head' }, kicker, button(text.PRESENT, text.PRESENT_HOW, does.present), button(text.LEAVE, '', does.leave));
  const again = element('button', { type: 'button', className: 'again', hidden: true, onclick: does.again }, text.AGAIN);
  const words = element('section', { className: 'story-words', 'aria-labelledby': title.id }, head, title, prose, note, again);
  const nav = element('nav', { className: 'story-nav', 'aria-label': text.CHAPTERS },
    previous, element('ol', {}, ...dots.map((dot) => element('li', {}, dot))), next);
  root.prepend(words);
  root.append(beside, tried, nav);
  const bars = createBars(tried);
  /** @type {ReturnType<typeof createClock> | ReturnType<typeof createRing> | null} */
  let figure = null;
  const turned = changes();
  const worded = changes();

  /** @param {Told} told */
  function open({ chapter }) {
    const { id, figure: kind } = CHAPTERS[chapter - 1];
    write(kicker, text.kicker(chapter, COUNT));
    write(title, text.WORDS[id].title);
    dots.forEach((dot, at) => {
      if (at + 1 === chapter) dot.setAttribute('aria-current', 'step');
      else dot.removeAttribute('aria-current');
      dot.classList.toggle('passed', at + 1 < chapter);
    });
    to(previous, chapter - 1);
    to(next, chapter + 1);
    root.dataset.figure = kind;
    figure?.destroy();
    figure = kind === 'clock' ? createClock(beside) : kind === 'ring' ? createRing(beside) : null;
    beside.hidden = figure === null;
  }

  /** @param {HTMLAnchorElement} link @param {number} chapter */
  function to(link, chapter) {
    const isThere = chapter >= 1 && chapter <= COUNT;
    if (isThere) link.href = `#${addressOf(chapter)}`;
    else link.removeAttribute('href');
    link.setAttribute('aria-disabled', String(!isThere));
  }

  /** @param {Told} told */
  function say({ chapter, facts }) {
    const { words: paragraphs } = text.WORDS[CHAPTERS[chapter - 1].id];
    prose.replaceChildren(...paragraphs.map((paragraph) => element('p', {},
      ...text.parts(text.filled(paragraph, facts ?? {})).map(({ text: part, act }) => (act === null ? part
        : element('button', { type: 'button', className: 'act', 'data-act': act, onclick: () => does.act(act) }, part))))));
  }

  return {
    /** @param {Told} told @param {State} state */
    render(told, state) {
      if (turned(told.chapter)) open(told);
      // A chapter without a recording has no numbers to wait for.
      const hasWords = told.facts !== null || CHAPTERS[told.chapter - 1].file === null;
      prose.classList.toggle('waiting', !hasWords);
      if (worded(told.chapter, told.facts)) say(told);
      for (const act of prose.querySelectorAll('button')) act.setAttribute('aria-pressed', String(act.dataset.act === told.act));
      const { run } = state;
      write(note, text.noted(told.note, run.recording ? run.frames.at(-1)?.step ?? 0 : run.step));
      again.hidden = told.note?.kind !== 'missing';
      // While it trains the number changes all the time; a screen reader would never end.
      note.ariaLive = run.status === 'running' && !run.recording ? 'off' : 'polite';
      bars.render(told.tried);
      figure?.render(state);
    },
    focus: () => title.focus({ preventScroll: true }),
    destroy() {
      figure?.destroy();
      bars.destroy();
      for (const node of [words, beside, tried, nav]) node.remove();
      delete root.dataset.figure;
    },
  };
}
