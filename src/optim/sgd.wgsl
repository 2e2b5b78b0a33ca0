// SGD with momentum, fused: see sgd.rs.

@compute @workgroup_size(LANES)
fn sgd(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  // momentum, rate, decay
  let factors = a.factors[0];
  let velocity = moments[a.moments + i] * factors.x + gradient_at(i) + parameters[i] * factors.z;
  moments[a.moments + i] = velocity;
  parameters[i] -= velocity * factors.y;
}
