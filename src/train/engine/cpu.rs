//! The hand-written kernels on the CPU, and on the cores of a crew.

use std::ops::Range;

use async_trait::async_trait;

use super::crew::{Task, Team};
use super::{Batch, Engine};
use crate::clock::Stopwatch;
use crate::config::Threads;
use crate::data::Equation;
use crate::error::Result;
use crate::fused::{
    Answer,
    cpu::{Cpu, sums},
};
use crate::optim::{Rates, Update};

pub struct OnCpu {
    cpu: Cpu,
    team: Option<Team>,
    /// Helpers of the last step.
    helpers: usize,
}

impl OnCpu {
    pub fn new(cpu: Cpu, team: Option<Team>) -> OnCpu {
        OnCpu { cpu, team, helpers: 0 }
    }

    /// Loss and gradient, together with whoever helps. What a helper does not deliver is computed
    /// here.
    async fn differentiate_together(&mut self, batch: &Batch<'_>) {
        let OnCpu { cpu, team, helpers } = self;
        let Some(team) = team else { return cpu.differentiate(batch.table, batch.indices) };
        *helpers = team.helpers();
        let started = Stopwatch::start();
        let parts = sums::parts(batch.indices.len());
        // The last batch of an epoch may have fewer parts than the others.
        let workers = (*helpers + 1).min(parts);
        let share = |worker| sums::share(worker, workers, parts);
        for worker in 1..workers {
            let task = Task::Parts { step: batch.step, parts: share(worker) };
            team.ask(worker - 1, cpu.parameters(), &task);
        }
        cpu.forward_shared();
        cpu.differentiate_parts(batch.table, batch.indices, share(0));
        for worker in 1..workers {
            match team.answer(worker - 1).await {
                Some(values) => cpu.receive_parts(share(worker), &values),
                None => cpu.differentiate_parts(batch.table, batch.indices, share(worker)),
            }
        }
        cpu.backward_shared(batch.indices.len());
        team.timed(*helpers, &started);
    }
}

#[async_trait(?Send)]
impl Engine for OnCpu {
    async fn differentiate(&mut self, batch: &Batch<'_>) -> Result<()> {
        let Some(noise) = batch.weight_noise else {
            self.differentiate_together(batch).await;
            return Ok(());
        };
        let mut others = noise.on(self.cpu.parameters(), batch.step);
        self.cpu.swap(&mut others);
        self.differentiate_together(batch).await;
        self.cpu.swap(&mut others);
        Ok(())
    }

    async fn update(&mut self, update: &Update, rates: Rates) -> Result<()> {
        self.cpu.update(update, rates);
        Ok(())
    }

    async fn loss(&mut self) -> Result<Option<f64>> {
        Ok(self.cpu.loss())
    }

    async fn gradient(&mut self) -> Result<Vec<f32>> {
        Ok(self.cpu.gradient().to_vec())
    }

    async fn evaluate(&mut self, table: &[Equation]) -> Result<Vec<Answer>> {
        let OnCpu { cpu, team, helpers } = self;
        let (Some(team), 1..) = (team, *helpers) else { return Ok(cpu.evaluate(table)) };
        // Those that were there at the last step may be gone.
        let workers = team.helpers().min(*helpers) + 1;
        let share = |worker| -> Range<usize> { sums::share(worker, workers, table.len()) };
        for worker in 1..workers {
            team.ask(worker - 1, cpu.parameters(), &Task::Rows(share(worker)));
        }
        let mut answers = cpu.evaluate(&table[share(0)]);
        for worker in 1..workers {
            match team.answer(worker - 1).await {
                Some(values) => answers.extend(Answer::read_all(&values)),
                None => answers.extend(cpu.evaluate(&table[share(worker)])),
            }
        }
        Ok(answers)
    }

    async fn parameters(&mut self) -> Result<Vec<f32>> {
        Ok(self.cpu.parameters().to_vec())
    }

    async fn values(&mut self) -> Result<Vec<f32>> {
        Ok(self.cpu.values())
    }

    fn set_values(&mut self, values: &[f32]) {
        self.cpu.set_values(values);
    }

    fn set_threads(&mut self, threads: Threads) {
        if let Some(team) = &mut self.team {
            team.set_threads(threads);
        }
    }

    fn rest(&mut self) {
        if let Some(team) = &mut self.team {
            team.rest();
        }
    }
}
