//! The loss of a network, in double precision: a float32 of 1 + 10⁻⁴ knows a loss to 10⁻⁷, which is as
//! much as it differs in the neighbourhood of a network that has memorised.

use crate::config::Loss;
use crate::data::Equation;

/// Cross-entropy in nats of one row of logits.
pub(super) fn cross_entropy(kind: Loss, logits: &[f64], answer: usize) -> f64 {
    let right = logits[answer];
    let others = logits.iter().enumerate().filter(move |(symbol, _)| *symbol != answer);
    let wrong = others.map(|(_, &logit)| logit);
    // With the right answer far ahead the sum over the others is small, and keeps its digits.
    match kind {
        Loss::Softmax | Loss::Float16 | Loss::Float64 => {
            let largest = wrong.clone().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = wrong.map(|logit| (logit - largest).exp()).sum();
            let behind = total.ln() + largest - right;
            if behind > 0.0 { behind + (-behind).exp().ln_1p() } else { behind.exp().ln_1p() }
        }
        Loss::Stablemax => (wrong.map(stable).sum::<f64>() / stable(right)).ln_1p(),
    }
}

/// Mean cross-entropy in nats of the equations, whose logits are [equations, symbols].
pub(super) fn mean_loss(kind: Loss, logits: &[f32], equations: &[Equation]) -> f64 {
    let rows = logits.chunks_exact(logits.len() / equations.len());
    let losses = rows.zip(equations).map(|(row, equation)| {
        let row: Vec<f64> = row.iter().map(|&logit| f64::from(logit)).collect();
        cross_entropy(kind, &row, equation.answer.into())
    });
    losses.sum::<f64>() / equations.len() as f64
}

/// What StableMax has in place of the exponential.
fn stable(x: f64) -> f64 {
    if x >= 0.0 { x + 1.0 } else { (1.0 - x).recip() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equation(answer: u16) -> Equation {
        Equation { x: 0, y: 0, answer }
    }

    #[test]
    fn a_small_loss_keeps_its_digits() {
        // ln(1 + e⁻²⁰), and ln(e² + e¹ + e⁰) − 1.
        let loss = mean_loss(Loss::Softmax, &[20.0, 0.0], &[equation(0)]);
        assert!((loss / 2.061_153_620_314_381e-9 - 1.0).abs() < 1e-12, "{loss}");
        let logits = [2.0, 1.0, 0.0, 2.0, 1.0, 0.0];
        let both = mean_loss(Loss::Softmax, &logits, &[equation(1), equation(1)]);
        assert!((both - 1.407_605_964_444_38).abs() < 1e-12, "{both}");
        // s is 1 + 10⁹ and 1 / (1 + 2): ln(1 + ⅓ / (1 + 10⁹)).
        let loss = mean_loss(Loss::Stablemax, &[1e9, -2.0], &[equation(0)]);
        assert!((loss * 3.0 * (1.0 + 1e9) - 1.0).abs() < 1e-8, "{loss}");
    }

    #[test]
    fn a_large_loss_is_finite() {
        let loss = cross_entropy(Loss::Softmax, &[2000.0, -2000.0, 1999.0], 1);
        assert!((loss - 4000.0 - (1.0 + (-1f64).exp()).ln()).abs() < 1e-9, "{loss}");
        // s is 3, 1/2 and 1.
        let loss = cross_entropy(Loss::Stablemax, &[2.0, -1.0, 0.0], 1);
        assert!((loss - 9f64.ln()).abs() < 1e-12, "{loss}");
    }
}
