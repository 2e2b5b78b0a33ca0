// As much of a document as the element of `embed.js` uses.

/** What a frame's window was sent. @typedef {{ data: any, targetOrigin: string }} Sent */

/** @type {Node[]} */
const connected = [];

class Node extends EventTarget {
  /** @param {string} [name] */
  constructor(name = '') {
    super();
    this.name = name;
    /** @type {Map<string, string>} */
    this.attributes = new Map();
    /** @type {any[]} */
    this.children = [];
    /** @type {Node | null} */
    this.parent = null;
    /** @type {Record<string, string>} */
    this.style = {};
    this.hidden = false;
    this.className = '';
    this.textContent = '';
    this.offsetWidth = 640;
    if (name === 'iframe') {
      /** @type {Sent[]} */
      const sent = [];
      this.contentWindow = {
        sent,
        postMessage: (/** @type {any} */ data, /** @type {string} */ targetOrigin) => sent.push({ data: structuredClone(data), targetOrigin }),
      };
    }
  }

  get isConnected() {
    return connected.includes(this);
  }

  getAttribute(/** @type {string} */ name) {
    return this.attributes.get(name) ?? null;
  }

  hasAttribute(/** @type {string} */ name) {
    return this.attributes.has(name);
  }

  getAttributeNames() {
    return [...this.attributes.keys()];
  }

  setAttribute(/** @type {string} */ name, /** @type {unknown} */ value) {
    this.attributes.set(name, String(value));
    Observer.changed(this);
  }

  removeAttribute(/** @type {string} */ name) {
    this.attributes.delete(name);
    Observer.changed(this);
  }

  attachShadow() {
    return (this.shadow = new Node('shadow'));
  }

  append(/** @type {any[]} */ ...nodes) {
    this.children.push(...nodes);
    for (const node of nodes) node.parent = this;
  }

  prepend(/** @type {any[]} */ ...nodes) {
    this.children.unshift(...nodes);
    for (const node of nodes) node.parent = this;
  }

  before(/** @type {Node} */ node) {
    const { children } = /** @type {Node} */ (this.parent);
    children.splice(children.indexOf(this), 0, node);
    node.parent = this.parent;
  }

  replaceChildren(/** @type {any[]} */ ...nodes) {
    this.children = [];
    this.append(...nodes);
  }

  remove() {
    const children = this.parent?.children ?? [];
    children.splice(children.indexOf(this), 1);
  }

  querySelector(/** @type {string} */ selector) {
    return this.children.find(({ className }) => `.${className}` === selector) ?? null;
  }
}

/** Observers that a test makes speak. */
class Observer {
  /** @type {Observer[]} */
  static all = [];

  /** @param {(entries: any[]) => void} told @param {object} [options] */
  constructor(told, options) {
    this.told = told;
    this.options = options;
    /** @type {unknown[]} */
    this.seen = [];
    Observer.all.push(this);
  }

  observe(/** @type {unknown} */ what) {
    this.seen.push(what);
  }

  disconnect() {
    this.seen = [];
  }

  /** @param {Node} node */
  static changed(node) {
    for (const observer of Observer.all) if (observer.seen.includes(node)) queueMicrotask(() => observer.told([]));
  }
}

/**
 * Puts a document in its place and loads the element anew.
 * @param {import('node:test').TestContext} t
 */
export async function withDocument(t) {
  Observer.all = [];
  const values = {
    HTMLElement: Node,
    document: { createElement: (/** @type {string} */ name) => new Node(name), baseURI: 'https://author.example/post/' },
    CSSStyleSheet: class {
      replaceSync() {}
    },
    IntersectionObserver: Observer,
    MutationObserver: class extends Observer {},
    KeyboardEvent: class extends Event {
      constructor(/** @type {string} */ name, /** @type {any} */ { key, keyCode, ...options }) {
        super(name, options);
        Object.assign(this, { key, keyCode });
      }
    },
    CustomEvent: globalThis.CustomEvent,
    getComputedStyle: () => ({ outlineColor: state.color }),
    addEventListener: (/** @type {string} */ _, /** @type {any} */ act) => state.listeners.add(act),
    removeEventListener: (/** @type {string} */ _, /** @type {any} */ act) => state.listeners.delete(act),
  };
  /** @type {{ color: string, listeners: Set<(event: any) => void> }} */
  const state = { color: 'lab(0 0 0)', listeners: new Set() };
  // Elements go before the document does.
  t.after(() => {
    for (const element of [...connected]) take(element);
  });
  for (const [name, value] of Object.entries(values)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
    t.after(() => {
      if (before) Object.defineProperty(globalThis, name, before);
      else delete (/** @type {any} */ (globalThis)[name]);
    });
  }
  const { GrokkingDemo } = await import(`../../www/embed.js?${Math.random()}`);

  /** An element in the page. @param {Record<string, unknown>} attributes @param {(element: any) => void} [before] */
  const put = (attributes = {}, before = () => {}) => {
    const element = new GrokkingDemo();
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    before(element);
    connected.push(element);
    element.connectedCallback();
    const box = element.shadow.children[0];
    const near = /** @type {Observer} */ (Observer.all.findLast(({ seen }) => seen.includes(box)));
    const frame = () => box.children.find((/** @type {Node} */ { name }) => name === 'iframe') ?? null;
    return {
      element, box, frame,
      come: () => near.told([{ isIntersecting: true }]),
      /** From the frame. */
      say: (/** @type {any} */ data, from = frame()?.contentWindow, origin = frame() && new URL(frame().src).origin) => {
        for (const listener of state.listeners) listener({ data, source: from, origin });
      },
      sent: () => /** @type {any[]} */ (frame()?.contentWindow.sent.map((/** @type {Sent} */ { data }) => data) ?? []),
      words: () => box.children.filter((/** @type {Node} */ { name }) => name === 'p').map((/** @type {Node} */ { textContent }) => textContent),
    };
  };
  const take = (/** @type {any} */ element) => {
    if (!element.isConnected) return;
    connected.splice(connected.indexOf(element), 1);
    element.disconnectedCallback();
  };
  return { put, take, state };
}
