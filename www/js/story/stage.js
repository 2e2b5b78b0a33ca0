// What a chapter can do with the demo. Training is waited for no longer than a reader would.

import { isSame } from '../run/choice.js';
import { findPreset } from '../run/settings.js';
import { liveRun } from '../run/state.js';
import { beats, emptiest, waitEnd } from '../run/timeline.js';

/** @typedef {import('../run/state.js').State} State */
/** @typedef {import('../text/story.js').Note} Note */
/** @typedef {import('./chapters.js').Trial} Trial */
/** `alone` is where it knows its own cells and fewest others, `waited` the end of the wait. @typedef {'start' | 'memorised' | 'alone' | 'waited' | 'end'} Moment */
/** @typedef {ReturnType<typeof createStage>} Stage */

/** What a reader waits for training. */
export const LIMIT_SECONDS = 20;
/** The preset of the runs that train. */
const PRESET = 'clock';

/**
 * Arithmetic of a trial: a step takes the cells that are shown.
 * @param {Trial} trial
 */
export function gflopOf({ settings, steps }) {
  const preset = findPreset(PRESET);
  if (!preset) return 0;
  const share = Number(settings.trainFraction ?? preset.settings.trainFraction) / Number(preset.settings.trainFraction);
  return (preset.gflop / preset.steps) * steps * share;
}

/**
 * @param {Pick<import('../demo.js').Demo, 'store' | 'actions' | 'trainsOn'>} demo
 * @param {() => void} changed The note is another.
 */
