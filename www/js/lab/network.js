// The network of a recording that has weights, in a worker of its own: it stands at a step and answers what figures ask.

import { guarded } from './guarded.js';
import { lookedInto, standsAt, stepsOf } from '../run/network.js';
import { programOf } from '../run/settings.js';
import { Refused } from '../run/refused.js';
import { UNWATCHED } from '../run/watch.js';
import { filesOf } from '../run/weights.js';
import { Handle } from '../worker/handle.js';
import { decode } from '../worker/safetensors.js';

/** @typedef {import('../run/run.js').Run} Run */
/** @typedef {import('../worker/protocol.js').Watch} Watch */
/** @typedef {import('../worker/protocol.js').Started} Started */
/** @typedef {import('../worker/protocol.js').Snapshot} Snapshot */
/** @typedef {import('../worker/protocol.js').WorkerMessage} WorkerMessage */

/** Codes of what is wrong with a worker, and not with what it was asked: another may do it. */
const BROKEN = new Set(['lost', 'crash', 'device']);
/** What a reader does to be shown something: then a worker that stopped is missed. */
const ASKS = new Set(['scrub', 'open', 'look', 'cut']);
/** Steps that were taken elsewhere say nothing of what was passed here. */
const HISTORY = { memorised_at: null, generalised_at: null, went_on: false, first_right: [] };

/** The networks of one recording. */
class Standing {
  /**
   * @param {Run} run @param {(message: WorkerMessage) => void} onMessage What its weights show.
   * @param {(why: string) => void} onStop Its worker answers no more.
   */
  constructor({ recording, settings, started }, onMessage, onStop) {
    this.recording = recording;
    this.config = { preset: null, settings };
    this.onMessage = onMessage;
    this.onStop = onStop;
    /** Whose weights it has, or is given. @type {number | null} */
    this.step = null;
    /** What its settings make. @type {Started | null} */
    this.made = null;
    this.handle = new Handle({ backend: 'cpu', program: programOf(settings) }, (message) => this.hear(message));
    // Its core is its own; helpers are those of the page's run.
    this.handle.allow(0);
    this.tensors = this.begin(started);
    this.files = recording?.weights ? filesOf(recording.weights) : Promise.resolve(new Map());
    // Whoever asks for a step hears of it.
    for (const part of [this.tensors, this.files]) part.catch(() => {});
  }

  /** A network of the recording's settings, and what its parameters are called. @param {Started | null} recorded */
  async begin(recorded) {
    await this.handle.ready;
    await this.handle.send({ type: 'start', config: this.config, resume: null });
    const same = (/** @type {'answer' | 'heldOut'} */ key) => String(this.made?.[key]) === String(recorded?.[key]);
    if (!same('answer') || !same('heldOut')) throw new Refused('this page makes another table or split of its settings', 'weights');
    return (await this.handle.export()).tensors;
  }

  /** The parameters at a step. @param {number} step */
  async parameters(step) {
    const [tensors, files] = await Promise.all([this.tensors, this.files]);
    return decode(files.get(step), tensors);
  }

  /** Goes to a step that has weights. @param {number} step */
  async go(step) {
    if (this.step === step) return;
    const parameters = await this.parameters(step);
    this.step = step;
    try {
      await this.handle.send({ type: 'start', config: this.config, resume: { step, history: HISTORY }, from: this.config }, parameters);
    } catch (error) {
      this.step = null;
      throw error;
    }
  }

  /** @param {WorkerMessage} message */
  hear(message) {
    if (message.type === 'started') this.made = message;
    else if (message.type === 'crashed') this.onStop(message.message);
    else if (this.step !== null) this.onMessage(message);
  }
}

/**
 * @param {Pick<ReturnType<typeof import('../run/store.js').createStore<import('../run/state.js').State,
 *   import('../run/state.js').Action>>, 'get' | 'dispatch' | 'on'>} store
 * @param {() => Watch} watch What is looked at.
 */
