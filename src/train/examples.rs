//! What a run learns from: the table, which of it is held out, and the batches of every step.
//!
//! It follows from the configuration alone, so a helper elsewhere draws the same.

use super::metrics::Side;
use crate::config::Config;
use crate::data::{Batches, Table, corrupt};
use crate::rng::Rng;

/// What a run learns from.
pub(super) struct Examples {
    /// With the answers that are trained on, outliers included.
    pub table: Table,
    /// Per equation of the table: is it held out?
    pub held_out: Vec<bool>,
    /// Per equation, for the evaluation.
    pub sides: Vec<Side>,
    /// Per equation: was its answer replaced?
    pub outliers: Vec<bool>,
    /// Which equations each step sees.
    pub batches: Batches,
}

/// What the run of `config` learns from, drawn from the run's generator.
pub(super) fn examples(config: &Config, rng: &Rng) -> Examples {
    let mut table = Table::new(config.operation());
    let split = config.split(&table, rng);
    let held_out = split.held_out_mask();
    // An operation is commutative whatever the network is told of it.
    let sides = sides(&table, &held_out);
    let outliers = corrupt(&mut table.equations, split.train(), config.outliers, rng);
    let batch = config.batch.equations(split.train().len());
    let batches = Batches::new(split.train(), batch, rng);
    Examples { table, held_out, sides, outliers, batches }
}

fn sides(table: &Table, held_out: &[bool]) -> Vec<Side> {
    let mirrored = table.mirrored(held_out);
    let side = |(index, &held_out): (usize, &bool)| match (held_out, &mirrored) {
        (false, _) => Side::Train,
        (true, None) => Side::HeldOut,
        (true, Some(mirrored)) if mirrored[index] => Side::Mirrored,
        (true, Some(_)) => Side::Unmirrored,
    };
    held_out.iter().enumerate().map(side).collect()
}
