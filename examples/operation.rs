//! Learns a table of one's own, here max(x, y): `cargo run --release --example operation`.
//!
//! A formula would do for what is arithmetic modulo p: the settings `operation=formula` and
//! `formula=2x + 3y`. A table holds anything.

use std::collections::BTreeMap;

use grokking::algebra::{BinaryOp, Operation};
use grokking::config::{Config, RawConfig};
use grokking::error::Error;
use grokking::train::{Hardware, Trainer};

/// Symbols are the numbers below it.
const N: usize = 24;

fn main() -> Result<(), Error> {
    // Rows are x, columns are y; an empty cell would be one that is not defined.
    let row = |x: usize| (0..N).map(|y| x.max(y).to_string()).collect::<Vec<_>>().join(",");
    let table = (0..N).map(row).collect::<Vec<_>>().join("\n");

    // What can be said of it without a network. Modulus and formula are for other operations.
    let operation = Operation::new(BinaryOp::find("table")?, 0, "", &table)?;
    let facts = operation.facts();
    println!("commutative {}, associative {}", facts.commutative, facts.associative);
    let chance = facts.commonest as f64 / (N * N) as f64;
    println!(
        "{} answers; always giving the commonest is right {chance:.2} of the time",
        facts.distinct_answers
    );

    let settings = [
        ("operation", "table"),
        ("table", table.as_str()),
        ("trainFraction", "0.6"),
        ("batch", "full"),
    ];
    let settings: BTreeMap<String, String> =
        settings.into_iter().map(|(id, text)| (id.to_string(), text.to_string())).collect();
    let config = Config::from_raw(&RawConfig { preset: None, settings })?;
    let mut trainer = Trainer::new(&config, &Hardware::Cpu)?;
    pollster::block_on(async {
        for _ in 0..400 {
            trainer.step().await?;
        }
        let seen = trainer.evaluate().await?;
        println!(
            "after {} steps: trained on {:.2}, held out {:.2}",
            seen.step, seen.train_accuracy, seen.held_out_accuracy
        );
        Ok::<(), Error>(())
    })
}
