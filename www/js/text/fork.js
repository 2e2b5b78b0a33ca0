// Words for two runs from one moment, and for what makes a network forget.

import { capital } from './captions.js';
import { percent, whole, withUnit } from './numbers.js';
import { findSetting } from '../run/settings.js';
import { afterFork } from '../run/fork.js';

/** @typedef {import('../run/fork.js').Fork} Fork */
/** @typedef {import('../run/fork.js').Ladder} Ladder */
/** @typedef {import('../run/fork.js').Limb} Limb */

const MOST = withUnit(99, '%');

export const LOOK = 'The run above goes on twice from the step that is shown: once as it is, and once with something changed. ' +
  'Both begin with the same weights, each in a worker of its own. The run above stays as it is.';

export const TRY = 'Try one thing';
/** @type {Record<import('../run/fork.js').Experiment, string>} */
export const EXPERIMENTS = {
  decayOff: 'Turn weight decay off now',
  decayOn: 'Turn weight decay on now',
  half: 'Take away half of what it was shown',
  outliers: 'Swap in random answers',
};
/** @param {import('../worker/protocol.js').Settings} changes What an experiment changes. */
export const changesTo = (changes) => Object.entries(changes).map(([id, value]) => said(id, value)).join(', ');

export const CHOOSE = 'Or change what you like';
export const OTHER = 'Another setting';
export const NO_OTHER = 'none';
export const OTHER_VALUE = 'Its value';
export const STEPS = 'Steps after the fork';
/** @param {number} step */
export const fork = (step) => `Fork at step ${whole(step)}`;
export const STARTING = 'Two workers start …';

const ROUNDED = 'A graphics card took some of those steps and the processor takes them all, which rounds differently: small differences can grow.';
/** Of a step that a live run has passed. @param {number} step @param {boolean} rounded */
export const past = (step, rounded) => `The run has gone on since step ${whole(step)}, and its weights of then are not kept: it is trained again ` +
  `to there first, in a worker of its own.${rounded ? ` ${ROUNDED}` : ''}`;
/** Why that cannot be. @param {string} why */
export const refused = (why) => `${capital(why)}.`;
/** @param {import('../run/again.js').Again} again */
export const again = ({ step }) => `Training it again to step ${whole(step)} …`;
export const AGAIN_PROGRESS = 'Steps trained again';

/** What the run has where something else was typed. @param {string} value */
export const runHas = (value) => `the run has ${value || 'none'}`;

export const STOP = 'Stop';
export const ANEW = 'Start again';
export const DROP = 'Throw this fork away';
/** @param {Fork} fork */
export const back = ({ settings, changes }) =>
  (Number(changes.trainFraction) < Number(settings.trainFraction) ? 'Give it back' : 'Change it back');
export const BACK_HOW = 'The changed run then goes on twice: as it is, and as it was before.';

/** @param {string} id @param {string} value */
function said(id, value) {
  if (id === 'outliers') return `${Number(value) === 0 ? 'no' : value} random ${Number(value) === 1 ? 'answer (outlier)' : 'answers (outliers)'}`;
  const label = findSetting(id)?.label ?? id;
  return `${label.charAt(0).toLowerCase()}${label.slice(1)} ${value || 'none'}`;
}

/** The two runs of a fork, by name. @param {Fork} fork */
export const names = ({ changes }) => ['Nothing changed', capital(changesTo(changes))];

/** What is remembered of earlier steps is of another kind where one of these changes. */
const MEMORY = ['optimizer', 'grokfast', 'grokfastWindow', 'decay', 'constantNorm'];
const FORGETS = 'The optimiser of the changed run begins anew there: what it remembers of earlier steps is of another kind.';

/** From a recording. */
export const ANEW_THERE = 'A recording has the weights, and not what the optimiser remembers of earlier steps: the optimiser begins anew.';
const NO_REPEAT = 'So the run with nothing changed does not repeat the recording step by step.';

/** Where a graphics card took the steps before the fork. */
const ROUNDS = 'The processor trained the run again to there, and rounds differently than the graphics card, so it need not be the run above digit by digit.';

/** @param {Fork} fork */
export function status(fork) {
  if (fork.afresh) return `${standsAt(fork)} ${ANEW_THERE} ${NO_REPEAT}`;
  const stands = fork.rounded ? `${standsAt(fork)} ${ROUNDS}` : standsAt(fork);
  return MEMORY.some((id) => id in fork.changes) ? `${stands} ${FORGETS}` : stands;
}

/** @param {Fork} fork */
function standsAt({ status: is, step, steps, again, changes }) {
  const from = again ? `Forked off the changed run at step ${whole(step)}` : `Forked at step ${whole(step)}`;
  switch (is) {
    case 'reaching':
      return `The link forks at step ${whole(step)}, with ${changesTo(changes)}: the run is trained to there first.`;
    case 'running':
      return `${from}. Each run takes ${whole(steps)} steps from there.`;
    case 'stopped':
      return `${from}, and stopped before ${whole(steps)} steps.`;
    case 'done':
      return `${from}. Each run has taken ${whole(steps)} steps from there.`;
  }
}
export const PROGRESS = 'Steps after the fork';

