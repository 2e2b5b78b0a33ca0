//! `grok train` and `grok bench`.

use std::path::Path;

use clap::ArgMatches;
use grokking::clock::Stopwatch;
use grokking::config::RawConfig;
use grokking::error::{Error, Result};
use grokking::inspect::Watch;
use grokking::model::file;
use grokking::session::{Command, Curves, Event, Inspected, Session};
use grokking::train::Hardware;

use crate::log::Log;
use crate::{Failure, arguments, report};

pub fn run(arguments: &ArgMatches) -> std::result::Result<(), Failure> {
    let started = Stopwatch::start();
    let mut log = match arguments.get_one::<String>("log") {
        Some(path) => Some(Log::create(Path::new(path))?),
        None => None,
    };
    let mut session = session(arguments)?;
    let ended = train(arguments, &mut session, &mut log);
    if let (Some(log), Ok(_), true) = (&mut log, &ended, arguments.get_flag("sharpness")) {
        log.sharpness(sharpness(&mut session)?);
    }
    let seconds = started.millis() / 1e3;
    if let Some(log) = log {
        // A run that diverged is a result; what was typed wrong is not.
        match &ended {
            Ok(_) => log.finish(seconds, None)?,
            Err(Failure::Core(error @ Error::NotFinite { .. })) => {
                log.finish(seconds, Some(error.to_string()))?;
            }
            Err(_) => {}
        }
    }
    let last = ended?;
    if let Some(path) = arguments.get_one::<String>("save") {
        save(&mut session, path)?;
    }
    let summary = report::summary(&last, seconds);
    if arguments.get_flag("json") {
        eprint!("{summary}");
        Ok(())
    } else {
        report::print(&summary)
    }
}

/// Trains to the end, and gives the last evaluation.
fn train(
    arguments: &ArgMatches,
    session: &mut Session,
    log: &mut Option<Log>,
) -> std::result::Result<Curves, Failure> {
    let json = arguments.get_flag("json");
    let config = raw_config(arguments)?;
    let mut events = obey(session, Command::Start { config, resume: None })?;
    if let Some(path) = arguments.get_one::<String>("init") {
        events.retain(|event| matches!(event, Event::Started(_)));
        events.extend(load(session, path)?);
    }
    let steps = arguments.get_one::<u32>("every").copied();
    obey(session, Command::Pace { steps, growing: log.is_some() })?;

    let progress = report::progress(session.trainer()?.config().budget);
    let inspected = arguments.get_flag("inspect");
    let mut last = None;
    obey(session, Command::Run)?;
    loop {
        for event in events {
            if json && matches!(event, Event::Started(_) | Event::Evaluated(_)) {
                report::json_line(&event)?;
            }
            if let Some(log) = log {
                log.write(&event)?;
            }
            if let Event::Evaluated(point) = event {
                if let (Some(log), true) = (&mut *log, inspected) {
                    let watch = Watch { structure: true, ..Watch::default() };
                    log.write(&Event::Inspected(inspect(session, watch)?))?;
                }
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
    Ok(last.expect("a run is evaluated before its first step"))
}

/// φ of the network as it is.
fn sharpness(session: &mut Session) -> Result<Option<f64>> {
    let inspected = inspect(session, Watch { sharpness: true, ..Watch::default() })?;
    Ok(inspected.inspection.sharpness)
}

/// Looks at the network as it is, once.
pub fn inspect(session: &mut Session, watch: Watch) -> Result<Inspected> {
    let events = obey(session, Command::Watch { watch })?;
    obey(session, Command::Watch { watch: Watch::default() })?;
    let found = events.into_iter().find_map(|event| match event {
        Event::Inspected(inspected) => Some(inspected),
        _ => None,
    });
    Ok(found.expect("what is watched is inspected"))
}

/// What was typed, over the file that it may name.
pub fn raw_config(arguments: &ArgMatches) -> std::result::Result<RawConfig, Failure> {
    let typed = arguments::raw_config(arguments)?;
    let path = arguments.try_get_one::<String>("config").ok().flatten();
    let Some(path) = path else { return Ok(typed) };
    let text = std::fs::read_to_string(path).map_err(Failure::file(Path::new(path)))?;
    let mut config: RawConfig = serde_json::from_str(&text).map_err(|error| Failure::Content {
        path: path.clone(),
        problem: format!("not a run's settings: {error}"),
    })?;
    config.preset = typed.preset.or(config.preset);
    config.settings.extend(typed.settings);
    Ok(config)
}

/// `grok bench`: how long a step takes, and how fast matrices could be multiplied.
pub fn bench(arguments: &ArgMatches) -> std::result::Result<(), Failure> {
    let mut session = session(arguments)?;
    let steps = arguments.get_one::<u32>("steps").copied();
    let mut events = obey(&mut session, Command::Peak)?;
    events.extend(obey(
        &mut session,
        Command::Test { config: arguments::raw_config(arguments)?, steps },
    )?);
    events.iter().try_for_each(report::json_line)
}

fn session(arguments: &ArgMatches) -> Result<Session> {
    let backend = arguments.get_one::<String>("backend").expect("it has a default");
    Ok(Session::new(hardware(backend)?))
}

pub fn obey(session: &mut Session, command: Command) -> Result<Vec<Event>> {
    pollster::block_on(session.handle(command))
}

fn hardware(backend: &str) -> Result<Hardware> {
    match backend {
        "wgpu" => pollster::block_on(Hardware::card(None)),
        _ => Ok(Hardware::Cpu),
    }
}

/// Puts the weights of a file into a run that has not started.
fn load(session: &mut Session, path: &str) -> std::result::Result<Vec<Event>, Failure> {
    let bytes = std::fs::read(path).map_err(Failure::file(Path::new(path)))?;
    let flat = file::decode(session.trainer()?.model(), &bytes)?;
    Ok(pollster::block_on(session.load(flat))?)
}

fn save(session: &mut Session, path: &str) -> std::result::Result<(), Failure> {
    let trainer = session.trainer()?;
    let flat = pollster::block_on(trainer.weights())?;
    let bytes = file::encode(trainer.model(), &flat)?;
    std::fs::write(path, bytes).map_err(Failure::file(Path::new(path)))
}
