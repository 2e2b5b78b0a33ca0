// What an optimiser's kernel works with: its file has an entry point `update`, a thread per
// parameter.

struct Arguments {
  n_parameters: u32,
  splits: u32,
  // The step's scalars, as the optimiser lists them.
  factors: array<vec4<f32>, 2>,
}
@group(0) @binding(6) var<uniform> a: Arguments;

fn gradient_at(i: u32) -> f32 {
  var sum = 0.0;
  for (var split = 0u; split < a.splits; split += 1u) {
    sum += gradients[split * a.n_parameters + i];
  }
  return sum;
}
