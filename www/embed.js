// <grokking-demo>: a frame and messages, as docs/embedding.md has it.

const VERSION = 1;
const COMMANDS = ['start', 'run', 'pause', 'step', 'reset', 'pace', 'state', 'curves', 'table'];
const EVENTS = ['ready', 'status', 'evaluated', 'memorised', 'generalised', 'error'];
/** For a loaded frame. */
const PATIENCE_MILLIS = 15_000;
/** A page as high as its frame would grow for ever. */
const GROWS_MAX = 8;

const listed = (text) => text.split(/[\s,]+/).filter(Boolean);
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const fault = (code, message) => Object.assign(new Error(message), { code });

/** Attributes that are no settings: their words, the first by default, or their type. */
const OWN = {
  src: String,
  poster: String,
  preset: String,
  recording: String,
  height: Number,
  scale: Number,
  view: listed,
  controls: listed,
  hide: listed,
  origins: listed,
  autoplay: ['off', 'visible'],
  'when-hidden': ['pause', 'run'],
  theme: ['auto', 'light', 'dark', 'host'],
  keys: ['off', 'on'],
};
/** Attributes of any element. */
const GLOBAL = /^(id|class|style|title|lang|dir|hidden|slot|part|is|role|tabindex|nonce|inert|translate|(data-|aria-|on).*)$/;

const CSS = `
:host { display: block }
:host([hidden]) { display: none }
.box { all: initial; display: block; position: relative; direction: ltr; color: inherit; visibility: inherit; font: 14px/1.4 system-ui }
iframe, .poster { display: block; width: 100%; height: 360px; border: 0 }
.poster { object-fit: contain }
div.poster { background: repeating-linear-gradient(135deg, #d98b6a, #d9c46a, #7fb98a, #6a9fd9, #a98ad0, #d98b6a 25%) center / 240px 240px no-repeat; opacity: 0.4 }
iframe + .poster { position: absolute; top: 0 }
p { margin: 0; padding: 4px 8px; border-left: 3px solid #c2410c; overflow-wrap: anywhere }
a { display: block; width: fit-content; margin-left: auto; color: inherit; font-size: 12px }
[hidden] { display: none }`;

export class GrokkingDemo extends (globalThis.HTMLElement ?? Object) {
  #box = document.createElement('div');
  #link = document.createElement('a');
  #frame = null;
  /** Of the frame, without its theme, which changes in place. */
  #address = '';
  #theme = '';
  #height = 0;
  #width = 0;
  #grown = 0;
  #near = false;
  #seen = false;
  /** Whether it was said to be seen. */
  #told = null;
  /** Whether the frame has said hello. */
  #hears = false;
  #late = 0;
  #soon = 0;
  #asked = 0;
  /** What has no answer yet, by its id. */
  #pending = new Map();
  #ending = null;

