//! How close to grokking: the step at which a run will generalise, forecast while it has not.
//!
//! The forecast is a linear fit of ln(T / t) — T the step at which 99 % of the held-out cells are
//! right, t the step at which it is made — on what the run shows at t: its losses, the norm of its
//! weights, and the progress measures of Nanda et al. 2023 where the operation is a sum. Its band
//! comes from errors on runs that a fit had not seen. `grok gauge` makes the fit and
//! judges it on other runs (docs/results.md).

#[cfg(feature = "cli")]
pub mod fit;
#[rustfmt::skip]
mod fitted;
#[cfg(feature = "cli")]
pub mod judge;
#[cfg(feature = "cli")]
pub mod measures;

use serde::{Deserialize, Serialize};

use super::fourier::Fourier;
use crate::config::{Config, Decay, Grokfast, Loss, Optimizer, SplitBy, Switch};

/// Below this train accuracy there is nothing to forecast from.
pub const EARLIEST_ACCURACY: f64 = 0.5;
/// Share of the forecasts whose band should hold the truth.
pub const BAND: f64 = 0.8;
/// c of T_grok − T_mem ≈ ln(‖θ_mem‖² / ‖θ_post‖²) / (c η λ), measured for AdamW by Truong 2026
/// (arXiv 2603.13331).
const NORM_LAW: f64 = 1.41;

/// What the gauge reads from a run at one step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reading {
    /// Symbols of the table.
    pub symbols: usize,
    /// Training equations over all.
    pub train_fraction: f64,
    /// Learning rate times weight decay: the share of the weights that a step takes away.
    pub decay_rate: f64,
    /// When it was read.
    pub step: u64,
    /// Mean cross-entropy of the training equations, in nats.
    pub train_loss: f64,
    /// Mean cross-entropy of the held-out equations, in nats.
    pub held_out_loss: f64,
    /// 0 to 1.
    pub held_out_accuracy: f64,
    /// ‖θ‖₂ over that of the first weights.
    pub growth: f64,
    /// What is known only of sums.
    pub progress: Option<Progress>,
    /// What is known of any operation; readings of before it was measured have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measures>,
}

/// The progress measures of [`Fourier`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Progress {
    /// See [`Fourier::restricted_loss`].
    pub restricted_loss: f64,
    /// See [`Fourier::excluded_loss`].
    pub excluded_loss: f64,
    /// See [`Fourier::gini`].
    pub gini: f64,
    /// See [`Fourier::explained`].
    pub explained: f64,
}

/// What the neurons and the last row of a network say of its rule, for any operation: see `measures`. Each
/// is from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Measures {
    /// The entropy of the eigenvalues of E[z zᵀ] as shares of their sum, over ln D, where z is the row
    /// that the logits are computed from: 0 where all cells have one direction, 1 where all directions
    /// are alike (arXiv 2604.13123).
    pub spectral_entropy: f64,
    /// The share of a neuron's variance over the table that its mean by answer has, beyond what answers
    /// drawn by lot would have; the mean over the first layer's neurons.
    pub answer_share: f64,
    /// What is known only of sums, products and groups.
    pub synchrony: Option<Synchrony>,
}

/// How the first layer's neurons, averaged by answer, lie in frequencies or irreducible representations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Synchrony {
    /// The share of the neurons that have the most frequent part as their strongest, beyond chance:
    /// the frequency synchronisation degree in its group form (arXiv 2606.12966).
    pub synchronisation: f64,
    /// The share of a neuron's power in its strongest part, beyond that of a random function; the mean
    /// over the neurons (Chughtai et al. 2023).
    pub purity: f64,
}

impl From<&Fourier> for Progress {
    fn from(fourier: &Fourier) -> Progress {
        Progress {
            restricted_loss: fourier.restricted_loss,
            excluded_loss: fourier.excluded_loss,
            gini: fourier.gini,
            explained: fourier.explained,
        }
    }
}

