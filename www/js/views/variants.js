// Ways to train, as one menu.

import { element, write } from '../draw/dom.js';
import { VARIANT } from '../text/laboratory.js';
import { VARIANTS } from '../run/settings.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'variant'>} actions */
export function create(root, actions) {
  const families = [...new Set(VARIANTS.map(({ family }) => family))].map((label) =>
    element(
      'optgroup',
      { label },
      ...VARIANTS.filter(({ family }) => family === label).map(({ id, title }) =>
        element('option', { value: id }, title),
      ),
    ),
  );
  const select = element(
    'select',
    { name: 'variant', onchange: () => actions.variant(select.value) },
    element('option', { value: '', disabled: true }, VARIANT.own),
    ...families,
  );
  const note = element('small', {});
  root.append(element('label', {}, `${VARIANT.label} `, select), ' ', note);

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run: { settings } }) {
      const same = (/** @type {Record<string, string>} */ bundle) =>
        Object.entries(bundle).every(([id, value]) => settings[id] === value);
      const current = VARIANTS.find((variant) => same(variant.settings));
      if (!select.matches(':focus')) select.value = current?.id ?? '';
      write(note, current ? '' : VARIANT.note);
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