  constructor() {
    super();
    const style = new CSSStyleSheet();
    style.replaceSync(CSS);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style];
    root.append(this.#box);
    this.#box.className = 'box';
    this.#box.append(this.#link);
    Object.assign(this.#link, { textContent: 'Open in full', target: '_blank', rel: 'noopener' });
  }

  connectedCallback() {
    // Properties that were set before this file had come.
    for (const name of [...Object.keys(OWN).map(camel), 'settings']) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    const observe = (observer, what, options) => {
      observer.observe(what, options);
      signal.addEventListener('abort', () => observer.disconnect());
    };
    const watch = (act, options) =>
      observe(new IntersectionObserver((entries) => act(entries.at(-1).isIntersecting), options), this.#box);
    watch((near) => {
      this.#near = near;
      if (near) this.#load();
    }, { rootMargin: '50%' });
    watch((seen) => {
      this.#seen = seen;
      this.#look();
    });
    observe(new MutationObserver(() => {
      clearTimeout(this.#soon);
      this.#soon = setTimeout(() => this.#change(), 50);
    }), this, { attributes: true });
    // Nothing says that a slide fades, or a page turns dark.
    const timer = setInterval(() => this.#look(), 500);
    signal.addEventListener('abort', () => clearInterval(timer));
    globalThis.addEventListener('message', (event) => this.#hear(event), { signal });
    this.#change();
  }

  disconnectedCallback() {
    this.#ending.abort();
    clearTimeout(this.#soon);
    this.#near = false;
    this.#end(fault('lost', 'the demo left its page'));
  }

  /** The run by itself, in full. */
  get href() {
    return this.#url({});
  }

  get settings() {
    const names = this.getAttributeNames().filter((name) => !Object.hasOwn(OWN, name) && !GLOBAL.test(name));
    return Object.fromEntries(names.map((name) => [camel(name), this.getAttribute(name)]));
  }

  set settings(settings) {
    for (const name of Object.keys(this.settings)) this.removeAttribute(kebab(name));
    for (const name of Object.keys(settings)) this.setAttribute(kebab(name), settings[name]);
  }

  #url(more) {
    const { src, preset, recording, settings } = this;
    const query = new URLSearchParams({ v: 1 });
    for (const [name, value] of Object.entries({ preset, recording, ...settings, ...more })) {
      if (value !== null && String(value)) query.set(name, value);
    }
    const base = src ? document.baseURI : import.meta.url;
    const page = URL.canParse(src || '.', base) ? new URL(src || '.', base) : null;
    if (!page || !/^(https?|file):/.test(page.href)) return '';
    page.search = query;
    return page.href;
  }

  #framed() {
    const { view, controls, hide, origins, scale, keys, whenHidden, autoplay } = this;
    const played = autoplay === 'off' ? 0 : autoplay;
    return { embed: 1, background: this.theme === 'host' ? 'transparent' : '', view, controls, hide, origins, scale, keys, whenHidden, autoplay: played };
  }

  /** The attributes are others. */
  #change() {
    const before = this.#frame;
    this.#link.href = this.href;
    this.#link.hidden = this.hide.includes('link');
    if (!before || this.#url(this.#framed()) !== this.#address) {
      this.#end(fault('interrupted', 'its attributes were changed'));
      if (before || this.#near) this.#load();
    }
    this.#fit();
    this.#look();
  }

  /** A fresh frame: one that is led elsewhere makes an entry of the history. */
  #load() {
    if (this.#frame || !this.isConnected) return;
    for (const [name, words] of Object.entries(OWN)) {
      const text = this.getAttribute(name);
      const allowed = words === Number ? !(text > 0) && 'a number above 0' : words.includes?.(text) === false && words.join(', ');
      if (text !== null && allowed) this.#say('attribute', `\`${name}\` cannot be \`${text}\`: allowed is ${allowed}`);
    }
    this.#address = this.#url(this.#framed());
    if (!this.#address) {
      this.#fail('src', `\`src\` cannot be \`${this.src}\`: allowed is the address of the demo's page`);
      return;
    }
    this.#theme = this.#wanted();
    this.#frame = document.createElement('iframe');
    Object.assign(this.#frame, {
      src: this.#url({ ...this.#framed(), theme: this.#theme }),
      title: this.title || 'A neural network in training',
      allow: 'clipboard-write',
      onload: () => {
        if (this.#hears) return;
        clearTimeout(this.#late);
        this.#late = setTimeout(() => {
          this.#fail('lost', `no answer from ${this.#address}: it does not load, or this page may not frame it`);
        }, PATIENCE_MILLIS);
      },
    });
    this.#box.prepend(this.#frame);
    this.#fit();
    this.#look();
  }

  /** The frame goes, and the poster is back. */
  #end(error) {
    clearTimeout(this.#late);
    this.#frame = null;
    this.#hears = false;
    this.#told = null;
    this.#refuse(error);
    const { poster } = this;
    const picture = document.createElement(poster ? 'img' : 'div');
    Object.assign(picture, { className: 'poster' }, poster && { src: poster, alt: '' });
    this.#box.replaceChildren(picture, this.#link);
  }

  #refuse(error) {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  /** To readers and to scripts. */
  #say(code, message) {
    this.#link.before(Object.assign(document.createElement('p'), { role: 'alert', textContent: `${message}.` }));
    this.#tell('error', { code, message });
  }

  #fail(code, message) {
    this.#say(code, message);
    this.#refuse(fault(code, message));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #wanted() {
    if (this.theme !== 'host') return this.theme;
    // Light words stand on something dark.
    const [red, green, blue] = getComputedStyle(this.#box).color.match(/[\d.]+/g);
    return 0.3 * red + 0.6 * green + 0.1 * blue > 128 ? 'dark' : 'light';
  }

  /** What the frame has to know of the page around it. */
  #look() {
    const theme = this.#wanted();
    // Only a frame with the scheme of its page lets that be seen.
    if (this.#frame) this.#frame.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
    if (!this.#hears) return;
    const seen = this.#seen && this.#box.checkVisibility?.({ visibilityProperty: true, opacityProperty: true }) !== false;
    if (seen !== this.#told) this.#post('visible', [(this.#told = seen)]);
    if (theme !== this.#theme) this.#post('theme', [(this.#theme = theme)]);
  }

  #fit() {
    const height = this.height > 0 ? this.height : this.#height;
    if (this.#frame && height) this.#frame.style.height = `${height}px`;
  }

  #grow(height) {
    const width = this.#box.offsetWidth;
    this.#grown = width === this.#width && height > this.#height ? this.#grown + 1 : 0;
    if (this.#grown > GROWS_MAX) return;
    this.#width = width;
    this.#height = height;
    this.#fit();
  }

  #post(grokking, parameters, id) {
    const { origin } = new URL(this.#address);
    const target = origin === 'null' ? '*' : origin;
    this.#frame.contentWindow.postMessage({ grokking, id, version: VERSION, arguments: parameters }, target);
  }

  #ask(command, parameters) {
    if (this.#hears) this.#change();
    return new Promise((resolve, reject) => {
      const send = () => {
        try {
          this.#post(command, parameters, id);
        } catch (error) {
          // No message carries a function.
          reject(fault('argument', error.message));
        }
      };
      const id = (this.#asked += 1);
      this.#pending.set(id, { send, resolve, reject });
      if (this.#hears) send();
      else if (this.isConnected) this.#load();
      else this.#refuse(fault('lost', 'the demo is in no page'));
    });
  }

  #hear({ data, source, origin }) {
    if (source !== this.#frame?.contentWindow || origin !== new URL(this.#address).origin) return;
    const { grokking, id, name, value, result, error } = data ?? {};
    if (grokking !== 'event') {
      const asked = this.#pending.get(id);
      this.#pending.delete(id);
      if (error) asked?.reject(fault(error.code, error.message));
      else asked?.resolve(result);
    } else if (name === 'hello') this.#begin(value.version);
    else if (name === 'height') this.#grow(value);
    // A deck goes on after a click into its figure.
    else if (name === 'key') this.dispatchEvent(new KeyboardEvent('keydown', { ...value, bubbles: true, composed: true, cancelable: true }));
    else if (EVENTS.includes(name)) this.#tell(name, value);
  }

  #begin(version) {
    clearTimeout(this.#late);
    if (version !== VERSION) {
      this.#fail('version', `the demo speaks version ${version}, this element ${VERSION}: take the demo's own \`embed.js\``);
      return;
    }
    this.#hears = true;
    this.#told = null;
    this.#box.querySelector('.poster')?.remove();
    this.#post('on', ['height', 'key', ...EVENTS]);
    this.#look();
    for (const { send } of this.#pending.values()) send();
  }

  static {
    for (const command of COMMANDS) {
      this.prototype[command] = function (...parameters) {
        return this.#ask(command, parameters);
      };
    }
    for (const [name, kind] of Object.entries(OWN)) {
      Object.defineProperty(this.prototype, camel(name), {
        get() {
          const text = this.getAttribute(name);
          if (kind === listed) return listed(text ?? '');
          if (kind.includes) return kind.includes(text) ? text : kind[0];
          return text === null ? null : kind(text);
        },
        set(value) {
          if (value === null || value === undefined) this.removeAttribute(name);
          else this.setAttribute(name, value.join?.(' ') ?? value);
        },
      });
    }
  }
}

if (!globalThis.customElements?.get('grokking-demo')) globalThis.customElements?.define('grokking-demo', GrokkingDemo);
