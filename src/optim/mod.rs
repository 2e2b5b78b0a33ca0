//! Optimisers over one flat parameter vector; one algorithm per file.

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

pub trait Optimizer {
    /// New parameters [P] from the old ones and their gradient, for step `step`, from 0.
    fn step(
        &mut self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        step: u64,
        rates: Rates,
    ) -> Tensor<1>;

    /// The moments, [P] each, that a checkpoint keeps.
    fn moments(&self) -> Vec<Tensor<1>>;

    /// Takes back what [`Optimizer::moments`] gave, in the same order.
    fn restore(&mut self, moments: Vec<Tensor<1>>);
}

/// The optimiser of `config`, with moments of zero like `parameters`.
pub fn init(config: &Config, parameters: &Tensor<1>) -> Box<dyn Optimizer> {
    match config.optimizer {
        config::Optimizer::AdamW => Box::new(Adam::new(parameters, true)),
        config::Optimizer::Adam => Box::new(Adam::new(parameters, false)),
        config::Optimizer::Sgd => Box::new(Sgd::new(parameters, config.momentum)),
    }
}
