//! Weight decay that does not pull to zero from outside the optimiser: the other kinds of
//! `CustomAdamW` in `openai/grok` (`grok/training.py`). Decay to zero is a part of Adam.

use std::ops::Range;

use super::draw::Draws;
use super::pass::{Pass, kernels};
use super::{Rates, Stage};

const KERNELS: &str = kernels!("draw.wgsl", "decay.wgsl");

/// p ← p + (p₀ − p) · lr · wd. The moment is p₀, which never changes.
pub struct ToInit;

impl Stage for ToInit {
    fn n_moments(&self) -> usize {
        1
    }

    fn first_moments(&self, parameters: &[f32]) -> Vec<Vec<f32>> {
        vec![parameters.to_vec()]
    }

    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        _gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    ) {
        let [first] = moments else { unreachable!("it has one moment") };
        let pull = (rates.learning_rate * rates.weight_decay) as f32;
        for (parameter, first) in parameters.iter_mut().zip(&*first) {
            *parameter += (first - *parameter) * pull;
        }
    }

    fn passes(&self, rates: Rates) -> Vec<Pass> {
        vec![Pass::each((KERNELS, "to_init"), &[(rates.learning_rate * rates.weight_decay) as f32])]
    }
}

/// g ← g + wd · p: L2 regularisation, which the optimiser's moments see.
pub struct Honest;

impl Stage for Honest {
    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        gradient: &mut [f32],
        _moments: &mut [Vec<f32>],
    ) {
        let decay = rates.weight_decay as f32;
        for (gradient, parameter) in gradient.iter_mut().zip(parameters) {
            *gradient += *parameter * decay;
        }
    }

    fn passes(&self, rates: Rates) -> Vec<Pass> {
        vec![Pass::each((KERNELS, "honest"), &[rates.weight_decay as f32])]
    }
}

/// p ← p · exp(z · lr · wd), with one standard normal z per tensor and step.
pub struct Jiggle {
    pub tensors: Vec<Range<usize>>,
    pub draws: Draws,
}

impl Stage for Jiggle {
    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        _gradient: &mut [f32],
        _moments: &mut [Vec<f32>],
    ) {
        let size = (rates.learning_rate * rates.weight_decay) as f32;
        for (tensor, place) in self.tensors.iter().zip(0..) {
            let factor = (self.draws.normal(place, rates.step) * size).exp();
            parameters[tensor.clone()].iter_mut().for_each(|parameter| *parameter *= factor);
        }
    }

    fn passes(&self, rates: Rates) -> Vec<Pass> {
        let size = (rates.learning_rate * rates.weight_decay) as f32;
        vec![Pass::each((KERNELS, "jiggle"), &[size]).with_draws(self.draws)]
    }
}
