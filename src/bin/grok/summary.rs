//! `grok summary`: what came of many runs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, iter};

use clap::ArgMatches;
use grokking::sweep::{Group, Groups, Outcome, Range, p_value, spearman};
use serde_json::{Value, json};

use crate::log::read_outcome;
use crate::sweep::is_spread;
use crate::{Failure, report};

/// What came of the runs whose results are in a folder, of which one is in memory at a time.
pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    let folder = Path::new(arguments.get_one::<String>("folder").expect("it is required"));
    let paths = results(folder)?;
    if arguments.get_flag("json") {
        return print_json(&paths);
    }
    if arguments.get_flag("csv") {
        return print_csv(&paths);
    }
    let mut summary = Summary::default();
    for path in &paths {
        summary.add(&read_outcome(path)?);
    }
    summary.print()
}

/// One array.
fn print_json(paths: &[PathBuf]) -> Result<(), Failure> {
    for (at, path) in paths.iter().enumerate() {
        let outcome = json!(read_outcome(path)?);
        report::print(&format!("{}{outcome}", if at == 0 { "[" } else { "," }))?;
    }
    report::print("]\n")
}

/// A row for each run: the settings in which they differ, and what came of it.
fn print_csv(paths: &[PathBuf]) -> Result<(), Failure> {
    const RESULTS: [&str; 11] = [
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
    // Once to see what differs, and once more for the rows.
    let first = read_outcome(&paths[0])?.config;
    let mut ids = BTreeSet::new();
    for path in paths {
        let config = read_outcome(path)?.config;
        ids.extend(
            first.iter().filter(|(id, value)| config.get(*id) != Some(*value)).map(|(id, _)| id),
        );
    }
    let head = iter::once("variant").chain(ids.iter().map(|id| id.as_str())).chain(RESULTS);
    report::print(&csv_line(head))?;
    for path in paths {
        let outcome = read_outcome(path)?;
        let fields = json!(outcome);
        let text = |name: &str| match &fields[name] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        let settings = ids.iter().map(|&id| outcome.config.get(id).cloned().unwrap_or_default());
        let row = iter::once(text("variant")).chain(settings).chain(RESULTS.map(text));
        report::print(&csv_line(row))?;
    }
    Ok(())
}

fn csv_line<T: AsRef<[u8]>>(fields: impl Iterator<Item = T>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields).expect("it is written to memory");
    String::from_utf8(writer.into_inner().expect("it is written to memory"))
        .expect("it was made of texts")
}

/// The files of results in a folder, and in those that a large sweep spreads them over. There is one
/// at least.
pub fn results(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside).map_err(Failure::input(&inside))? {
            let path = entry.map_err(Failure::input(&inside))?.path();
            if path.extension().is_some_and(|extension| extension == "jsonl") {
                paths.push(path);
            } else if inside == folder && is_spread(&path) && path.is_dir() {
                folders.push(path);
            }
        }
    }
    // By name, wherever they lie.
    paths.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
    if paths.is_empty() {
        let path = folder.display().to_string();
        return Err(Failure::Content { path, problem: "it has no results (`.jsonl`)".into() });
    }
    Ok(paths)
}

/// What came of runs, taken in one by one.
#[derive(Default)]
pub struct Summary {
    groups: Groups,
    /// Sharpness and held-out accuracy.
    pairs: Vec<(f64, f64)>,
}

impl Summary {
    pub fn add(&mut self, outcome: &Outcome) {
        self.groups.add(outcome);
        self.pairs
            .extend(outcome.sharpness.map(|sharpness| (sharpness, outcome.held_out_accuracy)));
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// One row per group of seeds, as a table of Markdown.
    pub fn print(&self) -> Result<(), Failure> {
        let groups = self.groups.list();
        let keys: Vec<&str> = groups[0].differs.keys().map(String::as_str).collect();
        let shares = shares(&groups);
        let names: Vec<&str> = shares.iter().map(|(name, _)| *name).collect();
        let head = [&keys[..], &["memorised at", "generalised at", "of runs"], &names].concat();
        let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
        for group in &groups {
            text.push_str(&format!("| {} |\n", row(group, &shares).join(" | ")));
        }
        if let Some(rho) = spearman(&self.pairs) {
            let (n, p) = (self.pairs.len(), p_value(rho, self.pairs.len()));
            text.push_str(&format!(
                "\nSharpness against held-out accuracy over {n} runs: Spearman's rho {rho:.3}, \
                 two-sided p {p:.1e}\n"
            ));
        }
        report::print(&text)
    }
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
