//! Adam (Kingma and Ba 2015), and AdamW with decoupled decay (Loshchilov and Hutter 2019).
//!
//! Constants are those of Power et al. (2022, appendix A.1.2) and `openai/grok`.

use burn::tensor::Tensor;
use pulp::Arch;

use super::{Optimizer, Rates};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.98;
const EPSILON: f64 = 1e-8;

/// The moments are the means of the gradient and of its square.
pub struct Adam {
    pub decoupled_decay: bool,
}

/// One step's scalars: m̂ / (√v̂ + ε) with both bias corrections folded in.
struct Factors {
    /// The learning rate over the first moment's correction.
    rate: f64,
    /// Over the second moment's root.
    root: f64,
    /// What the decay leaves of a parameter.
    keep: f64,
}

impl Adam {
    fn factors(&self, step: u64, rates: Rates) -> Factors {
        let n = (step + 1) as i32;
        let decay = if self.decoupled_decay { rates.weight_decay } else { 0.0 };
        Factors {
            rate: rates.learning_rate / (1.0 - BETA_1.powi(n)),
            root: (1.0 - BETA_2.powi(n)).sqrt(),
            keep: 1.0 - rates.learning_rate * decay,
        }
    }
}

impl Optimizer for Adam {
    fn n_moments(&self) -> usize {
        2
    }

    fn step(
        &self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        moments: &mut [Tensor<1>],
        step: u64,
        rates: Rates,
    ) -> Tensor<1> {
        let [mean, square] = moments else { unreachable!("Adam has two moments") };
        *mean = mean.clone() * BETA_1 + gradient.clone() * (1.0 - BETA_1);
        *square = square.clone() * BETA_2 + gradient.clone() * gradient * (1.0 - BETA_2);

        let Factors { rate, root, keep } = self.factors(step, rates);
        let update = mean.clone() / (square.clone().sqrt() / root + EPSILON) * rate;
        parameters * keep - update
    }

    fn update(
        &self,
        parameters: &mut [f32],
        gradient: &[f32],
        moments: &mut [&mut [f32]],
        step: u64,
        rates: Rates,
    ) {
        let [mean, square] = moments else { unreachable!("Adam has two moments") };
        let Factors { rate, root, keep } = self.factors(step, rates);
        let [rate, root, keep] = [rate, root.recip(), keep].map(|factor| factor as f32);
        let [beta_1, beta_2, epsilon] = [BETA_1, BETA_2, EPSILON].map(|constant| constant as f32);
        let [rest_1, rest_2] = [1.0 - BETA_1, 1.0 - BETA_2].map(|constant| constant as f32);
        let moments = mean.iter_mut().zip(square.iter_mut());
        let values = parameters.iter_mut().zip(gradient).zip(moments);
        Arch::new().dispatch(|| {
            for ((parameter, &gradient), (mean, square)) in values {
                *mean = *mean * beta_1 + gradient * rest_1;
                *square = *square * beta_2 + gradient * gradient * rest_2;
                *parameter = *parameter * keep - *mean / (square.sqrt() * root + epsilon) * rate;
            }
        });
    }
}
