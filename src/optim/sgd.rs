//! Stochastic gradient descent with heavy-ball momentum and coupled decay, as in PyTorch.

use burn::tensor::Tensor;

use super::{Optimizer, Rates};

pub struct Sgd {
    momentum: f64,
    velocity: Tensor<1>, // [P]
}

impl Sgd {
    pub fn new(parameters: &Tensor<1>, momentum: f64) -> Self {
        Sgd { momentum, velocity: parameters.zeros_like() }
    }
}

impl Optimizer for Sgd {
    fn step(
        &mut self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        _step: u64,
        rates: Rates,
    ) -> Tensor<1> {
        let gradient = gradient + parameters.clone() * rates.weight_decay;
        self.velocity = self.velocity.clone() * self.momentum + gradient;
        parameters - self.velocity.clone() * rates.learning_rate
    }

    fn moments(&self) -> Vec<Tensor<1>> {
        vec![self.velocity.clone()]
    }

    fn restore(&mut self, moments: Vec<Tensor<1>>) {
        let [velocity] = moments.try_into().expect("SGD has one moment");
        self.velocity = velocity;
    }
}
