// The main button, what else can be done with a run, and what is being loaded.

import { element, write } from '../draw/dom.js';
import { mainButton } from '../text/controls.js';
import { sizeOf } from '../text/numbers.js';

/** Steps between pictures; the first adapts. */
const PACES = [null, 1, 10, 100, 1000];

/**
 * @param {HTMLElement} root
 * @param {Pick<import('../actions.js').Actions, 'toggle' | 'trainYours' | 'leave' | 'replay' | 'step' | 'reset'
 *   | 'newSeed' | 'undo' | 'share' | 'pace'>} actions
 */
export function create(root, actions) {
  const button = (
    /** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ title, /** @type {() => void} */ onclick,
  ) => element('button', { type: 'button', title, onclick, 'data-control': name }, label);
  /** @type {import('../run/state.js').State | null} */
  let state = null;
  const main = button('run', 'Train', 'Run or pause (space)', () => {
    if (!state?.run.recording) actions.toggle();
    else if (state.live && state.live.step > 0) actions.leave();
    else actions.trainYours();
  });
  main.className = 'primary';
  const [does, here] = [element('span', {}), element('span', { className: 'here' })];
  main.replaceChildren(does, here);
  const replay = button('replay', 'The recorded run', 'Play the recorded run again', () => actions.replay());
  const step = button('step', 'One step', 'Train one step (.)', () => actions.step(1));
  const reset = button('reset', 'Reset', 'The same seed, the same run (r)', () => actions.reset());
  const seed = button('newSeed', 'New seed', 'Other cells, other first weights (n)', () => actions.newSeed());
  const undo = button('undo', 'Undo', 'Bring back the run before this one', () => actions.undo());
  const link = button('link', 'Copy link', 'A link to this run', () => actions.share('link'));
  const embed = button('embed', 'Embed', 'This run in a page of your own', () => actions.share('embed'));
  const pace = element(
    'select',
    { 'aria-label': 'How often it is shown', 'data-control': 'pace', onchange: () => actions.pace(PACES[pace.selectedIndex]) },
    ...PACES.map((steps) => element('option', {},
      steps === null ? 'Shown as often as is cheap' : steps === 1 ? 'Shown at every step' : `Shown every ${steps} steps`)),
  );
  const others = [step, reset, seed, undo, link, embed, replay, pace];
  const more = element('details', { className: 'more' }, element('summary', {}, 'More'), element('div', {}, ...others));
  const bar = element('progress', { 'aria-label': 'Loading' });
  const bytes = element('span', {});
  const progress = element('p', { className: 'progress', hidden: true }, bar, bytes);
  root.append(main, more, progress);
  // A menu closes when something else is done.
  more.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !more.open) return;
    event.preventDefault();
    more.open = false;
    more.querySelector('summary')?.focus();
  });
  more.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !more.contains(/** @type {Node} */ (event.relatedTarget))) more.open = false;
  });

  return {
    /** @param {import('../run/state.js').State} next */
    render(next) {
      state = next;
      const { run, loading, page, opening } = next;
      const { status, started, recording } = run;
      const loaded = recording !== null || (started !== null && status !== 'loading');
      const [words, where] = mainButton(next);
      write(does, words);
      write(here, where);
      main.classList.toggle('opening', recording?.own ?? false);
      for (const control of [main, step, reset, seed]) control.disabled = !loaded;
      main.disabled ||= status === 'failed';
      step.disabled ||= status === 'running' || status === 'failed';
      const hidden = (/** @type {HTMLElement} */ control) => page.hide.includes(control.dataset.control ?? '');
      for (const control of [main, step, reset, seed, link, embed, pace]) control.hidden = hidden(control);
      embed.hidden ||= page.embed;
      replay.hidden = opening === null || page.embed || hidden(replay);
      show(undo, !next.canUndo || hidden(undo));
      more.hidden = recording !== null || others.every((control) => control.hidden);
      pace.selectedIndex = Math.max(PACES.indexOf(next.pace), 0);

      progress.hidden = loading === null || recording !== null;
      if (loading) {
        if (loading.total) Object.assign(bar, { max: loading.total, value: loading.loaded });
        else bar.removeAttribute('value');
        const of = loading.total ? ` of ${sizeOf(loading.total)}` : '';
        write(bytes, `Loading ${loading.label}: ${sizeOf(loading.loaded)}${of}`);
      }
    },
    destroy() {
      root.replaceChildren();
    },
  };

  /** Focus stays among the buttons when one goes. @param {HTMLElement} control @param {boolean} hidden */
  function show(control, hidden) {
    if (hidden && !control.hidden && document.activeElement === control) main.focus();
    control.hidden = hidden;
  }
}
