//! Adam (Kingma and Ba 2015), and AdamW with decoupled decay (Loshchilov and Hutter 2019).
//!
//! Constants are those of Power et al. (2022, appendix A.1.2) and `openai/grok`.

use burn::tensor::Tensor;

use super::{Optimizer, Rates};

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.98;
const EPSILON: f64 = 1e-8;

pub struct Adam {
    decoupled_decay: bool,
    mean: Tensor<1>,   // [P] first moment
    square: Tensor<1>, // [P] second moment
}

impl Adam {
    pub fn new(parameters: &Tensor<1>, decoupled_decay: bool) -> Self {
        Adam { decoupled_decay, mean: parameters.zeros_like(), square: parameters.zeros_like() }
    }
}

impl Optimizer for Adam {
    fn step(
        &mut self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        step: u64,
        rates: Rates,
    ) -> Tensor<1> {
        self.mean = self.mean.clone() * BETA_1 + gradient.clone() * (1.0 - BETA_1);
        self.square = self.square.clone() * BETA_2 + gradient.clone() * gradient * (1.0 - BETA_2);

        // m̂ / (√v̂ + ε), with both bias corrections folded into scalars.
        let n = (step + 1) as i32;
        let (mean_correction, square_correction) = (1.0 - BETA_1.powi(n), 1.0 - BETA_2.powi(n));
        let scale = rates.learning_rate / mean_correction;
        let root = self.square.clone().sqrt() / square_correction.sqrt() + EPSILON;
        let update = self.mean.clone() / root * scale;

        let decayed = if self.decoupled_decay && rates.weight_decay > 0.0 {
            parameters * (1.0 - rates.learning_rate * rates.weight_decay)
        } else {
            parameters
        };
        decayed - update
    }

    fn moments(&self) -> Vec<Tensor<1>> {
        vec![self.mean.clone(), self.square.clone()]
    }

    fn restore(&mut self, moments: Vec<Tensor<1>>) {
        let [mean, square] = moments.try_into().expect("Adam has two moments");
        (self.mean, self.square) = (mean, square);
    }
}
