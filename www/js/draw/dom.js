// Building elements.

/**
 * An element with properties and children. Keys with a dash are attributes.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes('-') || key === 'role') node.setAttribute(key, value);
    else /** @type {any} */ (node)[key] = value;
  }
  node.append(...children);
  return node;
}

let names = 0;
/** A name that no other demo on the page has, for an id or a group of radio buttons. @param {string} name */
export const unique = (name) => `${name}-${(names += 1)}`;

/** Writes text only where it changed, so that live regions speak once. */
export function write(/** @type {HTMLElement} */ node, /** @type {string} */ text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A sentence in which values stand in `backticks`, as nodes. @param {string} text @returns {(Node | string)[]} */
export const prose = (text) =>
  text.split('`').map((part, at) => (at % 2 ? element('code', {}, part) : part));

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`index.html has no #${id}`);
  return node;
}

/** What each list shows, by key. @type {WeakMap<HTMLElement, Map<unknown, HTMLElement>>} */
const lists = new WeakMap();

/** What can have the focus. */
const CONTROLS = 'button, a[href], input, select, textarea';

/** The controls of an item, and itself if it is one. @param {Element} node @returns {HTMLElement[]} */
const controlsOf = (node) => [...(node.matches(CONTROLS) ? [node] : []), ...node.querySelectorAll(CONTROLS)]
  .map((control) => /** @type {HTMLElement} */ (control));

/**
 * Makes a parent's children those of a list: an item that stays keeps its element, and with it the
 * focus and the pointer. Where the focused one goes, the same control of its nearest neighbour gets the
 * focus, or the list itself if that is empty now.
 * @template T
 * @param {HTMLElement} parent Has no other children.
 * @param {T[]} items
 * @param {(item: T) => unknown} key Equal for an item that stays, and different for any two.
 * @param {(item: T) => HTMLElement} create
 * @param {(node: HTMLElement, item: T) => void} [update] Called for new ones too.
 */
export function keyed(parent, items, key, create, update = () => {}) {
  const before = lists.get(parent) ?? new Map();
  /** @type {Map<unknown, HTMLElement>} */
  const after = new Map();
  for (const item of items) {
    const node = before.get(key(item)) ?? create(item);
    update(node, item);
    after.set(key(item), node);
  }
  lists.set(parent, after);
  const kept = new Set(after.values());
  const old = [...before.values()];
  const active = /** @type {HTMLElement | null} */ (parent.ownerDocument.activeElement);
  const place = active === null ? -1 : old.findIndex((node) => node.contains(active));
  const control = place < 0 || active === null ? -1 : controlsOf(old[place]).indexOf(active);

  for (const node of old) if (!kept.has(node)) node.remove();
  let next = parent.firstElementChild;
  for (const node of kept) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }

  if (place < 0 || !active) return;
  if (kept.has(old[place])) {
    // What is moved loses the focus.
    if (parent.ownerDocument.activeElement !== active) active.focus({ preventScroll: true });
    return;
  }
  const isKept = (/** @type {HTMLElement} */ node) => kept.has(node);
  const neighbour = old.slice(place).find(isKept) ?? old.slice(0, place).findLast(isKept);
  const controls = neighbour ? controlsOf(neighbour) : [];
  const target = controls[Math.min(Math.max(control, 0), controls.length - 1)] ?? parent;
  if (target === parent) parent.tabIndex = -1;
  target.focus({ preventScroll: true });
}
