//! Trains a network until it has the rule: `cargo run --release --example train`.

use std::collections::BTreeMap;

use grokking::config::{Config, RawConfig};
use grokking::error::Error;
use grokking::train::{Hardware, Trainer};

fn main() -> Result<(), Error> {
    // The keys are those of links; what is not said is the preset's.
    let settings = [("weightDecay", "2"), ("seed", "1")];
    let settings: BTreeMap<String, String> =
        settings.into_iter().map(|(id, text)| (id.to_string(), text.to_string())).collect();
    let config = Config::from_raw(&RawConfig { preset: Some("quick".to_string()), settings })?;
    let mut trainer = Trainer::new(&config, &Hardware::Cpu)?;
    pollster::block_on(train(&mut trainer))
}

async fn train(trainer: &mut Trainer) -> Result<(), Error> {
    println!("{} parameters, {} equations a step", trainer.n_parameters(), trainer.batch());
    println!("step  trained on  held out");
    loop {
        let seen = trainer.evaluate().await?;
        let [train, held_out] = [seen.train_accuracy, seen.held_out_accuracy].map(|a| 100.0 * a);
        println!("{:4}  {train:9.1}%  {held_out:7.1}%", seen.step);
        if seen.held_out_accuracy >= 0.99 || seen.step >= 5_000 {
            return Ok(());
        }
        for _ in 0..100 {
            trainer.step().await?;
        }
    }
}
