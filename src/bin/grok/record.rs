//! `grok record`: a run as a file that the page replays.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use clap::ArgMatches;
use flate2::Compression;
use flate2::write::GzEncoder;
use grokking::error::Error;
use grokking::inspect::Watch;
use grokking::session::recording::{PROJECTIONS, Recording};
use grokking::session::{Command, Event, Inspected, Session};
use grokking::train::Hardware;

use crate::train::{inspect, obey, raw_config};
use crate::{Failure, report};

pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    let path = Path::new(arguments.get_one::<String>("out").expect("it is required"));
    let frames = *arguments.get_one::<u16>("frames").expect("it has a default");
    let table_only = arguments.get_flag("table-only");
    let mut session = Session::new(Hardware::Cpu);
    let config = raw_config(arguments)?;
    let mut events = obey(&mut session, Command::Start { config, resume: None })?;
    obey(&mut session, Command::Pace { steps: None, growing: true })?;
    let budget = session.trainer()?.config().budget;
    // Evenly over the logarithm of the steps.
    let growth = (budget as f64).powf(1.0 / f64::from(frames));
    let mut due = 0.0;
    let mut recording = None;
    let progress = report::progress(budget);
    obey(&mut session, Command::Run)?;
    let ended = loop {
        for event in events {
            match event {
                Event::Started(started) => {
                    recording = Some(Recording::new(command(), &started));
                }
                Event::Evaluated(point) => {
                    let recording: &mut Recording =
                        recording.as_mut().expect("a run starts with what it is");
                    let news =
                        [point.memorised_at, point.generalised_at].contains(&Some(point.step));
                    recording.evaluated(&point);
                    if point.step as f64 >= due || news || !session.is_running() {
                        let inspections = match table_only {
                            true => Vec::new(),
                            false => inspections(&mut session)?,
                        };
                        recording.frame(&point, &inspections);
                        due = (point.step.max(1) as f64 * growth).max(point.step as f64 + 1.0);
                    }
                    progress.set_position(point.step);
                    progress.set_message(report::progress_message(&point));
                }
                _ => {}
            }
        }
        if !session.is_running() {
            break Ok(());
        }
        events = match pollster::block_on(session.advance()) {
            Ok(events) => events,
            // What was seen before it diverged is a recording.
            Err(error @ Error::NotFinite { .. }) => break Err(error),
            Err(error) => return Err(error.into()),
        };
    };
    progress.finish_and_clear();
    let recording = recording.expect("a run starts with what it is");
    let bytes = write(path, &recording).map_err(Failure::file(path))?;
    report::print(&format!(
        "{}: {} frames, {:.0} kB\n",
        path.display(),
        recording.frames.len(),
        bytes as f64 / 1e3
    ))?;
    Ok(ended?)
}

/// Inspects the run as it is, in every way.
fn inspections(session: &mut Session) -> Result<Vec<Inspected>, Failure> {
    let watch = |(index, projection)| {
        let once = index == 0;
        Watch { structure: once, sharpness: once, gauge: once, points: Some(projection) }
    };
    let watches = PROJECTIONS.into_iter().enumerate().map(watch);
    watches.map(|watch| Ok(inspect(session, watch)?)).collect()
}

/// As it was typed, without the path of the program and the name of the file.
fn command() -> String {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut kept = vec!["grok".to_string()];
    let mut skip = false;
    for argument in arguments {
        if std::mem::take(&mut skip) {
            continue;
        }
        skip = argument == "--out";
        if !skip && !argument.starts_with("--out=") {
            kept.push(if argument.contains(' ') { format!("'{argument}'") } else { argument });
        }
    }
    kept.join(" ")
}

/// How many bytes it is.
fn write(path: &Path, recording: &Recording) -> std::io::Result<u64> {
    let mut encoder = GzEncoder::new(File::create(path)?, Compression::best());
    encoder.write_all(&serde_json::to_vec(recording)?)?;
    Ok(encoder.finish()?.metadata()?.len())
}
