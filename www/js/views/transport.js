// Run, pause, step, reset; where the run stands, and on what it runs.

import { byId, element, write } from '../draw/dom.js';
import { announcement, story } from '../run/state.js';

/** Steps between pictures; the first adapts. */
const PACES = [null, 1, 10, 100, 1000];

/**
 * @param {HTMLElement} root
 * @param {{ onRun: () => void, onStep: () => void, onReset: () => void, onNewSeed: () => void,
 *   onUndo: () => void, onLink: () => void, onPace: (steps: number | null) => void }} actions
 */
export function create(root, actions) {
  const button = (
    /** @type {string} */ name,
    /** @type {string} */ label,
    /** @type {string} */ title,
    /** @type {() => void} */ onclick,
  ) => element('button', { type: 'button', title, onclick, 'data-control': name }, label);
  const run = button('run', 'Run', 'Run or pause (space)', actions.onRun);
  run.className = 'primary';
  const step = button('step', 'Step', 'One step (.)', actions.onStep);
  const reset = button('reset', 'Reset', 'Same seed, same run (r)', actions.onReset);
  const seed = button('newSeed', 'New seed', 'Other split, other weights (n)', actions.onNewSeed);
  const undo = button('undo', 'Undo', 'Bring back the run before this one', actions.onUndo);
  const link = button('link', 'Copy link', 'A link to this run', actions.onLink);
  const pace = element(
    'select',
    {
      'aria-label': 'Steps between pictures',
      'data-control': 'pace',
      onchange: () => actions.onPace(PACES[pace.selectedIndex]),
    },
    ...PACES.map((steps) =>
      element('option', {}, steps === null ? 'Speed: automatic' : `${steps} steps a picture`),
    ),
  );
  byId('buttons').append(run, step, reset, seed, undo, link, pace);

  const progress = byId('progress');
  const bar = /** @type {HTMLProgressElement} */ (progress.querySelector('progress'));
  const bytes = /** @type {HTMLElement} */ (progress.querySelector('span'));

  return {
    /** @param {import('../run/state.js').State} state */
    render(state) {
      const { status, step: at, loading, backend, latest, settings, started, page } = state;
      const loaded = started !== null && status !== 'loading';
      write(run, status === 'running' ? 'Pause' : at > 0 ? 'Go on' : 'Run');
      for (const control of [run, step, reset, seed]) control.disabled = !loaded;
      run.disabled ||= status === 'failed';
      step.disabled ||= status === 'running' || status === 'failed';
      undo.hidden = !state.canUndo;
      pace.selectedIndex = Math.max(PACES.indexOf(state.pace), 0);
      for (const control of [run, step, reset, seed, link, pace]) {
        control.hidden = page.hide.includes(control.dataset.control ?? '');
      }

      progress.hidden = loading === null;
      if (loading) {
        if (loading.total) {
          bar.max = loading.total;
          bar.value = loading.loaded;
        } else bar.removeAttribute('value');
        const of = loading.total ? ` of ${megabytes(loading.total)}` : '';
        write(bytes, `Loading ${loading.label}: ${megabytes(loading.loaded)}${of}`);
      }

      write(byId('story'), story(state));
      write(byId('live'), announcement(state));
      byId('buttons').hidden = state.recording !== null;
      const speed = latest?.stepsPerSecond;
      const parts = [
        `Step ${at} of ${settings.budget}`,
        speed ? `${speed.toPrecision(3)} steps/s` : '',
        eta(state),
        state.recording ? 'recorded' : device(backend),
        started ? `${started.parameters} parameters, batches of ${started.batch}` : '',
      ];
      write(byId('backend'), parts.filter(Boolean).join(' · '));
    },
  };
}

/** @param {number} count */
const megabytes = (count) => `${(count / 1e6).toFixed(1)} MB`;

/** @param {import('../run/state.js').State} state */
function eta({ status, latest, settings, step }) {
  if (status !== 'running' || !latest?.stepsPerSecond) return '';
  const seconds = (Number(settings.budget) - step) / latest.stepsPerSecond;
  const minutes = Math.ceil(seconds / 60);
  return `at most ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${minutes} min`} left`;
}

/** @param {{ active: string | null, reason: string }} backend */
function device({ active, reason }) {
  const name = { cpu: 'on the CPU', webgpu: 'on WebGPU' }[active ?? ''] ?? '';
  return [name, reason].filter(Boolean).join(': ');
}
