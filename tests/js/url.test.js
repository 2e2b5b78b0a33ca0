// The link codec: every run survives it, and nothing bad passes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PRESETS, SETTINGS, check } from '../../www/js/run/settings.js';
import { HIDEABLE, format, formatRecording, parse } from '../../www/js/run/url.js';

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

const page = fc.record(
  {
    backend: fc.constantFrom(null, 'cpu', 'webgpu'),
    embed: fc.boolean(),
    autoplay: fc.boolean(),
    present: fc.boolean(),
    hide: fc.uniqueArray(fc.constantFrom(...HIDEABLE)),
  },
  { noNullPrototype: true },
);

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

test('a recording has an address, and nothing but a name is one', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z0-9-]{1,20}$/), page, (name, options) => {
    const link = parse(formatRecording(name, /** @type {any} */ (options)));
    assert.deepEqual([link.name, link.page, link.problems], [name, options, []]);
  }));
  assert.equal(parse('?preset=quick').name, null);
  const { name, problems } = parse(`?recording=${encodeURIComponent('../index.html')}`);
  assert.equal(name, null);
  assert.deepEqual(problems, ['`recording` cannot be `../index.html`: allowed are letters, digits and -']);
});

test('a preset needs nothing but its name', () => {
  for (const { id, settings } of PRESETS) {
    const options = { backend: null, embed: false, autoplay: false, present: false, hide: [] };
    assert.equal(format(id, settings, options), `?v=1&preset=${id}`);
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
    'there is no setting `colour`',
  ]);
  assert.equal(link.settings.weightDecay, '20');
  assert.equal(link.settings.learningRate, PRESETS[0].settings.learningRate);
});

test('other versions, presets, backends and flags are named', () => {
  const { problems, preset } = parse('?v=7&preset=slow&backend=tpu&embed=yes&hide=run,everything');
  assert.deepEqual(problems, [
    'this link has version `7`, this page reads version 1',
    `there is no preset \`slow\`: there is ${PRESETS.map(({ id }) => id).join(', ')}`,
    '`backend` cannot be `tpu`: allowed is cpu, webgpu',
    'there is no control `everything` to hide',
    '`embed` cannot be `yes`: allowed is 0, 1',
  ]);
  assert.equal(preset, PRESETS[0].id);
});
