//! The native command line: the page's core without the page.

mod arguments;
mod checkpoint;
mod differ;
mod drive;
mod families;
mod files;
mod folder;
mod gauge;
mod log;
mod plot;
mod provenance;
mod readings;
mod record;
mod recorder;
mod report;
mod saved;
mod summary;
mod sweep;
mod train;

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;
use clap_complete::Shell;
use grokking::config::Config;
use grokking::data::{Equation, Table, corrupt};
use grokking::rng::Rng;
use grokking::{error, schema};

/// A step frees and asks again for tens of megabytes, which the system's allocator returns to the
/// kernel each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// That of a program which SIGPIPE ended.
const BROKEN_PIPE: u8 = 128 + 13;

fn main() -> ExitCode {
    let matches = arguments::command().get_matches();
    let result = match matches.subcommand() {
        Some(("train", arguments)) => train::run(arguments),
        Some(("bench", arguments)) => train::bench(arguments),
        Some(("table", arguments)) => print_table(arguments),
        Some(("split", arguments)) => print_split(arguments),
        Some(("record", arguments)) => record::run(arguments),
        Some(("evaluate", arguments)) => saved::evaluate(arguments),
        Some(("inspect", arguments)) => saved::inspect_all(arguments),
        Some(("ablate", arguments)) => saved::ablate(arguments),
        Some(("sweep", arguments)) => sweep::run(arguments),
        Some(("summary", arguments)) => summary::run(arguments),
        Some(("readings", arguments)) => readings::run(arguments),
        Some(("gauge", arguments)) => gauge::run(arguments),
        Some(("plot", arguments)) => plot::run(arguments),
        Some(("completions", arguments)) => completions(arguments),
        Some(("man", arguments)) => manual(arguments),
        Some(("schema", _)) => report::print(&schema::javascript()),
        _ => unreachable!("clap asks for a subcommand"),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // As a reader such as `head` ends other tools, which say nothing of it.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            ExitCode::from(BROKEN_PIPE)
        }
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "error: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Why a command ended early.
pub enum Failure {
    Core(error::Error),
    /// Flags that do not go together.
    Typed(String),
    /// A file that was named and cannot be read.
    Input {
        path: String,
        error: std::io::Error,
    },
    /// A file that could not be written.
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
                | error::Error::Syntax { .. }
                | error::Error::Weights(_),
            )
            | Failure::Typed(_)
            | Failure::Input { .. }
            | Failure::Content { .. } => 2,
            _ => 1,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Core(error) => error.fmt(f),
            Failure::Typed(why) => f.write_str(why),
            Failure::Input { path, error } | Failure::File { path, error } => {
                write!(f, "`{path}`: {error}")
            }
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
    pub fn content(path: &std::path::Path, problem: impl Into<String>) -> Failure {
        Failure::Content { path: path.display().to_string(), problem: problem.into() }
    }

    pub fn input(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Failure {
        let path = path.display().to_string();
        |error| Failure::Input { path, error }
    }

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

/// The beginning of a text that may be as long as a file.
fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// Prints the completions of a shell, for every command and flag.
fn completions(arguments: &ArgMatches) -> Result<(), Failure> {
    let shell = *arguments.get_one::<Shell>("shell").expect("it is required");
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut arguments::command(), "grok", &mut text);
    report::print(&String::from_utf8_lossy(&text))
}

/// A page for each command.
fn manual(arguments: &ArgMatches) -> Result<(), Failure> {
    let folder = Path::new(arguments.get_one::<String>("folder").expect("it is required"));
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    clap_mangen::generate_to(arguments::command(), folder).map_err(Failure::file(folder))
}

/// One line per equation.
fn print_table(arguments: &ArgMatches) -> Result<(), Failure> {
    let config = Config::from_raw(&arguments::raw_config(arguments)?)?;
    let operation = config.operation();
    let name = |symbol: u16| operation.names()[usize::from(symbol)].as_str();
    let mut text = String::from("x,y,answer\n");
    for Equation { x, y, answer } in Table::new(operation).equations {
        text.push_str(&format!("{},{},{}\n", name(x), name(y), name(answer)));
    }
    report::print(&text)
}

/// One line per equation: the side that it falls on, and the answer that is trained on, which an outlier
/// has from another.
fn print_split(arguments: &ArgMatches) -> Result<(), Failure> {
    let config = Config::from_raw(&arguments::raw_config(arguments)?)?;
    let operation = config.operation();
    let name = |symbol: u16| operation.names()[usize::from(symbol)].as_str();
    let rng = Rng::new(u64::from(config.seed));
    let table = Table::new(operation);
    let split = config.split(&table, &rng);
    let mut shown = table.equations.clone();
    let outliers = corrupt(&mut shown, split.train(), config.outliers, &rng);
    let mut text = String::from("x,y,answer,trained,set\n");
    for (side, set) in [(split.train(), "train"), (split.held_out(), "held out")] {
        for &index in side {
            let index = index as usize;
            let Equation { x, y, answer } = table.equations[index];
            let (x, y, answer) = (name(x), name(y), name(answer));
            let (trained, set) = match (set, outliers[index]) {
                ("train", true) => (name(shown[index].answer), "outlier"),
                ("train", false) => (answer, set),
                _ => ("", set),
            };
            text.push_str(&format!("{x},{y},{answer},{trained},{set}\n"));
        }
    }
    report::print(&text)
}
