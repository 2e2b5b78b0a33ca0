// SGD with momentum, fused: see sgd.rs.

@compute @workgroup_size(256)
fn update(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if i >= a.n_parameters { return; }
  // momentum, rate, decay
  let factors = a.factors[0];
  let velocity = moments[i] * factors.x + gradient_at(i) + parameters[i] * factors.z;
  moments[i] = velocity;
  parameters[i] -= velocity * factors.y;
}
