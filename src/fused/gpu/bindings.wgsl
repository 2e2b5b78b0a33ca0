// What every kernel can see, behind the sizes of constants.rs. Each declares the arguments of its own dispatches, at binding 6.

// [P], then the fixed position embedding [T, D] where it is not learned.
@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;
// Every buffer of the program, one after another.
@group(0) @binding(1) var<storage, read_write> activations: array<f32>;
// [SPLITS, P]: parts of the gradient, which the optimiser adds up.
@group(0) @binding(2) var<storage, read_write> gradients: array<f32>;
// [moments, P]
@group(0) @binding(3) var<storage, read_write> moments: array<f32>;
// x, y and answer of each equation [3, B]; then the equations in the order of x [B], where those
// of each x start [N + 1], and the same for y.
@group(0) @binding(4) var<storage, read> batch: array<u32>;
// A loss per equation [B]; or what the network says of it [B, 3].
@group(0) @binding(5) var<storage, read_write> results: array<f32>;

fn row_of(group: vec3<u32>) -> u32 {
  return group.x + group.y * ROWS_ACROSS;
}
