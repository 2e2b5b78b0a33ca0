//! A run that is driven by commands and tells what happens in events.
//!
//! The page's workers and the native command line drive the same [`Session`].

mod history;
mod look;
mod message;
mod pace;
pub mod recording;
mod run;
#[cfg(test)]
mod typescript;

pub use history::{History, THRESHOLD};
pub use message::{
    Command, Curves, Event, Inspected, Snapshot, Started, Status, Subgroup, Tensor, Tested,
};
use pace::Pictures;
use run::Run;

use crate::algebra::{Cosets, Structure};
use crate::clock::Stopwatch;
use crate::config::{Config, RawConfig};
use crate::error::{Error, Result};
use crate::model::Parameter;
use crate::train::{Hardware, Trainer, peak_gflops};

/// Steps of a self-test that are compared between devices. The first has a rate of 0 if the run
/// warms up, so it takes three to see an update's effect.
pub const TEST_STEPS: u64 = 3;

/// At most one run on some hardware.
pub struct Session {
    hardware: Hardware,
    run: Option<Run>,
    patience_millis: f64,
}

impl Session {
    /// Without a run.
    pub fn new(hardware: Hardware) -> Self {
        Session { hardware, run: None, patience_millis: f64::INFINITY }
    }

    /// With a rest of every inspection that takes longer than about so long: [`Session::advance`] goes on with
    /// it, and a command that comes in between is obeyed.
    pub fn resting_after(self, patience_millis: f64) -> Self {
        Session { patience_millis, ..self }
    }

    /// Whether [`Session::advance`] has work to do.
    pub fn has_work(&self) -> bool {
        self.is_running() || self.run.as_ref().is_some_and(|run| run.looking.has_work())
    }

