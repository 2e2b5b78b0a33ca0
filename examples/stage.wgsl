// Lion: see stage.rs. A thread per parameter.

@compute @workgroup_size(LANES)
fn lion(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  // beta 1, beta 2, rate, decay
  let factors = a.factors[0];
  let gradient = gradient_at(i);
  let momentum = moments[a.moments + i];
  let direction = factors.x * momentum + (1.0 - factors.x) * gradient;
  parameters[i] -= factors.z * (sign(direction) + factors.w * parameters[i]);
  moments[a.moments + i] = factors.y * momentum + (1.0 - factors.y) * gradient;
}
