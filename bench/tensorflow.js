// The straightforward transformer in TensorFlow.js, for a page that has loaded it as `tf`.

/**
 * Milliseconds of a step, and dispatches of one if they are counted in `window.dispatches`.
 * @param {string} backend @param {import('./networks.js').Shape} shape @param {number} steps
 */
export async function timeTensorFlow(backend, shape, steps) {
  const tf = /** @type {any} */ (globalThis).tf;
  await tf.setBackend(backend);
  await tf.ready();
  const { symbols, positions, layers, width, heads, batch } = shape;
  const dHead = width / heads;
  const draw = (/** @type {number[]} */ size) =>
    tf.variable(tf.randomNormal(size, 0, width ** -0.5));
  const ones = () => tf.variable(tf.ones([width]));
  const zeros = (/** @type {number} */ n) => tf.variable(tf.zeros([n]));
  const tokens = draw([symbols + positions - 2, width]);
  const places = draw([positions, width]);
  const blocks = Array.from({ length: layers }, () => ({
    gain1: ones(), bias1: zeros(width), gain2: ones(), bias2: zeros(width),
    query: draw([width, width]), key: draw([width, width]), value: draw([width, width]),
    output: draw([width, width]),
    up: draw([width, 4 * width]), upBias: zeros(4 * width),
    down: draw([4 * width, width]), downBias: zeros(width),
  }));
  const gain = ones();
  const bias = zeros(width);
  const unembed = draw([width, symbols]);
  const pick = () => Array.from({ length: batch }, () => Math.floor(Math.random() * symbols));
  const [x, y] = [pick(), pick()];
  const answers = tf.tensor1d(x.map((value, i) => (value + y[i]) % symbols), 'int32');
  const prompt = tf.tensor1d(x.flatMap((value, i) => [value, symbols, y[i], symbols + 1]), 'int32');
  const mask = tf.tensor2d(
    Array.from({ length: positions }, (_, i) =>
      Array.from({ length: positions }, (_, j) => (j > i ? -1e9 : 0)),
    ),
  );

  const norm = (/** @type {any} */ values, /** @type {any} */ g, /** @type {any} */ b) => {
    const { mean, variance } = tf.moments(values, -1, true);
    return values.sub(mean).div(variance.add(1e-5).sqrt()).mul(g).add(b);
  };
  const forward = () => {
    let stream = tf.gather(tokens, prompt).reshape([batch, positions, width]).add(places)
      .reshape([batch * positions, width]);
    for (const block of blocks) {
      const input = norm(stream, block.gain1, block.bias1);
      const split = (/** @type {any} */ map) =>
        tf.transpose(input.matMul(map).reshape([batch, positions, heads, dHead]), [0, 2, 1, 3]);
      const scores = tf.matMul(split(block.query), split(block.key), false, true)
        .mul(dHead ** -0.5).add(mask);
      const attended = tf.matMul(tf.softmax(scores), split(block.value));
      const merged = tf.transpose(attended, [0, 2, 1, 3]).reshape([batch * positions, width]);
      stream = stream.add(merged.matMul(block.output));
      const hidden = norm(stream, block.gain2, block.bias2).matMul(block.up).add(block.upBias);
      stream = stream.add(hidden.relu().matMul(block.down).add(block.downBias));
    }
    const last = stream.reshape([batch, positions, width])
      .slice([0, positions - 1, 0], [batch, 1, width]).reshape([batch, width]);
    const logits = norm(last, gain, bias).matMul(unembed);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(answers, symbols), logits);
  };
  const optimizer = tf.train.adam(1e-3, 0.9, 0.98);
  const step = async () => {
    const loss = optimizer.minimize(forward, true);
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
  const first = await step();
  const counter = /** @type {any} */ (globalThis);
  const before = counter.dispatches ?? 0;
  const started = performance.now();
  let last = first;
  for (let i = 0; i < steps; i += 1) last = await step();
  const stepMillis = (performance.now() - started) / steps;
  if (!(last < first)) throw new Error(`the loss went from ${first} to ${last}`);
  return { stepMillis, dispatches: ((counter.dispatches ?? 0) - before) / steps };
}
