//! Gradients without their part along the weights, so that no step only scales the logits (Prieto
//! et al. 2025, "Grokking at the edge of numerical stability", ⊥Grad; `orthograd.py`).

use std::ops::Range;

use super::pass::{Groups, Pass, kernels};
use super::{Rates, Stage, dot};

/// g⊥ = g − (w·g)/(w·w) w for each tensor, rescaled to the length of g.
pub struct Orthogonal {
    pub tensors: Vec<Range<usize>>,
}

impl Stage for Orthogonal {
    fn apply(
        &self,
        _rates: Rates,
        parameters: &mut [f32],
        gradient: &mut [f32],
        _moments: &mut [Vec<f32>],
    ) {
        for tensor in &self.tensors {
            let (weights, gradient) = (&parameters[tensor.clone()], &mut gradient[tensor.clone()]);
            let length = dot(gradient, gradient).sqrt();
            let along = (dot(weights, gradient) / (dot(weights, weights) + 1e-30)) as f32;
            for (gradient, weight) in gradient.iter_mut().zip(weights) {
                *gradient -= along * weight;
            }
            let scale = (length / (dot(gradient, gradient).sqrt() + 1e-30)) as f32;
            gradient.iter_mut().for_each(|gradient| *gradient *= scale);
        }
    }

    fn passes(&self, _rates: Rates) -> Vec<Pass> {
        let kernel = (kernels!("orthogonal.wgsl"), "orthogonal");
        vec![Pass::each(kernel, &[]).over(Groups::Tensors)]
    }
}
