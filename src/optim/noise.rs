//! Gaussian noise, on the update or on the weights (Power et al. 2022, section 3.3; `openai/grok`,
//! `noise_factor` in `grok/training.py` and `weight_noise` in `grok/transformer.py`).

use super::{Rates, Stage};
use crate::rng::Rng;

/// W ← W − lr · size · ε beside the update, ε standard normal.
pub struct UpdateNoise {
    pub size: f64,
    pub rng: Rng,
}

impl Stage for UpdateNoise {
    fn setting(&self) -> &'static str {
        "updateNoise"
    }

    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        _gradient: &mut [f32],
        _moments: &mut [Vec<f32>],
    ) {
        let mut rng = self.rng.fork(&rates.step.to_string());
        let scale = rates.learning_rate * self.size;
        for parameter in parameters {
            *parameter -= (scale * rng.normal()) as f32;
        }
    }
}

/// The weights as a training step uses them: W + size · ε, drawn anew each step.
pub fn noisy(parameters: &[f32], size: f64, step: u64, rng: &Rng) -> Vec<f32> {
    let mut rng = rng.fork("weight noise").fork(&step.to_string());
    parameters.iter().map(|parameter| parameter + (size * rng.normal()) as f32).collect()
}
