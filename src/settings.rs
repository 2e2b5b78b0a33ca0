//! The one table of settings. The command line's flags, the page's controls and the keys of its
//! links are all read from it.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::Value;

use crate::algebra::{self, BinaryOp, FORMULA_MAX, MODULUS_MAX, MODULUS_MIN, TABLE_MAX};
use crate::config::{
    Activation, Anneal, BATCH_MAX, BUDGET_MAX, Batch, Bias, Config, Decay, Draft, Grokfast, Init,
    Kernels, Loss, Norm, Optimizer, Positions, Prompt, SplitBy, Stop, Switch, Threads,
};
use crate::data::MASK_MAX;
use crate::error::{Error, Result};

/// One row of the table of settings.
pub struct Setting {
    /// The key in links and in `RawConfig`; the flag is its kebab-case form.
    pub id: &'static str,
    /// What stands beside its control.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
    /// What values it has.
    pub kind: Kind,
    /// Can a running network take a new value, or does it need a new network?
    pub live: bool,
    get: fn(&Config) -> String,
    set: fn(&mut Draft, &str) -> Result<(), ()>,
}

/// What values a setting has.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A whole number, ends included.
    Integer {
        /// The least.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// A finite number, ends included.
    Number {
        /// The least.
        min: f64,
        /// The largest.
        max: f64,
    },
    /// One of these.
    Choice(&'static [&'static str]),
    /// The id of an operation of the catalogue, [`algebra::ALL`].
    Operation,
    /// A prime from [`MODULUS_MIN`] to [`MODULUS_MAX`].
    Modulus,
    /// `auto`, `full`, or a whole number from 1 to [`BATCH_MAX`].
    Batch,
    /// A text with a grammar of its own, which is read together with the settings that it goes with.
    Text {
        /// The most characters.
        max: usize,
    },
}

/// Settings as they would be typed, as JSON: numbers as numbers, everything else as text.
pub fn json(typed: &BTreeMap<String, String>) -> Value {
    let value = |(id, text): (&String, &String)| {
        let is_text = Setting::find(id)
            .map_or(true, |setting| matches!(setting.kind, Kind::Text { .. } | Kind::Choice(_)));
        let value = match text.parse() {
            Ok(number) if !is_text => Value::Number(number),
            _ => Value::String(text.clone()),
        };
        (id.clone(), value)
    };
    Value::Object(typed.iter().map(value).collect())
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
            Kind::Text { max } => format!("a text of at most {max} characters"),
            Kind::Batch => format!("auto, full, or a whole number from 1 to {BATCH_MAX}"),
        }
    }

    /// Whether `text`, without space around it, is a value by itself.
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
            Kind::Text { max } => text.chars().count() <= *max,
        }
    }
}

/// Reads a value whose kind admits it; one of a narrower type may still not fit.
fn read<T: FromStr>(slot: &mut T, text: &str) -> Result<(), ()> {
    *slot = text.parse().map_err(|_| ())?;
    Ok(())
}

macro_rules! setting {
    // What means something only together with others.
    ($id:literal, choice.$field:ident, $kind:expr, $live:literal, $label:literal, $help:literal) => {
        Setting {
            id: $id,
            label: $label,
            help: $help,
            kind: $kind,
            live: $live,
            get: |config| config.choice().$field.to_string(),
            set: |draft, text| read(&mut draft.choice.$field, text),
        }
    };
    ($id:literal, $field:ident, $kind:expr, $live:literal, $label:literal, $help:literal) => {
        Setting {
            id: $id,
            label: $label,
            help: $help,
            kind: $kind,
            live: $live,
            get: |config| config.$field.to_string(),
            set: |draft, text| read(&mut draft.values.$field, text),
        }
    };
}

use Kind::{Choice, Integer, Number};

