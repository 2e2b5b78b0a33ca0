//! `grok gauge`: the forecast of grokking, fitted and judged.

use std::path::Path;

use clap::ArgMatches;
use grokking::inspect::gauge::fit::{self, Folds};
use grokking::inspect::gauge::judge::{Judgement, judge};
use grokking::inspect::gauge::{Band, Evidence, Model};
use grokking::session::recording::round_all;

use crate::families::Families;
use crate::readings::{having, read};
use crate::{Failure, files, report};

/// What sums are forecast from, and what it is compared with.
const EVIDENCE: [Evidence; 3] = [Evidence::Settings, Evidence::Losses, Evidence::Progress];

/// Fits on some runs, and judges on others.
pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    let path = |id: &str| arguments.get_one::<String>(id).map(Path::new);
    let sums = match (path("fit"), path("apart")) {
        (Some(fitted), Some(apart)) => Some(Sums::read(fitted, apart)?),
        _ => None,
    };
    let families = path("families").map(Families::read).transpose()?;
    if let (Some(sums), Some(families)) = (&sums, &families) {
        if let Some(path) = path("rust") {
            files::write(path, rust(sums.model(), &families.fit()).as_bytes())?;
        }
        if let Some(path) = path("json") {
            files::write(path, format!("{:#}\n", json(sums, families)).as_bytes())?;
        }
    }
    let texts = [sums.map(|sums| sums.summary()), families.map(|families| families.summary())];
    report::print(&texts.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

/// Fits of sums, by evidence, and what came of them.
struct Sums {
    fitted_runs: usize,
    models: [Model; 3],
    judged: [Judgement; 3],
}

impl Sums {
    fn read(fitted: &Path, apart: &Path) -> Result<Sums, Failure> {
        let [fitted, apart] = [fitted, apart].map(|path| {
            let runs = read(path)?;
            let problem = "its operation is no sum, which has no progress";
            having(path, &runs, Evidence::Progress, problem)?;
            Ok::<_, Failure>(runs)
        });
        let (fitted, apart) = (fitted?, apart?);
        let models = EVIDENCE.map(|evidence| fit::fit(&fitted, evidence, Folds::Tables));
        let judged = models.each_ref().map(|model| judge(model, &apart));
        Ok(Sums { fitted_runs: fitted.len(), models, judged })
    }

    /// The fit that ships.
    fn model(&self) -> &Model {
        &self.models[2]
    }

    /// As tables of Markdown.
    fn summary(&self) -> String {
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let [settings, losses, progress] = &self.judged;
        let mut text = format!(
            "{} runs held apart, {} of which generalised.\n\n\
             | forecast from | made at t / T | forecasts | median factor | band held |\n\
             |---|---|---|---|---|\n",
            progress.runs, progress.generalised
        );
        let named =
            [("settings", settings), ("losses, norm", losses), ("progress measures", progress)];
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
}

/// What the page says of each kind: it draws the forecasts of what ships alone.
fn json(sums: &Sums, families: &Families) -> serde_json::Value {
    let without_points = |mut judgement: Judgement| {
        judgement.points.clear();
        judgement
    };
    let [settings, losses, progress] = sums.judged.clone();
    let [settings, losses] = [settings, losses].map(without_points);
    let by_losses = without_points(families.judge_groups(Evidence::Losses));
    let mut all = serde_json::json!({
        "sum": {
            "fittedRuns": sums.fitted_runs,
            "settings": settings, "losses": losses, "progress": progress,
        },
        "group": {
            "fittedRuns": families.len(),
            "settings": families.judge_groups(Evidence::Settings), "losses": by_losses,
        },
    });
    round_all(&mut all);
    all
}

/// The module `inspect::gauge::fitted`.
fn rust(sums: &Model, groups: &Model) -> String {
    let mut text = String::from(
        "//! Written by `grok gauge`: do not edit.\n\nuse super::{Band, Evidence, Model};\n",
    );
    for (name, model) in [("sums", sums), ("groups", groups)] {
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
        let shrinkage = literal(model.shrinkage);
        text.push_str(&format!("        ],\n        shrinkage: {shrinkage},\n    }}\n}}\n"));
    }
    text
}

fn literal(value: f64) -> String {
    match value.is_infinite() {
        true => "f64::INFINITY".into(),
        false => format!("{value:.6}"),
    }
}