/// Steps at which 99 % of the held-out cells will be right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// The likeliest.
    pub step: f64,
    /// Lower end of the band that should hold the truth in [`BAND`] of all cases.
    pub low: f64,
    /// Upper end of that band.
    pub high: f64,
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Outlook {
    /// Nothing that the gauge was fitted on is like this run.
    #[serde(rename_all = "camelCase")]
    Unknown {
        /// What about it.
        why: &'static str,
    },
    /// Too little is memorised for a forecast.
    Early,
    /// It will generalise, and this is when.
    #[serde(rename_all = "camelCase")]
    Ahead {
        /// When it will have generalised.
        #[serde(flatten)]
        forecast: Forecast,
        /// What the law of the norm says, from when the run had memorised.
        norm_law: Option<f64>,
        /// In what the run is unlike those that the gauge was fitted on.
        unlike: Vec<&'static str>,
    },
    /// It has the rule.
    Generalised,
}

/// How much of a reading a fit makes use of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The run's settings and the step: what could be said without looking.
    Settings,
    /// And losses, held-out accuracy and the norm of the weights.
    Losses,
    /// And the progress measures of sums.
    Progress,
    /// What [`Evidence::Losses`] has, and the spectral entropy.
    Entropy,
    /// What [`Evidence::Losses`] has, and what neurons know of the answer.
    Answer,
    /// What [`Evidence::Losses`] has, and how neurons lie in frequencies or representations.
    Synchrony,
    /// All but the progress measures.
    Measures,
}

/// A fit, as `grok gauge --rust` writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What it was fitted on.
    pub evidence: Evidence,
    /// What the [`features`] are multiplied by, beginning with the constant.
    pub weights: Vec<f64>,
    /// In ascending order of `below`.
    pub bands: Vec<Band>,
}

/// How far off forecasts are, in ln(T / t).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// For forecasts of ln(T / t) below this.
    pub below: f64,
    /// Added to the forecast for the lower end, at most 0.
    pub low: f64,
    /// Added to the forecast for the upper end, at least 0.
    pub high: f64,
}

impl Model {
    /// ln(T / t).
    ///
    /// # Panics
    /// If the reading lacks what the fit was made on.
    pub fn remaining(&self, reading: &Reading) -> f64 {
        let features = features(reading, self.evidence).expect("the reading has this evidence");
        let terms = self.weights.iter().zip(features);
        terms.map(|(weight, feature)| weight * feature).sum::<f64>().max(0.0)
    }

    /// The step, with its band.
    ///
    /// # Panics
    /// If the fit has no bands, or the reading lacks what it was made on.
    pub fn forecast(&self, reading: &Reading) -> Forecast {
        let remaining = self.remaining(reading);
        let band = self.bands.iter().find(|band| remaining < band.below);
        let band = band.or(self.bands.last()).expect("a fit has bands");
        let at = |remaining: f64| reading.step as f64 * remaining.max(0.0).exp();
        Forecast {
            step: at(remaining),
            low: at(remaining + band.low.min(0.0)),
            high: at(remaining + band.high.max(0.0)),
        }
    }
}

/// What ln(T / t) is a sum of; none if the reading lacks some of it.
pub fn features(reading: &Reading, evidence: Evidence) -> Option<Vec<f64>> {
    let chance = (reading.symbols as f64).ln();
    let ln = |value: f64| value.max(1e-6).ln();
    let logit = |share: f64| ((share.clamp(0.0, 1.0) + 0.01) / (1.01 - share.clamp(0.0, 1.0))).ln();
    let mut features = vec![
        1.0,
        ln(reading.step as f64),
        ln(reading.decay_rate),
        ln(chance),
        ln(reading.train_fraction),
    ];
    if evidence == Evidence::Settings {
        return Some(features);
    }
    features.extend([
        ln(reading.train_loss),
        ln(reading.held_out_loss / chance),
        logit(reading.held_out_accuracy),
        ln(reading.growth),
    ]);
    if evidence == Evidence::Losses {
        return Some(features);
    }
    if evidence == Evidence::Progress {
        let progress = reading.progress?;
        features.extend([
            ln(progress.restricted_loss / chance),
            ln(progress.excluded_loss / chance),
            progress.gini,
            logit(progress.explained),
        ]);
        return Some(features);
    }
    let measures = reading.measures?;
    if matches!(evidence, Evidence::Entropy | Evidence::Measures) {
        features.push(measures.spectral_entropy);
    }
    if matches!(evidence, Evidence::Answer | Evidence::Measures) {
        features.push(logit(measures.answer_share));
    }
    if matches!(evidence, Evidence::Synchrony | Evidence::Measures) {
        let synchrony = measures.synchrony?;
        features.extend([synchrony.synchronisation, logit(synchrony.purity)]);
    }
    Some(features)
}

