// Whether this page is still the one that its address serves: a deployment takes the old one's files
// away, and with them the worker of a tab that was open.

export const UPDATED = 'This page has been updated since you opened it.';

/** The build that a page's HTML names, or null. @param {string} html */
export const buildOf = (html) => /<meta\s+name="build"\s+content="([^"]*)"/.exec(html)?.[1] ?? null;

/**
 * @param {string} [build] Of this page.
 * @param {string} [address]
 * @returns {Promise<boolean>} False also where it cannot be told.
 */
export async function pageUpdated(build = ownBuild(), address = location.href) {
  try {
    const response = await fetch(address.replace(/#.*$/, ''), { cache: 'no-store' });
    const served = response.ok ? buildOf(await response.text()) : null;
    return served !== null && served !== build;
  } catch {
    return false;
  }
}

const ownBuild = () => document.querySelector('meta[name="build"]')?.getAttribute('content') ?? '';