const after = (/** @type {number} */ steps) => `${whole(steps)} ${steps === 1 ? 'step' : 'steps'} after the fork`;

/** Where a run of a fork is, and how long it took. @param {Limb} limb @param {Fork} fork */
export function outcome(limb, { step, status: is }) {
  if (limb.status === 'failed') return `It stopped: ${limb.error}.`;
  const { steps, train, heldOut, had, reached, fell } = afterFork(limb, step);
  const stands = `${steps === 0 ? 'At the fork' : capital(after(steps))}: ${percent(train)} of the ${whole(limb.cells)} cells that it is ` +
    `shown, ${percent(heldOut)} of the others.`;
  if (had) return `${stands} At the fork it had ${MOST} of them or more${fell === null ? '' : `; it fell below that ${after(fell)}`}.`;
  if (reached !== null) return `${stands} It had come to ${MOST} of them ${after(reached)}.`;
  return is === 'running' || steps === 0 ? stands : `${stands} It did not come to ${MOST} of them.`;
}

export const ACCURACY = 'Accuracy from the fork on';
export const LOSS = 'Loss';
export const SHOW_LOSS = 'Show the loss';
export const FORKED = 'fork';
/** @param {string} name Of a run. */
export const ofHeldOut = (name) => `${name}, held out`;
/** @param {string} name Of a run. */
export const ofTrain = (name) => `${name}, shown`;
export const LINES = 'Thick is what is held out, thin what is shown; grey is the run before the fork. Held out is ' +
  'whatever a run is not shown now, also cells that it was shown before the fork.';

export const RECORDED = 'Here the recording keeps which answers were right, and no weights to go on from.';
export const RUN_LIVE = 'Train this run here';
export const WAITING = 'A run can be forked once it is there.';
/** @param {import('../run/wanted.js').Wanted} wanted */
export const linked = ({ step, changes }) => `The link forks the run at step ${whole(step)}, with ${changesTo(changes)}.`;
/** @param {number} step */
export const reach = (step) => `Train to step ${whole(step)} and fork`;
/** Of a step that has passed. @param {number} step */
export const reachAgain = (step) => `Train it again to step ${whole(step)} and fork`;
export const AFRESH = 'Begin the run anew and fork it there';

export const LADDER = 'Less and less, and back again';
export const LADDER_LOOK = 'The network that is seen above is shown a smaller share of the table, then a smaller one still, and ' +
  'then the same shares upwards. Where the two ways differ, what it gets right depends on where it comes from and on the steps ' +
  'that it has had, and not only on what it is shown now.';
export const RUNGS = 'Rungs down';
export const RUNG_STEPS = 'Steps on each rung';
export const CLIMB = 'Go down and up';
export const DROP_LADDER = 'Throw it away';
export const LADDER_CHART = 'Held-out accuracy over the share of the table that it is shown';
export const AXES = 'Across: the share of the table that it is shown. Up: how much of the rest it gets right.';
export const DOWN = 'shown less';
export const UP = 'shown more again';
export const COLUMNS = ['Cells shown', 'down', 'up'];
export const BY_HAND = 'What is held out was chosen by hand: there is no share to make smaller.';
export const ELSEWHERE = 'The ladder of the live run is still under way: it ends, or is stopped, before another begins.';
export const LADDER_PROGRESS = 'Rungs done';

/** @param {Ladder} ladder */
export function ladderStatus({ step, steps, shares, rungs, status: is }) {
  const left = `From step ${whole(step)}, ${whole(steps)} steps on each rung`;
  if (is === 'done') return `${left}: down and up again.`;
  const at = Math.min(Math.max(rungs.length - 1, 0), shares.length);
  return `${left}: rung ${at} of ${shares.length}${is === 'stopped' ? ', stopped' : ''}.`;
}

/** @param {number} cells @param {number} share */
export const cells = (cells, share) => `${whole(cells)} (${percent(share)})`;

/**
 * Where the ways differ most, once both are gone. At the lowest rung they meet.
 * @param {{ cells: number, down: number, up: number }[]} both
 */
export function widest(both) {
  const lowest = Math.min(...both.map(({ cells: shown }) => shown));
  const apart = (/** @type {typeof both[number]} */ { down, up }) => Math.abs(up - down);
  const [most] = both.filter(({ cells: shown }) => shown > lowest).sort((a, b) => apart(b) - apart(a));
  if (!most) return '';
  if (apart(most) < 0.01) return 'The two ways do not differ by as much as one percent.';
  return `The two ways differ most at ${whole(most.cells)} cells: it gets ${percent(most.down)} of the others going down, and ${percent(most.up)} ` +
    'coming up.';
}

/** @param {boolean} outliers Whether some answers are wrong on purpose. */
export const nested = (outliers) => 'The seed puts the cells in one order and a share is the front of it, so a smaller share is ' +
  'part of a larger one, and what is given back is what was taken away. The rest of the table counts as held out, on both ways ' +
  'also cells that it was shown before. A rung ends after its steps, whether or not accuracy has come to rest.' +
  `${outliers ? ' Which cells have random answers is drawn anew for each share.' : ''}`;
