// What is taken away says what the page showed, and what comes in is refused where it is not what it should be.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { about, linkOf, nameOf } from '../../www/js/take/about.js';
import { csv } from '../../www/js/take/csv.js';
import { acceptFiles } from '../../www/js/drop.js';
import { curvesCsv, curvesJson, splitCsv, tableCsv } from '../../www/js/take/numbers.js';
import { BYTES_MAX, fetchOwn, isSafetensors, openFiles } from '../../www/js/take/open.js';
import { recordingOf } from '../../www/js/take/recording.js';
import { picture } from '../../www/js/take/picture.js';
import { drawBars } from '../../www/js/draw/bars-svg.js';
import { MATRICES, ofPowers } from '../../www/js/text/structure.js';
import { shapes } from '../../www/js/draw/cells-svg.js';
import { palette } from '../../www/js/draw/palette.js';
import { drawPlane } from '../../www/js/draw/points-svg.js';
import { escaped, legend, lines, tag } from '../../www/js/draw/svg.js';
import { readRecording } from '../../www/js/run/recording.js';
import { parse } from '../../www/js/run/url.js';
import { decode, encode } from '../../www/js/worker/safetensors.js';
import { PAPERS, VERSION, bibtexOf, bibtexOfProgram } from '../../www/js/text/cite.js';
import { captionOf } from '../../www/js/text/take.js';
import { opened, texts } from './demo.js';
import { FakeWorker, TENSORS, settled, withBrowser } from './fake.js';

/** What a reader of RFC 4180 makes of a text. @param {string} text */
function parseCsv(text) {
  /** @type {string[][]} */
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (pattern.lastIndex < text.length) {
    const [, quoted, plain, end] = /** @type {RegExpExecArray} */ (pattern.exec(text));
    /** @type {string[]} */ (rows.at(-1)).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n' && pattern.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

/** A run of ten steps. @param {import('node:test').TestContext} t @param {string} [link] */
async function trained(t, link = '?backend=cpu&seed=4') {
  withBrowser(t);
  const demo = await opened(t, link);
  await demo.api.step(10);
  return { ...demo, run: () => demo.state().run };
}

test('CSV comes back as it was, whatever is in it', () => {
  const cell = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string({ unit: 'grapheme' }),
    fc.constantFrom('a,b', 'say "x"', 'two\nlines', '\r\n', ' ', ''));
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell, cell)), (rows) => {
    const text = csv(['x', 'y, z', '"'], rows);
    assert.ok(text.endsWith('\r\n'));
    assert.deepEqual(parseCsv(text), [['x', 'y, z', '"'], ...rows.map((row) => row.map(String))]);
  }));
  assert.equal(csv(['a', 'b', 'c', 'd'], [[0.1 + 0.2, NaN, null, undefined]]), 'a,b,c,d\r\n0.30000000000000004,,,\r\n');
});

test('the curves as CSV and as JSON are those of the API, to the last digit', async (t) => {
  const { api, run } = await trained(t);
  const curves = api.curves();
  const [head, ...rows] = parseCsv(curvesCsv(run()));
  assert.deepEqual(head, Object.keys(curves));
  assert.equal(rows.length, 11);
  head.forEach((name, at) => assert.deepEqual(rows.map((row) => (row[at] === '' ? NaN : Number(row[at]))), Array.from(curves[name])));
  const file = JSON.parse(curvesJson(run(), about(run(), { href: 'https://host/page/?x#y', build: 'abc' })));
  assert.deepEqual([file.software, file.version, file.build, file.seed, file.step], ['grokking', VERSION, 'abc', 4, 10]);
  assert.equal(file.settings.weightDecay, run().settings.weightDecay);
  assert.deepEqual(file.curves.heldOutLoss, Array.from(curves.heldOutLoss));
  assert.deepEqual(file.curves.mirroredAccuracy, Array.from({ length: 11 }, () => null));
  assert.equal(file.link, 'https://host/page/?v=1&preset=clock&seed=4');
});

