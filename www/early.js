// What the page opens with is asked for at once, but not where the address shows something else. The stamp of a
// build writes this into the page, and its policy has the hash.
/** @param {string} rel Of the link that has the address. */
const early = (rel) => document.querySelector(`link[rel=${rel}]`)?.setAttribute('rel', 'preload');
if (/^(\?((v|theme|scale|keys|hide|controls|present|utm_\w+|fbclid|gclid)=[^&]*(&|$))*)?$/.test(location.search)) early('opening');
if (!/[?&]notes=/.test(location.search)) early('charts');
