//! What computes a step: hand-written kernels, or the reference.

#[cfg(feature = "reference")]
use super::plain::Plain;
use crate::config::Config;
use crate::data::Equation;
#[cfg(any(feature = "gpu", not(feature = "reference")))]
use crate::error::Error;
use crate::error::Result;
#[cfg(feature = "gpu")]
use crate::fused::gpu::{Context, Gpu};
use crate::fused::{Answer, cpu::Cpu};
use crate::model::ModelConfig;
use crate::optim::{Rates, Update};
use crate::rng::Rng;

/// Where networks are trained.
#[derive(Clone)]
pub enum Hardware {
    Cpu,
    #[cfg(feature = "gpu")]
    Gpu(Context),
}

/// A network's parameters and moments on a device, and the arithmetic over them.
pub enum Engine {
    #[cfg(feature = "reference")]
    Plain(Box<Plain>),
    Cpu(Box<Cpu>),
    #[cfg(feature = "gpu")]
    Gpu(Box<Gpu>),
}

impl Engine {
    /// For batches of at most `batch` equations.
    pub fn new(
        config: &Config,
        model: &ModelConfig,
        parameters: Vec<f32>,
        update: &Update,
        batch: usize,
        hardware: &Hardware,
    ) -> Result<Engine> {
        #[cfg(not(feature = "gpu"))]
        let _ = batch;
        Ok(match hardware {
            #[cfg(feature = "reference")]
            Hardware::Cpu if config.needs_reference() => {
                Engine::Plain(Box::new(Plain::new(model, parameters, update, config.dropout)))
            }
            #[cfg(not(feature = "reference"))]
            Hardware::Cpu if config.needs_reference() => {
                let program = "fused in this program, without dropout";
                return Err(Error::setting("kernels", config.kernels, program));
            }
            Hardware::Cpu => Engine::Cpu(Box::new(Cpu::new(model, parameters, update))),
            #[cfg(feature = "gpu")]
            Hardware::Gpu(context) => {
                if let Some(setting) = config.only_on_cpu() {
                    let standard = setting.get(&Config::default());
                    let allowed = format!("{standard} on a graphics card: the CPU trains it");
                    return Err(Error::setting(setting.id, setting.get(config), allowed));
                }
                Engine::Gpu(Box::new(Gpu::new(model, &parameters, update, batch, context)?))
            }
        })
    }

    /// Computes loss and gradient of the equations of `table` at `indices`. Nothing is read back.
    /// What is dropped out is drawn from `rng`.
    pub fn differentiate(&mut self, table: &[Equation], indices: &[u32], rng: &Rng) -> Result<()> {
        #[cfg(not(feature = "reference"))]
        let _ = rng;
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => plain.differentiate(table, indices, rng),
            Engine::Cpu(cpu) => cpu.differentiate(table, indices),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.differentiate(table, indices)?,
        }
        Ok(())
    }

    /// Moves all parameters against the gradient of the last batch.
    pub fn update(&mut self, update: &Update, rates: Rates) {
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => plain.update(update, rates),
            Engine::Cpu(cpu) => cpu.update(update, rates),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.update(update, rates),
        }
    }

    /// The parameters [P], on the CPU.
    pub fn parameters(&self) -> &[f32] {
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => plain.parameters(),
            Engine::Cpu(cpu) => cpu.parameters(),
            #[cfg(feature = "gpu")]
            Engine::Gpu(_) => unreachable!("what looks at parameters is only on the CPU"),
        }
    }

    /// Puts others in place of the parameters, and gives these. On the CPU.
    pub fn swap(&mut self, parameters: &mut Vec<f32>) {
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => plain.swap(parameters),
            Engine::Cpu(cpu) => cpu.swap(parameters),
            #[cfg(feature = "gpu")]
            Engine::Gpu(_) => unreachable!("what swaps parameters is only on the CPU"),
        }
    }

    /// Waits for the device. The mean cross-entropy in nats of the last batch, if there was one.
    pub async fn loss(&mut self) -> Result<Option<f64>> {
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => Ok(plain.loss()),
            Engine::Cpu(cpu) => Ok(cpu.loss()),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.loss().await,
        }
    }

    /// Of the last batch, before its update, [P].
    pub async fn gradient(&mut self) -> Result<Vec<f32>> {
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => Ok(plain.gradient().to_vec()),
            Engine::Cpu(cpu) => Ok(cpu.gradient().to_vec()),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.gradient().await,
        }
    }

    /// What the network says of each equation.
    pub async fn evaluate(&mut self, table: &[Equation]) -> Result<Vec<Answer>> {
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => Ok(plain.evaluate(table)),
            Engine::Cpu(cpu) => Ok(cpu.evaluate(table)),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.evaluate(table).await,
        }
    }

    /// Parameters, then each moment, end to end.
    pub async fn values(&mut self) -> Result<Vec<f32>> {
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => Ok(plain.values()),
            Engine::Cpu(cpu) => Ok(cpu.values()),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.values().await,
        }
    }

    /// Takes back what [`Engine::values`] gave.
    pub fn set_values(&mut self, values: &[f32]) {
        match self {
            #[cfg(feature = "reference")]
            Engine::Plain(plain) => plain.set_values(values),
            Engine::Cpu(cpu) => cpu.set_values(values),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.set_values(values),
        }
    }
}
