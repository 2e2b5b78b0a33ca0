//! Standard normal numbers that a step draws, the same ones on the CPU and on a graphics card.
//!
//! Each is a function of a key, its place and the step, so that no thread of a card waits for another
//! and a run that moves between devices keeps its noise. `draw.wgsl` is the same in WGSL.

use crate::rng::Rng;

/// One stream of numbers.
#[derive(Debug, Clone, Copy)]
pub struct Draws {
    key: [u32; 2],
}

impl Draws {
    /// The stream of a generator that draws nothing else.
    pub fn new(rng: &Rng) -> Draws {
        let word = rng.clone().next_u64();
        Draws { key: [word as u32, (word >> 32) as u32] }
    }

    /// What a kernel needs to draw the same.
    pub fn key(&self) -> [u32; 2] {
        self.key
    }

    /// The number of a place in a step, with 23 random bits: from −5.3 to 5.3.
    pub fn normal(&self, place: u32, step: u64) -> f32 {
        let [word, _] = threefry(self.key, [place, step as u32]);
        // Exact in f32, and as far from 1 as from 0.
        quantile(((word >> 9) as f32 + 0.5) / 8_388_608.0)
    }
}

/// Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy
/// as 1, 2, 3"; the generator of JAX): additions, rotations and exclusive ors on 32 bits, which every
/// device has.
fn threefry(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
    let keys = [key[0], key[1], key[0] ^ key[1] ^ 0x1bd1_1bda];
    let mut x = [counter[0].wrapping_add(keys[0]), counter[1].wrapping_add(keys[1])];
    for group in 0..5 {
        for rotation in ROTATIONS[group % 2] {
            x[0] = x[0].wrapping_add(x[1]);
            x[1] = x[1].rotate_left(rotation) ^ x[0];
        }
        x[0] = x[0].wrapping_add(keys[(group + 1) % 3]);
        x[1] = x[1].wrapping_add(keys[(group + 2) % 3]).wrapping_add(group as u32 + 1);
    }
    x
}

/// The standard normal number below which a share `p` of them lies, 2⁻²⁴ <= p <= 1 − 2⁻²⁴ (Wichura
/// 1988, "The percentage points of the normal distribution", PPND7, without its last branch, which is
/// for shares below 1e-11). Sines and cosines, which other methods need, may be off by 2⁻¹¹ on a card.
fn quantile(p: f32) -> f32 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        let above = ((59.109_375 * r + 159.291_13) * r + 50.434_27) * r + 3.387_132_7;
        let below = ((67.187_56 * r + 78.757_76) * r + 17.895_17) * r + 1.0;
        return q * above / below;
    }
    let r = (-p.min(1.0 - p).ln()).sqrt() - 1.6;
    let above = ((0.170_238_21 * r + 1.306_728_5) * r + 2.756_815_4) * r + 1.423_437_3;
    let below = (0.120_211_33 * r + 0.737_001_64) * r + 1.0;
    (above / below).copysign(q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_known_answers_of_threefry() {
        // `kat_vectors` of Random123, and `jax.random`'s own test.
        let pi = [0x243f_6a88, 0x85a3_08d3];
        for (key, counter, expected) in [
            ([0; 2], [0; 2], [0x6b20_0159, 0x99ba_4efe]),
            ([u32::MAX; 2], [u32::MAX; 2], [0x1cb9_96fc, 0xbb00_2be7]),
            ([0x1319_8a2e, 0x0370_7344], pi, [0xc492_3a9c, 0x483d_f7a0]),
        ] {
            assert_eq!(threefry(key, counter), expected);
        }
    }

    #[test]
    fn quantiles_are_those_of_the_normal_distribution() {
        // From tables to seven digits, and both ends.
        for (p, expected) in [
            (0.5, 0.0),
            (0.841_344_7, 1.0),
            (0.925, 1.439_531_5),
            (0.975, 1.959_964),
            (0.999, 3.090_232_3),
            (1.0 - 1.0 / 16_777_216.0, 5.294_704),
        ] {
            let p: f32 = p;
            assert!((quantile(p) - expected).abs() < 2e-5, "{p}: {}", quantile(p));
            assert!((quantile(1.0 - p) + expected).abs() < 2e-5, "{p}: {}", quantile(1.0 - p));
        }
    }

    #[test]
    fn draws_have_mean_zero_and_variance_one_and_do_not_follow_one_another() {
        let draws = Draws::new(&Rng::new(1));
        let values = |step| (0..100_000).map(move |at| f64::from(draws.normal(at, step)));
        let n = 100_000.0;
        let (mut mean, mut square, mut next, mut other) = (0.0, 0.0, 0.0, 0.0);
        for ((a, b), c) in values(3).zip(values(3).skip(1)).zip(values(4)) {
            mean += a / n;
            square += a * a / n;
            next += a * b / n;
            other += a * c / n;
        }
        // Four standard errors of each.
        for (found, expected, error) in
            [(mean, 0.0, 1.0), (square, 1.0, 1.42), (next, 0.0, 1.0), (other, 0.0, 1.0)]
        {
            assert!((found - expected).abs() < 4.0 * error / 316.0, "{found} for {expected}");
        }
    }
}
