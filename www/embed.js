// <grokking-demo>: a frame and messages, as docs/embedding.md has it.

const listed = (text) => text.split(/[\s,]+/).filter(Boolean);

const VERSION = 1;
const COMMANDS = listed('start run pause step reset pace state curves table');
const EVENTS = listed('ready status evaluated memorised generalised error');
const PAGE = /^(https?|file):/;
/** For a loaded frame. */
const PATIENCE_MILLIS = 15_000;
/** A page as high as its frame would grow for ever. */
const GROWS_MAX = 8;

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const make = (name, properties) => Object.assign(document.createElement(name), properties);
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
  autoplay: listed('off visible'),
  'when-hidden': listed('pause run'),
  theme: listed('auto light dark host'),
  keys: listed('off on'),
};
/** Attributes of any element or framework. */
const GLOBAL = /^(id|class|style|title|lang|dir|hidden|slot|part|is|role|tabindex|nonce|inert|translate|(data-|aria-|on).*)$|[^a-z-]/;

const CSS = `
:host { display: block }
.box { all: initial; display: block; position: relative; direction: ltr; color: inherit; outline-color: color-mix(in lab, currentColor, currentColor); visibility: inherit; font: 14px/1.4 system-ui }
iframe, .poster { display: block; width: 100%; height: 360px; border: 0; object-fit: contain }
div.poster { background: repeating-linear-gradient(135deg, #d986, #69d6, #d986 25%) center / 240px 240px no-repeat }
iframe + .poster { position: absolute; top: 0 }
p { margin: 0; padding: 4px 8px; border-left: 3px solid #c2410c; overflow-wrap: anywhere }
a { display: block; width: fit-content; margin-left: auto; color: inherit; font: 12px/2 system-ui }
:host([hidden]), [hidden] { display: none }`;

