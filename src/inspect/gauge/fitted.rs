//! Written by `grok gauge`: do not edit.

use super::{Band, Evidence, Model};

/// Median ‖θ_mem‖² / ‖θ_post‖² of the runs.
pub const SHRINKAGE: f64 = 1.331363;

pub fn losses() -> Model {
    Model {
        evidence: Evidence::Losses,
        weights: vec![
            9.328245,
            -0.232789,
            -0.126333,
            -6.192473,
            -1.282149,
            0.014027,
            -0.047799,
            -0.247342,
            2.393857,
        ],
        bands: vec![
            Band { below: 0.350000, low: 0.006716, high: 1.467733 },
            Band { below: 1.000000, low: -0.605251, high: 0.757328 },
            Band { below: f64::INFINITY, low: -0.801560, high: 1.084348 },
        ],
    }
}

pub fn progress() -> Model {
    Model {
        evidence: Evidence::Progress,
        weights: vec![
            6.916140,
            -0.412226,
            -0.299790,
            -4.566047,
            -1.310454,
            -0.013121,
            -0.027578,
            -0.107204,
            1.297390,
            0.053586,
            0.196536,
            1.236457,
            -0.303409,
        ],
        bands: vec![
            Band { below: 0.350000, low: -0.090746, high: 0.807197 },
            Band { below: 1.000000, low: -0.574395, high: 0.836247 },
            Band { below: f64::INFINITY, low: -0.788128, high: 0.859606 },
        ],
    }
}
