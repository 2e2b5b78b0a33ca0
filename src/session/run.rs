//! A network in training: what a session's commands act on.

use std::collections::BTreeMap;

use super::history::History;
use super::look::{Looking, Scene};
use super::message::{Curves, Event, Snapshot, Started, Status};
use super::pace::Pace;
use crate::algebra::{Cyclic, Structure};
use crate::clock::Stopwatch;
use crate::config::{BUDGET_MAX, Config, Stop};
use crate::data::NO_SYMBOL;
use crate::error::{Error, Result};
use crate::settings::Setting;
use crate::train::{Evaluation, Trainer};

/// Time between host copies of the weights, from which a lost run goes on.
const SNAPSHOT_MILLIS: f64 = 5_000.0;
/// Time between inspections over the time of one, at least, and between copies: they take 2 % of a
/// run each. What is drawn of an inspection takes as much again from a helper on the last core.
const ASIDE_SHARE: f64 = 50.0;

/// One run, and when it evaluates, inspects and copies itself.
pub struct Run {
    /// What takes the steps.
    pub trainer: Trainer,
    /// What it has passed.
    pub history: History,
    /// When the next picture is due.
    pub pace: Pace,
    /// Where it stands.
    pub status: Status,
    /// Where the steps that were asked for one by one end.
    pub until: Option<u64>,
    last_snapshot: Stopwatch,
    /// How it is looked into.
    pub looking: Looking,
    /// The last one.
    evaluation: Option<Evaluation>,
    /// How long the last copy took: with every gradient of a window it can be a gigabyte.
    snapshot_millis: f64,
}

impl Run {
    /// Before its first step, or where a snapshot left off.
    ///
    /// # Errors
    /// [`Error::Weights`] or [`Error::Command`] if the snapshot is of another model or table.
    pub fn new(mut trainer: Trainer, resume: Option<Snapshot>) -> Result<Run> {
        let history = match resume {
            Some(snapshot) => {
                trainer.restore(&snapshot.checkpoint())?;
                snapshot.history.check(trainer.table().equations.len())?;
                snapshot.history
            }
            None => History::new(trainer.table().equations.len()),
        };
        Ok(Run {
            trainer,
            history,
            pace: Pace::default(),
            status: Status::Idle,
            until: None,
            last_snapshot: Stopwatch::start(),
            looking: Looking::default(),
            evaluation: None,
            snapshot_millis: 0.0,
        })
    }

    /// Off from a snapshot of a run with the settings `from`. Its milestones begin anew, and it runs to
    /// its budget.
    ///
    /// # Errors
    /// Those of [`Trainer::fork`].
    pub fn fork(mut trainer: Trainer, snapshot: &Snapshot, from: &Config) -> Result<Run> {
        trainer.fork(&snapshot.checkpoint(), from)?;
        let mut run = Run::new(trainer, None)?;
        run.history.went_on = true;
        Ok(run)
    }

    /// Comes to a state, and tells it.
    pub fn enter(&mut self, status: Status) -> Event {
        if status != Status::Running {
            self.trainer.rest();
        }
        self.status = status;
        Event::Status { status, step: self.trainer.step_count() }
    }

    /// What the run is, before anything happens in it.
    pub fn describe(&self) -> Started {
        let config = self.trainer.config();
        let table = self.trainer.table();
        let operation = config.operation();
        let facts = operation.facts();
        let held_out = self.trainer.held_out();
        let outliers = self.trainer.outliers();
        let mirrored = self.trainer.mirrored();
        let n_held_out = held_out.iter().filter(|&&held_out| held_out).count();
        Started {
            config: config.texts(),
            operation: operation.label.clone(),
            symbols: operation.names().to_vec(),
            modular: operation.structure == Structure::Residues,
            group: matches!(operation.structure, Structure::Group(_)),
            index: Cyclic::of(operation).map(|cyclic| cyclic.index),
            commutative: facts.commutative,
            associative: facts.associative,
            distinct_answers: facts.distinct_answers,
            equations: table.equations.len(),
            train: held_out.len() - n_held_out,
            batch: self.trainer.batch(),
            parameters: self.trainer.n_parameters(),
            chance: facts.commonest as f64 / table.equations.len() as f64,
            order: operation.order(),
            answer: table.picture(NO_SYMBOL, |_, equation| equation.answer),
            held_out: table.picture(0, |index, _| u8::from(held_out[index])),
            mirrored: table.picture(0, |index, _| u8::from(mirrored[index])),
            outlier: table.picture(0, |index, _| u8::from(outliers[index])),
        }
    }

    /// Runs on. A run that has ended goes on to its budget, and one that has spent that gets twice as
    /// much.
    ///
    /// # Errors
    /// If the budget is spent and is the largest.
    pub fn go_on(&mut self) -> Result<Vec<Event>> {
        let step = self.trainer.step_count();
        let budget = self.trainer.config().budget;
        let mut events = Vec::new();
        if step >= budget {
            if budget >= BUDGET_MAX {
                let message =
                    format!("the run has {step} steps, and {BUDGET_MAX} is the largest budget");
                return Err(Error::Command(message));
            }
            let raised = (2 * budget.max(step)).min(BUDGET_MAX);
            events = self.set(&[("budget".into(), raised.to_string())].into())?;
        }
        self.history.went_on |= self.history.is_past_generalisation(step);
        self.until = None;
        events.push(self.enter(Status::Running));
        Ok(events)
    }

