//! Helpers elsewhere that share the work of a step.

use std::ops::Range;
use std::rc::Rc;

use async_trait::async_trait;

use crate::clock::Stopwatch;
use crate::config::{Config, Threads};
use crate::data::{Batches, Table};
use crate::fused::{
    Answer,
    cpu::{Cpu, sums},
};
use crate::model::ModelConfig;
use crate::rng::Rng;
use crate::train::examples::{Examples, examples};

/// Steps that are timed with and without helpers before one of the two is chosen. The first of them
/// is not counted: it finds nothing in the caches.
const TIMED_STEPS: usize = 6;

/// What a helper is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// The sums over some parts of the batch of a step, see [`sums`].
    Parts {
        /// Which batch it is.
        step: u64,
        /// Which of its parts.
        parts: Range<usize>,
    },
    /// Answers for some equations of the table.
    Rows(Range<usize>),
}

/// Helpers that compute what this process would otherwise compute alone. They keep nothing from one
/// task to the next but the run's table, so that one that is lost takes nothing with it.
#[async_trait(?Send)]
pub trait Crew {
    /// Cores of this machine.
    fn cores(&self) -> usize;

    /// Says that a run wants so many helpers now. They come in their own time; those that are too
    /// many go.
    fn recruit(&mut self, config: &Config, helpers: usize);

    /// Helpers that are ready for the run of the last [`Crew::recruit`].
    fn ready(&self) -> usize;

    /// Gives a task to a helper, from 0 to [`Crew::ready`]. It is done with these `parameters` `[P]`.
    fn ask(&mut self, helper: usize, parameters: &[f32], task: &Task);

    /// What a helper made of its task; none if it was lost.
    async fn answer(&mut self, helper: usize) -> Option<Vec<f32>>;
}

/// Makes the crew of a run.
pub type Recruiter = Rc<dyn Fn() -> Box<dyn Crew>>;

/// A crew, and whether it is worth its while.
pub struct Team {
    crew: Box<dyn Crew>,
    config: Config,
    threads: Threads,
    /// Most helpers that a step can use.
    most: usize,
    alone: Times,
    together: Times,
}

/// The shortest of some times, in milliseconds.
#[derive(Default)]
struct Times {
    count: usize,
    best: Option<f64>,
}

impl Times {
    fn add(&mut self, millis: f64) {
        self.count += 1;
        if self.count > 1 {
            self.best = Some(self.best.map_or(millis, |best| best.min(millis)));
        }
    }

    fn is_known(&self) -> bool {
        self.count >= TIMED_STEPS
    }
}

impl Team {
    /// For a run with batches of so many equations.
    pub fn new(recruiter: &Recruiter, config: &Config, batch: usize) -> Team {
        Team {
            crew: recruiter(),
            config: config.clone(),
            threads: config.threads,
            most: sums::parts(batch) - 1,
            alone: Times::default(),
            together: Times::default(),
        }
    }

    pub fn set_threads(&mut self, threads: Threads) {
        if self.threads != threads {
            self.threads = threads;
            (self.alone, self.together) = Default::default();
        }
    }

    /// Helpers for the next step. The first steps of a run find out whether they are of use.
    pub fn helpers(&mut self) -> usize {
        let wanted = match self.threads {
            Threads::Count(threads) => threads - 1,
            Threads::Auto if !self.alone.is_known() => 0,
            Threads::Auto if self.together.is_known() && self.alone.best <= self.together.best => 0,
            Threads::Auto => self.crew.cores() - 1,
        };
        let wanted = wanted.min(self.most);
        self.crew.recruit(&self.config, wanted);
        self.crew.ready().min(wanted)
    }

    pub fn timed(&mut self, helpers: usize, since: &Stopwatch) {
        let times = if helpers > 0 { &mut self.together } else { &mut self.alone };
        if !times.is_known() {
            times.add(since.millis());
        }
    }

    /// Nothing is to do for now.
    pub fn rest(&mut self) {
        self.crew.recruit(&self.config, 0);
    }

    pub fn ask(&mut self, helper: usize, parameters: &[f32], task: &Task) {
        self.crew.ask(helper, parameters, task);
    }

    pub async fn answer(&mut self, helper: usize) -> Option<Vec<f32>> {
        self.crew.answer(helper).await
    }
}

/// The other side of a crew: does the tasks of one run.
pub struct Helper {
    table: Table,
    batches: Batches,
    cpu: Cpu,
}

impl Helper {
    /// A helper for the run of `config`.
    pub fn new(config: &Config) -> Helper {
        let rng = Rng::new(u64::from(config.seed));
        let Examples { table, batches, .. } = examples(config, &rng);
        let cpu = Cpu::inference(&ModelConfig::new(config, table.symbols));
        Helper { table, batches, cpu }
    }

    /// With `parameters` `[P]`.
    ///
    /// # Panics
    /// If parameters, parts or rows are of another run.
    pub fn work(&mut self, parameters: &[f32], task: &Task) -> Vec<f32> {
        self.cpu.set_values(parameters);
        let table = &self.table.equations;
        match task {
            Task::Parts { step, parts } => {
                self.cpu.parts_to_send(table, self.batches.at(*step), parts.clone())
            }
            Task::Rows(rows) => {
                let answers = self.cpu.evaluate(&table[rows.clone()]);
                answers.into_iter().flat_map(Answer::write).collect()
            }
        }
    }
}
