//! The circles that a network lays symbols on, and the hands that it adds (Nanda et al. 2023,
//! section 4; Zhong et al. 2023, "The clock and the pizza", whose two measures tell the two apart).

use serde::Serialize;

use super::fourier::{BySum, Waves, keys};
use super::parts::breathe;
use super::points::fourier_pair;
use crate::algebra::Cyclic;
use crate::data::Equation;
use crate::fused::cpu::Cpu;
use crate::rng::Rng;

/// Triples whose gradients are compared, as Zhong et al. take.
const TRIPLES: usize = 100;

/// What a network that adds does as a clock.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// Hours: length of the cycle of the index.
    pub n: usize,
    /// One for each key frequency, the strongest first.
    pub faces: Vec<Face>,
    /// Mean logit of the symbol so many places behind the answer, around the mean over symbols, `[n]`.
    pub whole: Vec<f64>,
    /// Mean over the differences of x's place and y's of the deviation of the right answer's logit, over
    /// its deviation altogether. Pizzas have 0 to 0.4, clocks 0.4 to 1.
    pub distance_irrelevance: f64,
    /// Mean cosine of the gradients of a logit by the embeddings of x and of y, over 100 triples. Pizzas
    /// have 0.99, clocks less.
    pub symmetricity: f64,
}

/// One circle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Face {
    /// The frequency: one place is k n-ths of a turn.
    pub k: usize,
    /// Where each symbol lies as x, [symbols, 2]: its embedding on the two directions with x's frequency,
    /// at a mean distance of 1. A symbol without an index lies where it may.
    pub x: Vec<[f32; 2]>,
    /// The same as y, whose frequency differs where the operation is no plain sum.
    pub y: Vec<[f32; 2]>,
    /// Where the logits point for each answer, by its place, [n, 2]: their cosine and sine with this
    /// frequency over the symbols, the mean of the pairs with that answer, at a mean length of 1.
    pub answer: Vec<[f32; 2]>,
    /// The part of [`Clock::whole`] with this frequency, `[n]`.
    pub curve: Vec<f64>,
}

impl Clock {
    /// `logits` are [equations, symbols], `embedding` [symbols, d]; without the symmetricity, which
    /// takes gradients. None if no frequency stands out.
    pub(super) fn new(
        cyclic: &Cyclic,
        equations: &[Equation],
        logits: &[f32],
        embedding: &[f32],
    ) -> Option<Clock> {
        let (n, symbols, waves) = (cyclic.n, cyclic.symbols(), Waves::new(cyclic.n));
        let d = embedding.len() / cyclic.index.len();
        let by_sum = BySum::new(cyclic, equations, logits, &symbols);
        let keys = keys(&by_sum.coefficients(cyclic, &waves));
        // Each row by how far a symbol is behind the answer, and around its mean.
        let behind: Vec<f64> = (0..n)
            .map(|offset| {
                let at = |sum: usize| sum * n + (sum + cyclic.c + offset) % n;
                (0..n).map(|sum| by_sum.mean[at(sum)]).sum::<f64>() / n as f64
            })
            .collect();
        let mean = behind.iter().sum::<f64>() / n as f64;
        let face = |&k: &usize| {
            let circle = |factor: usize| {
                let points = fourier_pair(embedding, d, &symbols, factor * k % n);
                unit(points.as_chunks().0.to_vec(), &symbols)
            };
            let answer = (0..n).map(|answer| {
                let sum = (answer + n - cyclic.c) % n;
                let row = &by_sum.mean[sum * n..(sum + 1) * n];
                let along = |wave: &dyn Fn(usize) -> f64| {
                    row.iter().enumerate().map(|(z, value)| value * wave(k * z)).sum::<f64>() as f32
                };
                [along(&|at| waves.cos(at)), along(&|at| waves.sin(at))]
            });
            let along = |wave: &dyn Fn(usize) -> f64| {
                behind.iter().enumerate().map(|(at, value)| value * wave(k * at)).sum::<f64>()
            };
            let scale = if 2 * k == n { 1.0 } else { 2.0 } / n as f64;
            let (cos, sin) = (along(&|at| waves.cos(at)), along(&|at| waves.sin(at)));
            let curve =
                (0..n).map(|at| scale * (cos * waves.cos(k * at) + sin * waves.sin(k * at)));
            Face {
                k,
                x: circle(cyclic.a),
                y: circle(cyclic.b),
                curve: curve.collect(),
                answer: unit(answer.collect(), &(0..n).collect::<Vec<_>>()),
            }
        };
        (!keys.is_empty()).then(|| Clock {
            n,
            faces: keys.iter().map(face).collect(),
            whole: behind.iter().map(|value| value - mean).collect(),
            distance_irrelevance: distance_irrelevance(cyclic, equations, logits),
            symmetricity: 0.0,
        })
    }
}

