// The link codec: every run survives it, and nothing bad passes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PRESETS, SETTINGS, check } from '../../www/js/run/settings.js';
import { CONTROLS, VIEWS, chapterOf } from '../../www/js/run/options.js';
import { fileOf, nameOf } from '../../www/js/run/recording.js';
import { format, formatRecording, parse } from '../../www/js/run/url.js';

/** @typedef {import('../../www/js/run/settings.js').Setting} Setting */

/** A value that a setting allows, as text. @param {Setting} setting */
function allowed(setting) {
  const { kind, min = 0, max = 0, choices = [] } = setting;
  switch (kind) {
    case 'integer':
      return fc.integer({ min, max }).map(String);
    case 'number':
      return fc.double({ min, max, noNaN: true }).map((n) => String(n + 0));
    case 'batch':
      return fc.oneof(fc.constantFrom('auto', 'full'), fc.integer({ min: 1, max }).map(String));
    case 'text':
      return fc.string({ maxLength: Math.min(max, 300), unit: 'grapheme' });
    default:
      return fc.constantFrom(...choices);
  }
}

const values = fc
  .record(Object.fromEntries(SETTINGS.map((setting) => [setting.id, allowed(setting)])), {
    noNullPrototype: true,
  })
  .filter(({ width, heads }) => Number(width) % Number(heads) === 0);

const page = fc
  .record(
    {
      backend: fc.constantFrom(null, 'cpu', 'webgpu'),
      embed: fc.boolean(),
      present: fc.boolean(),
      autoplay: fc.constantFrom(false, true, 'visible'),
      whenHidden: fc.constantFrom('pause', 'run'),
      origins: fc.subarray(['https://one.example', 'http://localhost:8080']),
      hide: fc.tuple(fc.subarray(CONTROLS), fc.uniqueArray(fc.constantFrom(...SETTINGS.map(({ id }) => id)))).map((names) => names.flat()),
      view: fc.uniqueArray(fc.oneof(fc.constantFrom(...VIEWS), fc.integer({ min: 1, max: 99 }).map((chapter) => `story:${chapter}`))),
      theme: fc.constantFrom('auto', 'light', 'dark'),
      scale: fc.integer({ min: 2, max: 16 }).map((quarters) => quarters / 4),
      keys: fc.boolean(),
      transparent: fc.boolean(),
      cut: fc.record({
        parts: fc.subarray(['head:0.2', 'mlp:1', 'layer:0', 'cluster:0.14', 'neurons:14', 'neurons:keys', 'logits:others', 'logits:3']),
        fill: fc.constantFrom('zero', 'mean'),
      }, { noNullPrototype: true }),
      fork: fc.constantFrom(null, { step: 1000, changes: { weightDecay: '0', learningRate: '0.001' } }),
    },
    { noNullPrototype: true },
  )
  .map((options) => (options.embed ? options : { ...options, view: [] }));

test('every run survives its link', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PRESETS), values, page, (preset, settings, options) => {
      const link = parse(format(preset.id, settings, /** @type {any} */ (options)));
      assert.deepEqual(link.problems, []);
      assert.equal(link.preset, preset.id);
      assert.deepEqual(link.settings, settings);
      assert.deepEqual(link.page, options);
    }),
  );
});

test('a recording has a name, or an address that ends in .grok', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z0-9-]{1,20}$/), page, (name, options) => {
    const link = parse(formatRecording(name, /** @type {any} */ (options)));
    assert.deepEqual([link.name, link.page, link.problems], [name, options, []]);
  }));
  assert.equal(parse('?preset=quick').name, null);
  const { name, problems } = parse(`?recording=${encodeURIComponent('../index.html')}`);
  assert.equal(name, null);
  assert.deepEqual(problems, ['`recording` cannot be `../index.html`: allowed are letters, digits and -, or an address such as ./run.grok']);
  for (const address of ['./run.grok', '/talks/2026/run.grok', 'https://host/a/run.grok']) {
    assert.equal(parse(formatRecording(address, parse('').page)).name, address);
    assert.equal(fileOf(nameOf(address)), address);
  }
  assert.equal(parse('?recording=run.grok').name, null, 'a name has no ending');
  assert.equal(nameOf(fileOf('s5')), 's5');
});

