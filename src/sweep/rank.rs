//! Spearman's rank correlation (1904), and how likely chance is to give one as large.

/// ρ of pairs, ties sharing their mean rank. None of fewer than three pairs, or if one side is
/// constant.
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let [a, b] = [
        ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<f64>>()),
        ranks(&pairs.iter().map(|pair| pair.1).collect::<Vec<f64>>()),
    ];
    let mean = (pairs.len() as f64 + 1.0) / 2.0;
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        a.iter().zip(&b).map(|(&a, &b)| f(a - mean, b - mean)).sum()
    };
    let (ab, aa, bb) = (sum(&|a, b| a * b), sum(&|a, _| a * a), sum(&|_, b| b * b));
    (pairs.len() > 2 && aa * bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

/// Two-sided, by Student's t with n − 2 degrees of freedom.
pub fn p_value(rho: f64, n: usize) -> f64 {
    let freedom = n as f64 - 2.0;
    // P(|T| > t) = I_x(ν/2, 1/2) at x = ν / (ν + t²) = 1 − ρ².
    beta_share((1.0 - rho * rho).max(0.0), freedom)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        // The mean of the places that they share.
        let rank = below as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&at| ranks[at] = rank);
        below += tied.len();
    }
    ranks
}

/// The regularised incomplete beta function I_x(ν/2, 1/2) by Simpson's rule over the angle: with
/// u = sin²θ it is the share of ∫ sin^(ν−1) θ dθ from 0 to asin √x in that to π/2.
fn beta_share(x: f64, freedom: f64) -> f64 {
    let integral = |end: f64| {
        const PARTS: usize = 4_000;
        let width = end / PARTS as f64;
        (0..=PARTS)
            .map(|at| {
                let weight = match at {
                    0 | PARTS => 1.0,
                    _ if at % 2 == 1 => 4.0,
                    _ => 2.0,
                };
                weight * (at as f64 * width).sin().powf(freedom - 1.0)
            })
            .sum::<f64>()
            * width
            / 3.0
    };
    integral(x.sqrt().asin()) / integral(std::f64::consts::FRAC_PI_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_and_not_sizes_count() {
        let rising: Vec<(f64, f64)> = (1..9).map(|i| (f64::from(i), f64::from(i).exp())).collect();
        assert_eq!(spearman(&rising), Some(1.0));
        let falling: Vec<(f64, f64)> = rising.iter().map(|(a, b)| (*a, -b)).collect();
        assert_eq!(spearman(&falling), Some(-1.0));
        assert_eq!(spearman(&[(1.0, 2.0), (2.0, 2.0), (3.0, 2.0)]), None);
        // By hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
        let tied = spearman(&[(1.0, 1.0), (2.0, 2.0), (2.0, 3.0), (5.0, 4.0)]).unwrap();
        assert!((tied - 4.5 / (4.5f64 * 5.0).sqrt()).abs() < 1e-12, "{tied}");
    }

    #[test]
    fn the_papers_correlation_has_the_papers_p_value() {
        // Appendix A.5: −0.79548 over 20 seeds, p < 0.000014, which is one-sided.
        let one_sided = p_value(-0.79548, 20) / 2.0;
        assert!((1.3e-5..1.4e-5).contains(&one_sided), "{one_sided}");
        // Student's table: t = 2.101 for 18 degrees of freedom and 5 % on both sides.
        let rho = 2.101 / (18.0f64 + 2.101 * 2.101).sqrt();
        assert!((p_value(rho, 20) - 0.05).abs() < 1e-4);
    }
}