test('the table and the split are those of the API', async (t) => {
  const { api, run } = await trained(t);
  const table = /** @type {NonNullable<ReturnType<typeof api.table>>} */ (api.table());
  const [head, ...rows] = parseCsv(tableCsv(run()));
  assert.deepEqual(head, ['x', 'y', 'answer', 'set', 'predicted', 'right', 'probability', 'firstRight']);
  assert.deepEqual(rows.map(([x, y, answer, set, predicted, right]) => [x, y, answer, set, predicted, right]), [
    ['0', '0', '0', 'train', '0', 'true'],
    ['0', '1', '1', 'train', '1', 'true'],
    ['1', '0', '1', 'held out', '', 'false'],
    ['1', '1', '0', 'held out', '', 'false'],
  ]);
  assert.deepEqual(rows.map(([, , answer]) => Number(answer)), Array.from(table.answer));
  const split = parseCsv(splitCsv(run()));
  assert.deepEqual(split[0], ['x', 'y', 'answer', 'set']);
  assert.deepEqual(split.slice(1).map(([, , , set]) => Number(set === 'held out')), Array.from(table.heldOut));
});

test('a file says in its name of which run it is', async (t) => {
  const { run } = await trained(t, '?backend=cpu&operation=add&modulus=43&seed=0');
  assert.equal(nameOf({ ...run(), step: 1200 }, '', 'grok'), 'grokking-add-p43-seed0-step1200.grok');
  assert.equal(nameOf({ ...run(), step: 1200, scrub: 30 }, 'table', 'svg'), 'grokking-add-p43-seed0-step30-table.svg');
  assert.equal(nameOf({ ...run(), step: 1200, scrub: 30 }, '', 'safetensors'), 'grokking-add-p43-seed0-step1200.safetensors');
  const { settings } = parse('?operation=s5&seed=2');
  assert.equal(nameOf({ ...run(), settings }, 'curves', 'csv'), 'grokking-s5-seed2-step10-curves.csv');
});

test('the link of a file is that of its run alone', async (t) => {
  const { run } = await trained(t, '?backend=cpu&embed=1&hide=link&autoplay=1&seed=8');
  assert.equal(linkOf(run(), 'https://host/page/?embed=1&utm_source=x#points'), 'https://host/page/?v=1&preset=clock&seed=8');
  const recording = /** @type {any} */ ({ name: 's5' });
  assert.equal(linkOf({ ...run(), recording }, 'https://host/'), 'https://host/?v=1&recording=s5');
});

test('SVG is well formed, whatever its words are', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const written = tag('text', { title: text }, escaped(text));
    const [, attribute, content] = /** @type {RegExpMatchArray} */ (written.match(/^<text title="([^"<]*)">([^<]*)<\/text>$/) ?? written.match(/^<text title="([^"<]*)"(\/)>$/));
    // eslint-disable-next-line no-control-regex
    for (const part of [attribute, content]) assert.doesNotMatch(part.replace(/&(amp|lt|gt|quot);/g, ''), /[&<>"\u0000-\u0008]/);
  }));
});

