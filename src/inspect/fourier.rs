//! What a network that has learned a sum knows: a few frequencies (Nanda et al. 2023, "Progress
//! measures for grokking via mechanistic interpretability", sections 4 and 5).
//!
//! All of it is on the index of [`Cyclic`]: the residue, or the discrete logarithm for products.
//! Averages of the logits over all pairs with one sum hold everything that depends on the sum, so
//! the projections are cheap: the pairs with one sum are as many for each. They keep the mean of each
//! row, which is nothing to a softmax, but not to other losses.

use std::f64::consts::TAU;

use serde::Serialize;

use super::loss::cross_entropy;
use crate::algebra::Cyclic;
use crate::config::Loss;
use crate::data::Equation;

/// A frequency is a key frequency if its coefficient is above the largest over this, at most
/// [`KEYS_MAX`] of them. The published rules differ; this is that of TransformerLens' demo, applied to
/// the logits.
const KEY_SHARE: f64 = 4.0;
const KEYS_MAX: usize = 10;

/// Frequencies are k = 1, 2, ...; entry k − 1 of a list is that of k.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Fourier {
    /// Length of the cycle of the index i: i(z) = a i(x) + b i(y) + c mod n.
    pub n: usize,
    /// Factor of x's index.
    pub a: usize,
    /// Factor of y's index.
    pub b: usize,
    /// What is added.
    pub c: usize,
    /// The primitive root, where the index is a logarithm.
    pub root: Option<u32>,
    /// Length of the embedding's part with each frequency.
    pub embedding: Vec<f64>,
    /// Gini coefficient of `embedding`: 0 if all frequencies are alike, near 1 if there is one.
    pub gini: f64,
    /// Coefficient of cos(2πk (i(x ∘ y) − i(z)) / n) in the logits, relative to their length.
    pub coefficients: Vec<f64>,
    /// The key frequencies, the strongest first.
    pub keys: Vec<usize>,
    /// Steps along the index that turn the strongest frequency by one n-th: joined at this stride, the
    /// symbols run round its circle once. None if there is no such number.
    pub stride: Option<usize>,
    /// Share of the logits' variance that the cosines of the key frequencies explain.
    pub explained: f64,
    /// Mean cross-entropy in nats over all pairs when only key frequencies are left.
    pub restricted_loss: f64,
    /// Mean cross-entropy in nats of the training equations without them.
    pub excluded_loss: f64,
}

/// `loss` is the network's; `embedding` is [symbols, d], `logits` [equations, symbols]; `held_out` has
/// a flag per equation.
pub fn fourier(
    cyclic: &Cyclic,
    loss: Loss,
    equations: &[Equation],
    held_out: &[bool],
    embedding: &[f32],
    logits: &[f32],
) -> Fourier {
    let waves = Waves::new(cyclic.n);
    let n = cyclic.n;
    let symbols = cyclic.symbols();
    let d = embedding.len() / cyclic.index.len();
    let rows: Vec<&[f32]> = symbols.iter().map(|&s| &embedding[s * d..(s + 1) * d]).collect();
    let lengths = waves.lengths(&rows);
    let by_sum = BySum::new(cyclic, equations, logits, &symbols);

    let total = by_sum.variance;
    let coefficients = by_sum.coefficients(cyclic, &waves);
    let keys = keys(&coefficients);
    let explained =
        keys.iter().map(|&k| coefficients[k - 1].powi(2)).sum::<f64>() / total.max(1e-30);
    let restricted = by_sum.restricted(&keys, &waves);
    let restricted_loss = (0..n)
        .map(|sum| {
            let row = (0..n).map(|z| restricted[sum * n + z] + by_sum.symbol_mean[z]);
            cross_entropy(loss, &row.collect::<Vec<f64>>(), (sum + cyclic.c) % n)
        })
        .sum::<f64>()
        / n as f64;
    let mut excluded = (0.0, 0.0);
    let n_symbols = cyclic.index.len();
    for (at, equation) in equations.iter().enumerate().filter(|&(at, _)| !held_out[at]) {
        let (Some(sum), Some(answer)) = (
            cyclic.sum(equation.x.into(), equation.y.into()),
            cyclic.index[usize::from(equation.answer)],
        ) else {
            continue;
        };
        let own = &logits[at * n_symbols..(at + 1) * n_symbols];
        let row = (0..n).map(|z| f64::from(own[symbols[z]]) - restricted[sum * n + z]);
        excluded.0 += cross_entropy(loss, &row.collect::<Vec<f64>>(), answer);
        excluded.1 += 1.0;
    }
    let scale = total.sqrt().max(1e-30);
    Fourier {
        n,
        a: cyclic.a,
        b: cyclic.b,
        c: cyclic.c,
        root: cyclic.root,
        gini: gini(&lengths),
        embedding: lengths,
        coefficients: coefficients.iter().map(|coefficient| coefficient / scale).collect(),
        stride: keys.first().and_then(|&k| (1..n).find(|s| s * k % n == 1)),
        keys,
        explained,
        restricted_loss,
        excluded_loss: excluded.0 / f64::max(excluded.1, 1.0),
    }
}

