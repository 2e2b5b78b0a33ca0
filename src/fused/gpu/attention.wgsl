// Attention of a few positions, forward and backward. Backward gathers, so that nothing is added
// by two threads: which results read a row follows from its place.

struct Arguments {
  // Equations, symbols, columns, heads, positions, and the first position that is computed.
  count: u32,
  n_symbols: u32,
  d: u32,
  heads: u32,
  positions: u32,
  first: u32,
  // Shared rows of the input, of the queries and of the results; rows in all.
  in_shared: u32,
  query_shared: u32,
  out_shared: u32,
  in_rows: u32,
  out_rows: u32,
  // Offsets of activations.
  stream: u32,
  query: u32,
  keys_values: u32,
  attended: u32,
  weights: u32,
  residual: u32,
  d_stream: u32,
  d_query: u32,
  d_keys_values: u32,
  d_attended: u32,
  d_residual: u32,
  d_scores: u32,
  d_queries: u32,
  partial: u32,
  // The attention rate, and 1 - rate, which is not computed here: some compilers would reorder the sum.
  rate: f32,
  ones: f32,
  // Places: kind and first row or block.
  inputs: array<vec4<u32>, POSITIONS_MAX>,
  queries: array<vec4<u32>, POSITIONS_MAX>,
  outputs: array<vec4<u32>, POSITIONS_MAX>,
}
@group(0) @binding(6) var<uniform> a: Arguments;

const ONE = 0u;
const PER_X = 1u;
const PER_Y = 2u;
const OWN = 3u;

// A result: its position, and the equation (of which shared results have x alone).
struct Result { position: u32, equation: u32, x: u32, y: u32 }

fn result_of(row: u32) -> Result {
  let shared_positions = a.out_shared / a.n_symbols;
  if row < a.out_shared {
    return Result(a.first + row / a.n_symbols, 0u, row % a.n_symbols, 0u);
  }
  let equation = (row - a.out_shared) % a.count;
  let position = a.first + shared_positions + (row - a.out_shared) / a.count;
  return Result(position, equation, batch[equation], batch[a.count + equation]);
}

fn row_at(place: vec4<u32>, shared_rows: u32, result: Result) -> u32 {
  switch place.x {
    case ONE: { return place.y; }
    case PER_X: { return place.y + result.x; }
    case PER_Y: { return place.y + result.y; }
    default: { return shared_rows + place.y * a.count + result.equation; }
  }
}

fn input_row(position: u32, result: Result) -> u32 {
  return row_at(a.inputs[position], a.in_shared, result);
}

fn query_row(result: Result) -> u32 {
  return row_at(a.queries[result.position - a.first], a.query_shared, result);
}

fn key_at(row: u32, column: u32) -> f32 {
  return activations[a.keys_values + row * 2u * a.d + column];
}

fn value_at(row: u32, column: u32) -> f32 {
  return activations[a.keys_values + row * 2u * a.d + a.d + column];
}

// What is taken of a position that is seen, by its weight in the softmax.
fn applied(weight: f32) -> f32 {
  return a.rate * weight + a.ones;
}

// By head and position, for one result.
var<workgroup> scores: array<f32, HEADS_MAX * POSITIONS_MAX>;

@compute @workgroup_size(THREADS)
fn attend(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = row_of(group);
  let is_row = row < a.out_rows;
  let result = result_of(min(row, a.out_rows - 1u));
  let d_head = a.d / a.heads;
  let n_scores = a.heads * a.positions;
  if thread < n_scores {
    let head = thread / a.positions;
    let position = thread % a.positions;
    var score = 0.0;
    if position <= result.position {
      let query = a.query + query_row(result) * a.d;
      let key = input_row(position, result);
      for (var c = head * d_head; c < (head + 1u) * d_head; c += 1u) {
        score += activations[query + c] * key_at(key, c);
      }
    }
    scores[thread] = score * inverseSqrt(f32(d_head));
  }
  workgroupBarrier();
  if thread < a.heads {
    let start = thread * a.positions;
    var largest = scores[start];
    for (var t = 1u; t <= result.position; t += 1u) { largest = max(largest, scores[start + t]); }
    var total = 0.0;
    for (var t = 0u; t <= result.position; t += 1u) {
      scores[start + t] = exp(scores[start + t] - largest);
      total += scores[start + t];
    }
    for (var t = 0u; t < a.positions; t += 1u) {
      let weight = select(0.0, scores[start + t] / total, t <= result.position);
      if is_row { activations[a.weights + row * n_scores + start + t] = weight; }
      scores[start + t] = applied(weight);
    }
  }
  workgroupBarrier();
  if !is_row { return; }
  let own = input_row(result.position, result);
  for (var c = thread; c < a.d; c += THREADS) {
    var sum = 0.0;
    for (var t = 0u; t <= result.position; t += 1u) {
      sum += scores[c / d_head * a.positions + t] * value_at(input_row(t, result), c);
    }
    activations[a.attended + row * a.d + c] = sum;
    activations[a.residual + row * a.d + c] = activations[a.stream + own * a.d + c];
  }
}