test('the table as SVG has each cell once, as large and as coloured as on the page', () => {
  const size = 4;
  const cells = {
    size,
    // The first row: held out and right, twice the same answer, then another, then wrong. Then trained ones.
    answer: Uint16Array.from([2, 2, 1, 3, 0, 1, 2, 3, 65535, 1, 2, 3, 0, 1, 2, 3]),
    predicted: Uint16Array.from([2, 2, 1, 0, 0, 3, 65535, 3, 0, 1, 2, 3, 0, 1, 2, 3]),
    heldOut: Uint8Array.from([1, 1, 1, 1, ...new Array(12).fill(0)]),
    outlier: Uint8Array.from([...new Array(15).fill(0), 1]),
    order: [0, 1, 2, 3],
    noSymbol: 65535,
  };
  const markup = shapes(cells, '#a9a59a');
  const hex = Array.from(palette(size), (color) => `#${[color & 255, (color >> 8) & 255, (color >> 16) & 255].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`);
  const paths = [...markup.matchAll(/<path ([^>]*)\/>/g)].map(([, text]) => Object.fromEntries([...text.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])));
  /** @type {any[]} */
  const boxes = paths.flatMap(({ d, ...look }) => [...d.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-([\d.]+)z/g)].map(([, x, y, width, height]) =>
    ({ x: Number(x), y: Number(y), width: Number(width), height: Number(height), ...look })));
  assert.equal(boxes.length, 14, 'two neighbours are one shape, and one cell has no equation');
  const at = (/** @type {number} */ row, /** @type {number} */ column) => boxes.find(({ x, y }) => Math.floor(x / 100) === column && Math.floor(y / 100) === row);
  assert.deepEqual(at(0, 0), { x: 0, y: 0, width: 200, height: 100, fill: hex[2] });
  assert.deepEqual(at(0, 2), { x: 200, y: 0, width: 100, height: 100, fill: hex[1] });
  assert.deepEqual([at(0, 3).fill, at(0, 3).stroke], ['none', '#a9a59a']);
  assert.deepEqual(at(1, 0), { x: 19, y: 119, width: 62, height: 62, fill: hex[0] });
  assert.deepEqual(at(1, 1), { x: 119, y: 119, width: 62, height: 62, fill: hex[3], 'fill-opacity': '0.25' });
  assert.deepEqual(at(1, 2), { x: 219, y: 119, width: 62, height: 62, fill: '#a9a59a', 'fill-opacity': '0.25' });
  assert.deepEqual(at(3, 3), { x: 335, y: 335, width: 30, height: 30, fill: hex[3] });
  assert.equal(at(2, 0), undefined);
});

test('points keep one scale for both axes, their names and how they are joined', () => {
  const plane = { symbols: ['a', 'b', 'c'], points: Float32Array.from([0, 0, 1, 0, 0, 0.5]), kinds: [0, 1, -1], index: [0, 1, 2], stride: 1 };
  const { content, width, height } = drawPlane(plane, 200, { ink: '#111111', paper: '#ffffff', line: '#dddddd' });
  const centres = [...content.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.deepEqual([width, height], [200, 200]);
  assert.deepEqual(centres, [[12, 144], [188, 144], [12, 56]]);
  assert.deepEqual([...content.matchAll(/>(\w)<\/text>/g)].map(([, name]) => name), ['a', 'b', 'c']);
  assert.match(content, /d="M12 144L188 144M188 144L12 56M12 56L12 144"/);
});

test('bars are as high as their values', () => {
  const bars = [{ label: '1', value: 0.5, strong: false }, { label: '2', value: 2, strong: true }];
  const look = { width: 100, height: 80, ink: '#666666', strong: '#bb3300', quiet: '#555555', line: '#dddddd' };
  const { content } = drawBars(bars, ({ label }) => label, null, look);
  const rects = [...content.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="([^"]+)"/g)].map(([, ...values]) => values);
  assert.deepEqual(rects, [['1', '60', '48', '20', '#666666'], ['51', '0', '48', '80', '#bb3300']]);
  assert.match(content, /<title>2: 2\.000<\/title>/);
  assert.equal([...content.matchAll(/<rect/g)].length, 2);
});

test('bars of two kinds have a key in their own colours, of the page\'s words', () => {
  const bars = [{ label: '1′', value: 0.5, strong: true }, { label: ' ', value: 2, strong: false }];
  const look = { width: 400, height: 80, ink: '#666666', strong: '#bb3300', quiet: '#555555', line: '#dddddd' };
  const [plainly, keyed] = [null, MATRICES].map((key) => drawBars(bars, ({ label }) => label, key, look));
  assert.ok(keyed.height > plainly.height + 10, 'below the names of the bars');
  const parts = [...keyed.content.matchAll(/fill="(#b\w+|#6\w+)"( fill-opacity="[\d.]+")?/g)].map(([, color, faint]) => [color, faint !== undefined]);
  assert.deepEqual(parts, [['#bb3300', false], ['#666666', true], ['#bb3300', false], ['#666666', true]]);
  const names = [...keyed.content.matchAll(/>([^<]+)<\/text>/g)].map(([, name]) => name.trim()).filter(Boolean);
  assert.deepEqual(names, ['1′', 'in the embedding', 'in the output matrix']);
  // Which is brighter depends on the scheme.
  const said = ofPowers([{ name: '1′', embedding: 0.25, unembedding: 0.5 }], 3).replaceAll('\u202f', ' ').replaceAll('\u00a0', ' ');
  assert.match(said, /The first number is the share in the embedding, the second that in the output matrix, .*: 1′: 25 %, 50 %\./);
  assert.doesNotMatch(said, /dark|light/);
});

