// What the passes of an update work with; an optimiser's file follows.

struct Arguments {
  n_parameters: u32,
  // Parts of the gradient: one after `gather`.
  splits: u32,
  // Where the stage's moments begin.
  moments: u32,
  n_tensors: u32,
  // The stream of the random numbers, and the step that they are drawn for.
  key: vec2<u32>,
  step: u32,
  // The first of the parameters that a pass is for, which are a matrix [rows, columns] …
  first: u32,
  rows: u32,
  columns: u32,
  // … or a product of matrices, see `Product` in pass.rs: offsets into the activations, which an
  // update has for itself.
  depth: u32,
  left: u32,
  right: u32,
  add: u32,
  out: u32,
  transposed: u32,
  // Numbers of the step, as the stage lists them.
  factors: array<vec4<f32>, 2>,
  // Where each tensor begins, and where the last one ends.
  starts: array<vec4<u32>, 24>,
}
@group(0) @binding(6) var<uniform> a: Arguments;

fn gradient_at(i: u32) -> f32 {
  var sum = 0.0;
  for (var split = 0u; split < a.splits; split += 1u) {
    sum += gradients[split * a.n_parameters + i];
  }
  return sum;
}

// The parameter of a thread, or none.
fn parameter_of(id: vec3<u32>) -> u32 {
  return select(NONE, a.first + id.x, id.x < a.rows * a.columns);
}

fn start_of(tensor: u32) -> u32 {
  return a.starts[tensor / 4u][tensor % 4u];
}

// Leaves the gradient in one part.
@compute @workgroup_size(LANES)
fn gather(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = parameter_of(id);
  if i == NONE { return; }
  gradients[i] = gradient_at(i);
}
