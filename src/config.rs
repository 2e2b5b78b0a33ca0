//! What can be chosen about a run, as values.
//!
//! How they are typed is the table of [`settings`](crate::settings), and [`presets`](crate::presets)
//! make a configuration of what was typed; neither is known here.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::algebra::{BinaryOp, Operation};
use crate::data::{Mask, Split, Table};
use crate::error::{Error, Result};
use crate::rng::Rng;

/// What was typed: a preset and the settings that differ from it, as text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RawConfig {
    pub preset: Option<String>,
    pub settings: BTreeMap<String, String>,
}

/// A run that can be built.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub operation: String,
    pub modulus: u32,
    /// What the operation `formula` computes.
    pub formula: String,
    /// The answers of the operation `table`, as CSV.
    pub table: String,
    /// Share of the table that is trained on.
    pub train_fraction: f64,
    /// What the random share is drawn from.
    pub split: SplitBy,
    /// Cells that are held out instead of a share drawn at random; empty for none.
    pub held_out: String,
    pub seed: u32,
    /// Training equations that are given the answer of another.
    pub outliers: usize,

    pub prompt: Prompt,
    pub layers: usize,
    pub width: usize,
    pub heads: usize,
    /// Width of the MLP's hidden layer over that of the model.
    pub mlp_ratio: usize,
    pub activation: Activation,
    pub norm: Norm,
    pub positions: Positions,
    pub bias: Bias,
    pub initializer: Init,

    pub optimizer: Optimizer,
    pub learning_rate: f64,
    pub weight_decay: f64,
    pub momentum: f64,
    /// Where the decay of AdamW pulls.
    pub decay: Decay,
    /// Learning rate and weight decay of the hidden matrices under Muon.
    pub muon_rate: f64,
    pub muon_decay: f64,
    /// Standard deviation of the noise on an update, over the learning rate.
    pub update_noise: f64,
    /// Standard deviation of the noise on the weights of a training step.
    pub weight_noise: f64,
    /// Share of the MLP's outputs that a training step drops.
    pub dropout: f64,
    pub grokfast: Grokfast,
    pub grokfast_alpha: f64,
    pub grokfast_lambda: f64,
    /// Gradients in the moving average of Grokfast-MA.
    pub grokfast_window: usize,
    /// Without the gradient's part along the weights.
    pub orthogonal: Switch,
    /// Every step ends with the norm of the first weights.
    pub constant_norm: Switch,
    /// Factor of the first weights.
    pub init_scale: f64,
    pub loss: Loss,
    /// Without the mean of each row of the logits' gradient.
    pub zero_sum: Switch,
    /// Steps over which the learning rate rises from 0.
    pub warmup: u64,
    pub anneal: Anneal,
    pub batch: Batch,
    /// Steps after which a run ends.
    pub budget: u64,
    pub stop: Stop,
    pub kernels: Kernels,
    pub threads: Threads,
}

/// An enum whose variants have names in links, flags and controls.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $id:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const IDS: &'static [&'static str] = &[$($id),+];
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(id: &str) -> Result<Self, ()> {
                match id { $($id => Ok(Self::$variant),)+ _ => Err(()) }
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $id),+ })
            }
        }
    )+};
}

choices! {
    /// Cells one by one, or (x, y) and (y, x) together.
    SplitBy { Cells = "cells", Pairs = "pairs" }
    /// The tokens that the model reads: the paper's, or those of Nanda et al. 2023.
    Prompt { WithOp = "x-op-y-eq", WithoutOp = "x-y-eq" }
    Activation { Relu = "relu", Gelu = "gelu" }
    /// Layer normalisation: none, before each sublayer (and once at the end), or after it.
    Norm { None = "none", Pre = "pre", Post = "post" }
    /// Learned, or the fixed sines and cosines of Vaswani et al. 2017.
    Positions { Learned = "learned", Sinusoidal = "sinusoidal" }
    /// Which linear maps have a bias.
    Bias { None = "none", Mlp = "mlp", All = "all" }
    /// PyTorch's defaults, or normal draws of standard deviation 1/√d_model (Nanda et al. 2023).
    Init { Pytorch = "pytorch", Scaled = "scaled" }
    Optimizer { AdamW = "adamw", Adam = "adam", Sgd = "sgd", Muon = "muon" }
    /// Towards zero or the first weights, through the gradient, or up and down at random.
    Decay { ToZero = "to-zero", ToInit = "to-init", Honest = "honest", Jiggle = "jiggle" }
    /// Slow gradients amplified: by an exponential or a windowed mean.
    Grokfast { None = "none", Ema = "ema", Ma = "ma" }
    /// What turns logits into probabilities.
    Loss { Softmax = "softmax", Stablemax = "stablemax" }
    Switch { Off = "off", On = "on" }
    /// After warm-up the learning rate stays, or falls along a cosine to a tenth at the budget's end.
    Anneal { None = "none", Cosine = "cosine" }
    /// When a run ends: a little after it has generalised, or only when its budget is spent.
    Stop { Grokked = "grokked", Budget = "budget" }
    /// What computes a step: kernels by hand, or burn's automatic differentiation.
    Kernels { Fused = "fused", Plain = "plain" }
}

