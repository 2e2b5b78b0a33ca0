//! What computes a step: hand-written kernels on the CPU or on a graphics card, or the reference.

mod cpu;
mod crew;
#[cfg(feature = "gpu")]
mod gpu;
mod hardware;
#[cfg(feature = "reference")]
mod reference;

pub use crew::{Crew, Helper, Recruiter, Task};
pub use hardware::Hardware;

use async_trait::async_trait;

use crate::config::Threads;
use crate::data::Equation;
use crate::error::Result;
use crate::fused::Answer;
use crate::optim::{Rates, Update, WeightNoise};
use crate::rng::Rng;

/// What a step is taken on.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// Steps done before it.
    pub step: u64,
    /// Every equation of the operation.
    pub table: &'a [Equation],
    /// Which of them are in the batch.
    pub indices: &'a [u32],
    /// What the weights have while the gradient is computed, and not after it.
    pub weight_noise: Option<WeightNoise>,
    /// The generator of the run; what is drawn for a step is forked from it.
    pub rng: &'a Rng,
}

/// A network's parameters `[P]` and an optimiser's moments `[P]` each, somewhere, and the arithmetic
/// over them.
///
/// A device may lag behind: what is asked of it is done in order, and [`Engine::loss`] and whatever
/// else reads from it wait. Errors are [`Error::Device`](crate::error::Error::Device).
#[async_trait(?Send)]
pub trait Engine {
    /// Computes loss and gradient of a batch. They are kept until the next.
    async fn differentiate(&mut self, batch: &Batch<'_>) -> Result<()>;

    /// Moves all parameters against the gradient of the last batch, which is used up.
    async fn update(&mut self, update: &Update, rates: Rates) -> Result<()>;

    /// The mean cross-entropy in nats of the last batch; none before the first, and none after an
    /// evaluation on a device that keeps both in one place.
    async fn loss(&mut self) -> Result<Option<f64>>;

    /// The gradient of the last batch, before its update, `[P]`.
    async fn gradient(&mut self) -> Result<Vec<f32>>;

    /// What the network says of every equation of the table, in their order.
    async fn evaluate(&mut self, table: &[Equation]) -> Result<Vec<Answer>>;

    /// The parameters `[P]`.
    async fn parameters(&mut self) -> Result<Vec<f32>>;

    /// Parameters, then each moment, end to end.
    async fn values(&mut self) -> Result<Vec<f32>>;

    /// Takes back what [`Engine::values`] gave.
    fn set_values(&mut self, values: &[f32]);

    /// How many threads to use from now on, where that can be chosen.
    fn set_threads(&mut self, _threads: Threads) {}

    /// Nothing is to do for now: what is held for the next step alone may go.
    fn rest(&mut self) {}
}
