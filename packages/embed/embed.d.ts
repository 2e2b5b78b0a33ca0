/** What a run is told of: see `docs/embedding.md`. */
export interface RunState {
  status: 'loading' | 'idle' | 'running' | 'paused' | 'finished' | 'failed';
  backend: 'cpu' | 'webgpu' | null;
  step: number;
  trainAccuracy: number | null;
  heldOutAccuracy: number | null;
  /** Of held-out cells whose mirror image is trained on; null where there is none. */
  mirroredAccuracy: number | null;
  unmirroredAccuracy: number | null;
  trainLoss: number | null;
  heldOutLoss: number | null;
  stepsPerSecond: number | null;
  /** The first step at which 99 % of what is trained on was right. */
  memorisedAt: number | null;
  /** The first step at which 99 % of what is held out was right. */
  generalisedAt: number | null;
  /** Whether it is a recording. */
  recorded: boolean;
  /** The preset and every setting. */
  config: { preset: string; [setting: string]: string | number };
}

/** Row-major; 65535 where there is no equation or no prediction yet. */
export interface Table {
  size: number;
  answer: Uint16Array;
  predicted: Uint16Array;
  heldOut: Uint8Array;
}

/** A preset and what differs from it, by the names of the settings. */
export interface RunConfig {
  preset?: string;
  [setting: string]: string | number | undefined;
}

/** Of what is refused; `docs/embedding.md` says what each means. */
export type RefusalCode =
  | 'setting' | 'argument' | 'unknown' | 'syntax' | 'command' | 'interrupted' | 'busy' | 'load' | 'recording' | 'lost'
  | 'version' | 'origin' | 'weights' | 'not-finite' | 'device' | 'crash' | 'attribute' | 'src' | 'link' | 'failed';

/** What a command is refused with, and the detail of an `error` event. */
export interface Refusal {
  code: RefusalCode;
  message: string;
}

export interface GrokkingDemoEventMap {
  ready: CustomEvent<RunState>;
  status: CustomEvent<RunState['status']>;
  evaluated: CustomEvent<RunState>;
  memorised: CustomEvent<RunState>;
  generalised: CustomEvent<RunState>;
  error: CustomEvent<Refusal>;
}

export class GrokkingDemo extends HTMLElement {
  /** Of the demo's page; by default where `embed.js` lies. */
  src: string | null;
  /** A picture to show until the demo is near. */
  poster: string | null;
  preset: string | null;
  /** A recorded run of the page, such as `s5`. */
  recording: string | null;
  /** In pixels; null follows the content. */
  height: number | null;
  scale: number | null;
  view: string[];
  controls: string[];
  hide: string[];
  /** Of other pages that may command the demo. */
  origins: string[];
  autoplay: 'off' | 'visible';
  whenHidden: 'pause' | 'run';
  theme: 'auto' | 'light' | 'dark' | 'host';
  keys: 'off' | 'on';
  /** Every setting that an attribute names, in camel case; setting it replaces them all. */
  get settings(): Record<string, string>;
  set settings(settings: Record<string, string | number>);
  /** The run that is shown, as a page of its own. */
  readonly href: string;

  /** A new run with these differences from its preset, training. */
  start(config?: RunConfig): Promise<null>;
  run(): Promise<null>;
  pause(): Promise<null>;
  /** Resolves when the steps are done and evaluated; a step that is cut short rejects with how far it came. */
  step(n?: number): Promise<null>;
  /** The same seed, the same run. */
  reset(): Promise<null>;
  /** Steps between pictures; null adapts. */
  pace(steps: number | null): Promise<null>;
  state(): Promise<RunState>;
  /** Columns of equal length. */
  curves(): Promise<Record<string, Float64Array>>;
  table(): Promise<Table | null>;

  addEventListener<K extends keyof GrokkingDemoEventMap>(
    type: K, listener: (this: GrokkingDemo, event: GrokkingDemoEventMap[K]) => void, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof GrokkingDemoEventMap>(
    type: K, listener: (this: GrokkingDemo, event: GrokkingDemoEventMap[K]) => void, options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'grokking-demo': GrokkingDemo;
  }
}
