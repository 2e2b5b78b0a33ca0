//! `grok record`: a run as a file that the page replays.

use std::path::Path;

use clap::ArgMatches;

use crate::checkpoint::Saved;
use crate::{Failure, train};

pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    let path = Path::new(arguments.get_one::<String>("out").expect("it is required"));
    if let Some(from) = arguments.get_one::<String>("from") {
        let from = Path::new(from);
        return match Saved::read(from)?.recorder {
            Some(recorder) => recorder.write(path),
            None => {
                let problem = "it has no frames: train with `--checkpoint` and `--frames`";
                Err(Failure::content(from, problem))
            }
        };
    }
    let (recorder, ended) = train::record(arguments)?;
    recorder.write(path)?;
    // What was seen before it diverged is a recording.
    ended
}
