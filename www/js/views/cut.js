// What if a part is taken away? Its switches.

import { changes } from '../draw/changes.js';
import { element, keyed, unique, write } from '../draw/dom.js';
import { sameCut } from '../run/cut.js';
import { FILLS, WHOLE, grouped, shapeOf, withPart } from '../run/parts.js';
import { unseen } from '../text/laboratory.js';
import * as text from '../text/cut.js';

/** @typedef {import('../run/cut.js').Cut} Cut */
/** @typedef {import('../run/state.js').State} State */

/** Changes that can be undone. */
const PAST_MAX = 100;

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'takeAway' | 'trainRecorded'>} actions
 */
export function create(root, actions) {
  /** As it is shown. @type {Cut} */
  let cut = WHOLE;
  /** @type {Cut[] | null} Null before the first is known. */
  let past = null;
  /** @param {Cut} next */
  const remember = (next) => {
    past = [...past ?? [], cut].slice(-PAST_MAX);
    cut = next;
  };
  /** @param {Cut} next */
  function change(next) {
    if (sameCut(next, cut)) return;
    remember(next);
    actions.takeAway(next);
  }
  function undo() {
    const before = past?.pop();
    if (!before) return;
    cut = before;
    actions.takeAway(before);
  }

  const note = element('span', {});
  const recorded = element('p', { className: 'recorded', hidden: true }, note,
    element('button', { type: 'button', onclick: () => actions.trainRecorded() }, text.TRAIN));
  const switches = element('div', { className: 'switches' });
  const waits = element('p', { className: 'quiet' });
  const group = unique('fill');
  const fills = FILLS.map((fill) => {
    const input = element('input', { type: 'radio', name: group, value: fill, onchange: () => change({ ...cut, fill }) });
    return { fill, input, label: element('label', {}, input, ` ${text.FILLS[fill]}`) };
  });
  const fillHow = element('p', { className: 'quiet help' });
  const undoing = element('button', { type: 'button', onclick: undo }, text.UNDO);
  const back = element('button', { type: 'button', onclick: () => change({ ...cut, parts: [] }) }, text.ALL_BACK);
  const refused = element('ul', { className: 'list refused' });
  const failed = element('p', { className: 'error', role: 'alert' });
  const body = element('div', {},
    element('p', { className: 'row' }, back, undoing), element('div', { role: 'alert' }, refused), failed, switches, waits,
    element('fieldset', { className: 'fill' }, element('legend', {}, text.FILL),
      element('p', { className: 'row' }, ...fills.map(({ label }) => label)), fillHow));
  root.append(element('p', {}, text.LOOK), recorded, body);

  /** What a switch is of now. @type {WeakMap<HTMLElement, string>} */
  const names = new WeakMap();
  function createSwitch() {
    const box = element('input', { type: 'checkbox', onchange: () => change(withPart(cut, names.get(node) ?? '', box.checked)) });
    const node = element('label', { className: 'switch' }, box, element('span', {}));
    return node;
  }

  const turned = changes();
  /** @param {State} state */
  function drawSwitches({ run }) {
    const { inspected, settings, started } = run;
    const offered = inspected?.parts?.switches ?? null;
    if (!turned(inspected, cut, settings, started)) return;
    const shape = shapeOf(run);
    const neurons = new Map((offered ?? []).map((part) => [part.cut, part.neurons]));
    const all = grouped([...neurons.keys(), ...cut.parts]);
    keyed(switches, all, ({ id }) => id, () => {
      const list = element('div', { className: 'row' });
      return element('fieldset', {}, element('legend', {}), element('p', { className: 'quiet help' }), list);
    }, (node, group) => {
      const [legend, help, list] = /** @type {HTMLElement[]} */ (/** @type {unknown} */ (node.children));
      const words = text.groupOf(shape, group);
      write(legend, words.title);
      // Once for all layers.
      help.hidden = group.layer > 0;
      const isOutside = (group.kind === 'neurons' || group.kind === 'logits') && started?.index?.includes(null);
      write(help, isOutside ? `${words.help} ${text.OUTSIDE}` : words.help);
      keyed(list, group.names, (name) => name, createSwitch, (label, name) => {
        const [box, said] = /** @type {[HTMLInputElement, HTMLElement]} */ (/** @type {unknown} */ (label.children));
        names.set(label, name);
        box.checked = cut.parts.includes(name);
        box.dataset.cut = name;
        write(said, text.labelOf(shape, name, neurons.get(name) ?? null));
      });
    });
  }

  return {
    /** @param {State} state */
    render(state) {
      const { run, page } = state;
      // An address, a script, or what is done here.
      if (past === null) [past, cut] = [[], page.cut];
      else if (page.cut !== cut) remember(page.cut);
      recorded.hidden = run.recording === null;
      body.hidden = run.recording !== null;
      write(note, text.RECORDED);
      if (run.recording || !run.started) return;
      drawSwitches(state);
      write(fillHow, text.fillHow(run.started));
      write(waits, run.inspected?.parts ? '' : unseen(run));
      waits.hidden = run.inspected?.parts !== undefined && run.inspected?.parts !== null;
      for (const { fill, input } of fills) input.checked = cut.fill === fill;
      back.disabled = cut.parts.length === 0;
      undoing.disabled = past.length === 0;
      const missing = cut.parts.filter((name) => Object.hasOwn(run.missing, name));
      keyed(refused, missing, (name) => name, (name) => element('li', { className: 'error' }, element('span', {}, text.notCut(run.missing[name])),
        element('button', { type: 'button', onclick: () => change(withPart(cut, name, false)) }, text.LEAVE_OUT)));
      write(failed, run.missing[''] ? text.notCut(run.missing['']) : '');
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
