//! A run's file of results: one line of JSON for its start, for each evaluation and
//! inspection, and for its end.

use std::io::Write;
use std::path::Path;

use grokking::config::{Config, RawConfig};
use grokking::inspect::gauge::Measures;
use grokking::session::{Event, Started};
use grokking::settings;
use grokking::sweep::Outcome;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Failure;
use crate::differ::differences;
use crate::files::{self, Whole};
use crate::provenance::Provenance;
use crate::report;

/// What a run says of itself, line by line: into a file that appears when the run has ended, to standard
/// output, or to both.
#[derive(Default)]
pub struct Log {
    file: Option<Whole>,
    prints: bool,
    journal: Journal,
}

/// What was said so far: with it another process goes on with the log.
#[derive(Default, Clone, Serialize, Deserialize)]
pub struct Journal {
    lines: Vec<String>,
    outcome: Outcome,
}

impl Log {
    /// Writes to a file and, if it `prints`, to standard output.
    pub fn create(
        path: Option<&Path>,
        prints: bool,
        variant: Option<String>,
    ) -> Result<Log, Failure> {
        let file = path.map(Whole::create).transpose()?;
        let outcome = Outcome { variant, ..Outcome::default() };
        Ok(Log { file, prints, journal: Journal { lines: Vec::new(), outcome } })
    }

    /// Whether it is kept.
    pub fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Says again what was said before.
    pub fn go_on(&mut self, journal: Journal) -> Result<(), Failure> {
        let Journal { lines, outcome } = journal;
        for line in lines {
            self.line(line)?;
        }
        self.journal.outcome = outcome;
        Ok(())
    }

    /// What was said so far, if it is said anywhere.
    pub fn journal(&self) -> Option<Journal> {
        self.file.as_ref().map(|_| self.journal.clone())
    }

    pub fn write(&mut self, event: &Event) -> Result<(), Failure> {
        let mut line = json!(event);
        match event {
            Event::Started(Started { config, .. }) => {
                self.journal.outcome.config = config.clone();
                line["config"] = settings::json(config);
                line["madeBy"] = json!(Provenance::now());
            }
            Event::Evaluated(point) => self.journal.outcome.evaluated(point),
            _ => return Ok(()),
        }
        self.line(line.to_string())
    }

    /// What was found in the network, and what of it is measured for any operation.
    pub fn inspected(&mut self, inspected: &Event, measures: &Measures) -> Result<(), Failure> {
        let mut line = json!(inspected);
        line["measures"] = json!(measures);
        self.line(line.to_string())
    }

    /// Takes down how steeply the loss rises around the finished network.
    pub fn sharpness(&mut self, sharpness: Option<f64>) {
        self.journal.outcome.sharpness = sharpness;
    }

    /// `error` is why the run ended early.
    pub fn finish(mut self, seconds: f64, error: Option<String>) -> Result<(), Failure> {
        self.journal.outcome.seconds = seconds;
        self.journal.outcome.error = error;
        let mut line = json!(self.journal.outcome);
        line["type"] = json!("ended");
        line["config"] = settings::json(&self.journal.outcome.config);
        self.line(line.to_string())?;
        self.file.map_or(Ok(()), Whole::finish)
    }

    fn line(&mut self, mut line: String) -> Result<(), Failure> {
        line.push('\n');
        if let Some(file) = &mut self.file {
            file.write_all(line.as_bytes()).map_err(Failure::file(file.path()))?;
        }
        if self.prints {
            report::print(&line)?;
        }
        line.pop();
        if self.file.is_some() {
            self.journal.lines.push(line);
        }
        Ok(())
    }
}

/// Every line of a run's file.
pub fn lines(path: &Path) -> Result<Vec<Value>, Failure> {
    let text = files::read_text(path)?;
    (1..).zip(text.lines()).map(|(at, line)| parse(path, &format!("line {at}"), line)).collect()
}

fn parse<T: DeserializeOwned>(path: &Path, which: &str, line: &str) -> Result<T, Failure> {
    serde_json::from_str(line).map_err(|error| {
        let problem = format!("{which}: {error}: remove the file, and its run is trained again");
        Failure::content(path, problem)
    })
}

/// The last line of a run's file.
pub fn read_outcome(path: &Path) -> Result<Outcome, Failure> {
    let last = files::last_line(path)?;
    let line: Value = parse(path, "its last line", &last)?;
    if line["type"] != "ended" {
        let problem = "its last line is not the end of a run: remove the file, and its run is \
                       trained again";
        return Err(Failure::content(path, problem));
    }
    let mut outcome: Outcome = parse(path, "its last line", &last)?;
    // Older results say their variant in their name alone, which begins with it.
    if outcome.variant.is_none() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let first = name.split(',').next().unwrap_or_default();
        outcome.variant = (!first.contains('=')).then(|| first.to_string());
    }
    Ok(outcome)
}

/// The same of a run with these settings; another's is an error.
pub fn read_outcome_of(path: &Path, config: &RawConfig) -> Result<Outcome, Failure> {
    let outcome = read_outcome(path)?;
    let differ = differences(&outcome.config, &Config::from_raw(config)?, |_| false);
    if let Some(first) = differ.first() {
        let problem = format!("it is the result of other settings: {first}: choose another folder");
        return Err(Failure::content(path, problem));
    }
    Ok(outcome)
}
