// How high a frame is for what it shows: what an author writes into `height`, and what docs/embedding-sizes.md
// lists. A test in three widths holds the style sheet to it.

import { CONTROLS, FIGURES, USUAL, isChapter } from './options.js';

/** Controls that are not in the row of buttons. */
const ELSEWHERE = ['embed', 'axis', 'beats', 'values', 'presets', 'settings'];
/** Whether there is a row of buttons. @param {string[]} hide */
export const hasRow = (hide) => CONTROLS.some((name) => !hide.includes(name) && !ELSEWHERE.includes(name));

/** From this width on, chart and words stand beside the table. */
const BESIDE = 544;
/** The row of buttons, with the gap above it. */
const ROW = 44;
/** A chart under its table, with the gap. */
const CHART = 216;

/** Lines of the longest sentences of a run: by the width up to which they hold. @type {[number, number][]} */
const WORDS = [[340, 208], [400, 188], [543, 148], [800, 108], [Infinity, 88]];
/** Chapters of the story, with everything that their words show: in one column, with the table beside its figure, and beside the words too. */
const CHAPTERS = [
  [1125, 740, 600], [1170, 785, 640], [1190, 785, 620], [1210, 805, 680], [800, 770, 605],
  [1360, 900, 790], [1235, 855, 700], [1225, 825, 695], [1405, 925, 795],
];
/** From this width on words stand beside the table, too. */
const ALL_BESIDE = 848;
/**
 * Figures of the laboratory, trained, where they have most to say: by the width up to which they hold.
 * @type {Record<string, [number, number][]>}
 */
const MEASURED = {
  structure: [[479, 1710], [767, 1430], [Infinity, 1290]],
  cut: [[479, 4030], [767, 3000], [Infinity, 2240]],
  neurons: [[479, 4570], [767, 4440], [Infinity, 3330]],
  clock: [[479, 4230], [767, 3160], [Infinity, 2700]],
  gauge: [[479, 1925], [767, 1740], [Infinity, 1624]],
  points: [[479, 980], [767, 1024], [Infinity, 1001]],
  sharpness: [[479, 1218], [767, 1009], [Infinity, 847]],
  compare: [[479, 439], [767, 321], [Infinity, 227]],
  fork: [[479, 1470], [767, 1192], [Infinity, 934]],
  precision: [[479, 2060], [767, 1700], [Infinity, 1515]],
  sweep: [[479, 752], [767, 542], [Infinity, 424]],
  recordings: [[479, 4503], [767, 3850], [Infinity, 2391]],
  mask: [[479, 411], [767, 317], [Infinity, 270]],
  settings: [[479, 4809], [767, 4379], [Infinity, 2705]],
};

const upTo = (/** @type {[number, number][]} */ steps, /** @type {number} */ width) =>
  steps.find(([most]) => width <= most)?.[1] ?? 0;

/**
 * Pixels that a frame needs, at `scale` 1.
 * @param {string[]} view @param {number} width @param {string[]} [hide]
 */
export function heightOf(view, width, hide = []) {
  const chapter = view.find(isChapter);
  if (chapter) return chapterHeight(CHAPTERS[Number(chapter.slice('story:'.length)) - 1] ?? CHAPTERS[CHAPTERS.length - 1], width);
  const shown = view.length > 0 ? view : USUAL;
  const [table, curves, caption] = USUAL.map((name) => shown.includes(name));
  const figures = shown.filter((name) => FIGURES.includes(name)).map((name) => upTo(MEASURED[name], width));
  const row = hasRow(hide) ? ROW : 0;
  const words = caption ? upTo(WORDS, width) : 0;
  const wide = (9 / 16) * width;
  const beside = table && (curves || caption) && width >= BESIDE;
  let height = 16 + row;
  if (beside) height = wide + (curves ? words : 0);
  else if (table) height = width + (curves ? CHART : 0) + words;
  else if (curves) height = Math.max(wide, 208 + row) + words;
  else height += words;
  return Math.ceil(height + figures.reduce((sum, figure) => sum + figure, 0));
}

/** @param {number[]} heights @param {number} width */
function chapterHeight([column, beside, least], width) {
  if (width < BESIDE) return column;
  // Wide enough, it is the table that is the highest.
  return width < ALL_BESIDE ? beside : Math.max(least, Math.ceil(0.44 * (width - 16) + 111));
}
