// The larger types of what the page shows: declarations alone, so that no browser loads them.

type Settings = import('../worker/protocol.js').Settings;
type Inspected = import('../worker/protocol.js').Inspected;
type Choice = import('./run.js').Choice;

/** Not part of a run. */
export interface PageOptions {
  backend: 'cpu' | 'webgpu' | null;
  /** Whether it is a frame in somebody else's page. */
  embed: boolean;
  /** At once, or in a frame when it is seen. */
  autoplay: boolean | 'visible';
  /** Whether the story is told as a lecture. */
  present: boolean;
  /** What a frame does that is not seen. */
  whenHidden: 'pause' | 'run';
  /** The origins of pages that may command it, beside the one around it. */
  origins: string[];
  /** Controls that are not shown. */
  hide: string[];
  /** What a frame shows; none is its usual: table, curves and caption. */
  view: string[];
  theme: 'auto' | 'light' | 'dark';
  /** The size of everything that is written, and of what is pressed. */
  scale: number;
  /** Whether keys of the page act; in a frame they are its host's unless a link says so. */
  keys: boolean;
  /** Parts of the network that are taken away, where that is looked at. */
  cut: import('./cut.js').Cut;
  /** Whether what lies behind a frame is seen. */
  transparent: boolean;
  /** Where the run goes on twice, and what one has otherwise. */
  fork: import('./wanted.js').Wanted | null;
}

export interface Run {
  preset: string;
  settings: Settings;
  status: import('../worker/protocol.js').Status | 'loading';
  step: number;
  /** What is trained, and on what. */
  started: import('../worker/protocol.js').Started | null;
  curves: import('./curves.js').Curves;
  latest: import('../worker/protocol.js').Evaluated | null;
  /** For going back in time. */
  frames: import('./frames.js').Frame[];
  /** The newest inspection. */
  inspected: Inspected | null;
  predicted: import('../worker/protocol.js').Predicted | null;
  /** What is left of it without some parts. */
  ablated: import('../worker/protocol.js').Ablated | null;
  /** Parts that were to be taken away and that it does not have, and why; '' is why nothing was taken away. */
  missing: Record<string, string>;
  /** Why the weights of a step cannot be used, of a recording. */
  faults: Record<number, string>;
  /** Why the worker that had the network of a recording stopped; '' if it did not. */
  stopped: string;
  /** Where it stands at weights of a recording: the steps at which that has any. */
  carried?: number[];
  /** The subgroups of its group, once asked for. */
  subgroups: import('../worker/protocol.js').Subgroup[];
  /** The step that the reader went back to; null is now. */
  scrub: number | null;
  /** Ids of settings that were changed after its first step, and `weights` if its own came from a file: what its settings and seed do not say. */
  strayed?: string[];
  /** The step from which on a graphics card took some of its steps, if one did. */
  card?: number;
  /** It is trained again to a step that it has passed, for a fork or a ladder from there. */
  again?: import('./again.js').Again | null;
  /** Where it comes from, if it is none that trains here; `own` is the page's opening, `name` what a link calls it, if it ships with the page. */
  recording: { command: string, file: string, own: boolean, name: string | null, projections: import('./recording.js').Projections,
    weights: import('./weights.js').Weights | null } | null;
}

/** What the worker says of the run that it trains. */
export type RunEvent = import('../worker/protocol.js').Started | import('../worker/protocol.js').Evaluated
  | import('../worker/protocol.js').StatusEvent | import('../worker/protocol.js').Configured
  | Inspected | import('../worker/protocol.js').Predicted | import('../worker/protocol.js').Ablated
  | { type: 'missed', part: string, why: string };

