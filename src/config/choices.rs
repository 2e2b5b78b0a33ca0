//! Settings that are one of a few, each with the name that it has in links, flags and controls.

use std::fmt::{self, Display};
use std::str::FromStr;

/// The most equations of a step: as many as the largest table (199²) has.
pub const BATCH_MAX: usize = 39_601;

/// An enum whose variants have names in links, flags and controls.
macro_rules! choices {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $id:literal),+ $(,)? }
    )+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// The names of all variants, in their order.
            pub const IDS: &'static [&'static str] = &[$($id),+];
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(id: &str) -> Result<Self, ()> {
                match id { $($id => Ok(Self::$variant),)+ _ => Err(()) }
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $id),+ })
            }
        }
    )+};
}

choices! {
    /// What the random share of the table is drawn from.
    SplitBy {
        /// Cells one by one.
        Cells = "cells",
        /// Pairs of cells: (x, y) and (y, x) fall on the same side.
        Pairs = "pairs",
    }
    /// The tokens that the model reads.
    Prompt {
        /// `x op y =`, as in Power et al. 2022.
        WithOp = "x-op-y-eq",
        /// `x y =`, as in Nanda et al. 2023.
        WithoutOp = "x-y-eq",
    }
    /// The nonlinearity of the MLP.
    Activation {
        /// max(0, x)
        Relu = "relu",
        /// x Φ(x)
        Gelu = "gelu",
    }
    /// Where a block has layer normalisation.
    Norm {
        /// Nowhere.
        None = "none",
        /// Before each sublayer, and once at the end.
        Pre = "pre",
        /// After each sublayer, as in Vaswani et al. 2017.
        Post = "post",
    }
    /// What is added to a token for its place in the prompt.
    Positions {
        /// A vector that is trained.
        Learned = "learned",
        /// The fixed sines and cosines of Vaswani et al. 2017.
        Sinusoidal = "sinusoidal",
    }
    /// Which linear maps have a bias.
    Bias {
        /// None of them.
        None = "none",
        /// The two of each MLP.
        Mlp = "mlp",
        /// Every one.
        All = "all",
    }
    /// What the first weights are drawn from.
    Init {
        /// PyTorch's defaults for each kind of module.
        Pytorch = "pytorch",
        /// Normal draws of standard deviation 1/√d_model (Nanda et al. 2023).
        Scaled = "scaled",
    }
    /// What turns a gradient into a step.
    Optimizer {
        /// Adam with decoupled weight decay (Loshchilov & Hutter 2019).
        AdamW = "adamw",
        /// Adam without weight decay (Kingma & Ba 2015).
        Adam = "adam",
        /// Gradient descent with momentum and weight decay.
        Sgd = "sgd",
        /// Orthogonalised momentum for the hidden matrices (Jordan et al. 2024), AdamW for the rest.
        Muon = "muon",
    }
    /// Where the weight decay of AdamW pulls.
    Decay {
        /// To zero.
        ToZero = "to-zero",
        /// To the first weights.
        ToInit = "to-init",
        /// To zero by a part of the gradient (L2), which Adam then scales.
        Honest = "honest",
        /// Up or down, each tensor by a random factor.
        Jiggle = "jiggle",
    }
    /// How slow gradients are amplified (Lee et al. 2024).
    Grokfast {
        /// Not at all.
        None = "none",
        /// By an exponential mean of the gradients.
        Ema = "ema",
        /// By a windowed mean of the gradients.
        Ma = "ma",
    }
    /// What turns logits into the probabilities whose cross-entropy is the loss.
    Loss {
        /// exp(x), normalised.
        Softmax = "softmax",
        /// The same of logits that are rounded to float16, as is what comes of them.
        Float16 = "softmax-float16",
        /// The same in float64.
        Float64 = "softmax-float64",
        /// x + 1 for x ≥ 0 and 1 / (1 − x) below, normalised (Prieto et al. 2025).
        Stablemax = "stablemax",
    }
    /// An intervention that is there or not.
    Switch {
        /// It is not there.
        Off = "off",
        /// It is.
        On = "on",
    }
    /// What the learning rate does after warm-up.
    Anneal {
        /// It stays.
        None = "none",
        /// It falls along a cosine to a tenth at the budget's end.
        Cosine = "cosine",
    }
    /// When a run ends.
    Stop {
        /// A little after it has generalised, or when its budget is spent.
        Grokked = "grokked",
        /// Only when its budget is spent.
        Budget = "budget",
    }
    /// What computes a step.
    Kernels {
        /// Kernels by hand.
        Fused = "fused",
        /// burn's automatic differentiation of the plain transformer.
        Plain = "plain",
    }
}

/// Equations in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// min(512, half the training set), the paper's rule.
    Auto,
    /// The whole training set.
    Full,
    /// So many, from 1 to [`BATCH_MAX`], or the whole training set if that has fewer.
    Equations(usize),
}

impl Batch {
    /// How many they are for a training set of `n_train` equations, at most all of them.
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
    /// All that can be chosen, each number at its own index.
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Threads::Auto => f.write_str("auto"),
            Threads::Count(n) => write!(f, "{n}"),
        }
    }
}

impl Loss {
    /// Whether it is computed in a precision that only the CPU's kernels have.
    pub fn is_emulated(self) -> bool {
        matches!(self, Loss::Float16 | Loss::Float64)
    }
}
