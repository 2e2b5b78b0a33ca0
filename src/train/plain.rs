//! The reference: burn's automatic differentiation, on the CPU.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::config::Loss;
use crate::data::Equation;
use crate::fused::Answer;
use crate::model::{Dropout, ModelConfig, Transformer};
use crate::optim::{Rates, Update};
use crate::rng::Rng;

/// Equations evaluated at once: bounds the memory of the hidden layer.
const EVALUATION_ROWS: usize = 4096;

pub struct Plain {
    model: ModelConfig,
    device: Device,
    dropout: f64,
    parameters: Vec<f32>,   // [P]
    moments: Vec<Vec<f32>>, // [P] each
    /// Of the last batch.
    loss: Option<f64>,
    gradient: Vec<f32>, // [P]
}

impl Plain {
    pub fn new(model: &ModelConfig, parameters: Vec<f32>, update: &Update, dropout: f64) -> Plain {
        Plain {
            model: model.clone(),
            device: Device::flex(),
            dropout,
            moments: update.first_moments(&parameters),
            gradient: vec![0.0; parameters.len()],
            parameters,
            loss: None,
        }
    }

    /// Computes loss and gradient of a batch.
    pub fn differentiate(&mut self, table: &[Equation], indices: &[u32], rng: &Rng) {
        let batch: Vec<Equation> = indices.iter().map(|&index| table[index as usize]).collect();
        let device = self.device.clone().autodiff();
        let mut model = Transformer::trainable(&self.model, &self.tensor());
        if self.dropout > 0.0 {
            model = model.with_dropout(Dropout::new(self.dropout, rng));
        }
        let logits = model.forward(model.tokens(&batch, &device)); // [B, N]
        let loss = self.log_probabilities(logits).gather(1, answers(&batch, &device)).mean().neg();
        let gradients = loss.backward();
        self.loss = Some(f64::from(read(loss.inner())[0]));
        self.gradient = read(model.gradient(&gradients));
    }

    /// Moves all parameters against the gradient of the last batch.
    pub fn update(&mut self, update: &Update, rates: Rates) {
        update.apply(rates, &mut self.parameters, &mut self.gradient, &mut self.moments);
    }

    /// Mean cross-entropy in nats of the last batch.
    pub fn loss(&self) -> Option<f64> {
        self.loss
    }

    /// Of the last batch, before its update, [P].
    pub fn gradient(&self) -> &[f32] {
        &self.gradient
    }

    pub fn evaluate(&self, table: &[Equation]) -> Vec<Answer> {
        let model = Transformer::new(&self.model, &self.tensor());
        let parts = table.chunks(EVALUATION_ROWS).map(|part| {
            let logits = model.forward(model.tokens(part, &self.device));
            let log_p = self.log_probabilities(logits); // [B, N]
            let right = log_p.clone().gather(1, answers(part, &self.device)); // [B, 1]
            let (best, symbol): (Tensor<2>, Tensor<2, Int>) = log_p.max_dim_with_indices(1);
            Tensor::cat(vec![symbol.float(), best.exp(), right.neg()], 1) // [B, 3]
        });
        let values = read(Tensor::cat(parts.collect(), 0));
        let answer =
            |row: &[f32]| Answer { predicted: row[0] as u16, confidence: row[1], loss: row[2] };
        values.chunks_exact(3).map(answer).collect()
    }

    /// Parameters, then each moment, end to end.
    pub fn values(&self) -> Vec<f32> {
        std::iter::once(&self.parameters).chain(&self.moments).flatten().copied().collect()
    }

    /// Takes back what [`Plain::values`] gave.
    pub fn set_values(&mut self, values: &[f32]) {
        let parts = values.chunks_exact(self.parameters.len());
        let own = std::iter::once(&mut self.parameters).chain(&mut self.moments);
        own.zip(parts).for_each(|(own, part)| own.copy_from_slice(part));
        self.loss = None;
    }

    /// [P]
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// Puts others in place of the parameters, and gives these.
    pub fn swap(&mut self, parameters: &mut Vec<f32>) {
        std::mem::swap(&mut self.parameters, parameters);
    }

    fn tensor(&self) -> Tensor<1> {
        let data = TensorData::new(self.parameters.clone(), [self.parameters.len()]);
        Tensor::from_data(data, &self.device)
    }

    /// [B, N] to [B, N].
    fn log_probabilities(&self, logits: Tensor<2>) -> Tensor<2> {
        match self.model.loss {
            Loss::Softmax => log_softmax(logits, 1),
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

/// [B, 1]
fn answers(equations: &[Equation], device: &Device) -> Tensor<2, Int> {
    let values: Vec<i32> = equations.iter().map(|equation| i32::from(equation.answer)).collect();
    Tensor::from_data(TensorData::new(values, [equations.len(), 1]), device)
}

/// The CPU has nothing to wait for.
fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    #[expect(clippy::disallowed_methods, reason = "it is on the CPU")]
    tensor.into_data().try_into_vec().expect("a tensor of f32")
}
