//! A recording while its run trains.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use grokking::inspect::Watch;
use grokking::session::recording::{PROJECTIONS, Recording};
use grokking::session::{Curves, Event, Inspected, Session};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::drive::inspect;
use crate::provenance::Provenance;
use crate::{Failure, files, report};

/// Flags with the name of a file that is written.
const FILES: [&str; 4] = ["--out", "--log", "--checkpoint", "--save"];

/// A recording that is being made.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorder {
    frames: u16,
    table_only: bool,
    /// The step from which the next frame is kept.
    due: f64,
    recording: Option<Recording>,
}

impl Recorder {
    /// Keeps about so many frames over a run's budget, evenly over the logarithm of the steps.
    pub fn new(frames: u16, table_only: bool) -> Recorder {
        Recorder { frames, table_only, due: 0.0, recording: None }
    }

    /// Takes in what the run tells.
    pub fn hear(&mut self, event: &Event, session: &mut Session) -> Result<(), Failure> {
        match event {
            Event::Started(started) => {
                let mut recording = Recording::new(command(), started);
                recording.made_by = Some(json!(Provenance::now()));
                self.recording = Some(recording);
            }
            Event::Evaluated(point) => self.evaluated(point, session)?,
            _ => {}
        }
        Ok(())
    }

    fn evaluated(&mut self, point: &Curves, session: &mut Session) -> Result<(), Failure> {
        let recording = self.recording.as_mut().expect("a run starts with what it is");
        let news = [point.memorised_at, point.generalised_at].contains(&Some(point.step));
        recording.evaluated(point);
        if point.step as f64 >= self.due || news || !session.is_running() {
            let inspections = match self.table_only {
                true => Vec::new(),
                false => inspections(session)?,
            };
            recording.frame(point, &inspections);
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
        let text = serde_json::to_vec(recording).expect("plain data");
        encoder.write_all(&text).map_err(Failure::file(path))?;
        let bytes = encoder.finish().map_err(Failure::file(path))?;
        files::write(path, &bytes)?;
        let (frames, size) = (recording.frames.len(), bytes.len() as f64 / 1e3);
        report::print(&format!("{}: {frames} frames, {size:.0} kB\n", path.display()))
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
