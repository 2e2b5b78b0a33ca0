//! Which equations are trained on and which are held out.

use crate::rng::Rng;

/// A seeded shuffle, cut at the train fraction.
///
/// The order does not depend on the fraction, so the splits nest: raising the fraction adds
/// equations to the training set and keeps those already there (as in `openai/grok`).
#[derive(Debug, Clone)]
pub struct Split {
    order: Vec<u32>,
    n_train: usize,
}

impl Split {
    /// At least one equation falls on each side.
    pub fn new(n_equations: usize, train_fraction: f64, rng: &Rng) -> Split {
        let mut order: Vec<u32> = (0..n_equations as u32).collect();
        rng.fork("split").shuffle(&mut order);
        let n_train = (n_equations as f64 * train_fraction).round() as usize;
        Split { order, n_train: n_train.clamp(1, n_equations - 1) }
    }

    /// Indices of training equations into the table, in shuffled order.
    pub fn train(&self) -> &[u32] {
        &self.order[..self.n_train]
    }

    /// Indices of held-out equations, in shuffled order.
    pub fn held_out(&self) -> &[u32] {
        &self.order[self.n_train..]
    }

    /// One flag per equation of the table: is it held out?
    pub fn held_out_mask(&self) -> Vec<bool> {
        let mut mask = vec![false; self.order.len()];
        for &index in self.held_out() {
            mask[index as usize] = true;
        }
        mask
    }
}