/// The key frequencies of logits, [equations, symbols], the strongest first.
pub(super) fn key_frequencies(
    cyclic: &Cyclic,
    equations: &[Equation],
    logits: &[f32],
) -> Vec<usize> {
    let by_sum = BySum::new(cyclic, equations, logits, &cyclic.symbols());
    keys(&by_sum.coefficients(cyclic, &Waves::new(cyclic.n)))
}

/// What the rule says of each symbol in index order, for one pair: Σ αₖ cos(2πk (s + c − z) / n)
/// over the key frequencies.
pub fn rule_scores(fourier: &Fourier, sum: usize) -> Vec<f64> {
    let waves = Waves::new(fourier.n);
    let n = fourier.n;
    (0..n)
        .map(|z| {
            let wave =
                |&k: &usize| fourier.coefficients[k - 1] * waves.cos(k * (sum + fourier.c + n - z));
            fourier.keys.iter().map(wave).sum()
        })
        .collect()
}

/// Those above a share of the largest, in descending order.
pub(super) fn keys(coefficients: &[f64]) -> Vec<usize> {
    let largest = coefficients.iter().fold(0.0, |a: f64, &b| a.max(b));
    let mut keys: Vec<usize> =
        (1..=coefficients.len()).filter(|&k| coefficients[k - 1] > largest / KEY_SHARE).collect();
    keys.sort_by(|&a, &b| coefficients[b - 1].total_cmp(&coefficients[a - 1]));
    keys.truncate(KEYS_MAX);
    keys
}

/// Cosines and sines of multiples of 2π / n.
pub(super) struct Waves {
    n: usize,
    cos: Vec<f64>,
    sin: Vec<f64>,
}

impl Waves {
    pub(super) fn new(n: usize) -> Waves {
        let angles = (0..n).map(|at| TAU * at as f64 / n as f64);
        let (sin, cos) = angles.map(f64::sin_cos).unzip();
        Waves { n, cos, sin }
    }

    pub(super) fn cos(&self, at: usize) -> f64 {
        self.cos[at % self.n]
    }

    pub(super) fn sin(&self, at: usize) -> f64 {
        self.sin[at % self.n]
    }

    /// The directions of frequency k among `rows`: Σ cos(2πk i / n) rowᵢ and the same with sin.
    pub(super) fn directions(&self, rows: &[&[f32]], k: usize) -> [Vec<f64>; 2] {
        let mut directions = [vec![0.0; rows[0].len()], vec![0.0; rows[0].len()]];
        for (index, row) in rows.iter().enumerate() {
            let waves = [self.cos(k * index), self.sin(k * index)];
            for (direction, wave) in directions.iter_mut().zip(waves) {
                for (total, &value) in direction.iter_mut().zip(*row) {
                    *total += wave * f64::from(value);
                }
            }
        }
        directions
    }

    /// √(‖F₂ₖ₋₁ W‖² + ‖F₂ₖ W‖²) for k = 1 to n / 2, with unit waves F.
    pub(super) fn lengths(&self, rows: &[&[f32]]) -> Vec<f64> {
        (1..=self.n / 2)
            .map(|k| {
                let wave = self.n as f64 * if 2 * k == self.n { 1.0 } else { 0.5 };
                let squares = |direction: &Vec<f64>| direction.iter().map(|v| v * v).sum::<f64>();
                (self.directions(rows, k).iter().map(squares).sum::<f64>() / wave).sqrt()
            })
            .collect()
    }
}

/// Logits by the sum of their pair, symbols in index order.
pub(super) struct BySum {
    n: usize,
    /// [n, n]: mean over the pairs with one sum.
    pub(super) mean: Vec<f64>,
    /// [n]: mean over all pairs.
    pub(super) symbol_mean: Vec<f64>,
    /// Squared length of all logits, each row around its mean.
    variance: f64,
}

