//! Ways to train the same network: the nine of the paper's figure 2 (left, in its order), and what
//! others found since. A variant states every setting that decides how a network is trained, so that
//! it is the same over any preset.

use std::collections::BTreeMap;

/// A way to train.
pub struct Variant {
    /// As it stands on the command line and in results.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// The heading that it is listed under.
    pub family: &'static str,
    /// What differs from [`BASE`]: ids of settings and what is typed for them.
    differences: &'static [(&'static str, &'static str)],
}

/// Adam on minibatches with the paper's learning rate, which the others differ from.
const BASE: &[(&str, &str)] = &[
    ("optimizer", "adam"),
    ("learningRate", "0.001"),
    ("weightDecay", "0"),
    ("decay", "to-zero"),
    ("batch", "auto"),
    ("updateNoise", "0"),
    ("weightNoise", "0"),
    ("dropout", "0"),
    ("grokfast", "none"),
    ("orthogonal", "off"),
    ("constantNorm", "off"),
    ("initScale", "1"),
    ("loss", "softmax"),
    ("zeroSum", "off"),
];

const PAPER: &str = "The paper's figure 2";
const SINCE: &str = "Since then";

/// Every variant, in the order in which they are listed.
#[rustfmt::skip]
pub const VARIANTS: &[Variant] = &[
    Variant { id: "adam-full", title: "Adam, full batch", family: PAPER,
        differences: &[("batch", "full")] },
    Variant { id: "adam", title: "Adam, minibatches", family: PAPER, differences: &[] },
    Variant { id: "adam-full-noise", title: "Adam, full batch, noise on the update", family: PAPER,
        differences: &[("batch", "full"), ("updateNoise", "1")] },
    Variant { id: "adam-dropout", title: "Adam, dropout 0.1", family: PAPER,
        differences: &[("dropout", "0.1")] },
    Variant { id: "adamw", title: "AdamW, weight decay 1", family: PAPER,
        differences: &[("optimizer", "adamw"), ("weightDecay", "1")] },
    Variant { id: "adamw-to-init", title: "AdamW, weight decay 1 to the first weights", family: PAPER,
        differences: &[("optimizer", "adamw"), ("weightDecay", "1"), ("decay", "to-init")] },
    Variant { id: "adam-slow", title: "Adam, learning rate 0.0003", family: PAPER,
        differences: &[("learningRate", "0.0003")] },
    Variant { id: "adam-fast", title: "Adam, learning rate 0.003", family: PAPER,
        differences: &[("learningRate", "0.003")] },
    Variant { id: "adam-weight-noise", title: "Adam, noise of 0.01 on the weights", family: PAPER,
        differences: &[("weightNoise", "0.01")] },
    // Lee et al. 2024 add coupled decay, which their tables tune.
    Variant { id: "grokfast-ema", title: "Grokfast, exponential mean", family: SINCE,
        differences: &[("optimizer", "adamw"), ("decay", "honest"), ("weightDecay", "0.005"),
            ("grokfast", "ema"), ("grokfastAlpha", "0.98"), ("grokfastLambda", "2")] },
    Variant { id: "grokfast-ma", title: "Grokfast, windowed mean", family: SINCE,
        differences: &[("optimizer", "adamw"), ("decay", "honest"), ("weightDecay", "0.01"),
            ("grokfast", "ma"), ("grokfastWindow", "100"), ("grokfastLambda", "5")] },
    Variant { id: "muon", title: "Muon", family: SINCE,
        differences: &[("optimizer", "muon"), ("weightDecay", "1")] },
    Variant { id: "orthogonal", title: "Orthogonal gradients, no decay", family: SINCE,
        differences: &[("orthogonal", "on")] },
    Variant { id: "float16", title: "Softmax in float16, full batch, no decay", family: SINCE,
        differences: &[("loss", "softmax-float16"), ("batch", "full")] },
    Variant { id: "float64", title: "Softmax in float64, full batch, no decay", family: SINCE,
        differences: &[("loss", "softmax-float64"), ("batch", "full")] },
    Variant { id: "stablemax", title: "StableMax, no decay", family: SINCE,
        differences: &[("loss", "stablemax")] },
    Variant { id: "zero-sum", title: "Zero-sum logit gradients, no decay", family: SINCE,
        differences: &[("zeroSum", "on")] },
    // Omnigrok's α for x + y mod 113.
    Variant { id: "constant-norm", title: "Constant norm, first weights x 0.8", family: SINCE,
        differences: &[("constantNorm", "on"), ("initScale", "0.8"), ("batch", "full")] },
];

impl Variant {
    /// What to type for it, by the id of the setting: all that the variants have in common to say, and
    /// what this one alone reads, which stays as it is under the others.
    pub fn settings(&self) -> BTreeMap<&'static str, &'static str> {
        BASE.iter().chain(self.differences).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn variants_can_be_trained_and_differ() {
        let mut seen = Vec::new();
        for variant in VARIANTS {
            let typed = variant.settings().into_iter();
            let settings = typed.map(|(id, value)| (id.to_string(), value.to_string())).collect();
            let config = Config::default().with(&settings).unwrap();
            assert!(!seen.contains(&config), "{}", variant.id);
            seen.push(config);
        }
    }
}
