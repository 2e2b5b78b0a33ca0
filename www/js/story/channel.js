// Between a lecture and the window of its notes, both of this page's own origin.

const NAME = 'grokking story';

/**
 * @typedef {{ type: 'at', at: string, say: string, notes: string, next: string | null, blank: boolean, since: number }} At
 * @typedef {At | { type: 'over' } | { type: 'ask' } | { type: 'turn', turn: import('./keys.js').Turn }} Message
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
