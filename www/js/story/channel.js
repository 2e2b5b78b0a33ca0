// Between a lecture and the window of its notes, both of this page's own origin.

const NAME = 'grokking story';

/**
 * A lecture is told from others that are open by when it began.
 * @typedef {{ type: 'at', at: string, say: string, notes: string, next: string | null, blank: boolean, since: number }} At
 * @typedef {{ type: 'turn', turn: import('./keys.js').Turn, since: number }} Asked
 * @typedef {At | Asked | { type: 'over', since: number } | { type: 'ask' }} Message
 */

/**
 * @param {'lecture' | 'notes'} side Hears the other alone.
 * @param {(message: any) => void} hear
 */
export function channel(side, hear) {
  // Another folder of the same host has a story of its own.
  const line = new BroadcastChannel(`${NAME} ${new URL('.', document.baseURI).pathname}`);
  line.onmessage = ({ data }) => {
    if (data?.side !== side) hear(data.message);
  };
  return {
    /** @param {Message} message */
    post: (message) => line.postMessage({ side, message }),
    close: () => line.close(),
  };
}
