//! How a run is looked into.

#![expect(
    clippy::await_holding_refcell_ref,
    reason = "the inspector is asked by one at a time: whoever asks ends an inspection before"
)]

use std::cell::RefCell;
use std::rc::Rc;

use super::history::History;
use super::message::{Event, Inspected};
use crate::clock::Stopwatch;
use crate::data::NO_SYMBOL;
use crate::error::{Error, Result};
use crate::inspect::gauge::{self, Kind, Outlook, Progress, Reading};
use crate::inspect::inside::{Ablated, Fill};
use crate::inspect::{InParts, Inspection, Inspector, Watch, norm};
use crate::train::{Evaluation, Trainer};

/// How a run is looked into, and when it was.
pub struct Looking {
    /// What is looked at.
    pub watch: Watch,
    /// How long an inspection goes on without a rest.
    pub patience_millis: f64,
    /// When the last one ended.
    pub last: Stopwatch,
    /// How long it took.
    pub millis: f64,
    /// Made when something is first looked at.
    inspector: Option<Rc<RefCell<Inspector>>>,
    /// Under way; nothing is trained meanwhile.
    inspecting: Option<Inspecting>,
    /// Whether an inspection was left for a reader's question, and is to be made anew.
    is_owed: bool,
    /// ‖θ‖₂ before the first step, which only the gauge asks for.
    first_norm: Option<f64>,
}

/// The run that is looked into.
pub struct Scene<'a> {
    /// Has the network.
    pub trainer: &'a mut Trainer,
    /// What it has passed.
    pub history: &'a History,
    /// The last one.
    pub evaluation: Option<&'a Evaluation>,
    /// Whether it goes on, and so comes to a next picture.
    pub is_running: bool,
}

/// A look at one network.
struct Inspecting {
    step: u64,
    watch: Watch,
    work: InParts<Inspection>,
    /// How long it took to have the weights.
    read_millis: f64,
}

impl Default for Looking {
    fn default() -> Looking {
        Looking {
            watch: Watch::default(),
            patience_millis: f64::INFINITY,
            last: Stopwatch::start(),
            millis: 0.0,
            inspector: None,
            inspecting: None,
            is_owed: false,
            first_norm: None,
        }
    }
}

impl Looking {
    /// Whether there is something to go on with.
    pub fn has_work(&self) -> bool {
        self.inspecting.is_some() || self.is_owed
    }

    /// The inspector, for whoever does not wait until an inspection has ended.
    fn interrupt(&mut self, trainer: &Trainer) -> Rc<RefCell<Inspector>> {
        self.inspecting = None;
        let make = || Inspector::new(trainer.config().operation(), trainer.model());
        self.inspector.get_or_insert_with(|| Rc::new(RefCell::new(make()))).clone()
    }

    /// The inspector, for a reader's question. An inspection that it ends is made anew: of a run that goes on, with its next
    /// picture that is looked at, so that questions one after another do not hold it back.
    fn asked(&mut self, scene: &Scene<'_>) -> Rc<RefCell<Inspector>> {
        self.is_owed |= self.inspecting.is_some() && !scene.is_running;
        self.interrupt(scene.trainer)
    }

    /// Looks at what is watched, if anything is, in place of what was looked at before. What takes longer than
    /// [`Looking::patience_millis`] is told by [`Looking::go_on`].
    ///
    /// # Errors
    /// [`Error::Device`] if the weights cannot be read.
    pub async fn inspect(&mut self, scene: Scene<'_>) -> Result<Vec<Event>> {
        self.inspecting = None;
        self.is_owed = false;
        if self.watch.is_empty() {
            return Ok(Vec::new());
        }
        let inspector = self.interrupt(scene.trainer);
        let started = Stopwatch::start();
        let weights = scene.trainer.weights().await?;
        let (step, watch) = (scene.trainer.step_count(), self.watch);
        let equations = scene.trainer.table().equations.clone();
        let held_out = scene.trainer.held_out().to_vec();
        let work = async move {
            let mut inspector = inspector.borrow_mut();
            inspector.inspect(&weights, &equations, &held_out, watch).await
        };
        let (work, read_millis) = (InParts::new(work), started.millis());
        self.inspecting = Some(Inspecting { step, watch, work, read_millis });
        Ok(self.work_on(&scene))
    }

