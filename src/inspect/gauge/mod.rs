//! How close to grokking: the step at which a run will generalise, forecast while it has not.
//!
//! The forecast is a linear fit of ln(T / t) — T the step at which 99 % of the held-out cells are
//! right, t the step at which it is made. For sums it is on what the run shows at t: its losses, the norm
//! of its weights, and the progress measures of Nanda et al. 2023; for products in a group on the settings
//! and t alone, since nothing that was measured of a network made it better over all groups. Its band comes from
//! errors on runs that a fit had not seen. `grok gauge` makes the fits and judges them on other runs
//! (docs/results.md).

#[cfg(feature = "cli")]
pub mod fit;
#[rustfmt::skip]
mod fitted;
#[cfg(feature = "cli")]
pub mod judge;
#[cfg(feature = "cli")]
pub mod measures;
mod reading;
mod scope;

use serde::Serialize;

pub use reading::{Evidence, Measures, Progress, Reading, Synchrony, features};
pub use scope::Kind;

/// Below this train accuracy there is nothing to forecast from.
pub const EARLIEST_ACCURACY: f64 = 0.5;
/// Share of the forecasts whose band should hold the truth.
pub const BAND: f64 = 0.8;
/// c of T_grok − T_mem ≈ ln(‖θ_mem‖² / ‖θ_post‖²) / (c η λ), measured for AdamW by Truong 2026
/// (arXiv 2603.13331).
const NORM_LAW: f64 = 1.41;

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

/// A fit, as `grok gauge --rust` writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What it was fitted on.
    pub evidence: Evidence,
    /// What the [`features`] are multiplied by, beginning with the constant.
    pub weights: Vec<f64>,
    /// In ascending order of `below`.
    pub bands: Vec<Band>,
    /// The median ‖θ_mem‖² / ‖θ_post‖² of the fitted runs that generalised.
    pub shrinkage: f64,
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

/// The shipped fit for operations of a kind.
pub fn model(kind: Kind) -> Model {
    match kind {
        Kind::Sum => fitted::sums(),
        Kind::Group => fitted::groups(),
    }
}

/// T of the law of the norm; `shrinkage` is ‖θ_mem‖² / ‖θ_post‖². A run's own is known only when it is over:
/// until then there is that of a [`Model`].
pub fn norm_law(memorised_at: u64, decay_rate: f64, shrinkage: f64) -> f64 {
    memorised_at as f64 + shrinkage.ln() / (NORM_LAW * decay_rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_is_never_in_the_past() {
        let model = Model {
            evidence: Evidence::Losses,
            weights: vec![-3.0],
            bands: vec![Band { below: f64::INFINITY, low: -1.0, high: 0.5 }],
            shrinkage: 1.0,
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
