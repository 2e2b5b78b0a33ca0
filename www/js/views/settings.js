// One control for every row of the table of settings.

import { element, prose, unique, write } from '../draw/dom.js';
import { SETTINGS_FORM as FORM, besideField } from '../text/laboratory.js';
import { SETTINGS, check, matters, operationFamilies, operationLabel } from '../run/settings.js';

/** @typedef {import('../run/settings.js').Setting} Setting */

/** Settings under their headings, the most used first; what is in none comes last. @type {[string, string[]][]} */
const GROUPS = [
  [FORM.table, ['operation', 'modulus', 'formula', 'table', 'trainFraction', 'split', 'heldOut', 'outliers']],
  [FORM.training, ['optimizer', 'learningRate', 'weightDecay', 'batch', 'warmup', 'anneal', 'momentum', 'decay']],
  [FORM.network, ['layers', 'width', 'heads', 'attentionRate', 'mlpRatio', 'activation', 'norm', 'positions', 'bias', 'initializer', 'initScale', 'prompt']],
  [FORM.run, ['seed', 'budget', 'stop', 'kernels']],
  [FORM.others, []],
];

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'setting'>} actions */
export function create(root, actions) {
  const form = element('form', {});
  form.addEventListener('submit', (event) => event.preventDefault());
  /** What the controls say, which may be ahead of what is trained. @type {Record<string, string>} */
  let typed = {};

  const controls = SETTINGS.map((setting) => {
    const id = unique(setting.id);
    const error = element('small', { className: 'error', id: `${id}-error`, role: 'alert' });
    const input = control(setting, { id, name: setting.id, 'aria-describedby': `${id}-help ${id}-error` });
    const tell = (/** @type {string} */ problem) => {
      write(error, besideField(problem));
      input.setAttribute('aria-invalid', String(problem !== ''));
    };
    input.addEventListener('change', async () => {
      const { value, problem } = check(setting, input.value);
      // A value that is clamped on its way from a link is only an error when it is typed.
      tell(problem ?? '');
      if (value === null || problem !== null) return;
      typed = { ...typed, [setting.id]: value };
      show(typed);
      if (setting.id === 'operation' && value === 'table' && !typed.table) {
        tell(FORM.paste);
        return;
      }
      try {
        await actions.setting(setting.id, value);
        if (setting.id === 'table') controls.forEach(({ clear }) => clear());
      } catch (refused) {
        tell(/** @type {Error} */ (refused).message);
      }
    });
    const label = element('label', { htmlFor: id }, setting.label);
    if (setting.live) {
      label.append(' ', element('span', { className: 'live' }, FORM.live));
    }
    const help = element('small', { id: `${id}-help` }, ...prose(setting.help));
    const field = element('div', {}, label, input, help, error);
    return { setting, input, field, clear: () => tell('') };
  });
  const note = element('small', {}, FORM.note);
  const named = new Set(GROUPS.flatMap(([, ids]) => ids));
  GROUPS.forEach(([title, ids], at) => {
    const last = at === GROUPS.length - 1;
    const inside = controls.filter(({ setting: { id } }) => (last ? !named.has(id) : ids.includes(id)));
    inside.sort((a, b) => ids.indexOf(a.setting.id) - ids.indexOf(b.setting.id));
    form.append(element('fieldset', {}, element('legend', {}, title), ...inside.map(({ field }) => field)));
  });
  root.append(note, form);

  /** @type {string[]} */
  let hidden = [];
  const show = (/** @type {Record<string, string>} */ settings) => {
    for (const { setting, field } of controls) {
      field.hidden = hidden.includes(setting.id) || !matters(setting.id, settings);
    }
  };

  return {
    /** @param {import('../run/state.js').State} state */
    render({ page, run: { settings } }) {
      hidden = page.hide;
      for (const { setting, input } of controls) {
        const editing = input.matches(':focus') || input.getAttribute('aria-invalid') === 'true';
        if (editing) continue;
        typed[setting.id] = settings[setting.id];
        if (input.value !== settings[setting.id]) input.value = settings[setting.id];
      }
      show(typed);
    },
    destroy() {
      root.replaceChildren();
    },
  };
}

/** @param {Setting} setting @param {Record<string, string>} properties */
function control(setting, properties) {
  const option = (/** @type {string} */ choice) =>
    element(
      'option',
      { value: choice },
      setting.id === 'operation' ? operationLabel(choice) : choice,
    );
  if (setting.id === 'operation') {
    const families = [...operationFamilies()].map(([label, ids]) =>
      element('optgroup', { label }, ...ids.map(option)),
    );
    return element('select', properties, ...families);
  }
  if (setting.choices) return element('select', properties, ...setting.choices.map(option));
  const text = { ...properties, autocomplete: 'off', spellcheck: false };
  if (setting.id === 'table') {
    return element('textarea', { ...text, rows: 6, placeholder: '0,1,2\n1,2,0\n2,0,1' });
  }
  return element('input', { ...text, type: 'text' });
}
