//! The training step by hand: every row once, every operation fused, in buffers that are made once.
//!
//! `program` says what operations there are, `derive` which of them a model needs, `rows` on which rows;
//! [`cpu`] and `gpu` run them.

pub mod cpu;
mod derive;
#[cfg(feature = "gpu")]
pub mod gpu;
pub(crate) mod program;
pub(crate) mod rows;

pub use program::Program;

/// What the network says of one equation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// The likeliest symbol.
    pub predicted: u16,
    /// Probability of the predicted symbol.
    pub confidence: f32,
    /// Cross-entropy of the right answer, in nats.
    pub loss: f32,
}

impl Answer {
    /// As three numbers in a row, which is how answers travel.
    pub fn write(self) -> [f32; 3] {
        [f32::from(self.predicted), self.confidence, self.loss]
    }

    /// What [`Answer::write`] wrote, one after another.
    pub fn read_all(values: &[f32]) -> impl Iterator<Item = Answer> {
        let (rows, _) = values.as_chunks();
        rows.iter().map(|&[predicted, confidence, loss]| Answer {
            predicted: predicted as u16,
            confidence,
            loss,
        })
    }
}
