// Adam and AdamW, fused: see adam.rs.

@compute @workgroup_size(256)
fn update(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if i >= a.n_parameters { return; }
  let gradient = gradient_at(i);
  let beta_1 = a.factors[0].x;
  let beta_2 = a.factors[0].y;
  let mean = moments[i] * beta_1 + gradient * a.factors[0].z;
  let square = moments[a.n_parameters + i] * beta_2 + gradient * gradient * a.factors[0].w;
  moments[i] = mean;
  moments[a.n_parameters + i] = square;
  // epsilon, rate, 1 / root of the correction, keep
  let second = a.factors[1];
  parameters[i] = parameters[i] * second.w - mean / (sqrt(square) * second.z + second.x) * second.y;
}