test('words are broken into lines, and labels into rows, where they would not fit', () => {
  assert.deepEqual(lines('one two three', 1000, 12), ['one two three']);
  for (const line of lines('it knows all of the cells that it was shown and none of the others', 120, 12)) {
    assert.ok(0.56 * 12 * line.length <= 120, line);
  }
  const item = (/** @type {string} */ text) => ({ text, mark: () => '', markWidth: 10 });
  const wide = legend([item('short'), item('also short')], { width: 400, size: 10, color: '#000000' });
  const narrow = legend([item('short'), item('also short')], { width: 60, size: 10, color: '#000000' });
  assert.deepEqual([wide.height, narrow.height], [15, 30]);
});

test('a figure names its run and its link, however long that is', () => {
  const colors = { paper: '#ffffff', ink: '#000000', quiet: '#555555' };
  const link = `https://host/?v=1&preset=clock&table=${'1%2C'.repeat(300)}`;
  const { markup, width, height } = picture({ width: 400, height: 300, content: '<g/>' },
    { title: 'A < B', caption: 'x + y, seed 0.', link, source: 'grokking 0.1.0, build abc', colors });
  assert.deepEqual([width, height > 300 + 2 * 12], [432, true]);
  assert.ok(markup.startsWith('<svg xmlns="http://www.w3.org/2000/svg"'));
  assert.match(markup, /<title id="title">A &lt; B<\/title>/);
  assert.ok(markup.includes(`<a href="${escaped(link)}">`));
  assert.match(markup, /build abc<\/desc>/);
  const [, short] = /** @type {RegExpMatchArray} */ (markup.match(/<a [^>]*><text[^>]*>([^<]*)<\/text>/));
  assert.ok(short.endsWith('…') && short.length < 70, short);
});

test('the caption of a figure says no more than its numbers', async (t) => {
  const { run } = await trained(t);
  assert.equal(captionOf(run(), run().latest), 'x + y, seed 4, step 10: it gets 10\u00a0% of the cells it was shown right, and 0\u00a0% of those it never saw.'.replace('x + y', String(run().started?.operation)));
  assert.equal(captionOf({ ...run(), started: null }, null), 'add, seed 4.');
});

test('weights are what the worker gives', async (t) => {
  const { core } = await trained(t);
  const { step, file } = await core.commands.weights();
  assert.equal(step, 10);
  assert.deepEqual(decode(file, TENSORS), new Float32Array(8).fill(10));
  const text = new TextDecoder().decode(file);
  assert.match(text, /"step":"10"/);
  assert.match(text, /\\"heads\\":4/, 'numbers are numbers');
});

