// Files of results that ship with the page, in its folder `recordings`.

import { Refused } from '../run/refused.js';

/**
 * @param {string} file @param {AbortSignal} [signal]
 * @returns {Promise<Response>} Fails with a sentence.
 */
export async function shipped(file, signal) {
  const address = new URL(`../../recordings/${file}`, import.meta.url);
  const response = await fetch(address, { signal }).catch(() => null);
  if (!response?.ok) {
    const why = response ? `the server answered ${response.status}` : 'there is no connection';
    throw new Refused(`\`${file}\` did not load: ${why}`, 'load');
  }
  return response;
}
