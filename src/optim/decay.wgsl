// The other kinds of weight decay: see decay.rs.

@compute @workgroup_size(LANES)
fn to_init(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  parameters[i] += (moments[a.moments + i] - parameters[i]) * a.factors[0].x;
}

@compute @workgroup_size(LANES)
fn honest(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  gradients[i] += parameters[i] * a.factors[0].x;
}

@compute @workgroup_size(LANES)
fn jiggle(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  var tensor = 0u;
  while start_of(tensor + 1u) <= i { tensor += 1u; }
  parameters[i] *= exp(normal(tensor) * a.factors[0].x);
}
