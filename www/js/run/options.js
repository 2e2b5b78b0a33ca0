// How a page shows itself: what a link says beside the run.

import { readCut, writeCut } from './cut.js';
import { readFork, writeFork } from './wanted.js';
import { few, noSuch, short } from './named.js';
import { findSetting } from './settings.js';

/** Figures of the laboratory. */
export const FIGURES = [
  'structure', 'clock', 'neurons', 'cut', 'gauge', 'points', 'sharpness', 'compare', 'fork', 'precision', 'sweep', 'recordings', 'mask', 'settings',
];
/** What a frame can show, each alone or with others; `caption` is what happens, in words. */
export const VIEWS = ['table', 'curves', 'caption', ...FIGURES];
/** What a frame shows that does not say. */
export const USUAL = ['table', 'curves', 'caption'];
/** A chapter of the story, from 1. */
export const isChapter = (/** @type {string} */ name) => /^story:[1-9]\d?$/.test(name);
/** Controls that are not settings. */
export const CONTROLS = [
  'run', 'scrub', 'step', 'reset', 'newSeed', 'undo', 'replay', 'link', 'embed', 'pace', 'axis', 'save', 'beats',
  'details', 'values', 'presets', 'settings',
];
export const THEMES = ['auto', 'light', 'dark'];
const [SCALE_MIN, SCALE_MAX] = [0.5, 4];
/** What other sites add to a link. */
const TRACKING = new RegExp(`^(${[
  'utm_.*', '_x_tr_.*', '_ga', '_gl', 'gad_.*', '[dgty]clid', 'gclsrc', '[gw]braid', 'srsltid', 'fbclid', 'fb_(action|source).*', 'mibextid',
  'msclkid', 'twclid', 'ttclid', 'li_fat_id', 'epik', 'igshi?d?', 'mc_[ce]id', 'mkt_tok', '_hs(enc|mi)', 'hsCtaTracking', 'vero_.*', 'oly_.*',
  's_kwcid', 'rb_clickid', 'wickedid', '__s', '(mtm|pk|piwik|matomo)_.*', 'ref', 'ref_src', 'ref_url', 'si',
].join('|')})$`);

/** @typedef {import('./types.js').PageOptions} PageOptions */

const KEYS = ['backend', 'embed', 'autoplay', 'present', 'whenHidden', 'origins', 'hide', 'controls', 'view', 'theme', 'scale', 'keys', 'background', 'cut', 'fill', 'fork'];

export const isOption = (/** @type {string} */ key) => KEYS.includes(key);
export const isTracking = (/** @type {string} */ key) => TRACKING.test(key);

/** @param {string} text */
const listed = (text) => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

/** @param {URLSearchParams} query @param {string[]} problems @returns {PageOptions} */
export function readOptions(query, problems) {
  /** One of a few words; the first where nothing or another is said. @template {string} T @param {string} key @param {T[]} words @returns {T} */
  const oneOf = (key, words, allowed = words.filter(Boolean)) => {
    const text = /** @type {T | null} */ (query.get(key));
    if (text === null || allowed.includes(text)) return text ?? words[0];
    problems.push(`\`${key}\` cannot be \`${short(text)}\`: allowed is ${allowed.join(', ')}`);
    return words[0];
  };
  const backend = oneOf('backend', ['', 'cpu', 'webgpu']) || null;
  const embed = oneOf('embed', ['0', '1']) === '1';
  const autoplay = oneOf('autoplay', ['0', '1', 'visible']);
  return {
    backend: /** @type {PageOptions['backend']} */ (backend),
    embed,
    autoplay: autoplay === 'visible' ? autoplay : autoplay === '1',
    present: oneOf('present', ['0', '1']) === '1',
    whenHidden: /** @type {PageOptions['whenHidden']} */ (oneOf('whenHidden', ['pause', 'run'])),
    origins: readOrigins(query, problems),
    hide: readControls(query, problems),
    view: readView(query, embed, problems),
    theme: /** @type {PageOptions['theme']} */ (oneOf('theme', THEMES)),
    scale: readScale(query.get('scale'), problems),
    keys: oneOf('keys', embed ? ['off', 'on'] : ['on', 'off']) === 'on',
    transparent: oneOf('background', ['', 'transparent']) === 'transparent',
    cut: { parts: readCut(query.get('cut') ?? '', problems), fill: /** @type {import('./cut.js').Cut['fill']} */ (oneOf('fill', ['zero', 'mean'])) },
    fork: readFork(query.get('fork'), problems),
  };
}