export interface State {
  /** What is shown. */
  run: Run;
  /** The run of the worker, while a recording is shown. */
  live: Run | null;
  page: PageOptions;
  /** The file of the page's own recording, if it has one. */
  opening: string | null;
  canUndo: boolean;
  /** Whether somebody has asked for a pause that is not there yet. */
  pausing: boolean;
  /** Whether it is paused until it is seen. */
  resting: boolean;
  /** Whether this browser keeps what is trained when the page goes. */
  keeping: boolean;
  backend: { active: string | null, reason: string };
  /** Processor cores that train beside the first. */
  helpers: number;
  loading: { label: string, loaded: number, total: number | null } | null;
  notices: { id: number, text: string, action: string | null }[];
  logSteps: boolean;
  /** Steps between pictures; null adapts. */
  pace: number | null;
  /** A cell of the table. */
  cursor: { x: number, y: number } | null;
  /** What a drag on the table holds out. */
  maskTool: 'box' | 'row' | 'column' | null;
  /** The drag under way. */
  maskArea: import('./mask.js').Area | null;
  /** The one figure of the laboratory that is open, or the place in the story. */
  open: string | null;
  /** As the reader chose; null shows what can be. */
  projection: import('./recording.js').Projection | null;
  /** The layer that is looked into, and the neuron that is open. */
  look: import('../worker/protocol.js').Look;
  sweep: import('../lab/sweep.js').Sweep | null;
  /** Runs that are drawn over one another. */
  kept: import('../lab/pool.js').Job[];
  racing: boolean;
  /** Two runs from one moment. */
  fork: import('./fork.js').Fork | null;
  /** A network that is shown less, and then more again. */
  ladder: import('./fork.js').Ladder | null;
  /** A network that is trained with each loss. */
  precision: import('./precision.js').Precision | null;
  /** Whether time moves by itself, through the frames of the run. */
  playing: boolean;
  /** The speed of this computer, by steps that its worker trained. */
  speed: { gflops: number } | null;
  reducedMotion: boolean;
  /** What a reader is asked: which link to copy, or what to embed. */
  sharing: 'link' | 'embed' | null;
}

export type Action = RunEvent
  | import('../worker/protocol.js').Subgroups
  | { type: 'lookedInto', run: Run }
  | { type: 'chosen', preset: string, settings: Choice['settings'] }
  | { type: 'begun', preset: string, settings: Choice['settings'] }
  | { type: 'restored', run: Run, aside?: boolean }
  | { type: 'replay', recording: import('./recording.js').Recording, file: string, own: boolean, name?: string | null }
  | { type: 'live' }
  | { type: 'scrub', step: number | null }
  | { type: 'playing', playing: boolean }
  | { type: 'moved', step: number | null }
  | { type: 'open', figure: string | null }
  | { type: 'present', present: boolean }
  | { type: 'cut', cut: import('./cut.js').Cut }
  | { type: 'projection', projection: import('./recording.js').Projection }
  | { type: 'look', look: State['look'] }
  | { type: 'sweep', sweep: State['sweep'] }
  | { type: 'kept', kept: State['kept'] }
  | { type: 'racing', racing: boolean }
  | { type: 'fork', fork: State['fork'], link?: import('./wanted.js').Wanted | null }
  | { type: 'marked', marks: Pick<Run, 'strayed' | 'card' | 'again'> }
  | { type: 'ladder', ladder: State['ladder'] }
  | { type: 'precision', precision: State['precision'] }
  | { type: 'loading', loading: State['loading'] }
  | { type: 'backend', active: string | null, reason: string }
  | { type: 'helped', helpers: number }
  | { type: 'speed', gflops: number }
  | { type: 'reducedMotion', reducedMotion: boolean }
  | { type: 'notice', text: string, action?: string }
  | { type: 'dismissed', id: number }
  | { type: 'axis', logSteps: boolean }
  | { type: 'paced', pace: number | null }
  | { type: 'cursor', cursor: State['cursor'] }
  | { type: 'undoable', canUndo: boolean }
  | { type: 'pausing', pausing: boolean }
  | { type: 'resting', resting: boolean }
  | { type: 'keeping', keeping: boolean }
  | { type: 'sharing', sharing: State['sharing'] }
  | { type: 'maskTool', tool: State['maskTool'] }
  | { type: 'maskArea', area: State['maskArea'] };
