//! `grok sweep` and `grok summary`: many runs, each a process with a file in and a file out.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::ArgMatches;
use grokking::config::Config;
use grokking::sweep::{Group, Outcome, Planned, Range, Sweep, groups, p_value, spearman};
use indicatif::ProgressBar;

use crate::log::read_outcome;
use crate::{Failure, report};

/// Trains one run in a process, or says why it has no result.
type Train<'a> = dyn Fn(&Job) -> Result<(), String> + Sync + 'a;

/// A run with its files.
struct Job {
    planned: Planned,
    input: PathBuf,
    output: PathBuf,
}

pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    let text = |id: &str| arguments.get_one::<String>(id).expect("it is required");
    let sweep = read(Path::new(text("config")))?;
    let folder = Path::new(text("out"));
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let jobs = plan(&sweep, folder)?;
    let mut extra = vec!["--sharpness", "--inspect"];
    extra.retain(|flag| arguments.get_flag(flag.trim_start_matches('-')));
    if arguments.get_flag("plan") {
        let flags: String = extra.iter().map(|flag| format!(" {flag}")).collect();
        let commands = jobs.iter().map(|job| {
            let [input, output] = [&job.input, &job.output].map(|path| path.display());
            format!("grok train --config '{input}' --log '{output}'{flags}\n")
        });
        return report::print(&commands.collect::<String>());
    }

    let done = jobs.iter().map(Job::outcome).collect::<Result<Vec<_>, _>>()?;
    let n_done = done.iter().flatten().count();
    if n_done > 0 && !arguments.get_flag("resume") {
        return Err(Failure::Content {
            path: folder.display().to_string(),
            problem: format!("it has {n_done} results already: `--resume` goes on with them"),
        });
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let at_once = arguments.get_one::<u16>("jobs").map_or(cores, |&n| usize::from(n));
    climb(jobs, at_once, &|job| job.train((cores / at_once).max(1), &extra))
}

/// Trains rung after rung; a family whose runs all generalised climbs no further.
fn climb(mut jobs: Vec<Job>, at_once: usize, train: &Train) -> Result<(), Failure> {
    let progress = report::runs_progress();
    let mut outcomes = Vec::new();
    let mut failures = Vec::new();
    for rung in 0.. {
        if jobs.is_empty() {
            break;
        }
        let (now, later): (Vec<Job>, _) =
            jobs.into_iter().partition(|job| job.planned.rung == rung);
        progress.set_length((outcomes.len() + now.len() + later.len()) as u64);
        failures.extend(train_all(&now, at_once, train, &progress));
        let mut unsolved = HashSet::new();
        for job in now {
            let outcome = job.outcome()?;
            if outcome.as_ref().is_none_or(|outcome| outcome.generalised_at.is_none()) {
                unsolved.insert(job.planned.family);
            }
            outcomes.extend(outcome);
        }
        jobs = later.into_iter().filter(|job| unsolved.contains(&job.planned.family)).collect();
    }
    progress.finish_and_clear();
    if !outcomes.is_empty() {
        print_summary(&outcomes)?;
    }
    match failures.is_empty() {
        true => Ok(()),
        false => Err(Failure::Runs { failures }),
    }
}

/// What came of the runs whose results are in a folder.
pub fn summary(arguments: &ArgMatches) -> Result<(), Failure> {
    let folder = Path::new(arguments.get_one::<String>("folder").expect("it is required"));
    let paths = results(folder)?;
    let outcomes = paths.iter().map(|path| read_outcome(path)).collect::<Result<Vec<_>, _>>()?;
    match arguments.get_flag("json") {
        true => report::json_line(&outcomes),
        false => print_summary(&outcomes),
    }
}

/// The files of results in a folder, of which there is one at least.
pub fn results(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(Failure::file(folder))?;
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

fn read(path: &Path) -> Result<Sweep, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::file(path))?;
    toml::from_str(&text).map_err(|error| Failure::Content {
        path: path.display().to_string(),
        // With the line, and a mark under the place in it.
        problem: error.to_string().trim_end().into(),
    })
}

/// Writes the file of every run.
fn plan(sweep: &Sweep, folder: &Path) -> Result<Vec<Job>, Failure> {
    sweep
        .runs()?
        .into_iter()
        .map(|planned| {
            let [input, output] =
                ["json", "jsonl"].map(|end| folder.join(format!("{}.{end}", planned.name)));
            let config = serde_json::to_string_pretty(&planned.config).expect("plain data");
            fs::write(&input, config + "\n").map_err(Failure::file(&input))?;
            Ok(Job { planned, input, output })
        })
        .collect()
}

impl Job {
    /// Its result, if it is there. A result of other settings is an error.
    fn outcome(&self) -> Result<Option<Outcome>, Failure> {
        if !self.output.exists() {
            return Ok(None);
        }
        let typed = Config::from_raw(&self.planned.config)?.typed();
        let outcome = read_outcome(&self.output)?;
        // A setting that is newer than the result was what it is by default.
        let standard: BTreeMap<_, _> = Config::default().typed().into_iter().collect();
        let is_other = |(id, value): &(&str, String)| {
            outcome.config.get(*id).or(standard.get(id)) != Some(value)
        };
        if typed.iter().any(is_other) {
            let path = self.output.display().to_string();
            let problem = "it is the result of other settings: choose another folder".into();
            return Err(Failure::Content { path, problem });
        }
        Ok(Some(outcome))
    }

    fn train(&self, threads: usize, extra: &[&str]) -> Result<(), String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let child = Command::new(program)
            .args(["train", "--config"])
            .arg(&self.input)
            .arg("--log")
            .arg(&self.output)
            .args(extra)
            .env("RAYON_NUM_THREADS", threads.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .map_err(|error| error.to_string())?;
        // A run that diverged has a result, and that is what counts.
        if self.output.exists() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&child.stderr).trim().into())
    }
}

/// Those without a result, `at_once` processes at a time, and why some have none afterwards: one
/// does not end the others.
fn train_all(jobs: &[Job], at_once: usize, train: &Train, progress: &ProgressBar) -> Vec<String> {
    let (done, missing): (Vec<&Job>, Vec<&Job>) = jobs.iter().partition(|job| job.output.exists());
    progress.inc(done.len() as u64);
    progress.reset_eta();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..at_once.min(missing.len()) {
            scope.spawn(|| {
                while let Some(job) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
                    progress.set_message(job.planned.name.clone());
                    if let Err(why) = train(job) {
                        let failure = format!("{}: {why}", job.planned.name);
                        failures.lock().expect("no thread panicked").push(failure);
                    }
                    progress.inc(1);
                }
            });
        }
    });
    failures.into_inner().expect("no thread panicked")
}

/// One row per group of seeds, as a table of Markdown.
fn print_summary(outcomes: &[Outcome]) -> Result<(), Failure> {
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
