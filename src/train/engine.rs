//! What computes a step: hand-written kernels, or the reference.

use burn::tensor::Device;

use super::plain::Plain;
use crate::config::{Config, Kernels};
use crate::data::Equation;
use crate::error::Result;
use crate::fused::{Answer, cpu::Cpu};
use crate::model::{ModelConfig, Sharing};
use crate::optim::{Optimizer, Rates};

/// A network's parameters and moments on a device, and the arithmetic over them.
pub enum Engine {
    Plain(Plain),
    Cpu(Box<Cpu>),
}

impl Engine {
    pub fn new(
        config: &Config,
        model: &ModelConfig,
        parameters: Vec<f32>,
        optimizer: &dyn Optimizer,
        device: &Device,
    ) -> Engine {
        match config.kernels {
            Kernels::Fused if *device == Device::flex() => {
                Engine::Cpu(Box::new(Cpu::new(model, parameters, optimizer)))
            }
            _ => Engine::Plain(Plain::new(
                model,
                parameters,
                optimizer.n_moments(),
                Sharing::Distinct,
                device,
            )),
        }
    }

    /// Computes loss and gradient of the equations of `table` at `indices`. Nothing is read back.
    pub fn differentiate(&mut self, table: &[Equation], indices: &[u32]) {
        match self {
            Engine::Plain(plain) => plain.differentiate(table, indices),
            Engine::Cpu(cpu) => cpu.differentiate(table, indices),
        }
    }

    /// Moves all parameters against the gradient of the last batch.
    pub fn update(&mut self, optimizer: &dyn Optimizer, step: u64, rates: Rates) {
        match self {
            Engine::Plain(plain) => plain.update(optimizer, step, rates),
            Engine::Cpu(cpu) => cpu.update(optimizer, step, rates),
        }
    }

    /// Waits for the device. The mean cross-entropy in nats of the last batch, if there was one.
    pub async fn loss(&self) -> Result<Option<f64>> {
        match self {
            Engine::Plain(plain) => plain.loss().await,
            Engine::Cpu(cpu) => Ok(cpu.loss()),
        }
    }

    /// Of the last batch, before its update, [P].
    pub async fn gradient(&self) -> Result<Vec<f32>> {
        match self {
            Engine::Plain(plain) => plain.gradient().await,
            Engine::Cpu(cpu) => Ok(cpu.gradient().to_vec()),
        }
    }

    /// What the network says of each equation.
    pub async fn evaluate(&mut self, table: &[Equation]) -> Result<Vec<Answer>> {
        match self {
            Engine::Plain(plain) => plain.evaluate(table).await,
            Engine::Cpu(cpu) => Ok(cpu.evaluate(table)),
        }
    }

    /// A logit per symbol.
    pub async fn logits(&mut self, x: u16, y: u16) -> Result<Vec<f32>> {
        match self {
            Engine::Plain(plain) => plain.logits(x, y).await,
            Engine::Cpu(cpu) => Ok(cpu.logits(x, y)),
        }
    }

    /// Parameters, then each moment, end to end.
    pub async fn values(&self) -> Result<Vec<f32>> {
        match self {
            Engine::Plain(plain) => plain.values().await,
            Engine::Cpu(cpu) => Ok(cpu.values()),
        }
    }

    /// Takes back what [`Engine::values`] gave.
    pub fn set_values(&mut self, values: &[f32]) {
        match self {
            Engine::Plain(plain) => plain.set_values(values),
            Engine::Cpu(cpu) => cpu.set_values(values),
        }
    }
}
