//! Stochastic gradient descent with heavy-ball momentum and coupled decay, as in PyTorch.

use pulp::Arch;

use super::pass::{Pass, kernels};
use super::{Rates, Stage};

/// The moment is the velocity.
pub struct Sgd {
    pub momentum: f64,
}

impl Sgd {
    fn scalars(&self, rates: Rates) -> [f32; 3] {
        [self.momentum, rates.learning_rate, rates.weight_decay].map(|scalar| scalar as f32)
    }
}

impl Stage for Sgd {
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
        let [velocity] = moments else { unreachable!("SGD has one moment") };
        let [momentum, rate, decay] = self.scalars(rates);
        let values = parameters.iter_mut().zip(&*gradient).zip(velocity.iter_mut());
        Arch::new().dispatch(|| {
            for ((parameter, &gradient), velocity) in values {
                *velocity = *velocity * momentum + gradient + *parameter * decay;
                *parameter -= *velocity * rate;
            }
        });
    }

    fn passes(&self, rates: Rates) -> Vec<Pass> {
        vec![Pass::each((kernels!("sgd.wgsl"), "sgd"), &self.scalars(rates))]
    }
}