/// Points at a mean distance of 1 from the middle, of those at `counted`.
fn unit(mut points: Vec<[f32; 2]>, counted: &[usize]) -> Vec<[f32; 2]> {
    let total: f32 = counted.iter().map(|&at| points[at][0].hypot(points[at][1])).sum();
    let scale = counted.len() as f32 / total.max(f32::MIN_POSITIVE);
    points.iter_mut().flatten().for_each(|value| *value *= scale);
    points
}

fn distance_irrelevance(cyclic: &Cyclic, equations: &[Equation], logits: &[f32]) -> f64 {
    let n = cyclic.n;
    // Sums and sums of squares of the right answers' logits, by difference.
    let mut by_difference = vec![[0.0f64; 3]; n];
    for (equation, row) in equations.iter().zip(logits.chunks_exact(cyclic.index.len())) {
        let place = |symbol: u16| cyclic.index[usize::from(symbol)];
        let (Some(x), Some(y)) = (place(equation.x), place(equation.y)) else { continue };
        let logit = f64::from(row[usize::from(equation.answer)]);
        let difference = &mut by_difference[(cyclic.a * x + n * n - cyclic.b * y) % n];
        *difference = [difference[0] + 1.0, difference[1] + logit, difference[2] + logit * logit];
    }
    let deviation = |[count, sum, square]: [f64; 3]| {
        let mean = sum / count.max(1.0);
        (square / count.max(1.0) - mean * mean).max(0.0).sqrt()
    };
    let all = by_difference
        .iter()
        .fold([0.0; 3], |all, part| [all[0] + part[0], all[1] + part[1], all[2] + part[2]]);
    let within = by_difference.iter().map(|&part| deviation(part)).sum::<f64>() / n as f64;
    within / deviation(all).max(1e-30)
}

/// Random x, y and answers, of which x and y differ: the gradients by one embedding's row cannot be told
/// apart otherwise.
pub(super) fn triples(n_symbols: usize, rng: &mut Rng) -> Vec<[u16; 3]> {
    let n = n_symbols as u64;
    let triple = |_| {
        let (x, step, answer) = (rng.below(n), 1 + rng.below(n - 1), rng.below(n));
        [x, (x + step) % n, answer].map(|symbol| symbol as u16)
    };
    (0..TRIPLES).map(triple).collect()
}

/// The mean over triples of the cosine between the gradients of the answer's logit by the embeddings of x
/// and of y.
pub(super) async fn gradient_symmetricity(cpu: &mut Cpu, triples: &[[u16; 3]]) -> f64 {
    let (tokens, d) = (cpu.program().tokens, cpu.program().d_model);
    let mut cosine = |[x, y, answer]: [u16; 3]| {
        let equation = Equation { x, y, answer };
        let gradient = cpu.logit_gradient(&equation, answer.into());
        let row = |symbol: u16| &gradient[tokens + usize::from(symbol) * d..][..d];
        let product = |a: &[f32], b: &[f32]| {
            a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>()
        };
        let (x, y) = (row(x), row(y));
        product(x, y) / (product(x, x) * product(y, y)).sqrt().max(1e-30)
    };
    let mut sum = 0.0;
    for &triple in triples {
        breathe().await;
        sum += cosine(triple);
    }
    sum / triples.len() as f64
}
