//! The native command line: the page's core without the page.

mod arguments;
mod gauge;
mod log;
mod record;
mod report;
mod sweep;
mod train;

use std::process::ExitCode;

use clap::ArgMatches;
use grokking::config::Config;
use grokking::data::Table;
use grokking::rng::Rng;
use grokking::{error, schema};

/// A step frees and asks again for tens of megabytes, which the system's allocator returns to the
/// kernel each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A reader such as `head` that closes the pipe ends us quietly, as it does other tools.
    let matches = arguments::command().get_matches();
    let result = match matches.subcommand() {
        Some(("train", arguments)) => train::run(arguments),
        Some(("bench", arguments)) => train::bench(arguments),
        Some(("table", arguments)) => print_table(arguments, false),
        Some(("split", arguments)) => print_table(arguments, true),
        Some(("record", arguments)) => record::run(arguments),
        Some(("sweep", arguments)) => sweep::run(arguments),
        Some(("summary", arguments)) => sweep::summary(arguments),
        Some(("readings", arguments)) => gauge::readings(arguments),
        Some(("gauge", arguments)) => gauge::run(arguments),
        Some(("schema", _)) => report::print(&schema::javascript()),
        _ => unreachable!("clap asks for a subcommand"),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Why a command ended early.
pub enum Failure {
    Core(error::Error),
    /// A file that could not be read or written.
    File {
        path: String,
        error: std::io::Error,
    },
    /// A file that says something else than it should.
    Content {
        path: String,
        problem: String,
    },
    /// Runs of a sweep without a result, each with its reason.
    Runs {
        failures: Vec<String>,
    },
    /// Standard output was closed.
    Output(std::io::Error),
}

impl Failure {
    /// 2 for what was typed, as clap has it, and 1 for what happened.
    fn exit_code(&self) -> u8 {
        match self {
            Failure::Core(
                error::Error::Setting { .. }
                | error::Error::Unknown { .. }
                | error::Error::Syntax { .. },
            )
            | Failure::Content { .. } => 2,
            Failure::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
            _ => 1,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Core(error) => error.fmt(f),
            Failure::File { path, error } => write!(f, "`{path}`: {error}"),
            Failure::Content { path, problem } => write!(f, "`{path}`: {problem}"),
            Failure::Runs { failures } => {
                write!(f, "{} runs have no result", failures.len())?;
                failures.iter().try_for_each(|failure| write!(f, "\n  {failure}"))
            }
            Failure::Output(error) => write!(f, "cannot write the output: {error}"),
        }
    }
}

impl Failure {
    pub fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Failure {
        let path = path.display().to_string();
        |error| Failure::File { path, error }
    }
}

impl From<error::Error> for Failure {
    fn from(error: error::Error) -> Self {
        Failure::Core(error)
    }
}

/// One line per equation; with `split`, in shuffled order and with the side it falls on.
fn print_table(arguments: &ArgMatches, split: bool) -> Result<(), Failure> {
    let config = Config::from_raw(&arguments::raw_config(arguments)?)?;
    let operation = config.operation();
    let table = Table::new(operation);
    let line = |index: usize| {
        let equation = table.equations[index];
        [equation.x, equation.y, equation.answer]
            .map(|symbol| operation.names()[symbol as usize].as_str())
            .join(",")
    };
    let mut text = String::new();
    if split {
        let rng = Rng::new(u64::from(config.seed));
        let split = config.split(&table, &rng);
        text.push_str("x,y,answer,set\n");
        for (side, set) in [(split.train(), "train"), (split.held_out(), "held out")] {
            for &index in side {
                text.push_str(&format!("{},{set}\n", line(index as usize)));
            }
        }
    } else {
        text.push_str("x,y,answer\n");
        for index in 0..table.equations.len() {
            text.push_str(&line(index));
            text.push('\n');
        }
    }
    report::print(&text)
}
