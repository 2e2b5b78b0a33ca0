// A control for a value of a setting, with what is wrong with it beside it.

import { element, unique, write } from './dom.js';

/**
 * @param {string} label
 * @param {{ name: string, choices?: string[], numeric?: boolean }} options `name` is one of its form.
 */
export function createField(label, { name, choices, numeric = false }) {
  const id = unique(name);
  const error = element('small', { className: 'error', id: `${id}-error`, role: 'alert' });
  const hint = element('small', { id: `${id}-hint` });
  const described = { id, name, 'aria-describedby': `${id}-hint ${id}-error` };
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
