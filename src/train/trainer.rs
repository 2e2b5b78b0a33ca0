//! One run: the table, the model over its flat parameters, and a step.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::checkpoint::Checkpoint;
use super::metrics::{Answer, Evaluation};
use crate::algebra::BinaryOp;
use crate::config::Config;
use crate::data::{Batches, Equation, Split, Table};
use crate::error::{Error, Result};
use crate::model::{Equations, ModelConfig, Sharing, Transformer};
use crate::optim::{self, Optimizer, Rates, lr_at};
use crate::rng::Rng;

/// Equations evaluated at once: bounds the memory of the hidden layer.
const EVALUATION_ROWS: usize = 4096;

pub struct Trainer {
    config: Config,
    model: ModelConfig,
    device: Device,
    table: Table,
    /// Per equation of the table: is it held out?
    held_out: Vec<bool>,
    batches: Batches,
    /// The training set on the device, where every step sees all of it.
    full_batch: Option<Equations>,
    /// The whole table on the device, in parts.
    evaluation: Vec<Equations>,
    parameters: Tensor<1>, // [P]
    optimizer: Box<dyn Optimizer>,
    step: u64,
    /// Of the last step, unread.
    loss: Option<Tensor<1>>,
}

impl Trainer {
    /// The run of `config` before its first step.
    pub fn new(config: &Config, device: &Device) -> Result<Trainer> {
        let operation = BinaryOp::find(&config.operation)?.with_modulus(config.modulus)?;
        let table = Table::new(&operation);
        let rng = Rng::new(u64::from(config.seed));
        let split = Split::new(table.equations.len(), config.train_fraction, &rng);
        let batch = config.batch.equations(split.train().len());
        let batches = Batches::new(split.train(), batch, &rng);
        let model = ModelConfig::new(config, table.symbols);
        let drawn = model.draw(&rng);
        let parameters = Tensor::from_data(TensorData::new(drawn.clone(), [drawn.len()]), device);
        let full_batch =
            batches.is_full().then(|| pick(&table, split.train(), &device.clone().autodiff()));
        let evaluation = table
            .equations
            .chunks(EVALUATION_ROWS)
            .map(|part| Equations::new(part.iter(), device))
            .collect();
        Ok(Trainer {
            config: config.clone(),
            optimizer: optim::init(config, &parameters),
            model,
            device: device.clone(),
            held_out: split.held_out_mask(),
            table,
            batches,
            full_batch,
            evaluation,
            parameters,
            step: 0,
            loss: None,
        })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub fn model(&self) -> &ModelConfig {
        &self.model
    }

    pub fn table(&self) -> &Table {
        &self.table
    }

    /// One flag per equation of the table.
    pub fn held_out(&self) -> &[bool] {
        &self.held_out
    }

    /// Equations in a full step.
    pub fn batch(&self) -> usize {
        self.batches.size()
    }

    pub fn n_parameters(&self) -> usize {
        self.parameters.dims()[0]
    }

    /// Steps done.
    pub fn step_count(&self) -> u64 {
        self.step
    }

    /// Changes settings of the running network, all of which must be live.
    pub fn set(&mut self, config: Config) {
        self.config = config;
    }

    /// One step on the next batch. Nothing is read back.
    pub fn step(&mut self) {
        let equations = match &self.full_batch {
            Some(all) => all.clone(),
            None => {
                let device = self.device.clone().autodiff();
                pick(&self.table, self.batches.at(self.step), &device)
            }
        };
        let (loss, gradient) = self.loss_and_gradient(&equations, Sharing::Distinct);
        let rates = Rates {
            learning_rate: lr_at(self.step, self.config.learning_rate, self.config.warmup),
            weight_decay: self.config.weight_decay,
        };
        self.parameters = self.optimizer.step(self.parameters.clone(), gradient, self.step, rates);
        self.loss = Some(loss);
        self.step += 1;
    }

    /// Mean cross-entropy of a batch in nats, [1], and its gradient, [P].
    pub fn loss_and_gradient(
        &self,
        equations: &Equations,
        sharing: Sharing,
    ) -> (Tensor<1>, Tensor<1>) {
        let model = Transformer::trainable(&self.model, &self.parameters);
        let log_probabilities = log_softmax(model.forward(equations, sharing), 1); // [B, N]
        let loss = log_probabilities.gather(1, equations.answer.clone()).mean().neg();
        let gradients = loss.backward();
        (loss.inner(), model.gradient(&gradients))
    }

    /// What the model says of one equation, a logit per symbol.
    pub async fn logits(&self, x: u16, y: u16) -> Result<Vec<f32>> {
        let equation = [Equation { x, y, answer: 0 }];
        let equations = Equations::new(equation.iter(), &self.device);
        let model = Transformer::new(&self.model, &self.parameters);
        read(model.forward(&equations, Sharing::Distinct)).await
    }

    /// The training set as a batch for [`Trainer::loss_and_gradient`].
    pub fn training_set(&self) -> Equations {
        let train: Vec<u32> = (0..self.held_out.len() as u32)
            .filter(|&index| !self.held_out[index as usize])
            .collect();
        pick(&self.table, &train, &self.device.clone().autodiff())
    }

    /// Waits until the device has done the steps so far, and gives the last one's loss.
    pub async fn settle(&self) -> Result<Option<f64>> {
        match &self.loss {
            Some(loss) => Ok(Some(f64::from(read(loss.clone()).await?[0]))),
            None => Ok(None),
        }
    }

    /// The whole table, in one awaited read. A loss that is not a number is an error.
    pub async fn evaluate(&self) -> Result<Evaluation> {
        let model = Transformer::new(&self.model, &self.parameters);
        let parts: Vec<Tensor<2>> = self
            .evaluation
            .iter()
            .map(|equations| {
                let log_p = log_softmax(model.forward(equations, Sharing::Distinct), 1); // [B, N]
                let right = log_p.clone().gather(1, equations.answer.clone()); // [B, 1]
                let (best, symbol): (Tensor<2>, Tensor<2, Int>) = log_p.max_dim_with_indices(1);
                Tensor::cat(vec![symbol.float(), best.exp(), right.neg()], 1) // [B, 3]
            })
            .collect();
        let values = read(Tensor::cat(parts, 0)).await?;
        let rows: Vec<Answer> = values
            .chunks_exact(3)
            .map(|row| Answer { predicted: row[0], confidence: row[1], loss: row[2] })
            .collect();
        let right: Vec<u16> = self.table.equations.iter().map(|e| e.answer).collect();
        let evaluation = Evaluation::new(self.step, &rows, &right, &self.held_out);
        let loss = evaluation.train_loss + evaluation.held_out_loss;
        if !loss.is_finite() {
            return Err(Error::NotFinite { step: self.step, loss });
        }
        Ok(evaluation)
    }

    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        let mut parts = vec![self.parameters.clone()];
        parts.extend(self.optimizer.moments());
        Ok(Checkpoint { step: self.step, values: read(Tensor::cat(parts, 0)).await? })
    }

