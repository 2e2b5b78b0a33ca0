//! The training loop and its measurements, as plain numbers.

mod checkpoint;
mod engine;
mod metrics;
#[cfg(feature = "reference")]
mod plain;
mod trainer;

pub use crate::fused::cpu::peak_gflops;
pub use checkpoint::Checkpoint;
pub use engine::Hardware;
pub use metrics::Evaluation;
pub use trainer::Trainer;
