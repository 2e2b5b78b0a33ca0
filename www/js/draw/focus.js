// What goes away leaves the focus to a neighbour.

const isThere = (/** @type {Element} */ node) =>
  node.getClientRects().length > 0 && !(/** @type {HTMLButtonElement} */ (node).disabled);

/**
 * Draws, and hands the focus on if what had it is not there any more.
 * @param {HTMLElement} root @param {() => void} draw @param {HTMLElement[]} next The first that is there gets it.
 */
export function keepFocus(root, draw, next) {
  const active = root.ownerDocument.activeElement;
  const had = active !== null && active !== root && root.contains(active);
  draw();
  if (had && !isThere(active)) next.find(isThere)?.focus({ preventScroll: true });
}
