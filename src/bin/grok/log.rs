//! A run's file of results: one line of JSON for its start, for each evaluation and
//! inspection, and for its end.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use grokking::session::{Event, Started};
use grokking::sweep::Outcome;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Failure;

/// Writes beside the file, which appears when the run has ended: a file that is there is whole.
pub struct Log {
    path: PathBuf,
    partial: PathBuf,
    writer: BufWriter<File>,
    outcome: Outcome,
}

impl Log {
    pub fn create(path: &Path) -> Result<Log, Failure> {
        // After the whole name: what follows its last dot may be all that tells two files apart.
        let mut partial = path.as_os_str().to_owned();
        partial.push(".part");
        let partial = PathBuf::from(partial);
        let file = File::create(&partial).map_err(Failure::file(&partial))?;
        Ok(Log {
            path: path.into(),
            partial,
            writer: BufWriter::new(file),
            outcome: Outcome::default(),
        })
    }

    pub fn write(&mut self, event: &Event) -> Result<(), Failure> {
        match event {
            Event::Started(Started { config, .. }) => self.outcome.config = config.clone(),
            Event::Evaluated(point) => self.outcome.evaluated(point),
            Event::Inspected(_) => {}
            _ => return Ok(()),
        }
        self.line(&json!(event))
    }

    /// Takes down how steeply the loss rises around the finished network.
    pub fn sharpness(&mut self, sharpness: Option<f64>) {
        self.outcome.sharpness = sharpness;
    }

    /// `error` is why the run ended early.
    pub fn finish(mut self, seconds: f64, error: Option<String>) -> Result<(), Failure> {
        self.outcome.seconds = seconds;
        self.outcome.error = error;
        let mut line = json!(self.outcome);
        line["type"] = json!("ended");
        self.line(&line)?;
        self.writer.flush().map_err(Failure::file(&self.partial))?;
        fs::rename(&self.partial, &self.path).map_err(Failure::file(&self.path))
    }

    fn line(&mut self, line: &Value) -> Result<(), Failure> {
        writeln!(self.writer, "{line}").map_err(Failure::file(&self.partial))
    }
}

/// Every line of a run's file.
pub fn lines(path: &Path) -> Result<Vec<Value>, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::file(path))?;
    (1..).zip(text.lines()).map(|(at, line)| parse(path, &format!("line {at}"), line)).collect()
}

fn parse<T: DeserializeOwned>(path: &Path, which: &str, line: &str) -> Result<T, Failure> {
    serde_json::from_str(line).map_err(|error| Failure::Content {
        path: path.display().to_string(),
        problem: format!("{which}: {error}"),
    })
}

/// The last line of a run's file.
pub fn read_outcome(path: &Path) -> Result<Outcome, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::file(path))?;
    let last = text.lines().last().unwrap_or_default();
    let line: Value = parse(path, "its last line", last)?;
    if line["type"] != "ended" {
        let problem = "its last line is not the end of a run".into();
        return Err(Failure::Content { path: path.display().to_string(), problem });
    }
    let mut outcome: Outcome = parse(path, "its last line", last)?;
    // The name of a run begins with its variant, which no setting names.
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let first = name.split(',').next().unwrap_or_default();
    outcome.variant = (!first.contains('=')).then(|| first.to_string());
    Ok(outcome)
}
