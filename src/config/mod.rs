//! What can be chosen about a run, as values.
//!
//! How they are typed is the table of [`settings`](crate::settings), and [`presets`](crate::presets)
//! make a configuration of what was typed; neither is known here.

mod choices;
mod learned;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use choices::{
    Activation, Anneal, BATCH_MAX, Batch, Bias, Decay, Grokfast, Init, Kernels, Loss, Norm,
    Optimizer, Positions, Prompt, SplitBy, Stop, Switch, Threads,
};
pub use learned::Choice;
use learned::Learned;

use crate::algebra::Operation;
use crate::data::{Mask, Split, Table};
use crate::error::{Error, Result};
use crate::rng::Rng;

/// Steps of the longest run.
pub const BUDGET_MAX: u64 = 1_000_000;

/// What was typed: a preset and the settings that differ from it, as text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RawConfig {
    /// The id of a preset; the first one if it is missing.
    pub preset: Option<String>,
    /// What was typed by the id of its setting, over those of the preset.
    pub settings: BTreeMap<String, String>,
}

/// A run that can be built.
///
/// It is made of another, in the end of [`Config::default`], by reading settings over it, which are
/// checked one by one and together. Operation and mask are values that nobody needs to read again.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Which table is learned, and what of it is held out by hand. Read it by [`Config::operation`],
    /// [`Config::mask`] and, as typed, [`Config::choice`].
    pub(crate) learned: Arc<Learned>,
    /// Share of the table that is trained on, 0.01 to 0.99.
    pub train_fraction: f64,
    /// What the random share is drawn from.
    pub split: SplitBy,
    /// Draws the split, the first weights and the order of batches.
    pub seed: u32,
    /// Training equations that are given the answer of another, from 0; all if there are fewer.
    pub outliers: usize,

    /// The tokens that the model reads.
    pub prompt: Prompt,
    /// Transformer blocks, 1 to 4.
    pub layers: usize,
    /// Dimension of the residual stream (d_model), 4 to 256, a multiple of the heads.
    pub width: usize,
    /// Attention heads in a block, 1 to 16.
    pub heads: usize,
    /// Width of the MLP's hidden layer over that of the model, 1 to 8.
    pub mlp_ratio: usize,
    /// The nonlinearity of the MLP.
    pub activation: Activation,
    /// Where a block has layer normalisation.
    pub norm: Norm,
    /// What is added to a token for its place.
    pub positions: Positions,
    /// How much of the attention is the softmax's, 0 to 1; the rest is the same for every position that is
    /// seen (Zhong et al. 2023).
    pub attention_rate: f64,
    /// Which linear maps have a bias.
    pub bias: Bias,
    /// What the first weights are drawn from.
    pub initializer: Init,

    /// What turns a gradient into a step.
    pub optimizer: Optimizer,
    /// Size of a step after warm-up, 1e-6 to 1.
    pub learning_rate: f64,
    /// A step shrinks weights by learning rate x weight decay, 0 to 20.
    pub weight_decay: f64,
    /// Share of the last step's direction that SGD keeps, 0 to 0.999.
    pub momentum: f64,
    /// Where the decay of AdamW pulls.
    pub decay: Decay,
    /// Learning rate of the hidden matrices under Muon, 1e-5 to 1.
    pub muon_rate: f64,
    /// Weight decay of the hidden matrices under Muon, 0 to 20.
    pub muon_decay: f64,
    /// Standard deviation of the noise on an update, over the learning rate, 0 to 10.
    pub update_noise: f64,
    /// Standard deviation of the noise on the weights of a training step, 0 to 1.
    pub weight_noise: f64,
    /// Share of the MLP's outputs that a training step drops, 0 to 0.9.
    pub dropout: f64,
    /// How slow gradients are amplified.
    pub grokfast: Grokfast,
    /// How slowly Grokfast's exponential mean moves: what it keeps a step, 0 to 0.999.
    pub grokfast_alpha: f64,
    /// Factor of the slow gradients under Grokfast, 0 to 20.
    pub grokfast_lambda: f64,
    /// Gradients in the moving average of Grokfast-MA, 2 to 200.
    pub grokfast_window: usize,
    /// Whether the gradient loses its part along the weights, tensor by tensor (⊥Grad, Prieto et al.
    /// 2025).
    pub orthogonal: Switch,
    /// Whether every step ends with the norm of the first weights (Omnigrok, Liu et al. 2023).
    pub constant_norm: Switch,
    /// Factor of the first weights, 0.01 to 10.
    pub init_scale: f64,
    /// What turns logits into probabilities.
    pub loss: Loss,
    /// Whether each row of the logits' gradient loses its mean.
    pub zero_sum: Switch,
    /// Steps over which the learning rate rises from 0, 0 to 10 000.
    pub warmup: u64,
    /// What the learning rate does after warm-up.
    pub anneal: Anneal,
    /// Equations in a step.
    pub batch: Batch,
    /// Steps after which a run ends, 1 to [`BUDGET_MAX`].
    pub budget: u64,
    /// Whether it may end before.
    pub stop: Stop,
    /// What computes a step.
    pub kernels: Kernels,
    /// Cores that a step is computed on.
    pub threads: Threads,
}

