//! Trains with an optimiser of one's own, here Lion: `cargo run --release --example stage`.

use std::collections::BTreeMap;

use grokking::config::{Config, RawConfig};
use grokking::error::Error;
use grokking::optim::{Pass, Rates, Stage};
use grokking::train::{Checkpoint, Hardware, Trainer};

const STEPS: u64 = 2_000;

/// Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2): the sign of
/// an interpolated momentum, with decoupled decay. The moment is the momentum.
struct Lion {
    beta_1: f32,
    beta_2: f32,
}

impl Stage for Lion {
    fn n_moments(&self) -> usize {
        1
    }

    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    ) {
        let [momentum] = moments else { unreachable!("Lion has one moment") };
        let [rate, decay] = [rates.learning_rate, rates.weight_decay].map(|value| value as f32);
        let values = parameters.iter_mut().zip(&*gradient).zip(momentum);
        for ((parameter, gradient), momentum) in values {
            let direction = self.beta_1 * *momentum + (1.0 - self.beta_1) * gradient;
            // `signum` of 0 is 1.
            let sign = if direction == 0.0 { 0.0 } else { direction.signum() };
            *parameter -= rate * (sign + decay * *parameter);
            *momentum = self.beta_2 * *momentum + (1.0 - self.beta_2) * gradient;
        }
    }

    /// The same on a card: what every stage's kernels work with, and this one's.
    fn passes(&self, rates: Rates) -> Vec<Pass> {
        const KERNEL: &str =
            concat!(include_str!("../src/optim/update.wgsl"), include_str!("stage.wgsl"));
        let [rate, decay] = [rates.learning_rate, rates.weight_decay].map(|value| value as f32);
        vec![Pass::each((KERNEL, "lion"), &[self.beta_1, self.beta_2, rate, decay])]
    }
}

fn main() -> Result<(), Error> {
    // Lion's steps are larger than Adam's: a lower rate, and a decay that is higher by as much.
    let settings = [("learningRate", "0.0003"), ("weightDecay", "6")];
    let settings: BTreeMap<String, String> =
        settings.into_iter().map(|(id, text)| (id.to_string(), text.to_string())).collect();
    let config = Config::from_raw(&RawConfig { preset: Some("quick".to_string()), settings })?;
    let mut trainer = Trainer::new(&config, &Hardware::Cpu)?;
    pollster::block_on(train(&config, &mut trainer, &Lion { beta_1: 0.9, beta_2: 0.99 }))
}

/// The loop of [`Trainer::step`] with another stage in place of the optimiser.
async fn train(config: &Config, trainer: &mut Trainer, stage: &dyn Stage) -> Result<(), Error> {
    // Parameters first; then the moments of the trainer's own optimiser, which stay as they are.
    let Checkpoint { mut values, .. } = trainer.checkpoint().await?;
    let n_parameters = trainer.n_parameters();
    let mut moments = stage.first_moments(&values[..n_parameters]);
    for step in 0..STEPS {
        let (_, mut gradient) = trainer.loss_and_gradient().await?;
        let parameters = &mut values[..n_parameters];
        stage.apply(Rates::at(step, config), parameters, &mut gradient, &mut moments);
        // The step chooses the next batch.
        trainer.restore(&Checkpoint { step: step + 1, values: values.clone() })?;
        if (step + 1) % 200 == 0 {
            let seen = trainer.evaluate().await?;
            println!("{:5}  {:.3}  {:.3}", seen.step, seen.train_accuracy, seen.held_out_accuracy);
        }
    }
    Ok(())
}
