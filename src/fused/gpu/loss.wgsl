// Cross-entropy with everything that is wanted of a row of logits.

// Softmax; 1: StableMax; 2: its gradient without the mean of each row; 3: both.
override KIND: u32;

struct Arguments {
  rows: u32,
  n_symbols: u32,
  logits: u32,
}
@group(0) @binding(6) var<uniform> a: Arguments;

var<workgroup> values: array<f32, THREADS>;
var<workgroup> symbols: array<u32, THREADS>;

struct Row { largest: f32, best: u32, total: f32 }

// What a logit weighs beside the others, and the slope of that weight's logarithm.
fn weigh(logit: f32, largest: f32) -> vec2<f32> {
  if (KIND & 1u) == 0u { return vec2(exp(logit - largest), 1.0); }
  // Prieto et al. 2025: x + 1 above zero, 1 / (1 - x) below.
  let step = 1.0 / (1.0 + abs(logit));
  return vec2(select(step, 1.0 + logit, logit >= 0.0), step);
}

fn sum_over_threads(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  values[thread] = value;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if thread < half { values[thread] += values[thread + half]; }
  }
  workgroupBarrier();
  return values[0];
}

// The largest logit, the first symbol that has it, and what all of them weigh.
fn reduce(logits: u32, thread: u32) -> Row {
  var largest = -3.4e38;
  var best = a.n_symbols;
  for (var s = thread; s < a.n_symbols; s += THREADS) {
    if activations[logits + s] > largest { largest = activations[logits + s]; best = s; }
  }
  values[thread] = largest;
  symbols[thread] = best;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if thread < half {
      let other = values[thread + half];
      let is_first = other == values[thread] && symbols[thread + half] < symbols[thread];
      if other > values[thread] || is_first {
        values[thread] = other;
        symbols[thread] = symbols[thread + half];
      }
    }
  }
  workgroupBarrier();
  var row = Row(values[0], symbols[0], 0.0);
  var total = 0.0;
  for (var s = thread; s < a.n_symbols; s += THREADS) {
    total += weigh(activations[logits + s], row.largest).x;
  }
  row.total = sum_over_threads(total, thread);
  return row;
}

fn cross_entropy(answer: u32, row: Row) -> f32 {
  let right = activations[answer];
  // A difference of logits has no logarithm of what is too small for one.
  if (KIND & 1u) == 0u { return log(row.total) - (right - row.largest); }
  return log(row.total) - log(weigh(right, row.largest).x);
}

// Leaves the gradient of the mean loss where the logits were.
@compute @workgroup_size(THREADS)
fn loss(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let is_row = row_of(group) < a.rows;
  let equation = min(row_of(group), a.rows - 1u);
  let logits = a.logits + equation * a.n_symbols;
  let row = reduce(logits, thread);
  if !is_row { return; }
  let answer = batch[2u * a.rows + equation];
  let scale = 1.0 / f32(a.rows);
  let right = weigh(activations[logits + answer], row.largest);
  if thread == 0u { results[equation] = cross_entropy(logits + answer, row); }
  // The answer's logit is read above by every thread and replaced below by one.
  storageBarrier();
  var sum = 0.0;
  for (var s = thread; s < a.n_symbols; s += THREADS) {
    let weight = weigh(activations[logits + s], row.largest);
    let slope = weight.x / row.total * weight.y - select(0.0, right.y, s == answer);
    activations[logits + s] = slope * scale;
    sum += slope * scale;
  }
  if (KIND & 2u) != 0u {
    let mean = sum_over_threads(sum, thread) / f32(a.n_symbols);
    for (var s = thread; s < a.n_symbols; s += THREADS) { activations[logits + s] -= mean; }
  }
}

// Predicted symbol, its probability, and the loss: [rows, 3].
@compute @workgroup_size(THREADS)
fn judge(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let is_row = row_of(group) < a.rows;
  let equation = min(row_of(group), a.rows - 1u);
  let logits = a.logits + equation * a.n_symbols;
  let row = reduce(logits, thread);
  if is_row && thread == 0u {
    let answer = batch[2u * a.rows + equation];
    results[equation * 3u] = f32(row.best);
    results[equation * 3u + 1u] = weigh(row.largest, row.largest).x / row.total;
    results[equation * 3u + 2u] = cross_entropy(logits + answer, row);
  }
}
