//! What an evaluation of the whole table says.

use crate::fused::Answer;

/// One pass over every equation of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Steps done before it.
    pub step: u64,
    /// Mean cross-entropy in nats.
    pub train_loss: f64,
    pub held_out_loss: f64,
    /// Share of equations answered right, 0 to 1.
    pub train_accuracy: f64,
    pub held_out_accuracy: f64,
    /// The likeliest symbol of each equation, in the table's order.
    pub predicted: Vec<u16>,
    /// Its probability.
    pub confidence: Vec<f32>,
}

impl Evaluation {
    /// `rows` has an [`Answer`] per equation; `right` and `held_out` are in the same order.
    pub(super) fn new(step: u64, rows: &[Answer], right: &[u16], held_out: &[bool]) -> Evaluation {
        let mut sums = [Sums::default(), Sums::default()];
        let mut predicted = Vec::with_capacity(rows.len());
        for ((row, &right), &held_out) in rows.iter().zip(right).zip(held_out) {
            predicted.push(row.predicted);
            sums[usize::from(held_out)].add(f64::from(row.loss), row.predicted == right);
        }
        let [train, held_out] = sums;
        Evaluation {
            step,
            train_loss: train.loss / train.count as f64,
            held_out_loss: held_out.loss / held_out.count as f64,
            train_accuracy: train.correct as f64 / train.count as f64,
            held_out_accuracy: held_out.correct as f64 / held_out.count as f64,
            predicted,
            confidence: rows.iter().map(|row| row.confidence).collect(),
        }
    }
}

#[derive(Default)]
struct Sums {
    loss: f64,
    correct: usize,
    count: usize,
}

impl Sums {
    fn add(&mut self, loss: f64, correct: bool) {
        self.loss += loss;
        self.correct += usize::from(correct);
        self.count += 1;
    }
}
