//! `grok evaluate`, `grok inspect` and `grok ablate`: a saved network, without training.

use std::fmt::Write;
use std::path::Path;

use clap::ArgMatches;
use grokking::config::RawConfig;
use grokking::inspect::inside::{Fill, Look};
use grokking::inspect::{Inspector, Watch};
use grokking::model::file::{self, Metadata};
use grokking::session::recording::PROJECTIONS;
use grokking::session::{Command, Curves, Event, Session};
use grokking::train::Hardware;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};

use crate::drive::{inspect, obey};
use crate::{Failure, arguments, files, report};

/// A network on its table.
struct Saved {
    session: Session,
    point: Curves,
    /// What the file says of itself.
    metadata: Metadata,
}

/// Accuracies and losses, and on demand what it says of every cell.
pub fn evaluate(arguments: &ArgMatches) -> Result<(), Failure> {
    let Saved { mut session, point, metadata } = open(arguments)?;
    let trainer = session.trainer()?;
    let operation = trainer.config().operation().clone();
    let weights = pollster::block_on(trainer.weights())?;
    let mut inspector = Inspector::new(&operation, trainer.model());
    let equations = &trainer.table().equations;
    let logits = pollster::block_on(inspector.logits(&weights, equations));
    let n = trainer.table().symbols;
    if let Some(path) = arguments.get_one::<String>("cells") {
        let name = |symbol: usize| operation.names()[symbol].as_str();
        let mut text = String::from("x,y,answer,predicted,set\n");
        for (at, equation) in equations.iter().enumerate() {
            let [x, y, answer] = [equation.x, equation.y, equation.answer].map(usize::from);
            let predicted = usize::from(point.predicted[x * n + y]);
            let set = if trainer.held_out()[at] { "held out" } else { "train" };
            let cells = [name(x), name(y), name(answer), name(predicted), set].join(",");
            writeln!(text, "{cells}").expect("a text grows");
        }
        files::write(Path::new(path), text.as_bytes())?;
    }
    if let Some(path) = arguments.get_one::<String>("logits") {
        let bytes: Vec<u8> = logits.iter().flat_map(|value| value.to_le_bytes()).collect();
        let cells: Vec<u8> =
            equations.iter().flat_map(|at| [at.x, at.y]).flat_map(u16::to_le_bytes).collect();
        let view = |dtype, columns, bytes| {
            TensorView::new(dtype, vec![equations.len(), columns], bytes)
                .expect("it has that shape")
        };
        let tensors = [
            ("cells", view(Dtype::U16, 2, &cells[..])),
            ("logits", view(Dtype::F32, n, &bytes[..])),
        ];
        let file = safetensors::serialize(tensors, None).expect("two tensors");
        files::write(Path::new(path), &file)?;
    }
    let mut line = json!(point);
    let step = metadata.get("step").and_then(|step| step.parse::<u64>().ok());
    let fields = line.as_object_mut().expect("a point has fields");
    fields.retain(|name, _| name.contains("ccuracy") || name.contains("Loss"));
    fields.insert("step".into(), json!(step));
    report::json_line(&line)
}

/// What the page's figures show of it.
pub fn inspect_all(arguments: &ArgMatches) -> Result<(), Failure> {
    let mut session = open(arguments)?.session;
    let mut points = Vec::new();
    for (matrix, method) in PROJECTIONS {
        let watch = Watch { points: Some((matrix, method)), ..Watch::default() };
        let found = inspect(&mut session, watch)?.inspection.points;
        let (pairs, _) = found.as_chunks::<2>();
        points.push(json!({ "matrix": matrix, "method": method, "points": pairs }));
    }
    let layers = session.trainer()?.model().n_layers;
    let mut inside = Vec::new();
    for layer in 0..layers {
        let watch = Watch { inside: Some(Look { layer, neuron: None }), ..Watch::default() };
        inside.push(json!(inspect(&mut session, watch)?.inspection.inside));
    }
    let watch = Watch {
        structure: true,
        sharpness: true,
        gauge: true,
        parts: true,
        clock: true,
        ..Watch::default()
    };
    let mut found = json!(inspect(&mut session, watch)?.inspection);
    found["points"] = Value::Array(points);
    found["inside"] = Value::Array(inside);
    report::json_line(&found)
}

/// What is left of it without some of its parts.
pub fn ablate(arguments: &ArgMatches) -> Result<(), Failure> {
    let mut session = open(arguments)?.session;
    let cuts = arguments.get_many::<String>("cut").into_iter().flatten().cloned().collect();
    let fill = if arguments.get_flag("mean") { Fill::Mean } else { Fill::Zero };
    let events = obey(&mut session, Command::Ablate { cuts, fill })?;
    let found = events.into_iter().find_map(|event| match event {
        Event::Ablated { ablated, .. } => Some(ablated),
        _ => None,
    });
    report::json_line(&json!(found.expect("an ablation was asked for")))
}

/// The network of a file, whose settings are those that it says, under what was typed.
fn open(arguments: &ArgMatches) -> Result<Saved, Failure> {
    let path = Path::new(arguments.get_one::<String>("weights").expect("it is required"));
    let bytes = files::read(path)?;
    let metadata = file::metadata(&bytes)?;
    let typed = arguments::raw_config(arguments)?;
    let mut config: RawConfig = match metadata.get("config") {
        Some(text) => arguments::read_settings(path, text)?,
        None => RawConfig::default(),
    };
    config.preset = typed.preset.or(config.preset);
    config.settings.extend(typed.settings);
    let mut session = Session::new(Hardware::Cpu);
    obey(&mut session, Command::Start { config, resume: None, from: None })?;
    let values = file::decode(session.trainer()?.model(), &bytes)?;
    let events = obey(&mut session, Command::Import { values })?;
    let point = events.into_iter().find_map(|event| match event {
        Event::Evaluated(point) => Some(point),
        _ => None,
    });
    Ok(Saved { session, point: point.expect("what is imported is evaluated"), metadata })
}
