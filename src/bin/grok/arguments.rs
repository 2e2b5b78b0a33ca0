//! Flags, one for every row of the table of settings.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use grokking::config::{Config, RawConfig};
use grokking::presets::PRESETS;
use grokking::settings::{Kind, SETTINGS, Setting};
use grokking::sweep::Value;
use grokking::variants::VARIANTS;
use serde::Deserialize;

use crate::recorder::Moment;
use crate::{Failure, files};

pub fn command() -> Command {
    let backend = Arg::new("backend")
        .long("backend")
        .value_parser(["cpu", "wgpu"])
        .default_value("cpu")
        .help("Where to train: the CPU, or the graphics card (a build with `--features gpu`)");
    let train = with_settings(Command::new("train").about("Train a network and watch it grok"))
        .arg(backend.clone())
        .arg(
            Arg::new("every")
                .long("every")
                .value_name("STEPS")
                .value_parser(value_parser!(u32).range(1..))
                .help("Steps between evaluations [default: every step at first, then 2 % more each time]"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print each evaluation as a line of JSON"),
        )
        .arg(file("config", "Read the settings from a run's file of a sweep; flags go over it"))
        .arg(file("log", "Write evaluations and outcome as lines of JSON, whole or not at all"))
        .arg(
            Arg::new("resume")
                .long("resume")
                .action(ArgAction::SetTrue)
                .requires("log")
                .help("Do nothing if the log is there"),
        )
        .arg(
            Arg::new("tied")
                .long("tied")
                .action(ArgAction::SetTrue)
                .hide(true)
                .help("End when standard input does, as whoever started the run has"),
        )
        .args(checkpoint())
        .args(frames(0, "0"))
        .arg(
            Arg::new("sharpness")
                .long("sharpness")
                .action(ArgAction::SetTrue)
                .requires("log")
                .help("Measure the sharpness of the finished network for the log"),
        )
        .arg(
            Arg::new("inspect")
                .long("inspect")
                .action(ArgAction::SetTrue)
                .requires("log")
                .help("Log what the network has learned at every evaluation, too"),
        )
        .arg(file("init", "Start from the weights in a safetensors file"))
        .arg(
            file("from", "Fork off a checkpoint: go on from its step to the budget with what is typed changed")
                .conflicts_with_all(["init", "preset", "config"]),
        )
        .arg(file("save", "Write the final weights to a safetensors file"));
    Command::new("grok")
        .about("Train small transformers on tables of binary operations, and watch them grok")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(train)
        .subcommand(
            with_settings(Command::new("bench").about("Time steps, and print a line of JSON"))
                .arg(backend.clone())
                .arg(
                    Arg::new("steps")
                        .long("steps")
                        .value_parser(value_parser!(u32).range(1..))
                        .default_value("20")
                        .help("Steps that are timed, after a few that are not"),
                ),
        )
        .subcommand(with_settings(
            Command::new("table").about("Print every equation of an operation as CSV"),
        ))
        .subcommand(with_settings(
            Command::new("split").about("Print which equations are trained on and held out"),
        ))
        .subcommand(
            with_settings(
                Command::new("record").about("Train, and write a run that the page replays"),
            )
            .arg(file("out", "The recording to write, such as s5.grok").required(true))
            .arg(
                file("from", "Train nothing, and write what this checkpoint has, so far")
                    .conflicts_with("weights"),
            )
            .arg(backend)
            .args(checkpoint())
            .args(frames(2, "48")),
        )
        .subcommand(
            with_settings(
                Command::new("evaluate").about("Print how well a saved network does, as JSON"),
            )
            .arg(weights())
            .arg(file("cells", "Write what it answers in each cell, as CSV"))
            .arg(file(
                "logits",
                "Write its scores of every symbol, [cells, symbols], as safetensors",
            )),
        )
        .subcommand(
            with_settings(
                Command::new("inspect")
                    .about("Print what the page's figures show of a saved network, as JSON"),
            )
            .arg(weights()),
        )
        .subcommand(with_settings(ablate()).arg(weights()))
        .subcommand(sweep())
        .subcommand(
            Command::new("summary")
                .about("Print what came of the runs in a folder, seeds taken together")
                .arg(Arg::new("folder").required(true).help("A sweep's folder of results"))
                .arg(
                    Arg::new("json").long("json").action(ArgAction::SetTrue).help(
                        "Print every outcome as JSON instead, as the page shows recorded sweeps",
                    ),
                )
                .arg(
                    Arg::new("csv")
                        .long("csv")
                        .action(ArgAction::SetTrue)
                        .conflicts_with("json")
                        .help("Print every outcome as a row of CSV, with the settings that differ"),
                ),
        )
        .subcommand(
            Command::new("plot")
                .about("Draw logs, or the runs of a sweep by what they were trained on, as SVG")
                .arg(
                    Arg::new("logs")
                        .num_args(1..)
                        .value_name("LOG")
                        .required_unless_present("sweep")
                        .conflicts_with("sweep")
                        .help("Files of `train --log`: accuracy and loss over steps"),
                )
                .arg(
                    file(
                        "sweep",
                        "A folder of results: accuracy and steps over the train fraction",
                    )
                    .value_name("FOLDER"),
                )
                .arg(file("out", "The figure to write, such as figure.svg").required(true)),
        )
        .subcommand(
            Command::new("readings")
                .about("Print what the gauge reads from sweeps made with `--inspect`, a line a run")
                .arg(Arg::new("folder").required(true).num_args(1..).help("Folders of results")),
        )
        .subcommand(
            Command::new("gauge")
                .about("Fit the forecasts of grokking on some readings, and judge them on others")
                .arg(
                    file("fit", "Readings of sums to fit on")
                        .requires("apart")
                        .required_unless_present("families"),
                )
                .arg(file("apart", "Readings of sums to judge on").requires("fit"))
                .arg(file(
                    "families",
                    "Readings of several families of operations, each of which is forecast by fits of the \
                     others",
                ))
                .arg(
                    file("rust", "Write the fits as the module `inspect::gauge::fitted`")
                        .requires_all(["fit", "families"]),
                )
                .arg(
                    file("json", "Write the judgements, as the page shows them")
                        .requires_all(["fit", "families"]),
                ),
        )
        .subcommand(Command::new("completions").about("Print the completions of a shell").arg(
            Arg::new("shell").required(true).value_parser(value_parser!(clap_complete::Shell)),
        ))
        .subcommand(
            Command::new("man")
                .about("Write manual pages, one a command")
                .arg(Arg::new("folder").required(true).help("Where, such as man/man1")),
        )
        .subcommand(
            Command::new("schema").about("Print the settings and presets as the page's module"),
        )
}

/// A saved network.
fn weights() -> Arg {
    let help = "A safetensors file, such as `train --save` writes, which says its settings";
    Arg::new("weights").required(true).value_name("FILE").help(help)
}

fn ablate() -> Command {
    Command::new("ablate")
        .about("Print how much a saved network gets right without some of its parts, as JSON")
        .arg(Arg::new("cut").long("cut").value_name("PART").action(ArgAction::Append).help(
            "A part to take away, such as head:0.2, mlp:0 or neurons:keys, as often as wanted; \
                 `inspect` lists a network's under `parts`",
        ))
        .arg(
            Arg::new("mean")
                .long("mean")
                .action(ArgAction::SetTrue)
                .help("Put the mean over the table in place of heads and neurons, and not zero"),
        )
}

/// How a run outlives its process.
fn checkpoint() -> [Arg; 2] {
    [
        file("checkpoint", "Save the run here now and then, and go on from there if it is there"),
        Arg::new("every-seconds")
            .long("every-seconds")
            .value_name("SECONDS")
            .value_parser(value_parser!(u64))
            .default_value("60")
            .help("Time between two checkpoints, which is the most that is lost"),
    ]
}

/// How a run is recorded.
fn frames(least: i64, standard: &'static str) -> [Arg; 4] {
    [
        Arg::new("frames")
            .long("frames")
            .value_name("N")
            .value_parser(value_parser!(u16).range(least..=500))
            .default_value(standard)
            .help("Moments to keep for a recording, evenly over the logarithm of the steps; 0 for none"),
        Arg::new("table-only").long("table-only").action(ArgAction::SetTrue).help(
            "Of a recording: curves and table, and nothing of what the laboratory's figures show",
        ),
        Arg::new("weights")
            .long("weights")
            .value_name("STEPS")
            .value_delimiter(',')
            .value_parser(value_parser!(Moment))
            .help(
                "Keep the weights in a recording, too: at the first evaluation from each step on, or at \
                 `memorised`, `generalised` or `end`, such as 140,generalised",
            ),
        Arg::new("precision")
            .long("weights-precision")
            .value_name("PRECISION")
            .requires("weights")
            .value_parser(["f16", "f32"])
            .help(
                "How a recording keeps weights: f16, which is float16 wherever that can hold them, or f32, as \
                 they are in twice the bytes [default: f16]",
            ),
    ]
}

fn sweep() -> Command {
    Command::new("sweep")
        .about("Train every combination of settings that a file lists, each run a process")
        .arg(file("config", "The sweep's file, see the README").required(true))
        .arg(file("out", "Folder for the runs' files and results").required(true))
        .arg(
            Arg::new("jobs")
                .long("jobs")
                .value_name("N")
                .value_parser(value_parser!(u16).range(1..=1024))
                .help("Runs at a time [default: one a core]"),
        )
        .arg(
            Arg::new("resume")
                .long("resume")
                .action(ArgAction::SetTrue)
                .help("Go on with a sweep that was ended: results that are there stay"),
        )
        .arg(
            Arg::new("sharpness")
                .long("sharpness")
                .action(ArgAction::SetTrue)
                .help("Measure the sharpness of every finished network, and its rank correlation"),
        )
        .arg(
            Arg::new("inspect")
                .long("inspect")
                .action(ArgAction::SetTrue)
                .help("Log what the networks have learned at every evaluation, too"),
        )
        .arg(
            Arg::new("plan")
                .long("plan")
                .action(ArgAction::SetTrue)
                .help("Only write the runs' files, and print each run's command"),
        )
}

/// What a file says of a run.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunFile {
    #[serde(default)]
    preset: Option<String>,
    settings: BTreeMap<String, Value>,
    /// The bundle of settings that it has, in a sweep.
    #[serde(default)]
    variant: Option<String>,
}

