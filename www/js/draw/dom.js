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

/** Writes text only where it changed, so that live regions speak once. */
export function write(/** @type {HTMLElement} */ node, /** @type {string} */ text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`index.html has no #${id}`);
  return node;
}

/** What each list shows, by key. @type {WeakMap<HTMLElement, Map<unknown, HTMLElement>>} */
const lists = new WeakMap();

/**
 * Makes a parent's children those of a list: an item that stays keeps its element, and with it the
 * focus and the pointer. Where the focused one goes, its neighbour gets the focus.
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
  const kept = new Set(after.values());
  for (const node of before.values()) {
    if (kept.has(node)) continue;
    const place = Array.from(parent.children).indexOf(node);
    const focused = node.contains(document.activeElement);
    node.remove();
    if (!focused) continue;
    const neighbour = parent.children[Math.min(place, parent.children.length - 1)];
    const target = neighbour?.matches('button, a, input') ? neighbour : neighbour?.querySelector('button, a, input');
    /** @type {HTMLElement | null | undefined} */ (target)?.focus();
  }
  let place = parent.firstElementChild;
  for (const node of after.values()) {
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  lists.set(parent, after);
}
