// A run as one value: what is trained, how far it is, and what it has shown. Replay, undo, comparing
// and going back in time exchange such values.

import { trimmed } from './room.js';
import { append, noCurves } from './curves.js';
import { merged, withEvaluated, withInspected } from './frames.js';
import { projected } from './recording.js';

/** @typedef {import('../worker/protocol.js').Settings} Settings */
/** @typedef {import('../worker/protocol.js').Inspected} Inspected */
/** @typedef {import('./recording.js').Projection} Projection */

/** What there is to choose of a run. @typedef {{ preset: string, settings: Settings }} Choice */

/** @typedef {import('./types.js').Run} Run */
/** @typedef {import('./types.js').RunEvent} RunEvent */

/** A run of which nothing is known yet but what was chosen. @param {Choice} choice @returns {Run} */
export const newRun = ({ preset, settings }) => ({
  preset,
  settings,
  status: 'loading',
  step: 0,
  started: null,
  curves: noCurves(),
  latest: null,
  frames: [],
  inspected: null,
  predicted: null,
  ablated: null,
  missing: {},
  faults: {},
  stopped: '',
  subgroups: [],
  scrub: null,
  recording: null,
});

/**
 * A run in place of another, whose table stays until its own is there.
 * @param {Run} before @param {Choice} choice @returns {Run}
 */
export const nextRun = ({ started, subgroups }, choice) =>
  ({ ...newRun(choice), status: 'idle', started, subgroups });

/** @param {Run} run @param {RunEvent} event @returns {Run} */
export function follow(run, event) {
  switch (event.type) {
    case 'started': {
      // A group's subgroups do not change with the seed.
      const same = run.started?.operation === event.operation;
      const subgroups = same ? run.subgroups : [];
      return { ...run, started: event, settings: event.config, subgroups };
    }
    case 'evaluated':
      return {
        ...run,
        step: event.step,
        latest: event,
        curves: append(run.curves, event),
        frames: withEvaluated(run.frames, event),
      };
    case 'status':
      return { ...run, status: event.status, step: event.step };
    case 'configured':
      return { ...run, settings: event.config };
    case 'inspected': {
      const inspected = event.clock ? { ...event, clock: trimmed(event.clock) } : event;
      return {
        ...run,
        inspected: merged(run.inspected, inspected),
        frames: withInspected(run.frames, inspected),
      };
    }
    case 'predicted':
      return { ...run, predicted: event };
    case 'ablated': {
      const { '': _, ...missing } = run.missing;
      return { ...run, ablated: event, missing };
    }
    case 'missed':
      return { ...run, missing: { ...run.missing, [event.part]: event.why } };
  }
}

/**
 * A recording as a run that has ended.
 * @param {import('./recording.js').Recording} recording @param {string} preset
 * @param {Projection} projection @param {{ file: string, own: boolean, name: string | null }} from @returns {Run}
 */
export function recorded({ command, started, curves, frames, projections, weights }, preset, projection, from) {
  const recording = { command, projections, weights, ...from };
  return project({
    ...newRun({ preset, settings: started.config }),
    status: 'finished',
    step: frames[frames.length - 1].step,
    started,
    curves,
    latest: frames[frames.length - 1].evaluated,
    frames,
    recording,
  }, projection);
}

/** A recording with its points by another projection. @param {Run} run @param {Projection} projection @returns {Run} */
export function project(run, projection) {
  if (!run.recording) return run;
  const frames = projected(run.frames, run.recording.projections, projection);
  return { ...run, frames, inspected: frames[frames.length - 1].inspected };
}

/** Whether leaving the page loses steps. @param {Run} run */
export const isAtStake = ({ status, step, recording }) =>
  recording === null && (status === 'running' || (step > 0 && (status === 'paused' || status === 'idle')));
