// The experiments to choose from, and the page's first sentences.

import { byId, element, write } from '../dom.js';
import { PRESETS, findPreset, isModular, operationLabel } from '../settings.js';

/** @param {HTMLElement} root @param {{ onPreset: (id: string) => void }} actions */
export function create(root, { onPreset }) {
  const buttons = PRESETS.map(({ id, title }) =>
    element('button', { type: 'button', onclick: () => onPreset(id) }, title),
  );
  root.append(...buttons);

  return {
    /** @param {import('../state.js').State} state */
    render({ preset, settings, page }) {
      root.hidden = page.hide.includes('presets');
      buttons.forEach((button, index) => {
        button.setAttribute('aria-pressed', String(PRESETS[index].id === preset));
      });
      write(byId('look-for'), findPreset(preset)?.lookFor ?? '');
      const { operation, modulus, trainFraction } = settings;
      const mod = isModular(operation) ? ` mod ${modulus}` : '';
      write(byId('operation'), `${operationLabel(operation)}${mod}`);
      const share = Number(trainFraction);
      write(byId('share'), share === 0.5 ? 'half' : `${+(100 * share).toFixed(1)} %`);
    },
  };
}
