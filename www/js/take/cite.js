// Entries of BibTeX, to be copied.

import { element, write } from '../draw/dom.js';
import { loadSheet } from '../draw/sheet.js';
import * as text from '../text/cite.js';

/**
 * Fills the details that are open, with the run that is shown then.
 * @param {HTMLElement} root After its summary. @param {{ build: string, link: string }} page
 */
export async function showCitations(root, { build, link }) {
  await loadSheet(root.ownerDocument, 'save.css');
  const year = new Date().getFullYear();
  const entries = [
    { what: text.PROGRAM, bibtex: text.bibtexOfProgram({ build, link, year }) },
    ...text.PAPERS.map((paper) => ({ what: paper.what, bibtex: text.bibtexOf(paper) })),
  ];
  const list = element('ul', { className: 'citations' }, ...entries.map(({ what, bibtex }) => {
    const code = element('pre', { tabIndex: 0 }, bibtex);
    const copy = element('button', { type: 'button', onclick: () => copied(code).then((said) => write(copy, said)) }, text.COPY);
    return element('li', {}, element('p', {}, what), code, copy);
  }));
  root.querySelector('.citations')?.remove();
  root.append(list);
}

/** @param {HTMLElement} code @returns {Promise<string>} What came of it. */
async function copied(code) {
  // A page without https, or inside another, may have no clipboard.
  const done = await navigator.clipboard?.writeText(code.textContent ?? '').then(() => true, () => false);
  if (done) return text.COPIED;
  code.ownerDocument.getSelection()?.selectAllChildren(code);
  return text.SELECTED;
}
