// Gradients without their part along the weights: see orthogonal.rs. A workgroup per tensor.

var<workgroup> shares: array<vec3<f32>, LANES>;

// The sum over a workgroup.
fn total(share: vec3<f32>, thread: u32) -> vec3<f32> {
  workgroupBarrier();
  shares[thread] = share;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if thread < half { shares[thread] += shares[thread + half]; }
  }
  workgroupBarrier();
  return shares[0];
}

@compute @workgroup_size(LANES)
fn orthogonal(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let start = start_of(group.x) + thread;
  let end = start_of(group.x + 1u);
  var dots = vec3(0.0);
  for (var i = start; i < end; i += LANES) {
    let weight = parameters[i];
    let gradient = gradients[i];
    dots += vec3(weight * gradient, weight * weight, gradient * gradient);
  }
  dots = total(dots, thread);
  let along = dots.x / (dots.y + 1e-30);
  var left = vec3(0.0);
  for (var i = start; i < end; i += LANES) {
    let gradient = gradients[i] - along * parameters[i];
    gradients[i] = gradient;
    left.x += gradient * gradient;
  }
  left = total(left, thread);
  let scale = sqrt(dots.z) / (sqrt(left.x) + 1e-30);
  for (var i = start; i < end; i += LANES) { gradients[i] *= scale; }
}
