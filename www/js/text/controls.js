// Words of buttons, of what trains and of how far it is.

import { findPreset } from '../run/settings.js';
import { about, whole, withUnit } from './numbers.js';

/** @typedef {import('../run/state.js').State} State */

/** Where nothing trains. */
export const SPARE = 'What is shown instead is a recorded run.';

/** Seconds that a preset takes on this computer, or null before that is known. @param {State} state @param {string} preset */
export function secondsHere({ speed }, preset) {
  const gflop = findPreset(preset)?.gflop;
  return speed && gflop ? gflop / speed.gflops : null;
}

/** What a preset takes as it is, and a little more; 0 if the run is no longer that. @param {import('../run/run.js').Run} run */
export function expectedSteps({ preset, settings }) {
  const base = findPreset(preset);
  const same = base && Object.entries(base.settings).every(([id, value]) => ['seed', 'budget'].includes(id) || settings[id] === value);
  return same ? Math.min(1.2 * base.steps, Number(settings.budget)) : 0;
}

/** Its words, and those for which a narrow screen has no room. @param {State} state @returns {[string, string]} */
export function mainButton(state) {
  const { run, live } = state;
  if (run.recording) {
    if (live && live.step > 0) return ['Back to the live run', ''];
    if (!run.recording.own) return ['Train one yourself', ''];
    const seconds = secondsHere(state, live?.preset ?? run.preset);
    return seconds === null ? ['Train one yourself', ''] : [`Train one yourself: ${about(seconds)}`, ' on this computer'];
  }
  if (run.status === 'running') return ['Pause', ''];
  return [run.step > 0 ? 'Go on' : 'Train', ''];
}

/** What the numbers of a loss mean. @param {import('../worker/protocol.js').Started | null} started */
export function aboutLoss(started) {
  const n = started?.distinctAnswers ?? 0;
  const guess = n > 1 ? `, and holding all ${n} answers for equally likely is ${Math.log(n).toFixed(1)}` : '';
  return `Loss is how surprised the network is by the right answers: 0 is certain and right${guess}. It is what ` +
    'training makes smaller, on the cells it is shown.';
}

/** What trains, how fast, and how far it is: a list of facts. @param {State} state @returns {[string, string][]} */
export function facts(state) {
  const { run, backend, helpers } = state;
  const { latest, started, status, settings, recording } = run;
  const budget = Number(settings.budget);
  const over = status === 'finished';
  const stops = settings.stop === 'grokked' ? ', or soon after it has the rule' : '';
  /** @type {[string, string][]} */
  const list = [
    ['Step', over || recording ? whole(run.step) : `${whole(run.step)}; it stops at ${whole(budget)}${stops}`],
  ];
  if (recording) list.push(['Recorded by', recording.command]);
  else list.push(['Trains on', device(backend, helpers)]);
  if (!recording && latest?.stepsPerSecond) list.push(['Speed', `${latest.stepsPerSecond.toPrecision(3)} steps a second`]);
  if (started) {
    list.push(['Network', `${whole(started.parameters)} parameters`]);
    list.push(['A step', `${whole(started.batch)} of the ${whole(started.train)} cells it is shown`]);
  }
  if (latest?.collapsed) list.push(['Certain', certain(latest.collapsed)]);
  if (latest) list.push(['Guessing gets', `${withUnit((100 * (started?.chance ?? 0)).toFixed(1), '%')} right`]);
  return list;
}

/** @param {number} share Of the cells that are shown, 0 to 1. */
const certain = (share) => `of ${share < 1 ? withUnit(Math.min(100 * share, 99.9).toFixed(1), '%') : 'all'} of the cells it is shown, ` +
  'to the last digit that is kept: their own answer has nothing more to learn from them';

/** What a worker finds missing, to a reader who misses nothing. @type {Record<string, string>} */
export const NEUTRAL = {
  'there is no usable graphics card': 'this browser lends it no graphics card',
  'this browser has no WebGPU in workers': 'this browser lends it no graphics card',
};

/** @param {State['backend']} backend @param {number} helpers */
function device({ active, reason }, helpers) {
  const cores = helpers > 0 ? `${helpers + 1} cores of the processor` : 'the processor';
  const name = { cpu: cores, webgpu: 'the graphics card' }[active ?? ''];
  if (!name) return reason || 'not started yet';
  return reason ? `${name} (${NEUTRAL[reason] ?? reason})` : name;
}
