// The experiments to choose from, and the page's first sentences.

import { byId, element, write } from '../draw/dom.js';
import { PRESETS, findPreset, operationLabel, usesModulus } from '../run/settings.js';

/** @param {HTMLElement} root @param {{ onPreset: (id: string) => void }} actions */
export function create(root, { onPreset }) {
  const buttons = PRESETS.map(({ id, title }) =>
    element('button', { type: 'button', onclick: () => onPreset(id) }, title),
  );
  root.append(...buttons);

  return {
    /** @param {import('../run/state.js').State} state */
    render({ preset, settings, started, page }) {
      root.hidden = page.hide.includes('presets');
      buttons.forEach((button, index) => {
        button.setAttribute('aria-pressed', String(PRESETS[index].id === preset));
      });
      write(byId('look-for'), findPreset(preset)?.lookFor ?? '');
      const { operation, modulus, trainFraction } = settings;
      const modular = started ? started.modular : usesModulus(operation);
      const name = started?.operation ?? operationLabel(operation);
      write(byId('operation'), `${name}${modular ? ` mod ${modulus}` : ''}`);
      const share = started ? started.train / started.equations : Number(trainFraction);
      write(byId('share'), Math.abs(share - 0.5) < 0.001 ? 'half' : `${+(100 * share).toFixed(1)} %`);
    },
  };
}
