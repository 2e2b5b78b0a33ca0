//! What can be chosen about a run: typed text becomes a checked [`Config`].
//!
//! [`SETTINGS`] is the one table of settings. The command line's flags, the page's controls and
//! the keys of its links are all read from it.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::algebra::{self, BinaryOp, MODULUS_MAX, MODULUS_MIN};
use crate::error::{Error, Result};
use crate::presets::Preset;

/// What was typed: a preset and the settings that differ from it, as text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RawConfig {
    pub preset: Option<String>,
    pub settings: BTreeMap<String, String>,
}

/// A run that can be built.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub operation: String,
    pub modulus: u32,
    /// Share of the table that is trained on.
    pub train_fraction: f64,
    pub seed: u32,

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
    /// Steps over which the learning rate rises from 0.
    pub warmup: u64,
    pub batch: Batch,
    /// Steps after which a run ends.
    pub budget: u64,
    pub stop: Stop,
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
    Optimizer { AdamW = "adamw", Adam = "adam", Sgd = "sgd" }
    /// When a run ends: a little after it has generalised, or only when its budget is spent.
    Stop { Grokked = "grokked", Budget = "budget" }
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

/// More than the largest table (199² equations) has.
pub const BATCH_MAX: usize = 39_601;

/// One row of the table of settings.
pub struct Setting {
    /// The key in links and in `RawConfig`; the flag is its kebab-case form.
    pub id: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub kind: Kind,
    /// Can a running network take a new value, or does it need a new network?
    pub live: bool,
    get: fn(&Config) -> String,
    set: fn(&mut Config, &str) -> Result<(), ()>,
}

/// What values a setting has.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Integer { min: u64, max: u64 },
    Number { min: f64, max: f64 },
    Choice(&'static [&'static str]),
    Operation,
    Modulus,
    Batch,
}

impl Kind {
    /// What is allowed, in words.
    pub fn allowed(&self) -> String {
        match self {
            Kind::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Kind::Number { min, max } => format!("a number from {min} to {max}"),
            Kind::Choice(ids) => ids.join(", "),
            Kind::Operation => algebra::ids().join(", "),
            Kind::Modulus => format!("a prime from {MODULUS_MIN} to {MODULUS_MAX}"),
            Kind::Batch => format!("auto, full, or a whole number from 1 to {BATCH_MAX}"),
        }
    }

    fn admits(&self, text: &str) -> bool {
        match self {
            Kind::Integer { min, max } => text.parse().is_ok_and(|n| (min..=max).contains(&&n)),
            Kind::Number { min, max } => text.parse().is_ok_and(|n| (min..=max).contains(&&n)),
            Kind::Choice(ids) => ids.contains(&text),
            Kind::Operation => BinaryOp::find(text).is_ok(),
            Kind::Modulus => text
                .parse()
                .is_ok_and(|p| (MODULUS_MIN..=MODULUS_MAX).contains(&p) && algebra::is_prime(p)),
            Kind::Batch => text.parse::<Batch>().is_ok(),
        }
    }
}

fn read<T: FromStr>(slot: &mut T, text: &str) -> Result<(), ()> {
    *slot = text.parse().map_err(|_| ())?;
    Ok(())
}

macro_rules! setting {
    ($id:literal, $field:ident, $kind:expr, $live:literal, $label:literal, $help:literal) => {
        Setting {
            id: $id,
            label: $label,
            help: $help,
            kind: $kind,
            live: $live,
            get: |config| config.$field.to_string(),
            set: |config, text| read(&mut config.$field, text),
        }
    };
}

use Kind::{Choice, Integer, Number};

