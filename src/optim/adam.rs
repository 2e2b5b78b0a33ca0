//! Adam (Kingma and Ba 2015), and AdamW with decoupled decay (Loshchilov and Hutter 2019).
//!
//! Constants are those of Power et al. (2022, appendix A.1.2) and `openai/grok`.

use pulp::Arch;

use super::pass::{Pass, kernels};
use super::{Rates, Stage};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.98;
const EPSILON: f64 = 1e-8;

/// The moments are the means of the gradient and of its square.
pub struct Adam {
    pub decoupled_decay: bool,
}

impl Adam {
    /// β₁, β₂, what they leave, ε, the rate over the first correction, one over the root of the
    /// second, and what the decay leaves of a parameter.
    fn scalars(&self, rates: Rates) -> [f32; 8] {
        let n = (rates.step + 1) as i32;
        let rate = rates.learning_rate / (1.0 - BETA_1.powi(n));
        let inverse_root = (1.0 - BETA_2.powi(n)).sqrt().recip();
        let decay = if self.decoupled_decay { rates.weight_decay } else { 0.0 };
        let keep = 1.0 - rates.learning_rate * decay;
        [BETA_1, BETA_2, 1.0 - BETA_1, 1.0 - BETA_2, EPSILON, rate, inverse_root, keep]
            .map(|scalar| scalar as f32)
    }

    /// One step of all parameters, as a kernel.
    pub(super) fn pass(&self, rates: Rates) -> Pass {
        Pass::each((kernels!("adam.wgsl"), "adam"), &self.scalars(rates))
    }

    /// One step of any part of the parameters.
    pub(super) fn update(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        gradient: &[f32],
        mean: &mut [f32],
        square: &mut [f32],
    ) {
        let [beta_1, beta_2, rest_1, rest_2, epsilon, rate, inverse_root, keep] =
            self.scalars(rates);
        let moments = mean.iter_mut().zip(square);
        let values = parameters.iter_mut().zip(gradient).zip(moments);
        Arch::new().dispatch(|| {
            for ((parameter, &gradient), (mean, square)) in values {
                *mean = *mean * beta_1 + gradient * rest_1;
                *square = *square * beta_2 + gradient * gradient * rest_2;
                let root = square.sqrt() * inverse_root + epsilon;
                *parameter = *parameter * keep - *mean / root * rate;
            }
        });
    }
}

impl Stage for Adam {
    fn n_moments(&self) -> usize {
        2
    }

    fn apply(
        &self,
        rates: Rates,
        parameters: &mut [f32],
        gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    ) {
        let [mean, square] = moments else { unreachable!("Adam has two moments") };
        self.update(rates, parameters, gradient, mean, square);
    }

    fn passes(&self, rates: Rates) -> Vec<Pass> {
        vec![self.pass(rates)]
    }
}
