//! Muon (Jordan et al. 2024), as `Na00s/muon-grokking` trains it: hidden matrices move along their
//! orthogonalised momentum; everything else has AdamW, the unembedding at a quarter of its rate.

use pulp::Arch;

use super::adam::Adam;
use super::{Rates, Stage, dot};
use crate::config::Config;
use crate::model::Parameter;

const MOMENTUM: f32 = 0.95;
const NEWTON_SCHULZ_STEPS: usize = 5;
/// The unembedding's learning rate over that of the embeddings.
const UNEMBEDDING: f64 = 0.25;

/// The moments are those of Adam; a hidden matrix has its momentum in the first.
pub struct Muon {
    learning_rate: f64,
    weight_decay: f64,
    parameters: Vec<(Parameter, Rule)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Rule {
    Hidden,
    AdamW { share: f64 },
}

impl Muon {
    pub fn new(config: &Config, parameters: &[Parameter]) -> Muon {
        let rule = |parameter: &Parameter| match parameter.name.as_str() {
            name if name.starts_with("blocks.") && parameter.shape[0] > 1 => Rule::Hidden,
            "unembed.weight" => Rule::AdamW { share: UNEMBEDDING },
            _ => Rule::AdamW { share: 1.0 },
        };
        Muon {
            learning_rate: config.muon_rate,
            weight_decay: config.muon_decay,
            parameters: parameters.iter().map(|p| (p.clone(), rule(p))).collect(),
        }
    }
}

impl Stage for Muon {
    fn setting(&self) -> &'static str {
        "optimizer"
    }

    fn n_moments(&self) -> usize {
        2
    }

    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    ) {
        let [mean, square] = moments else { unreachable!("Muon has two moments") };
        for (parameter, rule) in &self.parameters {
            let range = parameter.range();
            let (weights, gradient) =
                (&mut parameters[range.clone()], &mut gradient[range.clone()]);
            let mean = &mut mean[range.clone()];
            if let Rule::AdamW { share } = *rule {
                let rates = Rates { learning_rate: rates.learning_rate * share, ..rates };
                let adam = Adam { decoupled_decay: true };
                adam.update(rates, weights, gradient, mean, &mut square[range]);
                continue;
            }
            for (gradient, mean) in gradient.iter_mut().zip(mean) {
                *mean = MOMENTUM * *mean + (1.0 - MOMENTUM) * *gradient;
                // Nesterov: what the mean would be if the same gradient came again.
                *gradient = (1.0 - MOMENTUM) * *gradient + MOMENTUM * *mean;
            }
            let direction = orthogonal(gradient, parameter.shape);
            let [rows, columns] = parameter.shape.map(|side| side as f64);
            let rate = self.learning_rate * rates.warmth;
            let keep = (1.0 - rate * self.weight_decay) as f32;
            let step = (rate * (rows / columns).max(1.0).sqrt()) as f32;
            for (weight, direction) in weights.iter_mut().zip(direction) {
                *weight = *weight * keep - step * direction;
            }
        }
    }
}

/// The nearest matrix with singular values of about 1, by five steps of Newton and Schulz with
/// Jordan's coefficients, which leave them between 0.7 and 1.2.
fn orthogonal(matrix: &[f32], [rows, columns]: [usize; 2]) -> Vec<f32> {
    let length = (dot(matrix, matrix).sqrt() + 1e-7) as f32;
    let mut x: Vec<f32> = matrix.iter().map(|value| value / length).collect();
    let tall = rows > columns;
    if tall {
        x = transposed(&x, columns);
    }
    let short = rows.min(columns);
    for _ in 0..NEWTON_SCHULZ_STEPS {
        let long = rows.max(columns);
        let a = product(&x, &transposed(&x, long), long);
        let square = product(&a, &a, short);
        let b: Vec<f32> =
            a.iter().zip(&square).map(|(a, square)| -4.7750 * a + 2.0315 * square).collect();
        let turned = product(&b, &x, short);
        x = x.iter().zip(&turned).map(|(x, turned)| 3.4445 * x + turned).collect();
    }
    if tall { transposed(&x, rows) } else { x }
}

/// A matrix with so many columns, the other way round.
fn transposed(matrix: &[f32], columns: usize) -> Vec<f32> {
    let rows = matrix.len() / columns;
    (0..matrix.len()).map(|at| matrix[at % rows * columns + at / rows]).collect()
}

/// a b, where b has `inner` rows.
fn product(a: &[f32], b: &[f32], inner: usize) -> Vec<f32> {
    let columns = b.len() / inner;
    let mut out = vec![0.0; a.len() / inner * columns];
    Arch::new().dispatch(|| {
        for (out, a) in out.chunks_exact_mut(columns).zip(a.chunks_exact(inner)) {
            for (b, &factor) in b.chunks_exact(columns).zip(a) {
                for (out, b) in out.iter_mut().zip(b) {
                    *out += factor * b;
                }
            }
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn singular_values_come_near_one() {
        for shape in [[8, 8], [32, 8], [8, 32]] {
            let mut rng = Rng::new(1);
            let drawn: Vec<f32> = (0..shape[0] * shape[1]).map(|_| rng.normal() as f32).collect();
            let x = orthogonal(&drawn, shape);
            // Xᵀ v is as long as v, within the band, for any v on the shorter side.
            let short = shape[0].min(shape[1]);
            for _ in 0..20 {
                let v: Vec<f32> = (0..short).map(|_| rng.normal() as f32).collect();
                let image = |index: usize| -> f32 {
                    (0..short)
                        .map(|at| match shape[0] < shape[1] {
                            true => v[at] * x[at * shape[1] + index],
                            false => v[at] * x[index * shape[1] + at],
                        })
                        .sum()
                };
                let image: Vec<f32> = (0..shape[0].max(shape[1])).map(image).collect();
                let ratio = (dot(&image, &image) / dot(&v, &v)).sqrt();
                assert!((0.6..1.3).contains(&ratio), "{shape:?}: {ratio}");
            }
        }
    }
}
