// The window of the speaker: what is on the screen, what to say of it, and what comes next.

import { element, write } from '../draw/dom.js';
import { loadSheet } from '../draw/sheet.js';
import { NOTES } from '../text/story.js';
import { channel } from './channel.js';
import { turnOf } from './keys.js';

/** @typedef {import('./channel.js').At} At */

/** Minutes and seconds. @param {number} millis */
export function elapsed(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * Makes the page the speaker's, for good.
 * @param {HTMLElement} body @returns {Promise<never>}
 */
export async function stay(body) {
  await loadSheet(body.ownerDocument, 'lecture.css');
  body.ownerDocument.title = NOTES.title;
  body.className = 'speaker';
  const [at, say, notes, next] = ['kicker', 'say', 'notes', 'next'].map((className) => element('p', { className }));
  const words = element('div', { role: 'status' }, at, say, notes, next);
  const clock = element('p', { className: 'clock' });
  write(notes, NOTES.alone);
  body.replaceChildren(element('main', {}, element('h1', { className: 'unseen' }, NOTES.title), words,
    element('footer', {}, clock, element('p', {}, NOTES.keys))));

  /** @type {At | null} */
  let heard = null;
  const { post } = channel('notes', (/** @type {import('./channel.js').Message} */ message) => {
    if (message.type === 'over' && message.since === heard?.since) {
      heard = null;
      for (const part of [at, say, next]) write(part, '');
      write(notes, NOTES.over);
      body.classList.remove('blank');
      tick();
    }
    // Among several lectures the one that began last is heard.
    if (message.type !== 'at' || message.since < (heard?.since ?? 0)) return;
    heard = message;
    write(at, message.at);
    write(say, message.say);
    write(notes, message.notes);
    write(next, message.next === null ? NOTES.end : `${NOTES.next}: ${message.next}`);
    body.classList.toggle('blank', message.blank);
    tick();
  });
  const tick = () => {
    const now = new Date();
    const time = now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    write(clock, heard ? `${NOTES.elapsed} ${elapsed(now.getTime() - heard.since)} · ${NOTES.now} ${time}` : `${NOTES.now} ${time}`);
  };
  tick();
  setInterval(tick, 1000);
  window.addEventListener('keydown', (event) => {
    const asks = turnOf(event);
    if (!asks || asks === 'notes' || asks === 'end') return;
    event.preventDefault();
    if (heard) post({ type: 'turn', turn: asks, since: heard.since });
  });
  post({ type: 'ask' });
  return new Promise(() => {});
}
