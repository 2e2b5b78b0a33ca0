// Two runs from one moment: what a fork changes, what can be tried with one click, and the shares of a ladder
// down and up again.

import { noCurves } from './curves.js';
import { noSuch, short } from './named.js';
import { Refused } from './refused.js';
import { check, checkTogether, findPreset, findSetting, matters, refusal } from './settings.js';
import { OTHERS, STEP_MAX, USUAL } from './wanted.js';

/** @typedef {import('../worker/protocol.js').Settings} Settings */
/** @typedef {import('./curves.js').Curves} Curves */

/**
 * A run of a fork: one that is trained beside the page's own, and the cells that it is trained on.
 * @typedef {import('../lab/pool.js').Job & { cells: number, curves: Curves }} Limb
 */

/**
 * @typedef {object} Fork
 * @property {number} step Where it forks off.
 * @property {Settings} settings Of the run that it leaves.
 * @property {Settings} changes What the second has otherwise.
 * @property {number} steps That each takes after the fork.
 * @property {Curves} past Of the run until the fork.
 * @property {boolean} again Whether it forks off the second run of another fork.
 * @property {object | null} of The recording that it leaves; null of the live run.
 * @property {boolean} afresh Whether the optimiser begins anew in both, as from a recording.
 * @property {boolean} rounded Whether a graphics card took steps before it, which a processor took again.
 * @property {Limb[]} limbs With nothing changed, and with the changes; none while the run comes to its step.
 * @property {'reaching' | 'running' | 'stopped' | 'done'} status
 */

/**
 * @typedef {{ share: number, cells: number, heldOut: number, train: number }} Rung How much it was trained on,
 *   and what came of it.
 * @typedef {object} Ladder
 * @property {object | null} of The recording that it leaves; null of the live run.
 * @property {number} step Where it leaves the run.
 * @property {number} steps Of each rung.
 * @property {string[]} shares Of the rungs that are trained, the run's own the last.
 * @property {Rung[]} rungs The run's own, then those that were trained; the last may be under way.
 * @property {'running' | 'stopped' | 'done'} status
 */

/** Whether a ladder goes on that left another run than the one that is shown. @param {Ladder | null} ladder @param {import('./run.js').Run} run */
export const isElsewhere = (ladder, run) => ladder?.status === 'running' && ladder.of !== run.recording;

/** What of some changes is one. @param {Settings} settings @param {Settings} changes */
export const differing = (settings, changes) =>
  Object.fromEntries(Object.entries(changes).filter(([id, value]) => settings[id] !== value));

/**
 * The settings with changes. Throws a sentence if a value is not allowed, or nothing changes.
 * @param {Settings} settings @param {Settings} changes @returns {Settings}
 */
export function changed(settings, changes) {
  /** @type {Settings} */
  const read = {};
  for (const [id, text] of Object.entries(changes)) {
    const setting = findSetting(id);
    if (!setting) throw new Refused(noSuch('setting', id, [...USUAL, ...OTHERS]));
    const { value, problem } = check(setting, text);
    if (problem || value === null) throw new Refused(refusal(setting, text));
    read[id] = value;
  }
  if (Object.keys(differing(settings, read)).length === 0) {
    throw new Refused('nothing is changed: both runs would be the same');
  }
  const next = { ...settings, ...read };
  for (const id of Object.keys(read)) {
    const why = idleWhy(id, next);
    if (why) throw new Refused(`\`${id}\` changes nothing here: ${why}`);
  }
  const conflict = checkTogether(next);
  if (conflict) throw new Refused(conflict);
  return next;
}

/** Why a setting does nothing in a fork with such settings; null if it does something. @param {string} id @param {Settings} settings */
export function idleWhy(id, settings) {
  const { anneal, optimizer, grokfast } = settings;
  if (id === 'initializer' || id === 'initScale') return 'a fork begins with the weights that are there';
  if (id === 'stop') return 'a fork takes the steps that it is given';
  if (id === 'budget' && anneal !== 'cosine') return `\`anneal\` is \`${anneal}\``;
  if (matters(id, settings)) return null;
  if (id === 'trainFraction') return 'what is held out was chosen by hand';
  if (id.startsWith('grokfast')) return `\`grokfast\` is \`${grokfast}\``;
  return id === 'modulus' ? 'the operation has none' : `\`optimizer\` is \`${optimizer}\``;
}

/** How many steps show what a change does, unless a reader says so. @param {number} step Of the fork. */
export const usualSteps = (step) => Math.min(Math.max(2_000, 2 * step), STEP_MAX);

/** Steps that were typed. Throws a sentence if they are none. @param {string} text */
export function readSteps(text) {
  const steps = Number(text);
  if (text.trim() !== '' && Number.isInteger(steps) && steps >= 1 && steps <= STEP_MAX) return steps;
  throw new Refused(`the steps cannot be \`${short(text)}\`: allowed is a whole number from 1 to ${STEP_MAX}`, 'argument');
}

