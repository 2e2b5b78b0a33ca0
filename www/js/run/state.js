// Everything the page shows, and how it follows from what happens.

import { append, noCurves } from './curves.js';
import { merged, withEvaluated, withInspected } from './frames.js';
import { projected } from './recording.js';

/** @typedef {import('../worker/protocol.js').Evaluated} Evaluated */
/** @typedef {import('../worker/protocol.js').Started} Started */
/** @typedef {import('./curves.js').Curves} Curves */
/** @typedef {import('../worker/protocol.js').Status} Status */
/** @typedef {import('../worker/protocol.js').Settings} Settings */
/** @typedef {import('./url.js').PageOptions} PageOptions */

/**
 * @typedef {object} State
 * @property {string} preset
 * @property {Settings} settings What the controls show.
 * @property {PageOptions} page
 * @property {Status | 'loading'} status
 * @property {number} step
 * @property {Started | null} started What is trained, and on what.
 * @property {Curves} curves
 * @property {Evaluated | null} latest
 * @property {{ active: string | null, reason: string }} backend
 * @property {{ label: string, loaded: number, total: number | null } | null} loading
 * @property {{ id: number, text: string, action: string | null }[]} notices
 * @property {boolean} logSteps
 * @property {number | null} pace Steps between pictures; null adapts.
 * @property {{ x: number, y: number } | null} cursor A cell of the table.
 * @property {boolean} canUndo
 * @property {import('./frames.js').Frame[]} frames Of this run, for going back in time.
 * @property {number | null} scrub The step that the reader went back to; null is now.
 * @property {import('./recording.js').Recording | null} recording What is replayed, if anything.
 * @property {Partial<State> | null} live The live run, while a recording is replayed.
 * @property {import('../lab/sweep.js').Sweep | null} sweep
 * @property {import('../lab/pool.js').Job[]} kept Runs that are drawn over one another.
 * @property {boolean} racing
 * @property {import('../worker/protocol.js').Inspected | null} inspected The newest inspection.
 * @property {import('../worker/protocol.js').Predicted | null} predicted
 * @property {import('../worker/protocol.js').Subgroup[]} subgroups
 * @property {Record<string, boolean>} open Which figures of the laboratory are open.
 * @property {[import('../worker/protocol.js').Matrix, import('../worker/protocol.js').Method]} projection
 * @property {'box' | 'row' | 'column' | null} maskTool What a drag on the table holds out.
 * @property {import('./mask.js').Area | null} maskArea The drag under way.
 */

/** What a run leaves behind when another begins. */
const NOTHING = { frames: [], scrub: null, inspected: null, predicted: null };

/** @param {import('./url.js').Link} link @returns {State} */
export function initialState({ preset, settings, page, problems }) {
  return {
    preset,
    settings,
    page,
    status: 'loading',
    step: 0,
    started: null,
    curves: noCurves(),
    latest: null,
    backend: { active: null, reason: '' },
    loading: null,
    notices: problems.map((text, id) => ({ id, text, action: null })),
    logSteps: true,
    pace: null,
    cursor: null,
    canUndo: false,
    frames: [],
    scrub: null,
    recording: null,
    live: null,
    sweep: null,
    kept: [],
    racing: false,
    inspected: null,
    predicted: null,
    subgroups: [],
    open: {},
    projection: ['embedding', 'pca'],
    maskTool: null,
    maskArea: null,
  };
}

/**
 * @typedef {Started | Evaluated | import('../worker/protocol.js').StatusEvent
 *   | { type: 'chosen', preset: string, settings: Settings }
 *   | import('../worker/protocol.js').Configured
 *   | { type: 'cleared' }
 *   | { type: 'restored', curves: Curves, latest: Evaluated | null, frames: State['frames'] }
 *   | import('../worker/protocol.js').Inspected
 *   | import('../worker/protocol.js').Predicted
 *   | import('../worker/protocol.js').Subgroups
 *   | { type: 'opened', figure: string, open: boolean }
 *   | { type: 'projection', projection: State['projection'] }
 *   | { type: 'scrub', step: number | null }
 *   | { type: 'replay', recording: import('./recording.js').Recording }
 *   | { type: 'sweep', sweep: State['sweep'] }
 *   | { type: 'kept', kept: State['kept'] }
 *   | { type: 'racing', racing: boolean }
 *   | { type: 'live' }
 *   | { type: 'loading', loading: State['loading'] }
 *   | { type: 'backend', active: string | null, reason: string }
 *   | { type: 'notice', text: string, action?: string }
 *   | { type: 'dismissed', id: number }
 *   | { type: 'axis', logSteps: boolean }
 *   | { type: 'paced', pace: number | null }
 *   | { type: 'cursor', cursor: State['cursor'] }
 *   | { type: 'undoable', canUndo: boolean }
 *   | { type: 'maskTool', tool: State['maskTool'] }
 *   | { type: 'maskArea', area: State['maskArea'] }} Action
 */

