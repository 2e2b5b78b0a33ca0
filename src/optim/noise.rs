//! Gaussian noise, on the update or on the weights (Power et al. 2022, section 3.3; `openai/grok`,
//! `noise_factor` in `grok/training.py` and `weight_noise` in `grok/transformer.py`).

use super::draw::Draws;
use super::pass::{Pass, kernels};
use super::{Rates, Stage};
use crate::rng::Rng;

/// W ← W − lr · size · ε beside the update, ε standard normal.
pub struct UpdateNoise {
    pub size: f64,
    pub draws: Draws,
}

impl Stage for UpdateNoise {
    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        _gradient: &mut [f32],
        _moments: &mut [Vec<f32>],
    ) {
        add_noise(parameters, self.draws, -rates.learning_rate * self.size, rates.step);
    }

    fn passes(&self, rates: Rates) -> Vec<Pass> {
        vec![noise_pass(self.draws, -rates.learning_rate * self.size)]
    }
}

/// The weights as a training step uses them: W + size · ε, drawn anew each step.
#[derive(Debug, Clone, Copy)]
pub struct WeightNoise {
    /// The standard deviation.
    pub size: f64,
    draws: Draws,
}

impl WeightNoise {
    /// None if it has no size. `rng` is the run's.
    pub fn new(size: f64, rng: &Rng) -> Option<WeightNoise> {
        (size > 0.0).then(|| WeightNoise { size, draws: Draws::new(&rng.fork("weight noise")) })
    }

    /// `parameters` with the noise of a step.
    pub fn on(&self, parameters: &[f32], step: u64) -> Vec<f32> {
        let mut noisy = parameters.to_vec();
        add_noise(&mut noisy, self.draws, self.size, step);
        noisy
    }

    /// The same as a kernel.
    pub fn pass(&self) -> Pass {
        noise_pass(self.draws, self.size)
    }
}

fn add_noise(parameters: &mut [f32], draws: Draws, size: f64, step: u64) {
    let size = size as f32;
    for (parameter, place) in parameters.iter_mut().zip(0..) {
        *parameter += size * draws.normal(place, step);
    }
}

fn noise_pass(draws: Draws, size: f64) -> Pass {
    const KERNEL: &str = kernels!("draw.wgsl", "noise.wgsl");
    Pass::each((KERNEL, "add_noise"), &[size as f32]).with_draws(draws)
}
