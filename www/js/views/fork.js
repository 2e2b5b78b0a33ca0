// Was it that? The page's run goes on twice from one moment, once with something changed.

import { changes as changesOf } from '../draw/changes.js';
import { createChart, stepScale } from '../draw/charts.js';
import { element, keyed, write } from '../draw/dom.js';
import { createField } from '../draw/fields.js';
import { keepFocus } from '../draw/focus.js';
import { strokes } from '../draw/strokes.js';
import { againRefusal, pastStep } from '../run/again.js';
import { differing, experiments, readSteps, usualSteps } from '../run/fork.js';
import { OTHERS, USUAL } from '../run/wanted.js';
import { findSetting, matters } from '../run/settings.js';
import { besideField, failed } from '../text/laboratory.js';
import * as text from '../text/fork.js';
import { createAgain } from './again.js';

/** @typedef {import('../run/fork.js').Fork} Fork */
/** @typedef {import('../run/fork.js').Experiment} Experiment */
/** @typedef {import('../run/state.js').State} State */
/** @typedef {keyof import('../run/curves.js').Curves} Column */

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'fork' | 'settings' | 'run' | 'pause' | 'reset' | 'stopAgain'>} actions
 */
export function create(root, actions) {
  const { fork: forker } = actions;
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    element('button', { type: 'button', onclick }, label);

  // What can be tried, and what can be changed.
  const tries = /** @type {Experiment[]} */ (Object.keys(text.EXPERIMENTS)).map((id) => {
    const node = button(text.EXPERIMENTS[id], () => begin(offered[id] ?? {}));
    return { id, node };
  });
  const fields = USUAL.map((id) => {
    const setting = findSetting(id);
    const field = createField(setting?.label ?? id, { name: id, choices: setting?.choices, numeric: true });
    field.input.addEventListener('input', show);
    return { id, ...field };
  });
  const other = createField(text.OTHER, { name: 'other', choices: ['', ...OTHERS] });
  for (const option of /** @type {HTMLSelectElement} */ (other.input).options) {
    option.textContent = option.value ? findSetting(option.value)?.label ?? '' : text.NO_OTHER;
  }
  const value = createField(text.OTHER_VALUE, { name: 'value' });
  other.input.addEventListener('change', () => {
    value.input.value = base()[other.input.value] ?? '';
    show();
  });
  value.input.addEventListener('input', show);
  const steps = createField(text.STEPS, { name: 'steps', numeric: true });
  const byHand = element('p', { className: 'quiet', hidden: true }, text.BY_HAND);
  const here = element('button', { type: 'submit', className: 'primary' });
  const problem = element('p', { className: 'error', role: 'alert' });
  const form = element('form', { onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    begin(chosen());
  } }, element('div', { className: 'fields' }, ...[...fields, other, value, steps].map(({ field }) => field)),
  element('p', { className: 'row' }, here));

  // What a recording or a link says.
  const word = element('span', {});
  const live = button(text.RUN_LIVE, async () => {
    await actions.settings(base());
    await actions.run();
  });
  const follow = (/** @type {Fork | import('../run/wanted.js').Wanted | null} */ wanted = state?.page.fork ?? null) =>
    wanted && tried(() => forker.reach(wanted), [], true);
  const reach = button('', () => follow());
  const afresh = button(text.AFRESH, async () => {
    const wanted = state?.page.fork ?? null;
    await actions.reset();
    await follow(wanted);
  });
  const offer = element('p', { className: 'row recorded', hidden: true }, word, live, reach, afresh);
  const again = createAgain('fork', () => actions.stopAgain());

  // What comes of it.
  const status = element('p', { role: 'status' });
  const bar = element('progress', { 'aria-label': text.PROGRESS });
  const stop = button(text.STOP, () => (state?.fork?.status === 'reaching' ? actions.pause() : tried(() => forker.halt())));
  const anew = button(text.ANEW, () => begins(() => forker.anew(readSteps(steps.input.value))));
  const back = button('', () => begins(() => forker.back()));
  const drop = button(text.DROP, () => tried(() => forker.drop()));
  const charted = element('div', {});
  const list = element('ul', { className: 'list outcomes' });
  const loss = element('details', { ontoggle: () => draw() }, element('summary', {}, text.SHOW_LOSS));
  const backHow = element('p', { className: 'quiet' }, text.BACK_HOW);
  const lined = element('p', { className: 'quiet' }, text.LINES);
  const results = element('div', {}, status, bar, element('p', { className: 'row' }, stop, anew, back, drop), backHow,
    charted, list, lined, loss);
  const controls = element('div', {},
    again.since, element('h4', {}, text.TRY), element('p', { className: 'row' }, ...tries.map(({ node }) => node)), byHand,
    element('h4', {}, text.CHOOSE), form);
  root.append(element('p', {}, text.LOOK), offer, controls, problem, again.progress, results);
  const accuracies = createChart(charted, { label: text.ACCURACY, name: 'fork', ofRun: false, rows: 1 });
  const losses = createChart(loss, { label: text.LOSS, name: 'fork-loss', ofRun: false, rows: 1 });

  /** @type {State | null} */
  let state = null;
  /** What each button would change. @type {Partial<Record<Experiment, import('../run/fork.js').Settings | null>>} */
  let offered = {};
  /** What was asked for and is not answered yet. */
  let busy = 0;
  /** Whether workers are on their way. */
  let starting = false;
  /** Whether the fork of the link was looked at. */
  let asked = false;
  /** The run that the fields are of. @type {object | null} */
  let filled = null;
  const redrawn = changesOf();

  const base = () => state?.run.settings ?? {};
  function chosen() {
    const typed = Object.fromEntries(fields.map(({ id, input }) => [id, input.value.trim()]));
    const next = { ...base(), ...typed };
    const seen = Object.fromEntries(Object.entries(typed).filter(([id]) => matters(id, next)));
    if (other.input.value) seen[other.input.value] = value.input.value.trim();
    return differing(base(), seen);
  }

  /** @param {Record<string, string>} changed */
  const begin = (changed) => begins(() => forker.here(changed, readSteps(steps.input.value), past()), Object.keys(changed));
  /** The step of a live run that is gone back to. */
  const past = () => (state ? pastStep(state.run) : null);

  /** @param {() => Promise<void>} act @param {string[]} [about] */
  async function begins(act, about) {
    if (isBusy()) return;
    starting = true;
    await tried(act, about);
    starting = false;
    show();
  }

  /** While a run is trained again, which may take long, the fork that is there can be stopped and thrown away. */
  const isBusy = () => busy > 0 && state?.run.again?.of !== 'fork';

  /** What is refused is said beside what it is about. @param {() => Promise<void>} act @param {string[]} [about] @param {boolean} [isOfLink] */
  async function tried(act, about = [], isOfLink = false) {
    if (isBusy()) return;
    busy += 1;
    complain('', []);
    show();
    try {
      await act();
    } catch (error) {
      const { code } = /** @type {import('../run/refused.js').Refused} */ (error);
      // Whoever interrupted it knows; a link that was followed shows nothing else.
      if (code !== 'interrupted' || isOfLink) complain(failed(error), code === 'argument' ? ['steps'] : about, code);
    } finally {
      busy -= 1;
      show();
    }
  }

  /** @param {string} words @param {string[]} about Ids of settings, of which the words name one. @param {string} [code] A worker that stopped is about none. */
  function complain(words, about, code) {
    const isOfOne = about.length === 1 && (code === 'setting' || code === 'argument');
    const named = about.find((id) => words.includes(`\`${id}\``)) ?? (isOfOne ? about[0] : null);
    const places = [...fields, { ...steps, id: 'steps' }, { ...value, id: other.input.value || 'other' }];
    const place = places.find(({ id }) => id === named);
    for (const each of places) each.tell(each === place ? besideField(words) : '');
    write(problem, place ? '' : words);
    if (place && words) place.input.focus();
  }

  /** Fields say what the run has, until another is typed. @param {State} next */
  function fill({ run: { settings, started }, page: { hide } }) {
    const before = filled;
    filled = settings;
    for (const { id, input } of fields) {
      if (before === settings || (before && input.value !== /** @type {any} */ (before)[id])) continue;
      input.value = settings[id] ?? '';
    }
    for (const { id, field, input, hint } of fields) {
      field.hidden = hide.includes(id) || !matters(id, { ...settings, ...chosen() });
      hint(input.value.trim() === settings[id] || !started ? '' : text.runHas(settings[id]));
    }
    value.field.hidden = other.input.value === '';
    value.hint(other.input.value && value.input.value !== settings[other.input.value] ? text.runHas(settings[other.input.value]) : '');
  }

  function show() {
    const next = state;
    if (next) keepFocus(root, () => render(next), [again.stop, stop, anew, here, live]);
  }

  /** @param {State} next */
  function render(next) {
    const { run, fork, page: { fork: wanted, embed } } = next;
    const recorded = run.recording !== null;
    const linked = wanted !== null && fork === null && !run.carried;
    const gone = linked && run.step > wanted.step;
    const lost = gone ? againRefusal(run, wanted.step) : null;
    offer.hidden = !(recorded || linked) || busy > 0;
    write(word, recorded ? text.RECORDED : linked ? `${text.linked(wanted)}${lost ? ` ${text.refused(lost)}` : ''}` : '');
    live.hidden = !recorded;
    reach.hidden = recorded || !linked || lost !== null;
    afresh.hidden = recorded || lost === null;
    if (linked) write(reach, gone ? text.reachAgain(wanted.step) : text.reach(wanted.step));
    // Pages do as their link says; in somebody else's page a reader says when.
    if (linked && !recorded && !embed && !asked && run.started && lost === null) {
      asked = true;
      queueMicrotask(() => follow());
    }

    controls.hidden = recorded;
    fill(next);
    const leaving = again.render(run);
    const step = leaving.past ?? run.step;
    const reaching = fork?.status === 'reaching';
    offered = experiments(run);
    for (const { id, node } of tries) {
      node.hidden = offered[id] === null && id.startsWith('decay');
      node.disabled = !leaving.canLeave || !offered[id];
      node.title = offered[id] ? text.changesTo(/** @type {Record<string, string>} */ (offered[id])) : '';
    }
    here.disabled = !leaving.canLeave;
    byHand.hidden = run.settings.heldOut === '';
    write(here, starting && !leaving.training ? text.STARTING : text.fork(step));
    if (!steps.input.matches(':focus') && steps.input.dataset.typed !== 'yes') steps.input.value = String(usualSteps(step));

    results.hidden = fork === null;
    if (!fork) return;
    write(status, text.status(fork));
    const running = fork.status === 'running';
    bar.hidden = !running && !reaching;
    bar.max = reaching ? fork.step : fork.steps;
    bar.value = reaching ? Math.min(run.step, fork.step) : Math.min(...fork.limbs.map(({ step }) => step - fork.step));
    stop.hidden = !running && !reaching;
    anew.hidden = running || reaching;
    back.hidden = backHow.hidden = reaching;
    drop.hidden = reaching;
    write(back, text.back(fork));
    back.disabled = isBusy() || (fork.limbs[1]?.step ?? 0) <= fork.step || fork.limbs[1]?.status === 'failed';
    charted.hidden = list.hidden = lined.hidden = loss.hidden = reaching;
    draw();
  }
  steps.input.addEventListener('input', () => {
    steps.input.dataset.typed = 'yes';
  });

  function draw() {
    const { fork, logSteps } = state ?? {};
    if (!fork || !redrawn(fork, logSteps, loss.open)) return;
    const colors = strokes(2);
    const names = text.names(fork);
    const items = fork.limbs.map((limb, at) => ({ limb, at, name: names[at], color: colors[at] }));
    keyed(list, items, ({ at }) => at, () => element('li', {}, element('i', {}), element('span', {})), (node, { limb, name, color }) => {
      const [mark, words] = /** @type {HTMLElement[]} */ (/** @type {unknown} */ (node.children));
      mark.style.background = `var(${color})`;
      const title = element('strong', {}, `${name}:`);
      words.replaceChildren(title, ` ${text.outcome(limb, fork)}`);
    });
    accuracies.draw({ ...around(fork, Boolean(logSteps)), y: 'Shares', lines: lines(fork, items, 'trainAccuracy', 'heldOutAccuracy') });
    if (loss.open) losses.draw({ ...around(fork, Boolean(logSteps)), y: 'Losses', lines: lines(fork, items, 'trainLoss', 'heldOutLoss') });
  }

  return {
    /** @param {State} next */
    render(next) {
      state = next;
      show();
    },
    destroy() {
      accuracies.destroy();
      losses.destroy();
      root.replaceChildren();
    },
  };
}