    /// Whether a run is trained.
    pub fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.status == Status::Running)
    }

    /// Obeys one command. An error leaves the run as it was.
    ///
    /// # Errors
    /// Whatever refuses the command: a setting that is not allowed, a run that is not there, a device that
    /// failed.
    pub async fn handle(&mut self, command: Command) -> Result<Vec<Event>> {
        match command {
            Command::Start { config, resume, from } => self.start(&config, resume, from).await,
            Command::Test { steps: Some(0), .. } => {
                Err(Error::Command("`steps` of a test must be at least 1".into()))
            }
            Command::Test { config, steps } => {
                self.test(&config, steps.map_or(TEST_STEPS, u64::from)).await
            }
            Command::Check { config } => {
                Trainer::check(&Config::from_raw(&config)?)?;
                Ok(Vec::new())
            }
            Command::Peak => Ok(vec![Event::Peak { gflops: peak_gflops() }]),
            Command::Run => self.trainable()?.go_on(),
            Command::Pause => {
                let run = self.current()?;
                let next = match run.status {
                    Status::Running => Status::Paused,
                    settled => settled,
                };
                let snapshot = run.snapshot().await?;
                Ok(vec![run.enter(next), snapshot])
            }
            Command::Step { steps } => {
                let run = self.trainable()?;
                run.until = Some(run.trainer.step_count() + u64::from(steps.max(1)));
                Ok(vec![run.enter(Status::Running)])
            }
            Command::Set { settings } => self.current()?.set(&settings),
            Command::Pace { steps, growing } => {
                let pictures = match steps {
                    Some(steps) => Pictures::Every(u64::from(steps)),
                    None if growing => Pictures::Growing,
                    None => Pictures::Adapt,
                };
                self.current()?.pace.choose(pictures);
                Ok(Vec::new())
            }
            Command::Watch { watch } => {
                let run = self.current()?;
                run.looking.watch = watch;
                let (looking, scene) = run.looked();
                looking.inspect(scene).await
            }
            Command::Predict { x, y } => {
                let (looking, scene) = self.current()?.looked();
                Ok(vec![looking.predict(scene, x, y).await?])
            }
            Command::Ablate { cuts, fill } => {
                let (looking, scene) = self.current()?.looked();
                Ok(vec![looking.ablate(scene, &cuts, fill).await?])
            }
            Command::Subgroups { config } => Ok(vec![subgroups(&Config::from_raw(&config)?)]),
            Command::Export => Ok(vec![self.export().await?]),
            Command::Import { values } => self.import(&values).await,
            Command::Snapshot => Ok(vec![self.current()?.snapshot().await?]),
        }
    }

    /// Trains until the next picture is due, and evaluates.
    ///
    /// # Errors
    /// [`Error::NotFinite`] or [`Error::Device`], after which the run has failed; [`Error::Command`]
    /// without a run.
    pub async fn advance(&mut self) -> Result<Vec<Event>> {
        self.advance_for(f64::INFINITY).await
    }

    /// The same, but for about `millis` at most: then it stops between two steps, and tells nothing.
    ///
    /// # Errors
    /// Those of [`Session::advance`].
    pub async fn advance_for(&mut self, millis: f64) -> Result<Vec<Event>> {
        let result = self.current()?.advance(millis).await;
        if result.is_err()
            && let Some(run) = &mut self.run
        {
            run.status = Status::Failed;
        }
        result
    }

    async fn export(&mut self) -> Result<Event> {
        let run = self.current()?;
        let parameters = run.trainer.model().parameters();
        let tensors =
            parameters.into_iter().map(|Parameter { name, shape, .. }| Tensor { name, shape });
        Ok(Event::Exported {
            step: run.trainer.step_count(),
            tensors: tensors.collect(),
            values: run.trainer.weights().await?,
        })
    }

    async fn import(&mut self, weights: &[f32]) -> Result<Vec<Event>> {
        let run = self.current()?;
        if run.trainer.step_count() > 0 {
            let why = "weights go into a run that has not started: reset it first";
            return Err(Error::Command(why.into()));
        }
        if let Some(value) = weights.iter().find(|value| !value.is_finite()) {
            return Err(Error::Weights(format!("one of them is `{value}`")));
        }
        run.trainer.set_weights(weights)?;
        run.history = History::new(run.trainer.table().equations.len());
        let mut events = vec![run.picture().await?];
        let (looking, scene) = run.looked();
        events.extend(looking.inspect(scene).await?);
        Ok(events)
    }

    /// The trainer of the current run, for programs that read its weights.
    ///
    /// # Errors
    /// [`Error::Command`] without a run.
    pub fn trainer(&mut self) -> Result<&mut Trainer> {
        Ok(&mut self.current()?.trainer)
    }

    fn current(&mut self) -> Result<&mut Run> {
        self.run.as_mut().ok_or_else(|| Error::Command("there is no run yet: start one".into()))
    }

    /// The current run, if more steps make sense.
    fn trainable(&mut self) -> Result<&mut Run> {
        let run = self.current()?;
        if run.status == Status::Failed {
            let why = "the run has failed and cannot go on: reset to start anew";
            return Err(Error::Command(why.into()));
        }
        Ok(run)
    }

    async fn start(
        &mut self,
        config: &RawConfig,
        resume: Option<Snapshot>,
        from: Option<RawConfig>,
    ) -> Result<Vec<Event>> {
        let config = Config::from_raw(config)?;
        let goes_on = resume.is_some() && from.is_none();
        let trainer = Trainer::new(&config, &self.hardware)?;
        let mut run = match (resume, from) {
            (Some(snapshot), Some(from)) => {
                Run::fork(trainer, &snapshot, &Config::from_raw(&from)?)?
            }
            (None, Some(_)) => {
                return Err(Error::Command("a fork needs the snapshot that it starts from".into()));
            }
            (resume, None) => Run::new(trainer, resume)?,
        };
        run.looking.patience_millis = self.patience_millis;
        let started = Event::Started(run.describe());
        let first = if goes_on { run.look().await? } else { run.picture().await? };
        let events = vec![started, first, run.enter(Status::Idle)];
        self.run = Some(run);
        Ok(events)
    }

    /// Trains the network of `config` a few steps aside, for comparison with another device.
    async fn test(&self, config: &RawConfig, steps: u64) -> Result<Vec<Event>> {
        let config = Config::from_raw(config)?;
        let mut trainer = Trainer::new(&config, &self.hardware.alone())?;
        let mut losses = Vec::new();
        for _ in 0..TEST_STEPS {
            trainer.step().await?;
            losses.extend(trainer.settle().await?);
        }
        let evaluation = trainer.evaluate().await?;
        losses.extend([evaluation.train_loss, evaluation.held_out_loss]);

        let started = Stopwatch::start();
        for _ in 0..steps {
            trainer.step().await?;
        }
        trainer.settle().await?;
        let step_millis = started.millis() / steps as f64;
        let step_gflop = trainer.step_flop() as f64 / 1e9;
        Ok(vec![Event::Tested(Tested { losses, step_millis, step_gflop })])
    }
}

fn subgroups(config: &Config) -> Event {
    let subgroups = match &config.operation().structure {
        Structure::Group(group) => group
            .subgroups()
            .into_iter()
            .map(|Cosets { generators, order, of }| Subgroup { generators, order, coset: of })
            .collect(),
        _ => Vec::new(),
    };
    Event::Subgroups { subgroups }
}
