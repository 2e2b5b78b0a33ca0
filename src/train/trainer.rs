//! One run: the table, the model over its flat parameters, and a step.

use super::checkpoint::Checkpoint;
use super::engine::{Batch, Engine, Hardware};
use super::examples::{Examples, examples};
use super::metrics::{Evaluation, Side};
use crate::config::{Config, Kernels};
use crate::data::{Batches, Table};
use crate::error::{Error, Result};
use crate::fused::Program;
use crate::model::ModelConfig;
use crate::optim::{Rates, Update, WeightNoise};
use crate::rng::Rng;

/// Settings that a fork cannot change: what there is to learn, and the shape of the network.
const NETWORK: [&str; 14] = [
    "operation",
    "modulus",
    "formula",
    "table",
    "prompt",
    "layers",
    "width",
    "heads",
    "mlpRatio",
    "activation",
    "norm",
    "positions",
    "attentionRate",
    "bias",
];
/// Settings that say what the optimiser remembers.
const MOMENTS: [&str; 5] = ["optimizer", "grokfast", "grokfastWindow", "decay", "constantNorm"];

/// A run: what it learns from, its network, and the engine that has its parameters.
pub struct Trainer {
    config: Config,
    model: ModelConfig,
    table: Table,
    /// Per equation of the table: is it held out?
    held_out: Vec<bool>,
    /// Per equation, for the evaluation.
    sides: Vec<Side>,
    /// Per equation: was its answer replaced?
    outliers: Vec<bool>,
    batches: Batches,
    n_parameters: usize,
    update: Update,
    rng: Rng,
    engine: Box<dyn Engine>,
    step: u64,
}

/// The model, and what moves its parameters, if both fit into memory.
fn model_and_update(config: &Config, symbols: usize, rng: &Rng) -> Result<(ModelConfig, Update)> {
    let model = ModelConfig::new(config, symbols);
    let update = Update::new(config, &model, rng);
    update.check(Program::new(&model).n_parameters)?;
    Ok((model, update))
}

impl Trainer {
    /// Whether [`Trainer::new`] would find room for a run.
    ///
    /// # Errors
    /// [`Error::Setting`] names what is too large, and what is allowed.
    pub fn check(config: &Config) -> Result<()> {
        let symbols = config.operation().symbols();
        model_and_update(config, symbols, &Rng::new(0)).map(|_| ())
    }

    /// The run of `config` before its first step.
    ///
    /// # Errors
    /// Those of [`Trainer::check`], and those of [`Hardware::engine`].
    pub fn new(config: &Config, hardware: &Hardware) -> Result<Trainer> {
        let rng = Rng::new(u64::from(config.seed));
        let Examples { table, held_out, sides, outliers, batches } = examples(config, &rng);
        let batch = batches.size();
        let (model, update) = model_and_update(config, table.symbols, &rng)?;
        let parameters = model.draw(&rng);
        let n_parameters = parameters.len();
        let engine = hardware.engine(config, &model, parameters, &update, batch)?;
        Ok(Trainer {
            config: config.clone(),
            model,
            held_out,
            sides,
            outliers,
            table,
            batches,
            n_parameters,
            update,
            rng,
            engine,
            step: 0,
        })
    }

    /// What it was made of, with the live settings as they are now.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The shape of its network.
    pub fn model(&self) -> &ModelConfig {
        &self.model
    }

    /// The equations, with the answers that are trained on.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// One flag per equation of the table.
    pub fn held_out(&self) -> &[bool] {
        &self.held_out
    }

    /// One flag per equation of the table: is it held out while its mirror image is trained on?
    pub fn mirrored(&self) -> Vec<bool> {
        self.sides.iter().map(|&side| side == Side::Mirrored).collect()
    }

    /// One flag per equation of the table: is its answer another's?
    pub fn outliers(&self) -> &[bool] {
        &self.outliers
    }

    /// Equations in a full step.
    pub fn batch(&self) -> usize {
        self.batches.size()
    }

    /// Parameters of the network, P.
    pub fn n_parameters(&self) -> usize {
        self.n_parameters
    }

    /// Operations of a step's matrix products, forward and backward.
    pub fn step_flop(&self) -> u64 {
        let batch = self.batches.size();
        match self.config.kernels {
            Kernels::Fused => Program::new(&self.model).step_flop(batch),
            Kernels::Plain => self.model.step_flop(batch),
        }
    }

    /// Steps done.
    pub fn step_count(&self) -> u64 {
        self.step
    }

    /// Changes settings of the running network, all of which must be live.
    pub fn set(&mut self, config: Config) {
        self.engine.set_threads(config.threads);
        self.config = config;
    }

    /// Says that no step comes soon.
    pub fn rest(&mut self) {
        self.engine.rest();
    }

    /// One step on the next batch. A device may still be at it when this returns.
    ///
    /// # Errors
    /// [`Error::Device`] if the device failed; parameters and step count are then as before.
    pub async fn step(&mut self) -> Result<()> {
        self.differentiate().await?;
        self.engine.update(&self.update, Rates::at(self.step, &self.config)).await?;
        self.step += 1;
        Ok(())
    }

