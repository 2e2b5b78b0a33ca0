// What is allowed for a setting. The table itself is written by Rust, in schema.js.

import { few, short } from './named.js';
import { SCHEMA } from './schema.js';

/**
 * @typedef {{ id: string, label: string, help: string, live: boolean, allowed: string,
 *   kind: string, min?: number, max?: number, choices?: string[] }} Setting
 * @typedef {{ id: string, title: string, question: string, lookFor: string, steps: number,
 *   gflop: number, settings: Record<string, string> }} Preset `steps` to the end of its story, on
 *   average, and their arithmetic.
 */

/** @type {Setting[]} */
export const SETTINGS = SCHEMA.settings;
/** @type {Preset[]} */
export const PRESETS = /** @type {any} */ (SCHEMA.presets);

/** @type {{ id: string, title: string, family: string, settings: Record<string, string> }[]} */
export const VARIANTS = /** @type {any} */ (SCHEMA.variants);

/** @param {string} id @returns {Setting | undefined} */
export const findSetting = (id) => SETTINGS.find((setting) => setting.id === id);

/** @param {string | null} id @returns {Preset | undefined} */
export const findPreset = (id) => PRESETS.find((preset) => preset.id === id);

/** @param {string} id */
export const operationLabel = (id) =>
  SCHEMA.operations.find((operation) => operation.id === id)?.label ?? id;

/** @param {string} id */
export const usesModulus = (id) =>
  SCHEMA.operations.find((operation) => operation.id === id)?.usesModulus ?? true;

/** The operations' ids under their headings, in order. */
export function operationFamilies() {
  /** @type {Map<string, string[]>} */
  const families = new Map();
  for (const { id, family } of SCHEMA.operations) {
    families.set(family, [...(families.get(family) ?? []), id]);
  }
  return families;
}

/** The program that trains it. @param {Record<string, string>} settings @returns {import('../worker/protocol.js').Program} */
export const programOf = ({ kernels, dropout }) => (kernels === 'plain' || Number(dropout) > 0 ? 'reference' : 'fused');

/**
 * Whether a setting has a meaning beside the others. One that has none is not shown.
 * @param {string} id @param {Record<string, string>} settings
 */
export function matters(id, settings) {
  const { operation, optimizer, heldOut, grokfast } = settings;
  switch (id) {
    case 'formula':
    case 'table':
      return operation === id;
    case 'modulus':
      return usesModulus(operation);
    case 'momentum':
      return optimizer === 'sgd';
    case 'weightDecay':
      return optimizer !== 'adam';
    case 'decay':
      return optimizer === 'adamw';
    case 'muonRate':
    case 'muonDecay':
      return optimizer === 'muon';
    case 'grokfastAlpha':
      return grokfast === 'ema';
    case 'grokfastWindow':
      return grokfast === 'ma';
    case 'grokfastLambda':
      return grokfast !== 'none';
    case 'trainFraction':
      return !heldOut;
    default:
      return true;
  }
}

/**
 * The text as a value of the setting: as it is, clamped with a sentence, or refused with one.
 * @param {Setting} setting
 * @param {string} text
 * @returns {{ value: string | null, problem: string | null }}
 */
export function check(setting, text) {
  const refused = { value: null, problem: refusal(setting, text) };
  const accepted = (/** @type {string} */ value) => ({ value, problem: null });
  switch (setting.kind) {
    case 'integer':
    case 'number': {
      const number = readNumber(text, setting.kind === 'integer');
      if (number === null) return refused;
      const clamped = Math.min(Math.max(number, setting.min ?? 0), setting.max ?? Infinity);
      if (clamped === number) return accepted(String(number));
      return {
        value: String(clamped),
        problem: `\`${setting.id}\` was \`${short(text)}\` and is now ${clamped}: ` +
          `allowed is ${setting.allowed}`,
      };
    }
    case 'batch': {
      if (text === 'auto' || text === 'full') return accepted(text);
      const number = readNumber(text, true);
      const fits = number !== null && number >= 1 && number <= (setting.max ?? Infinity);
      return fits ? accepted(String(number)) : refused;
    }
    case 'text':
      return text.length <= (setting.max ?? Infinity) ? accepted(text) : refused;
    default:
      return setting.choices?.includes(text) ? accepted(text) : refused;
  }
}

/** @param {Setting} setting @param {string} text */
export const refusal = ({ id, allowed, choices }, text) =>
  `\`${id}\` cannot be \`${short(text)}\`: allowed is ${choices?.join(', ') === allowed ? few(choices) : allowed}`;

/**
 * What is wrong between settings that are each allowed, or null.
 * @param {Record<string, string>} settings
 */
export function checkTogether({ width, heads }) {
  if (Number(width) % Number(heads) === 0) return null;
  return `\`width\` cannot be \`${width}\`: allowed is a multiple of the ${heads} heads`;
}

/** @param {string} text @param {boolean} whole @returns {number | null} */
function readNumber(text, whole) {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim())) return null;
  const number = Number(text);
  return Number.isFinite(number) && (!whole || Number.isInteger(number)) ? number : null;
}

const NUMERIC = /^-?[\d.]+(e-?\d+)?$/;

/** Numbers as numbers. @param {Record<string, string>} settings */
export function typed(settings) {
  return Object.fromEntries(
    Object.entries(settings).map(([id, text]) => [id, NUMERIC.test(text) ? Number(text) : text]),
  );
}