test('a file of weights is read in every width, and refused by its tensor', () => {
  const values = Float32Array.from([0, 1, -2, 0.5, 65504, -1 / 1024, 3, -0]);
  const file32 = encode(TENSORS, values, { step: '3' });
  assert.deepEqual(decode(file32, TENSORS), values);
  assert.equal(new DataView(file32.buffer).getBigUint64(0, true) % 8n, 0n, 'numbers are aligned');
  /** @param {string} dtype @param {number} width @param {(view: DataView, at: number, value: number, index: number) => void} write */
  const wide = (dtype, width, write) => {
    const entries = JSON.stringify({
      tokens: { dtype, shape: [2, 3], data_offsets: [0, 6 * width] },
      'unembed.bias': { dtype, shape: [2], data_offsets: [6 * width, 8 * width] },
    });
    const bytes = new Uint8Array(8 + entries.length + 8 * width);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(entries.length), true);
    bytes.set(new TextEncoder().encode(entries), 8);
    values.forEach((value, at) => write(view, 8 + entries.length + at * width, value, at));
    return bytes;
  };
  assert.deepEqual(decode(wide('F64', 8, (view, at, value) => view.setFloat64(at, value, true)), TENSORS), values);
  // By hand: IEEE 754 binary16 of the values above.
  const halves = [0, 0x3c00, 0xc000, 0x3800, 0x7bff, 0x9400, 0x4200, 0x8000];
  assert.deepEqual(decode(wide('F16', 2, (view, at, _, index) => view.setUint16(at, halves[index], true)), TENSORS), values);
  const short = Float32Array.from(values, (value) => (value === 65504 ? 65536 : value));
  const upper = (/** @type {number} */ value) => new Uint16Array(Float32Array.of(value === 65504 ? 65536 : value).buffer)[1];
  assert.deepEqual(decode(wide('BF16', 2, (view, at, value) => view.setUint16(at, upper(value), true)), TENSORS), short);

  const refused = (/** @type {Uint8Array} */ bytes, /** @type {typeof TENSORS} */ tensors, /** @type {string} */ why) =>
    assert.throws(() => decode(bytes, tensors), { code: 'weights', message: `The weights do not fit: ${why}.` });
  refused(file32, [{ name: 'tokens', shape: [3, 3] }], '`tokens` is F32 [2, 3] in the file, this model has F32 [3, 3]');
  refused(file32, [TENSORS[0]], 'this model has no tensor `unembed.bias`');
  refused(file32, [...TENSORS, { name: 'positions', shape: [4, 3] }], 'the file has no tensor `positions`');
  refused(file32.subarray(0, -4), TENSORS, '`unembed.bias` is cut short');
  refused(encode(TENSORS, values.with(3, NaN), {}), TENSORS, '`tokens` has the value `NaN`');
  refused(new Uint8Array(16), TENSORS, 'the file is not a safetensors file');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    assert.throws(() => decode(bytes, TENSORS), { code: 'weights' });
  }));
});

test('a run is a recording, as the page reads one', async (t) => {
  const { core, run, state } = await trained(t);
  // A real one: what is read of it is written as it was.
  const shipped = readFileSync(new URL('../../www/recordings/train-adamw.grok', import.meta.url));
  await core.commands.openFiles([file('mine.grok', shipped)]);
  const replayed = run();
  const again = await readRecording(await (await recordingOf(replayed, 'me')).arrayBuffer());
  const first = await readRecording(Uint8Array.from(shipped).buffer);
  assert.equal(again.command, 'me');
  // A recording of version 1 has no accuracies by mirror images: those are counted, to more digits than are written.
  const counted = (/** @type {any} */ { command: _, ...recording }) => JSON.parse(JSON.stringify(recording, (key, value) =>
    (['mirroredAccuracy', 'unmirroredAccuracy'].includes(key) ? null : value)));
  assert.deepEqual(counted(again), counted(first));
  assert.deepEqual(again.projections, first.projections);
  again.curves.mirroredAccuracy.forEach((share, at) => {
    const exact = first.curves.mirroredAccuracy[at];
    assert.ok(Number.isNaN(share) ? Number.isNaN(exact) : Math.abs(share - exact) < 1e-4, `${share} ${exact}`);
  });
  assert.ok(first.frames.some(({ inspected }) => inspected?.fourier) && first.projections.size > 0, 'it has everything');

  const live = /** @type {import('../../www/js/run/run.js').Run} */ (state().live);
  const whole = { ...live, started: first.started, curves: first.curves, frames: first.frames, latest: first.frames[first.frames.length - 1].evaluated };
  const points = Float32Array.from({ length: 2 * first.started.symbols.length }, (_, at) => Math.sin(at));
  const seen = /** @type {any} */ ({ ...first.frames[1].inspected, watch: { structure: true, sharpness: false, gauge: false, points: ['embedding', 'pca'] }, points });
  whole.frames = whole.frames.map((frame, at) => ({ ...frame, inspected: at === 1 ? seen : null }));
  const own = await readRecording(await (await recordingOf(whole, 'me')).arrayBuffer());
  assert.deepEqual(own.frames.map(({ evaluated: { predicted } }) => predicted), first.frames.map(({ evaluated: { predicted } }) => predicted));
  assert.deepEqual(own.frames[1].inspected?.fourier, first.frames[1].inspected?.fourier);
  const kept = own.projections.get(own.frames[1].step)?.get('embedding pca') ?? new Float32Array(4);
  const [scale, saved] = [points, kept].map((all) => Math.max(...all.map(Math.abs)));
  assert.ok(kept.every((value, at) => Math.abs(value / saved - points[at] / scale) < 1 / saved), `${kept}`);
  assert.equal(own.projections.get(own.frames[0].step)?.size, 0);
});

