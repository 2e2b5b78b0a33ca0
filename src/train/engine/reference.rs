//! The reference: burn's automatic differentiation, on the CPU or on a graphics card.

use async_trait::async_trait;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::{Batch, Engine};
use crate::config::Loss;
use crate::data::Equation;
use crate::error::{Error, Result};
use crate::fused::Answer;
#[cfg(feature = "gpu")]
use crate::fused::gpu::Context;
use crate::model::{Dropout, ModelConfig, Transformer};
use crate::optim::{Rates, Update};

/// Equations evaluated at once: bounds the memory of the hidden layer.
const EVALUATION_ROWS: usize = 4096;

/// Parameters and moments stay in host memory, where every optimiser runs; the device has the
/// forward and the backward pass.
pub struct Reference {
    model: ModelConfig,
    device: Device,
    dropout: f64,
    parameters: Vec<f32>,   // [P]
    moments: Vec<Vec<f32>>, // [P] each
    /// Mean over the last batch.
    loss: Option<f64>,
    gradient: Vec<f32>, // [P]
}

impl Reference {
    pub fn on_cpu(
        model: &ModelConfig,
        parameters: Vec<f32>,
        update: &Update,
        dropout: f64,
    ) -> Reference {
        Reference {
            model: model.clone(),
            device: Device::flex(),
            dropout,
            moments: update.first_moments(&parameters),
            gradient: vec![0.0; parameters.len()],
            parameters,
            loss: None,
        }
    }

    /// On the device that the hand-written kernels use.
    ///
    /// # Errors
    /// If burn's runtime refuses the device.
    #[cfg(feature = "gpu")]
    pub fn on_card(
        model: &ModelConfig,
        parameters: Vec<f32>,
        update: &Update,
        dropout: f64,
        context: &Context,
    ) -> Result<Reference> {
        let device = context.burn()?;
        Ok(Reference { device, ..Reference::on_cpu(model, parameters, update, dropout) })
    }

    fn tensor(&self, flat: &[f32]) -> Tensor<1> {
        let data = TensorData::new(flat.to_vec(), [flat.len()]);
        Tensor::from_data(data, &self.device)
    }

    /// [B, N] to [B, N].
    fn log_probabilities(&self, logits: Tensor<2>) -> Tensor<2> {
        match self.model.loss {
            Loss::Softmax | Loss::Float16 | Loss::Float64 => log_softmax(logits, 1),
            Loss::Stablemax => {
                // s(x) = x + 1 for x >= 0 and 1 / (1 - x) below.
                let above = logits.clone().clamp_min(0.0) + 1.0;
                let below = (logits.clamp_max(0.0).neg() + 1.0).recip();
                let stable = above * below;
                stable.clone().log() - stable.sum_dim(1).log()
            }
        }
    }
}

#[async_trait(?Send)]
impl Engine for Reference {
    async fn differentiate(&mut self, batch: &Batch<'_>) -> Result<()> {
        let chosen = batch.indices.iter().map(|&index| batch.table[index as usize]);
        let equations: Vec<Equation> = chosen.collect();
        let flat = match batch.weight_noise {
            None => self.tensor(&self.parameters),
            Some(noise) => self.tensor(&noise.on(&self.parameters, batch.step)),
        };
        let device = self.device.clone().autodiff();
        let mut model = Transformer::trainable(&self.model, &flat);
        if self.dropout > 0.0 {
            let rng = batch.rng.fork(&batch.step.to_string());
            model = model.with_dropout(Dropout::new(self.dropout, &rng));
        }
        let mut logits = model.forward(model.tokens(&equations, &device)); // [B, N]
        if self.model.zero_sum {
            // The same values, whose gradient has no mean.
            let mean = logits.clone().mean_dim(1); // [B, 1]
            logits = logits - mean.clone() + mean.detach();
        }
        let right = self.log_probabilities(logits).gather(1, answers(&equations, &device)); // [B, 1]
        let loss = right.mean().neg();
        let gradients = loss.backward();
        self.gradient = read(model.gradient(&gradients)).await?;
        self.loss = Some(f64::from(read(loss.inner()).await?[0]));
        Ok(())
    }

    async fn update(&mut self, update: &Update, rates: Rates) -> Result<()> {
        update.apply(rates, &mut self.parameters, &mut self.gradient, &mut self.moments);
        Ok(())
    }

    async fn loss(&mut self) -> Result<Option<f64>> {
        Ok(self.loss)
    }

    async fn gradient(&mut self) -> Result<Vec<f32>> {
        Ok(self.gradient.clone())
    }

    async fn evaluate(&mut self, equations: &[Equation]) -> Result<Vec<Answer>> {
        let model = Transformer::new(&self.model, &self.tensor(&self.parameters));
        let parts = equations.chunks(EVALUATION_ROWS).map(|part| {
            let logits = model.forward(model.tokens(part, &self.device));
            let log_p = self.log_probabilities(logits); // [B, N]
            let right = log_p.clone().gather(1, answers(part, &self.device)); // [B, 1]
            let (best, symbol): (Tensor<2>, Tensor<2, Int>) = log_p.max_dim_with_indices(1);
            Tensor::cat(vec![symbol.float(), best.exp(), right.neg()], 1) // [B, 3]
        });
        let values = read(Tensor::cat(parts.collect(), 0)).await?;
        Ok(Answer::read_all(&values).collect())
    }

    async fn parameters(&mut self) -> Result<Vec<f32>> {
        Ok(self.parameters.clone())
    }

    async fn values(&mut self) -> Result<Vec<f32>> {
        Ok(std::iter::once(&self.parameters).chain(&self.moments).flatten().copied().collect())
    }

    fn set_values(&mut self, values: &[f32]) {
        let parts = values.chunks_exact(self.parameters.len());
        let own = std::iter::once(&mut self.parameters).chain(&mut self.moments);
        own.zip(parts).for_each(|(own, part)| own.copy_from_slice(part));
        self.loss = None;
    }
}

/// [B, 1]
fn answers(equations: &[Equation], device: &Device) -> Tensor<2, Int> {
    let values: Vec<i32> = equations.iter().map(|equation| i32::from(equation.answer)).collect();
    Tensor::from_data(TensorData::new(values, [equations.len(), 1]), device)
}

async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let failed = |error: &dyn std::fmt::Display| Error::Device(format!("a read failed: {error}"));
    let data = tensor.into_data_async().await.map_err(|error| failed(&error))?;
    data.try_into_vec().map_err(|error| failed(&error))
}
