// Matrix products with everything that follows them, in tiles of 64 x 64.

// 0: x Wᵀ; 1: gradient W; 2: gradientᵀ x.
override KIND: u32;

struct Arguments {
  rows: u32,
  columns: u32,
  depth: u32,
  // Offsets of the factors and the result, each where its kind has it.
  left: u32,
  right: u32,
  out: u32,
  // Offset of activations to add, or NONE.
  add: u32,
  // Offset of the bias, or NONE.
  bias: u32,
  // 0: none, 1: ReLU, 2: GELU.
  activation: u32,
  // Offset of what the derivative is computed from.
  saved: u32,
  n_parameters: u32,
}
@group(0) @binding(6) var<uniform> arguments: Arguments;

const DEPTH = 16u;
// Apart by one more than a tile, so that a column does not fall on one bank.
const STRIDE = TILE + 1u;
var<workgroup> left_tile: array<f32, DEPTH * STRIDE>;
var<workgroup> right_tile: array<f32, DEPTH * STRIDE>;

fn left_at(i: u32, k: u32) -> f32 {
  if KIND == 2u { return activations[arguments.left + k * arguments.rows + i]; }
  return activations[arguments.left + i * arguments.depth + k];
}

fn right_at(k: u32, j: u32) -> f32 {
  if KIND == 0u { return parameters[arguments.right + j * arguments.depth + k]; }
  if KIND == 1u { return parameters[arguments.right + k * arguments.columns + j]; }
  return activations[arguments.right + k * arguments.columns + j];
}

// Standard normal distribution function: Abramowitz and Stegun 7.1.26, within 1.5e-7.
fn normal_cdf(x: f32) -> f32 {
  let z = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let series = t * (0.254829592 + t * (-0.284496736
    + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  let tail = 0.5 * series * exp(-z * z);
  return select(tail, 1.0 - tail, x > 0.0);
}

fn derivative(saved: f32) -> f32 {
  if arguments.activation == 1u { return select(0.0, 1.0, saved > 0.0); }
  return normal_cdf(saved) + saved * 0.39894228 * exp(-0.5 * saved * saved);
}

fn store(i: u32, j: u32, split: u32, sum: f32) {
  let index = i * arguments.columns + j;
  if KIND == 2u {
    gradients[split * arguments.n_parameters + arguments.out + index] = sum;
    return;
  }
  var value = sum;
  if KIND == 1u && arguments.activation != 0u {
    value *= derivative(activations[arguments.saved + index]);
  }
  if KIND == 0u && arguments.bias != NONE { value += parameters[arguments.bias + j]; }
  if arguments.add != NONE { value += activations[arguments.add + index]; }
  if KIND == 0u && arguments.activation == 1u { value = max(value, 0.0); }
  if KIND == 0u && arguments.activation == 2u {
    activations[arguments.saved + index] = value;
    value *= normal_cdf(value);
  }
  activations[arguments.out + index] = value;
}

@compute @workgroup_size(256)
fn product(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let first_row = group.y * TILE;
  let first_column = group.x * TILE;
  // The sum over a batch is split, or few workgroups would do all of it.
  let tiles = (arguments.depth + DEPTH - 1u) / DEPTH;
  let share = (tiles + groups.z - 1u) / groups.z * DEPTH;
  let start = group.z * share;
  let end = min(start + share, arguments.depth);

  let tile_row = thread / 16u * 4u;
  let tile_column = thread % 16u * 4u;
  var sums: array<vec4<f32>, 4>;
  var bias = 0.0;
  for (var k0 = start; k0 < end; k0 += DEPTH) {
    for (var part = 0u; part < 4u; part += 1u) {
      let index = part * 256u + thread;
      // Neighbours read neighbours.
      var i = index / DEPTH;
      var k = index % DEPTH;
      if KIND == 2u { i = index % TILE; k = index / TILE; }
      var value = 0.0;
      if first_row + i < arguments.rows && k0 + k < end { value = left_at(first_row + i, k0 + k); }
      left_tile[k * STRIDE + i] = value;

      var j = index % TILE;
      k = index / TILE;
      if KIND == 0u { j = index / DEPTH; k = index % DEPTH; }
      value = 0.0;
      if first_column + j < arguments.columns && k0 + k < end {
        value = right_at(k0 + k, first_column + j);
      }
      right_tile[k * STRIDE + j] = value;
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k += 1u) {
      let at = k * STRIDE + tile_column;
      let right = vec4(right_tile[at], right_tile[at + 1u], right_tile[at + 2u], right_tile[at + 3u]);
      for (var i = 0u; i < 4u; i += 1u) { sums[i] += left_tile[k * STRIDE + tile_row + i] * right; }
    }
    if KIND == 2u && thread < TILE {
      for (var k = 0u; k < DEPTH; k += 1u) { bias += left_tile[k * STRIDE + thread]; }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i += 1u) {
    let row = first_row + tile_row + i;
    for (var j = 0u; j < 4u; j += 1u) {
      let column = first_column + tile_column + j;
      if row < arguments.rows && column < arguments.columns { store(row, column, group.z, sums[i][j]); }
    }
  }
  // The bias' gradient is the sum of the left factor's rows.
  let bias_row = first_row + thread;
  if KIND == 2u && arguments.bias != NONE && group.x == 0u && thread < TILE
    && bias_row < arguments.rows {
    gradients[group.z * arguments.n_parameters + arguments.bias + bias_row] = bias;
  }
}
