// What an embedding page and a demo in a frame say to each other, as docs/embedding.md has it.

import { Refused } from './run/refused.js';

/** The version of the protocol. */
export const VERSION = 1;

/** Every command, and how many arguments it takes at most. @type {Record<string, number>} */
const COMMANDS = {
  start: 1, run: 0, pause: 0, step: 1, reset: 0, pace: 1, state: 0, curves: 0, table: 0, ablate: 2,
  on: Infinity, off: Infinity, visible: 1, theme: 1,
};
/** What is obeyed at once, and says how things are: it is heard however many wait. */
const AT_ONCE = ['pause', 'on', 'off', 'visible', 'theme'];
/** Messages that may wait for their answers at once. */
export const WAITING_MAX = 100;
/** What a message may have. */
const FIELDS = ['grokking', 'version', 'id', 'arguments'];

/** @typedef {{ command: string, parameters: unknown[] }} Request */

/**
 * Reads what came with a message. Whatever is not as it should be is refused in words.
 * @param {Record<string, unknown>} data
 * @returns {Request}
 */
export function readRequest(data) {
  const { grokking: command, version = VERSION, id = null, arguments: parameters = [] } = data;
  if (version !== VERSION) {
    throw new Refused(`\`version\` cannot be \`${shown(version)}\`: this demo speaks version ${VERSION}`, 'version');
  }
  if (typeof command !== 'string' || !Object.hasOwn(COMMANDS, command)) {
    throw new Refused(`there is no command \`${shown(command)}\`: there is ${Object.keys(COMMANDS).join(', ')}`, 'unknown');
  }
  const stray = Object.keys(data).find((field) => !FIELDS.includes(field));
  if (stray !== undefined) throw new Refused(`a message has no \`${stray}\`: it has ${FIELDS.join(', ')}`, 'argument');
  if (!isId(id)) throw new Refused(`\`id\` cannot be \`${shown(id)}\`: allowed is a number or a text`, 'argument');
  if (!Array.isArray(parameters)) {
    throw new Refused(`\`arguments\` cannot be \`${shown(parameters)}\`: allowed is a list, such as [100]`, 'argument');
  }
  const most = COMMANDS[command];
  if (parameters.length > most) {
    const taken = most === 0 ? 'no arguments' : `at most ${most} argument${most > 1 ? 's' : ''}`;
    throw new Refused(`\`${command}\` takes ${taken}, and has ${parameters.length}`, 'argument');
  }
  return { command, parameters };
}

/** @param {unknown} id */
const isId = (id) => id === null || typeof id === 'string' || typeof id === 'number';

/** A value in a sentence. @param {unknown} value */
export function shown(value) {
  const text = typeof value === 'string' ? value : jsonOf(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** @param {unknown} value */
function jsonOf(value) {
  try {
    return JSON.stringify(value);
  } catch {
    return typeof value; // A circle, or a number of any size.
  }
}

/**
 * Answers messages, to their sender only, and tells events to whoever asked for them.
 * @param {Record<string, (...parameters: any[]) => unknown>} commands All but `on` and `off`.
 * @param {{ mayCommand: (event: MessageEvent) => boolean, events: string[],
 *   lasting: (name: string) => unknown[] }} options Who is obeyed; what there is to listen to; and what of it
 *   still holds for whoever asks later.
 */
export function createProtocol(commands, { mayCommand, events, lasting }) {
  /** By window and origin. @type {{ source: MessageEventSource, origin: string, names: Set<string> }[]} */
  let listeners = [];
  let waiting = 0;

  /** @param {Pick<MessageEvent, 'source' | 'origin'>} to @param {object} message */
  function send({ source, origin }, message) {
    // A page without an origin of its own cannot be named.
    const targetOrigin = origin && origin !== 'null' ? origin : '*';
    source?.postMessage({ ...message, version: VERSION }, { targetOrigin });
  }

  /** @param {MessageEvent} event @param {unknown[]} parameters */
  function checked({ source, origin }, parameters) {
    const wrong = parameters.find((name) => !events.includes(/** @type {string} */ (name)));
    if (wrong !== undefined) {
      throw new Refused(`there is no event \`${shown(wrong)}\`: there is ${events.join(', ')}`, 'unknown');
    }
    const known = listeners.find((listener) => listener.source === source && listener.origin === origin);
    if (known) return known;
    const fresh = { source: /** @type {MessageEventSource} */ (source), origin, names: new Set() };
    listeners.push(fresh);
    return fresh;
  }

  /** @param {MessageEvent} event @param {Request} request */
  async function obey(event, { command, parameters }) {
    if (command !== 'on' && command !== 'off') {
      if (waiting >= WAITING_MAX && !AT_ONCE.includes(command)) {
        throw new Refused(`${WAITING_MAX} messages wait for their answers already`, 'busy');
      }
      waiting += 1;
      try {
        return await commands[command](...parameters);
      } finally {
        waiting -= 1;
      }
    }
    const names = [...new Set(/** @type {string[]} */ (parameters))];
    const listener = checked(event, names);
    if (command === 'off') {
      for (const name of names.length > 0 ? names : [...listener.names]) listener.names.delete(name);
      return [...listener.names];
    }
    for (const name of names) {
      listener.names.add(name);
      for (const value of lasting(name)) send(listener, { grokking: 'event', name, value });
    }
    return [...listener.names];
  }

  return {
    /** @param {MessageEvent} event */
    async hear(event) {
      const { data, source } = event;
      if (typeof data !== 'object' || data === null || !('grokking' in data) || !source) return;
      // Answers and events, of another demo.
      if ('result' in data || 'error' in data || data.grokking === 'event') return;
      const head = { grokking: data.grokking, id: isId(data.id) ? data.id ?? null : null };
      try {
        if (!mayCommand(event)) {
          throw new Refused('only the page around this demo commands it, and those in `origins` of its link', 'origin');
        }
        send(event, { ...head, result: (await obey(event, readRequest(data))) ?? null });
      } catch (error) {
        const { code = 'command', message = String(error) } = /** @type {any} */ (error ?? {});
        send(event, { ...head, error: { code, message } });
      }
    },
    /** @param {string} name @param {unknown} value */
    tell(name, value) {
      // Windows that were closed hear nothing.
      listeners = listeners.filter(({ source }) => !(/** @type {Window} */ (source)).closed);
      for (const listener of listeners) {
        if (listener.names.has(name)) send(listener, { grokking: 'event', name, value });
      }
    },
  };
}
