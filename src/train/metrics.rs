//! What an evaluation of the whole table says.

use crate::fused::Answer;

/// One pass over every equation of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Steps done before it.
    pub step: u64,
    /// Mean cross-entropy of the training equations, in nats.
    pub train_loss: f64,
    /// Mean cross-entropy of the held-out equations, in nats.
    pub held_out_loss: f64,
    /// Share of the training equations whose right answer has a probability of exactly 1 in the precision
    /// of the loss, 0 to 1: their softmax has collapsed, and the gradient of that logit is 0 (Prieto et al. 2025).
    pub collapsed: f64,
    /// Share of the training equations that are answered right, 0 to 1.
    pub train_accuracy: f64,
    /// Share of the held-out equations that are answered right, 0 to 1.
    pub held_out_accuracy: f64,
    /// The same of the held-out equations whose mirror image is trained on; none if there are none, or
    /// if the operation is not commutative.
    pub mirrored_accuracy: Option<f64>,
    /// The same of the other held-out equations; none if there are none, or if the operation is not
    /// commutative.
    pub unmirrored_accuracy: Option<f64>,
    /// The likeliest symbol of each equation, in the table's order.
    pub predicted: Vec<u16>,
    /// Its probability.
    pub confidence: Vec<f32>,
}

impl Evaluation {
    /// `rows` has an [`Answer`] per equation; `right` and `sides` are in the same order.
    pub(super) fn new(step: u64, rows: &[Answer], right: &[u16], sides: &[Side]) -> Evaluation {
        let mut train = Sums::default();
        let [mut plain, mut mirrored, mut unmirrored] = [Sums::default(); 3];
        let mut predicted = Vec::with_capacity(rows.len());
        for ((row, &right), side) in rows.iter().zip(right).zip(sides) {
            predicted.push(row.predicted);
            let sums = match side {
                Side::Train => &mut train,
                Side::HeldOut => &mut plain,
                Side::Mirrored => &mut mirrored,
                Side::Unmirrored => &mut unmirrored,
            };
            sums.add(*row, row.predicted == right);
        }
        let held_out = plain.and(mirrored).and(unmirrored);
        Evaluation {
            step,
            train_loss: train.loss / train.count as f64,
            held_out_loss: held_out.loss / held_out.count as f64,
            collapsed: train.collapsed as f64 / train.count as f64,
            train_accuracy: train.accuracy(),
            held_out_accuracy: held_out.accuracy(),
            mirrored_accuracy: (mirrored.count > 0).then(|| mirrored.accuracy()),
            unmirrored_accuracy: (unmirrored.count > 0).then(|| unmirrored.accuracy()),
            predicted,
            confidence: rows.iter().map(|row| row.confidence).collect(),
        }
    }
}

/// Where an equation falls. Held-out equations of a commutative operation are told apart by whether
/// their mirror image is trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Train,
    HeldOut,
    Mirrored,
    Unmirrored,
}

#[derive(Default, Clone, Copy)]
struct Sums {
    loss: f64,
    collapsed: usize,
    correct: usize,
    count: usize,
}

impl Sums {
    fn add(&mut self, row: Answer, correct: bool) {
        self.loss += f64::from(row.loss);
        self.collapsed += usize::from(correct && row.confidence == 1.0);
        self.correct += usize::from(correct);
        self.count += 1;
    }

    fn and(self, other: Sums) -> Sums {
        Sums {
            loss: self.loss + other.loss,
            collapsed: self.collapsed + other.collapsed,
            correct: self.correct + other.correct,
            count: self.count + other.count,
        }
    }

    fn accuracy(self) -> f64 {
        self.correct as f64 / self.count as f64
    }
}
