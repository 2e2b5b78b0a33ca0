// Chapters whose recordings come late, or do not come.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTeller } from '../../www/js/story/teller.js';
import { noted } from '../../www/js/text/story.js';
import { demo, texts } from './demo.js';
import { settled, withBrowser } from './fake.js';

const FOLDER = fileURLToPath(new URL('../../www/recordings/', import.meta.url));

/** A story of chapters over a demo whose files come when a test says so. @param {import('node:test').TestContext} t */
async function telling(t) {
  withBrowser(t);
  /** @type {{ file: string, answer: (status?: number) => Promise<void> }[]} */
  const asked = [];
  const all = demo(t, '?backend=cpu');
  await all.core.begin();
  globalThis.fetch = /** @type {any} */ ((/** @type {URL} */ url, /** @type {RequestInit} */ { signal }) => new Promise((resolve, reject) => {
    const file = String(url).split('/').at(-1) ?? '';
    signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    asked.push({ file, answer: async (status = 200) => {
      resolve(new Response(status === 200 ? readFileSync(FOLDER + file) : '', { status }));
      // A recording is unpacked aside.
      for (let turn = 0; turn < 5; turn += 1) await settled();
    } });
  }));
  const teller = createTeller(all.core, () => {});
  t.after(() => teller.destroy());
  const at = () => all.state().run.recording?.file ?? null;
  return { ...all, teller, asked, at };
}

test('a chapter whose recording does not load says so in one sentence, and is told when it is asked for again', async (t) => {
  const { teller, asked, at, state } = await telling(t);
  teller.tell(5);
  await asked[0].answer(404);
  assert.equal(noted(teller.get().note, 0), '`story-circle.grok` did not load: the server answered 404.');
  assert.deepEqual([state().notices, teller.get().facts, at()], [[], null, null]);
  teller.again();
  await asked[1].answer();
  assert.deepEqual([at(), teller.get().act, teller.get().note?.kind], ['story-circle.grok', 'begin', 'recorded']);
  teller.tell(9, 'mul');
  await asked[2].answer();
  await asked[3].answer(500);
  assert.equal(noted(teller.get().note, 0), '`mul.grok` did not load: the server answered 500.');
  teller.again();
  await asked[4].answer();
  assert.equal(at(), 'mul.grok');
});

test('a lecture that is opened at a later slide has the bar of the first one', async (t) => {
  const { teller, asked, core } = await telling(t);
  // Too slow to train: what is tried is a recording.
  core.store.dispatch({ type: 'speed', gflops: 1e-6 });
  teller.tell(6, 'less');
  await asked[0].answer();
  assert.deepEqual(teller.get().tried.map(({ label, generalisedAt }) => [label, generalisedAt]), [['weight decay 2', 667]]);
  assert.equal(teller.get().act, 'less');
  await asked[1].answer();
  assert.equal(asked[1].file, 'story-decay-15.grok');
});

test('a chapter that comes late is not shown: not over the next one, nor to a reader who has left', async (t) => {
  const { teller, asked, at, core, api, state } = await telling(t);
  await api.run();
  teller.tell(5);
  teller.leave();
  await asked[0].answer();
  assert.deepEqual([at(), state().run.status], [null, 'running'], 'who has left goes on');
  teller.tell(8);
  teller.tell(5);
  await asked[2].answer();
  await asked[1].answer();
  assert.deepEqual([at(), teller.get().chapter, teller.get().note?.kind], ['story-circle.grok', 5, 'recorded']);
  teller.tell(8);
  teller.leave();
  teller.tell(8);
  await asked[3].answer();
  assert.equal(teller.get().facts, null, 'it is the second that counts');
  await asked[4].answer();
  assert.equal(at(), 'story-never.grok');
  teller.leave();
  const replay = core.actions.replay('s5.grok');
  core.actions.run();
  await asked[5].answer();
  await replay;
  assert.deepEqual([at(), state().run.status, texts(state)], [null, 'running', []], 'nor one that was asked for before training');
});
