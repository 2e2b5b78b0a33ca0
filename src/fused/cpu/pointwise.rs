//! Everything that works on one row, or one value, at a time.

use super::lanes::{dot, exp, max, sum};
use crate::config::{Activation, Loss};
use crate::fused::Answer;
use crate::model::LAYER_NORM_EPSILON;

/// Cross-entropy of a row of logits, which become its gradient times `scale`.
#[inline(always)]
pub fn cross_entropy(kind: Loss, logits: &mut [f32], answer: usize, scale: f32) -> f32 {
    match kind {
        Loss::Softmax => softmax_cross_entropy(logits, answer, scale),
        Loss::Float16 => float16_cross_entropy(logits, answer, scale),
        Loss::Float64 => float64_cross_entropy(logits, answer, scale),
        Loss::Stablemax => stablemax_cross_entropy(logits, answer, scale),
    }
}

#[inline(always)]
fn softmax_cross_entropy(logits: &mut [f32], answer: usize, scale: f32) -> f32 {
    let largest = max(logits);
    let right = logits[answer] - largest;
    for logit in &mut *logits {
        *logit = exp(*logit - largest);
    }
    let total = sum(logits);
    let factor = scale / total;
    for value in &mut *logits {
        *value *= factor;
    }
    logits[answer] -= scale;
    total.ln() - right
}

/// In float16 (Prieto et al. 2025, section 3): the logits, the logarithms of the probabilities and the
/// gradient are rounded, sums are not. The batch's mean is taken in float32, so that small gradients are
/// lost to the softmax alone.
fn float16_cross_entropy(logits: &mut [f32], answer: usize, scale: f32) -> f32 {
    let normalizer = float16_logarithms(logits);
    let right = round(logits[answer] - normalizer);
    for (symbol, logit) in logits.iter_mut().enumerate() {
        let probability = round(round(*logit - normalizer).exp());
        *logit = round(probability - f32::from(u8::from(symbol == answer))) * scale;
    }
    -right
}

/// Rounds a row of logits, and gives what is to be taken from each for the logarithm of its probability.
fn float16_logarithms(logits: &mut [f32]) -> f32 {
    logits.iter_mut().for_each(|logit| *logit = round(*logit));
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total: f32 = logits.iter().map(|&logit| (logit - largest).exp()).sum();
    largest + total.ln()
}

/// The nearest float16.
fn round(value: f32) -> f32 {
    half::f16::from_f32(value).to_f32()
}

fn float64_cross_entropy(logits: &mut [f32], answer: usize, scale: f32) -> f32 {
    let (largest, total) = float64_total(logits);
    let right = f64::from(logits[answer]) - largest;
    for (symbol, logit) in logits.iter_mut().enumerate() {
        let probability = (f64::from(*logit) - largest).exp() / total;
        let slope = probability - f64::from(u8::from(symbol == answer));
        *logit = (slope * f64::from(scale)) as f32;
    }
    (total.ln() - right) as f32
}

/// The largest logit, and Σ exp(x − largest).
fn float64_total(logits: &[f32]) -> (f64, f64) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max).into();
    (largest, logits.iter().map(|&logit| (f64::from(logit) - largest).exp()).sum())
}

/// Prieto et al. 2025, section 4: s(x) in place of exp(x), and the derivative of its logarithm.
#[inline(always)]
fn stable(x: f32) -> (f32, f32) {
    match x >= 0.0 {
        true => (x + 1.0, (x + 1.0).recip()),
        false => ((1.0 - x).recip(), (1.0 - x).recip()),
    }
}

fn stablemax_cross_entropy(logits: &mut [f32], answer: usize, scale: f32) -> f32 {
    let (right, slope) = stable(logits[answer]);
    let total: f32 = logits.iter().map(|&logit| stable(logit).0).sum();
    for logit in &mut *logits {
        let (value, slope) = stable(*logit);
        *logit = scale * value * slope / total;
    }
    logits[answer] -= scale * slope;
    total.ln() - right.ln()
}

/// Takes the mean of a row away.
#[inline(always)]
pub fn centre(row: &mut [f32]) {
    let mean = sum(row) / row.len() as f32;
    row.iter_mut().for_each(|value| *value -= mean);
}

/// The likeliest symbol of a row of logits, and how likely it and the right answer are.
#[inline(always)]
pub fn judge(kind: Loss, logits: &[f32], answer: usize) -> Answer {
    let mut best = 0;
    for (symbol, logit) in logits.iter().enumerate() {
        if *logit > logits[best] {
            best = symbol;
        }
    }
    let predicted = best as u16;
    let (confidence, loss) = match kind {
        Loss::Softmax => {
            let largest = logits[best];
            let total: f32 = logits.iter().map(|&logit| exp(logit - largest)).sum();
            (total.recip(), total.ln() - (logits[answer] - largest))
        }
        Loss::Float16 => {
            let mut rounded = logits.to_vec();
            let normalizer = float16_logarithms(&mut rounded);
            let logarithm = |symbol: usize| round(rounded[symbol] - normalizer);
            (round(logarithm(best).exp()), -logarithm(answer))
        }
        Loss::Float64 => {
            let (largest, total) = float64_total(logits);
            let behind = f64::from(logits[answer]) - largest;
            // It is 1 only where it is that in float64.
            let most = if total > 1.0 { 1.0f32.next_down() } else { 1.0 };
            ((total.recip() as f32).min(most), (total.ln() - behind) as f32)
        }
        Loss::Stablemax => {
            let total: f32 = logits.iter().map(|&logit| stable(logit).0).sum();
            let [best, right] = [best, answer].map(|symbol| stable(logits[symbol]).0);
            (best / total, total.ln() - right.ln())
        }
    };
    Answer { predicted, confidence, loss }
}