test('a run that diverged is saved, and opens again without what is no number', async (t) => {
  const { run } = await trained(t);
  const shipped = readFileSync(new URL('../../www/recordings/train-adamw.grok', import.meta.url));
  const { started, curves, frames } = await readRecording(Uint8Array.from(shipped).buffer);
  const broken = (/** @type {number[]} */ column) => column.map((value, at) => (at < 3 ? value : [NaN, Infinity][at % 2]));
  const spoiled = /** @type {any} */ ((/** @type {any} */ value) => JSON.parse(JSON.stringify(value), (_, part) => (typeof part === 'number' ? NaN : part)));
  const points = new Float32Array(2 * started.symbols.length).fill(NaN);
  const seen = frames.findIndex(({ inspected }) => inspected?.fourier);
  const watch = /** @type {any} */ ({ structure: true, sharpness: true, gauge: true, points: ['embedding', 'pca'] });
  const inspected = /** @type {any} */ (frames[seen].inspected);
  const diverged = {
    ...run(), started, latest: frames[frames.length - 1].evaluated,
    curves: { ...curves, trainLoss: broken(curves.trainLoss), heldOutLoss: broken(curves.heldOutLoss) },
    frames: frames.map((frame, at) => ({
      ...frame,
      inspected: at === seen ? { ...inspected, watch, points, fourier: { ...inspected.fourier, gini: NaN }, sharpness: Infinity }
        : at > seen && frame.inspected ? { ...spoiled(frame.inspected), watch, points } : null,
    })),
  };
  const again = await readRecording(await (await recordingOf(diverged, 'me')).arrayBuffer());
  assert.deepEqual([again.curves.trainLoss.length, again.curves.trainLoss.filter(Number.isFinite).length], [curves.step.length, 3]);
  assert.deepEqual(again.frames.map(({ step }) => step), frames.map(({ step }) => step));
  assert.deepEqual(again.frames.map(({ inspected: kept }) => kept && [kept.weightNorm, kept.fourier, kept.sharpness]),
    frames.map((_, at) => (at === seen ? [inspected.weightNorm, null, null] : null)));
  assert.deepEqual([...again.projections.values()].map(({ size }) => size).filter(Boolean), []);
  const about_ = about(diverged, { href: 'https://host/', build: 'b' });
  assert.doesNotMatch(curvesCsv(diverged) + curvesJson(diverged, about_), /NaN|Infinity/);
});

/** @param {string} name @param {BlobPart} content */
const file = (name, content) => new File([content], name);
/** A safetensors file of the network, with so many symbols. @param {number} [symbols] */
const safetensors = (symbols = 2) =>
  encode([{ name: 'tokens', shape: [symbols, 3] }, TENSORS[1]], new Float32Array(3 * symbols + 2), {});

test('weights of the right shape take the place of the network\'s, and Undo brings it back', async (t) => {
  const { core, state } = await trained(t);
  await core.commands.openFiles([file('mine.safetensors', safetensors())]);
  await settled();
  assert.deepEqual([state().run.step, state().canUndo, texts(state)], [0, true, ['The network has the weights of mine.safetensors now.']]);
  await core.commands.undo();
  assert.equal(state().run.step, 10);
  assert.equal(FakeWorker.all.flatMap(({ sent }) => sent).findLast(({ command }) => command.type === 'start')?.command.resume.step, 10);
});

test('weights of another shape are refused by their tensor, and the run goes on', async (t) => {
  const { core, state } = await trained(t);
  await core.commands.run();
  await assert.rejects(core.commands.openFiles([file('w.safetensors', safetensors(5))]), { message: 'The weights do not fit: `tokens` is F32 [5, 3] in the file, this model has F32 [2, 3].' });
  await settled();
  assert.deepEqual([state().run.step, state().run.status, state().canUndo, texts(state)], [10, 'running', false, []]);
});

