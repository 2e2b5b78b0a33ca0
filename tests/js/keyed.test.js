// Lists that are updated by key: what stays is not touched, and the focus is not lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyed } from '../../www/js/draw/dom.js';

const PAGE = { activeElement: /** @type {FakeNode | null} */ (null) };

/** As much of an element as a list needs; as in a browser, what leaves its place loses the focus. */
class FakeNode {
  /** @type {FakeNode[]} */ children = [];
  /** @type {FakeNode | null} */ parent = null;
  tabIndex = 0;
  ownerDocument = PAGE;

  constructor(/** @type {string} */ tag, /** @type {string} */ name, /** @type {FakeNode[]} */ children = []) {
    Object.assign(this, { tag, name });
    for (const child of children) this.insertBefore(child, null);
  }
  get firstElementChild() {
    return this.children[0] ?? null;
  }
  get nextElementSibling() {
    const among = this.parent?.children ?? [];
    return among[among.indexOf(this) + 1] ?? null;
  }
  /** @param {FakeNode | null} node @returns {boolean} */
  contains(node) {
    return node === this || this.children.some((child) => child.contains(node));
  }
  remove() {
    if (this.contains(PAGE.activeElement)) PAGE.activeElement = null;
    const { parent } = this;
    if (parent) parent.children = parent.children.filter((child) => child !== this);
    this.parent = null;
  }
  /** @param {FakeNode} node @param {FakeNode | null} next */
  insertBefore(node, next) {
    node.remove();
    const at = next ? this.children.indexOf(next) : this.children.length;
    this.children.splice(at, 0, node);
    node.parent = this;
  }
  matches() {
    return /** @type {any} */ (this).tag === 'button';
  }
  /** @returns {FakeNode[]} */
  querySelectorAll() {
    return this.children.flatMap((child) => [...(child.matches() ? [child] : []), ...child.querySelectorAll()]);
  }
  focus() {
    PAGE.activeElement = this;
  }
}

/** A list of lines, each with two buttons. */
function list() {
  PAGE.activeElement = null;
  const parent = new FakeNode('ul', 'list');
  let made = 0;
  return {
    parent,
    made: () => made,
    show: (/** @type {string} */ letters) => keyed(/** @type {any} */ (parent), [...letters], (letter) => letter, (letter) => {
      made += 1;
      const buttons = ['open', 'remove'].map((what) => new FakeNode('button', `${what} ${letter}`));
      return /** @type {any} */ (new FakeNode('li', letter, buttons));
    }),
    shown: () => parent.children.map((child) => /** @type {any} */ (child).name).join(''),
    focus: (/** @type {string} */ name) =>
      parent.querySelectorAll().find((button) => /** @type {any} */ (button).name === name)?.focus(),
    focused: () => /** @type {any} */ (PAGE.activeElement)?.name,
  };
}

const letters = fc.uniqueArray(fc.constantFrom(...'abcdefg')).map((all) => all.join(''));

test('a list shows its items in their order, and makes each once', () => {
  fc.assert(fc.property(letters, letters, (before, after) => {
    const { show, shown, parent, made } = list();
    show(before);
    const nodes = new Map(parent.children.map((node) => [/** @type {any} */ (node).name, node]));
    show(after);
    assert.equal(shown(), after);
    for (const node of parent.children) {
      const { name } = /** @type {any} */ (node);
      if (nodes.has(name)) assert.equal(node, nodes.get(name));
    }
    assert.equal(made(), new Set(before + after).size);
  }));
});

test('the focus is never lost, and stays where its item stays', () => {
  fc.assert(fc.property(letters.filter((all) => all.length > 0), letters, fc.nat(), (before, after, at) => {
    const { show, focus, focused } = list();
    show(before);
    const letter = before[at % before.length];
    focus(`remove ${letter}`);
    show(after);
    if (after.includes(letter)) assert.equal(focused(), `remove ${letter}`);
    else assert.notEqual(focused(), undefined);
  }));
});

test('the same control of the next item gets the focus of one that goes, or of the one before', () => {
  const { show, focus, focused } = list();
  show('abcd');
  focus('remove b');
  show('acd');
  assert.equal(focused(), 'remove c');
  show('ad');
  assert.equal(focused(), 'remove d');
  show('a');
  assert.equal(focused(), 'remove a');
  show('');
  assert.equal(focused(), 'list');
});

test('a list takes no focus that it did not have', () => {
  const { show, focused } = list();
  show('ab');
  show('b');
  assert.equal(focused(), undefined);
});
