//! Written by `grok gauge`: do not edit.

use super::{Band, Evidence, Model};

pub fn sums() -> Model {
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
        shrinkage: 1.331363,
    }
}

pub fn groups() -> Model {
    Model {
        evidence: Evidence::Settings,
        weights: vec![
            6.183231,
            -0.729477,
            -0.652832,
            -2.829704,
            -0.179048,
        ],
        bands: vec![
            Band { below: 0.350000, low: 0.060311, high: 1.095991 },
            Band { below: 1.000000, low: -0.506673, high: 1.180530 },
            Band { below: f64::INFINITY, low: -1.211926, high: 1.372154 },
        ],
        shrinkage: 1.716314,
    }
}
