// A run as a link: a version, a preset, and what differs from it.

import { few, noSuch, short } from './named.js';
import { isOption, isTracking, readOptions, writeOptions } from './options.js';
import { PRESETS, SETTINGS, check, checkTogether, findPreset, findSetting } from './settings.js';

/** The version of the link's format. */
const VERSION = '1';
/** The name of a recording, which is a file of one folder. */
const NAME = /^[a-z0-9-]{1,80}$/i;
/** The address of one that lies elsewhere, relative to the page: it has a slash, a name has none. */
const ADDRESS = /^(?=.{1,2000}$).*\/.*\.grok$/;
export const isAddress = (/** @type {string} */ text) => ADDRESS.test(text);

/**
 * @typedef {import('./options.js').PageOptions} PageOptions
 * @typedef {{ preset: string, settings: Record<string, string>, name: string | null, page: PageOptions,
 *   problems: string[] }} Link `name` is that of a recording, if the link is to one.
 */

/**
 * Reads a link's query. Whatever is wrong with it becomes a sentence in `problems`.
 * @param {string} search
 * @returns {Link}
 */
export function parse(search) {
  const query = new URLSearchParams(search);
  /** @type {string[]} */
  const problems = [];
  const version = query.get('v');
  if (version !== null && version !== VERSION) {
    problems.push(`this link has version \`${short(version)}\`, this page reads version ${VERSION}`);
  }
  let preset = PRESETS[0].id;
  const asked = query.get('preset');
  if (asked !== null) {
    if (findPreset(asked)) preset = asked;
    else problems.push(noSuch('preset', asked, PRESETS.map(({ id }) => id)));
  }
  const settings = { ...findPreset(preset)?.settings };
  /** @type {string[]} */
  const unknown = [];
  for (const [key, text] of query) {
    if (['v', 'preset', 'recording'].includes(key) || isOption(key) || isTracking(key)) continue;
    const setting = findSetting(key);
    if (!setting) {
      unknown.push(key);
      continue;
    }
    const { value, problem } = check(setting, text);
    if (problem) problems.push(problem);
    if (value !== null) settings[key] = value;
  }
  const known = SETTINGS.map(({ id }) => id);
  if (unknown.length === 1) problems.push(noSuch('setting', unknown[0], known));
  else if (unknown.length > 1) problems.push(`there are no settings ${few(unknown.map((key) => `\`${short(key)}\``))}: there is ${few(known)}`);
  const conflict = checkTogether(settings);
  if (conflict) {
    problems.push(conflict);
    Object.assign(settings, pick(findPreset(preset)?.settings ?? {}, ['width', 'heads']));
  }
  let name = query.get('recording');
  if (name !== null && !NAME.test(name) && !isAddress(name)) {
    problems.push(`\`recording\` cannot be \`${short(name)}\`: allowed are letters, digits and -, or an address such as ./run.grok`);
    name = null;
  }
  return { preset, settings, name, page: readOptions(query, problems), problems };
}

/**
 * The query of a run: only what differs from its preset.
 * @param {string} preset
 * @param {Record<string, string>} settings
 * @param {PageOptions} page
 */
export function format(preset, settings, page) {
  const query = new URLSearchParams({ v: VERSION, preset });
  const base = findPreset(preset)?.settings ?? {};
  for (const { id } of SETTINGS) {
    if (settings[id] !== undefined && settings[id] !== base[id]) query.set(id, settings[id]);
  }
  return withPage(query, page);
}

/** The query of a recording that ships with the page. @param {string} name @param {PageOptions} page */
export const formatRecording = (name, page) => withPage(new URLSearchParams({ v: VERSION, recording: name }), page);

/** @param {URLSearchParams} query @param {PageOptions} page */
function withPage(query, page) {
  writeOptions(query, page);
  // Separators of lists read better as they are.
  return `?${String(query).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%3D', '=')}`;
}

/** The same query for a lecture, or for a reader. @param {string} search @param {boolean} present */
export function withPresent(search, present) {
  const query = new URLSearchParams(search);
  if (present) query.set('present', '1');
  else query.delete('present');
  return query.size > 0 ? `?${query}` : '';
}

/** Whether a query says anything of what to train. @param {string} search */
export const namesRun = (search) =>
  [...new URLSearchParams(search).keys()].some((key) => key === 'preset' || key === 'fork' || findSetting(key) !== undefined);

/** @param {Record<string, string>} from @param {string[]} keys */
function pick(from, keys) {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}
