// Slow gradients, amplified: see grokfast.rs.

@compute @workgroup_size(LANES)
fn moving_average(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  let gradient = gradients[i];
  // decay, factor
  let factors = a.factors[0];
  let before = select(moments[a.moments + i], gradient, a.step == 0u);
  let average = factors.x * before + (1.0 - factors.x) * gradient;
  moments[a.moments + i] = average;
  gradients[i] = gradient + factors.y * average;
}

// The sum, then a ring of `depth` gradients.
@compute @workgroup_size(LANES)
fn window(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  let gradient = gradients[i];
  let ring = a.moments + a.n_parameters + i;
  let place = a.step % a.depth;
  let at = ring + place * a.n_parameters;
  var sum = moments[a.moments + i] + (gradient - moments[at]);
  moments[at] = gradient;
  if place + 1u == a.depth {
    sum = 0.0;
    for (var kept = 0u; kept < a.depth; kept += 1u) { sum += moments[ring + kept * a.n_parameters]; }
  }
  moments[a.moments + i] = sum;
  gradients[i] = gradient + a.factors[0].x * sum;
}