impl RunFile {
    fn config(&self) -> RawConfig {
        let settings = self.settings.iter().map(|(id, value)| (id.clone(), value.to_string()));
        RawConfig { preset: self.preset.clone(), settings: settings.collect() }
    }
}

/// Settings in a file: a run of a sweep, a map of settings, or a log, which begins with its own.
fn read_run(path: &Path) -> Result<RunFile, Failure> {
    parse_run(path, &files::read_text(path)?)
}

/// The settings that the text of a file says.
pub fn read_settings(path: &Path, text: &str) -> Result<RawConfig, Failure> {
    Ok(parse_run(path, text)?.config())
}

fn parse_run(path: &Path, text: &str) -> Result<RunFile, Failure> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    let first = values.next().unwrap_or(Ok(serde_json::Value::Null));
    let map = |settings| {
        serde_json::from_value(settings).map(|settings| RunFile { settings, ..RunFile::default() })
    };
    let read = first.and_then(|mut value| {
        if let Some(settings) = value.get_mut("config") {
            return map(settings.take());
        }
        match value.get("settings") {
            Some(_) => serde_json::from_value(value),
            None => map(value),
        }
    });
    read.map_err(|error| Failure::content(path, format!("not a run's settings: {error}")))
}

/// What is asked for: what was typed, over a file that it may name with `--config`.
pub fn raw_config(arguments: &ArgMatches) -> Result<RawConfig, Failure> {
    Ok(run(arguments)?.0)
}

