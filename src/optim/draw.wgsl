// Standard normal numbers of a place in a step: see draw.rs.

fn threefry(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
  var rotations = array<vec4<u32>, 2>(vec4(13u, 15u, 26u, 6u), vec4(17u, 29u, 16u, 24u));
  var keys = array<u32, 3>(key.x, key.y, key.x ^ key.y ^ 0x1bd11bdau);
  var x = counter + key;
  for (var group = 0u; group < 5u; group += 1u) {
    for (var round = 0u; round < 4u; round += 1u) {
      let rotation = rotations[group % 2u][round];
      x.x += x.y;
      x.y = ((x.y << rotation) | (x.y >> (32u - rotation))) ^ x.x;
    }
    x += vec2(keys[(group + 1u) % 3u], keys[(group + 2u) % 3u] + group + 1u);
  }
  return x;
}

fn quantile(p: f32) -> f32 {
  let q = p - 0.5;
  if abs(q) <= 0.425 {
    let r = 0.180625 - q * q;
    let above = ((59.109375 * r + 159.29113) * r + 50.43427) * r + 3.3871327;
    let below = ((67.18756 * r + 78.75776) * r + 17.89517) * r + 1.0;
    return q * above / below;
  }
  let r = sqrt(-log(min(p, 1.0 - p))) - 1.6;
  let above = ((0.17023821 * r + 1.3067285) * r + 2.7568154) * r + 1.4234373;
  let below = (0.12021133 * r + 0.73700164) * r + 1.0;
  return sign(q) * above / below;
}

fn normal(place: u32) -> f32 {
  let word = threefry(a.key, vec2(place, a.step)).x;
  return quantile((f32(word >> 9u) + 0.5) / 8388608.0);
}
