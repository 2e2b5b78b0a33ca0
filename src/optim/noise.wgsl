// Gaussian noise: see noise.rs.

@compute @workgroup_size(LANES)
fn add_noise(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  parameters[i] += a.factors[0].x * normal(i);
}
