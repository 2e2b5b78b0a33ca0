// The tools that hold out cells by hand.

import { element, unique, write } from '../draw/dom.js';
import { MASK } from '../text/laboratory.js';

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'maskTool' | 'mask'>} actions */
export function create(root, actions) {
  /** @type {import('../run/mask.js').Tool} */
  let chosen = 'box';
  const group = unique('tool');
  const tools = /** @type {const} */ (['box', 'row', 'column']).map((tool) => {
    const input = element('input', {
      type: 'radio',
      name: group,
      value: tool,
      checked: tool === chosen,
      onchange: () => {
        chosen = tool;
        actions.maskTool(tool);
      },
    });
    return element('label', {}, input, ` ${tool}`);
  });
  const every = element('input', {
    type: 'text',
    size: 3,
    value: '4',
    inputMode: 'numeric',
    'aria-label': MASK.everyLabel,
  });
  let mask = '';
  const add = element(
    'button',
    { type: 'button', onclick: () => actions.mask([mask, `every ${every.value}`].filter(Boolean).join('; ')) },
    MASK.every,
  );
  const clear = element('button', { type: 'button', onclick: () => actions.mask('') }, MASK.clear);
  const current = element('p', { className: 'quiet' });
  root.append(
    element('p', {}, MASK.look),
    element('fieldset', {}, element('legend', {}, MASK.holdsOut), ...tools),
    element('p', { className: 'row' }, add, every, clear),
    current,
  );
  actions.maskTool(chosen);

  return {
    /** @param {import('../run/state.js').State} state */
    render({ run: { settings } }) {
      mask = settings.heldOut ?? '';
      clear.disabled = !mask;
      write(current, mask ? MASK.heldOut(mask) : MASK.random(settings.split));
    },
    destroy() {
      actions.maskTool(null);
      root.replaceChildren();
    },
  };
}
