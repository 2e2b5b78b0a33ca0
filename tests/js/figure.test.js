// What a drawing is told of its place on the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { THEME, watchFigure } from '../../www/js/draw/figure.js';

test('a figure is drawn while it is seen, anew when its box is another, and not where nobody looks', (t) => {
  /** @type {Record<string, (entries: { isIntersecting: boolean }[]) => void>} */
  const told = {};
  let ended = 0;
  const observer = (/** @type {string} */ name) => class {
    constructor(/** @type {any} */ act) {
      told[name] = act;
    }
    observe() {}
    disconnect() {
      ended += 1;
    }
  };
  const quiet = Object.assign(new EventTarget(), { matches: false });
  let paper = '#ffffff';
  const values = {
    window: { devicePixelRatio: 1 },
    matchMedia: () => quiet,
    getComputedStyle: () => ({ getPropertyValue: () => paper }),
    IntersectionObserver: observer('sight'),
    ResizeObserver: observer('size'),
  };
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
    t.after(() => delete (/** @type {any} */ (globalThis)[name]));
  }
  const ownerDocument = new EventTarget();
  const element = /** @type {any} */ ({ clientWidth: 300, clientHeight: 200, ownerDocument });
  /** @type {unknown[]} */
  const drawn = [];
  const watched = watchFigure(element, () => drawn.push(watched.box));
  const see = (/** @type {boolean} */ isIntersecting) => told.sight([{ isIntersecting }]);

  told.size([]);
  assert.deepEqual([watched.box, drawn.length], [null, 0], 'nobody has seen it');
  see(true);
  assert.deepEqual(drawn, [{ width: 300, height: 200, ratio: 1, paper: '#ffffff' }]);
  told.size([]);
  assert.equal(drawn.length, 1, 'nothing has changed');
  element.clientWidth = 400;
  told.size([]);
  paper = '#000000';
  ownerDocument.dispatchEvent(new Event(THEME));
  assert.deepEqual(drawn.slice(1).map((/** @type {any} */ box) => [box.width, box.paper]), [[400, '#ffffff'], [400, '#000000']]);

  see(false);
  element.clientWidth = 500;
  told.size([]);
  assert.deepEqual([watched.box, drawn.length], [null, 3]);
  element.clientWidth = 400;
  see(true);
  assert.equal(drawn.length, 4, 'what it shows may have changed meanwhile');
  assert.equal(drawn[3], drawn[2], 'its box has not');
  watched.end();
  ownerDocument.dispatchEvent(new Event(THEME));
  assert.deepEqual([drawn.length, ended], [4, 2]);
});
