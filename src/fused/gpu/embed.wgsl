// Token plus position for every shared row of the first stream, and the gradients of both.

struct Arguments {
  n_symbols: u32,
  d: u32,
  positions: u32,
  rows: u32,
  // Offsets of parameters. Positions that are not learned lie behind the parameters.
  tokens: u32,
  position_embedding: u32,
  is_learned: u32,
  stream: u32,
  // Per position: 1 if it has a row per symbol, its first row, and its first token.
  prompt: array<vec4<u32>, POSITIONS_MAX>,
}
@group(0) @binding(6) var<uniform> a: Arguments;

@compute @workgroup_size(THREADS)
fn embed(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.x / a.d;
  let c = id.x % a.d;
  if row >= a.rows { return; }
  for (var position = 0u; position < a.positions; position += 1u) {
    let place = a.prompt[position];
    let length = select(1u, a.n_symbols, place.x == 1u);
    if row >= place.y && row < place.y + length {
      let token = place.z + row - place.y;
      activations[a.stream + row * a.d + c] = parameters[a.tokens + token * a.d + c]
        + parameters[a.position_embedding + position * a.d + c];
    }
  }
}

// A thread per column of each token and position.
@compute @workgroup_size(THREADS)
fn embed_gradient(@builtin(global_invocation_id) id: vec3<u32>) {
  let marks = a.positions - 2u;
  let tokens = a.n_symbols + marks;
  let index = id.x / a.d;
  let c = id.x % a.d;
  if index >= tokens + select(0u, a.positions, a.is_learned == 1u) { return; }
  var sum = 0.0;
  for (var position = 0u; position < a.positions; position += 1u) {
    let place = a.prompt[position];
    let length = select(1u, a.n_symbols, place.x == 1u);
    if index < tokens {
      if index >= place.z && index < place.z + length {
        sum += activations[a.stream + (place.y + index - place.z) * a.d + c];
      }
    } else if index - tokens == position {
      for (var row = place.y; row < place.y + length; row += 1u) {
        sum += activations[a.stream + row * a.d + c];
      }
    }
  }
  if index < tokens {
    gradients[a.tokens + index * a.d + c] = sum;
  } else {
    gradients[a.position_embedding + (index - tokens) * a.d + c] = sum;
  }
}
