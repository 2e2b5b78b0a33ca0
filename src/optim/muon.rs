//! Muon (Jordan et al. 2024), as `Na00s/muon-grokking` trains it: hidden matrices move along their
//! orthogonalised momentum; everything else has AdamW, the unembedding at a quarter of its rate.

use pulp::Arch;

use super::adam::Adam;
use super::pass::{Groups, Pass, Product, Tensor, kernels};
use super::{Rates, Stage, dot};
use crate::config::Config;
use crate::model::Parameter;

const KERNELS: &str = kernels!("muon.wgsl");

const MOMENTUM: f32 = 0.95;
const NEWTON_SCHULZ_STEPS: usize = 5;
/// Jordan's coefficients of x, x xᵀ x and (x xᵀ)² x.
const COEFFICIENTS: [f32; 3] = [3.4445, -4.7750, 2.0315];
/// What moves everything but the hidden matrices.
const ADAM: Adam = Adam { decoupled_decay: true };
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

impl Muon {
    /// What is kept of a hidden matrix, and how far it moves.
    fn keep_and_step(&self, rates: Rates, shape: [usize; 2]) -> [f32; 2] {
        let [rows, columns] = shape.map(|side| side as f64);
        let rate = self.learning_rate * rates.warmth;
        let step = rate * (rows / columns).max(1.0).sqrt();
        [(1.0 - rate * self.weight_decay) as f32, step as f32]
    }

    fn hidden(&self) -> impl Iterator<Item = &Parameter> {
        let all = self.parameters.iter();
        all.filter(|(_, rule)| *rule == Rule::Hidden).map(|(parameter, _)| parameter)
    }

    /// A hidden matrix, as [`Stage::apply`] moves it.
    fn hidden_passes(&self, rates: Rates, parameter: &Parameter) -> Vec<Pass> {
        let [rows, columns] = parameter.shape.map(|side| side as u32);
        let (short, long) = (rows.min(columns), rows.max(columns));
        let pass = |entry, factors: &[f32]| {
            let pass = Pass::each((KERNELS, entry), factors);
            pass.of(&parameter.range(), parameter.shape)
        };
        // Two places for the direction and two for products of it with itself, in turn.
        let [mut x, mut next] = [0, short * long];
        let [square, polynomial] = [2 * short * long, 2 * short * long + short * short];
        let places = Product::default();
        let [first, second, third] = COEFFICIENTS;
        let mut passes = vec![pass("momentum", &[MOMENTUM]), {
            let normalize = pass("normalize", &[]).over(Groups::Count([1; 3]));
            Pass { product: Product { out: x, ..places }, ..normalize }
        }];
        for _ in 0..NEWTON_SCHULZ_STEPS {
            // A product of the direction with itself, or of that with itself, is symmetric.
            let alike = Product { transposed: true, ..places };
            passes.extend([
                product(
                    [short; 2],
                    [1.0, 0.0],
                    Product { depth: long, left: x, right: x, add: square, out: square, ..alike },
                ),
                product(
                    [short; 2],
                    [third, second],
                    Product {
                        depth: short,
                        left: square,
                        right: square,
                        add: square,
                        out: polynomial,
                        ..alike
                    },
                ),
                product(
                    [short, long],
                    [1.0, first],
                    Product {
                        depth: short,
                        left: polynomial,
                        right: x,
                        add: x,
                        out: next,
                        ..places
                    },
                ),
            ]);
            (x, next) = (next, x);
        }
        let moved = pass("move_along", &self.keep_and_step(rates, parameter.shape));
        passes.push(Pass { product: Product { left: x, ..places }, ..moved });
        passes
    }
}

/// A product of matrices.
fn product([rows, columns]: [u32; 2], factors: [f32; 2], product: Product) -> Pass {
    let groups = Groups::Count([columns.div_ceil(16), rows.div_ceil(16), 1]);
    let pass = Pass::each((KERNELS, "product"), &factors).over(groups);
    Pass { product, tensor: Some(Tensor { first: 0, rows, columns }), ..pass }
}

impl Stage for Muon {
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
                ADAM.update(rates.scaled(share), weights, gradient, mean, &mut square[range]);
                continue;
            }
            for (gradient, mean) in gradient.iter_mut().zip(mean) {
                *mean = MOMENTUM * *mean + (1.0 - MOMENTUM) * *gradient;
                // Nesterov: what the mean would be if the same gradient came again.
                *gradient = (1.0 - MOMENTUM) * *gradient + MOMENTUM * *mean;
            }
            let direction = orthogonal(gradient, parameter.shape);
            let [keep, step] = self.keep_and_step(rates, parameter.shape);
            for (weight, direction) in weights.iter_mut().zip(direction) {
                *weight = *weight * keep - step * direction;
            }
        }
    }

    fn passes(&self, rates: Rates) -> Vec<Pass> {
        let passes = |(parameter, rule): &(Parameter, Rule)| match *rule {
            Rule::Hidden => self.hidden_passes(rates, parameter),
            Rule::AdamW { share } => {
                vec![ADAM.pass(rates.scaled(share)).of(&parameter.range(), parameter.shape)]
            }
        };
        self.parameters.iter().flat_map(passes).collect()
    }

    fn scratch(&self) -> usize {
        let needed = |parameter: &Parameter| {
            let short = parameter.shape[0].min(parameter.shape[1]);
            2 * parameter.shape[0] * parameter.shape[1] + 2 * short * short
        };
        self.hidden().map(needed).max().unwrap_or(0)
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
    let [first, second, third] = COEFFICIENTS;
    for _ in 0..NEWTON_SCHULZ_STEPS {
        let long = rows.max(columns);
        let a = multiplied(&x, &transposed(&x, long), long);
        let square = multiplied(&a, &a, short);
        let b: Vec<f32> =
            a.iter().zip(&square).map(|(a, square)| second * a + third * square).collect();
        let turned = multiplied(&b, &x, short);
        x = x.iter().zip(&turned).map(|(x, turned)| first * x + turned).collect();
    }
    if tall { transposed(&x, rows) } else { x }
}

/// A matrix with so many columns, the other way round.
fn transposed(matrix: &[f32], columns: usize) -> Vec<f32> {
    let rows = matrix.len() / columns;
    (0..matrix.len()).map(|at| matrix[at % rows * columns + at / rows]).collect()
}

/// a b, where b has `inner` rows.
fn multiplied(a: &[f32], b: &[f32], inner: usize) -> Vec<f32> {
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
