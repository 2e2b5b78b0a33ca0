//! Loops over slices that the compiler turns into vector instructions.
//!
//! A sum in floating point has an order, and a compiler keeps it: so these sum in [`LANES`]
//! independent lanes. All are inlined into callers that [`pulp`] compiles for each instruction
//! set.

const LANES: usize = 16;

/// Σ a·b.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let b = &b[..a.len()];
    let mut lanes = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let tail: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    add_up(lanes) + tail
}

/// Σ a.
#[inline(always)]
pub fn sum(a: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let a = a.chunks_exact(LANES);
    let tail: f32 = a.remainder().iter().sum();
    for a in a {
        for lane in 0..LANES {
            lanes[lane] += a[lane];
        }
    }
    add_up(lanes) + tail
}

/// The largest value; NaN is passed over.
#[inline(always)]
pub fn max(a: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let a = a.chunks_exact(LANES);
    let tail = a.remainder().iter().fold(f32::NEG_INFINITY, |a, &b| larger(a, b));
    for a in a {
        for lane in 0..LANES {
            lanes[lane] = larger(lanes[lane], a[lane]);
        }
    }
    lanes.into_iter().fold(tail, larger)
}

/// `out` += `factor` · `a`.
#[inline(always)]
pub fn add_scaled(factor: f32, a: &[f32], out: &mut [f32]) {
    for (out, a) in out.iter_mut().zip(a) {
        *out += factor * a;
    }
}

/// eˣ for x ≤ 0, within 2e-7 of it relatively, 0 below −87, and NaN for NaN: a library's is a call
/// per value.
///
/// 2ⁿ·eʳ with n = round(x / ln 2), as in Cephes' `expf`.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding it leaves the nearest whole number in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN_2_HIGH - n * LN_2_LOW;
    let mut series = 1.987_569_2e-4;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
        series = series * r + coefficient;
    }
    let e_to_r = series * r * r + r + 1.0;
    let two_to_n = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0f32.to_bits()));
    // A NaN is not below, and has made a NaN of the series.
    if x <= -87.0 { 0.0 } else { e_to_r * two_to_n }
}

#[inline(always)]
fn add_up(mut lanes: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_the_librarys() {
        let mut worst: f64 = 0.0;
        for step in 0..870_000 {
            let x = -1e-4 * step as f32;
            let expected = f64::from(x).exp();
            worst = worst.max((f64::from(exp(x)) - expected).abs() / expected);
        }
        println!("worst relative error {worst:.1e}");
        assert!(worst < 2e-7, "{worst}");
        assert_eq!((exp(0.0), exp(-1e9), exp(f32::NEG_INFINITY)), (1.0, 0.0, 0.0));
    }

    #[test]
    fn the_exponential_of_nan_is_nan() {
        for n in [1, LANES, LANES + 3] {
            let mut values = vec![-1.0; n];
            values[n - 1] = f32::NAN;
            pulp::Arch::new().dispatch(|| values.iter_mut().for_each(|value| *value = exp(*value)));
            assert!(values.pop().is_some_and(f32::is_nan), "{n}");
            assert!(values.iter().all(|value| (value - 0.367_879_44).abs() < 1e-6), "{values:?}");
        }
    }

    #[test]
    fn reductions_do_not_depend_on_the_length() {
        for n in [0, 1, 15, 16, 17, 50] {
            let a: Vec<f32> = (0..n).map(|i| i as f32 - 20.0).collect();
            assert_eq!(sum(&a), a.iter().sum::<f32>());
            assert_eq!(dot(&a, &a), a.iter().map(|a| a * a).sum::<f32>());
            assert_eq!(max(&a), a.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        }
    }
}