impl BySum {
    pub(super) fn new(
        cyclic: &Cyclic,
        equations: &[Equation],
        logits: &[f32],
        symbols: &[usize],
    ) -> BySum {
        let (n, n_symbols) = (cyclic.n, cyclic.index.len());
        let mut mean = vec![0.0; n * n];
        let mut variance = 0.0;
        for (equation, logits) in equations.iter().zip(logits.chunks_exact(n_symbols)) {
            let Some(sum) = cyclic.sum(equation.x.into(), equation.y.into()) else { continue };
            let total: f64 = symbols.iter().map(|&symbol| f64::from(logits[symbol])).sum();
            for (slot, &symbol) in mean[sum * n..(sum + 1) * n].iter_mut().zip(symbols) {
                let value = f64::from(logits[symbol]);
                *slot += value / n as f64;
                variance += (value - total / n as f64).powi(2);
            }
        }
        let symbol_mean =
            (0..n).map(|z| (0..n).map(|sum| mean[sum * n + z]).sum::<f64>() / n as f64).collect();
        BySum { n, mean, symbol_mean, variance }
    }

    /// The length of the part along cos(2πk (s + c − z) / n), for k = 1 to n / 2.
    pub(super) fn coefficients(&self, cyclic: &Cyclic, waves: &Waves) -> Vec<f64> {
        let n = self.n;
        let coefficient = |k: usize| {
            let mut along = 0.0;
            for sum in 0..n {
                for z in 0..n {
                    along += self.mean[sum * n + z] * waves.cos(k * (sum + cyclic.c + n - z));
                }
            }
            // n pairs have each sum; the cosine's own length over all pairs and symbols.
            let length = (n as f64).powi(3) * if 2 * k == n { 1.0 } else { 0.5 };
            n as f64 * along / length.sqrt()
        };
        (1..=n / 2).map(coefficient).collect()
    }

    /// [n, n]: the part with the key frequencies in the sum, without the mean over all pairs.
    pub(super) fn restricted(&self, keys: &[usize], waves: &Waves) -> Vec<f64> {
        let n = self.n;
        let mut restricted = vec![0.0; n * n];
        for &k in keys {
            let factor = if 2 * k == n { 1.0 } else { 2.0 } / n as f64;
            let mut parts = vec![(0.0, 0.0); n];
            for sum in 0..n {
                let (cos, sin) = (waves.cos(k * sum), waves.sin(k * sum));
                for (part, value) in parts.iter_mut().zip(&self.mean[sum * n..]) {
                    part.0 += cos * value;
                    part.1 += sin * value;
                }
            }
            for sum in 0..n {
                let (cos, sin) = (waves.cos(k * sum), waves.sin(k * sum));
                for (slot, part) in restricted[sum * n..(sum + 1) * n].iter_mut().zip(&parts) {
                    *slot += factor * (cos * part.0 + sin * part.1);
                }
            }
        }
        restricted
    }
}