test('a recording is opened, and what is none, cut short, of another version or too large is refused in words', async (t) => {
  const { core, state } = await trained(t);
  const shipped = readFileSync(new URL('../../www/recordings/train-adamw.grok', import.meta.url));
  const refused = (/** @type {string} */ name, /** @type {BlobPart} */ content, /** @type {RegExp} */ message) =>
    assert.rejects(core.commands.openFiles([file(name, content)]), { message });
  await refused('a.grok', shipped.subarray(0, shipped.length / 2), /^the file is cut short or damaged/);
  await refused('b.grok', '{"format": "grokking-run", "version": 9}', /^the recording has version 9, this page reads versions 1 to 3/);
  await refused('c.grok', '', /^the file is no recording/);
  await refused('d.png', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0xff]), /^the file is cut short or damaged/);
  await assert.rejects(core.commands.openFiles([file('a', 'x'), file('b', 'y')]), { message: '2 files were dropped: this page opens one at a time' });
  const huge = /** @type {any} */ ({ name: 'huge.grok', size: 100e6, arrayBuffer: () => assert.fail('it was read') });
  await assert.rejects(core.commands.openFiles([huge]), { message: '`huge.grok` has 100\u00a0MB: this page opens files of up to 67\u00a0MB' });
  assert.equal(state().run.recording, null);
  await core.commands.openFiles([file('mine.grok', shipped)]);
  assert.deepEqual([state().run.recording?.file, state().run.recording?.own, state().live?.step], ['mine.grok', false, 10]);
});

test('safetensors are known by their first bytes', () => {
  assert.equal(isSafetensors(safetensors().buffer), true);
  assert.equal(isSafetensors(safetensors().buffer.slice(0, 9)), false);
  assert.equal(isSafetensors(new TextEncoder().encode('{"format": "grokking-run"}').buffer), false);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => typeof isSafetensors(Uint8Array.from(bytes).buffer) === 'boolean'));
});

/** @param {import('node:test').TestContext} t @param {() => Response} answer */
function serves(t, answer) {
  const asked = /** @type {string[]} */ ([]);
  t.mock.method(globalThis, 'fetch', async (/** @type {URL} */ url) => {
    asked.push(String(url));
    return answer();
  });
  return asked;
}
const { signal } = new AbortController();
const PAGE = 'https://host/page/?seed=1#points';

test('a link to a file is to one of the page\'s own origin, and of a size', async (t) => {
  const asked = serves(t, () => new Response('abc'));
  assert.equal(new TextDecoder().decode(await fetchOwn('./runs/a.grok', signal, PAGE)), 'abc');
  assert.deepEqual(asked, ['https://host/page/runs/a.grok']);
  for (const address of ['https://other/a.grok', '//other/a.grok', 'data:text/plain,/a.grok', 'http://host/a.grok']) {
    await assert.rejects(fetchOwn(address, signal, PAGE), { message: `\`recording\` cannot be \`${address}\`: allowed is a file of https://host` });
  }
  assert.equal(asked.length, 1, 'nothing of another origin is asked for');
});

test('a file that is too large is refused before it is read, and one that does not say so when it is', async (t) => {
  const message = '`./a.grok` has 100\u00a0MB: this page opens files of up to 67\u00a0MB';
  serves(t, () => new Response('abc', { headers: { 'content-length': '100000000' } }));
  await assert.rejects(fetchOwn('./a.grok', signal, PAGE), { message });
  t.mock.reset();
  let sent = 0;
  const endless = () => new ReadableStream({ pull(controller) {
    sent += 1;
    controller.enqueue(new Uint8Array(1 << 20));
  } });
  serves(t, () => new Response(endless()));
  await assert.rejects(fetchOwn('./a.grok', signal, PAGE), /this page opens files of up to 67\u00a0MB/);
  assert.ok(sent < BYTES_MAX / (1 << 20) + 5, `${sent} MB were read`);
  t.mock.reset();
  serves(t, () => new Response('', { status: 404 }));
  await assert.rejects(fetchOwn('./a.grok', signal, PAGE), { message: '`./a.grok` did not load: the server answered 404' });
});