/** `hide` and its complement, `controls`. @param {URLSearchParams} query @param {string[]} problems @returns {string[]} */
function readControls(query, problems) {
  const known = (/** @type {string} */ name) => {
    if (CONTROLS.includes(name) || findSetting(name)) return true;
    problems.push(noSuch('control', name, CONTROLS, (names) => `${few(names)}, or the name of a setting`));
    return false;
  };
  const hidden = listed(query.get('hide') ?? '').filter(known);
  const named = listed(query.get('controls') ?? '');
  if (named.length === 0) return inOrder(hidden);
  const shown = named.filter((name) => name !== 'none').filter(known);
  const both = hidden.filter((name) => shown.includes(name));
  if (both.length > 0) {
    problems.push(`\`controls\` and \`hide\` do not agree on \`${both.join(', ')}\`: hidden is what either hides`);
  }
  return inOrder([...hidden, ...CONTROLS.filter((name) => !shown.includes(name))]);
}

/** Controls before settings, each once. @param {string[]} names */
const inOrder = (names) => [
  ...CONTROLS.filter((name) => names.includes(name)),
  ...new Set(names.filter((name) => !CONTROLS.includes(name))),
];

/** @param {URLSearchParams} query @param {boolean} embed @param {string[]} problems @returns {string[]} */
function readView(query, embed, problems) {
  const view = listed(query.get('view') ?? '').filter((name) => {
    if (VIEWS.includes(name) || isChapter(name)) return true;
    problems.push(noSuch('view', name, VIEWS, (names) => `${names.join(', ')}, story:N`));
    return false;
  });
  if (view.length === 0 || embed) return view;
  problems.push('`view` says what a frame shows: it needs `embed=1`');
  return [];
}

/** @param {URLSearchParams} query @param {string[]} problems */
const readOrigins = (query, problems) => listed(query.get('origins') ?? '').filter((origin) => {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return true;
  problems.push(`\`origins\` cannot have \`${short(origin)}\`: allowed is an origin, such as http://localhost:8080`);
  return false;
});

/** @param {string | null} text @param {string[]} problems */
function readScale(text, problems) {
  const scale = text === null || text.trim() === '' ? 1 : Number(text);
  if (scale >= SCALE_MIN && scale <= SCALE_MAX) return scale;
  problems.push(`\`scale\` cannot be \`${short(String(text))}\`: allowed is a number from ${SCALE_MIN} to ${SCALE_MAX}`);
  return 1;
}

/** Writes what is not as usual. @param {URLSearchParams} query @param {PageOptions} page */
export function writeOptions(query, { backend, embed, autoplay, present, whenHidden, origins, hide, view, theme, scale, keys, transparent, cut, fork }) {
  if (backend) query.set('backend', backend);
  if (embed) query.set('embed', '1');
  if (view.length) query.set('view', view.join(','));
  if (autoplay) query.set('autoplay', autoplay === true ? '1' : autoplay);
  if (present) query.set('present', '1');
  if (whenHidden !== 'pause') query.set('whenHidden', whenHidden);
  if (origins.length) query.set('origins', origins.join(','));
  // Whichever is shorter.
  const shown = CONTROLS.filter((name) => !hide.includes(name));
  const few = shown.length < CONTROLS.length / 2;
  const hidden = few ? hide.filter((name) => !CONTROLS.includes(name)) : hide;
  if (few) query.set('controls', shown.join(',') || 'none');
  if (hidden.length) query.set('hide', hidden.join(','));
  if (theme !== 'auto') query.set('theme', theme);
  if (scale !== 1) query.set('scale', String(scale));
  if (keys === embed) query.set('keys', keys ? 'on' : 'off');
  if (transparent) query.set('background', 'transparent');
  writeCut(query, cut);
  if (fork) query.set('fork', writeFork(fork));
}

/** The chapter of the story that is shown, or null. @param {PageOptions} page */
export const chapterOf = ({ view }) => Number(view.find(isChapter)?.slice('story:'.length)) || null;
