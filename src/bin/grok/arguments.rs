//! Flags, one for every row of the table of settings.

use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use grokking::config::RawConfig;
use grokking::presets::PRESETS;
use grokking::settings::{Kind, SETTINGS};
use grokking::variants::VARIANTS;

use crate::Failure;

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
                .help("Steps between evaluations [default: what keeps them cheap]"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print each evaluation as a line of JSON"),
        )
        .arg(file("config", "Read the settings from a run's file of a sweep; flags go over it"))
        .arg(
            file("log", "Write evaluations and outcome as lines of JSON, whole or not at all")
                .conflicts_with("json"),
        )
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
        .arg(file("save", "Write the final weights to a safetensors file"));
    Command::new("grok")
        .about("Train small transformers on tables of binary operations, and watch them grok")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(train)
        .subcommand(
            with_settings(Command::new("bench").about("Time steps, and print a line of JSON"))
                .arg(backend)
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
                Arg::new("frames")
                    .long("frames")
                    .value_parser(value_parser!(u16).range(2..=500))
                    .default_value("48")
                    .help("Steps at which the table and the weights are kept, over the budget"),
            )
            .arg(
                Arg::new("table-only").long("table-only").action(ArgAction::SetTrue).help(
                    "Keep curves and table, and nothing of what the figures of the laboratory show",
                ),
            ),
        )
        .subcommand(sweep())
        .subcommand(
            Command::new("summary")
                .about("Print what came of the runs in a folder, seeds taken together")
                .arg(Arg::new("folder").required(true).help("A sweep's folder of results"))
                .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help(
                    "Print every outcome as JSON instead, as the page shows recorded sweeps",
                )),
        )
        .subcommand(
            Command::new("readings")
                .about("Print what the gauge reads from sweeps made with `--inspect`, a line a run")
                .arg(Arg::new("folder").required(true).num_args(1..).help("Folders of results")),
        )
        .subcommand(
            Command::new("gauge")
                .about("Fit the forecast of grokking on some readings, and judge it on others")
                .arg(file("fit", "Readings to fit on").required(true))
                .arg(file("apart", "Readings to judge on").required(true))
                .arg(file("rust", "Write the fit as the module `inspect::gauge::fitted`"))
                .arg(file("json", "Write the judgement, as the page shows it")),
        )
        .subcommand(
            Command::new("schema").about("Print the settings and presets as the page's module"),
        )
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

/// What was typed. Texts may be in files: `@path`.
pub fn raw_config(arguments: &ArgMatches) -> Result<RawConfig, Failure> {
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
            Some(path) if matches!(setting.kind, Kind::Text { .. }) => {
                std::fs::read_to_string(path).map_err(Failure::file(path))?
            }
            _ => typed.clone(),
        };
        config.settings.insert(setting.id.into(), value);
    }
    Ok(config)
}

fn with_settings(command: Command) -> Command {
    let presets: Vec<&str> = PRESETS.iter().map(|preset| preset.id).collect();
    let preset = Arg::new("preset").long("preset").help(format!(
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
                .help(format!("{} [{}]", setting.help, setting.kind.allowed())),
        )
    })
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
