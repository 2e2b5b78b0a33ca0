//! Stochastic gradient descent with heavy-ball momentum and coupled decay, as in PyTorch.

use burn::tensor::Tensor;
use pulp::Arch;

use super::{Optimizer, Rates};

/// The moment is the velocity.
pub struct Sgd {
    pub momentum: f64,
}

impl Optimizer for Sgd {
    fn n_moments(&self) -> usize {
        1
    }

    fn step(
        &self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        moments: &mut [Tensor<1>],
        _step: u64,
        rates: Rates,
    ) -> Tensor<1> {
        let [velocity] = moments else { unreachable!("SGD has one moment") };
        let gradient = gradient + parameters.clone() * rates.weight_decay;
        *velocity = velocity.clone() * self.momentum + gradient;
        parameters - velocity.clone() * rates.learning_rate
    }

    fn factors(&self, _step: u64, rates: Rates) -> [f32; 8] {
        let [rate, decay] = [rates.learning_rate, rates.weight_decay].map(|rate| rate as f32);
        [self.momentum as f32, rate, decay, 0.0, 0.0, 0.0, 0.0, 0.0]
    }

    fn update(
        &self,
        parameters: &mut [f32],
        gradient: &[f32],
        moments: &mut [&mut [f32]],
        factors: [f32; 8],
    ) {
        let [velocity] = moments else { unreachable!("SGD has one moment") };
        let [momentum, rate, decay, ..] = factors;
        let values = parameters.iter_mut().zip(gradient).zip(velocity.iter_mut());
        Arch::new().dispatch(|| {
            for ((parameter, &gradient), velocity) in values {
                *velocity = *velocity * momentum + gradient + *parameter * decay;
                *parameter -= *velocity * rate;
            }
        });
    }

    #[cfg(feature = "gpu")]
    fn shader(&self) -> &'static str {
        concat!(include_str!("update.wgsl"), include_str!("sgd.wgsl"))
    }
}
