//! Makes the fit, from recorded runs.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use super::{BAND, Band, Evidence, Model, Reading, features};

/// The penalty on weights of standardised features, so that those that hardly matter stay small.
const RIDGE: f64 = 1.0;
/// Rounds in which runs that ended too early are given the steps that the others suggest.
const ROUNDS: usize = 20;
/// Where forecasts of ln(T / t) have bands of their own: half of the way, and most of it.
const LIMITS: [f64; 3] = [0.35, 1.0, f64::INFINITY];

/// A run that is over: a line of the files that `grok readings` writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recorded {
    /// What sets it apart in its sweep.
    pub run: String,
    /// What its operation is like: see [`family`]; older readings do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// First evaluated step with a train accuracy of 99 %.
    pub memorised_at: Option<u64>,
    /// First evaluated step with a held-out accuracy of 99 %.
    pub generalised_at: Option<u64>,
    /// The last step.
    pub ended_at: u64,
    /// ‖θ‖₂ over that of the first weights, when it had memorised.
    pub growth_memorised: Option<f64>,
    /// The same when it had generalised.
    pub growth_generalised: Option<f64>,
    /// From when half of the training cells were right to just before it generalised.
    pub readings: Vec<Reading>,
}

impl Recorded {
    /// ‖θ_mem‖² / ‖θ_post‖² of the law of the norm.
    pub fn shrinkage(&self) -> Option<f64> {
        Some((self.growth_memorised? / self.growth_generalised?).powi(2))
    }
}

/// What is left out together when a fit looks for its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folds {
    /// Runs of one table and one fraction.
    Tables,
    /// Runs of one [`family`].
    Families,
}

/// Operations that one mechanism is known for: sums, products, or each group by itself.
pub fn family(operation: &str) -> String {
    let family = match operation {
        "add" | "sub" => "sums",
        "mul" | "div" => "products",
        other => other.trim_end_matches("aba").trim_end_matches("conj"),
    };
    family.into()
}

/// A reading with what came of its run.
struct Row {
    /// Rows of one fold are forecast by a fit of the others.
    fold: String,
    features: DVector<f64>,
    reading: Reading,
    /// ln(T / t), or of the run's end if it did not generalise.
    remaining: f64,
    generalised: bool,
    /// Every run counts as much as any other.
    weight: f64,
}

/// A fit of ln(T / t) on what the runs showed. Its bands are from errors on folds that were left out.
///
/// # Panics
/// If a reading lacks what the evidence needs, or there is only one fold.
pub fn fit(runs: &[Recorded], evidence: Evidence, folds: Folds) -> Model {
    let rows = rows(runs, evidence, folds);
    let mut names: Vec<_> = rows.iter().map(|row| row.fold.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let mut errors = Vec::new();
    for fold in names {
        let (apart, others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.fold == fold);
        let weights = weights(&others);
        let model = Model { evidence, weights, bands: Vec::new(), shrinkage: f64::NAN };
        errors.extend(apart.iter().filter_map(|row| {
            let forecast = model.remaining(&row.reading);
            let error = row.remaining - forecast;
            // A run that ended too early is known only to take longer.
            (row.generalised || error > 0.0).then_some((forecast, error))
        }));
    }
    let mut above = 0.0;
    let bands = LIMITS.map(|below| {
        let inside = errors.iter().filter(|(forecast, _)| (above..below).contains(forecast));
        let mut inside: Vec<f64> = inside.map(|(_, error)| *error).collect();
        inside.sort_by(f64::total_cmp);
        above = below;
        let tail = (1.0 - BAND) / 2.0;
        Band { below, low: quantile(&inside, tail), high: quantile(&inside, 1.0 - tail) }
    });
    let weights = weights(&rows.iter().collect::<Vec<_>>());
    Model { evidence, weights, bands: bands.to_vec(), shrinkage: shrinkage(runs) }
}

/// The median over the runs that generalised of ‖θ_mem‖² / ‖θ_post‖².
fn shrinkage(runs: &[Recorded]) -> f64 {
    let mut all: Vec<f64> = runs.iter().filter_map(Recorded::shrinkage).collect();
    all.sort_by(f64::total_cmp);
    quantile(&all, 0.5)
}

/// The quantile of ascending values, between neighbours in proportion; 0 if there are none.
pub fn quantile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let next = ascending[(below + 1).min(last)];
    ascending[below] + part * (next - ascending[below])
}

fn rows(runs: &[Recorded], evidence: Evidence, folds: Folds) -> Vec<Row> {
    let of_run = |run: &Recorded| {
        let weight = 1.0 / run.readings.len() as f64;
        let generalised = run.generalised_at.is_some();
        let end = run.generalised_at.unwrap_or(run.ended_at) as f64;
        let rows = run.readings.iter().map(|&reading| Row {
            fold: match folds {
                Folds::Families => run.family.clone().unwrap_or_default(),
                Folds::Tables => {
                    format!("{} {:.0}", reading.symbols, 100.0 * reading.train_fraction)
                }
            },
            features: DVector::from_vec(
                features(&reading, evidence).expect("the reading has this evidence"),
            ),
            reading,
            remaining: (end / reading.step as f64).ln().max(0.0),
            generalised,
            weight,
        });
        rows.collect::<Vec<_>>()
    };
    runs.iter().flat_map(of_run).collect()
}

/// Weighted ridge regression. Runs that did not generalise take at least as long as they were, and
/// as the fit says if that is longer.
fn weights(rows: &[&Row]) -> Vec<f64> {
    let n = rows[0].features.len();
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    let mean = rows.iter().fold(DVector::zeros(n), |sum, row| sum + &row.features * row.weight);
    let mut mean: DVector<f64> = mean / total;
    let square = rows.iter().fold(DVector::zeros(n), |sum, row| {
        let off = &row.features - &mean;
        sum + off.component_mul(&off) * row.weight
    });
    let mut spread = (square / total).map(|variance: f64| variance.sqrt().max(1e-9));
    // The constant stays as it is.
    (mean[0], spread[0]) = (0.0, 1.0);

    let standard = DMatrix::from_fn(rows.len(), n, |row, column| {
        (rows[row].features[column] - mean[column]) / spread[column]
    });
    let weighted =
        DMatrix::from_fn(rows.len(), n, |row, column| standard[(row, column)] * rows[row].weight);
    let mut normal = standard.transpose() * &weighted;
    (1..n).for_each(|at| normal[(at, at)] += RIDGE);
    let normal = normal.cholesky().expect("a ridge makes it positive definite");
    let known = DVector::from_iterator(rows.len(), rows.iter().map(|row| row.remaining));
    let mut wanted = known.clone();
    let mut solution = DVector::zeros(n);
    for _ in 0..ROUNDS {
        solution = normal.solve(&(weighted.transpose() * &wanted));
        let forecast = &standard * &solution;
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.generalised) {
            wanted[at] = row.remaining.max(forecast[at]);
        }
    }
    // Back to the features as they are.
    let mut weights: Vec<f64> = solution.iter().zip(&spread).map(|(w, s)| w / s).collect();
    weights[0] -= weights.iter().zip(&mean).map(|(weight, mean)| weight * mean).sum::<f64>();
    weights
}
