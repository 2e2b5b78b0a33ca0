//! The messages as types for the page's JavaScript: `www/js/worker/messages.d.ts`.

use std::fs;
use std::path::Path;

use ts_rs::{Config, TS};

use super::history::History;
use super::message::{
    Command, Curves, Event, Inspected, Snapshot, Started, Status, Subgroup, Tensor, Tested,
};
use crate::config::RawConfig;
use crate::inspect::gauge::{Forecast, Outlook};
use crate::inspect::inside::{
    Ablated, Fill, Fired, Inside, LayerTrace, Look, Opened, Switch, Tuning,
};
use crate::inspect::{
    Clock, Face, Fourier, Inspection, Matrix, Method, Parts, Power, Prediction, Rule, Score,
    Scores, Watch,
};

const PATH: &str = "www/js/worker/messages.d.ts";
const HEAD: &str =
    "// Written by a test from src/session/message.rs: `UPDATE=1 cargo test --lib messages`.\n";

fn declarations() -> String {
    // Counts and steps stay far below 2^53.
    let config = Config::new().with_large_int("number");
    let declare = |declaration: String| format!("\nexport {declaration}\n");
    let all = [
        Command::decl(&config),
        Event::decl(&config),
        Started::decl(&config),
        Curves::decl(&config),
        Status::decl(&config),
        Inspected::decl(&config),
        Inspection::decl(&config),
        Fourier::decl(&config),
        Power::decl(&config),
        Inside::decl(&config),
        Tuning::decl(&config),
        Opened::decl(&config),
        Parts::decl(&config),
        Switch::decl(&config),
        Rule::decl(&config),
        Scores::decl(&config),
        Score::decl(&config),
        Clock::decl(&config),
        Face::decl(&config),
        Ablated::decl(&config),
        Fill::decl(&config),
        Outlook::decl(&config),
        Forecast::decl(&config),
        Prediction::decl(&config),
        LayerTrace::decl(&config),
        Fired::decl(&config),
        Subgroup::decl(&config),
        Tensor::decl(&config),
        Snapshot::decl(&config),
        History::decl(&config),
        Tested::decl(&config),
        RawConfig::decl(&config),
        Watch::decl(&config),
        Look::decl(&config),
        Matrix::decl(&config),
        Method::decl(&config),
    ];
    all.map(declare).concat()
}

#[test]
fn the_pages_messages_are_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PATH);
    let fresh = format!("{HEAD}{}", declarations());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == fresh, "{PATH} is out of date: run `UPDATE=1 cargo test --lib messages`");
}
