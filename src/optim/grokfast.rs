//! Slow gradients, amplified (Lee et al. 2024, "Grokfast"; `ironjr/grokfast`, `grokfast.py`).

use super::pass::{Pass, Product, kernels};
use super::{Rates, Stage};

const KERNELS: &str = kernels!("grokfast.wgsl");

/// μ ← α μ + (1 − α) g, then g ← g + λ μ. The moment is μ, at first the first gradient.
pub struct MovingAverage {
    /// α
    pub decay: f64,
    /// λ
    pub factor: f64,
}

impl Stage for MovingAverage {
    fn n_moments(&self) -> usize {
        1
    }

    fn apply(
        &self,
        rates: Rates,
        _parameters: &mut [f32],
        gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    ) {
        let [average] = moments else { unreachable!("it has one moment") };
        if rates.step == 0 {
            average.copy_from_slice(gradient);
        }
        let [decay, factor] = [self.decay, self.factor].map(|scalar| scalar as f32);
        for (gradient, average) in gradient.iter_mut().zip(average) {
            *average = decay * *average + (1.0 - decay) * *gradient;
            *gradient += factor * *average;
        }
    }

    fn passes(&self, _rates: Rates) -> Vec<Pass> {
        let factors = [self.decay, self.factor].map(|scalar| scalar as f32);
        vec![Pass::each((KERNELS, "moving_average"), &factors)]
    }
}

/// g ← g + λ · the mean of the last gradients, once there are as many as the window is long. The
/// moments are those gradients, in a ring, and their sum.
pub struct Window {
    pub length: usize,
    /// λ
    pub factor: f64,
}

impl Window {
    /// λ over the length, once the window is full.
    fn factor_at(&self, step: u64) -> f32 {
        let is_full = step + 1 >= self.length as u64;
        if is_full { (self.factor / self.length as f64) as f32 } else { 0.0 }
    }
}

impl Stage for Window {
    fn n_moments(&self) -> usize {
        self.length + 1
    }

    fn apply(
        &self,
        rates: Rates,
        _parameters: &mut [f32],
        gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    ) {
        let (sum, ring) = moments.split_first_mut().expect("the window has a sum");
        let place = (rates.step % self.length as u64) as usize;
        let values = sum.iter_mut().zip(&mut ring[place]).zip(&*gradient);
        for ((sum, oldest), gradient) in values {
            *sum += gradient - *oldest;
            *oldest = *gradient;
        }
        // What rounding leaves in a running sum would stay for ever: at the end of the ring it is
        // taken anew.
        if place + 1 == self.length {
            sum.fill(0.0);
            for kept in &*ring {
                sum.iter_mut().zip(kept).for_each(|(sum, gradient)| *sum += gradient);
            }
        }
        let factor = self.factor_at(rates.step);
        for (gradient, sum) in gradient.iter_mut().zip(&*sum) {
            *gradient += factor * sum;
        }
    }

    fn passes(&self, rates: Rates) -> Vec<Pass> {
        let pass = Pass::each((KERNELS, "window"), &[self.factor_at(rates.step)]);
        let product = Product { depth: self.length as u32, ..Product::default() };
        vec![Pass { product, ..pass }]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::rng::Rng;

    #[test]
    fn the_windows_mean_does_not_drift() {
        let length = 100;
        // Its factor over its length is 1.
        let window = Window { length, factor: length as f64 };
        let mut rng = Rng::new(1);
        let mut moments = window.first_moments(&[0.0; 3]);
        let mut last: VecDeque<[f32; 3]> = VecDeque::new();
        for step in 0..10_000 {
            // Large at first: what they leave behind is large for those that follow.
            let size = if step < 5_000 { 1e3 } else { 1e-3 };
            let gradient: [f32; 3] = std::array::from_fn(|_| (size * rng.normal()) as f32);
            last.push_back(gradient);
            if last.len() > length {
                last.pop_front();
            }
            let rates = Rates { step, learning_rate: 1.0, warmth: 1.0, weight_decay: 0.0 };
            let mut moved = gradient;
            window.apply(rates, &mut [], &mut moved, &mut moments);
            // Whole rings, of which none has gradients of both sizes.
            if step % 100 != 99 {
                continue;
            }
            for (at, moved) in moved.into_iter().enumerate() {
                let sum: f64 = last.iter().map(|gradient| f64::from(gradient[at])).sum();
                let expected = sum + f64::from(gradient[at]);
                let error = (f64::from(moved) - expected).abs();
                assert!(error < 1e-4 * size, "step {step}: {moved} for {expected}");
            }
        }
    }
}
