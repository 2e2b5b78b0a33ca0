//! `grok gauge`: the forecast of grokking, fitted and judged.

use std::path::Path;

use clap::ArgMatches;
use grokking::inspect::gauge::fit::{self, Folds};
use grokking::inspect::gauge::judge::{Judgement, judge};
use grokking::inspect::gauge::{Band, Evidence, Model};
use grokking::session::recording::round_all;

use crate::readings::{having, read};
use crate::{Failure, families, files, report};

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
