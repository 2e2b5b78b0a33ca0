//! The reference: burn's automatic differentiation, on any of its devices.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::data::Equation;
use crate::error::{Error, Result};
use crate::fused::Answer;
use crate::model::{ModelConfig, Transformer};
use crate::optim::{Optimizer, Rates};

/// Equations evaluated at once: bounds the memory of the hidden layer.
const EVALUATION_ROWS: usize = 4096;

pub struct Plain {
    model: ModelConfig,
    device: Device,
    parameters: Tensor<1>,   // [P]
    moments: Vec<Tensor<1>>, // [P] each
    /// Of the last batch, unread.
    loss: Option<Tensor<1>>,
    gradient: Option<Tensor<1>>, // [P]
}

impl Plain {
    pub fn new(
        model: &ModelConfig,
        parameters: Vec<f32>,
        n_moments: usize,
        device: &Device,
    ) -> Plain {
        let parameters = tensor(parameters, device);
        Plain {
            model: model.clone(),
            device: device.clone(),
            moments: vec![parameters.zeros_like(); n_moments],
            parameters,
            loss: None,
            gradient: None,
        }
    }

    /// Computes loss and gradient of a batch.
    pub fn differentiate(&mut self, table: &[Equation], indices: &[u32]) {
        let batch: Vec<Equation> = indices.iter().map(|&index| table[index as usize]).collect();
        let device = self.device.clone().autodiff();
        let model = Transformer::trainable(&self.model, &self.parameters);
        let logits = model.forward(model.tokens(&batch, &device)); // [B, N]
        let loss = log_softmax(logits, 1).gather(1, answers(&batch, &device)).mean().neg();
        let gradients = loss.backward();
        self.loss = Some(loss.inner());
        self.gradient = Some(model.gradient(&gradients));
    }

    /// Moves all parameters against the gradient of the last batch.
    pub fn update(&mut self, optimizer: &dyn Optimizer, step: u64, rates: Rates) {
        let gradient = self.gradient.take().expect("a batch was differentiated");
        let parameters = self.parameters.clone();
        self.parameters = optimizer.step(parameters, gradient, &mut self.moments, step, rates);
    }

    /// Mean cross-entropy in nats of the last batch.
    pub async fn loss(&self) -> Result<Option<f64>> {
        match &self.loss {
            Some(loss) => Ok(Some(f64::from(read(loss.clone()).await?[0]))),
            None => Ok(None),
        }
    }

    /// Of the last batch, before its update, [P].
    pub async fn gradient(&self) -> Result<Vec<f32>> {
        read(self.gradient.clone().expect("a batch was differentiated")).await
    }

    /// Every equation, in one awaited read.
    pub async fn evaluate(&self, table: &[Equation]) -> Result<Vec<Answer>> {
        let model = Transformer::new(&self.model, &self.parameters);
        let parts = table.chunks(EVALUATION_ROWS).map(|part| {
            let log_p = log_softmax(model.forward(model.tokens(part, &self.device)), 1); // [B, N]
            let right = log_p.clone().gather(1, answers(part, &self.device)); // [B, 1]
            let (best, symbol): (Tensor<2>, Tensor<2, Int>) = log_p.max_dim_with_indices(1);
            Tensor::cat(vec![symbol.float(), best.exp(), right.neg()], 1) // [B, 3]
        });
        let values = read(Tensor::cat(parts.collect(), 0)).await?;
        let answer =
            |row: &[f32]| Answer { predicted: row[0] as u16, confidence: row[1], loss: row[2] };
        Ok(values.chunks_exact(3).map(answer).collect())
    }

    /// Parameters, then each moment, end to end.
    pub async fn values(&self) -> Result<Vec<f32>> {
        let mut parts = vec![self.parameters.clone()];
        parts.extend(self.moments.iter().cloned());
        read(Tensor::cat(parts, 0)).await
    }

    /// Takes back what [`Plain::values`] gave.
    pub fn set_values(&mut self, values: &[f32]) {
        let mut parts = values.chunks_exact(self.parameters.dims()[0]);
        let mut next = || tensor(parts.next().expect("the length fits").to_vec(), &self.device);
        self.parameters = next();
        self.moments.iter_mut().for_each(|moment| *moment = next());
        self.loss = None;
    }
}

/// [B, 1]
fn answers(equations: &[Equation], device: &Device) -> Tensor<2, Int> {
    let values: Vec<i32> = equations.iter().map(|equation| i32::from(equation.answer)).collect();
    Tensor::from_data(TensorData::new(values, [equations.len(), 1]), device)
}

fn tensor(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

/// The only way in which values leave the device.
async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.into_data_async().await.map_err(|e| Error::Device(format!("{e:?}")))?;
    data.try_into_vec::<f32>().map_err(|e| Error::Device(format!("{e:?}")))
}
