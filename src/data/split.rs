//! Which equations are trained on and which are held out.

use super::mask::Mask;
use super::table::{Equation, Table};
use crate::error::{Error, Result};
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

    /// The same, but (x, y) and (y, x) always fall on one side: what is drawn are pairs of cells.
    ///
    /// The training side has the shuffled pairs from the first on until it holds `train_fraction` of
    /// the equations, so it can have one more than [`Split::new`] gives it. These splits nest too.
    ///
    /// # Errors
    /// [`Error::Setting`] if the table has a single pair, so that one side would be empty.
    pub fn of_pairs(table: &Table, train_fraction: f64, rng: &Rng) -> Result<Split> {
        let mirrors = table.mirrors();
        let first = |index: &u32| mirrors[*index as usize].is_none_or(|mirror| mirror >= *index);
        let n_equations = table.equations.len();
        let mut pairs: Vec<u32> = (0..n_equations as u32).filter(first).collect();
        rng.fork("split").shuffle(&mut pairs);
        let both = |&index: &u32| {
            let mirror = mirrors[index as usize].filter(|&mirror| mirror != index);
            std::iter::once(index).chain(mirror)
        };
        let order: Vec<u32> = pairs.iter().flat_map(both).collect();
        let wanted = ((n_equations as f64 * train_fraction).round() as usize).max(1);
        let mut n_train = 0;
        for pair in &pairs {
            // The last pair is always held out.
            let size = both(pair).count();
            if n_train >= wanted || n_train + size >= n_equations {
                break;
            }
            n_train += size;
        }
        if n_train == 0 {
            return Err(Error::setting("split", "pairs", "cells, for a table with a single pair"));
        }
        Ok(Split { order, n_train })
    }

    /// Exactly the cells of `mask` are held out.
    ///
    /// # Errors
    /// If one side would be empty.
    pub fn by_hand(equations: &[Equation], mask: &Mask, rng: &Rng) -> Result<Split> {
        let mut order: Vec<u32> = (0..equations.len() as u32).collect();
        rng.fork("split").shuffle(&mut order);
        let held_out = |&index: &u32| mask.holds_out(index as usize, &equations[index as usize]);
        let (held_out, train): (Vec<u32>, Vec<u32>) = order.into_iter().partition(held_out);
        if train.is_empty() || held_out.is_empty() {
            return Err(Error::Syntax {
                what: "held-out mask",
                place: "the whole".into(),
                problem: format!(
                    "it holds out {} of {} equations, and each side needs one",
                    held_out.len(),
                    equations.len()
                ),
            });
        }
        Ok(Split { n_train: train.len(), order: [train, held_out].concat() })
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