/// The shipped fit for a reading.
pub fn model(reading: &Reading) -> Model {
    match reading.progress {
        Some(_) => fitted::progress(),
        None => fitted::losses(),
    }
}

/// T of the law of the norm with the shrinkage of the fitted runs: the run's own is known only
/// when it is over.
pub fn norm_law(memorised_at: u64, decay_rate: f64) -> f64 {
    norm_law_of(memorised_at, decay_rate, fitted::SHRINKAGE)
}

/// T of the law of the norm; `shrinkage` is ‖θ_mem‖² / ‖θ_post‖².
pub fn norm_law_of(memorised_at: u64, decay_rate: f64, shrinkage: f64) -> f64 {
    memorised_at as f64 + shrinkage.ln() / (NORM_LAW * decay_rate)
}

/// Why no forecast can be made for runs of these settings, if so. What holds for sums does not for
/// groups: on S₅ such a forecast was 2.4 times too late, on x · y · x there 4 times too early.
pub fn unknown(config: &Config, is_sum: bool) -> Option<&'static str> {
    if !is_sum {
        return Some("only sums and products were fitted, and this operation is neither");
    }
    if config.weight_decay == 0.0 {
        return Some("there is no weight decay, and no run without it was fitted");
    }
    if config.optimizer != Optimizer::AdamW || config.decay != Decay::ToZero {
        return Some("only runs of AdamW with weight decay to zero were fitted");
    }
    None
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

/// In what runs of these settings are unlike the fitted ones.
pub fn unlike(config: &Config) -> Vec<&'static str> {
    [
        ("its operation", !["add", "sub", "mul", "div"].contains(&config.choice().operation.id)),
        ("its number of layers", config.layers != 1),
        ("its attention rate", config.attention_rate != 1.0),
        ("its split", config.split != SplitBy::Cells),
        ("its modulus", !(31..=97).contains(&config.choice().modulus)),
        ("its learning rate", config.learning_rate != 1e-3),
        ("its weight decay", !(1.0..=2.5).contains(&config.weight_decay)),
        ("its way to train", is_trained_otherwise(config)),
        ("its outliers", config.outliers > 0),
    ]
    .into_iter()
    .filter_map(|(what, is)| is.then_some(what))
    .collect()
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
        assert_eq!((unknown(&config(&[]), true), unlike(&config(&[]))), (None, vec![]));
        assert!(unknown(&config(&[]), false).is_some());
        assert!(unknown(&config(&[("weightDecay", "0")]), true).is_some());
        assert!(unknown(&config(&[("optimizer", "sgd")]), true).is_some());
        assert!(unknown(&config(&[("decay", "to-init")]), true).is_some());
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
            assert_eq!(unlike(&config), ["its way to train"], "{optimizer}");
        }
    }

    #[test]
    fn a_forecast_is_never_in_the_past() {
        let model = Model {
            evidence: Evidence::Losses,
            weights: vec![-3.0],
            bands: vec![Band { below: f64::INFINITY, low: -1.0, high: 0.5 }],
        };
        let reading = Reading {
            symbols: 31,
            train_fraction: 0.5,
            decay_rate: 1e-3,
            step: 700,
            // What a network that knows everything shows.
            train_loss: 0.0,
            held_out_loss: 0.0,
            held_out_accuracy: 1.0,
            growth: 1.0,
            progress: None,
            measures: None,
        };
        let Forecast { step, low, high } = model.forecast(&reading);
        assert_eq!((step, low), (700.0, 700.0));
        assert!((high / 700.0 - 0.5f64.exp()).abs() < 1e-12);
        let seen = features(&reading, Evidence::Losses).unwrap();
        assert!(seen.iter().all(|feature| feature.is_finite()));
        assert_eq!(features(&reading, Evidence::Progress), None);
        assert_eq!(features(&reading, Evidence::Measures), None);
    }
}
