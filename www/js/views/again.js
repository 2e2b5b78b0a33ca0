// A live run that a reader went back in, for a figure that leaves it there: that it is trained again first, and how far that is.

import { element, write } from '../draw/dom.js';
import { createProgress } from '../draw/progress.js';
import { againRefusal, isRounded, pastStep } from '../run/again.js';
import * as text from '../text/fork.js';

/** @param {import('../run/again.js').Again['of']} figure @param {() => unknown} onStop */
export function createAgain(figure, onStop) {
  const since = element('p', { className: 'quiet' });
  const progress = createProgress(text.AGAIN_PROGRESS, text.STOP, onStop);
  return {
    since,
    progress: progress.node,
    stop: progress.stop,
    /**
     * @param {import('../run/run.js').Run} run
     * @returns {{ past: number | null, canLeave: boolean, training: boolean }} The step that is gone back to, whether the
     *   run can be left where it is shown, and whether it is trained again for this figure.
     */
    render(run) {
      const past = pastStep(run);
      const barred = past === null ? null : againRefusal(run, past);
      since.hidden = past === null;
      write(since, past === null ? '' : barred ? text.refused(barred) : text.past(past, isRounded(run, past)));
      const mine = run.again?.of === figure ? run.again : null;
      progress.show(mine && { words: text.again(mine), done: mine.reached, of: mine.step });
      return { past, canLeave: run.started !== null && barred === null && mine === null, training: mine !== null };
    },
  };
}