/** A share as it would be typed. @param {number} share */
const typed = (share) => String(Number(share.toFixed(4)));
const SHARE_MIN = findSetting('trainFraction')?.min ?? 0;

/** @typedef {'decayOff' | 'decayOn' | 'half' | 'outliers'} Experiment */

/**
 * What can be tried with one click: the changes of each, or null where it makes no sense.
 * @param {{ preset: string, settings: Settings, started: { train: number } | null }} run
 * @returns {Record<Experiment, Settings | null>}
 */
export function experiments({ preset, settings, started }) {
  const { optimizer, weightDecay, muonDecay, trainFraction, heldOut, outliers } = settings;
  const decays = matters('weightDecay', settings) && Number(weightDecay) > 0;
  const muon = optimizer === 'muon';
  const usual = findPreset(preset)?.settings ?? {};
  const positive = (/** @type {string[]} */ ...texts) => texts.find((text) => Number(text) > 0) ?? '1';
  const off = { weightDecay: '0', ...(muon ? { muonDecay: '0' } : {}) };
  const on = {
    weightDecay: positive(weightDecay, usual.weightDecay),
    ...(optimizer === 'adam' ? { optimizer: 'adamw' } : {}),
    ...(muon ? { muonDecay: positive(muonDecay, usual.muonDecay) } : {}),
  };
  const isOff = !decays && !(muon && Number(muonDecay) > 0);
  const half = Number(trainFraction) / 2;
  const train = started?.train ?? 0;
  const swapped = Number(outliers) + Math.max(1, Math.round(train / 10));
  return {
    decayOff: isOff ? null : differing(settings, off),
    decayOn: isOff ? differing(settings, on) : null,
    half: heldOut || half < SHARE_MIN ? null : { trainFraction: typed(half) },
    outliers: train > 0 && swapped <= train ? { outliers: String(swapped) } : null,
  };
}

/** Rungs that a ladder may have on its way down. */
export const RUNGS_MAX = 6;

/**
 * The shares of a ladder after the run's own: down in equal steps, and up again to where it began.
 * @param {string} share @param {number} rungs On the way down. @returns {string[]}
 */
export function ladder(share, rungs) {
  const down = Array.from({ length: rungs }, (_, at) => typed(Number(share) * (1 - (at + 1) / (rungs + 1))));
  if (Number(down[rungs - 1]) < SHARE_MIN) {
    throw new Refused(`the lowest rung would be a share of ${down[rungs - 1]}: allowed is ${SHARE_MIN} or more`, 'argument');
  }
  return [...down, ...down.slice(0, -1).reverse(), share];
}

/** A number of rungs that was typed. @param {string} text */
export function readRungs(text) {
  const rungs = Number(text);
  if (text.trim() !== '' && Number.isInteger(rungs) && rungs >= 1 && rungs <= RUNGS_MAX) return rungs;
  throw new Refused(`the rungs cannot be \`${short(text)}\`: allowed is a whole number from 1 to ${RUNGS_MAX}`, 'argument');
}

/** A ladder as two lines that meet at its lowest rung. @param {Ladder} ladder */
export function ways({ shares, rungs }) {
  const lowest = shares.length / 2;
  return { down: rungs.slice(0, lowest + 1), up: rungs.slice(lowest) };
}

/** A curve until a step. @param {Curves} curves @param {number} step @returns {Curves} */
export function upTo(curves, step) {
  const keep = curves.step.filter((at) => at <= step).length;
  return mapped((key) => curves[key].slice(0, keep));
}

/** A curve that goes on as another. @param {Curves} before @param {Curves} after @returns {Curves} */
export function joined(before, after) {
  const past = upTo(before, (after.step[0] ?? Infinity) - 1);
  return mapped((key) => [...past[key], ...after[key]]);
}

/** @param {(key: keyof Curves) => number[]} column @returns {Curves} */
const mapped = (column) => /** @type {Curves} */ (
  Object.fromEntries(Object.keys(noCurves()).map((key) => [key, column(/** @type {keyof Curves} */ (key))])));

/** What counts as knowing the rule, as in the worker. */
export const THRESHOLD = 0.99;

/**
 * How a run of a fork stands, in steps after the fork.
 * @param {Limb} limb @param {number} step Of the fork.
 */
export function afterFork({ curves, generalisedAt, step: now }, step) {
  const at = curves.step.length - 1;
  const had = generalisedAt === step;
  const fell = had ? curves.heldOutAccuracy.findIndex((share) => share < THRESHOLD) : -1;
  return {
    steps: now - step,
    train: curves.trainAccuracy[at] ?? 0,
    heldOut: curves.heldOutAccuracy[at] ?? 0,
    had,
    reached: generalisedAt === null || had ? null : generalisedAt - step,
    fell: fell < 0 ? null : curves.step[fell] - step,
  };
}
