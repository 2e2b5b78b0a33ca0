//! A run on disk, from which another process goes on bit for bit.
//!
//! The file is gzip, whose checksum tells what was cut off or altered, of one line of JSON and the
//! parameters and moments as little-endian floats.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use grokking::clock::Stopwatch;
use grokking::config::{Anneal, Config, RawConfig};
use grokking::session::{History, Snapshot};
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::differ::differences;
use crate::files::Whole;
use crate::log::Journal;
use crate::provenance::Provenance;
use crate::recorder::Recorder;

const FORMAT: &str = "grokking-checkpoint";
/// A reader refuses any other.
const VERSION: u32 = 1;
/// A header is much shorter; a file that is none of ours need not be read to its end.
const HEADER_MAX: u64 = 1 << 30;
/// Settings in which a run may differ from the one that it goes on with: they say how fast it goes and where
/// it ends, not what it does.
const FREE: [&str; 3] = ["threads", "budget", "stop"];

/// A run between two of its processes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    format: String,
    version: u32,
    /// Who wrote it.
    program: Provenance,
    config: BTreeMap<String, String>,
    step: u64,
    history: History,
    /// How many floats follow.
    values: usize,
    /// That the run took so far.
    pub seconds: f64,
    /// Whether the run had come to its end.
    finished: bool,
    /// Its log so far, if it has one.
    pub log: Option<Journal>,
    /// Its recording so far, if it is recorded.
    pub recorder: Option<Recorder>,
    #[serde(skip)]
    floats: Vec<f32>,
}

/// Where and how often a run is saved.
pub struct Checkpoints {
    path: PathBuf,
    every: Duration,
    last: Stopwatch,
}

impl Checkpoints {
    pub fn new(path: &Path, every: Duration) -> Checkpoints {
        Checkpoints { path: path.into(), every, last: Stopwatch::start() }
    }

    /// Milliseconds until the next one is due.
    pub fn millis_left(&self) -> f64 {
        (self.every.as_secs_f64() * 1e3 - self.last.millis()).max(0.0)
    }

    pub fn are_due(&self) -> bool {
        self.millis_left() == 0.0
    }

    /// Where the run was left off, if it was begun.
    pub fn read(&self, config: &RawConfig) -> Result<Option<Saved>, Failure> {
        if !self.path.exists() {
            return Ok(None);
        }
        let saved = Saved::read(&self.path)?;
        saved.check(config, &self.path)?;
        Ok(Some(saved))
    }

    /// Removes it, if it is there.
    pub fn remove(&self) -> Result<(), Failure> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::file(&self.path)(error))
            }
            _ => Ok(()),
        }
    }

    pub fn write(&mut self, saved: &Saved) -> Result<(), Failure> {
        saved.write(&self.path)?;
        self.last = Stopwatch::start();
        Ok(())
    }
}

impl Saved {
    pub fn new(
        config: BTreeMap<String, String>,
        snapshot: Snapshot,
        seconds: f64,
        finished: bool,
    ) -> Saved {
        let Snapshot { step, history, values } = snapshot;
        Saved {
            format: FORMAT.into(),
            version: VERSION,
            program: Provenance::now(),
            config,
            step,
            history,
            values: values.len(),
            seconds,
            finished,
            log: None,
            recorder: None,
            floats: values,
        }
    }

    /// The settings of the run.
    pub fn config(&self) -> &BTreeMap<String, String> {
        &self.config
    }

    /// The state of the network.
    pub fn snapshot(&self) -> Snapshot {
        let (step, history) = (self.step, self.history.clone());
        Snapshot { step, history, values: self.floats.clone() }
    }

    /// Whether a run with these settings has nothing left to do.
    pub fn is_finished(&self, config: &Config) -> bool {
        let texts = config.texts();
        let same = |id: &str| texts.get(id) == self.config.get(id);
        self.finished && same("budget") && same("stop")
    }

    pub fn read(path: &Path) -> Result<Saved, Failure> {
        let file = File::open(path).map_err(Failure::file(path))?;
        let bad = |problem: String| Failure::content(path, problem);
        let broken = |error: std::io::Error| bad(format!("not a whole checkpoint: {error}"));
        let mut reader = BufReader::new(GzDecoder::new(BufReader::new(file)));
        let mut line = String::new();
        (&mut reader).take(HEADER_MAX).read_line(&mut line).map_err(broken)?;
        let kind: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        if kind["format"] != FORMAT {
            return Err(bad("not a checkpoint".into()));
        }
        if kind["version"] != VERSION {
            let version = &kind["version"];
            return Err(bad(format!("it has version {version}, this program reads {VERSION}")));
        }
        let mut saved: Saved =
            serde_json::from_value(kind).map_err(|error| bad(error.to_string()))?;
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() != 4 * saved.values {
            let (has, says) = (bytes.len() / 4, saved.values);
            return Err(bad(format!("it has {has} values and says that it has {says}")));
        }
        let floats = bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes));
        saved.floats = floats.collect();
        Ok(saved)
    }

    /// Refuses a run of other settings, with what differs.
    fn check(&self, config: &RawConfig, path: &Path) -> Result<(), Failure> {
        let config = Config::from_raw(config)?;
        // An annealed rate is a function of the budget.
        let is_free =
            |id: &str| FREE.contains(&id) && (id != "budget" || config.anneal == Anneal::None);
        let differ = differences(&self.config, &config, is_free);
        if differ.is_empty() {
            return Ok(());
        }
        let problem = format!("a checkpoint of another run: {}", differ.join(", "));
        Err(Failure::content(path, problem))
    }

    fn write(&self, path: &Path) -> Result<(), Failure> {
        let failed = |error| Failure::file(path)(error);
        // Floats of a network hardly become smaller; the checksum is what this is for.
        let mut encoder = GzEncoder::new(Whole::create(path)?, Compression::fast());
        let header = serde_json::to_string(self).expect("plain data");
        writeln!(encoder, "{header}").map_err(failed)?;
        for value in &self.floats {
            encoder.write_all(&value.to_le_bytes()).map_err(failed)?;
        }
        encoder.finish().map_err(failed)?.finish()
    }
}