#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting!("operation", operation, Kind::Operation, false, "Operation",
        "The operation ∘ whose table is learned."),
    setting!("modulus", modulus, Kind::Modulus, false, "Modulus p",
        "Residues are taken modulo this prime; permutations do not use it."),
    setting!("trainFraction", train_fraction, Number { min: 0.01, max: 0.99 }, false, "Train fraction",
        "Share of the table's equations that the network is trained on; the rest is held out."),
    setting!("layers", layers, Integer { min: 1, max: 4 }, false, "Layers",
        "Transformer blocks."),
    setting!("width", width, Integer { min: 4, max: 256 }, false, "Width",
        "Dimension of the residual stream, a multiple of the heads."),
    setting!("heads", heads, Integer { min: 1, max: 16 }, false, "Heads",
        "Attention heads in a block."),
    setting!("optimizer", optimizer, Choice(Optimizer::IDS), false, "Optimiser",
        "AdamW (decoupled weight decay), Adam (no decay) or SGD with momentum and decay."),
    setting!("learningRate", learning_rate, Number { min: 1e-6, max: 1.0 }, true, "Learning rate",
        "Size of a step, after warm-up."),
    setting!("weightDecay", weight_decay, Number { min: 0.0, max: 20.0 }, true, "Weight decay",
        "Each step shrinks all weights by learning rate x weight decay."),
    setting!("batch", batch, Kind::Batch, false, "Batch",
        "Equations in a step: auto is min(512, half the training set), full is all of it."),
    setting!("seed", seed, Integer { min: 0, max: u32::MAX as u64 }, false, "Seed",
        "Draws the split, the first weights and the order of batches."),
    setting!("budget", budget, Integer { min: 1, max: 1_000_000 }, true, "Step budget",
        "The run ends after this many steps."),
    setting!("stop", stop, Choice(Stop::IDS), true, "Stop",
        "When the run ends: a quarter longer than it took to generalise, or when the budget is spent."),
    setting!("warmup", warmup, Integer { min: 0, max: 10_000 }, false, "Warm-up",
        "Steps over which the learning rate rises from 0."),
    setting!("momentum", momentum, Number { min: 0.0, max: 0.999 }, false, "Momentum",
        "Of SGD; the other optimisers do not use it."),
    setting!("mlpRatio", mlp_ratio, Integer { min: 1, max: 8 }, false, "MLP ratio",
        "Hidden width of the MLP over the width."),
    setting!("activation", activation, Choice(Activation::IDS), false, "Activation",
        "Nonlinearity of the MLP."),
    setting!("norm", norm, Choice(Norm::IDS), false, "Normalisation",
        "Layer normalisation: none, before or after each sublayer."),
    setting!("positions", positions, Choice(Positions::IDS), false, "Positions",
        "Position embedding: learned or sinusoidal."),
    setting!("bias", bias, Choice(Bias::IDS), false, "Biases",
        "Which linear maps have a bias: none, those of the MLP, or all."),
    setting!("initializer", initializer, Choice(Init::IDS), false, "Initial weights",
        "PyTorch's defaults, or normal draws scaled by 1/sqrt(width)."),
    setting!("prompt", prompt, Choice(Prompt::IDS), false, "Prompt",
        "The tokens that the network reads: `x op y =`, or `x y =`."),
];

impl Setting {
    pub fn find(id: &str) -> Result<&'static Setting> {
        SETTINGS.iter().find(|s| s.id == id).ok_or_else(|| Error::Unknown {
            what: "setting",
            name: id.into(),
            allowed: SETTINGS.iter().map(|s| s.id).collect::<Vec<_>>().join(", "),
        })
    }

    /// The setting's value, as it would be typed.
    pub fn get(&self, config: &Config) -> String {
        (self.get)(config)
    }

    /// Reads `text` into `config`, which is untouched if the text is not allowed.
    pub fn set(&self, config: &mut Config, text: &str) -> Result<()> {
        let text = text.trim();
        if !self.kind.admits(text) || (self.set)(config, text).is_err() {
            return Err(Error::setting(self.id, text, self.kind.allowed()));
        }
        Ok(())
    }
}

impl Config {
    /// The preset (by default *quick*) with the typed settings over it.
    pub fn from_raw(raw: &RawConfig) -> Result<Config> {
        let preset = match &raw.preset {
            Some(id) => Preset::find(id)?,
            None => Preset::default_preset(),
        };
        preset.config().with(&raw.settings)
    }

    /// A copy with the typed settings over it, checked as a whole.
    pub fn with(&self, settings: &BTreeMap<String, String>) -> Result<Config> {
        let mut config = self.clone();
        for (id, text) in settings {
            Setting::find(id)?.set(&mut config, text)?;
        }
        config.check()?;
        Ok(config)
    }

    /// Rules between settings.
    fn check(&self) -> Result<()> {
        if !self.width.is_multiple_of(self.heads) {
            return Err(Error::setting(
                "width",
                self.width,
                format!("a multiple of the {} heads", self.heads),
            ));
        }
        Ok(())
    }

    /// Every setting as it would be typed, in the order of [`SETTINGS`].
    pub fn typed(&self) -> Vec<(&'static str, String)> {
        SETTINGS.iter().map(|s| (s.id, s.get(self))).collect()
    }
}

impl Default for Config {
    /// The one-layer network of Nanda et al. 2023 on the paper's x + y mod 97.
    fn default() -> Self {
        Config {
            operation: "add".into(),
            modulus: 97,
            train_fraction: 0.5,
            seed: 0,
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
            warmup: 10,
            batch: Batch::Auto,
            budget: 100_000,
            stop: Stop::Grokked,
        }
    }
}
