// What is chosen of a run, and what becomes of it when one thing is chosen anew.

import { noSuch } from './named.js';
import { Refused } from './refused.js';
import { PRESETS, SETTINGS, VARIANTS, check, checkTogether, findPreset, findSetting, refusal } from './settings.js';

/** @typedef {import('./run.js').Choice} Choice */

/** @param {string} id @returns {Choice} */
export function ofPreset(id) {
  const preset = findPreset(id);
  if (!preset) {
    throw new Refused(noSuch('preset', id, PRESETS.map((row) => row.id)), 'unknown');
  }
  return { preset: id, settings: { ...preset.settings } };
}

/** One setting chosen, and those that must follow it. @param {Choice} choice @param {string} id @param {string} value @returns {Choice} */
export function withSetting({ preset, settings }, id, value) {
  const next = { ...settings, [id]: value };
  if (id === 'formula' || id === 'table') next.operation = id;
  fit(next, id);
  return { preset, settings: next };
}

/** A way to train: its settings over the others. @param {Choice} choice @param {string} id @returns {Choice} */
export function withVariant({ preset, settings }, id) {
  const variant = VARIANTS.find((row) => row.id === id);
  if (!variant) throw new Refused(`there is no way to train \`${id}\``, 'unknown');
  return { preset, settings: { ...settings, ...variant.settings } };
}

/** Another split and other weights. @param {Choice} choice @returns {Choice} */
export function withNewSeed({ preset, settings }) {
  const seed = String(crypto.getRandomValues(new Uint16Array(1))[0]);
  return { preset, settings: { ...settings, seed } };
}

/**
 * A preset with differences, as scripts name them. A bad value is refused.
 * @param {unknown} config An object. @param {string} otherwise The preset if none is named.
 * @returns {Choice}
 */
export function fromConfig(config, otherwise) {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new Refused(`\`config\` cannot be \`${JSON.stringify(config)}\`: allowed is an object, such as { preset: 'quick', seed: 1 }`, 'argument');
  }
  const { preset: id = otherwise, ...rest } = /** @type {Record<string, unknown>} */ (config);
  const { preset, settings } = ofPreset(typed(id));
  for (const [key, raw] of Object.entries(rest)) {
    const setting = findSetting(key);
    if (!setting) {
      throw new Refused(noSuch('setting', key, SETTINGS.map((row) => row.id)), 'unknown');
    }
    const text = typed(raw);
    const { value, problem } = check(setting, text);
    // What a control would clamp, a script is told.
    if (problem || value === null) throw new Refused(refusal(setting, text));
    settings[key] = value;
  }
  const conflict = checkTogether(settings);
  if (conflict) throw new Refused(conflict);
  return { preset, settings };
}

/** A value of a script as it would be typed. @param {unknown} raw */
const typed = (raw) => (typeof raw === 'object' ? JSON.stringify(raw) : String(raw));

/** @param {Choice} a @param {Choice} b */
export const isSame = (a, b) =>
  a.preset === b.preset && SETTINGS.every(({ id }) => a.settings[id] === b.settings[id]);

/**
 * Heads and width must divide: the one that was not chosen gives way.
 * @param {Record<string, string>} settings @param {string} chosen
 */
function fit(settings, chosen) {
  let heads = Number(settings.heads);
  const width = Number(settings.width);
  if (width % heads === 0) return;
  if (chosen === 'heads') settings.width = String(heads * Math.max(1, Math.round(width / heads)));
  else {
    while (width % heads !== 0) heads -= 1;
    settings.heads = String(heads);
  }
}
