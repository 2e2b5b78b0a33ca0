// Layer normalisation over the columns of each row, with the biased variance.

struct Arguments {
  rows: u32,
  d: u32,
  // Offsets of parameters.
  gain: u32,
  bias: u32,
  // Offsets of activations: [rows, d], and [rows, 2] for mean and 1 / deviation.
  x: u32,
  stats: u32,
  gradient: u32,
  out: u32,
  // 1 to add to what is there.
  add: u32,
  n_parameters: u32,
}
@group(0) @binding(6) var<uniform> a: Arguments;

var<workgroup> parts: array<vec2<f32>, THREADS>;

// The sum over all threads, for each of them.
fn total(thread: u32, value: vec2<f32>) -> vec2<f32> {
  parts[thread] = value;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if thread < half { parts[thread] += parts[thread + half]; }
  }
  workgroupBarrier();
  let sum = parts[0];
  workgroupBarrier();
  return sum;
}

@compute @workgroup_size(THREADS)
fn normalize(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = min(row_of(group), a.rows - 1u);
  let x = a.x + row * a.d;
  var sum = 0.0;
  for (var c = thread; c < a.d; c += THREADS) { sum += activations[x + c]; }
  let mean = total(thread, vec2(sum)).x / f32(a.d);
  var squares = 0.0;
  for (var c = thread; c < a.d; c += THREADS) {
    let centred = activations[x + c] - mean;
    squares += centred * centred;
  }
  let variance = total(thread, vec2(squares)).x / f32(a.d);
  let inverse = 1.0 / sqrt(variance + LAYER_NORM_EPSILON);
  for (var c = thread; c < a.d; c += THREADS) {
    activations[a.out + row * a.d + c] =
      (activations[x + c] - mean) * inverse * parameters[a.gain + c] + parameters[a.bias + c];
  }
  if thread == 0u {
    activations[a.stats + row * 2u] = mean;
    activations[a.stats + row * 2u + 1u] = inverse;
  }
}

// The gradients of gain and bias: a thread per column, a part of the rows per group.y.
@compute @workgroup_size(THREADS)
fn gains_gradient(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let c = id.x;
  if c >= a.d { return; }
  var d_gain = 0.0;
  var d_bias = 0.0;
  for (var row = id.y; row < a.rows; row += groups.y) {
    let gradient = activations[a.gradient + row * a.d + c];
    let mean = activations[a.stats + row * 2u];
    let inverse = activations[a.stats + row * 2u + 1u];
    d_gain += gradient * (activations[a.x + row * a.d + c] - mean) * inverse;
    d_bias += gradient;
  }
  gradients[id.y * a.n_parameters + a.gain + c] = d_gain;
  gradients[id.y * a.n_parameters + a.bias + c] = d_bias;
}

@compute @workgroup_size(THREADS)
fn input_gradient(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let is_row = row_of(group) < a.rows;
  let row = min(row_of(group), a.rows - 1u);
  let mean = activations[a.stats + row * 2u];
  let inverse = activations[a.stats + row * 2u + 1u];
  var sums = vec2<f32>();
  for (var c = thread; c < a.d; c += THREADS) {
    let gradient = activations[a.gradient + row * a.d + c] * parameters[a.gain + c];
    let normal = (activations[a.x + row * a.d + c] - mean) * inverse;
    sums += vec2(gradient, gradient * normal);
  }
  let means = total(thread, sums) / f32(a.d);
  if !is_row { return; }
  for (var c = thread; c < a.d; c += THREADS) {
    let gradient = activations[a.gradient + row * a.d + c] * parameters[a.gain + c];
    let normal = (activations[a.x + row * a.d + c] - mean) * inverse;
    var value = inverse * (gradient - means.x - normal * means.y);
    let out = a.out + row * a.d + c;
    if a.add == 1u { value += activations[out]; }
    activations[out] = value;
  }
}