export class GrokkingDemo extends (globalThis.HTMLElement ?? Object) {
  #box = make('div', { className: 'box', lang: 'en' });
  #link = make('a', { textContent: 'Open in full', target: '_blank' });
  #frame = null;
  /** Of the frame, without its theme, which changes in place. */
  #address = '';
  #origin = '';
  #height = 0;
  #width = 0;
  #grown = 0;
  #near = false;
  /** What the frame was told last. */
  #told = {};
  /** Whether the frame has said hello. */
  #hears = false;
  /** Why it takes no command, until its frame speaks. */
  #fault = null;
  /** Of the run that is shown. */
  #run = '';
  #late = 0;
  #asked = 0;
  /** What has no answer yet, by its id. */
  #pending = new Map();
  #timer = 0;
  #changes = new MutationObserver(() => this.#change());
  #nearing = new IntersectionObserver((entries) => {
    this.#near = entries.at(-1).isIntersecting;
    if (this.#near) this.#load();
  }, { rootMargin: '50%' });

  constructor() {
    super();
    const style = new CSSStyleSheet();
    style.replaceSync(CSS);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style];
    root.append(this.#box);
    this.#box.append(this.#link);
  }

  connectedCallback() {
    // Properties that were set before this file had come.
    for (const [name, value] of Object.entries(this)) {
      delete this[name];
      this[name] = value;
    }
    this.#nearing.observe(this.#box);
    this.#changes.observe(this, { attributes: true });
    // Nothing says that a slide fades, or a page turns dark.
    this.#timer = setInterval(() => this.#look(), 500);
    globalThis.addEventListener('message', this.#hear);
    this.#change();
  }

  disconnectedCallback() {
    this.#nearing.disconnect();
    this.#changes.disconnect();
    clearInterval(this.#timer);
    globalThis.removeEventListener('message', this.#hear);
    this.#near = false;
    this.#end(fault('lost', 'the demo left its page'));
  }

  /** The run by itself, in full. */
  get href() {
    return this.#run || this.#url({});
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
    if (!page || !PAGE.test(page.href)) return '';
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
    const { poster } = this;
    const before = this.#frame;
    if (!before || this.#url(this.#framed()) !== this.#address) {
      this.#end(fault('interrupted', 'its attributes were changed'));
      this.#box.prepend(make(poster ? 'img' : 'div', { className: 'poster', src: poster, alt: '' }));
      if (before || this.#near) this.#load();
    }
    this.#link.href = this.href;
    this.#link.hidden = this.hide.includes('link');
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
    this.#origin = new URL(this.#address).origin;
    this.#frame = make('iframe', {
      src: this.#url({ ...this.#framed(), theme: this.#wanted() }),
      title: this.title || 'A neural network in training',
      allow: 'clipboard-write',
      // Perhaps not the first: whatever came is asked for a sign of life.
      onload: () => {
        if (this.#fault) return;
        clearTimeout(this.#late);
        this.#late = setTimeout(() => {
          this.#fail('lost', `no answer from ${this.#address}: it does not load, or this page may not frame it`);
        }, PATIENCE_MILLIS);
        this.#told = {};
        this.#look();
      },
    });
    this.#box.prepend(this.#frame);
    this.#fit();
    this.#look();
  }

  #end(error) {
    clearTimeout(this.#late);
    this.#frame = null;
    this.#hears = false;
    this.#fault = null;
    this.#run = '';
    this.#refuse(error);
    this.#box.replaceChildren(this.#link);
  }

  #refuse(error) {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  /** To readers and to scripts. */
  #say(code, message, className = '') {
    this.#link.before(make('p', { className, role: 'alert', textContent: `${message}.` }));
    this.#tell('error', { code, message });
  }

  #fail(code, message) {
    this.#fault = fault(code, message);
    this.#refuse(this.#fault);
    this.#say(code, message, 'fault');
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #wanted() {
    if (this.theme !== 'host') return this.theme;
    // Light words stand on something dark; the sheet has any colour of them as `lab(lightness …)`.
    return getComputedStyle(this.#box).outlineColor.match(/[\d.]+/) > 50 ? 'dark' : 'light';
  }

  /** What the frame has to know of the page around it. */
  #look() {
    const theme = this.#wanted();
    // Only a frame with the scheme of its page lets that be seen.
    if (this.#frame) this.#frame.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
    if (!this.#hears) return;
    // That it is scrolled away the frame knows.
    const visible = this.#box.checkVisibility?.({ visibilityProperty: true, opacityProperty: true }) !== false;
    for (const [name, value] of Object.entries({ visible, theme })) {
      if (this.#told[name] !== value) this.#post(name, [(this.#told[name] = value)]);
    }
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
    const target = this.#origin === 'null' ? '*' : this.#origin;
    this.#frame.contentWindow.postMessage({ grokking, id, version: VERSION, arguments: parameters }, target);
  }

  #ask(command, parameters) {
    if (this.isConnected) this.#change();
    else this.#fault = fault('lost', 'the demo is in no page');
    return new Promise((resolve, reject) => {
      if (this.#fault) throw this.#fault;
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
      else this.#load();
    });
  }

  #hear = ({ data, source, origin }) => {
    if (source !== this.#frame?.contentWindow || origin !== this.#origin) return;
    // Whatever it says: it lives.
    clearTimeout(this.#late);
    this.#fault = null;
    this.#box.querySelector('.fault')?.remove();
    const { grokking, id, name, value, result, error } = data ?? {};
    if (grokking !== 'event') {
      const asked = this.#pending.get(id);
      this.#pending.delete(id);
      if (error) asked?.reject(fault(error.code, error.message));
      else asked?.resolve(result);
    } else if (name === 'hello') this.#begin(value.version);
    else if (name === 'height') this.#grow(value);
    else if (name === 'link' && PAGE.test(value)) this.#link.href = this.#run = value;
    // A deck goes on after a click into its figure.
    else if (name === 'key') this.dispatchEvent(new KeyboardEvent('keydown', { ...value, bubbles: true, composed: true, cancelable: true }));
    else if (EVENTS.includes(name)) this.#tell(name, value);
  };

  #begin(version) {
    if (this.#hears) this.#refuse(fault('lost', 'the demo was loaded again'));
    this.#hears = version === VERSION;
    this.#told = {};
    if (!this.#hears) {
      this.#fail('version', `the demo speaks version ${version}, this element ${VERSION}: take the demo's own \`embed.js\``);
      return;
    }
    this.#box.querySelector('.poster')?.remove();
    this.#post('on', ['height', 'link', 'key', ...EVENTS]);
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
          if ((value ?? null) === null) this.removeAttribute(name);
          else this.setAttribute(name, value.join?.(' ') ?? value);
        },
      });
    }
  }
}

if (!globalThis.customElements?.get('grokking-demo')) globalThis.customElements?.define('grokking-demo', GrokkingDemo);