test('a preset needs nothing but its name', () => {
  for (const { id, settings } of PRESETS) {
    assert.equal(format(id, settings, parse('').page), `?v=1&preset=${id}`);
    assert.deepEqual(parse(`?preset=${id}`).settings, settings);
  }
});

test('whatever is typed, the settings are allowed', () => {
  const keys = fc.constantFrom(...SETTINGS.map(({ id }) => id), 'preset', 'v', 'nonsense', 'embed');
  fc.assert(
    fc.property(fc.array(fc.tuple(keys, fc.string())), (pairs) => {
      const { settings } = parse(`?${new URLSearchParams(pairs)}`);
      for (const setting of SETTINGS) {
        const { value, problem } = check(setting, settings[setting.id]);
        assert.equal(problem, null);
        assert.equal(value, settings[setting.id]);
      }
      assert.equal(Number(settings.width) % Number(settings.heads), 0);
    }),
  );
});

test('out of range is clamped and nonsense refused, each with a sentence', () => {
  const link = parse('?weightDecay=99&learningRate=NaN&layers=1.5&modulus=98&batch=-3&colour=red');
  assert.deepEqual(link.problems, [
    '`weightDecay` was `99` and is now 20: allowed is a number from 0 to 20',
    '`learningRate` cannot be `NaN`: allowed is a number from 0.000001 to 1',
    '`layers` cannot be `1.5`: allowed is a whole number from 1 to 4',
    '`modulus` cannot be `98`: allowed is a prime from 3 to 199',
    '`batch` cannot be `-3`: allowed is auto, full, or a whole number from 1 to 39601',
    `there is no setting \`colour\`: there is operation, modulus, formula, table, heldOut, trainFraction and ${SETTINGS.length - 6} more`,
  ]);
  assert.equal(link.settings.weightDecay, '20');
  assert.equal(link.settings.learningRate, PRESETS[0].settings.learningRate);
});

test('what is wrong with a link is read at a glance', () => {
  const problems = (/** @type {string} */ query) => parse(query).problems;
  assert.deepEqual(problems('?weightdecay=2'), ['there is no setting `weightdecay`: the nearest is `weightDecay`']);
  assert.deepEqual(problems('?hide=rset&embed=1&view=curve'), ['there is no control `rset`: the nearest is `reset`', 'there is no view `curve`: the nearest is `curves`']);
  assert.deepEqual(problems('?operation=plus'), ['`operation` cannot be `plus`: allowed is add, sub, mul, div, mix, quad1 and 27 more']);
  assert.equal(problems(`?${'abcdefghijklm'.split('').map((key) => `${key}=1`).join('&')}`).length, 1, 'one sentence for all');
  const long = encodeURIComponent('x'.repeat(5000));
  for (const key of ['v', 'preset', 'seed', 'trainFraction', 'operation', 'recording', 'hide', 'controls', 'theme', 'scale', 'origins', 'backend', long]) {
    for (const value of [long, '9'.repeat(400)]) {
      for (const problem of problems(`?embed=1&${key}=${value}`)) assert.ok(problem.length < 180, problem);
    }
  }
});

test('other versions, presets, backends and flags are named', () => {
  const { problems, preset } = parse('?v=7&preset=slow&backend=tpu&embed=yes&hide=run,everything');
  assert.deepEqual(problems, [
    'this link has version `7`, this page reads version 1',
    `there is no preset \`slow\`: there is ${PRESETS.map(({ id }) => id).join(', ')}`,
    '`backend` cannot be `tpu`: allowed is cpu, webgpu',
    '`embed` cannot be `yes`: allowed is 0, 1',
    `there is no control \`everything\`: there is run, scrub, step, reset, newSeed, undo and ${CONTROLS.length - 6} more, or the name of a setting`,
  ]);
  assert.equal(preset, PRESETS[0].id);
});