// The gradient of each result's scores and query.
@compute @workgroup_size(THREADS)
fn scores_gradient(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = row_of(group);
  let is_row = row < a.out_rows;
  let result = result_of(min(row, a.out_rows - 1u));
  let d_head = a.d / a.heads;
  let n_scores = a.heads * a.positions;
  let safe_row = min(row, a.out_rows - 1u);
  if thread < n_scores {
    let head = thread / a.positions;
    let position = thread % a.positions;
    var d_weight = 0.0;
    if position <= result.position {
      let gradient = a.d_attended + safe_row * a.d;
      let value = input_row(position, result);
      for (var c = head * d_head; c < (head + 1u) * d_head; c += 1u) {
        d_weight += activations[gradient + c] * value_at(value, c);
      }
    }
    scores[thread] = d_weight;
  }
  workgroupBarrier();
  if thread < a.heads {
    let start = thread * a.positions;
    let weights = a.weights + safe_row * n_scores + start;
    let scale = a.rate * inverseSqrt(f32(d_head));
    var mean = 0.0;
    for (var t = 0u; t < a.positions; t += 1u) { mean += activations[weights + t] * scores[start + t]; }
    for (var t = 0u; t < a.positions; t += 1u) {
      let d_score = activations[weights + t] * (scores[start + t] - mean) * scale;
      scores[start + t] = d_score;
      if is_row { activations[a.d_scores + row * n_scores + start + t] = d_score; }
    }
  }
  workgroupBarrier();
  if !is_row { return; }
  for (var c = thread; c < a.d; c += THREADS) {
    var sum = 0.0;
    for (var t = 0u; t <= result.position; t += 1u) {
      sum += scores[c / d_head * a.positions + t] * key_at(input_row(t, result), c);
    }
    activations[a.d_queries + row * a.d + c] = sum;
  }
}

// Gradients of one column of an input row: key, value, stream, query.
fn contribution(row: u32, position: u32, result: Result, c: u32) -> vec4<f32> {
  let at = row * a.heads * a.positions + c / (a.d / a.heads) * a.positions + position;
  var sum = vec4(
    activations[a.d_scores + at] * activations[a.query + query_row(result) * a.d + c],
    applied(activations[a.weights + at]) * activations[a.d_attended + row * a.d + c],
    0.0,
    0.0,
  );
  if result.position == position {
    sum.z = activations[a.d_residual + row * a.d + c];
    sum.w = activations[a.d_queries + row * a.d + c];
  }
  return sum;
}

fn from_shared(output: u32, position: u32, x: u32, c: u32) -> vec4<f32> {
  let row = a.outputs[output].y + x;
  return contribution(row, position, Result(a.first + output, 0u, x, 0u), c);
}

fn from_equation(output: u32, position: u32, equation: u32, c: u32) -> vec4<f32> {
  let row = a.out_shared + a.outputs[output].y * a.count + equation;
  let result =
    Result(a.first + output, equation, batch[equation], batch[a.count + equation]);
  return contribution(row, position, result, c);
}

// The first result that sees a position.
fn first_output(position: u32) -> u32 {
  return max(position, a.first) - a.first;
}

// Parts of the gradients of rows that every equation shares: [ones, SEGMENTS, 4, D].
@compute @workgroup_size(THREADS)
fn ones_gradient(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  var position = 0u;
  var ones = 0u;
  for (var t = 0u; t < a.positions; t += 1u) {
    if a.inputs[t].x == ONE {
      if ones == group.x { position = t; }
      ones += 1u;
    }
  }
  for (var c = thread; c < a.d; c += THREADS) {
    var sum = vec4<f32>();
    for (var output = first_output(position); output < a.positions - a.first; output += 1u) {
      if a.outputs[output].x == OWN {
        for (var e = group.y; e < a.count; e += SEGMENTS) {
          sum += from_equation(output, position, e, c);
        }
      } else {
        for (var x = group.y; x < a.n_symbols; x += SEGMENTS) {
          sum += from_shared(output, position, x, c);
        }
      }
    }
    let at = a.partial + (group.x * SEGMENTS + group.y) * 4u * a.d + c;
    for (var part = 0u; part < 4u; part += 1u) { activations[at + part * a.d] = sum[part]; }
  }
}

@compute @workgroup_size(THREADS)
fn rows_gradient(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = row_of(group);
  if row >= a.in_rows { return; }
  // Where this row is: its position, and its symbol or equation.
  var position = 0u;
  var index = 0u;
  var ones = 0u;
  var earlier_ones = 0u;
  for (var t = 0u; t < a.positions; t += 1u) {
    let place = a.inputs[t];
    if place.x == OWN {
      let first = a.in_shared + place.y * a.count;
      if row >= first && row < first + a.count { position = t; index = row - first; }
    } else if place.x == ONE {
      if row == place.y { position = t; earlier_ones = ones; }
      ones += 1u;
    } else if row >= place.y && row < place.y + a.n_symbols {
      position = t;
      index = row - place.y;
    }
  }
  let kind = a.inputs[position].x;
  let by_y = select(0u, a.count + a.n_symbols + 1u, kind == PER_Y);
  let order = 3u * a.count + by_y;
  let starts = 4u * a.count + by_y;

  for (var c = thread; c < a.d; c += THREADS) {
    var sum = vec4<f32>();
    if kind == ONE {
      for (var segment = 0u; segment < SEGMENTS; segment += 1u) {
        let at = a.partial + (earlier_ones * SEGMENTS + segment) * 4u * a.d + c;
        for (var part = 0u; part < 4u; part += 1u) { sum[part] += activations[at + part * a.d]; }
      }
    } else {
      for (var output = first_output(position); output < a.positions - a.first; output += 1u) {
        if a.outputs[output].x != OWN {
          sum += from_shared(output, position, index, c);
        } else if kind == OWN {
          sum += from_equation(output, position, index, c);
        } else {
          for (var at = batch[starts + index]; at < batch[starts + index + 1u]; at += 1u) {
            sum += from_equation(output, position, batch[order + at], c);
          }
        }
      }
    }
    activations[a.d_keys_values + row * 2u * a.d + c] = sum.x;
    activations[a.d_keys_values + row * 2u * a.d + a.d + c] = sum.y;
    activations[a.d_stream + row * a.d + c] = sum.z;
    if position >= a.first {
      let result = Result(position, index, index, index);
      activations[a.d_query + query_row(result) * a.d + c] = sum.w;
    }
  }
}
