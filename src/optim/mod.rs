//! Optimisers over one flat parameter vector; one algorithm per file.
//!
//! Each is written with tensors, as the readable reference, and fused: over slices for the CPU and
//! in WGSL for graphics cards. An optimiser has no state; its moments belong to whoever steps.

mod adam;
mod schedule;
mod sgd;

use burn::tensor::Tensor;

use crate::config::{self, Config};

pub use adam::Adam;
pub use schedule::lr_at;
pub use sgd::Sgd;

/// What a step may change while a run goes on.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    pub learning_rate: f64,
    pub weight_decay: f64,
}

/// Steps count from 0. Moments start at zero.
pub trait Optimizer: Send + Sync {
    /// Vectors like the parameters that it keeps from step to step.
    fn n_moments(&self) -> usize;

    /// New parameters [P] from the old ones and their gradient.
    fn step(
        &self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        moments: &mut [Tensor<1>],
        step: u64,
        rates: Rates,
    ) -> Tensor<1>;

    /// The scalars of a step, as the fused versions read them.
    fn factors(&self, step: u64, rates: Rates) -> [f32; 8];

    /// The same in place, over any part of the parameters.
    fn update(
        &self,
        parameters: &mut [f32],
        gradient: &[f32],
        moments: &mut [&mut [f32]],
        factors: [f32; 8],
    );

    /// The same as a kernel; see `update.wgsl`.
    #[cfg(feature = "gpu")]
    fn shader(&self) -> &'static str;
}

/// The optimiser of `config`.
pub fn init(config: &Config) -> Box<dyn Optimizer> {
    match config.optimizer {
        config::Optimizer::AdamW => Box::new(Adam { decoupled_decay: true }),
        config::Optimizer::Adam => Box::new(Adam { decoupled_decay: false }),
        config::Optimizer::Sgd => Box::new(Sgd { momentum: config.momentum }),
    }
}
