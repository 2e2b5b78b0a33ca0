// What the reader's connection should be spared.

const connection = () => /** @type {any} */ (navigator).connection;

/** The reader has asked for little data. */
export const savesData = () => connection()?.saveData === true;

/** Bytes may cost the reader: nothing large is fetched that was not asked for. */
export const isMetered = () => savesData() || connection()?.type === 'cellular';
