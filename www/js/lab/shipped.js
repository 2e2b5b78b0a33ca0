// Files of results that ship with the page, in its folder `recordings`.

/**
 * @param {string} file
 * @returns {Promise<Response>} Fails with a sentence.
 */
export async function shipped(file) {
  const response = await fetch(new URL(`../../recordings/${file}`, import.meta.url)).catch(() => null);
  if (!response?.ok) {
    const why = response ? `the server answered ${response.status}` : 'there is no connection';
    throw new Error(`\`${file}\` did not load: ${why}`);
  }
  return response;
}