/// Every setting, in the order in which they are shown.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting!("operation", choice.operation, Kind::Operation, false, "Operation",
        "The operation ∘ whose table is learned."),
    setting!("modulus", choice.modulus, Kind::Modulus, false, "Modulus p",
        "Residues are taken modulo this prime; so is p of Dₚ; other groups do not use it."),
    setting!("formula", choice.formula, Kind::Text { max: FORMULA_MAX }, false, "Formula",
        "Of the operation `formula`, over x and y modulo p: + - * / ^ ( ) inv( ), and if … odd then … else …."),
    setting!("table", choice.table, Kind::Text { max: TABLE_MAX }, false, "Table",
        "Of the operation `table`: rows are x, columns y, answers 0 to n − 1 or names, separated by commas or tabs."),
    setting!("heldOut", choice.held_out, Kind::Text { max: MASK_MAX }, false, "Held out by hand",
        "Cells instead of a random share, such as `row 3; column 5-8; box 0-9 20-29; every 4`; empty for none."),
    setting!("trainFraction", train_fraction, Number { min: 0.01, max: 0.99 }, false, "Train fraction",
        "Share of the table's equations that the network is trained on; the rest is held out."),
    setting!("split", split, Choice(SplitBy::IDS), false, "Split",
        "What the share is drawn from: cells one by one, or pairs, where (x, y) and (y, x) fall on the same side."),
    setting!("layers", layers, Integer { min: 1, max: 4 }, false, "Layers",
        "Transformer blocks."),
    setting!("width", width, Integer { min: 4, max: 256 }, false, "Width",
        "Dimension of the residual stream, a multiple of the heads."),
    setting!("heads", heads, Integer { min: 1, max: 16 }, false, "Heads",
        "Attention heads in a block."),
    setting!("optimizer", optimizer, Choice(Optimizer::IDS), false, "Optimiser",
        "AdamW (weight decay), Adam (no decay), SGD with momentum and decay, or Muon for the hidden matrices."),
    setting!("learningRate", learning_rate, Number { min: 1e-6, max: 1.0 }, true, "Learning rate",
        "Size of a step, after warm-up."),
    setting!("weightDecay", weight_decay, Number { min: 0.0, max: 20.0 }, true, "Weight decay",
        "Each step shrinks all weights by learning rate x weight decay."),
    setting!("batch", batch, Kind::Batch, false, "Batch",
        "Equations in a step: auto is min(512, half the training set), full is all of it."),
    setting!("seed", seed, Integer { min: 0, max: u32::MAX as u64 }, false, "Seed",
        "Draws the split, the first weights and the order of batches."),
    setting!("budget", budget, Integer { min: 1, max: BUDGET_MAX }, true, "Step budget",
        "The run ends after this many steps."),
    setting!("stop", stop, Choice(Stop::IDS), true, "Stop",
        "When the run ends: a quarter longer than it took to generalise, or when the budget is spent."),
    setting!("warmup", warmup, Integer { min: 0, max: 10_000 }, false, "Warm-up",
        "Steps over which the learning rate rises from 0."),
    setting!("anneal", anneal, Choice(Anneal::IDS), false, "Annealing",
        "After warm-up the learning rate stays, or falls along a cosine to a tenth at the step budget."),
    setting!("outliers", outliers, Integer { min: 0, max: BATCH_MAX as u64 }, false, "Outliers",
        "Training equations that are given another's answer; as many as there are, or more, is random labels."),
    setting!("momentum", momentum, Number { min: 0.0, max: 0.999 }, false, "Momentum",
        "Of SGD; the other optimisers do not use it."),
    setting!("decay", decay, Choice(Decay::IDS), false, "Decay pulls",
        "AdamW's decay: to zero, to the first weights, through the gradient (L2, honest), or up and down at random (jiggle)."),
    setting!("updateNoise", update_noise, Number { min: 0.0, max: 10.0 }, false, "Noise on the update",
        "Standard deviation of Gaussian noise beside each update, over the learning rate; the paper's is 1."),
    setting!("weightNoise", weight_noise, Number { min: 0.0, max: 1.0 }, false, "Noise on the weights",
        "Standard deviation of Gaussian noise on all weights, drawn anew for each training step; the paper's is 0.01."),
    setting!("dropout", dropout, Number { min: 0.0, max: 0.9 }, false, "Dropout",
        "Share of the MLP's outputs that a training step drops. By the reference kernels, which are slower."),
    setting!("grokfast", grokfast, Choice(Grokfast::IDS), false, "Grokfast",
        "Adds the slow part of the gradients, amplified: an exponential (ema) or a windowed (ma) mean."),
    setting!("grokfastAlpha", grokfast_alpha, Number { min: 0.0, max: 0.999 }, false, "Grokfast α",
        "How slowly the exponential mean moves."),
    setting!("grokfastLambda", grokfast_lambda, Number { min: 0.0, max: 20.0 }, false, "Grokfast λ",
        "Factor of the slow gradients: 2 for the exponential mean, 5 for the windowed, in Grokfast's own runs."),
    setting!("grokfastWindow", grokfast_window, Integer { min: 2, max: 200 }, false, "Grokfast window",
        "Gradients in the windowed mean, all of which are kept in memory."),
    setting!("muonRate", muon_rate, Number { min: 1e-5, max: 1.0 }, false, "Muon learning rate",
        "Of the hidden matrices; everything else has the learning rate of AdamW."),
    setting!("muonDecay", muon_decay, Number { min: 0.0, max: 20.0 }, false, "Muon weight decay",
        "Of the hidden matrices."),
    setting!("orthogonal", orthogonal, Choice(Switch::IDS), false, "Orthogonal gradient",
        "Takes the gradient's part along the weights away, tensor by tensor (⊥Grad)."),
    setting!("constantNorm", constant_norm, Choice(Switch::IDS), false, "Constant norm",
        "Scales the whole network back to its first norm after each step (Omnigrok)."),
    setting!("initScale", init_scale, Number { min: 0.01, max: 10.0 }, false, "Initial scale",
        "Factor of the first weights; Omnigrok's α, which is 0.8 in its runs at constant norm."),
    setting!("loss", loss, Choice(Loss::IDS), false, "Loss",
        "Cross-entropy of the softmax, in float32 or another precision; or of StableMax, whose small \
         weights are lost to rounding later."),
    setting!("zeroSum", zero_sum, Choice(Switch::IDS), false, "Zero-sum logit gradient",
        "Takes the mean of each row of the logits' gradient away, against rounding."),
    setting!("mlpRatio", mlp_ratio, Integer { min: 1, max: 8 }, false, "MLP ratio",
        "Hidden width of the MLP over the width."),
    setting!("activation", activation, Choice(Activation::IDS), false, "Activation",
        "Nonlinearity of the MLP."),
    setting!("norm", norm, Choice(Norm::IDS), false, "Normalisation",
        "Layer normalisation: none, before or after each sublayer."),
    setting!("positions", positions, Choice(Positions::IDS), false, "Positions",
        "Position embedding: learned or sinusoidal."),
    setting!("attentionRate", attention_rate, Number { min: 0.0, max: 1.0 }, false, "Attention rate",
        "What is read of each token that is seen: rate x attention + 1 − rate, so 1 is attention as usual, and at 0 all tokens count alike (Zhong et al. 2023)."),
    setting!("bias", bias, Choice(Bias::IDS), false, "Biases",
        "Which linear maps have a bias: none, those of the MLP, or all."),
    setting!("initializer", initializer, Choice(Init::IDS), false, "Initial weights",
        "PyTorch's defaults, or normal draws scaled by 1/sqrt(width)."),
    setting!("prompt", prompt, Choice(Prompt::IDS), false, "Prompt",
        "The tokens that the network reads: `x op y =`, or `x y =`."),
    setting!("kernels", kernels, Choice(Kernels::IDS), false, "Kernels",
        "What computes a step: kernels by hand, or the reference, which is slower."),
    setting!("threads", threads, Choice(Threads::IDS), true, "Threads",
        "Processor cores of a step: auto is as many as make it faster. A run is the same on any number."),
];

