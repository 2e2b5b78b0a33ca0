// Adam and AdamW, fused: see adam.rs.

@compute @workgroup_size(LANES)
fn adam(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  let gradient = gradient_at(i);
  let beta_1 = a.factors[0].x;
  let beta_2 = a.factors[0].y;
  let mean_at = a.moments + i;
  let square_at = mean_at + a.n_parameters;
  let mean = moments[mean_at] * beta_1 + gradient * a.factors[0].z;
  let square = moments[square_at] * beta_2 + gradient * gradient * a.factors[0].w;
  moments[mean_at] = mean;
  moments[square_at] = square;
  // epsilon, rate, 1 / root of the correction, keep
  let second = a.factors[1];
  parameters[i] = parameters[i] * second.w - mean / (sqrt(square) * second.z + second.x) * second.y;
}
