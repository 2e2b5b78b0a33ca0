// Whether a run can be trained again to a step that it has passed: its weights of then are not kept, and the same settings
// give the same run.

import { at } from './frames.js';
import { matters } from './settings.js';
import { liveRun } from './state.js';

/** @typedef {import('../worker/protocol.js').Settings} Settings */
/** @typedef {import('./curves.js').Curves} Curves */
/** @typedef {import('./run.js').Run} Run */
/** A run that is trained again for a figure: to which step, and how far it is. @typedef {{ of: 'fork' | 'ladder', step: number, reached: number }} Again */

/**
 * What an event of the live run says of it that its settings and its seed do not; null if nothing.
 * @param {import('./state.js').State} before @param {import('./state.js').Action} event
 * @returns {Pick<Run, 'strayed' | 'card'> | null}
 */
export function marksOf(before, event) {
  const run = liveRun(before);
  const { step, status, settings, strayed = [], card } = run;
  if (event.type === 'evaluated') {
    const isOfCard = before.backend.active === 'webgpu' && event.step > step && card === undefined;
    return isOfCard ? { card: step } : null;
  }
  // Before its first step a run begins with what is changed.
  if (event.type !== 'configured' || (step === 0 && status !== 'running')) return null;
  const news = Object.keys(event.config).filter((id) => event.config[id] !== settings[id] && !strayed.includes(id));
  return news.length > 0 ? { strayed: [...strayed, ...news] } : null;
}

/** Whether a live setting changes what steps do. @param {string} id @param {Settings} settings That it is one of. */
function acts(id, settings) {
  if (id === 'threads' || id === 'stop') return false;
  return id === 'budget' ? settings.anneal === 'cosine' : matters(id, settings);
}

/**
 * The step that a live run is shown at, if it has gone on since; null of a run that is shown as it is now, and of a recording.
 * @param {Run} run
 */
export function pastStep({ recording, carried, scrub, frames, step }) {
  if (recording || carried || scrub === null || frames.length === 0) return null;
  const shown = at(frames, scrub).step;
  return shown < step ? shown : null;
}

const BEGAN = 'the run began with weights from a file';
const CHANGED = 'the settings of the run were changed while it trained';

/** Why a run cannot be trained again; null if it can. @param {Pick<Run, 'strayed' | 'settings'>} run @param {number} step */
export function againRefusal({ strayed = [], settings }, step) {
  if (!strayed.some((id) => id === 'weights' || acts(id, settings))) return null;
  const why = strayed.includes('weights') ? BEGAN : CHANGED;
  return `the weights of step ${step} are not kept, and ${why}: trained again from its beginning it would be another run`;
}

/** Whether a graphics card took some of its steps until then, which a processor takes again but for rounding. @param {Pick<Run, 'card'>} run @param {number} step */
export const isRounded = ({ card }, step) => card !== undefined && card < step;

/** The first step at which two curves have another loss; null if there is none. @param {Curves} curves @param {Curves} again */
export function firstOther(curves, again) {
  const losses = new Map(curves.step.map((step, place) => [step, curves.trainLoss[place]]));
  return again.step.find((step, place) => losses.has(step) && !Object.is(losses.get(step), again.trainLoss[place])) ?? null;
}