test('whatever is opened is a recording, weights, or refused', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.constantFrom('a.grok', 'b.safetensors', 'c'), async (bytes, name) => {
    const called = /** @type {string[]} */ ([]);
    await openFiles([file(name, Uint8Array.from(bytes))], {
      recording: async () => void called.push('recording'),
      weights: async () => void called.push('weights'),
      notice: () => {},
    });
    assert.equal(called.length, 1);
    if (name.endsWith('.safetensors')) assert.deepEqual(called, ['weights']);
  }));
});

test('files that are dropped are opened, and text that is dragged is left alone', () => {
  const page = new EventTarget();
  const ending = new AbortController();
  /** @type {any[]} */
  const opens = [];
  acceptFiles({ actions: /** @type {any} */ ({ openFiles: (/** @type {any} */ files) => opens.push(files) }), signal: ending.signal }, page);
  const drag = (/** @type {string} */ type, /** @type {string[]} */ types) => {
    const event = Object.assign(new Event(type, { cancelable: true }), { dataTransfer: { types, files: ['one'], dropEffect: '' } });
    page.dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.deepEqual([drag('dragover', ['Files']), drag('drop', ['Files']), drag('dragover', ['text/plain']), drag('drop', ['text/plain'])], [true, true, false, false]);
  assert.deepEqual(opens, [['one']]);
  ending.abort();
  assert.equal(drag('drop', ['Files']), false);
});

test('the program is cited with its version, which is that of Cargo.toml and of CITATION.cff', () => {
  const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  assert.equal(read('Cargo.toml').match(/^version = "(.*)"$/m)?.[1], VERSION);
  assert.equal(read('CITATION.cff').match(/^version: (.*)$/m)?.[1], VERSION);
  const entry = bibtexOfProgram({ build: 'abcd', link: 'https://host/?v=1&preset=quick', year: 2026 });
  assert.match(entry, /note = \{Version 0\.1\.0, build abcd\}/);
  assert.match(entry, /url = \{https:\/\/host\/\?v=1&preset=quick\}/);
});

test('BibTeX is that of every style, balanced, and every entry has a key of its own', () => {
  const link = 'https://host/{a}\\?v=1&preset=quick';
  const entries = [bibtexOfProgram({ build: 'abcd', link, year: 2026 }), ...PAPERS.map(bibtexOf)];
  const keys = entries.map((entry) => {
    // Fields in braces that are balanced, and no sign of TeX but in letters with an accent.
    const [, key, fields] = /^@misc\{(\w+),\n((?: {2}\w+ = \{.+\},\n)+)\}\n$/.exec(entry) ?? [];
    assert.ok(key, entry);
    const values = [...fields.matchAll(/^ {2}(\w+) = \{(.*)\},$/gm)];
    assert.equal(new Set(values.map(([, name]) => name)).size, values.length);
    for (const [, name, value] of values) {
      let depth = 0;
      for (const sign of value) {
        depth += sign === '{' ? 1 : sign === '}' ? -1 : 0;
        assert.ok(depth >= 0, entry);
      }
      assert.equal(depth, 0, entry);
      if (name !== 'url') assert.doesNotMatch(value.replace(/\{\\(o|'a)\}/g, ''), /[&%$#_~^\\]/, entry);
    }
    return key;
  });
  assert.equal(new Set(keys).size, keys.length);
  for (const entry of entries.slice(1)) assert.match(entry, /title = \{\{.+\}\},\n {2}year = \{\d{4}\},\n {2}eprint = \{\d{4}\.\d{5}\},/);
  assert.equal(new Set(PAPERS.map(({ arxiv }) => arxiv)).size, PAPERS.length);
  const said = ['www/index.html', 'www/js/text/story.js', 'www/js/text/structure.js', 'README.md'].map((path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
  for (const [, number] of said.join(' ').matchAll(/arXiv\D{0,3}(\d{4}\.\d{5})/gi)) assert.ok(PAPERS.some(({ arxiv }) => arxiv === number), number);
});
