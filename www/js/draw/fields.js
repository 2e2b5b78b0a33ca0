// A control for a value of a setting, with what is wrong with it beside it.

import { element, write } from './dom.js';

/**
 * @param {string} label
 * @param {{ id: string, choices?: string[], className?: string, numeric?: boolean }} options `id` is one of the page.
 */
export function createField(label, { id, choices, numeric = false }) {
  const error = element('small', { className: 'error', id: `${id}-error`, role: 'alert' });
  const hint = element('small', { id: `${id}-hint` });
  const described = { id, 'aria-describedby': `${id}-hint ${id}-error` };
  const input = choices
    ? element('select', described, ...choices.map((choice) => element('option', { value: choice }, choice)))
    : element('input', { ...described, type: 'text', autocomplete: 'off', spellcheck: false, inputMode: numeric ? 'decimal' : 'text' });
  const field = element('div', {}, element('label', { htmlFor: id }, label), input, hint, error);
  return {
    field,
    input,
    /** @param {string} problem Empty if there is none. */
    tell(problem) {
      write(error, problem);
      input.setAttribute('aria-invalid', String(problem !== ''));
    },
    /** @param {string} words */
    hint: (words) => write(hint, words),
  };
}
