//! The training loop and its measurements, as plain numbers.

mod checkpoint;
mod engine;
mod examples;
mod metrics;
mod trainer;

pub use crate::fused::cpu::peak_gflops;
pub use checkpoint::Checkpoint;
pub use engine::{Batch, Crew, Engine, Hardware, Helper, Recruiter, Task};
pub use metrics::Evaluation;
pub use trainer::Trainer;
