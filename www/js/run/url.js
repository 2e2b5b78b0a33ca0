// A run as a link: a version, a preset, and what differs from it.

import { PRESETS, SETTINGS, check, checkTogether, findPreset, findSetting } from './settings.js';

/** Of the link's format. */
const VERSION = '1';
const BACKENDS = ['cpu', 'webgpu'];
/** Of a recording, which is a file of one folder. */
const NAME = /^[a-z0-9-]{1,80}$/i;

/**
 * How the page shows itself; not part of a run.
 * @typedef {{ backend: 'cpu' | 'webgpu' | null, embed: boolean, autoplay: boolean, present: boolean,
 *   hide: string[] }} PageOptions `present` tells the story as a lecture.
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
    problems.push(`this link has version \`${version}\`, this page reads version ${VERSION}`);
  }
  let preset = PRESETS[0].id;
  const asked = query.get('preset');
  if (asked !== null) {
    if (findPreset(asked)) preset = asked;
    else {
      const ids = PRESETS.map(({ id }) => id).join(', ');
      problems.push(`there is no preset \`${asked}\`: there is ${ids}`);
    }
  }
  const settings = { ...findPreset(preset)?.settings };
  for (const [key, text] of query) {
    if (['v', 'preset', 'recording', 'backend', 'embed', 'autoplay', 'present', 'hide'].includes(key)) continue;
    const setting = findSetting(key);
    if (!setting) {
      problems.push(`there is no setting \`${key}\``);
      continue;
    }
    const { value, problem } = check(setting, text);
    if (problem) problems.push(problem);
    if (value !== null) settings[key] = value;
  }
  const conflict = checkTogether(settings);
  if (conflict) {
    problems.push(conflict);
    Object.assign(settings, pick(findPreset(preset)?.settings ?? {}, ['width', 'heads']));
  }
  let name = query.get('recording');
  if (name !== null && !NAME.test(name)) {
    problems.push(`\`recording\` cannot be \`${name}\`: allowed are letters, digits and -`);
    name = null;
  }
  return { preset, settings, name, page: parsePage(query, problems), problems };
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
  if (page.backend) query.set('backend', page.backend);
  if (page.embed) query.set('embed', '1');
  if (page.autoplay) query.set('autoplay', '1');
  if (page.present) query.set('present', '1');
  if (page.hide.length) query.set('hide', page.hide.join(','));
  return `?${query}`;
}

/** @param {URLSearchParams} query @param {string[]} problems @returns {PageOptions} */
function parsePage(query, problems) {
  const backend = query.get('backend');
  if (backend !== null && !BACKENDS.includes(backend)) {
    problems.push(`\`backend\` cannot be \`${backend}\`: allowed is ${BACKENDS.join(', ')}`);
  }
  const flag = (/** @type {string} */ key) => {
    const text = query.get(key);
    if (text !== null && text !== '0' && text !== '1') {
      problems.push(`\`${key}\` cannot be \`${text}\`: allowed is 0, 1`);
    }
    return text === '1';
  };
  const hide = (query.get('hide') ?? '').split(',').filter(Boolean);
  for (const name of hide) {
    if (!findSetting(name) && !HIDEABLE.includes(name)) {
      problems.push(`there is no control \`${name}\` to hide`);
    }
  }
  return {
    backend: /** @type {any} */ (backend && BACKENDS.includes(backend) ? backend : null),
    embed: flag('embed'),
    autoplay: flag('autoplay'),
    present: flag('present'),
    hide,
  };
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
  [...new URLSearchParams(search).keys()].some((key) => key === 'preset' || findSetting(key) !== undefined);

/** Controls that are not settings. */
export const HIDEABLE = [
  'presets', 'run', 'replay', 'step', 'reset', 'newSeed', 'undo', 'link', 'pace', 'axis', 'settings',
];

/** @param {Record<string, string>} from @param {string[]} keys */
function pick(from, keys) {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}
