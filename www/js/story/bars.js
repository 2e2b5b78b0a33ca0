// A bar for each run that was tried in a chapter, from the step at which it knew its own cells to the one at
// which it got the rule.

import { element, keyed, write } from '../draw/dom.js';
import { shown } from '../run/frames.js';
import { operationLabel } from '../run/settings.js';
import { DIFFERENCES, TRIED, outcome } from '../text/story.js';

/** @typedef {import('../text/story.js').Tried} Tried */
/** @typedef {import('../run/run.js').Run} Run */
/** More would be a log. */
const BARS_MAX = 5;

/** What of a run is compared, and how far it is seen to have come. @param {Run} run @param {string} by @returns {Tried | null} */
export function triedOf(run, by) {
  const { evaluated } = shown(run);
  if (!run.started || !evaluated || evaluated.step === 0) return null;
  const text = run.settings[by] ?? '';
  const label = by === 'operation' ? operationLabel(text) : DIFFERENCES[by](text);
  const { memorisedAt, generalisedAt, step } = evaluated;
  return { label, memorisedAt, generalisedAt, step };
}

/** What was tried, with one more: of a run that was seen before what came furthest. @param {Tried[]} tried @param {Tried} next @returns {Tried[]} */
export function withTried(tried, next) {
  const before = tried.find(({ label }) => label === next.label);
  if (!before) return [...tried, next].slice(-BARS_MAX);
  return before.step >= next.step ? tried : tried.map((one) => (one === before ? next : one));
}

/** @param {HTMLElement} root */
export function createBars(root) {
  const list = element('ul', { 'aria-label': TRIED });
  root.replaceChildren(list);

  return {
    /** @param {Tried[]} tried */
    render(tried) {
      const last = Math.max(1, ...tried.map(({ step, generalisedAt }) => generalisedAt ?? step));
      const percent = (/** @type {number} */ step) => `${(100 * step) / last}%`;
      root.hidden = tried.length === 0;
      keyed(list, tried, ({ label }) => label, ({ label }) => element('li', {},
        element('span', { className: 'label' }, label), element('span', { className: 'track', 'aria-hidden': 'true' }, element('i', {})),
        element('span', { className: 'outcome' })), (item, one) => {
        const { memorisedAt, generalisedAt, step } = one;
        const bar = /** @type {HTMLElement} */ (item.querySelector('i'));
        bar.style.left = percent(memorisedAt ?? 0);
        bar.style.right = `calc(100% - ${percent(generalisedAt ?? step)})`;
        bar.className = `${memorisedAt === null ? 'unlearned' : ''} ${generalisedAt === null ? 'open' : ''}`;
        write(/** @type {HTMLElement} */ (item.querySelector('.outcome')), outcome(one));
      });
    },
    destroy() {
      root.replaceChildren();
    },
  };
}
