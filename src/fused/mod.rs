//! The training step by hand: every row once, every operation fused, nothing allocated.
//!
//! [`program`] derives what is computed, [`rows`] which rows of it; [`cpu`] and [`gpu`] run it.

pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
mod program;
mod rows;

/// What the network says of one equation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    pub predicted: u16,
    /// Probability of the predicted symbol.
    pub confidence: f32,
    /// Cross-entropy of the right answer, in nats.
    pub loss: f32,
}