/// Equations in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// min(512, half the training set), the paper's rule.
    Auto,
    /// The whole training set.
    Full,
    Equations(usize),
}

impl Batch {
    pub fn equations(self, n_train: usize) -> usize {
        match self {
            Batch::Auto => n_train.div_ceil(2).min(512),
            Batch::Full => n_train,
            Batch::Equations(n) => n.min(n_train),
        }
    }
}

impl FromStr for Batch {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "auto" => Ok(Batch::Auto),
            "full" => Ok(Batch::Full),
            _ => match text.parse() {
                Ok(n) if (1..=BATCH_MAX).contains(&n) => Ok(Batch::Equations(n)),
                _ => Err(()),
            },
        }
    }
}

impl Display for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Batch::Auto => f.write_str("auto"),
            Batch::Full => f.write_str("full"),
            Batch::Equations(n) => write!(f, "{n}"),
        }
    }
}

/// Cores that a step is computed on. It changes nothing else: a run is the same on any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    /// As many as there are and make it faster.
    Auto,
    /// From 1 to 16.
    Count(usize),
}

impl Threads {
    pub const IDS: &'static [&'static str] = &[
        "auto", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15",
        "16",
    ];
}

impl FromStr for Threads {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match Threads::IDS.iter().position(|&id| id == text).ok_or(())? {
            0 => Ok(Threads::Auto),
            count => Ok(Threads::Count(count)),
        }
    }
}

impl Display for Threads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Threads::Auto => f.write_str("auto"),
            Threads::Count(n) => write!(f, "{n}"),
        }
    }
}

/// Steps of the longest run.
pub const BUDGET_MAX: u64 = 1_000_000;
/// More than the largest table (199² equations) has.
pub const BATCH_MAX: usize = 39_601;

impl Config {
    /// Rules between settings, which [`Config::with`] holds every configuration to.
    ///
    /// # Errors
    /// Names the setting that does not go with the others, and what would.
    pub(crate) fn check(&self) -> Result<()> {
        if !self.width.is_multiple_of(self.heads) {
            return Err(Error::setting(
                "width",
                self.width,
                format!("a multiple of the {} heads", self.heads),
            ));
        }
        self.split(&Table::new(&self.operation()?), &Rng::new(0)).map(|_| ())
    }

    /// Whether only the plain transformer trains it: shared rows have one hidden layer for many
    /// equations, and dropout needs one each.
    pub fn needs_reference(&self) -> bool {
        self.kernels == Kernels::Plain || self.dropout > 0.0
    }

    /// The operation over its symbols.
    pub fn operation(&self) -> Result<Operation> {
        let op = BinaryOp::find(&self.operation)?;
        Operation::new(op, self.modulus, &self.formula, &self.table)
    }

    /// Which equations of its table are held out.
    pub fn split(&self, table: &Table, rng: &Rng) -> Result<Split> {
        match self.held_out.trim() {
            "" => match self.split {
                SplitBy::Cells => Ok(Split::new(table.equations.len(), self.train_fraction, rng)),
                SplitBy::Pairs => Split::of_pairs(table, self.train_fraction, rng),
            },
            mask => Split::by_hand(&table.equations, &Mask::parse(mask)?, rng),
        }
    }
}

impl Default for Config {
    /// The one-layer network of Nanda et al. 2023 on the paper's x + y mod 97.
    fn default() -> Self {
        Config {
            operation: "add".into(),
            modulus: 97,
            formula: "x^2 + 2xy + y^2".into(),
            table: String::new(),
            train_fraction: 0.5,
            split: SplitBy::Cells,
            held_out: String::new(),
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
