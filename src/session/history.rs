//! What a run has passed: the two milestones, and when each cell was first right.

use serde::{Deserialize, Serialize};

use crate::data::Table;
use crate::error::{Error, Result};
use crate::train::Evaluation;

/// The paper's criterion: 99 % accuracy.
pub const THRESHOLD: f64 = 0.99;

/// What a run has passed, as far as it was evaluated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct History {
    /// First evaluated step at which train accuracy reached [`THRESHOLD`].
    pub memorised_at: Option<u64>,
    /// The same for held-out accuracy.
    pub generalised_at: Option<u64>,
    /// Whether it was told to go on after it had ended: then only its budget ends it.
    #[serde(default)]
    pub went_on: bool,
    /// Per equation: the first evaluated step, plus one, at which it was right; 0 if none.
    pub first_right: Vec<u32>,
}

impl History {
    /// Before the first evaluation of a table with so many equations.
    pub fn new(n_equations: usize) -> Self {
        History { first_right: vec![0; n_equations], ..History::default() }
    }

    /// # Errors
    /// If it is the history of a table with another number of equations.
    pub fn check(&self, n_equations: usize) -> Result<()> {
        let own = self.first_right.len();
        if own != n_equations {
            return Err(Error::Command(format!(
                "the history does not fit: this table has {n_equations} equations, the history has \
                 {own}"
            )));
        }
        Ok(())
    }

    /// Takes in an evaluation of `table`.
    pub fn record(&mut self, evaluation: &Evaluation, table: &Table) {
        let step = evaluation.step;
        if evaluation.train_accuracy >= THRESHOLD {
            self.memorised_at.get_or_insert(step);
        }
        if evaluation.held_out_accuracy >= THRESHOLD {
            self.generalised_at.get_or_insert(step);
        }
        let answers = table.equations.iter().zip(&evaluation.predicted);
        for ((equation, &predicted), first) in answers.zip(&mut self.first_right) {
            if *first == 0 && equation.answer == predicted {
                *first = u32::try_from(step + 1).unwrap_or(u32::MAX);
            }
        }
    }

    /// Whether a run has gone on for a quarter longer than it took to generalise, which shows
    /// that it stays.
    pub fn is_past_generalisation(&self, step: u64) -> bool {
        self.generalised_at.is_some_and(|at| step >= at + at / 4)
    }
}
