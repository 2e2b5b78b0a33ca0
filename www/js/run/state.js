// Everything the page shows, and how it follows from what happens.

import { projectionOf } from './projection.js';
import { follow, newRun, nextRun, project, recorded } from './run.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./run.js').Choice} Choice */

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Action} Action */

/**
 * @typedef {{ get: () => State, dispatch: (action: Action) => void,
 *   on: (listener: (state: State, action: Action, before: State) => void) => () => void }} Store
 */

/** More notices would be a log. */
const NOTICES_MAX = 4;

/**
 * @param {import('./url.js').Link} link
 * @param {{ opening?: string | null, reducedMotion?: boolean }} [options] @returns {State}
 */
export function initialState({ preset, settings, page, problems }, options = {}) {
  return {
    run: newRun({ preset, settings }),
    live: null,
    page,
    opening: options.opening ?? null,
    canUndo: false,
    pausing: false,
    resting: false,
    keeping: false,
    backend: { active: null, reason: '' },
    helpers: 0,
    loading: null,
    notices: problems.map((text, id) => ({ id, text, action: null })),
    logSteps: false,
    pace: null,
    cursor: null,
    maskTool: null,
    maskArea: null,
    open: null,
    projection: null,
    look: { layer: 0, neuron: null },
    sweep: null,
    kept: [],
    racing: false,
    fork: null,
    ladder: null,
    precision: null,
    playing: false,
    speed: null,
    reducedMotion: options.reducedMotion ?? false,
    sharing: null,
  };
}

/** The run of the worker, whether it is shown or waits. @param {State} state */
export const liveRun = ({ run, live }) => live ?? run;

/** @param {State} state @param {Action} action @returns {State} */
export function reduce(state, action) {
  switch (action.type) {
    case 'started':
    case 'evaluated':
    case 'status':
    case 'configured':
    case 'inspected':
    case 'predicted':
    case 'ablated':
      return withLive(state, follow(liveRun(state), action));
    case 'missed':
      return { ...state, run: follow(state.run, action) };
    case 'lookedInto':
      return { ...state, run: action.run };
    case 'chosen':
      return withLive(state, { ...liveRun(state), preset: action.preset, settings: action.settings });
    case 'begun':
      return shown(alone(state), nextRun(liveRun(state), action));
    case 'restored':
      // Aside, it waits while a recording is shown.
      if (action.aside) return { ...state, live: action.run };
      // In place of another run; what was kept of the link's own comes back before there is one.
      return shown(liveRun(state).started ? alone(state) : state, action.run);
    case 'live':
      return state.live ? shown(state, state.live) : state;
    case 'replay': {
      const live = liveRun(state);
      const { recording, file, own, name = null } = action;
      const run = recorded(recording, live.preset, projectionOf(state.projection, recording.started), { file, own, name });
      return { ...shown(state, run), live };
    }
    case 'subgroups':
      return { ...state, run: { ...state.run, subgroups: action.subgroups } };
    case 'scrub':
      return { ...state, playing: false, run: { ...state.run, scrub: action.step } };
    case 'playing':
      return state.playing === action.playing ? state : { ...state, playing: action.playing };
    case 'moved':
      if (!state.playing || (action.step !== null && action.step === state.run.scrub)) return state;
      return { ...state, playing: action.step !== null, run: { ...state.run, scrub: action.step } };
    case 'open':
      return state.open === action.figure ? state : { ...state, open: action.figure };
    case 'present':
      return { ...state, page: { ...state.page, present: action.present } };
    case 'cut':
      return { ...state, page: { ...state.page, cut: action.cut } };
    case 'projection':
      return { ...state, projection: action.projection, run: project(state.run, action.projection) };
    case 'look':
      return { ...state, look: action.look };
    case 'sweep':
      return { ...state, sweep: action.sweep };
    case 'kept':
      return { ...state, kept: action.kept };
    case 'racing':
      return { ...state, racing: action.racing };
    case 'fork': {
      // A fork goes on without a word about its link.
      const { fork, link = state.page.fork } = action;
      return { ...state, fork, page: link === state.page.fork ? state.page : { ...state.page, fork: link } };
    }
    case 'ladder':
      return { ...state, ladder: action.ladder };
    case 'marked':
      return withLive(state, { ...liveRun(state), ...action.marks });
    case 'precision':
      return { ...state, precision: action.precision };
    case 'loading':
      return state.loading === action.loading ? state : { ...state, loading: action.loading };
    case 'backend':
      return { ...state, backend: { active: action.active, reason: action.reason } };
    case 'helped':
      return { ...state, helpers: action.helpers };
    case 'speed':
      // The first stays: a time that changes under the eye says less than one that is a little off.
      return state.speed ? state : { ...state, speed: { gflops: action.gflops } };
    case 'reducedMotion':
      return { ...state, reducedMotion: action.reducedMotion };
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
    case 'sharing':
      return { ...state, sharing: action.sharing };
    case 'undoable':
      return { ...state, canUndo: action.canUndo };
    case 'pausing':
      // Whoever pauses wants it to stay so, seen or not.
      return { ...state, pausing: action.pausing, resting: state.resting && !action.pausing };
    case 'resting':
      return { ...state, resting: action.resting };
    case 'keeping':
      return { ...state, keeping: action.keeping };
  }
}

/** @param {State} state @param {Run} run @returns {State} */
const withLive = (state, run) => (state.live ? { ...state, live: run } : { ...state, run });

/**
 * Without what left the live run, or would as its link says: none of it is of the next.
 * @param {State} state @returns {State}
 */
const alone = (state) =>
  ({ ...state, fork: null, ladder: null, page: state.page.fork ? { ...state.page, fork: null } : state.page });

/**
 * Calls when a fork or a ladder goes, or the run that it would leave.
 * @param {Store} store @param {'fork' | 'ladder'} what @param {() => void} act @returns {() => void} Ends it.
 */
export const onLeft = ({ on }, what, act) =>
  on((state, { type }, before) => {
    const gone = !state[what] && (before[what] || state.run.recording !== before.run.recording);
    if (type === 'begun' || type === 'restored' || gone) act();
  });

/** Another run on the page; what left a recording goes with it. @param {State} state @param {Run} run @returns {State} */
const shown = (state, run) => {
  const [fork, ladder] = [state.fork?.of ? null : state.fork, state.ladder?.of ? null : state.ladder];
  return { ...state, run, live: null, playing: false, fork, ladder };
};

/** @param {State['notices']} notices @param {string} text @param {string | null} action */
function withNotice(notices, text, action) {
  const others = notices.filter((notice) => notice.text !== text);
  const id = 1 + Math.max(-1, ...notices.map((notice) => notice.id));
  return [...others, { id, text, action }].slice(-NOTICES_MAX);
}