/// The same, and the variant that the file says.
pub fn run(arguments: &ArgMatches) -> Result<(RawConfig, Option<String>), Failure> {
    let typed = typed(arguments)?;
    let path = arguments.try_get_one::<String>("config").ok().flatten();
    let file = path.map(|path| read_run(Path::new(path))).transpose()?.unwrap_or_default();
    let mut config = file.config();
    config.preset = typed.preset.or(config.preset);
    let has = |id: &str| typed.settings.contains_key(id);
    let unused = ["formula", "table"].into_iter().find(|&id| {
        let operation = typed.settings.get("operation").or(config.settings.get("operation"));
        has(id) && operation.is_none_or(|operation| operation != id)
    });
    if let Some(id) = unused {
        let why = format!("`--{id}` changes nothing without its operation: add `--operation {id}`");
        return Err(Failure::Typed(why));
    }
    config.settings.extend(typed.settings);
    Ok((config, file.variant))
}

/// What was typed alone. Texts may be in files: `@path`.
fn typed(arguments: &ArgMatches) -> Result<RawConfig, Failure> {
    let mut config =
        RawConfig { preset: arguments.get_one("preset").cloned(), ..RawConfig::default() };
    if let Some(id) = arguments.get_one::<String>("variant") {
        let variant = VARIANTS.iter().find(|variant| variant.id == id);
        let settings = variant.expect("clap allows only those").settings();
        config.settings.extend(settings.into_iter().map(|(id, value)| (id.into(), value.into())));
    }
    for setting in SETTINGS {
        let Some(typed) = arguments.get_one::<String>(setting.id) else { continue };
        let value = match typed.strip_prefix('@').map(Path::new) {
            Some(path) if matches!(setting.kind, Kind::Text { .. }) => files::read_text(path)?,
            _ => typed.clone(),
        };
        config.settings.insert(setting.id.into(), value);
    }
    Ok(config)
}

