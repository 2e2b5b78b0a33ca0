//! The tables of settings, operations and presets as JSON, for the page.
//!
//! `grok schema` prints it into `www/js/run/schema.js`; a test keeps that file fresh, so that no
//! name, range or default is written twice.

use serde_json::{Map, Value, json};

use crate::algebra;
use crate::config::BATCH_MAX;
use crate::data::Table;
use crate::fused::Program;
use crate::model::ModelConfig;
use crate::presets::{PRESETS, Preset};
use crate::rng::Rng;
use crate::settings::{Kind, SETTINGS};
use crate::variants::VARIANTS;

/// The version of the messages between page and worker; a worker of another is an old file.
pub const PROTOCOL_VERSION: u32 = 1;

/// The module `www/js/run/schema.js`, whole.
pub fn javascript() -> String {
    let json = serde_json::to_string_pretty(&schema()).expect("a tree of JSON values prints");
    format!(
        "// Written by `grok schema`; the source is src/settings.rs and src/presets.rs.\n\nexport const SCHEMA = {json};\n"
    )
}

fn schema() -> Value {
    let operations: Vec<Value> = algebra::ALL
        .iter()
        .map(|op| json!({ "id": op.id, "label": op.label, "family": op.family(), "usesModulus": op.uses_modulus() }))
        .collect();
    let settings: Vec<Value> = SETTINGS
        .iter()
        .map(|setting| {
            let mut row = Map::new();
            row.insert("id".into(), json!(setting.id));
            row.insert("label".into(), json!(setting.label));
            row.insert("help".into(), json!(setting.help));
            row.insert("live".into(), json!(setting.live));
            row.insert("allowed".into(), json!(setting.kind.allowed()));
            row.extend(kind(&setting.kind));
            Value::Object(row)
        })
        .collect();
    let presets: Vec<Value> = PRESETS
        .iter()
        .map(|preset| {
            let settings: Map<String, Value> = preset
                .config()
                .typed()
                .into_iter()
                .map(|(id, text)| (id.into(), json!(text)))
                .collect();
            json!({
                "id": preset.id,
                "title": preset.title,
                "question": preset.question,
                "lookFor": preset.look_for,
                "steps": preset.steps,
                "gflop": gflop(preset),
                "settings": settings,
            })
        })
        .collect();
    let variants: Vec<Value> = VARIANTS
        .iter()
        .map(|variant| {
            json!({
                "id": variant.id,
                "title": variant.title,
                "family": variant.family,
                "settings": variant.settings(),
            })
        })
        .collect();
    json!({
        "protocolVersion": PROTOCOL_VERSION,
        "operations": operations,
        "settings": settings,
        "presets": presets,
        "variants": variants,
    })
}

/// Billions of operations of a preset's matrix products, all of its steps together: over the rate of a
/// computer, how long it takes there.
fn gflop(preset: &Preset) -> f64 {
    let config = preset.config();
    let table = Table::new(config.operation());
    let split = config.split(&table, &Rng::new(u64::from(config.seed)));
    let n_train = split.train().len();
    let program = Program::new(&ModelConfig::new(&config, table.symbols));
    let step = program.step_flop(config.batch.equations(n_train));
    (step as f64 * f64::from(preset.steps) / 1e9).round()
}

fn kind(kind: &Kind) -> Map<String, Value> {
    let fields = match kind {
        Kind::Integer { min, max } => json!({ "kind": "integer", "min": min, "max": max }),
        Kind::Number { min, max } => json!({ "kind": "number", "min": min, "max": max }),
        Kind::Choice(ids) => json!({ "kind": "choice", "choices": ids }),
        Kind::Operation => json!({ "kind": "choice", "choices": algebra::ids() }),
        Kind::Modulus => {
            let primes: Vec<String> = (algebra::MODULUS_MIN..=algebra::MODULUS_MAX)
                .filter(|&n| algebra::is_prime(n))
                .map(|p| p.to_string())
                .collect();
            json!({ "kind": "choice", "choices": primes })
        }
        Kind::Text { max } => json!({ "kind": "text", "max": max }),
        Kind::Batch => json!({ "kind": "batch", "max": BATCH_MAX }),
    };
    match fields {
        Value::Object(map) => map,
        _ => unreachable!("each arm is an object"),
    }
}
