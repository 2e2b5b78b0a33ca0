//! A session as a program without a page drives it.

use clap::ArgMatches;
use grokking::error::Result;
use grokking::inspect::Watch;
use grokking::model::file::{self, Metadata, Precision};
use grokking::session::{Command, Event, Inspected, Session, Snapshot};
use grokking::settings;
use grokking::train::Hardware;

use crate::Failure;
use crate::provenance::Provenance;

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

/// The network as it is, as a safetensors file that says its settings.
pub fn weights(session: &mut Session, precision: Precision) -> Result<Vec<u8>> {
    let made_by = serde_json::to_string(&Provenance::now()).expect("plain data");
    let trainer = session.trainer()?;
    let config = trainer.config();
    let metadata = [
        ("config", settings::json(&config.texts()).to_string()),
        ("symbols", serde_json::json!(config.operation().names()).to_string()),
        ("step", trainer.step_count().to_string()),
        ("madeBy", made_by),
    ];
    let metadata: Metadata = metadata.map(|(name, text)| (name.to_string(), text)).into();
    let weights = pollster::block_on(trainer.weights())?;
    let encode = |precision| file::encode(trainer.model(), &weights, precision, metadata.clone());
    // A weight that is too large for float16 should not cost a run of hours.
    encode(precision).or_else(|_| encode(Precision::F32))
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