test('what a link shows is said in one way or the other, and not in two', () => {
  const hidden = (/** @type {string} */ query) => parse(query).page.hide;
  assert.deepEqual(hidden('?controls=run,scrub'), CONTROLS.filter((name) => !['run', 'scrub'].includes(name)));
  assert.deepEqual(hidden('?controls=run+scrub'), hidden('?controls=scrub,run'), 'words apart, in any order');
  assert.deepEqual(hidden('?controls=none'), CONTROLS);
  assert.deepEqual(hidden('?controls='), []);
  assert.deepEqual(hidden('?hide=heldOut,step,step'), ['step', 'heldOut']);
  assert.deepEqual(hidden('?controls=run&hide=heldOut'), [...hidden('?controls=run'), 'heldOut']);
  assert.deepEqual(parse('?controls=run,scrub&hide=link,pace').problems, []);
  const torn = parse('?controls=run,step&hide=step');
  assert.deepEqual(torn.problems, ['`controls` and `hide` do not agree on `step`: hidden is what either hides']);
  assert.deepEqual(torn.page.hide, hidden('?controls=run'));
  assert.equal(format('clock', {}, parse('?controls=run').page), '?v=1&preset=clock&controls=run');
  assert.equal(format('clock', {}, parse('?hide=link').page), '?v=1&preset=clock&hide=link');
});

test('a frame shows what its link lists, and a wrong word is told with the right ones', () => {
  const { page, problems } = parse('?embed=1&view=curves+table,points&theme=dark&scale=2.5&keys=on&background=transparent');
  assert.deepEqual(problems, []);
  assert.deepEqual([page.view, page.theme, page.scale, page.keys, page.transparent],
    [['curves', 'table', 'points'], 'dark', 2.5, true, true]);
  assert.deepEqual([parse('').page.keys, parse('?embed=1').page.keys, parse('?keys=off').page.keys], [true, false, false]);
  assert.deepEqual([chapterOf(parse('?embed=1&view=story:7').page), chapterOf(page)], [7, null]);
  const wrong = parse('?embed=1&view=graph,story:0,table&theme=blue&scale=5&keys=1&background=red');
  const views = `there is ${VIEWS.join(', ')}, story:N`;
  assert.deepEqual(wrong.problems, [
    `there is no view \`graph\`: ${views}`,
    `there is no view \`story:0\`: ${views}`,
    '`theme` cannot be `blue`: allowed is auto, light, dark',
    '`scale` cannot be `5`: allowed is a number from 0.5 to 4',
    '`keys` cannot be `1`: allowed is off, on',
    '`background` cannot be `red`: allowed is transparent',
  ]);
  assert.deepEqual(wrong.page, { ...parse('?embed=1').page, view: ['table'] });
  assert.deepEqual(parse('?view=table').problems, ['`view` says what a frame shows: it needs `embed=1`']);
});

test('what other sites add to a link is no mistake', () => {
  const added = ['utm_source', 'utm_campaign', 'fbclid', 'gclid', 'dclid', 'msclkid', 'mc_cid', 'mc_eid', 'igshid', 'igsh', 'ref', 'twclid', 'ttclid', '_gl',
    'gad_source', 'srsltid', '_hsenc', 'hsCtaTracking', 'li_fat_id', 'mtm_campaign', 'pk_source', 'fb_action_ids', 'mibextid'];
  const { problems, page, settings } = parse(`?${added.map((key) => `${key}=a%20b`).join('&')}`);
  assert.deepEqual([problems, page, settings], [[], parse('').page, parse('').settings]);
  assert.deepEqual(SETTINGS.filter(({ id }) => added.includes(id)), []);
  assert.match(parse('?reference=1&utm=2').problems.join(), /^there are no settings `reference`, `utm`: there is operation, [\w, ]+ and \d+ more$/);
});
