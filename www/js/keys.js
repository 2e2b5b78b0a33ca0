// Keys of the page: what a button does, while that button may be pressed.

/** @typedef {import('./run/state.js').State} State */
/** @typedef {import('./actions.js').Actions} Actions */
/** @typedef {'run' | 'step' | 'reset' | 'newSeed' | 'axis' | 'present'} Control */

/** @type {Record<string, Control>} */
const KEYS = { ' ': 'run', '.': 'step', r: 'reset', n: 'newSeed', l: 'axis', p: 'present' };

/** Where letters are typed. */
const TYPED = 'input, select, textarea, [contenteditable]:not([contenteditable="false"])';
/** What has the space key to itself. */
const PRESSED = 'button, summary, a[href], [role="button"], [role="slider"], video, audio';

/**
 * The control that a key stands for now, or null.
 * @param {Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented' | 'isComposing'>
 *   & { target: { closest: (selector: string) => unknown } | null }} event
 * @param {State} state
 * @param {{ isDisabled: (control: Control) => boolean, isDialogOpen: boolean }} page
 * @returns {Control | null}
 */
export function controlOf(event, { page: { hide }, run }, { isDisabled, isDialogOpen }) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return null;
  if (isDialogOpen || target?.closest(TYPED) || (key === ' ' && target?.closest(PRESSED))) return null;
  // With Caps Lock a letter is the same key.
  const name = key.length === 1 ? key.toLowerCase() : key;
  const control = Object.hasOwn(KEYS, name) ? KEYS[name] : null;
  if (!control || !run.started || hide.includes(control) || isDisabled(control)) return null;
  // A recording is played, and trains nothing.
  return run.recording && !['run', 'axis', 'present'].includes(control) ? null : control;
}

/**
 * @param {HTMLElement} root @param {{ get: () => State }} store @param {Actions} actions
 * @param {AbortSignal} signal
 */
export function installKeys(root, store, actions, signal) {
  const isDisabled = (/** @type {Control} */ control) => {
    const button = /** @type {HTMLButtonElement | null} */ (root.querySelector(`button[data-control="${control}"]`));
    return button !== null && (button.disabled || button.hidden);
  };
  window.addEventListener('keydown', (event) => {
    const state = store.get();
    const isDialogOpen = document.querySelector('dialog[open], [aria-modal="true"]') !== null;
    const control = controlOf(/** @type {any} */ (event), state, { isDisabled, isDialogOpen });
    if (!control) return;
    event.preventDefault();
    const { recording } = state.run;
    const acts = {
      run: () => (recording ? (state.playing ? actions.stop() : actions.play()) : actions.toggle()),
      step: () => actions.step(1),
      reset: () => actions.reset(),
      newSeed: () => actions.newSeed(),
      axis: () => actions.axis(),
      present: () => actions.present(),
    };
    acts[control]();
  }, { signal });
}
