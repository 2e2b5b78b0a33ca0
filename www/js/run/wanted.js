// What a link says of a fork: a step, and what one of the two runs has otherwise from there on.

import { noSuch, short } from './named.js';
import { SETTINGS, check, findSetting, refusal } from './settings.js';

/** @typedef {import('../worker/protocol.js').Settings} Settings */
/** What a link asks for. @typedef {{ step: number, changes: Settings }} Wanted */

export const STEP_MAX = findSetting('budget')?.max ?? Infinity;
/** Texts: their signs are those that separate the parts of a link. */
const TEXTS = ['formula', 'table', 'heldOut'];
const SAID = '`fork`';
const LIKE = 'allowed is a step and what changes there, such as 1000:weightDecay=0,learningRate=0.001';

/** What is offered first. */
export const USUAL = ['weightDecay', 'learningRate', 'optimizer', 'trainFraction', 'outliers', 'loss'];
/** Never do anything in a fork, which has its weights and its steps. */
const IDLE = ['initializer', 'initScale', 'stop'];
/** The others: most of them need another network, which a worker refuses. */
export const OTHERS = SETTINGS.map(({ id }) => id).filter((id) => ![...USUAL, ...TEXTS, ...IDLE].includes(id));

/**
 * Reads what a link says under `fork`. Whatever is wrong with it becomes a sentence in `problems`.
 * @param {string | null} text @param {string[]} problems @returns {Wanted | null}
 */
export function readFork(text, problems) {
  if (text === null) return null;
  const [, digits = '', list = ''] = /^(\d+):(.+)$/s.exec(text) ?? [];
  const step = Number(digits);
  if (!list || step > STEP_MAX) {
    problems.push(`${SAID} cannot be \`${short(text)}\`: ${list ? `allowed is a step up to ${STEP_MAX}` : LIKE}`);
    return null;
  }
  /** @type {Settings} */
  const changes = {};
  const before = problems.length;
  for (const part of list.split(',')) {
    const [, id, value] = /^([^=]+)=(.*)$/s.exec(part) ?? [];
    const setting = id === undefined ? undefined : findSetting(id);
    if (id === undefined) problems.push(`${SAID} cannot have \`${short(part)}\`: allowed is a setting and its value, such as weightDecay=0`);
    else if (!setting) problems.push(noSuch('setting', id, [...USUAL, ...OTHERS]));
    else if (TEXTS.includes(id)) problems.push(`${SAID} cannot change \`${id}\``);
    else if (id in changes) problems.push(`${SAID} has \`${id}\` twice`);
    else {
      const checked = check(setting, value);
      // What another key would clamp would be another experiment here.
      if (checked.problem) problems.push(refusal(setting, value));
      else changes[id] = checked.value ?? value;
    }
  }
  return problems.length > before ? null : { step, changes };
}

/** @param {Wanted} wanted */
export const writeFork = ({ step, changes }) =>
  `${step}:${Object.entries(changes).map(([id, value]) => `${id}=${value}`).join(',')}`;
