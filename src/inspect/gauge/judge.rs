//! Judges a fit on runs that it was not made of.

use serde::Serialize;

use super::fit::{Recorded, quantile};
use super::{Forecast, Model, Reading, norm_law};

/// What came of the forecasts for runs held apart, as the page shows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// Runs that were held apart.
    pub runs: usize,
    /// How many of them generalised.
    pub generalised: usize,
    /// Forecasts of runs that generalised.
    pub forecasts: usize,
    /// Half of these forecasts are off by less than this factor.
    pub factor: f64,
    /// Share of the bands that held the truth.
    pub covered: f64,
    /// The same by how far the runs had come.
    pub stages: Vec<Stage>,
    /// The law of the norm at the first forecast after memorising, with the fitted runs' shrinkage.
    pub norm_law_factor: f64,
    /// The same with the run's own shrinkage, which is known only when it is over.
    pub norm_law_hindsight_factor: f64,
    /// The same forecasts by the gauge.
    pub memorised_factor: f64,
    /// Runs that did not generalise.
    pub unfinished: usize,
    /// Those of them whose band at half of their steps reached beyond their end.
    pub unfinished_beyond: usize,
    /// At the first forecast after memorising, of each run that generalised.
    pub points: Vec<Point>,
}

/// Forecasts that were made at about the same share of the way.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// From this t / T, the step of the forecast over that which it forecasts.
    pub from: f64,
    /// Up to this t / T.
    pub to: f64,
    /// How many there are.
    pub forecasts: usize,
    /// Half of them are off by less than this factor.
    pub factor: f64,
    /// Share of their bands that held the truth.
    pub covered: f64,
}

/// One forecast of one run, and what came. Everything is in steps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// What sets the run apart in its sweep.
    pub run: String,
    /// When the forecast was made.
    pub made_at: u64,
    /// What the gauge said.
    #[serde(flatten)]
    pub forecast: Forecast,
    /// What the law of the norm said.
    pub norm_law: f64,
    /// When the run generalised.
    pub generalised_at: u64,
}

/// One forecast and what came.
struct Case {
    forecast: Forecast,
    made_at: u64,
    truth: f64,
}

impl Case {
    /// |ln(forecast / truth)|
    fn error(&self) -> f64 {
        (self.forecast.step / self.truth).ln().abs()
    }

    fn is_covered(&self) -> bool {
        (self.forecast.low..=self.forecast.high).contains(&self.truth)
    }
}

/// What came of a fit's forecasts for runs held apart.
pub fn judge(model: &Model, runs: &[Recorded]) -> Judgement {
    judge_all(&[(model, runs)])
}

/// What came of the forecasts of several fits together, each for runs of its own.
pub fn judge_all(parts: &[(&Model, &[Recorded])]) -> Judgement {
    let mut cases = Vec::new();
    let mut points = Vec::new();
    let mut hindsight = Vec::new();
    let (mut generalised, mut unfinished, mut unfinished_beyond) = (0, 0, 0);
    let pairs = parts.iter().flat_map(|(model, runs)| runs.iter().map(move |run| (*model, run)));
    for (model, run) in pairs {
        let forecast = |reading: &Reading| (reading.step, model.forecast(reading));
        let forecasts: Vec<(u64, Forecast)> = run.readings.iter().map(forecast).collect();
        let Some(truth) = run.generalised_at else {
            unfinished += 1;
            let half = forecasts.iter().rev().find(|(step, _)| 2 * step <= run.ended_at);
            unfinished_beyond +=
                usize::from(half.is_some_and(|(_, at)| at.high > run.ended_at as f64));
            continue;
        };
        generalised += 1;
        let memorised = run.memorised_at.and_then(|at| {
            let (step, forecast) = forecasts.iter().find(|(step, _)| *step >= at)?;
            Some((at, *step, *forecast))
        });
        if let (Some((at, made_at, forecast)), Some(reading)) = (memorised, run.readings.first()) {
            let law = |shrinkage| norm_law(at, reading.decay_rate, shrinkage);
            points.push(Point {
                run: run.run.clone(),
                made_at,
                forecast,
                norm_law: law(model.shrinkage),
                generalised_at: truth,
            });
            hindsight.extend(run.shrinkage().map(|own| (law(own) / truth as f64).ln().abs()));
        }
        cases.extend(forecasts.into_iter().map(|(made_at, forecast)| Case {
            forecast,
            made_at,
            truth: truth as f64,
        }));
    }
    let all: Vec<&Case> = cases.iter().collect();
    let stages = [(0.0, 0.1), (0.1, 0.25), (0.25, 0.5), (0.5, 1.0)].map(|(from, to)| {
        let inside = |case: &&&Case| (from..to).contains(&(case.made_at as f64 / case.truth));
        let inside: Vec<&Case> = all.iter().filter(inside).copied().collect();
        let forecasts = inside.len();
        Stage { from, to, forecasts, factor: factor(&inside), covered: covered(&inside) }
    });
    let off = |step: &dyn Fn(&Point) -> f64| {
        let error = |point: &Point| (step(point) / point.generalised_at as f64).ln().abs();
        median_factor(points.iter().map(error).collect())
    };
    Judgement {
        runs: generalised + unfinished,
        generalised,
        forecasts: cases.len(),
        factor: factor(&all),
        covered: covered(&all),
        stages: stages.to_vec(),
        norm_law_factor: off(&|point| point.norm_law),
        norm_law_hindsight_factor: median_factor(hindsight),
        memorised_factor: off(&|point| point.forecast.step),
        unfinished,
        unfinished_beyond,
        points,
    }
}

fn factor(cases: &[&Case]) -> f64 {
    median_factor(cases.iter().map(|case| case.error()).collect())
}

fn covered(cases: &[&Case]) -> f64 {
    let covered = cases.iter().filter(|case| case.is_covered()).count();
    covered as f64 / cases.len().max(1) as f64
}

/// The median of errors in logarithms, as a factor.
pub fn median_factor(mut errors: Vec<f64>) -> f64 {
    errors.sort_by(f64::total_cmp);
    quantile(&errors, 0.5).exp()
}
