// What a page has beside its demo when a link says how it looks, or when it is a frame in somebody else's.

import { THEME } from './draw/figure.js';
import { loadSheet } from './draw/sheet.js';
import { FIGURES } from './run/options.js';
import { hasRow } from './run/sizes.js';

/** @typedef {import('./run/options.js').PageOptions} PageOptions */

/** Before anything is drawn. @param {PageOptions} page */
export async function dress({ embed, theme, scale, transparent, hide }) {
  const root = document.documentElement;
  if (scale !== 1) root.style.setProperty('--scale', String(scale));
  setTheme(theme);
  if (!embed) return;
  document.body.classList.toggle('transparent', transparent);
  document.getElementById('demo')?.classList.toggle('rowless', !hasRow(hide));
  await loadSheet(document, 'frame.css');
}

// One function, so that a sheet that is awaited is listened to once.
const tellTheme = () => document.dispatchEvent(new Event(THEME));

/** Colours of the page and of everything that is drawn. @param {PageOptions['theme']} theme */
export function setTheme(theme) {
  const media = { auto: 'screen and (prefers-color-scheme: dark)', light: 'not all', dark: 'screen' }[theme];
  const dark = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[href$="dark.css"]'));
  if (!dark) return;
  dark.media = media;
  // It may still be on its way.
  dark.addEventListener('load', tellTheme, { once: true });
  tellTheme();
}

/**
 * Figures of the laboratory that a frame shows.
 * @param {HTMLElement} laboratory @param {import('./demo.js').Demo} demo
 */
export function fill(laboratory, demo) {
  const { page } = demo.store.get();
  const figures = page.view.filter((name) => FIGURES.includes(name));
  if (figures.length > 0) {
    import('./lab/laboratory.js')
      .then(({ createFigures }) => createFigures(laboratory, figures, demo))
      .catch((error) => demo.actions.notice(`A figure did not load: ${error.message}.`, 'reload'));
  }
}