/// A configuration whose values are each allowed, and were not yet looked at together.
#[derive(Debug)]
pub(crate) struct Draft {
    /// Every value that means something by itself. The operation is that of before.
    pub values: Config,
    pub choice: Choice,
}

impl Draft {
    /// Looks at the values together.
    ///
    /// # Errors
    /// Names the setting that does not go with the others, and what would; or says where formula,
    /// table or mask is wrong.
    pub fn check(self) -> Result<Config> {
        let Draft { values: mut config, choice } = self;
        if !config.width.is_multiple_of(config.heads) {
            let allowed = format!("a multiple of the {} heads", config.heads);
            return Err(Error::setting("width", config.width, allowed));
        }
        if config.needs_reference() && config.loss.is_emulated() {
            let allowed = "softmax or stablemax with dropout or the plain kernels";
            return Err(Error::setting("loss", config.loss, allowed));
        }
        if *config.choice() != choice {
            config.learned = Arc::new(Learned::new(choice)?);
        }
        // Whether a side stays empty does not depend on the seed.
        config.try_split(&Table::new(config.operation()), &Rng::new(0))?;
        Ok(config)
    }
}

impl Config {
    /// The operation over its symbols.
    pub fn operation(&self) -> &Operation {
        self.learned.operation()
    }

    /// The cells that are held out by hand; none if a share is drawn at random.
    pub fn mask(&self) -> Option<&Mask> {
        self.learned.mask()
    }

    /// What was typed for operation and mask.
    pub fn choice(&self) -> &Choice {
        self.learned.choice()
    }

    /// A copy that settings can be read into.
    pub(crate) fn draft(&self) -> Draft {
        Draft { values: self.clone(), choice: self.choice().clone() }
    }

    /// Whether only the plain transformer trains it: shared rows have one hidden layer for many
    /// equations, and dropout needs one each.
    pub fn needs_reference(&self) -> bool {
        self.kernels == Kernels::Plain || self.dropout > 0.0
    }

    /// Which equations of its table are held out: those of the mask, or a share that `rng` draws.
    ///
    /// # Panics
    /// If `table` is not that of [`Config::operation`].
    pub fn split(&self, table: &Table, rng: &Rng) -> Split {
        self.try_split(table, rng)
            .expect("a checked configuration leaves no side of its table empty")
    }

    /// # Errors
    /// If one side would be empty.
    fn try_split(&self, table: &Table, rng: &Rng) -> Result<Split> {
        match (self.mask(), self.split) {
            (Some(mask), _) => Split::by_hand(&table.equations, mask, rng),
            (None, SplitBy::Cells) => {
                Ok(Split::new(table.equations.len(), self.train_fraction, rng))
            }
            (None, SplitBy::Pairs) => Split::of_pairs(table, self.train_fraction, rng),
        }
    }
}

impl Default for Config {
    /// The one-layer network of Nanda et al. 2023 on the paper's x + y mod 97.
    fn default() -> Self {
        Config {
            learned: Arc::new(Learned::new(Choice::default()).expect("x + y has a table")),
            train_fraction: 0.5,
            split: SplitBy::Cells,
            seed: 0,
            outliers: 0,
            prompt: Prompt::WithOp,
            layers: 1,
            width: 128,
            heads: 4,
            mlp_ratio: 4,
            activation: Activation::Relu,
            norm: Norm::None,
            positions: Positions::Learned,
            attention_rate: 1.0,
            bias: Bias::Mlp,
            initializer: Init::Scaled,
            optimizer: Optimizer::AdamW,
            learning_rate: 1e-3,
            weight_decay: 1.0,
            momentum: 0.9,
            decay: Decay::ToZero,
            muon_rate: 0.03,
            muon_decay: 0.1,
            update_noise: 0.0,
            weight_noise: 0.0,
            dropout: 0.0,
            grokfast: Grokfast::None,
            grokfast_alpha: 0.98,
            grokfast_lambda: 2.0,
            grokfast_window: 100,
            orthogonal: Switch::Off,
            constant_norm: Switch::Off,
            init_scale: 1.0,
            loss: Loss::Softmax,
            zero_sum: Switch::Off,
            warmup: 10,
            anneal: Anneal::None,
            batch: Batch::Auto,
            budget: 100_000,
            stop: Stop::Grokked,
            kernels: Kernels::Fused,
            threads: Threads::Auto,
        }
    }
}