    /// Goes on with an inspection that has not ended.
    ///
    /// # Errors
    /// Those of [`Looking::inspect`].
    pub async fn go_on(&mut self, scene: Scene<'_>) -> Result<Vec<Event>> {
        if self.is_owed { self.inspect(scene).await } else { Ok(self.work_on(&scene)) }
    }

    fn work_on(&mut self, scene: &Scene<'_>) -> Vec<Event> {
        let Some(inspecting) = &mut self.inspecting else { return Vec::new() };
        let patience = self.patience_millis;
        let Some((mut inspection, millis)) = inspecting.work.go_on(patience) else {
            return Vec::new();
        };
        let (step, watch) = (inspecting.step, inspecting.watch);
        let millis = inspecting.read_millis + millis;
        self.inspecting = None;
        if watch.gauge {
            inspection.outlook = self.outlook(scene, &inspection);
        }
        self.millis = millis;
        self.last = Stopwatch::start();
        vec![Event::Inspected(Box::new(Inspected { step, watch, inspection }))]
    }

    /// How close to grokking the last evaluated network is.
    fn outlook(&mut self, scene: &Scene<'_>, inspection: &Inspection) -> Option<Outlook> {
        let evaluation = scene.evaluation?;
        let config = scene.trainer.config();
        if scene.history.generalised_at.is_some() {
            return Some(Outlook::Generalised);
        }
        let kind = match Kind::of(config, inspection.fourier.is_some()) {
            Ok(kind) => kind,
            Err(why) => return Some(Outlook::Unknown { why }),
        };
        if evaluation.train_accuracy < gauge::EARLIEST_ACCURACY {
            return Some(Outlook::Early);
        }
        let first_norm =
            *self.first_norm.get_or_insert_with(|| norm(&scene.trainer.first_weights()));
        let held_out = scene.trainer.held_out();
        let n_train = held_out.iter().filter(|&&held_out| !held_out).count();
        let reading = Reading {
            symbols: scene.trainer.table().symbols,
            train_fraction: n_train as f64 / held_out.len() as f64,
            decay_rate: config.learning_rate * config.weight_decay,
            step: evaluation.step,
            train_loss: evaluation.train_loss,
            held_out_loss: evaluation.held_out_loss,
            held_out_accuracy: evaluation.held_out_accuracy,
            growth: inspection.weight_norm / first_norm,
            progress: inspection.fourier.as_ref().map(Progress::from),
            measures: None,
        };
        let model = gauge::model(kind);
        let law = |at| gauge::norm_law(at, reading.decay_rate, model.shrinkage);
        Some(Outlook::Ahead {
            forecast: model.forecast(&reading),
            norm_law: scene.history.memorised_at.map(law),
            unlike: kind.unlike(config),
        })
    }

    /// Scores of every symbol for x ∘ y.
    ///
    /// # Errors
    /// [`Error::Command`] if the table has no such equation.
    pub async fn predict(&mut self, scene: Scene<'_>, x: u16, y: u16) -> Result<Event> {
        let asked = self.asked(&scene);
        let weights = scene.trainer.weights().await?;
        let (table, held_out) = (scene.trainer.table(), scene.trainer.held_out());
        let place = table.equations.iter().position(|e| (e.x, e.y) == (x, y));
        let index = place.ok_or_else(|| {
            Error::Command(format!("the operation is not defined for symbols {x} and {y}"))
        })?;
        let prediction =
            asked.borrow_mut().predict(&weights, &table.equations, held_out, index).await;
        Ok(Event::Predicted { step: scene.trainer.step_count(), x, y, prediction })
    }

    /// What is left of the network without some of its parts.
    ///
    /// # Errors
    /// [`Error::Command`] names a part that it does not have.
    pub async fn ablate(&mut self, scene: Scene<'_>, cuts: &[String], fill: Fill) -> Result<Event> {
        let asked = self.asked(&scene);
        let weights = scene.trainer.weights().await?;
        let (table, held_out) = (scene.trainer.table(), scene.trainer.held_out());
        let found =
            asked.borrow_mut().ablate(&weights, &table.equations, held_out, cuts, fill).await?;
        let ablated = Ablated {
            predicted: table.picture(NO_SYMBOL, |index, _| found.predicted[index]),
            confidence: table.picture(0.0, |index, _| found.confidence[index]),
            ..found
        };
        Ok(Event::Ablated { step: scene.trainer.step_count(), ablated })
    }
}