/** @param {State} state @param {Action} action @returns {State} */
export function reduce(state, action) {
  // What the live worker still says is of the run that waits.
  const late = ['evaluated', 'status', 'inspected', 'started', 'configured'];
  if (state.recording && state.live && late.includes(action.type)) {
    const live = reduce({ ...state, ...state.live, recording: null, live: null }, action);
    const kept = Object.keys(state.live).map((key) => [key, live[/** @type {keyof State} */ (key)]]);
    return { ...state, live: Object.fromEntries(kept) };
  }
  switch (action.type) {
    case 'chosen':
      return { ...state, preset: action.preset, settings: action.settings };
    case 'configured':
      return { ...state, settings: action.config };
    case 'cleared':
      return { ...state, ...NOTHING, curves: noCurves(), latest: null, step: 0, status: 'idle' };
    case 'restored':
      return { ...state, ...NOTHING, curves: action.curves, latest: action.latest, frames: action.frames };
    case 'started':
      return { ...state, started: action, settings: action.config, subgroups: [] };
    case 'inspected':
      return {
        ...state,
        inspected: merged(state.inspected, action),
        frames: withInspected(state.frames, action),
      };
    case 'predicted':
      return { ...state, predicted: action };
    case 'subgroups':
      return { ...state, subgroups: action.subgroups };
    case 'opened':
      return { ...state, open: { ...state.open, [action.figure]: action.open } };
    case 'projection': {
      const { projection } = action;
      const { recording } = state;
      if (!recording) return { ...state, projection };
      const frames = projected(recording, projection);
      return { ...state, projection, frames, inspected: frames[frames.length - 1].inspected };
    }
    case 'sweep':
      return { ...state, sweep: action.sweep };
    case 'kept':
      return { ...state, kept: action.kept };
    case 'racing':
      return { ...state, racing: action.racing };
    case 'replay':
      return replay(state, action.recording);
    case 'live':
      return state.live ? { ...state, ...state.live, recording: null, live: null } : state;
    case 'scrub':
      return { ...state, scrub: action.step };
    case 'evaluated':
      return {
        ...state,
        step: action.step,
        latest: action,
        curves: append(state.curves, action),
        frames: withEvaluated(state.frames, action),
      };
    case 'status':
      return { ...state, status: action.status, step: action.step };
    case 'loading':
      return { ...state, loading: action.loading };
    case 'backend':
      return { ...state, backend: { active: action.active, reason: action.reason } };
    case 'notice':
      return { ...state, notices: withNotice(state.notices, action.text, action.action ?? null) };
    case 'dismissed':
      return { ...state, notices: state.notices.filter(({ id }) => id !== action.id) };
    case 'axis':
      return { ...state, logSteps: action.logSteps };
    case 'paced':
      return { ...state, pace: action.pace };
    case 'cursor':
      return { ...state, cursor: action.cursor };
    case 'maskTool':
      return { ...state, maskTool: action.tool, maskArea: null };
    case 'maskArea':
      return { ...state, maskArea: action.area };
    case 'undoable':
      return { ...state, canUndo: action.canUndo };
  }
}

/**
 * A recording takes the place of the run, which waits.
 * @param {State} state @param {import('./recording.js').Recording} recording @returns {State}
 */
function replay(state, recording) {
  const { started, curves } = recording;
  const frames = projected(recording, state.projection);
  const last = frames[frames.length - 1];
  const { settings, step, latest, scrub, inspected, status } = state;
  const own = { started: state.started, curves: state.curves, frames: state.frames };
  const { preset, subgroups } = state;
  return {
    ...state,
    live: state.live ?? { ...own, preset, settings, step, latest, scrub, inspected, status, subgroups },
    recording,
    started,
    curves,
    frames,
    settings: started.config,
    status: 'finished',
    step: last.step,
    latest: last.evaluated,
    inspected: last.inspected,
    scrub: null,
    predicted: null,
    subgroups: [],
  };
}

/** @param {State['notices']} notices @param {string} text @param {string | null} action */
function withNotice(notices, text, action) {
  const others = notices.filter((notice) => notice.text !== text);
  const id = 1 + Math.max(-1, ...notices.map((notice) => notice.id));
  // The newest few; a page is not a log.
  return [...others, { id, text, action }].slice(-4);
}

/**
 * Where the run stands, in words.
 * @param {State} state
 */
export function story({ status, latest, started, loading }) {
  if (!started) return loading ? 'Loading …' : 'Starting …';
  if (!latest || latest.step === 0) {
    return 'Not trained yet: the network guesses.';
  }
  const { memorisedAt, generalisedAt } = latest;
  const end = status === 'finished' && !generalisedAt ? ' The step budget is spent.' : '';
  if (generalisedAt !== null && memorisedAt !== null) {
    const times = memorisedAt > 0 ? generalisedAt / memorisedAt : 0;
    const gap = times >= 1.05 ? `: ${times.toFixed(1)} times later` : ', at the same time';
    return `Memorised at step ${number(memorisedAt)}, generalised at step ` +
      `${number(generalisedAt)}${gap}.`;
  }
  if (memorisedAt !== null) {
    const percent = (100 * latest.heldOutAccuracy).toFixed(0);
    return `Memorised at step ${number(memorisedAt)}. It knows every equation that it was ` +
      `shown, and ${percent} % of those that it was not.${end}`;
  }
  return `It is learning the equations that it is shown: ` +
    `${(100 * latest.trainAccuracy).toFixed(0)} % so far.${end}`;
}

/**
 * What a screen reader is told: only what does not change with every picture.
 * @param {State} state
 */
export function announcement(state) {
  const { status, latest } = state;
  const settled = status !== 'running' || latest?.generalisedAt !== null;
  const news = latest?.memorisedAt && !latest.generalisedAt ? 'The examples are memorised.' : '';
  const run = { running: 'Training.', paused: 'Paused.', finished: 'The run has ended.' };
  const now = run[/** @type {keyof run} */ (status)] ?? '';
  return [now, latest && settled ? story(state) : news].filter(Boolean).join(' ');
}

/** @param {number} n */
const number = (n) => n.toLocaleString('en-US').replaceAll(',', ' ');
