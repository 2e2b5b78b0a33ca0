//! A small seeded generator, forked by purpose.
//!
//! Data, weights and batches each draw from a stream of their own, so that changing one of them
//! leaves the others as they were. A link draws the same cells and batches on every machine. The run
//! itself is the same, on any number of threads, where the same program has the same vector
//! instructions: they are the order of its sums, which are rounded.

/// SplitMix64 (Steele, Lea and Flood 2014; constants of the reference `splitmix64.c`).
#[derive(Debug, Clone)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Rng { state: seed }
    }

    /// An independent stream for one `purpose`, the same each time it is asked for.
    pub fn fork(&self, purpose: &str) -> Rng {
        // One draw mixes the name with the seed.
        let mixed = Rng::new(self.state ^ name_hash(purpose)).next_u64();
        Rng::new(mixed)
    }

    /// Any of the 2⁶⁴ values, each as likely.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1), from the top 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Standard normal, by Box and Muller's transform in f64.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Uniform in 0..n without bias (Lemire's method on 64 bits). `n` must not be 0.
    pub fn below(&mut self, n: u64) -> u64 {
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            // Only a draw in the first 2^64 mod n of a bucket would be over-represented.
            if (product as u64) >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }

    /// Fisher and Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// A name as a number: FNV-1a on 64 bits.
pub fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_reference_splitmix64() {
        // The first outputs of the public reference implementation for seed 1234567.
        let mut rng = Rng::new(1_234_567);
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(expected, std::array::from_fn(|_| rng.next_u64()));
    }

    #[test]
    fn forks_are_stable_and_apart() {
        let rng = Rng::new(7);
        assert_eq!(rng.fork("split").next_u64(), rng.fork("split").next_u64());
        assert_ne!(rng.fork("split").next_u64(), rng.fork("weights").next_u64());
        assert_ne!(rng.fork("split").next_u64(), Rng::new(8).fork("split").next_u64());
    }

    #[test]
    fn normal_has_mean_zero_and_variance_one() {
        let mut rng = Rng::new(1).fork("test");
        let draws: Vec<f64> = (0..100_000).map(|_| rng.normal()).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        // Four standard errors of each estimate.
        assert!(mean.abs() < 4.0 / 316.0, "mean {mean}");
        assert!((variance - 1.0).abs() < 4.0 * 1.42 / 316.0, "variance {variance}");
    }

    #[test]
    fn below_reaches_every_value_evenly() {
        let mut rng = Rng::new(3);
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[rng.below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|&n| n.abs_diff(10_000) < 500), "{counts:?}");
    }
}