/// `out` = (x − mean) / deviation · gain + bias; `stats` = mean, 1 / deviation.
#[inline(always)]
pub fn normalize(x: &[f32], gain: &[f32], bias: &[f32], stats: &mut [f32], out: &mut [f32]) {
    let mean = sum(x) / x.len() as f32;
    for (out, x) in out.iter_mut().zip(x) {
        *out = x - mean;
    }
    let variance = dot(out, out) / x.len() as f32;
    let inverse = (variance + LAYER_NORM_EPSILON as f32).sqrt().recip();
    for ((out, gain), bias) in out.iter_mut().zip(gain).zip(bias) {
        *out = *out * inverse * gain + bias;
    }
    stats.copy_from_slice(&[mean, inverse]);
}

/// Replaces `gradient`, that of [`normalize`]'s result, by that of x, and adds those of gain and
/// bias.
#[inline(always)]
pub fn normalize_gradient(
    x: &[f32],
    stats: &[f32],
    gain: &[f32],
    gradient: &mut [f32],
    d_gain: &mut [f32],
    d_bias: &mut [f32],
) {
    let (mean, inverse) = (stats[0], stats[1]);
    let n = x.len() as f32;
    for ((d_bias, d_gain), (x, g)) in d_bias.iter_mut().zip(d_gain).zip(x.iter().zip(&*gradient)) {
        *d_bias += g;
        *d_gain += g * (x - mean) * inverse;
    }
    let (mut total, mut along) = (0.0, 0.0);
    for (g, (x, gain)) in gradient.iter_mut().zip(x.iter().zip(gain)) {
        *g *= gain;
        total += *g;
        along += *g * (x - mean) * inverse;
    }
    for (g, x) in gradient.iter_mut().zip(x) {
        *g = inverse * (*g - total / n - (x - mean) * inverse * along / n);
    }
}

/// `out` = act(`x`).
#[inline(always)]
pub fn activate(kind: Activation, x: &[f32], out: &mut [f32]) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = match kind {
            Activation::Relu => x.max(0.0),
            Activation::Gelu => x * normal_cdf(x),
        };
    }
}

/// `gradient` ∘= act'(`saved`): the input of GELU, or the output of ReLU.
#[inline(always)]
pub fn activation_gradient(kind: Activation, saved: &[f32], gradient: &mut [f32]) {
    for (gradient, &x) in gradient.iter_mut().zip(saved) {
        match kind {
            Activation::Relu => *gradient = if x > 0.0 { *gradient } else { 0.0 },
            Activation::Gelu => {
                let density = exp(-0.5 * x * x) * 0.398_942_3;
                *gradient *= normal_cdf(x) + x * density;
            }
        }
    }
}

fn normal_cdf(x: f32) -> f32 {
    0.5 * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// Each of `rows` += `bias`.
#[inline(always)]
pub fn add_bias(bias: &[f32], rows: &mut [f32]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        for (value, bias) in row.iter_mut().zip(bias) {
            *value += bias;
        }
    }
}

/// `total` += the sum of `rows`.
#[inline(always)]
pub fn add_rows(rows: &[f32], total: &mut [f32]) {
    for row in rows.chunks_exact(total.len()) {
        for (total, value) in total.iter_mut().zip(row) {
            *total += value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The loss and its gradient in three precisions.
    #[test]
    fn a_collapsed_softmax_has_no_gradient_of_its_right_answer() {
        let rows = |kind, lead: f32| {
            let mut logits = [lead, 0.0, 0.0];
            let loss = cross_entropy(kind, &mut logits, 0, 1.0);
            (loss, logits)
        };
        // Far ahead: ln(1 + 2 e^-20) is lost to float32, and not to float64.
        let (loss, gradient) = rows(Loss::Softmax, 20.0);
        assert_eq!((loss, gradient[0]), (0.0, 0.0));
        // The wrong answers still have theirs.
        assert!(gradient[1] > 0.0);
        let (loss, gradient) = rows(Loss::Float64, 20.0);
        let expected = 2.0 * (-20f64).exp();
        assert!((f64::from(loss) / expected - 1.0).abs() < 1e-6, "{loss}");
        assert!((f64::from(-gradient[0]) / expected - 1.0).abs() < 1e-6, "{gradient:?}");
        // Less far ahead float16 is lost and float32 is not.
        let (loss, gradient) = rows(Loss::Float16, 12.0);
        assert_eq!((loss > 0.0, gradient[0]), (true, 0.0));
        assert!(rows(Loss::Softmax, 12.0).1[0] < 0.0);
        assert_eq!(rows(Loss::Float16, 20.0).0, 0.0);
        // Near each other all agree to what they keep.
        let (loss, gradient) = rows(Loss::Float64, 1.0);
        for (kind, kept) in [(Loss::Softmax, 1e-6), (Loss::Float16, 1e-3)] {
            let (other, others) = rows(kind, 1.0);
            assert!((loss - other).abs() < kept, "{kind}: {loss} {other}");
            for (a, b) in gradient.iter().zip(others) {
                assert!((a - b).abs() < kept, "{kind}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_logit_that_is_no_number_makes_a_loss_that_is_none() {
        for kind in [Loss::Softmax, Loss::Float16, Loss::Float64, Loss::Stablemax] {
            for place in 0..3 {
                let mut logits = [0.5, -1.0, 2.0];
                logits[place] = f32::NAN;
                assert!(judge(kind, &logits, 1).loss.is_nan(), "{kind}: {place}");
                assert!(cross_entropy(kind, &mut logits, 1, 1.0).is_nan(), "{kind}: {place}");
            }
        }
    }
}