    /// Changes live settings.
    ///
    /// # Errors
    /// [`Error::Command`] names a setting that is not live; else as
    /// [`Config::with`](crate::config::Config::with).
    pub fn set(&mut self, settings: &BTreeMap<String, String>) -> Result<Vec<Event>> {
        for id in settings.keys() {
            if !Setting::find(id)?.live {
                return Err(Error::Command(format!("`{id}` needs a new network: reset to use it")));
            }
        }
        let config = self.trainer.config().with(settings)?;
        self.trainer.set(config);
        Ok(vec![Event::Configured { config: self.trainer.config().texts() }])
    }

    /// Trains to the next picture, and tells what is new. After `patience_millis` it stops between two
    /// steps, with nothing to tell.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if it diverged, [`Error::Device`] if the device failed.
    pub async fn advance(&mut self, patience_millis: f64) -> Result<Vec<Event>> {
        if self.looking.has_work() {
            let (looking, scene) = self.looked();
            return looking.go_on(scene).await;
        }
        let begun = Stopwatch::start();
        let config = self.trainer.config();
        let (budget, stop) = (config.budget, config.stop);
        let step = self.trainer.step_count();
        let end = self.until.unwrap_or(budget.max(step + 1));
        let target = self.pace.next_picture(step).min(end);
        while self.trainer.step_count() < target {
            // The queue of a GPU holds a bounded amount of work, so that the page stays fluid.
            let round = self.pace.steps_between_waits().min(target - self.trainer.step_count());
            let started = Stopwatch::start();
            for _ in 0..round {
                self.trainer.step().await?;
            }
            if let Some(loss) = self.trainer.settle().await?.filter(|loss| !loss.is_finite()) {
                return Err(Error::NotFinite { step: self.trainer.step_count(), loss });
            }
            self.pace.trained(round, started.millis());
            if self.trainer.step_count() < target && begun.millis() > patience_millis {
                return Ok(Vec::new());
            }
        }
        let mut events = vec![self.picture().await?];
        let step = self.trainer.step_count();
        if let Some(until) = self.until {
            // Steps that were asked for are taken, whatever would end the run.
            if step >= until {
                self.until = None;
                events.push(self.enter(Status::Paused));
            }
        } else if step >= budget
            || (stop == Stop::Grokked
                && !self.history.went_on
                && self.history.is_past_generalisation(step))
        {
            events.push(self.enter(Status::Finished));
        }
        let due = self.looking.last.millis() > ASIDE_SHARE * self.looking.millis;
        if due || self.status != Status::Running {
            let (looking, scene) = self.looked();
            events.extend(looking.inspect(scene).await?);
        }
        let apart = SNAPSHOT_MILLIS.max(ASIDE_SHARE * self.snapshot_millis);
        if self.status != Status::Running || self.last_snapshot.millis() > apart {
            events.push(self.snapshot().await?);
        }
        Ok(events)
    }

    /// Evaluates the whole table.
    ///
    /// # Errors
    /// Those of [`Trainer::evaluate`].
    pub async fn picture(&mut self) -> Result<Event> {
        let started = Stopwatch::start();
        let evaluation = self.trainer.evaluate().await?;
        self.pace.evaluated(started.millis());
        self.history.record(&evaluation, self.trainer.table());
        Ok(self.show(evaluation))
    }

    /// Evaluates the whole table where a run goes on: what it has passed was said where it came from.
    ///
    /// # Errors
    /// Those of [`Trainer::evaluate`].
    pub async fn look(&mut self) -> Result<Event> {
        let evaluation = self.trainer.evaluate().await?;
        Ok(self.show(evaluation))
    }

    fn show(&mut self, evaluation: Evaluation) -> Event {
        let event = Event::Evaluated(self.curves(&evaluation));
        self.evaluation = Some(evaluation);
        event
    }

    fn curves(&self, evaluation: &Evaluation) -> Curves {
        let table = self.trainer.table();
        Curves {
            step: evaluation.step,
            train_accuracy: evaluation.train_accuracy,
            held_out_accuracy: evaluation.held_out_accuracy,
            mirrored_accuracy: evaluation.mirrored_accuracy,
            unmirrored_accuracy: evaluation.unmirrored_accuracy,
            train_loss: evaluation.train_loss,
            held_out_loss: evaluation.held_out_loss,
            collapsed: Some(evaluation.collapsed),
            steps_per_second: self.pace.steps_per_second(),
            memorised_at: self.history.memorised_at,
            generalised_at: self.history.generalised_at,
            predicted: table.picture(NO_SYMBOL, |index, _| evaluation.predicted[index]),
            confidence: table.picture(0.0, |index, _| evaluation.confidence[index]),
            first_right: table.picture(0, |index, _| self.history.first_right[index]),
        }
    }

    /// How it is looked into, and what of it.
    pub fn looked(&mut self) -> (&mut Looking, Scene<'_>) {
        let is_running = self.status == Status::Running;
        let Run { looking, trainer, history, evaluation, .. } = self;
        (looking, Scene { trainer, history, evaluation: evaluation.as_ref(), is_running })
    }

    /// A host copy of the run.
    ///
    /// # Errors
    /// [`Error::Device`] if the values cannot be read.
    pub async fn snapshot(&mut self) -> Result<Event> {
        let started = Stopwatch::start();
        let checkpoint = self.trainer.checkpoint().await?;
        self.snapshot_millis = started.millis();
        self.last_snapshot = Stopwatch::start();
        Ok(Event::Snapshot(Snapshot::new(checkpoint, self.history.clone())))
    }
}
