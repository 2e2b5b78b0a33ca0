// Sentences about what went wrong, and what to do.

import { changes } from '../draw/changes.js';
import { element } from '../draw/dom.js';

const LABELS = { 'use-cpu': 'Use the processor', reload: 'Reload the page', afresh: 'Start afresh' };

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'dismiss' | 'useCpu' | 'reload' | 'reset'>} actions */
export function create(root, actions) {
  /** @type {Map<number, HTMLElement>} */
  const lines = new Map();
  const changed = changes();

  /** @param {import('../run/state.js').State['notices'][number]} notice */
  function line({ id, text, action }) {
    // That a run came back is no fault.
    const isCalm = action === 'afresh';
    const row = element('p', { role: isCalm ? 'status' : 'alert', className: isCalm ? 'calm' : '' }, element('span', {}, text));
    if (action) {
      const label = LABELS[/** @type {keyof LABELS} */ (action)];
      row.append(element('button', {
        type: 'button',
        onclick: () => {
          actions.dismiss(id);
          if (action === 'use-cpu') actions.useCpu();
          else if (action === 'afresh') actions.reset();
          else actions.reload();
        },
      }, label));
    }
    row.append(element('button', { type: 'button', className: 'quiet', 'aria-label': 'Dismiss', onclick: () => actions.dismiss(id) }, '×'));
    return row;
  }

  return {
    /** @param {import('../run/state.js').State} state */
    render({ notices }) {
      if (!changed(notices)) return;
      for (const [id, row] of lines) {
        if (notices.some((notice) => notice.id === id)) continue;
        const next = row.contains(document.activeElement) ? row.nextElementSibling ?? row.previousElementSibling : null;
        row.remove();
        lines.delete(id);
        /** @type {HTMLElement | null} */ (next?.querySelector('button') ?? null)?.focus();
      }
      for (const notice of notices) {
        if (lines.has(notice.id)) continue;
        const row = line(notice);
        lines.set(notice.id, row);
        root.append(row);
      }
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
