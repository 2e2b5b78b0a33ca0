// Does it forget, and come back? Held-out accuracy over what it is shown, down and up again.

import { changes } from '../draw/changes.js';
import { createChart } from '../draw/charts.js';
import { element, keyed, write } from '../draw/dom.js';
import { createField } from '../draw/fields.js';
import { keepFocus } from '../draw/focus.js';
import { isElsewhere, readRungs, readSteps, ways } from '../run/fork.js';
import { withNetwork } from '../run/network.js';
import { percent } from '../text/numbers.js';
import { failed } from '../text/laboratory.js';
import * as text from '../text/fork.js';
import { createAgain } from './again.js';

/** @typedef {ReturnType<typeof createField>} Field */

/** @param {HTMLElement} root @param {Pick<import('../actions.js').Actions, 'ladder' | 'stopAgain'>} actions */
export function create(root, actions) {
  const { ladder: climber } = actions;
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    element('button', { type: 'button', onclick }, label);
  const rungs = createField(text.RUNGS, { name: 'rungs', numeric: true });
  const steps = createField(text.RUNG_STEPS, { name: 'rungSteps', numeric: true });
  rungs.input.value = '3';
  steps.input.value = '1000';
  const problem = element('p', { className: 'error', role: 'alert' });
  const start = element('button', { type: 'submit' }, text.CLIMB);
  const stop = button(text.STOP, () => climber.halt());
  const drop = button(text.DROP_LADDER, () => climber.drop());
  const form = element('form', { onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    climb();
  } }, element('div', { className: 'fields' }, rungs.field, steps.field), element('p', { className: 'row' }, start, stop, drop));
  const again = createAgain('ladder', () => actions.stopAgain());
  const status = element('p', { role: 'status' });
  const bar = element('progress', { 'aria-label': text.LADDER_PROGRESS });
  const charted = element('div', {});
  const head = element('tr', {}, ...text.COLUMNS.map((name) => element('th', { scope: 'col' }, name)));
  const body = element('tbody', {});
  const verdict = element('p', {});
  const note = element('p', { className: 'quiet' });
  const results = element('div', {}, status, bar, charted,
    element('p', { className: 'quiet axes' }, text.AXES), verdict,
    element('div', { className: 'runs' }, element('table', {}, element('thead', {}, head), body)));
  root.append(element('h4', {}, text.LADDER), element('p', {}, text.LADDER_LOOK), form, again.since, problem, again.progress, results, note);
  const chart = createChart(charted, { label: text.LADDER_CHART, name: 'forget' });
  const changed = changes();
  /** The step of a live run that is gone back to. @type {number | null} */
  let past = null;

  async function climb() {
    for (const field of [rungs, steps]) field.tell('');
    write(problem, '');
    const count = typed(rungs, readRungs);
    const each = typed(steps, readSteps);
    if (count === null || each === null) return;
    try {
      await climber.start(count, each, past);
    } catch (error) {
      const { code } = /** @type {import('../run/refused.js').Refused} */ (error);
      if (code === 'argument') refuse(rungs, error);
      else if (code !== 'interrupted') write(problem, failed(error));
    }
  }

  /** @param {Field} at @param {unknown} error */
  function refuse(at, error) {
    at.tell(failed(error));
    at.input.focus();
  }

  /** @param {Field} at @param {(text: string) => number} read */
  function typed(at, read) {
    try {
      return read(at.input.value);
    } catch (error) {
      refuse(at, error);
      return null;
    }
  }

  /** @param {import('../run/state.js').State} state */
  function render(state) {
    const { ladder, run } = withNetwork(state);
    const running = ladder?.status === 'running';
    const isWaiting = isElsewhere(state.ladder, state.run);
    root.hidden = run.recording !== null;
    const leaving = again.render(run);
    past = leaving.past;
    again.since.hidden ||= run.settings.heldOut !== '';
    start.disabled = running || isWaiting || !leaving.canLeave || run.settings.heldOut !== '';
    stop.hidden = !running;
    drop.hidden = !ladder || running;
    results.hidden = !ladder || ladder.rungs.length === 0;
    const says = isWaiting ? text.ELSEWHERE : run.settings.heldOut ? text.BY_HAND : text.nested(Number(run.settings.outliers) > 0);
    write(note, run.carried && !isWaiting ? `${says} ${text.ANEW_THERE}` : says);
    if (!ladder || !changed(ladder)) return;
    write(status, text.ladderStatus(ladder));
    bar.hidden = !running;
    bar.max = ladder.shares.length;
    bar.value = Math.max(0, ladder.rungs.length - 2);
    const { down, up } = ways(ladder);
    const line = (/** @type {typeof down} */ way) => ({ x: way.map(({ share }) => share), y: way.map(({ heldOut }) => heldOut) });
    chart.draw({
      x: 'Shares',
      y: 'Shares',
      lines: [
        { label: text.DOWN, ...line(down), color: '--stroke-2', width: 2.5, dot: 4 },
        { label: text.UP, ...line(up), color: '--stroke-1', width: 2.5, dot: 4 },
      ],
    });
    const rows = down.map((rung) => ({ ...rung, back: up.find(({ share }) => share === rung.share) }));
    keyed(body, rows, ({ share }) => share, () => element('tr', {}, element('th', { scope: 'row' }), element('td', {}), element('td', {})),
      (row, { cells, share, heldOut, back }) => {
        const [name, went, came] = /** @type {HTMLElement[]} */ (/** @type {unknown} */ (row.children));
        write(name, text.cells(cells, share));
        write(went, percent(heldOut));
        write(came, back ? percent(back.heldOut) : '');
      });
    const both = rows.flatMap(({ cells, heldOut, back }) => (back ? [{ cells, down: heldOut, up: back.heldOut }] : []));
    write(verdict, ladder.status === 'done' ? text.widest(both) : '');
  }

  return {
    render: (/** @type {import('../run/state.js').State} */ state) => keepFocus(root, () => render(state), [again.stop, stop, start]),
    destroy() {
      chart.destroy();
      root.replaceChildren();
    },
  };
}
