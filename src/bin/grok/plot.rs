//! `grok plot`: what came of runs as a figure, drawn as the page draws it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use clap::ArgMatches;
use grokking::chart::{Chart, Scale, Style};
use grokking::sweep::{Outcome, Range};
use serde_json::Value;

use crate::folder::results;
use crate::log::{lines, read_outcome};
use crate::{Failure, files};

/// Width of the file and of a chart, and height of a chart, in CSS pixels.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 280;
const TEXT: f64 = 13.0;
const INK: u32 = 0x33_33_36;
const GRID: u32 = 0xb8_b8_bc;
/// Told apart without one kind of cone, too (Okabe and Ito 2008).
const COLORS: [u32; 7] =
    [0x00_72_b2, 0xd5_5e_00, 0x00_9e_73, 0xcc_79_a7, 0xe6_9f_00, 0x56_b4_e9, 0x00_00_00];
/// Characters of a caption in a line.
const CAPTION: usize = 100;

pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    let out = Path::new(arguments.get_one::<String>("out").expect("it is required"));
    let figure = match arguments.get_one::<String>("sweep") {
        Some(folder) => efficiency(Path::new(folder))?,
        None => {
            let logs: Vec<&String> = arguments.get_many("logs").expect("one is required").collect();
            curves(&logs)?
        }
    };
    files::write(out, figure.svg().as_bytes())
}

/// Panels under one another, with a legend above and a caption below.
#[derive(Default)]
struct Figure {
    panels: Vec<Panel>,
    /// What the lines are, by the places of their colours.
    legend: Vec<String>,
    caption: String,
}

struct Panel {
    title: &'static str,
    chart: Chart,
    x: Scale,
    y: Scale,
}

impl Figure {
    fn svg(&self) -> String {
        let mut body = String::new();
        let mut top = 0;
        let mut text = |top: u32, left: u32, color: u32, text: &str| {
            writeln!(
                body,
                "<text x=\"{left}\" y=\"{top}\" fill=\"#{color:06x}\" font-size=\"{TEXT}\">{}</text>",
                escaped(text)
            )
            .expect("a text grows");
        };
        for (at, label) in self.legend.iter().enumerate() {
            top += 18;
            text(top, 16, COLORS[at % COLORS.len()], &format!("● {label}"));
        }
        top += 14;
        for Panel { title, .. } in &self.panels {
            text(top + 14, 16, INK, title);
            top += 22 + HEIGHT;
        }
        for line in wrapped(&self.caption) {
            top += 18;
            text(top, 16, INK, &line);
        }
        let mut at = 18 * self.legend.len() as u32 + 14;
        for Panel { chart, x, y, .. } in &self.panels {
            let style = Style { scale: 1.0, text: TEXT, ink: INK, grid: GRID };
            let chart =
                chart.svg((WIDTH, HEIGHT), *x, *y, style).expect("an SVG takes every drawing");
            writeln!(body, "<g transform=\"translate(0 {})\">{chart}</g>", at + 22)
                .expect("it grows");
            at += 22 + HEIGHT;
        }
        let height = top + 14;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 \
             {WIDTH} {height}\" font-family=\"system-ui, sans-serif\">\n<rect width=\"100%\" height=\"100%\" \
             fill=\"white\"/>\n{body}</svg>\n"
        )
    }
}

