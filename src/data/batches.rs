//! Which training equations each step sees.

use crate::rng::Rng;

/// The batches of every epoch: each epoch is a new shuffle, its last batch may be shorter.
///
/// A batch is a function of the step alone, so a run can be resumed, or handed to another
/// device, with nothing but its step number.
#[derive(Debug, Clone)]
pub struct Batches {
    train: Vec<u32>,
    batch: usize,
    rng: Rng,
    epoch: Option<(u64, Vec<u32>)>,
}

impl Batches {
    /// `batch` equations a step out of `train`; all of them, unshuffled, where it is as large.
    pub fn new(train: &[u32], batch: usize, rng: &Rng) -> Batches {
        Batches {
            train: train.to_vec(),
            batch: batch.clamp(1, train.len()),
            rng: rng.fork("batches"),
            epoch: None,
        }
    }

    /// Equations in a full batch.
    pub fn size(&self) -> usize {
        self.batch
    }

    /// Whether every step sees the whole training set.
    pub fn is_full(&self) -> bool {
        self.batch == self.train.len()
    }

    /// Steps in which every training equation comes once.
    pub fn steps_per_epoch(&self) -> u64 {
        self.train.len().div_ceil(self.batch) as u64
    }

    /// The equations of step `step`, counted from 0.
    pub fn at(&mut self, step: u64) -> &[u32] {
        if self.is_full() {
            return &self.train;
        }
        let epoch = step / self.steps_per_epoch();
        if self.epoch.as_ref().is_none_or(|(current, _)| *current != epoch) {
            let mut order = self.train.clone();
            self.rng.fork(&epoch.to_string()).shuffle(&mut order);
            self.epoch = Some((epoch, order));
        }
        let (_, order) = self.epoch.as_ref().expect("the epoch was just set");
        let start = (step % self.steps_per_epoch()) as usize * self.batch;
        &order[start..(start + self.batch).min(order.len())]
    }
}