export function createNetwork(store, watch) {
  /** @type {Standing | null} */
  let standing = null;
  /** What was looked at last. */
  let looked = '';
  let waiting = false;
  /** One thing at a time. @type {Promise<unknown>} */
  let turn = Promise.resolve();
  const inTurn = /** @type {<T>(act: () => Promise<T>) => Promise<T>} */ ((act) => {
    const done = turn.then(act);
    turn = done.catch(() => {});
    return done;
  });

  function end() {
    standing?.handle.terminate();
    standing = null;
    looked = '';
  }

  /** Said where a reader looks; whoever asks next has another worker. @param {Standing} at @param {string} why */
  function stopped(at, why) {
    // One of another recording was ended.
    if (standing !== at) return;
    end();
    show(at.recording, (shown) => ({ ...shown, stopped: why }));
  }

  /** What comes after another run is shown is of no use. @param {Run['recording']} recording @param {(run: Run) => Run} change */
  function show(recording, change) {
    const { run } = store.get();
    if (run.recording === recording) store.dispatch({ type: 'lookedInto', run: change(run) });
  }

  /** That of the run that is shown. @param {Run} run */
  function of(run) {
    if (standing && standing.recording === run.recording && !standing.handle.lost) return standing;
    end();
    const { recording } = run;
    const at = new Standing(run, (message) => {
      if (['evaluated', 'inspected', 'predicted', 'ablated'].includes(message.type)) {
        show(recording, (shown) => lookedInto(shown, /** @type {any} */ (message)));
      }
    }, (why) => stopped(at, why));
    standing = at;
    if (run.stopped) show(recording, (shown) => ({ ...shown, stopped: '' }));
    return at;
  }

  /** The run that is shown, and the step of its weights. */
  function here() {
    const { run } = store.get();
    const step = standsAt(run);
    if (!run.recording?.weights) throw new Refused('this recording has no weights, and so no network to ask', 'command');
    if (step === null) throw new Refused(`this recording has its network from step ${stepsOf(run)[0]} on`, 'command');
    if (step in run.faults) throw new Refused(run.faults[step], 'weights');
    return { run, step };
  }

  /** Asks for something of the step that is shown. @template T @param {(at: Standing, step: number) => Promise<T>} act */
  async function asked(act) {
    const { run, step } = here();
    const at = of(run);
    try {
      return await guarded(at.handle, () => act(at, step));
    } catch (error) {
      const { code, message } = /** @type {Refused} */ (error);
      if (BROKEN.has(code)) stopped(at, message);
      throw error;
    }
  }

  /** Sends a command to the network at the step that is shown. @param {import('../worker/protocol.js').Command} command */
  const send = (command) => asked(async (at, step) => {
    // What was looked at at another step may not have been told yet, and is then told no more.
    if (at.step !== step) looked = '';
    try {
      await at.go(step);
    } catch (error) {
      const { code, message } = /** @type {Refused} */ (error);
      if (!BROKEN.has(code)) show(at.recording, (shown) => ({ ...shown, faults: { ...shown.faults, [step]: message } }));
      throw error;
    }
    return at.handle.send(command);
  });

  /** What there is to look at that was not, as words. */
  function wanted() {
    const { run } = store.get();
    const step = standsAt(run);
    if (!run.recording || run.stopped || step === null || step in run.faults) return '';
    const { inside, parts, clock } = watch();
    const words = JSON.stringify([step, inside, parts, clock]);
    const isNews = words !== looked || standing?.recording !== run.recording;
    return (inside || parts || clock) && isNews ? words : '';
  }

  function look() {
    if (standing && standing.recording !== store.get().run.recording) end();
    if (waiting || !wanted()) return;
    waiting = true;
    inTurn(async () => {
      waiting = false;
      const words = wanted();
      if (!words) return;
      const { inside, parts, clock } = watch();
      await send({ type: 'watch', watch: { ...UNWATCHED, inside, parts, clock } });
      looked = words;
    // What is wrong with weights or a worker is said where they are missed.
    }).catch(() => {});
  }
  store.on(({ run }, { type }) => {
    if (run.stopped && ASKS.has(type)) show(run.recording, (shown) => ({ ...shown, stopped: '' }));
    look();
  });
  look();

  return {
    /** What the network says at the step that is shown comes as an event. @param {import('../worker/protocol.js').Command} command */
    ask: (command) => inTurn(() => send(command)),
    /** The weights at the step that is shown, as a file. */
    async file() {
      const { run, step } = here();
      const files = await filesOf(/** @type {import('../run/weights.js').Weights} */ (run.recording?.weights));
      return /** @type {Uint8Array<ArrayBuffer>} */ (files.get(step));
    },
    /** Where a fork leaves it: without moments of the optimiser, which are not in a recording. @returns {Promise<Snapshot>} */
    snapshot: () => inTurn(() => asked(async (at, step) =>
      ({ type: 'snapshot', step, history: HISTORY, values: await at.parameters(step) }))),
    stop: end,
  };
}