export function createStage({ store, actions, trainsOn }, changed) {
  /** @type {Note | null} */
  let note = null;
  /** What is set up; whatever was waited for before that is not waited for any more. */
  let turn = 0;
  /** Ends that turn: what still loads for an older one is dropped. */
  let ending = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** Until where it plays. @type {number | null} */
  let until = null;
  /** What the story trained last. @type {import('../run/run.js').Choice | null} */
  let own = null;
  /** Whether a run of the reader waits until the story ends. */
  let aside = false;
  /** Whether what is shown is still of before what begins. */
  let early = false;
  /** What begins, and whether a run of the reader makes room for it. @type {{ done: Promise<void>, takes: boolean } | null} */
  let beginning = null;

  const say = (/** @type {Note | null} */ next) => {
    note = next;
    changed();
  };
  /** Something else begins. */
  function next() {
    clearTimeout(timer);
    until = null;
    early = false;
    turn += 1;
    ending.abort();
    ending = new AbortController();
    return turn;
  }
  const stop = store.on((state, action) => {
    const { run } = state;
    // What somebody else begins or brings back is what the reader has then.
    if (action.type === 'begun') {
      aside = beginning !== null && (aside || beginning.takes);
      if (beginning) own = { preset: action.preset, settings: action.settings };
      early = false;
    }
    if (action.type === 'restored' && !action.aside) aside = false;
    if (until !== null && action.type === 'moved' && (run.scrub === null || run.scrub >= until)) {
      const at = until;
      until = null;
      actions.stop();
      show(at);
    }
    if (!early && (note?.kind === 'training' || note?.kind === 'on') && !run.recording && run.status === 'finished') {
      clearTimeout(timer);
      say({ kind: 'trained' });
    }
  });

  const lastOf = () => store.get().run.frames.at(-1)?.step ?? 0;
  const show = (/** @type {number} */ step) => actions.scrub(step >= lastOf() ? null : step);
  /** @param {Moment} moment */
  function stepOf(moment) {
    const { run } = store.get();
    if (moment === 'start') return 0;
    if (moment === 'memorised') return beats(run).memorised ?? lastOf();
    if (moment === 'alone') return emptiest(run);
    return moment === 'waited' ? waitEnd(run) : lastOf();
  }

  /** @param {string} file @param {Note} why @param {number} mine @returns {Promise<boolean>} Whether it is shown. */
  async function load(file, why, mine) {
    const isShown = () => store.get().run.recording?.file === file;
    /** @type {Note} */
    let missing = { kind: 'missing' };
    if (!isShown()) {
      await actions.tell(file, ending.signal).catch((/** @type {Error} */ { message }) => {
        missing = { kind: 'missing', why: message };
      });
    }
    if (mine !== turn) return false;
    early = false;
    actions.stop();
    say(isShown() ? why : missing);
    return isShown();
  }

  /** Whether there are steps that a reader trained. @param {State} state */
  function readers(state) {
    const live = liveRun(state);
    return live.step > 0 && live.status !== 'failed' && !(own && isSame(live, own));
  }

  /** The run of the reader waits while others take its place. @param {Record<string, unknown>} config */
  async function configure(config) {
    const mine = { done: Promise.resolve(), takes: readers(store.get()) };
    beginning = mine;
    mine.done = actions.configure(config, !aside);
    await mine.done;
    if (beginning === mine) beginning = null;
  }

  /** Trains a run from its beginning. @param {Record<string, unknown>} settings @param {Trial | null} trial Its recording, if there is one. */
  async function begin(settings, trial) {
    const mine = next();
    const instead = async (/** @type {Note} */ why) => {
      if (trial && await load(trial.file, why, mine)) stage.play('start', 'end');
    };
    const { speed } = store.get();
    const seconds = trial && speed ? gflopOf(trial) / speed.gflops : 0;
    if (seconds > LIMIT_SECONDS) {
      await instead({ kind: 'slow', seconds });
      return;
    }
    early = true;
    say({ kind: 'training' });
    timer = setTimeout(() => {
      if (mine !== turn || store.get().run.latest?.generalisedAt) return;
      const limit = { seconds: LIMIT_SECONDS };
      if (trial) instead({ kind: 'over', ...limit });
      else say({ kind: 'on', ...limit });
    }, 1000 * LIMIT_SECONDS);
    // By then what was kept of a run is there.
    await trainsOn();
    if (mine !== turn) return;
    await configure({ preset: PRESET, ...settings });
    if (mine !== turn) return;
    await actions.run();
    if (mine !== turn) return;
    const { preset, settings: trained } = liveRun(store.get());
    own = { preset, settings: trained };
    if (!['running', 'finished'].includes(store.get().run.status)) {
      clearTimeout(timer);
      await instead({ kind: 'failed' });
    }
  }

  const stage = {
    /** Where what is shown comes from. */
    get note() {
      return note;
    },
    /** Whether what is shown is none of the chapter's. */
    get early() {
      return early;
    },
    /** A recording, at its beginning. @param {string} file @returns {Promise<boolean>} Whether it is shown. */
    replay: (file) => load(file, { kind: 'recorded' }, next()),
    /** @param {Moment} moment */
    at(moment) {
      until = null;
      actions.stop();
      show(stepOf(moment));
    },
    /** Lets time move; who wants no motion sees where it ends. @param {Moment} from @param {Moment} to */
    play(from, to) {
      stage.at(store.get().reducedMotion ? to : from);
      if (store.get().reducedMotion) return;
      if (from === 'start') show(0);
      until = stepOf(to);
      actions.play();
    },
    /** @param {(p: number) => { x: number, y: number }} where In a table of so many symbols. */
    cell(where) {
      const { started } = store.get().run;
      if (started) actions.cursor(where(started.symbols.length));
    },
    /** @param {Trial} trial */
    train: (trial) => begin(trial.settings, trial),
    newSeed: () => begin({ seed: crypto.getRandomValues(new Uint16Array(1))[0] }, null),
    leave: () => actions.open(null),
    /** The run of the reader comes back, if one waits and no other chapter has begun. */
    async giveBack() {
      const mine = turn;
      await beginning?.done;
      if (mine !== turn || !aside) return;
      aside = false;
      own = null;
      if (store.get().canUndo) await actions.undo();
    },
    end() {
      next();
      note = null;
      actions.cursor(null);
    },
    destroy() {
      next();
      stop();
    },
  };
  return stage;
}
