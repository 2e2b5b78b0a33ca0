//! Slow gradients, amplified (Lee et al. 2024, "Grokfast"; `ironjr/grokfast`, `grokfast.py`).

use super::{Rates, Stage};

/// μ ← α μ + (1 − α) g, then g ← g + λ μ. The moment is μ, at first the first gradient.
pub struct MovingAverage {
    /// α
    pub decay: f64,
    /// λ
    pub factor: f64,
}

impl Stage for MovingAverage {
    fn setting(&self) -> &'static str {
        "grokfast"
    }

    fn first_moments(&self, parameters: &[f32]) -> Vec<Vec<f32>> {
        vec![vec![0.0; parameters.len()]]
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
}

/// g ← g + λ · the mean of the last gradients, once there are as many as the window is long. The
/// moments are those gradients, in a ring, and their sum.
pub struct Window {
    pub length: usize,
    /// λ
    pub factor: f64,
}

impl Stage for Window {
    fn setting(&self) -> &'static str {
        "grokfast"
    }

    fn first_moments(&self, parameters: &[f32]) -> Vec<Vec<f32>> {
        vec![vec![0.0; parameters.len()]; self.length + 1]
    }

    fn apply(
        &self,
        rates: Rates,
        _parameters: &mut [f32],
        gradient: &mut [f32],
        moments: &mut [Vec<f32>],
    ) {
        let (sum, ring) = moments.split_first_mut().expect("the window has a sum");
        let slot = &mut ring[(rates.step % self.length as u64) as usize];
        let full = rates.step + 1 >= self.length as u64;
        let factor = if full { (self.factor / self.length as f64) as f32 } else { 0.0 };
        for ((gradient, sum), oldest) in gradient.iter_mut().zip(sum).zip(slot) {
            *sum += *gradient - *oldest;
            *oldest = *gradient;
            *gradient += factor * *sum;
        }
    }
}