fn with_settings(command: Command) -> Command {
    let presets: Vec<&str> = PRESETS.iter().map(|preset| preset.id).collect();
    let standard: BTreeMap<_, _> = Config::default().typed().into_iter().collect();
    let preset = Arg::new("preset").long("preset").value_name("PRESET").help(format!(
        "Settings to start from: {} [default: {}]",
        presets.join(", "),
        presets[0]
    ));
    let variant = Arg::new("variant")
        .long("variant")
        .value_parser(VARIANTS.iter().map(|variant| variant.id).collect::<Vec<_>>())
        .help("A way to train: its settings go over those of the preset");
    SETTINGS.iter().fold(command.arg(preset).arg(variant), |command, setting| {
        command.arg(
            Arg::new(setting.id)
                .long(kebab(setting.id))
                .value_name(setting.id.to_uppercase())
                .allow_negative_numbers(true)
                .help_heading(heading(setting.id))
                .help(help(setting, &standard[setting.id])),
        )
    })
}

/// The part of the help in which a setting stands.
fn heading(id: &str) -> &'static str {
    match id {
        "operation" | "modulus" | "formula" | "table" | "heldOut" | "trainFraction" | "split"
        | "outliers" => "What is learned",
        "layers" | "width" | "heads" | "mlpRatio" | "activation" | "norm" | "positions"
        | "attentionRate" | "bias" | "initializer" | "initScale" | "prompt" => "The network",
        "kernels" | "threads" => "What computes it",
        _ => "How it is trained",
    }
}

/// What it does, what is allowed, and what it is where no preset says otherwise.
fn help(setting: &Setting, standard: &str) -> String {
    let allowed = setting.kind.allowed();
    let standard = if standard.is_empty() { "none" } else { standard };
    format!("{} [{allowed}] [default: {standard}]", setting.help)
}

fn file(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("FILE").help(help)
}

/// `trainFraction` to `train-fraction`.
fn kebab(id: &str) -> String {
    id.chars()
        .flat_map(|c| {
            let dash = c.is_ascii_uppercase().then_some('-');
            dash.into_iter().chain([c.to_ascii_lowercase()])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_flags_have_one_name() {
        command().debug_assert();
        let train = command().find_subcommand("train").unwrap().clone();
        let mut flags: Vec<String> =
            train.get_arguments().filter_map(|flag| flag.get_long().map(String::from)).collect();
        let count = flags.len();
        flags.sort();
        flags.dedup();
        assert_eq!(flags.len(), count);
    }
}
