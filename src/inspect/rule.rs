//! How much a network gets right, whole, with nothing but its rule, and without it.
//!
//! The rule is the part of the logits with the key frequencies of the sum (Nanda et al. 2023, section 5:
//! restricted and excluded loss).

use serde::Serialize;

use super::fourier::{BySum, Waves};
use super::loss::cross_entropy;
use super::parts::breathe;
use crate::algebra::Cyclic;
use crate::config::Loss;
use crate::data::Equation;
use crate::fused::Answer;

/// Rows of logits that are judged without a rest.
const ROWS: usize = 1_024;

/// How much of some equations is right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Score {
    /// Equations that are right.
    pub right: usize,
    /// Equations.
    pub of: usize,
    /// Mean cross-entropy in nats; 0 without equations.
    pub loss: f64,
}

/// How right answers are, on what a network is trained on and on what is held out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// The training equations.
    pub train: Score,
    /// The others.
    pub held_out: Score,
}

/// A network, its rule alone, and what is left without it, over the cells and symbols that the rule speaks of:
/// those with a place in the cycle. Losses are in double precision, whatever the network's own is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Rule {
    /// The key frequencies, the strongest first.
    pub keys: Vec<usize>,
    /// The network's own logits of the symbols that the rule speaks of.
    pub whole: Scores,
    /// The part of the logits with the key frequencies of the sum, and each symbol's mean.
    pub only: Scores,
    /// The logits without that part, but with each symbol's mean.
    pub without: Scores,
}

impl Scores {
    /// Scores `answers`; `held_out` has a flag per equation.
    pub fn of_answers(answers: &[Answer], equations: &[Equation], held_out: &[bool]) -> Scores {
        let judged = answers.iter().zip(equations);
        let each = judged.map(|(answer, equation)| {
            (answer.predicted == equation.answer, f64::from(answer.loss))
        });
        Scores::of(each.zip(held_out.iter().copied()))
    }

    /// Adds up how many answers are right and their losses, apart for what is held out.
    fn of(each: impl Iterator<Item = ((bool, f64), bool)>) -> Scores {
        let mut scores = Scores::default();
        for ((right, loss), held_out) in each {
            let score = if held_out { &mut scores.held_out } else { &mut scores.train };
            score.right += usize::from(right);
            score.of += 1;
            score.loss += loss;
        }
        for score in [&mut scores.train, &mut scores.held_out] {
            score.loss /= score.of.max(1) as f64;
        }
        scores
    }
}

/// `loss` is the network's; `logits` are [equations, symbols]; `held_out` has a flag per equation.
pub async fn rule(
    cyclic: &Cyclic,
    loss: Loss,
    equations: &[Equation],
    held_out: &[bool],
    logits: &[f32],
    keys: &[usize],
) -> Rule {
    let (n, symbols) = (cyclic.n, cyclic.symbols());
    let by_sum = BySum::new(cyclic, equations, logits, &symbols);
    let restricted = by_sum.restricted(keys, &Waves::new(n));
    let mut judged = [Vec::new(), Vec::new(), Vec::new()];
    let rows = equations.iter().zip(logits.chunks_exact(cyclic.index.len())).zip(held_out);
    for (at, ((equation, own), &held_out)) in rows.enumerate() {
        if at % ROWS == 0 {
            breathe().await;
        }
        let (Some(sum), Some(answer)) = (
            cyclic.sum(equation.x.into(), equation.y.into()),
            cyclic.index[usize::from(equation.answer)],
        ) else {
            continue;
        };
        let part = &restricted[sum * n..(sum + 1) * n];
        let own: Vec<f64> = symbols.iter().map(|&symbol| f64::from(own[symbol])).collect();
        let only = part.iter().zip(&by_sum.symbol_mean).map(|(a, b)| a + b).collect();
        let without = own.iter().zip(part).map(|(a, b)| a - b).collect();
        for (judged, row) in judged.iter_mut().zip([own, only, without]) {
            let row: Vec<f64> = row;
            let right = largest(&row) == answer;
            judged.push(((right, cross_entropy(loss, &row, answer)), held_out));
        }
    }
    let [whole, only, without] = judged.map(|judged| Scores::of(judged.into_iter()));
    Rule { keys: keys.to_vec(), whole, only, without }
}

/// The first of the largest values.
fn largest(row: &[f64]) -> usize {
    let mut best = 0;
    for (at, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = at;
        }
    }
    best
}
