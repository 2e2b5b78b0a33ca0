// Cross-entropy with everything that is wanted of a row of logits.

struct Arguments {
  rows: u32,
  n_symbols: u32,
  logits: u32,
}
@group(0) @binding(6) var<uniform> a: Arguments;

const THREADS = 64u;
var<workgroup> values: array<f32, 64>;
var<workgroup> symbols: array<u32, 64>;

struct Row { largest: f32, best: u32, total: f32 }

// The largest logit, the first symbol that has it, and Σ exp(logit − largest).
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
  workgroupBarrier();
  var total = 0.0;
  for (var s = thread; s < a.n_symbols; s += THREADS) {
    total += exp(activations[logits + s] - row.largest);
  }
  values[thread] = total;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if thread < half { values[thread] += values[thread + half]; }
  }
  workgroupBarrier();
  row.total = values[0];
  return row;
}

// Leaves the gradient of the mean loss where the logits were.
@compute @workgroup_size(64)
fn loss(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let is_row = row_of(group) < a.rows;
  let equation = min(row_of(group), a.rows - 1u);
  let logits = a.logits + equation * a.n_symbols;
  let row = reduce(logits, thread);
  if !is_row { return; }
  let answer = batch[2u * a.rows + equation];
  let scale = 1.0 / f32(a.rows);
  if thread == 0u {
    results[equation] = log(row.total) - (activations[logits + answer] - row.largest);
  }
  // The answer's logit is read above by one thread and replaced below by another.
  storageBarrier();
  for (var s = thread; s < a.n_symbols; s += THREADS) {
    let probability = exp(activations[logits + s] - row.largest) / row.total;
    activations[logits + s] = (probability - select(0.0, 1.0, s == answer)) * scale;
  }
}

// Predicted symbol, its probability, and the loss: [rows, 3].
@compute @workgroup_size(64)
fn judge(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let is_row = row_of(group) < a.rows;
  let equation = min(row_of(group), a.rows - 1u);
  let logits = a.logits + equation * a.n_symbols;
  let row = reduce(logits, thread);
  if is_row && thread == 0u {
    let answer = batch[2u * a.rows + equation];
    results[equation * 3u] = f32(row.best);
    results[equation * 3u + 1u] = 1.0 / row.total;
    results[equation * 3u + 2u] = log(row.total) - (activations[logits + answer] - row.largest);
  }
}
