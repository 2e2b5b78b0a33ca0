// What lies on something else, as a script for a page.

/** Pairs of words, controls and pictures that lie on one another; words within a picture are part of it. */
export const OVERLAPS = `(() => {
  const demo = document.querySelector('#demo');
  const parts = [];
  const walker = document.createTreeWalker(demo, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.textContent.trim() || !node.parentElement.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) parts.push({ node: node.parentElement, box, name: node.textContent.trim().slice(0, 30) });
  }
  for (const node of demo.querySelectorAll('button, summary, input, select, canvas')) {
    if (node.checkVisibility({ visibilityProperty: true })) parts.push({ node, box: node.getBoundingClientRect(), name: node.tagName + ' ' + (node.textContent || node.ariaLabel).trim().slice(0, 30) });
  }
  // What is there for screen readers alone has no room.
  const seen = parts.filter(({ node, box }) => box.width > 1 && box.height > 1 && !node.closest('.unseen, .embed .intro'));
  const figure = (node) => node.closest('.chart, .table-frame');
  return seen.flatMap((a, at) => seen.slice(at + 1).flatMap((b) => {
    if (a.node.contains(b.node) || b.node.contains(a.node)) return [];
    const together = figure(a.node) !== null && figure(a.node) === figure(b.node);
    if (together && (a.node.localName === 'canvas' || b.node.localName === 'canvas')) return [];
    const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    return across > 1 && down > 3 ? [a.name + ' and ' + b.name] : [];
  }));
})()`;
