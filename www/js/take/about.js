// What a file says of the run that it is of.

import { usesModulus } from '../run/settings.js';
import { format, formatRecording, parse } from '../run/url.js';
import { VERSION } from '../text/cite.js';

/** @typedef {import('../run/run.js').Run} Run */

/** How the page shows itself is not part of a run. */
const { page: PLAIN } = parse('');

/**
 * @param {Run} run @param {{ href: string, build: string }} page
 */
export function about({ preset, settings, recording, step, started }, { href, build }) {
  return {
    software: 'grokking',
    version: VERSION,
    build,
    link: linkOf({ preset, settings, recording }, href),
    recording: recording ? recording.command || recording.file : null,
    operation: started?.operation ?? null,
    preset,
    seed: Number(settings.seed),
    step,
    settings,
  };
}

/** @typedef {ReturnType<typeof about>} About */

/** The address at which a run can be seen. @param {Pick<Run, 'preset' | 'settings' | 'recording'>} run @param {string} href */
export function linkOf({ preset, settings, recording }, href) {
  const query = recording?.name ? formatRecording(recording.name, PLAIN) : format(preset, settings, PLAIN);
  const url = new URL(query, href);
  url.hash = '';
  return url.href;
}

/** Parts that are of the run and not of the step that is looked at; '' is the run or its weights. */
const WHOLE = ['', 'curves', 'split'];

/**
 * A file's name, which says of which run it is and how far that was.
 * @param {Run} run @param {string} part What of the run; may be empty. @param {string} ending
 */
export function nameOf({ settings: { operation, modulus, seed }, step, scrub }, part, ending) {
  const at = WHOLE.includes(part) ? step : scrub ?? step;
  const words = ['grokking', operation, usesModulus(operation) ? `p${modulus}` : '', `seed${seed}`, `step${at}`, part];
  return `${words.filter(Boolean).join('-')}.${ending}`;
}
