//! `grok train` and `grok bench`.

use std::time::Duration;

use clap::ArgMatches;
use grokking::clock::Stopwatch;
use grokking::error::Result;
use grokking::model::file;
use grokking::session::{Command, Event, Session};
use grokking::train::Hardware;

use crate::{Failure, arguments, report};

pub fn run(arguments: &ArgMatches) -> std::result::Result<(), Failure> {
    let json = arguments.get_flag("json");
    let started = Stopwatch::start();
    let mut session = session(arguments)?;
    let start = Command::Start { config: arguments::raw_config(arguments), resume: None };
    let mut events = obey(&mut session, start)?;
    if let Some(path) = arguments.get_one::<String>("init") {
        events.retain(|event| matches!(event, Event::Started(_)));
        events.extend(load(&mut session, path)?);
    }
    if let Some(&steps) = arguments.get_one::<u32>("every") {
        obey(&mut session, Command::Pace { steps: Some(steps) })?;
    }

    let progress = report::progress(session.trainer()?.config().budget);
    progress.enable_steady_tick(Duration::from_millis(200));
    let mut last = None;
    obey(&mut session, Command::Run)?;
    loop {
        for event in events {
            if json && matches!(event, Event::Started(_) | Event::Evaluated(_)) {
                report::json_line(&event)?;
            }
            if let Event::Evaluated(point) = event {
                progress.set_position(point.step);
                progress.set_message(report::progress_message(&point));
                last = Some(point);
            }
        }
        if !session.is_running() {
            break;
        }
        events = pollster::block_on(session.advance())?;
    }
    progress.finish_and_clear();

    if let Some(path) = arguments.get_one::<String>("save") {
        save(&mut session, path)?;
    }
    let last = last.expect("a run is evaluated before its first step");
    let summary = report::summary(&last, started.millis() / 1e3);
    if json {
        eprint!("{summary}");
        Ok(())
    } else {
        report::print(&summary)
    }
}

/// `grok bench`: how long a step takes, and how fast matrices could be multiplied.
pub fn bench(arguments: &ArgMatches) -> std::result::Result<(), Failure> {
    let mut session = session(arguments)?;
    let steps = arguments.get_one::<u32>("steps").copied();
    let mut events = obey(&mut session, Command::Peak)?;
    events.extend(obey(
        &mut session,
        Command::Test { config: arguments::raw_config(arguments), steps },
    )?);
    events.iter().try_for_each(report::json_line)
}

fn session(arguments: &ArgMatches) -> Result<Session> {
    let backend = arguments.get_one::<String>("backend").expect("it has a default");
    Ok(Session::new(hardware(backend)?))
}

fn obey(session: &mut Session, command: Command) -> Result<Vec<Event>> {
    pollster::block_on(session.handle(command))
}

fn hardware(backend: &str) -> Result<Hardware> {
    match backend {
        #[cfg(feature = "gpu")]
        "wgpu" => Ok(Hardware::Gpu(pollster::block_on(grokking::fused::gpu::Context::open())?)),
        #[cfg(not(feature = "gpu"))]
        "wgpu" => Err(grokking::error::Error::setting(
            "backend",
            backend,
            "cpu in this build; for the graphics card build with `--features gpu`",
        )),
        _ => Ok(Hardware::Cpu),
    }
}

/// Puts the weights of a file into a run that has not started.
fn load(session: &mut Session, path: &str) -> std::result::Result<Vec<Event>, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::File { path: path.into(), error })?;
    let flat = file::decode(session.trainer()?.model(), &bytes)?;
    Ok(pollster::block_on(session.load(flat))?)
}

fn save(session: &mut Session, path: &str) -> std::result::Result<(), Failure> {
    let trainer = session.trainer()?;
    let flat = pollster::block_on(trainer.weights())?;
    let bytes = file::encode(trainer.model(), &flat)?;
    std::fs::write(path, bytes).map_err(|error| Failure::File { path: path.into(), error })
}
