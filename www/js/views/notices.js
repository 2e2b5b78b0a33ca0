// Sentences about what went wrong, and what to do.

import { element } from '../draw/dom.js';

const LABELS = { 'use-cpu': 'Use the CPU', reload: 'Reload the page' };

/**
 * @param {HTMLElement} root
 * @param {{ onDismiss: (id: number) => void, onAction: (action: string) => void }} actions
 */
export function create(root, { onDismiss, onAction }) {
  /** @type {unknown} */
  let drawn = null;
  return {
    /** @param {import('../run/state.js').State} state */
    render({ notices }) {
      if (notices === drawn) return;
      drawn = notices;
      root.replaceChildren(
        ...notices.map(({ id, text, action }) => {
          const line = element('p', { role: 'alert' }, element('span', {}, text));
          if (action) {
            const label = LABELS[/** @type {keyof LABELS} */ (action)];
            const act = () => {
              onDismiss(id);
              onAction(action);
            };
            line.append(element('button', { type: 'button', onclick: act }, label));
          }
          const dismiss = { type: 'button', 'aria-label': 'Dismiss', onclick: () => onDismiss(id) };
          line.append(element('button', dismiss, '×'));
          return line;
        }),
      );
    },
  };
}