impl Setting {
    /// The setting with this id.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is none, with all that there are.
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

    /// Reads `text` into `draft`, which is untouched if the text is not allowed.
    fn set(&self, draft: &mut Draft, text: &str) -> Result<()> {
        let text = match self.kind {
            // A table may begin with an empty cell.
            Kind::Text { .. } => text.trim_matches(['\n', '\r']),
            _ => text.trim(),
        };
        if !self.kind.admits(text) || (self.set)(draft, text).is_err() {
            return Err(Error::setting(self.id, text, self.kind.allowed()));
        }
        Ok(())
    }
}

/// How a configuration is typed.
impl Config {
    /// A copy with the typed settings over it, checked as a whole.
    ///
    /// # Errors
    /// Names the setting that is not known, not allowed, or does not go with the others.
    pub fn with(&self, settings: &BTreeMap<String, String>) -> Result<Config> {
        let mut draft = self.draft();
        for (id, text) in settings {
            Setting::find(id)?.set(&mut draft, text)?;
        }
        draft.check()
    }

    /// The same by id.
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.typed().into_iter().map(|(id, text)| (id.into(), text)).collect()
    }

    /// Every setting's id and its value as it would be typed, in the order of [`SETTINGS`]. Typed over
    /// any configuration, they give this one.
    pub fn typed(&self) -> Vec<(&'static str, String)> {
        SETTINGS.iter().map(|setting| (setting.id, setting.get(self))).collect()
    }
}
