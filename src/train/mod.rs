//! The training loop and its measurements, as plain numbers.

mod checkpoint;
mod metrics;
mod trainer;

pub use checkpoint::Checkpoint;
pub use metrics::Evaluation;
pub use trainer::Trainer;
