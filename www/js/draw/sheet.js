// Style sheets that are loaded with what they are for.

import { element } from './dom.js';

/** A style sheet of the page, once. @param {Document} document @param {string} name @returns {Promise<unknown>} */
export function loadSheet(document, name) {
  const { href } = new URL(`../../${name}`, import.meta.url);
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return Promise.resolve();
  return new Promise((resolve) => {
    // Without it what it is for is plain, and there.
    document.head.append(element('link', { rel: 'stylesheet', href, onload: resolve, onerror: resolve }));
  });
}
