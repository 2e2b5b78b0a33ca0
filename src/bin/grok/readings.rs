//! `grok readings`: what the gauge reads from the logs of runs, a line a run, and such files.

use std::fs;
use std::path::Path;

use clap::ArgMatches;
use grokking::inspect::gauge::fit::{self, Recorded};
use grokking::inspect::gauge::{
    EARLIEST_ACCURACY, Evidence, Measures, Progress, Reading, features,
};
use grokking::session::recording::round_all;
use grokking::sweep::Outcome;
use serde::Deserialize;
use serde_json::Value;

use crate::folder::results;
use crate::log::{lines, read_outcome};
use crate::{Failure, report};

/// Readings are as far apart as this factor of the steps.
const SPACING: f64 = 1.25;

/// What the gauge reads from the runs of sweeps that were made with `--inspect`.
pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    for folder in arguments.get_many::<String>("folder").expect("it is required") {
        for path in results(Path::new(folder))? {
            let recorded = recorded(&path)?;
            // A run that never knew half of its examples has none.
            if !recorded.readings.is_empty() {
                report::json_line(&recorded)?;
            }
        }
    }
    Ok(())
}

/// The readings of a run's log.
fn recorded(path: &Path) -> Result<Recorded, Failure> {
    let content = |problem: &str| Failure::content(path, problem);
    let Outcome { config, memorised_at, generalised_at, steps, .. } = read_outcome(path)?;
    let lines = lines(path)?;
    let of = |kind: &'static str| lines.iter().filter(move |line| line["type"] == kind);
    let number = |line: &Value, key: &str| line[key].as_f64().unwrap_or(f64::NAN);
    let setting = |id: &str| config.get(id).and_then(|text| text.parse().ok()).unwrap_or(f64::NAN);
    let started = of("started").next().ok_or_else(|| content("it has no start"))?;
    let inspected: Vec<&Value> = of("inspected").collect();
    let first = inspected
        .first()
        .ok_or_else(|| content("it has no inspections: train with `--inspect`"))?;
    let growth = |inspected: &Value| number(inspected, "weightNorm") / number(first, "weightNorm");
    let growth_at = |step: Option<u64>| {
        inspected.iter().find(|line| line["step"].as_u64() == step).map(|line| growth(line))
    };

    let mut readings: Vec<Reading> = Vec::new();
    for (evaluated, inspected) in of("evaluated").zip(&inspected) {
        let step = evaluated["step"].as_u64().unwrap_or_default();
        let due = readings.last().is_none_or(|last| step as f64 >= SPACING * last.step as f64);
        let early = number(evaluated, "trainAccuracy") < EARLIEST_ACCURACY;
        // One at the moment of memorising, where the law of the norm begins.
        let is_memorised = memorised_at == Some(step);
        if early || generalised_at.is_some_and(|at| step >= at) || !(due || is_memorised) {
            continue;
        }
        let fourier = &inspected["fourier"];
        readings.push(Reading {
            symbols: started["symbols"].as_array().map_or(0, Vec::len),
            train_fraction: number(started, "train") / number(started, "equations"),
            decay_rate: setting("learningRate") * setting("weightDecay"),
            step,
            train_loss: number(evaluated, "trainLoss"),
            held_out_loss: number(evaluated, "heldOutLoss"),
            held_out_accuracy: number(evaluated, "heldOutAccuracy"),
            growth: growth(inspected),
            progress: fourier.is_object().then(|| Progress {
                restricted_loss: number(fourier, "restrictedLoss"),
                excluded_loss: number(fourier, "excludedLoss"),
                gini: number(fourier, "gini"),
                explained: number(fourier, "explained"),
            }),
            measures: measures(&inspected["measures"])
                .map_err(|error| content(&format!("its measures: {error}")))?,
        });
    }
    let recorded = Recorded {
        run: path.file_stem().unwrap_or_default().to_string_lossy().into(),
        family: config.get("operation").map(|operation| fit::family(operation)),
        memorised_at,
        generalised_at,
        ended_at: steps,
        growth_memorised: growth_at(memorised_at),
        growth_generalised: growth_at(generalised_at),
        readings,
    };
    let mut recorded = serde_json::json!(recorded);
    round_all(&mut recorded);
    serde_json::from_value(recorded).map_err(|_| content("a value is no number"))
}

/// Logs of before there were any have none.
fn measures(line: &Value) -> Result<Option<Measures>, serde_json::Error> {
    if line.is_null() { Ok(None) } else { Deserialize::deserialize(line).map(Some) }
}

/// That every reading has what a fit is made on; `problem` says why one might not.
pub fn having(
    path: &Path,
    runs: &[Recorded],
    evidence: Evidence,
    problem: &str,
) -> Result<(), Failure> {
    let lacks = |reading: &Reading| features(reading, evidence).is_none();
    match runs.iter().position(|run| run.readings.iter().any(lacks)) {
        Some(at) => Err(Failure::content(path, format!("line {}: {problem}", at + 1))),
        None => Ok(()),
    }
}

/// The runs of a file of readings.
pub fn read(path: &Path) -> Result<Vec<Recorded>, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::file(path))?;
    let runs: Vec<Recorded> = (1..)
        .zip(text.lines())
        .map(|(at, line)| {
            serde_json::from_str(line)
                .map_err(|error| Failure::content(path, format!("line {at}: {error}")))
        })
        .collect::<Result<_, _>>()?;
    if runs.iter().all(|run| run.generalised_at.is_none()) {
        return Err(Failure::content(path, "no run in it has generalised"));
    }
    Ok(runs)
}
