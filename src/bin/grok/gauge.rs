//! `grok readings` and `grok gauge`: the forecast of grokking, fitted and judged.

use std::fs;
use std::path::Path;

use clap::ArgMatches;
use grokking::inspect::gauge::fit::{self, Folds, Recorded};
use grokking::inspect::gauge::judge::{Judgement, judge};
use grokking::inspect::gauge::{
    Band, EARLIEST_ACCURACY, Evidence, Measures, Model, Progress, Reading, features,
};
use grokking::session::recording::round_all;
use grokking::sweep::Outcome;
use serde::Deserialize;
use serde_json::Value;

use crate::folder::results;
use crate::log::{lines, read_outcome};
use crate::{Failure, families, files, report};

/// Readings are as far apart as this factor of the steps.
const SPACING: f64 = 1.25;

/// What the gauge reads from the runs of sweeps that were made with `--inspect`.
pub fn readings(arguments: &ArgMatches) -> Result<(), Failure> {
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

/// Fits on some runs, and judges on others.
pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    if let Some(path) = arguments.get_one::<String>("families") {
        return families::run(Path::new(path));
    }
    let [fitted, apart] = ["fit", "apart"].map(|id| {
        let path = Path::new(arguments.get_one::<String>(id).expect("it is required"));
        let runs = read(path)?;
        having(path, &runs, Evidence::Progress, "its operation is no sum, which has no progress")?;
        Ok::<_, Failure>(runs)
    });
    let (fitted, apart) = (fitted?, apart?);
    let shrinkage = fit::shrinkage(&fitted);
    let evidence = [Evidence::Settings, Evidence::Losses, Evidence::Progress];
    let models = evidence.map(|evidence| fit::fit(&fitted, evidence, Folds::Tables));
    if let Some(path) = arguments.get_one::<String>("rust") {
        write(path, &rust(&models, shrinkage))?;
    }
    let mut judged = models.each_ref().map(|model| judge(model, &apart, shrinkage));
    if let Some(path) = arguments.get_one::<String>("json") {
        let [settings, losses, progress] = &mut judged;
        // The page draws those of the best evidence alone.
        settings.points.clear();
        losses.points.clear();
        let mut all = serde_json::json!({
            "fittedRuns": fitted.len(),
            "settings": settings, "losses": losses, "progress": progress,
        });
        round_all(&mut all);
        write(path, &format!("{all:#}\n"))?;
    }
    report::print(&summary(&judged))
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

fn write(path: &str, text: &str) -> Result<(), Failure> {
    files::write(Path::new(path), text.as_bytes())
}

/// The module `inspect::gauge::fitted`.
fn rust(models: &[Model; 3], shrinkage: f64) -> String {
    let mut text = String::from(
        "//! Written by `grok gauge`: do not edit.\n\nuse super::{Band, Evidence, Model};\n\n\
         /// Median ‖θ_mem‖² / ‖θ_post‖² of the runs.\n",
    );
    text.push_str(&format!("pub const SHRINKAGE: f64 = {};\n", literal(shrinkage)));
    // What can be said without looking is for comparison only.
    for (name, model) in [("losses", &models[1]), ("progress", &models[2])] {
        text.push_str(&format!(
            "\npub fn {name}() -> Model {{\n    Model {{\n        evidence: Evidence::{:?},\n        \
             weights: vec![\n",
            model.evidence
        ));
        for &weight in &model.weights {
            text.push_str(&format!("            {},\n", literal(weight)));
        }
        text.push_str("        ],\n        bands: vec![\n");
        for &Band { below, low, high } in &model.bands {
            let [below, low, high] = [below, low, high].map(literal);
            text.push_str(&format!(
                "            Band {{ below: {below}, low: {low}, high: {high} }},\n"
            ));
        }
        text.push_str("        ],\n    }\n}\n");
    }
    text
}

fn literal(value: f64) -> String {
    match value.is_infinite() {
        true => "f64::INFINITY".into(),
        false => format!("{value:.6}"),
    }
}

/// As tables of Markdown.
fn summary(judged: &[Judgement; 3]) -> String {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let [settings, losses, progress] = judged;
    let mut text = format!(
        "{} runs held apart, {} of which generalised.\n\n\
         | forecast from | made at t / T | forecasts | median factor | band held |\n\
         |---|---|---|---|---|\n",
        progress.runs, progress.generalised
    );
    let named = [("settings", settings), ("losses, norm", losses), ("progress measures", progress)];
    for (name, judgement) in named {
        let whole = (judgement.forecasts, judgement.factor, judgement.covered);
        let stages = judgement.stages.iter().map(|stage| {
            let place = format!("{} to {}", percent(stage.from), percent(stage.to));
            (place, (stage.forecasts, stage.factor, stage.covered))
        });
        let all = std::iter::once(("anywhere".to_string(), whole)).chain(stages);
        for (place, (forecasts, factor, covered)) in all {
            text.push_str(&format!(
                "| {name} | {place} | {forecasts} | {factor:.2} | {} |\n",
                percent(covered)
            ));
        }
    }
    text.push_str("\n| at the first forecast after memorising | median factor |\n|---|---|\n");
    for (name, factor) in [
        ("from settings alone", settings.memorised_factor),
        ("and losses, norm", losses.memorised_factor),
        ("and progress measures", progress.memorised_factor),
        ("law of the norm, the fitted runs' shrinkage", progress.norm_law_factor),
        ("law of the norm, each run's own shrinkage", progress.norm_law_hindsight_factor),
    ] {
        text.push_str(&format!("| {name} | {factor:.2} |\n"));
    }
    text.push_str(&format!(
        "\nOf {} runs that did not generalise, the band at half of their steps reached beyond \
         their end in {}.\n",
        progress.unfinished, progress.unfinished_beyond
    ));
    text
}