/// Accuracy and loss of each run over the logarithm of its steps; what is trained on is thin.
fn curves(logs: &[&String]) -> Result<Figure, Failure> {
    let mut figure = Figure::default();
    let panels = [
        ("Accuracy", Scale::Shares, ["trainAccuracy", "heldOutAccuracy"]),
        ("Loss (nats)", Scale::Losses, ["trainLoss", "heldOutLoss"]),
    ];
    for (title, y, _) in &panels {
        let mut chart = Chart::default();
        chart.keep(2 * logs.len());
        figure.panels.push(Panel { title, chart, x: Scale::LogSteps, y: *y });
    }
    let mut captions = Vec::new();
    for (run, path) in logs.iter().enumerate() {
        let path = Path::new(path);
        let lines = lines(path)?;
        let evaluated: Vec<&Value> =
            lines.iter().filter(|line| line["type"] == "evaluated").collect();
        if evaluated.is_empty() {
            let problem = "it has no evaluations: it is not the log of a run";
            return Err(Failure::content(path, problem));
        }
        let one = logs.len() == 1;
        let colors = if one { [COLORS[1], COLORS[0]] } else { [COLORS[run % COLORS.len()]; 2] };
        for (panel, (_, _, names)) in figure.panels.iter_mut().zip(&panels) {
            for (side, name) in names.iter().enumerate() {
                let number = |line: &Value, name: &str| line[name].as_f64().unwrap_or(f64::NAN);
                let points =
                    evaluated.iter().map(|line| (number(line, "step"), number(line, name)));
                let width = if one || side == 1 { 2.0 } else { 1.0 };
                panel.chart.feed(2 * run + side, points);
                panel.chart.style(2 * run + side, colors[side], width, 0.0);
            }
        }
        let config = &lines[0]["config"];
        captions.push(format!(
            "{}: {}, {} layers, width {}, train fraction {}, seed {}.",
            path.file_stem().unwrap_or_default().to_string_lossy(),
            lines[0]["operation"].as_str().unwrap_or("?"),
            config["layers"],
            config["width"],
            config["trainFraction"],
            config["seed"],
        ));
        if one {
            figure.legend = vec!["held out".into(), "trained on".into()];
        } else {
            figure.legend.push(path.file_stem().unwrap_or_default().to_string_lossy().into());
        }
    }
    figure.caption = captions.join(" ");
    Ok(figure)
}

/// What is reached, and when, over the share that is trained on: a line for each kind of run.
fn efficiency(folder: &Path) -> Result<Figure, Failure> {
    const SHARE: &str = "trainFraction";
    let paths = results(folder)?;
    let outcomes = paths.iter().map(|path| read_outcome(path)).collect::<Result<Vec<_>, _>>()?;
    let ids = outcomes[0].config.keys().filter(|id| !["seed", SHARE].contains(&id.as_str()));
    let differ: Vec<&String> = ids
        .filter(|id| outcomes.iter().any(|run| run.config.get(*id) != outcomes[0].config.get(*id)))
        .collect();
    let kind = |outcome: &Outcome| {
        let named = outcome.variant.iter().cloned();
        let values = differ.iter().filter_map(|id| outcome.config.get(*id).cloned());
        named.chain(values).collect::<Vec<_>>().join(", ")
    };
    // By kind, then by share in per mille, which sorts.
    let mut kinds: BTreeMap<String, BTreeMap<u32, Vec<&Outcome>>> = BTreeMap::new();
    for outcome in &outcomes {
        let share = outcome.config.get(SHARE).and_then(|share| share.parse::<f64>().ok());
        let share = (1_000.0 * share.unwrap_or(0.0)).round() as u32;
        kinds.entry(kind(outcome)).or_default().entry(share).or_default().push(outcome);
    }
    let mut best = Chart::default();
    let mut steps = Chart::default();
    for chart in [&mut best, &mut steps] {
        chart.keep(kinds.len());
    }
    let mut figure = Figure::default();
    for (line, (kind, shares)) in kinds.iter().enumerate() {
        let median = |of: fn(&Outcome) -> Option<f64>| {
            shares.iter().map(move |(share, runs)| {
                let range = Range::of(runs.iter().filter_map(|run| of(run)));
                (f64::from(*share) / 1e3, range.map_or(f64::NAN, |range| range.median))
            })
        };
        best.feed(line, median(|run| Some(run.best_held_out_accuracy)));
        steps.feed(line, median(|run| run.generalised_at.map(|at| at as f64)));
        for chart in [&mut best, &mut steps] {
            chart.style(line, COLORS[line % COLORS.len()], 2.0, 3.0);
        }
        figure.legend.push(if kind.is_empty() { "all runs".into() } else { kind.clone() });
    }
    let x = Scale::Shares;
    figure.panels = vec![
        Panel { title: "Best held-out accuracy, by the share trained on", chart: best, x, y: x },
        Panel {
            title: "Steps to 99 % held out, of the runs that reached it",
            chart: steps,
            x,
            y: Scale::Numbers,
        },
    ];
    let budget = outcomes[0].config.get("budget").map_or("?", String::as_str);
    figure.caption = format!("{} runs; budget {budget} steps; medians over seeds.", outcomes.len());
    Ok(figure)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// In lines of at most [`CAPTION`] characters, between words.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one");
        if !line.is_empty() && line.chars().count() + word.chars().count() >= CAPTION {
            lines.push(word.into());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