/// Σ (2i − n − 1) xᵢ / (n Σ xᵢ) over non-negative values xᵢ in ascending order (Hurley and Rickard
/// 2009).
pub fn gini(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let total: f64 = values.iter().sum();
    let weighted: f64 = (1..).zip(&values).map(|(i, x)| (2.0 * f64::from(i) - n - 1.0) * x).sum();
    weighted / (n * total).max(1e-30)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::{BinaryOp, Operation};
    use crate::data::Table;

    /// A network that computes the rule with frequencies 3 and 5, and some of its own.
    fn made(id: &str, p: u32) -> (Cyclic, Table, Vec<f32>, Vec<f32>) {
        let operation = Operation::new(BinaryOp::find(id).unwrap(), p, "", "").unwrap();
        let (cyclic, table) = (Cyclic::of(&operation).unwrap(), Table::new(&operation));
        let n = cyclic.n as f64;
        let angle = |k: f64, at: f64| TAU * k * at / n;
        let embedding = cyclic.index.iter().flat_map(|index| {
            let at = index.unwrap_or(0) as f64;
            [3.0, 5.0].map(|k| [angle(k, at).cos() as f32, angle(k, at).sin() as f32])
        });
        let logits = table.equations.iter().flat_map(|equation| {
            let sum = cyclic.sum(equation.x.into(), equation.y.into());
            let (cyclic, angle) = (&cyclic, &angle);
            (0..p as usize).map(move |z| match (sum, cyclic.index[z]) {
                (Some(sum), Some(z)) => {
                    let at = (sum + cyclic.c) as f64 - z as f64;
                    (6.0 * angle(3.0, at).cos() + 3.0 * angle(5.0, at).cos()) as f32
                }
                _ => 0.0,
            })
        });
        let (embedding, logits) = (embedding.flatten().collect(), logits.collect());
        (cyclic, table, embedding, logits)
    }

    #[test]
    fn a_network_that_is_the_rule_is_explained_by_it() {
        for (id, p) in [("add", 23), ("sub", 23), ("mul", 23), ("div", 31)] {
            let (cyclic, table, embedding, logits) = made(id, p);
            let held_out: Vec<bool> = (0..table.equations.len()).map(|at| at % 2 == 0).collect();
            let found =
                fourier(&cyclic, Loss::Softmax, &table.equations, &held_out, &embedding, &logits);
            assert_eq!(found.keys, [3, 5], "{id}");
            assert!((found.explained - 1.0).abs() < 1e-6, "{id}: {}", found.explained);
            // The lengths' ratio is that of the coefficients.
            let ratio = found.coefficients[2] / found.coefficients[4];
            assert!((ratio - 2.0).abs() < 1e-6, "{id}: {ratio}");
            // Without the rule nothing is left: every symbol is as likely as any other.
            let chance = (cyclic.n as f64).ln();
            assert!((found.excluded_loss - chance).abs() < 1e-4, "{id}: {}", found.excluded_loss);
            // The same rule, over the symbols that have an index.
            let angle = |k: f64, z: usize| (TAU * k * z as f64 / cyclic.n as f64).cos();
            let scores = (0..cyclic.n).map(|z| 6.0 * angle(3.0, z) + 3.0 * angle(5.0, z));
            let own = cross_entropy(Loss::Softmax, &scores.collect::<Vec<f64>>(), 0);
            let restricted = found.restricted_loss;
            assert!((restricted - own).abs() < 1e-5, "{id}: {restricted} {own}");
            assert!(found.gini > 0.75, "{id}: {}", found.gini);
            for sum in 0..cyclic.n {
                let scores = rule_scores(&found, sum);
                let best = (0..cyclic.n).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
                assert_eq!(best, Some((sum + cyclic.c) % cyclic.n), "{id}");
            }
        }
    }

    /// StableMax, other than a softmax, tells apart logits that differ by a constant.
    #[test]
    fn the_losses_are_the_networks_own() {
        let (cyclic, table, embedding, mut logits) = made("add", 23);
        logits.iter_mut().for_each(|logit| *logit += 2.0);
        let held_out = vec![false; table.equations.len()];
        let found = |loss| fourier(&cyclic, loss, &table.equations, &held_out, &embedding, &logits);
        let [softmax, stablemax] = [Loss::Softmax, Loss::Stablemax].map(found);
        let angle = |k: f64, z: usize| (TAU * k * z as f64 / 23.0).cos();
        let scores: Vec<f64> =
            (0..23).map(|z| 2.0 + 6.0 * angle(3.0, z) + 3.0 * angle(5.0, z)).collect();
        for (loss, found) in [(Loss::Softmax, &softmax), (Loss::Stablemax, &stablemax)] {
            // The network is its rule, and nothing is left without it.
            let expected = cross_entropy(loss, &scores, 0);
            assert!((found.restricted_loss - expected).abs() < 1e-5, "{loss}: {found:?}");
            assert!((found.excluded_loss - 23f64.ln()).abs() < 1e-4, "{loss}: {found:?}");
        }
        assert!(stablemax.restricted_loss > softmax.restricted_loss + 0.1, "{stablemax:?}");
        // What is in the logits does not depend on what is made of them.
        assert_eq!(stablemax.coefficients, softmax.coefficients);
        let (_, _, _, plain) = made("add", 23);
        let plain =
            fourier(&cyclic, Loss::Softmax, &table.equations, &held_out, &embedding, &plain);
        for (a, b) in plain.coefficients.iter().zip(&softmax.coefficients) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }

    #[test]
    fn noise_is_not_explained() {
        let (cyclic, table, _, logits) = made("add", 23);
        let mut rng = crate::rng::Rng::new(1);
        let noise: Vec<f32> = logits.iter().map(|_| rng.normal() as f32).collect();
        let embedding: Vec<f32> = (0..23 * 16).map(|_| rng.normal() as f32).collect();
        let held_out = vec![false; table.equations.len()];
        let found =
            fourier(&cyclic, Loss::Softmax, &table.equations, &held_out, &embedding, &noise);
        assert!(found.explained < 0.05, "{}", found.explained);
        assert!(found.gini < 0.2, "{}", found.gini);
    }

    #[test]
    fn gini_is_zero_for_equals_and_near_one_for_one() {
        assert!(gini(&[2.0; 9]).abs() < 1e-12);
        assert!((gini(&[0.0, 0.0, 0.0, 5.0]) - 0.75).abs() < 1e-12);
        // (2·1 − 3)·1 + (2·2 − 3)·3 over 2·4.
        assert!((gini(&[3.0, 1.0]) - 0.25).abs() < 1e-12);
    }
}
