//! A recording while its run trains.

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use flate2::Compression;
use flate2::write::GzEncoder;
use grokking::inspect::Watch;
use grokking::model::file::Precision;
use grokking::session::recording::{PROJECTIONS, Recording, WEIGHTS_MAX};
use grokking::session::{Curves, Event, Inspected, Session, Started};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::drive::{inspect, weights};
use crate::provenance::Provenance;
use crate::{Failure, files, report};

/// Flags with the name of a file that is written.
const FILES: [&str; 4] = ["--out", "--log", "--checkpoint", "--save"];

/// What a file of weights has beside its numbers, in bytes: settings, symbols, and names of tensors.
const HEADER_MAX: usize = 16_384;

/// A moment at which a recording keeps the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Moment {
    /// The first evaluation that is not before this step.
    Step(u64),
    Memorised,
    Generalised,
    End,
}

impl Moment {
    /// Whether it has come with this evaluation.
    fn is_there(self, point: &Curves, ended: bool) -> bool {
        match self {
            Moment::Step(step) => point.step >= step,
            Moment::Memorised => point.memorised_at == Some(point.step),
            Moment::Generalised => point.generalised_at == Some(point.step),
            Moment::End => ended,
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Moment, String> {
        match text {
            "memorised" => Ok(Moment::Memorised),
            "generalised" => Ok(Moment::Generalised),
            "end" => Ok(Moment::End),
            _ => text.parse().map(Moment::Step).map_err(|_| {
                "allowed are a step, memorised, generalised and end, such as 140,generalised".into()
            }),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Step(step) => write!(f, "step {step}"),
            Moment::Memorised => f.write_str("memorised"),
            Moment::Generalised => f.write_str("generalised"),
            Moment::End => f.write_str("end"),
        }
    }
}

/// When a recording keeps the weights, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeping {
    pub moments: Vec<Moment>,
    pub precision: Precision,
}

/// A recording that is being made.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorder {
    frames: u16,
    table_only: bool,
    /// The step from which the next frame is kept.
    due: f64,
    recording: Option<Recording>,
    /// What was asked for.
    #[serde(default)]
    keeping: Keeping,
    /// The moments that have not come yet.
    #[serde(default)]
    ahead: Vec<Moment>,
    /// The files of the weights that were kept.
    #[serde(default)]
    weights: Vec<u8>,
}

impl Recorder {
    /// Keeps about so many frames over a run's budget, evenly over the logarithm of the steps, and the
    /// weights at some moments.
    pub fn new(frames: u16, table_only: bool, keeping: Keeping) -> Recorder {
        let (recording, weights, ahead) = (None, Vec::new(), keeping.moments.clone());
        Recorder { frames, table_only, due: 0.0, recording, keeping, ahead, weights }
    }

    /// Whether it keeps the weights that another was asked to keep.
    pub fn keeps_as(&self, asked: &Recorder) -> bool {
        self.keeping == asked.keeping
    }

    /// Takes in what the run tells.
    pub fn hear(&mut self, event: &Event, session: &mut Session) -> Result<(), Failure> {
        match event {
            Event::Started(started) => {
                self.check_room(started)?;
                let mut recording = Recording::new(command(), started);
                recording.made_by = Some(json!(Provenance::now()));
                self.recording = Some(recording);
            }
            Event::Evaluated(point) => self.evaluated(point, session)?,
            _ => {}
        }
        Ok(())
    }

    /// Refuses more weights than a page opens.
    fn check_room(&self, started: &Started) -> Result<(), Failure> {
        let Keeping { moments, precision } = &self.keeping;
        let bytes = moments.len() * (precision.bytes() * started.parameters + HEADER_MAX);
        if bytes <= WEIGHTS_MAX {
            return Ok(());
        }
        let (megabytes, most) = (bytes / 1_000_000, WEIGHTS_MAX / 1_000_000);
        let why = format!("`--weights` would take {megabytes} MB, a recording has up to {most} MB");
        Err(Failure::Typed(why))
    }

    fn evaluated(&mut self, point: &Curves, session: &mut Session) -> Result<(), Failure> {
        let recording = self.recording.as_mut().expect("a run starts with what it is");
        let news = [point.memorised_at, point.generalised_at].contains(&Some(point.step));
        recording.evaluated(point);
        let ended = !session.is_running();
        let (there, ahead): (Vec<Moment>, Vec<Moment>) =
            self.ahead.iter().copied().partition(|moment| moment.is_there(point, ended));
        self.ahead = ahead;
        if point.step as f64 >= self.due || news || ended || !there.is_empty() {
            let inspections = match self.table_only {
                true => Vec::new(),
                false => inspections(session)?,
            };
            recording.frame(point, &inspections);
            if !there.is_empty() {
                let file = weights(session, self.keeping.precision)?;
                recording.carry(file.len());
                self.weights.extend(file);
            }
            let budget = session.trainer()?.config().budget as f64;
            let growth = budget.powf(1.0 / f64::from(self.frames));
            self.due = (point.step.max(1) as f64 * growth).max(point.step as f64 + 1.0);
        }
        Ok(())
    }

    /// Writes the file, and says what is in it.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let recording = self.recording.as_ref().expect("a run starts with what it is");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&recording.content(&self.weights)).map_err(Failure::file(path))?;
        let bytes = encoder.finish().map_err(Failure::file(path))?;
        files::write(path, &bytes)?;
        let (frames, size) = (recording.frames.len(), bytes.len() as f64 / 1e3);
        let steps: Vec<String> =
            recording.weights.iter().map(|kept| format!("step {}", kept.step)).collect();
        let kept = match steps.is_empty() {
            true => String::new(),
            false => format!(", weights of {}", steps.join(", ")),
        };
        let mut said = format!("{}: {frames} frames{kept}, {size:.0} kB\n", path.display());
        for moment in &self.ahead {
            said += &format!("no weights of {moment}: the run did not come so far\n");
        }
        report::print(&said)
    }
}

/// Inspects the run as it is, in every way.
fn inspections(session: &mut Session) -> Result<Vec<Inspected>, Failure> {
    let watch = |(index, projection)| {
        let once = index == 0;
        Watch {
            structure: once,
            sharpness: once,
            gauge: once,
            points: Some(projection),
            ..Watch::default()
        }
    };
    let watches = PROJECTIONS.into_iter().enumerate().map(watch);
    watches.map(|watch| Ok(*inspect(session, watch)?)).collect()
}

/// As it was typed, without the path of the program and of what it writes.
fn command() -> String {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut kept = vec!["grok".to_string()];
    let mut skip = false;
    for argument in arguments {
        if std::mem::take(&mut skip) {
            continue;
        }
        let is_file = |flag: &str| argument == flag || argument.starts_with(&format!("{flag}="));
        let names_file = FILES.into_iter().any(is_file);
        skip = names_file && !argument.contains('=');
        if !names_file {
            kept.push(if argument.contains(' ') { format!("'{argument}'") } else { argument });
        }
    }
    kept.join(" ")
}
