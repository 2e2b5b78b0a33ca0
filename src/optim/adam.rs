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

impl Adam {
    /// What the decay leaves of a parameter.
    fn keep(&self, rates: Rates) -> f64 {
        let decay = if self.decoupled_decay { rates.weight_decay } else { 0.0 };
        1.0 - rates.learning_rate * decay
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

        // m̂ / (√v̂ + ε), with both bias corrections as scalars.
        let (rate, root) = corrected(step, rates);
        let update = mean.clone() / (square.clone().sqrt() / root + EPSILON) * rate;
        parameters * self.keep(rates) - update
    }

    fn factors(&self, step: u64, rates: Rates) -> [f32; 8] {
        let (rate, root) = corrected(step, rates);
        let moments = [BETA_1, BETA_2, 1.0 - BETA_1, 1.0 - BETA_2];
        let update = [EPSILON, rate, root.recip(), self.keep(rates)];
        std::array::from_fn(|index| [moments, update][index / 4][index % 4] as f32)
    }

    fn update(
        &self,
        parameters: &mut [f32],
        gradient: &[f32],
        moments: &mut [&mut [f32]],
        factors: [f32; 8],
    ) {
        let [mean, square] = moments else { unreachable!("Adam has two moments") };
        let [beta_1, beta_2, rest_1, rest_2, epsilon, rate, inverse_root, keep] = factors;
        let moments = mean.iter_mut().zip(square.iter_mut());
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

    #[cfg(feature = "gpu")]
    fn shader(&self) -> &'static str {
        concat!(include_str!("update.wgsl"), include_str!("adam.wgsl"))
    }
}

/// The learning rate over the first moment's correction, and the root of the second's.
fn corrected(step: u64, rates: Rates) -> (f64, f64) {
    let n = (step + 1) as i32;
    (rates.learning_rate / (1.0 - BETA_1.powi(n)), (1.0 - BETA_2.powi(n)).sqrt())
}
