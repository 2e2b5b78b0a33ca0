//! The only definitions of what a page and a worker say to each other.
//!
//! Large arrays are skipped by serde: the wasm edge passes them as typed arrays beside the
//! message, so that they are transferred and not copied element by element.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::history::History;
use crate::config::RawConfig;
use crate::inspect::inside::{Ablated, Fill};
use crate::inspect::{Inspection, Prediction, Watch};
use crate::train::Checkpoint;

/// What a session is asked for.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
pub enum Command {
    /// A new network, or one that goes on from a snapshot. It waits for [`Command::Run`].
    Start {
        /// What to train.
        config: RawConfig,
        /// Where to go on; none for the first step.
        #[serde(default)]
        #[cfg_attr(test, ts(type = "Pick<Snapshot, 'step' | 'history'> | null"))]
        resume: Option<Snapshot>,
        /// The settings of the run that the snapshot is of, if this one forks off with others: its
        /// milestones begin anew, and only its budget ends it.
        #[serde(default)]
        #[cfg_attr(test, ts(optional = nullable))]
        from: Option<RawConfig>,
    },
    /// Trains until the run ends. A run that has ended goes on.
    Run,
    /// Stops where the last picture was.
    Pause,
    /// So many steps, then a pause.
    Step {
        /// From 1; 0 counts as 1.
        steps: u32,
    },
    /// Live settings of the running network.
    Set {
        /// By id, as they would be typed.
        settings: BTreeMap<String, String>,
    },
    /// Steps between pictures; none lets the pace adapt, or grow with the steps.
    Pace {
        /// From 1.
        steps: Option<u32>,
        /// Without `steps`: 2 % more of them each time.
        #[serde(default)]
        growing: bool,
    },
    /// Says whether a run could be started, and changes nothing.
    Check {
        /// What would be trained.
        config: RawConfig,
    },
    /// What to inspect from now on, as often as costs little.
    Watch {
        /// Nothing ends it.
        watch: Watch,
    },
    /// Scores of every symbol for one equation.
    Predict {
        /// A symbol, by its number.
        x: u16,
        /// A symbol, by its number.
        y: u16,
    },
    /// What is left of the network without some of its parts; the run stays as it is.
    Ablate {
        /// Names of parts, such as `head:0.2`: those of [`Switch`](crate::inspect::inside::Switch).
        cuts: Vec<String>,
        /// What is put in place of heads and neurons.
        #[serde(default)]
        fill: Fill,
    },
    /// The subgroups of an operation's group, if it has one.
    Subgroups {
        /// The operation is that of this run.
        config: RawConfig,
    },
    /// Asks for a host copy of the run.
    Snapshot,
    /// Asks for the weights and their names.
    Export,
    /// Puts other weights into a run that has not started, and evaluates them.
    Import {
        /// As [`Event::Exported`] has them.
        #[serde(skip)]
        #[cfg_attr(test, ts(skip))]
        values: Vec<f32>,
    },
    /// Trains a few steps aside and tells the losses and the time, by default of
    /// [`TEST_STEPS`](super::TEST_STEPS).
    Test {
        /// The network.
        config: RawConfig,
        /// Steps that are timed, from 1.
        #[serde(default)]
        steps: Option<u32>,
    },
    /// Measures how fast the CPU multiplies matrices.
    Peak,
}

/// What a session tells.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Event {
    /// A new network is there.
    Started(Started),
    /// The whole table was answered.
    Evaluated(Curves),
    /// The run has come to another state.
    Status {
        /// The state.
        status: Status,
        /// Steps done.
        step: u64,
    },
    /// Every setting, after some were changed.
    Configured {
        /// As they would be typed.
        config: BTreeMap<String, String>,
    },
    /// What the network shows.
    Inspected(Box<Inspected>),
    /// The answer to [`Command::Predict`].
    Predicted {
        /// Steps done.
        step: u64,
        /// A symbol, by its number.
        x: u16,
        /// A symbol, by its number.
        y: u16,
        /// The scores.
        #[serde(flatten)]
        prediction: Prediction,
    },
    /// The answer to [`Command::Ablate`]; predicted symbols and their probabilities row-major n x n.
    Ablated {
        /// Steps done.
        step: u64,
        /// What is left.
        #[serde(flatten)]
        ablated: Ablated,
    },
    /// The answer to [`Command::Subgroups`].
    Subgroups {
        /// Empty if the operation is not a group's.
        subgroups: Vec<Subgroup>,
    },
    /// A copy of the run, asked for or now and then.
    Snapshot(Snapshot),
    /// The answer to [`Command::Export`].
    Exported {
        /// Steps done.
        step: u64,
        /// In the order of their values.
        tensors: Vec<Tensor>,
        /// All of them, end to end.
        #[serde(skip_serializing)]
        #[cfg_attr(test, ts(type = "Float32Array"))]
        values: Vec<f32>,
    },
    /// The answer to [`Command::Test`].
    Tested(Tested),
    /// The answer to [`Command::Peak`].
    Peak {
        /// Billions of operations a second.
        gflops: f64,
    },
}

