//! Everything that a run needs to go on elsewhere, in host memory.

/// A run's parameters and optimiser moments after `step` steps.
///
/// Batches and learning rates are functions of the step, so nothing else is needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Steps done.
    pub step: u64,
    /// Parameters, then each moment of the optimiser, end to end.
    pub values: Vec<f32>,
}
