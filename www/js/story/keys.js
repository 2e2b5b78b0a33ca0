// Keys of a reader of the story, and of a lecture: what a clicker sends.

import { addressOf, placeOf, CHAPTERS } from '../run/place.js';

/** What has the arrow and page keys to itself. */
const OWN = 'input, select, textarea, canvas, [contenteditable], .more[open]';

/** @typedef {'next' | 'previous' | 'first' | 'last' | 'blank' | 'notes' | 'end'} Turn */
/** @type {Record<string, Turn>} */
const LECTURE = {
  ArrowRight: 'next', ArrowDown: 'next', PageDown: 'next', ' ': 'next', Enter: 'next',
  ArrowLeft: 'previous', ArrowUp: 'previous', PageUp: 'previous', Backspace: 'previous',
  Home: 'first', End: 'last', b: 'blank', '.': 'blank', n: 'notes', p: 'end', Escape: 'end',
};
/** @type {Record<string, number>} */
const READER = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

/** What a key asks of a lecture, or null. @param {Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>} event @returns {Turn | null} */
export function turnOf({ key, ctrlKey, metaKey, altKey }) {
  // With Caps Lock a letter is the same key.
  const name = key.length === 1 ? key.toLowerCase() : key;
  return ctrlKey || metaKey || altKey || !Object.hasOwn(LECTURE, name) ? null : LECTURE[name];
}

/**
 * From chapter to chapter, where nothing else has the key.
 * @param {Pick<import('../demo.js').Demo, 'store' | 'actions'>} demo @param {AbortSignal} signal
 */
export function readerKeys({ store, actions }, signal) {
  window.addEventListener('keydown', (event) => {
    const { open, page } = store.get();
    const place = placeOf(open);
    const by = READER[event.key];
    if (!place || !by || page.present || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = /** @type {Element | null} */ (event.target);
    if (target?.closest?.(OWN)) return;
    const chapter = place.chapter + by;
    if (chapter < 1 || chapter > CHAPTERS) return;
    event.preventDefault();
    actions.open(addressOf(chapter));
  }, { signal });
}