/// One parameter of a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tensor {
    /// As `docs/weights.md` has it.
    pub name: String,
    /// Rows and columns.
    pub shape: [usize; 2],
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Before the first step.
    Idle,
    /// It takes steps.
    Running,
    /// It waits for a command.
    Paused,
    /// The budget is spent, or the network has generalised.
    Finished,
    /// Training diverged or the device failed.
    Failed,
}

/// What is trained, and on what.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Started {
    /// Every setting, as it would be typed.
    pub config: BTreeMap<String, String>,
    /// The operation as it is written for readers.
    pub operation: String,
    /// The names of the symbols.
    pub symbols: Vec<String>,
    /// Whether they are residues.
    pub modular: bool,
    /// Whether they are a group's elements.
    pub group: bool,
    /// The place of each symbol in the cycle that the operation adds in, if it is such a sum.
    pub index: Option<Vec<Option<usize>>>,
    /// Whether x ∘ y = y ∘ x.
    pub commutative: bool,
    /// Whether (x ∘ y) ∘ z = x ∘ (y ∘ z).
    pub associative: bool,
    /// Symbols that are the answer of some cell.
    pub distinct_answers: usize,
    /// Equations of the table.
    pub equations: usize,
    /// Equations that are trained on.
    pub train: usize,
    /// Equations of a full step.
    pub batch: usize,
    /// Parameters of the network.
    pub parameters: usize,
    /// Accuracy of always giving the commonest answer, 0 to 1.
    pub chance: f64,
    /// Place of each symbol where they are coloured in order: of residues their own, of a group's
    /// elements coset by coset.
    pub order: Vec<u16>,
    /// Row-major n x n; [`crate::data::NO_SYMBOL`] where there is no equation.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint16Array"))]
    pub answer: Vec<u16>,
    /// Row-major n x n; 1 where a cell is held out.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint8Array"))]
    pub held_out: Vec<u8>,
    /// Row-major n x n; 1 where a cell is held out and its mirror image trained on, of a commutative
    /// operation.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint8Array"))]
    pub mirrored: Vec<u8>,
    /// Row-major n x n; 1 where a cell is trained on with another's answer.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint8Array"))]
    pub outlier: Vec<u8>,
}

/// What the network shows at a step.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Inspected {
    /// Steps done.
    pub step: u64,
    /// What was asked for.
    pub watch: Watch,
    /// What was found.
    #[serde(flatten)]
    pub inspection: Inspection,
}

/// One subgroup of each conjugacy class.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Subgroup {
    /// The names of one or two elements that generate it.
    pub generators: Vec<String>,
    /// How many elements it has.
    pub order: usize,
    /// The coset of each symbol.
    pub coset: Vec<u16>,
}

/// One point of the curves, and the table as the network sees it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Curves {
    /// Steps done before it.
    pub step: u64,
    /// Share of the training equations that are right, 0 to 1.
    pub train_accuracy: f64,
    /// Share of the held-out equations that are right, 0 to 1.
    pub held_out_accuracy: f64,
    /// Accuracy on held-out cells whose mirror image is trained on; none where there are none, or the
    /// operation is not commutative.
    pub mirrored_accuracy: Option<f64>,
    /// The same of the other held-out cells.
    pub unmirrored_accuracy: Option<f64>,
    /// Mean cross-entropy of the training equations, in nats.
    pub train_loss: f64,
    /// Mean cross-entropy of the held-out equations, in nats.
    pub held_out_loss: f64,
    /// Share of the training equations whose right answer has a probability of exactly 1 in the precision
    /// of the loss, 0 to 1; none in a recording.
    pub collapsed: Option<f64>,
    /// Steps a second of training alone, without evaluations; none before it was measured.
    pub steps_per_second: Option<f64>,
    /// First evaluated step with a train accuracy of 99 %.
    pub memorised_at: Option<u64>,
    /// First evaluated step with a held-out accuracy of 99 %.
    pub generalised_at: Option<u64>,
    /// Row-major n x n: the likeliest symbol; [`crate::data::NO_SYMBOL`] where there is no
    /// equation.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint16Array"))]
    pub predicted: Vec<u16>,
    /// Row-major n x n: the probability of that symbol, 0 to 1.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub confidence: Vec<f32>,
    /// Row-major n x n: the first evaluated step, plus one, at which a cell was right; 0 if none.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint32Array"))]
    pub first_right: Vec<u32>,
}

/// A run as it can go on in another worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Snapshot {
    /// Steps done.
    pub step: u64,
    /// What it had passed.
    pub history: History,
    /// Parameters, then each moment of the optimiser, end to end.
    #[serde(skip_serializing, skip_deserializing)]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub values: Vec<f32>,
}

impl Snapshot {
    pub(super) fn new(checkpoint: Checkpoint, history: History) -> Self {
        Snapshot { step: checkpoint.step, history, values: checkpoint.values }
    }

    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { step: self.step, values: self.values.clone() }
    }
}

/// The outcome of [`Command::Test`].
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Tested {
    /// The loss of each step, then the losses of what is trained on and of what is held out.
    pub losses: Vec<f64>,
    /// Time of a step.
    pub step_millis: f64,
    /// Billions of operations of a step's matrix products.
    pub step_gflop: f64,
}
