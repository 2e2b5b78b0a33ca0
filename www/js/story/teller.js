// Where the story is: the chapter, the numbers of its words, and what was tried in it.

import { factsOf } from './facts.js';
import { triedOf, withTried } from './bars.js';
import { CHAPTERS } from './chapters.js';
import { createStage } from './stage.js';

/**
 * @typedef {object} Told
 * @property {number} chapter From 1.
 * @property {string | null} act What its words did last.
 * @property {Record<string, string> | null} facts Once its recording is there.
 * @property {import('../text/story.js').Note | null} note
 * @property {import('../text/story.js').Tried[]} tried
 */

/** @param {Pick<import('../demo.js').Demo, 'store' | 'actions' | 'trainsOn'>} demo @param {() => void} changed */
export function createTeller(demo, changed) {
  const { store } = demo;
  const stage = createStage(demo, () => update({}));
  /** @type {Told} */
  let told = { chapter: 0, act: null, facts: null, note: null, tried: [] };
  /** What was tried in each chapter, for whoever comes back. @type {Map<number, Told['tried']>} */
  const kept = new Map();

  /** @param {Partial<Told>} news */
  function update(news) {
    told = { ...told, ...news, note: stage.note };
    changed();
  }
  const chapterOf = () => CHAPTERS[told.chapter - 1];
  /** Whether what the chapter opens with is there. */
  const isThere = () => told.facts !== null || chapterOf()?.file === null;

  const stop = store.on(({ run }, { type }, before) => {
    const by = chapterOf()?.compares;
    // What is left over of the chapter before is not of this one, and a recording is seen when it is played.
    if (!by || told.note === null || stage.early || run === before.run || type === 'replay') return;
    const one = triedOf(run, by);
    if (!one) return;
    const tried = withTried(told.tried, one);
    if (tried === told.tried) return;
    kept.set(told.chapter, tried);
    update({ tried });
  });

  /** @param {string} name */
  async function act(name) {
    const acts = chapterOf()?.acts ?? {};
    if (!Object.hasOwn(acts, name)) return;
    update({ act: name });
    await acts[name](stage);
  }

  /** Sets up a chapter, if it is another or its recording is not there. @param {number} chapter @param {string | null} [does] What it does then. */
  async function tell(chapter, does = null) {
    if (chapter === told.chapter && isThere()) {
      if (does !== null) await act(does);
      return;
    }
    stage.end();
    update({ chapter, act: null, facts: null, tried: kept.get(chapter) ?? [] });
    const { file } = chapterOf();
    if (file !== null) {
      if (!(await stage.replay(file))) return;
      update({ facts: factsOf(store.get().run) });
    }
    // A later slide goes on from what the first one does: a lecture may be opened anywhere.
    const [first, ...later] = chapterOf().slides;
    if (first.act === 'begin' && later.some((slide) => slide.act !== null && slide.act === does)) await act('begin');
    await act(does ?? 'begin');
  }

  return {
    get: () => told,
    act,
    tell,
    /** What did not load is asked for again. */
    again: () => tell(told.chapter, told.act),
    /** The run of the reader comes back, if one made room for a chapter's. */
    giveBack() {
      stage.end();
      update({});
      return stage.giveBack();
    },
    /** What is shown stays, but for what took the place of a run of the reader. */
    leave() {
      stage.end();
      told = { ...told, chapter: 0 };
      return stage.giveBack();
    },
    destroy() {
      stop();
      stage.destroy();
    },
  };
}
