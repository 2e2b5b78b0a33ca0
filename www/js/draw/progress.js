// What is under way before there is anything to see of it: words, a bar and a way to stop.

import { element, write } from './dom.js';

/** @param {string} label Of the bar. @param {string} stop Words of the button. @param {() => void} onStop */
export function createProgress(label, stop, onStop) {
  const words = element('p', { role: 'status' });
  const bar = element('progress', { 'aria-label': label });
  const button = element('button', { type: 'button', onclick: onStop }, stop);
  const node = element('div', { hidden: true }, words, bar, element('p', { className: 'row' }, button));
  return {
    node,
    stop: button,
    /** @param {{ words: string, done: number, of: number } | null} now */
    show(now) {
      node.hidden = now === null;
      write(words, now?.words ?? '');
      bar.max = Math.max(1, now?.of ?? 1);
      bar.value = now?.done ?? 0;
    },
  };
}
