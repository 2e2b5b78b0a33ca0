// Hands a file to the browser.

/** Long enough for a browser to have taken it. */
const TAKEN_MILLIS = 60_000;

/** @param {string} name @param {BlobPart} content @param {string} type */
export function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  Object.assign(link, { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), TAKEN_MILLIS);
}