    /// Goes on from a checkpoint of the same configuration.
    pub fn restore(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        let length = self.n_parameters();
        let parts = 1 + self.optimizer.moments().len();
        if checkpoint.values.len() != length * parts {
            return Err(Error::Weights(format!(
                "a checkpoint of this model has {} values, this one has {}",
                length * parts,
                checkpoint.values.len()
            )));
        }
        let mut tensors = checkpoint
            .values
            .chunks_exact(length)
            .map(|part| Tensor::from_data(TensorData::new(part.to_vec(), [length]), &self.device));
        self.parameters = tensors.next().expect("the first part is the parameters");
        self.optimizer.restore(tensors.collect());
        self.step = checkpoint.step;
        self.loss = None;
        Ok(())
    }

    /// The parameters alone, flat, in the order of [`ModelConfig::parameters`].
    pub async fn weights(&self) -> Result<Vec<f32>> {
        read(self.parameters.clone()).await
    }

    /// Replaces the parameters and keeps everything else.
    pub fn set_weights(&mut self, flat: Vec<f32>) -> Result<()> {
        if flat.len() != self.n_parameters() {
            return Err(Error::Weights(format!(
                "this model has {} parameters, the file has {}",
                self.n_parameters(),
                flat.len()
            )));
        }
        let length = flat.len();
        self.parameters = Tensor::from_data(TensorData::new(flat, [length]), &self.device);
        Ok(())
    }
}

fn pick(table: &Table, indices: &[u32], device: &Device) -> Equations {
    Equations::new(indices.iter().map(|&index| &table.equations[index as usize]), device)
}

/// The only way in which values leave the device.
async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.into_data_async().await.map_err(|e| Error::Device(format!("{e:?}")))?;
    data.try_into_vec::<f32>().map_err(|e| Error::Device(format!("{e:?}")))
}
