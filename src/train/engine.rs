//! What computes a step: hand-written kernels, or the reference.

use burn::tensor::Device;

use super::plain::Plain;
use crate::config::{Config, Kernels};
use crate::data::Equation;
#[cfg(feature = "gpu")]
use crate::error::Error;
use crate::error::Result;
#[cfg(feature = "gpu")]
use crate::fused::gpu::{Context, Gpu};
use crate::fused::{Answer, cpu::Cpu};
use crate::model::ModelConfig;
use crate::optim::{Optimizer, Rates};

/// Where networks are trained.
#[derive(Clone)]
pub enum Hardware {
    Cpu,
    #[cfg(feature = "gpu")]
    Gpu(Context),
}

/// A network's parameters and moments on a device, and the arithmetic over them.
pub enum Engine {
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
        optimizer: &dyn Optimizer,
        batch: usize,
        hardware: &Hardware,
    ) -> Result<Engine> {
        #[cfg(not(feature = "gpu"))]
        let _ = batch;
        Ok(match (hardware, config.kernels) {
            (Hardware::Cpu, Kernels::Plain) => {
                let device = Device::flex();
                let plain = Plain::new(model, parameters, optimizer.n_moments(), &device);
                Engine::Plain(Box::new(plain))
            }
            (Hardware::Cpu, Kernels::Fused) => {
                Engine::Cpu(Box::new(Cpu::new(model, parameters, optimizer)))
            }
            #[cfg(feature = "gpu")]
            (Hardware::Gpu(context), Kernels::Fused) => {
                let gpu = Gpu::new(model, &parameters, optimizer, batch, context)?;
                Engine::Gpu(Box::new(gpu))
            }
            #[cfg(feature = "gpu")]
            (Hardware::Gpu(_), Kernels::Plain) => {
                return Err(Error::setting("kernels", config.kernels, "fused on this device"));
            }
        })
    }

    /// Computes loss and gradient of the equations of `table` at `indices`. Nothing is read back.
    pub fn differentiate(&mut self, table: &[Equation], indices: &[u32]) -> Result<()> {
        match self {
            Engine::Plain(plain) => plain.differentiate(table, indices),
            Engine::Cpu(cpu) => cpu.differentiate(table, indices),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.differentiate(table, indices)?,
        }
        Ok(())
    }

    /// Moves all parameters against the gradient of the last batch.
    pub fn update(&mut self, optimizer: &dyn Optimizer, step: u64, rates: Rates) {
        match self {
            Engine::Plain(plain) => plain.update(optimizer, step, rates),
            Engine::Cpu(cpu) => cpu.update(optimizer, step, rates),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.update(optimizer, step, rates),
        }
    }

    /// Waits for the device. The mean cross-entropy in nats of the last batch, if there was one.
    pub async fn loss(&mut self) -> Result<Option<f64>> {
        match self {
            Engine::Plain(plain) => plain.loss().await,
            Engine::Cpu(cpu) => Ok(cpu.loss()),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.loss().await,
        }
    }

    /// Of the last batch, before its update, [P].
    pub async fn gradient(&mut self) -> Result<Vec<f32>> {
        match self {
            Engine::Plain(plain) => plain.gradient().await,
            Engine::Cpu(cpu) => Ok(cpu.gradient().to_vec()),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.gradient().await,
        }
    }

    /// What the network says of each equation.
    pub async fn evaluate(&mut self, table: &[Equation]) -> Result<Vec<Answer>> {
        match self {
            Engine::Plain(plain) => plain.evaluate(table).await,
            Engine::Cpu(cpu) => Ok(cpu.evaluate(table)),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.evaluate(table).await,
        }
    }

    /// Parameters, then each moment, end to end.
    pub async fn values(&mut self) -> Result<Vec<f32>> {
        match self {
            Engine::Plain(plain) => plain.values().await,
            Engine::Cpu(cpu) => Ok(cpu.values()),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.values().await,
        }
    }

    /// Takes back what [`Engine::values`] gave.
    pub fn set_values(&mut self, values: &[f32]) {
        match self {
            Engine::Plain(plain) => plain.set_values(values),
            Engine::Cpu(cpu) => cpu.set_values(values),
            #[cfg(feature = "gpu")]
            Engine::Gpu(gpu) => gpu.set_values(values),
        }
    }
}
