//! A session as a program without a page drives it.

use clap::ArgMatches;
use grokking::error::Result;
use grokking::inspect::Watch;
use grokking::session::{Command, Event, Inspected, Session, Snapshot};
use grokking::train::Hardware;

use crate::Failure;

/// On the device that was asked for.
pub fn session(arguments: &ArgMatches) -> Result<Session, Failure> {
    let backend = arguments.get_one::<String>("backend").expect("it has a default");
    Ok(Session::new(hardware(backend)?))
}

/// What comes of a command.
pub fn obey(session: &mut Session, command: Command) -> Result<Vec<Event>> {
    pollster::block_on(session.handle(command))
}

fn hardware(backend: &str) -> Result<Hardware> {
    match backend {
        "wgpu" => pollster::block_on(Hardware::card(None)),
        _ => Ok(Hardware::Cpu),
    }
}

/// The run as it can go on elsewhere.
pub fn snapshot(session: &mut Session) -> Result<Snapshot> {
    let found = obey(session, Command::Snapshot)?.into_iter().find_map(|event| match event {
        Event::Snapshot(snapshot) => Some(snapshot),
        _ => None,
    });
    Ok(found.expect("a snapshot was asked for"))
}

/// Looks at the network as it is, once.
pub fn inspect(session: &mut Session, watch: Watch) -> Result<Box<Inspected>> {
    let events = obey(session, Command::Watch { watch })?;
    obey(session, Command::Watch { watch: Watch::default() })?;
    let found = events.into_iter().find_map(|event| match event {
        Event::Inspected(inspected) => Some(inspected),
        _ => None,
    });
    Ok(found.expect("what is watched is inspected"))
}
