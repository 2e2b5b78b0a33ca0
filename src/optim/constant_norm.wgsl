// The whole network on the sphere that it starts on: see constant_norm.rs.

// Workgroups that share the two sums.
const GROUPS = 64u;
var<workgroup> shares: array<vec2<f32>, LANES>;

// Parts of the squared norms of the first parameters and of these, [GROUPS, 2].
@compute @workgroup_size(LANES)
fn norms(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  var share = vec2(0.0);
  for (var i = group.x * LANES + thread; i < a.n_parameters; i += GROUPS * LANES) {
    let pair = vec2(moments[a.moments + i], parameters[i]);
    share += pair * pair;
  }
  shares[thread] = share;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if thread < half { shares[thread] += shares[thread + half]; }
  }
  if thread == 0u {
    activations[2u * group.x] = shares[0].x;
    activations[2u * group.x + 1u] = shares[0].y;
  }
}

@compute @workgroup_size(LANES)
fn rescale(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  var sums = vec2(0.0);
  for (var group = 0u; group < GROUPS; group += 1u) {
    sums += vec2(activations[2u * group], activations[2u * group + 1u]);
  }
  parameters[i] *= sqrt(sums.x / max(sums.y, 1e-30));
}
