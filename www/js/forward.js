// Keys that a frame does not use go to the page around it, so that a deck stays a deck after a click into
// one of its figures.

/** Where letters are typed, and what arrows choose from. */
const TYPED = 'input:not([type="range"], [type="checkbox"], [type="radio"]), select, textarea, [contenteditable]:not([contenteditable="false"])';
/** What has all keys while it is open. */
const OPEN = 'dialog[open], .more[open]';
/** Keys that are nobody's: they move the focus, or are held for another. */
const SILENT = ['Tab', 'Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Process', 'Unidentified'];

/** @typedef {{ key: string, code: string, keyCode: number, shiftKey: boolean, repeat: boolean }} Key */

/**
 * Whom a key belongs to that is pressed in a frame. A reader who came by pointer means the page around it,
 * as a lecturer with a clicker does; one who came by Tab means what has the focus.
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, isComposing: boolean,
 *   target: { closest: (selector: string) => unknown } | null }} event
 * @param {{ own: boolean, pointed: boolean, isOpen: boolean }} frame `own`: the frame's keys act.
 * @returns {'frame' | 'host' | 'rest'} `rest`: the host's, if nothing in the frame takes it.
 */
export function ownerOf(event, { own, pointed, isOpen }) {
  if (SILENT.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return 'frame';
  if (isOpen || event.target?.closest(TYPED)) return 'frame';
  return pointed && !own ? 'host' : 'rest';
}

/** What a focused control does with keys by itself. */
const PRESSES = [' ', 'Enter'];
const SLIDES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];

/** @param {KeyboardEvent} event */
function isUsed({ key, target, defaultPrevented }) {
  if (defaultPrevented) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (PRESSES.includes(key)) return target.matches('button, summary, a[href], input');
  return SLIDES.includes(key) && target.matches('input');
}

/**
 * @param {(key: Key) => void} send @param {{ own: boolean, signal: AbortSignal }} options
 */
export function forwardKeys(send, { own, signal }) {
  let pointed = false;
  /** @param {KeyboardEvent} event */
  const owner = (event) => ownerOf(/** @type {any} */ (event), { own, pointed, isOpen: document.querySelector(OPEN) !== null });
  const tell = (/** @type {KeyboardEvent} */ { key, code, keyCode, shiftKey, repeat }) => send({ key, code, keyCode, shiftKey, repeat });
  window.addEventListener('pointerdown', () => {
    pointed = true;
  }, { capture: true, signal });
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Tab') pointed = false;
    if (owner(event) !== 'host') return;
    // Nothing here hears of it, and the page around still scrolls; but what was clicked last does nothing.
    if (isUsed(event)) event.preventDefault();
    event.stopImmediatePropagation();
    tell(event);
  }, { capture: true, signal });
  window.addEventListener('keydown', (event) => {
    if (owner(event) === 'rest' && !isUsed(event)) tell(event);
  }, { signal });
}
