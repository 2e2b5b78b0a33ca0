// What a page has beside its demo when a link says how it looks, or when it is a frame in somebody else's.

import { THEME } from './draw/figure.js';
import { element } from './draw/dom.js';
import { forwardKeys } from './forward.js';
import { CONTROLS, FIGURES } from './run/options.js';

/** @typedef {import('./run/options.js').PageOptions} PageOptions */

/** Controls of which a frame's row consists. */
const ROW = CONTROLS.filter((name) => !['embed', 'axis', 'beats', 'values', 'presets', 'settings'].includes(name));

/** Before anything is drawn. @param {PageOptions} page */
export async function dress({ embed, theme, scale, transparent, hide }) {
  const root = document.documentElement;
  if (scale !== 1) root.style.setProperty('--scale', String(scale));
  setTheme(theme);
  if (!embed) return;
  document.body.classList.toggle('transparent', transparent);
  document.getElementById('demo')?.classList.toggle('rowless', ROW.every((name) => hide.includes(name)));
  const { href } = new URL('../frame.css', import.meta.url);
  await new Promise((resolve) => {
    // Without it a frame looks like a small page.
    document.head.append(element('link', { rel: 'stylesheet', href, onload: resolve, onerror: resolve }));
  });
}

/** Colours of the page and of everything that is drawn. @param {PageOptions['theme']} theme */
export function setTheme(theme) {
  const schemes = { auto: ['light dark', 'screen and (prefers-color-scheme: dark)'], light: ['light', 'not all'], dark: ['dark', 'screen'] };
  const [scheme, media] = schemes[theme];
  document.documentElement.style.colorScheme = scheme;
  const dark = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[href$="dark.css"]'));
  if (dark) dark.media = media;
  document.dispatchEvent(new Event(THEME));
}

/**
 * Figures of the laboratory that a frame shows; and keys that it does not use, to the page around it.
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
  if (window.parent === window) return;
  forwardKeys(
    (key) => window.parent.postMessage({ grokking: 'event', name: 'key', value: key }, { targetOrigin: '*' }),
    { own: page.keys, signal: demo.signal },
  );
}
