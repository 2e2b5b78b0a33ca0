//! What the fits were made for, and what they say nothing of.

use crate::config::{Config, Decay, Grokfast, Loss, Optimizer, SplitBy, Switch};

/// Operations that one fit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sums, and products that are sums of discrete logarithms: see [`Cyclic`](crate::algebra::Cyclic).
    Sum,
    /// Products of two elements of a group that is no sum.
    Group,
}

impl Kind {
    /// Whose fit forecasts runs of these settings. What holds for products does not for x · y · x and
    /// x · y · x⁻¹: such a forecast of x · y · x in S₅ was 4 times too early.
    ///
    /// # Errors
    /// What about them no fit has seen, so that there is no forecast.
    pub fn of(config: &Config, is_sum: bool) -> Result<Kind, &'static str> {
        let kind = match config.choice().operation {
            _ if is_sum => Kind::Sum,
            operation if operation.is_group_product() => Kind::Group,
            _ => {
                return Err("only sums, products and groups were fitted, and this operation is \
                            none of them");
            }
        };
        if config.weight_decay == 0.0 {
            return Err("there is no weight decay, and no run without it was fitted");
        }
        if config.optimizer != Optimizer::AdamW || config.decay != Decay::ToZero {
            return Err("only runs of AdamW with weight decay to zero were fitted");
        }
        Ok(kind)
    }

    /// In what runs of these settings are unlike those that its fit has seen.
    pub fn unlike(self, config: &Config) -> Vec<&'static str> {
        let operation = config.choice().operation.id;
        let modulus = config.choice().modulus;
        let (is_fitted, layers, moduli, decays) = match self {
            Kind::Sum => {
                (["add", "sub", "mul", "div"].contains(&operation), 1..=1, 31..=97, 1.0..=2.5)
            }
            Kind::Group => {
                (["s4", "a5", "s5", "dihedral"].contains(&operation), 1..=2, 17..=29, 1.0..=2.0)
            }
        };
        let has_modulus = config.choice().operation.uses_modulus();
        [
            ("its operation", !is_fitted),
            ("its number of layers", !layers.contains(&config.layers)),
            ("its attention rate", config.attention_rate != 1.0),
            ("its split", config.split != SplitBy::Cells),
            ("its modulus", has_modulus && !moduli.contains(&modulus)),
            ("its learning rate", config.learning_rate != 1e-3),
            ("its weight decay", !decays.contains(&config.weight_decay)),
            ("its way to train", is_trained_otherwise(config)),
            ("its outliers", config.outliers > 0),
        ]
        .into_iter()
        .filter_map(|(what, is)| is.then_some(what))
        .collect()
    }
}

/// All fitted runs minimise the loss by AdamW, and nothing else changes their gradients or weights.
fn is_trained_otherwise(config: &Config) -> bool {
    config.optimizer != Optimizer::AdamW
        || config.decay != Decay::ToZero
        || config.update_noise > 0.0
        || config.weight_noise > 0.0
        || config.dropout > 0.0
        || config.grokfast != Grokfast::None
        || config.orthogonal == Switch::On
        || config.constant_norm == Switch::On
        || config.loss != Loss::Softmax
        || config.zero_sum == Switch::On
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(settings: &[(&str, &str)]) -> Config {
        let settings = settings.iter().map(|&(id, value)| (id.to_string(), value.to_string()));
        Config::default().with(&settings.collect()).unwrap()
    }

    #[test]
    fn a_run_unlike_the_fitted_ones_is_said_to_be() {
        let plain = config(&[]);
        assert_eq!((Kind::of(&plain, true), Kind::Sum.unlike(&plain)), (Ok(Kind::Sum), vec![]));
        assert!(Kind::of(&plain, false).is_err());
        for other in [("weightDecay", "0"), ("optimizer", "sgd"), ("decay", "to-init")] {
            assert!(Kind::of(&config(&[other]), true).is_err(), "{other:?}");
        }
        let unlike = |config: &Config| Kind::Sum.unlike(config);
        let far = config(&[("operation", "formula"), ("layers", "2"), ("dropout", "0.1")]);
        assert_eq!(unlike(&far), ["its operation", "its number of layers", "its way to train"]);
        assert_eq!(unlike(&config(&[("split", "pairs")])), ["its split"]);
        assert_eq!(unlike(&config(&[("attentionRate", "0.9")])), ["its attention rate"]);
        // How it is computed is not how it is trained.
        assert_eq!(unlike(&config(&[("kernels", "plain")])), [""; 0]);
        let ways = [
            ("optimizer", "muon"),
            ("decay", "honest"),
            ("updateNoise", "0.5"),
            ("weightNoise", "0.01"),
            ("grokfast", "ema"),
            ("orthogonal", "on"),
            ("constantNorm", "on"),
            ("loss", "stablemax"),
            ("zeroSum", "on"),
        ];
        for way in ways {
            assert_eq!(unlike(&config(&[way])), ["its way to train"], "{way:?}");
        }
    }

    /// Which kernels there are for graphics cards says nothing of what the gauge was fitted on.
    #[test]
    fn an_optimiser_that_was_not_fitted_is_unlike_wherever_it_runs() {
        for optimizer in ["adam", "sgd"] {
            let config = config(&[("optimizer", optimizer)]);
            assert_eq!(Kind::Sum.unlike(&config), ["its way to train"], "{optimizer}");
        }
    }

    #[test]
    fn products_in_groups_are_of_a_kind_and_other_words_are_of_none() {
        let group = |operation| Kind::of(&config(&[("operation", operation)]), false);
        for operation in ["s3", "s5", "a5", "dihedral"] {
            assert_eq!(group(operation), Ok(Kind::Group), "{operation}");
        }
        for operation in ["s5aba", "a5conj", "quad2"] {
            assert!(group(operation).is_err(), "{operation}");
        }
        let unlike = |settings: &[(&str, &str)]| Kind::Group.unlike(&config(settings));
        assert_eq!(unlike(&[("operation", "s5"), ("layers", "2")]), [""; 0]);
        assert_eq!(unlike(&[("operation", "s3")]), ["its operation"]);
        assert_eq!(unlike(&[("operation", "dihedral"), ("modulus", "97")]), ["its modulus"]);
        assert_eq!(unlike(&[("operation", "a5"), ("weightDecay", "3")]), ["its weight decay"]);
    }
}
