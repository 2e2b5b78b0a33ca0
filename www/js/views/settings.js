// One control for every row of the table of settings.

import { element, write } from '../dom.js';
import { SETTINGS, check, operationLabel } from '../settings.js';

/**
 * @param {HTMLElement} root
 * @param {{ onSetting: (id: string, value: string) => void }} actions
 */
export function create(root, { onSetting }) {
  const form = /** @type {HTMLFormElement} */ (root.querySelector('form'));
  form.addEventListener('submit', (event) => event.preventDefault());

  const controls = SETTINGS.map((setting) => {
    const id = `setting-${setting.id}`;
    const error = element('small', { className: 'error', id: `${id}-error`, role: 'alert' });
    const properties = { id, 'aria-describedby': `${id}-help ${id}-error` };
    const input = setting.choices
      ? element(
          'select',
          properties,
          ...setting.choices.map((choice) =>
            element(
              'option',
              { value: choice },
              setting.id === 'operation' ? operationLabel(choice) : choice,
            ),
          ),
        )
      : element('input', { ...properties, type: 'text', autocomplete: 'off', spellcheck: false });
    input.addEventListener('change', () => {
      const { value, problem } = check(setting, input.value);
      // A value that is clamped on its way from a link is only an error when it is typed.
      write(error, problem ?? '');
      input.setAttribute('aria-invalid', String(problem !== null));
      if (value !== null && problem === null) onSetting(setting.id, value);
    });
    const label = element('label', { htmlFor: id }, setting.label);
    if (setting.live) {
      label.append(' ', element('span', { className: 'live' }, 'changes the running network'));
    }
    const help = element('small', { id: `${id}-help` }, setting.help);
    const field = element('div', {}, label, input, help, error);
    form.append(field);
    return { setting, input, field };
  });
  const note = element('small', {}, 'Every other setting starts a new network; Undo brings the ' +
    'one before it back.');
  form.before(note);

  return {
    /** @param {import('../state.js').State} state */
    render({ settings, page }) {
      root.hidden = page.hide.includes('settings');
      for (const { setting, input, field } of controls) {
        field.hidden = page.hide.includes(setting.id);
        const editing = document.activeElement === input || input.getAttribute('aria-invalid') === 'true';
        if (!editing && input.value !== settings[setting.id]) input.value = settings[setting.id];
      }
    },
  };
}
