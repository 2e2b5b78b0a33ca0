//! `grok sweep`: many runs, each a process with a file in and a file out.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::ArgMatches;
use grokking::error::Error;
use grokking::sweep::{Outcome, Planned, Sweep};
use indicatif::ProgressBar;
use serde_json::json;

use crate::folder::{TOGETHER_MAX, part};
use crate::log::read_outcome_of;
use crate::summary::Summary;
use crate::{Failure, files, report, shortened};

/// Trains one run in a process, or says why it has no result.
type Train<'a> = dyn Fn(&Job) -> Result<(), String> + Sync + 'a;

/// A run with its files.
struct Job {
    planned: Planned,
    input: PathBuf,
    output: PathBuf,
    checkpoint: PathBuf,
}

pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    let text = |id: &str| arguments.get_one::<String>(id).expect("it is required");
    let sweep = read(Path::new(text("config")))?;
    // A plan may be carried out elsewhere.
    let folder =
        std::path::absolute(text("out")).map_err(Failure::input(Path::new(text("out"))))?;
    let folder = folder.as_path();
    let refused = |error: Error| Failure::content(Path::new(text("config")), error.to_string());
    let jobs = || {
        let runs = sweep.runs().map_err(refused)?;
        let spread = runs.len() > TOGETHER_MAX;
        Ok::<_, Failure>(runs.map(move |run| Ok(Job::new(run.map_err(refused)?, folder, spread))))
    };
    // Nothing is written before everything is checked.
    let mut n_done = 0;
    for job in jobs()? {
        n_done += usize::from(job?.outcome()?.is_some());
    }
    if n_done > 0 && !arguments.get_flag("resume") {
        let problem = format!("it has {n_done} results already: `--resume` goes on with them");
        return Err(Failure::content(folder, problem));
    }
    let mut extra = vec!["--sharpness", "--inspect"];
    extra.retain(|flag| arguments.get_flag(flag.trim_start_matches('-')));
    if arguments.get_flag("plan") {
        for job in jobs()? {
            let job = job?;
            if !job.output.exists() {
                let line = job.command_line(&extra)?;
                job.write()?;
                report::print(&line)?;
            }
        }
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let _lock = lock(folder)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let at_once = arguments.get_one::<u16>("jobs").map_or(cores, |&n| usize::from(n));
    climb(jobs, at_once, &|job| job.train((cores / at_once).max(1), &extra))
}

/// Held while a sweep writes to a folder; ends with the process, however that ends.
fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join(".lock");
    let file = File::create(&path).map_err(Failure::file(&path))?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => {
            Failure::content(folder, "another sweep is writing there: wait for it, or end it")
        }
        TryLockError::Error(error) => Failure::file(&path)(error),
    })?;
    Ok(file)
}

/// Trains rung after rung; a family whose runs all generalised climbs no further. `jobs` gives every run of
/// the sweep, as often as it is called; those that are still to do are in memory together, one rung's.
fn climb<I: Iterator<Item = Result<Job, Failure>>>(
    jobs: impl Fn() -> Result<I, Failure>,
    at_once: usize,
    train: &Train,
) -> Result<(), Failure> {
    let progress = report::runs_progress();
    let mut summary = Summary::default();
    let mut failures = Vec::new();
    let mut solved = HashSet::new();
    let mut n_before = 0;
    for rung in 0.. {
        let (mut missing, mut n_done, mut n_later) = (Vec::new(), 0, 0);
        let mut families = HashMap::new();
        let mut hear = |family: &str, outcome: Option<&Outcome>| {
            let generalised = outcome.is_some_and(|outcome| outcome.generalised_at.is_some());
            *families.entry(family.to_string()).or_insert(true) &= generalised;
            outcome.into_iter().for_each(|outcome| summary.add(outcome));
        };
        for job in jobs()? {
            let job = job?;
            let Planned { rung: of, family, .. } = &job.planned;
            if *of < rung || solved.contains(family) {
                continue;
            }
            if *of > rung {
                n_later += 1;
            } else if let Some(outcome) = job.outcome()? {
                n_done += 1;
                hear(family, Some(&outcome));
            } else {
                job.write()?;
                missing.push(job);
            }
        }
        progress.set_length((n_before + n_done + missing.len() + n_later) as u64);
        progress.inc(n_done as u64);
        failures.extend(train_all(&missing, at_once, train, &progress));
        n_before += n_done + missing.len();
        for job in missing {
            hear(&job.planned.family, job.outcome()?.as_ref());
        }
        solved.extend(families.into_iter().filter(|(_, all)| *all).map(|(family, _)| family));
        if n_later == 0 {
            break;
        }
    }
    progress.finish_and_clear();
    if !summary.is_empty() {
        summary.print()?;
    }
    match failures.is_empty() {
        true => Ok(()),
        false => Err(Failure::Runs { failures }),
    }
}

