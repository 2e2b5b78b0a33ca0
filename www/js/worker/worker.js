// The worker: loads one of the wasm builds and runs its session, one call at a time.

import { Crew } from './crew.js';
import { probe } from './probe.js';
import { fileOf } from './programs.js';

/** @typedef {import('./protocol.js').WorkerMessage} WorkerMessage */
/** @typedef {{ id: number, command: import('./handle.js').Command, values?: Float32Array }} Request */

const query = new URL(self.location.href).searchParams;
/** What the page asks this worker to be. */
const place = /** @type {import('./protocol.js').Place} */ (Object.fromEntries(query));
const file = fileOf(place);

/** @type {any} */
let session = null;
/** @type {{ program: string, module: WebAssembly.Module } | null} */
let source = null;
const crew = new Crew(
  () => /** @type {any} */ (source),
  navigator.hardwareConcurrency || 1,
  (helpers) => post({ type: 'helped', helpers }),
);
/** @type {Request[]} */
const queue = [];
let busy = false;
/** For turns of the event loop. */
const turns = new MessageChannel();

// Called from the wasm's panic hook: after a panic no promise of the wasm settles.
// @ts-ignore
globalThis.onPanic = (/** @type {string} */ message) => post({ type: 'crashed', message });
// Called from the wasm where a device is lost or misused: the runtime may wait for it for ever.
// @ts-ignore
globalThis.onDeviceLost = (/** @type {string} */ message) => post({ type: 'crashed', message });

self.onmessage = ({ data }) => {
  if (data.helpers !== undefined) {
    crew.allow(data.helpers);
    return;
  }
  queue.push(data);
  pump();
};

load().catch((error) => post({ type: 'crashed', message: String(error?.message ?? error) }));

async function load() {
  const { href } = new URL(`../../${file}.js`, import.meta.url);
  const glue = await import(href);
  const response = await fetch(new URL(`../../${file}_bg.wasm`, import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const module = await WebAssembly.compileStreaming(counted(response));
  await glue.default({ module_or_path: module });
  source = { program: href, module };
  post({ type: 'loaded', version: glue.protocolVersion() });
  session = await glue.WorkerSession.create(place.backend === 'webgpu', crew);
  post({ type: 'ready' });
  pump();
}

/** The same response, telling its bytes as they come. @param {Response} response */
function counted(response) {
  let loaded = 0;
  const counter = new TransformStream({
    transform(/** @type {Uint8Array} */ chunk, controller) {
      loaded += chunk.byteLength;
      post({ type: 'loading', loaded });
      controller.enqueue(chunk);
    },
  });
  const body = /** @type {ReadableStream} */ (response.body).pipeThrough(counter);
  return new Response(body, { headers: { 'content-type': 'application/wasm' } });
}

// Single flight: wasm-bindgen refuses a second call while the first is awaited.
async function pump() {
  if (busy) return;
  busy = true;
  try {
    for (;;) {
      const asked = queue.findIndex(({ command }) => command.type === 'probe');
      if (asked >= 0) await obey(queue.splice(asked, 1)[0]);
      else if (!session) break;
      else if (queue.length) await obey(/** @type {any} */ (queue.shift()));
      else if (session.hasWork) await advance();
      else break;
      await breathe();
    }
  } finally {
    busy = false;
  }
}

/** @param {Request} request */
async function obey({ id, command, values }) {
  try {
    if (command.type === 'probe') {
      const { gpu } = /** @type {any} */ (self.navigator);
      post({ type: 'done', id, error: null, result: await probe(gpu, command.program) });
      return;
    }
    emit(await session.handle(command, values));
    post({ type: 'done', id, error: null });
  } catch (error) {
    post({ type: 'done', id, error: fault(error) });
  }
}

async function advance() {
  try {
    emit(await session.advance());
  } catch (error) {
    post({ type: 'failed', error: fault(error) });
  }
}

/** @param {WorkerMessage[]} events */
function emit(events) {
  for (const event of events) post(event);
}

/** Arrays are transferred, not copied. @param {WorkerMessage} message */
function post(message) {
  const buffers = Object.values(message)
    .filter((value) => ArrayBuffer.isView(value))
    .map((view) => view.buffer);
  self.postMessage(message, { transfer: buffers });
}

/** @param {any} error */
function fault(error) {
  if (error?.code) return error;
  // A trap of the wasm: its memory cannot be trusted any more.
  return { code: 'crash', message: String(error?.message ?? error) };
}

/** A turn of the event loop, in which messages arrive. Timers would be clamped. */
function breathe() {
  return new Promise((resolve) => {
    turns.port1.onmessage = resolve;
    turns.port2.postMessage(null);
  });
}
