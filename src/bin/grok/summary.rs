//! `grok summary`: what came of many runs.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use grokking::sweep::{Group, Outcome, Range, groups, p_value, spearman};
use serde_json::{Value, json};

use crate::log::read_outcome;
use crate::{Failure, report};

/// What came of the runs whose results are in a folder.
pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    let folder = Path::new(arguments.get_one::<String>("folder").expect("it is required"));
    let paths = results(folder)?;
    let outcomes = paths.iter().map(|path| read_outcome(path)).collect::<Result<Vec<_>, _>>()?;
    if arguments.get_flag("json") {
        return report::json_line(&outcomes);
    }
    match arguments.get_flag("csv") {
        true => print_csv(&outcomes),
        false => print_summary(&outcomes),
    }
}

/// A row for each run: the settings in which they differ, and what came of it.
fn print_csv(outcomes: &[Outcome]) -> Result<(), Failure> {
    let differs = |id: &&String| {
        outcomes.iter().any(|outcome| outcome.config.get(*id) != outcomes[0].config.get(*id))
    };
    let ids: Vec<&String> = outcomes[0].config.keys().filter(differs).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let results = [
        "steps",
        "memorisedAt",
        "generalisedAt",
        "bestHeldOutAccuracy",
        "heldOutAccuracy",
        "heldOutAccuracyMemorised",
        "mirroredAccuracy",
        "unmirroredAccuracy",
        "sharpness",
        "seconds",
        "error",
    ];
    let head = std::iter::once("variant").chain(ids.iter().map(|id| id.as_str())).chain(results);
    writer.write_record(head).expect("it is written to memory");
    for outcome in outcomes {
        let fields = json!(outcome);
        let text = |name: &str| match &fields[name] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        let settings = ids.iter().map(|&id| outcome.config.get(id).cloned().unwrap_or_default());
        let row = std::iter::once(text("variant")).chain(settings).chain(results.map(text));
        writer.write_record(row).expect("it is written to memory");
    }
    let bytes = writer.into_inner().expect("it is written to memory");
    report::print(&String::from_utf8_lossy(&bytes))
}

/// The files of results in a folder, of which there is one at least.
pub fn results(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(Failure::input(folder))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    paths.sort();
    if paths.is_empty() {
        let path = folder.display().to_string();
        return Err(Failure::Content { path, problem: "it has no results (`.jsonl`)".into() });
    }
    Ok(paths)
}

/// One row per group of seeds, as a table of Markdown.
pub fn print_summary(outcomes: &[Outcome]) -> Result<(), Failure> {
    let groups = groups(outcomes);
    let keys: Vec<&str> = groups[0].differs.keys().map(String::as_str).collect();
    let shares = shares(&groups);
    let names: Vec<&str> = shares.iter().map(|(name, _)| *name).collect();
    let head = [&keys[..], &["memorised at", "generalised at", "of runs"], &names].concat();
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for group in &groups {
        text.push_str(&format!("| {} |\n", row(group, &shares).join(" | ")));
    }
    let pairs: Vec<(f64, f64)> = outcomes
        .iter()
        .filter_map(|outcome| Some((outcome.sharpness?, outcome.held_out_accuracy)))
        .collect();
    if let Some(rho) = spearman(&pairs) {
        let (n, p) = (pairs.len(), p_value(rho, pairs.len()));
        text.push_str(&format!(
            "\nSharpness against held-out accuracy over {n} runs: Spearman's rho {rho:.3}, \
             two-sided p {p:.1e}\n"
        ));
    }
    report::print(&text)
}

/// A column of accuracies.
type Share = (&'static str, fn(&Group) -> Option<Range>);

/// Those that some group has.
fn shares(groups: &[Group]) -> Vec<Share> {
    let all: [Share; 4] = [
        ("held out when memorised", |group| group.held_out_accuracy_memorised),
        ("best held out", |group| Some(group.best_held_out_accuracy)),
        ("last, mirror image trained on", |group| group.mirrored_accuracy),
        ("last, mirror image held out", |group| group.unmirrored_accuracy),
    ];
    all.into_iter().filter(|(_, of)| groups.iter().any(|group| of(group).is_some())).collect()
}

fn percent(range: Option<Range>) -> String {
    match range {
        None => "-".into(),
        Some(Range { median, least, most }) if least == most => format!("{:.1} %", 100.0 * median),
        Some(Range { median, least, most }) => {
            let [median, least, most] = [median, least, most].map(|share| 100.0 * share);
            format!("{median:.1} % ({least:.1} to {most:.1})")
        }
    }
}

fn row(group: &Group, shares: &[Share]) -> Vec<String> {
    let steps = |range: Option<Range>| match range {
        None => "never".into(),
        Some(Range { median, least, most }) if least == most => format!("{median:.0}"),
        Some(Range { median, least, most }) => format!("{median:.0} ({least:.0} to {most:.0})"),
    };
    let mut row: Vec<String> = group.differs.values().cloned().collect();
    let diverged = match group.diverged {
        0 => String::new(),
        n => format!(", {n} diverged"),
    };
    row.extend([
        steps(group.memorised_at),
        steps(group.generalised_at),
        format!("{} of {}{diverged}", group.generalised, group.runs),
    ]);
    row.extend(shares.iter().map(|(_, of)| percent(of(group))));
    row
}