fn read(path: &Path) -> Result<Sweep, Failure> {
    let text = files::read_text(path)?;
    toml::from_str(&text).map_err(|error| {
        // With the line, and a mark under the place in it.
        Failure::content(path, shortened(error.to_string().trim_end(), 2_000))
    })
}

impl Job {
    /// With `spread`, in one of 256 folders, unless it is there from when the sweep was smaller.
    fn new(planned: Planned, folder: &Path, spread: bool) -> Job {
        let there = folder.join(format!("{}.jsonl", planned.name)).exists();
        let folder = if spread && !there { part(folder, &planned.name) } else { folder.into() };
        let path = |end: &str| folder.join(format!("{}.{end}", planned.name));
        let [input, output, checkpoint] = ["json", "jsonl", "checkpoint"].map(path);
        Job { planned, input, output, checkpoint }
    }

    /// Its result, if it is there. A result of other settings is an error.
    fn outcome(&self) -> Result<Option<Outcome>, Failure> {
        match self.output.exists() {
            true => read_outcome_of(&self.output, &self.planned.config).map(Some),
            false => Ok(None),
        }
    }

    /// Writes its settings, unless they are there.
    fn write(&self) -> Result<(), Failure> {
        let Planned { config, variant, .. } = &self.planned;
        let mut run = json!(config);
        if let Some(variant) = variant {
            run["variant"] = json!(variant);
        }
        let text = serde_json::to_string_pretty(&run).expect("plain data") + "\n";
        if fs::read_to_string(&self.input).is_ok_and(|there| there == text) {
            return Ok(());
        }
        let folder = self.input.parent().expect("it is in a folder");
        fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        files::write_lightly(&self.input, text.as_bytes())
    }

    /// What trains it, after the program's name.
    fn arguments<'a>(&'a self, extra: &'a [&'a str]) -> Vec<&'a OsStr> {
        let files = [
            ("--config", &self.input),
            ("--log", &self.output),
            ("--checkpoint", &self.checkpoint),
        ];
        let files = files.into_iter().flat_map(|(flag, path)| [OsStr::new(flag), path.as_os_str()]);
        let flags = ["--resume"].iter().chain(extra).map(OsStr::new);
        [OsStr::new("train")].into_iter().chain(files).chain(flags).collect()
    }

    /// The same as a shell reads it.
    fn command_line(&self, extra: &[&str]) -> Result<String, Failure> {
        let program = program().map_err(|problem| Failure::Runs { failures: vec![problem] })?;
        let words = std::iter::once(program.as_os_str()).chain(self.arguments(extra));
        let words = words.map(|word| {
            let word = word.to_string_lossy();
            match shlex::try_quote(&word) {
                // A plan has a line for each run.
                Ok(quoted) if !word.contains('\n') => Ok(quoted.into_owned()),
                _ => Err(Failure::Content {
                    path: word.into_owned(),
                    problem: "a plan cannot have this name: choose another folder".into(),
                }),
            }
        });
        Ok(words.collect::<Result<Vec<_>, _>>()?.join(" ") + "\n")
    }

    fn train(&self, threads: usize, extra: &[&str]) -> Result<(), String> {
        let mut child = Command::new(program()?)
            .args(self.arguments(extra))
            .arg("--tied")
            .env("RAYON_NUM_THREADS", threads.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        // It ends when nobody holds this any more.
        let tie = child.stdin.take();
        let ended = child.wait_with_output().map_err(|error| error.to_string())?;
        drop(tie);
        // A run that diverged has a result, and that is what counts.
        if self.output.exists() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&ended.stderr);
        let why = said.trim().trim_start_matches("error: ");
        Err(if why.is_empty() { ended.status.to_string() } else { why.into() })
    }
}

fn program() -> Result<PathBuf, String> {
    std::env::current_exe().map_err(|error| error.to_string())
}

/// `at_once` processes at a time, and why some runs have no result afterwards: one does not end the others.
fn train_all(
    missing: &[Job],
    at_once: usize,
    train: &Train,
    progress: &ProgressBar,
) -> Vec<String> {
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
