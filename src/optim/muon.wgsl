// Muon's hidden matrices: see muon.rs. A pass is for one matrix, which is [short, long] in the
// products, whichever way round it lies among the parameters.

var<workgroup> shares: array<f32, LANES>;

// Where a parameter of the matrix is in the products.
fn turned(at: u32) -> u32 {
  if a.rows <= a.columns { return at; }
  return at % a.columns * a.rows + at / a.columns;
}

// The gradient becomes Nesterov's direction.
@compute @workgroup_size(LANES)
fn momentum(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  // What the mean keeps of itself.
  let keep = a.factors[0].x;
  let gradient = gradients[i];
  let mean = keep * moments[a.moments + i] + (1.0 - keep) * gradient;
  moments[a.moments + i] = mean;
  gradients[i] = (1.0 - keep) * gradient + keep * mean;
}

// The direction at length 1. One workgroup.
@compute @workgroup_size(LANES)
fn normalize(@builtin(local_invocation_index) thread: u32) {
  let count = a.rows * a.columns;
  var share = 0.0;
  for (var at = thread; at < count; at += LANES) {
    let value = gradients[a.first + at];
    share += value * value;
  }
  shares[thread] = share;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if thread < half { shares[thread] += shares[thread + half]; }
  }
  workgroupBarrier();
  let length = sqrt(shares[0]) + 1e-7;
  for (var at = thread; at < count; at += LANES) {
    activations[a.out + turned(at)] = gradients[a.first + at] / length;
  }
}

@compute @workgroup_size(16, 16)
fn product(@builtin(global_invocation_id) id: vec3<u32>) {
  if id.y >= a.rows || id.x >= a.columns { return; }
  var sum = 0.0;
  for (var k = 0u; k < a.depth; k += 1u) {
    let right = select(k * a.columns + id.x, id.x * a.depth + k, a.transposed == 1u);
    sum += activations[a.left + id.y * a.depth + k] * activations[a.right + right];
  }
  let at = id.y * a.columns + id.x;
  activations[a.out + at] = a.factors[0].x * sum + a.factors[0].y * activations[a.add + at];
}

@compute @workgroup_size(LANES)
fn move_along(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  // keep, step
  let direction = activations[a.left + turned(i - a.first)];
  parameters[i] = parameters[i] * a.factors[0].x - a.factors[0].y * direction;
}