    /// Loss and gradient of the next batch.
    async fn differentiate(&mut self) -> Result<()> {
        let batch = Batch {
            step: self.step,
            table: &self.table.equations,
            indices: self.batches.at(self.step),
            weight_noise: WeightNoise::new(self.config.weight_noise, &self.rng),
            rng: &self.rng,
        };
        self.engine.differentiate(&batch).await
    }

    /// Mean cross-entropy in nats of the next batch, and its gradient, `[P]`. Takes no step.
    ///
    /// # Errors
    /// [`Error::Device`] if the device failed.
    pub async fn loss_and_gradient(&mut self) -> Result<(f64, Vec<f32>)> {
        self.differentiate().await?;
        let loss = self.engine.loss().await?.expect("a batch was differentiated");
        Ok((loss, self.engine.gradient().await?))
    }

    /// Waits until the device has done the steps so far, and gives the last one's loss.
    ///
    /// # Errors
    /// [`Error::Device`] if the device failed.
    pub async fn settle(&mut self) -> Result<Option<f64>> {
        self.engine.loss().await
    }

    /// The whole table, in one awaited read.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if a loss is no number, [`Error::Device`] if the device failed.
    pub async fn evaluate(&mut self) -> Result<Evaluation> {
        let rows = self.engine.evaluate(&self.table.equations).await?;
        let right: Vec<u16> = self.table.equations.iter().map(|e| e.answer).collect();
        let evaluation = Evaluation::new(self.step, &rows, &right, &self.sides);
        let loss = evaluation.train_loss + evaluation.held_out_loss;
        if !loss.is_finite() {
            return Err(Error::NotFinite { step: self.step, loss });
        }
        Ok(evaluation)
    }

    /// The run as it can go on elsewhere.
    ///
    /// # Errors
    /// [`Error::Device`] if the device failed.
    pub async fn checkpoint(&mut self) -> Result<Checkpoint> {
        Ok(Checkpoint { step: self.step, values: self.engine.values().await? })
    }

    /// Goes on from a checkpoint of the same configuration.
    ///
    /// # Errors
    /// [`Error::Weights`] if it has another number of values.
    pub fn restore(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        let expected = self.n_parameters * (1 + self.update.n_moments());
        if checkpoint.values.len() != expected {
            return Err(Error::Weights(format!(
                "a checkpoint of this model has {expected} values, this one has {}",
                checkpoint.values.len()
            )));
        }
        self.engine.set_values(&checkpoint.values);
        self.step = checkpoint.step;
        Ok(())
    }

    /// Goes on from a checkpoint of a run with the settings `from`, which is of the same network on the
    /// same operation. The optimiser's moments come along if it is the same and the checkpoint has them, and
    /// begin anew otherwise; the step goes on, so that a bias correction of Adam's does not begin anew
    /// with them.
    ///
    /// # Errors
    /// [`Error::Command`] names a setting that would make it another network, [`Error::Weights`] says how
    /// many values there should be.
    pub fn fork(&mut self, checkpoint: &Checkpoint, from: &Config) -> Result<()> {
        let (theirs, ours) = (from.texts(), self.config.texts());
        let other = |id: &&&str| theirs.get(**id) != ours.get(**id);
        if let Some(id) = NETWORK.iter().find(other) {
            return Err(Error::Command(format!(
                "a fork keeps the network and what it learns: `{id}` is `{}` there and `{}` here",
                theirs[*id], ours[*id]
            )));
        }
        // The weights of a recording come without moments.
        let has_moments = checkpoint.values.len() != self.n_parameters;
        if has_moments && !MOMENTS.iter().any(|id| other(&id)) {
            return self.restore(checkpoint);
        }
        let parameters = checkpoint.values.get(..self.n_parameters);
        let parameters = parameters.ok_or_else(|| {
            let (expected, found) = (self.n_parameters, checkpoint.values.len());
            Error::Weights(format!("this model has {expected} parameters, the checkpoint {found}"))
        })?;
        let moments = self.update.first_moments(parameters);
        self.engine.set_values(&[parameters, &moments.concat()].concat());
        self.step = checkpoint.step;
        Ok(())
    }

    /// The parameters that the seed draws, `[P]`.
    pub fn first_weights(&self) -> Vec<f32> {
        self.model.draw(&self.rng)
    }

    /// The parameters alone, flat, in the order of [`ModelConfig::parameters`].
    ///
    /// # Errors
    /// [`Error::Device`] if the device failed.
    pub async fn weights(&mut self) -> Result<Vec<f32>> {
        self.engine.parameters().await
    }

    /// Replaces the parameters of a run that has not started.
    ///
    /// # Errors
    /// [`Error::Weights`] if there are not as many as the model has.
    pub fn set_weights(&mut self, flat: &[f32]) -> Result<()> {
        if flat.len() != self.n_parameters {
            return Err(Error::Weights(format!(
                "this model has {} parameters, the file has {}",
                self.n_parameters,
                flat.len()
            )));
        }
        let moments = self.update.first_moments(flat);
        let values: Vec<f32> = flat.iter().chain(moments.iter().flatten()).copied().collect();
        self.engine.set_values(&values);
        Ok(())
    }
}