/** The axis of the steps, from before the fork to its end. @param {Fork} fork @param {boolean} logSteps */
const around = ({ step, steps, again, past }, logSteps) => ({
  x: stepScale(logSteps),
  from: again ? past.step[0] ?? 0 : 0,
  to: step + steps,
  marks: [{ at: step, text: text.FORKED }],
});

/**
 * The past in grey, and both runs.
 * @param {Fork} fork @param {{ limb: import('../run/fork.js').Limb, name: string, color: string }[]} items
 * @param {Column} shown @param {Column} heldOut @returns {import('../draw/charts.js').Line[]}
 */
function lines({ past }, items, shown, heldOut) {
  const [first] = items;
  // The past leads up to the fork.
  const lead = (/** @type {Column} */ column) => [...past[column], ...(first?.limb.curves[column].slice(0, 1) ?? [])];
  return [
    { label: '', x: lead('step'), y: lead(shown), color: '--outline', width: 1 },
    { label: '', x: lead('step'), y: lead(heldOut), color: '--outline', width: 2.5 },
    ...items.flatMap(({ limb: { curves }, name, color }) => [
      { label: text.ofTrain(name), x: curves.step, y: curves[shown], color, width: 1 },
      { label: text.ofHeldOut(name), x: curves.step, y: curves[heldOut], color, width: 2.5 },
    ]),
  ];
}
