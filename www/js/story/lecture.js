// The story as a lecture: one sentence and one picture at a time, on the whole screen, with the speaker's
// notes in another window.

import { element, write } from '../draw/dom.js';
import { CHAPTERS as COUNT, addressOf, placeOf } from '../run/place.js';
import { shown } from '../run/frames.js';
import * as text from '../text/story.js';
import { whole } from '../text/numbers.js';
import { CHAPTERS } from './chapters.js';
import { channel } from './channel.js';
import { turnOf } from './keys.js';

/** @typedef {import('../run/place.js').Place} Place */
/** @typedef {import('./teller.js').Told} Told */
/** @typedef {import('../run/state.js').State} State */

/** @param {Place} place @returns {Place} With a slide that there is. */
const within = ({ chapter, slide }) => ({ chapter, slide: Math.min(slide, CHAPTERS[chapter - 1].slides.length) });

/** The place before or after another, or that place itself at either end. @param {Place} place @param {1 | -1} by @returns {Place} */
export function beside({ chapter, slide }, by) {
  const inside = slide + by;
  if (inside >= 1 && inside <= CHAPTERS[chapter - 1].slides.length) return { chapter, slide: inside };
  const other = chapter + by;
  if (other < 1 || other > COUNT) return { chapter, slide };
  return { chapter: other, slide: by > 0 ? 1 : CHAPTERS[other - 1].slides.length };
}

/**
 * @param {HTMLElement} root The demo's.
 * @param {Pick<import('../demo.js').Demo, 'store' | 'actions'>} demo
 * @param {ReturnType<typeof import('./teller.js').createTeller>} teller
 */
export function createLecture(root, { store, actions }, teller) {
  const ending = new AbortController();
  const { signal } = ending;
  const title = element('p', { className: 'title' });
  const sentence = element('p', { className: 'sentence' });
  const say = element('div', { className: 'story-say', role: 'status' }, title, sentence);
  const source = element('span', {});
  const count = element('span', {});
  const foot = element('div', { className: 'story-foot' }, source, count);
  const blank = element('div', { className: 'story-blank', hidden: true, role: 'status' }, element('span', { className: 'unseen' }, text.BLANK));
  root.append(say, foot, blank);
  root.classList.add('presenting');
  const since = Date.now();
  /** @type {Place} */
  let place = { chapter: 1, slide: 1 };
  let [wasFull, asked] = [false, false];
  const { post, close } = channel('lecture', (message) => {
    if (message.type === 'ask') tell();
    else if (message.type === 'turn' && message.since === since) turn(message.turn);
  });

  const screen = () => root.ownerDocument.documentElement;
  /** Where the browser lets us: after a key or a click. */
  function fill() {
    asked = true;
    screen().requestFullscreen?.().catch(() => {});
  }
  if (navigator.userActivation?.isActive) fill();
  root.ownerDocument.addEventListener('fullscreenchange', () => {
    const isFull = root.ownerDocument.fullscreenElement !== null;
    // The browser itself takes the key that leaves a full screen.
    if (wasFull && !isFull) actions.present(false);
    wasFull = isFull;
  }, { signal });

  window.addEventListener('keydown', (event) => {
    const asks = turnOf(event);
    if (!asks || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    // A key may open one thing: a window, or the whole screen.
    if (!asked && asks !== 'end' && asks !== 'notes') fill();
    turn(asks);
  }, { signal, capture: true });

  /** @param {import('./keys.js').Turn} asks */
  function turn(asks) {
    const wasBlank = !blank.hidden;
    blank.hidden = asks !== 'blank' || wasBlank;
    if (asks === 'blank') tell();
    if (asks === 'end') actions.present(false);
    if (asks === 'notes' && !window.open('?notes=1', 'grokking-notes', 'popup,width=960,height=720')) actions.notice(text.NO_NOTES);
    const go = (/** @type {Place} */ to) => actions.open(addressOf(to.chapter, to.slide));
    if (asks === 'next') go(beside(place, 1));
    if (asks === 'previous') go(beside(place, -1));
    if (asks === 'first') go({ chapter: 1, slide: 1 });
    if (asks === 'last') go({ chapter: COUNT, slide: CHAPTERS[COUNT - 1].slides.length });
  }

  /** @param {Place} at */
  const slideAt = ({ chapter, slide }) => text.WORDS[CHAPTERS[chapter - 1].id].slides[slide - 1];
  /** Tells the speaker's window where it is. */
  function tell() {
    const facts = teller.get().facts ?? {};
    const next = beside(place, 1);
    const isLast = next.chapter === place.chapter && next.slide === place.slide;
    const { say: said, notes } = slideAt(place);
    post({
      type: 'at',
      at: `${text.kicker(place.chapter, COUNT)}: ${text.WORDS[CHAPTERS[place.chapter - 1].id].title}`,
      say: text.filled(said, facts),
      notes: text.filled(notes, facts),
      // The numbers of the next chapter are not known yet.
      next: isLast ? null : next.chapter === place.chapter ? text.filled(slideAt(next).say, facts) : text.WORDS[CHAPTERS[next.chapter - 1].id].title,
      blank: !blank.hidden,
      since,
    });
  }

  /** That nothing more comes, also where the page is closed or loaded anew. */
  const over = () => post({ type: 'over', since });
  window.addEventListener('pagehide', over, { signal });
  // Back on a page that the browser kept, the lecture goes on.
  window.addEventListener('pageshow', ({ persisted }) => persisted && tell(), { signal });

  let told = '';
  return {
    /** @param {Place} to */
    show(to) {
      place = within(to);
      const { act, sight } = CHAPTERS[place.chapter - 1].slides[place.slide - 1];
      root.dataset.sight = sight;
      teller.tell(place.chapter, act);
    },
    /** @param {Told} now @param {State} state */
    render({ facts, note }, { run }) {
      const { chapter, slide } = place;
      const { id, file } = CHAPTERS[chapter - 1];
      write(title, text.WORDS[id].title);
      write(sentence, facts || file === null ? text.filled(slideAt(place).say, facts ?? {}) : '');
      write(source, text.noted(note, run.recording ? run.frames.at(-1)?.step ?? 0 : run.step));
      write(count, `Step ${whole(shown(run).evaluated?.step ?? 0)}`);
      const key = `${chapter} ${slide} ${JSON.stringify(facts)}`;
      if (key !== told) tell();
      told = key;
    },
    destroy() {
      ending.abort();
      over();
      close();
      if (root.ownerDocument.fullscreenElement) root.ownerDocument.exitFullscreen().catch(() => {});
      for (const node of [say, foot, blank]) node.remove();
      root.classList.remove('presenting');
      delete root.dataset.sight;
      // The chapter of the last slide.
      if (placeOf(store.get().open)) actions.open(addressOf(place.chapter));
    },
  };
}
