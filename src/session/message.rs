//! The only definitions of what a page and a worker say to each other.
//!
//! Large arrays are skipped by serde: the wasm edge passes them as typed arrays beside the
//! message, so that they are transferred and not copied element by element.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::history::History;
use crate::config::RawConfig;
use crate::inspect::{Inspection, Prediction, Watch};
use crate::train::Checkpoint;

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
pub enum Command {
    /// A new network, or one that goes on from a snapshot. It waits for [`Command::Run`].
    Start {
        config: RawConfig,
        #[serde(default)]
        #[cfg_attr(test, ts(type = "Pick<Snapshot, 'step' | 'history'> | null"))]
        resume: Option<Snapshot>,
    },
    Run,
    Pause,
    /// So many steps, then a pause.
    Step {
        steps: u32,
    },
    /// Live settings of the running network.
    Set {
        settings: BTreeMap<String, String>,
    },
    /// Steps between pictures; none lets the pace adapt, or grow with the steps.
    Pace {
        steps: Option<u32>,
        #[serde(default)]
        growing: bool,
    },
    /// Says whether a run could be started, and changes nothing.
    Check {
        config: RawConfig,
    },
    /// What to inspect from now on, as often as costs little.
    Watch {
        watch: Watch,
    },
    /// Scores of every symbol for one equation.
    Predict {
        x: u16,
        y: u16,
    },
    /// The subgroups of an operation's group, if it has one.
    Subgroups {
        config: RawConfig,
    },
    /// Asks for a host copy of the run.
    Snapshot,
    /// Trains a few steps aside and tells the losses and the time, by default of
    /// [`TEST_STEPS`](super::TEST_STEPS).
    Test {
        config: RawConfig,
        #[serde(default)]
        steps: Option<u32>,
    },
    /// Measures how fast the CPU multiplies matrices.
    Peak,
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Event {
    Started(Started),
    Evaluated(Curves),
    Status {
        status: Status,
        step: u64,
    },
    /// Every setting, after some were changed.
    Configured {
        config: BTreeMap<String, String>,
    },
    Inspected(Inspected),
    Predicted {
        step: u64,
        x: u16,
        y: u16,
        #[serde(flatten)]
        prediction: Prediction,
    },
    Subgroups {
        subgroups: Vec<Subgroup>,
    },
    Snapshot(Snapshot),
    Tested(Tested),
    /// Billions of operations a second.
    Peak {
        gflops: f64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Before the first step.
    Idle,
    Running,
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
    /// Of each symbol: its place in the cycle that the operation adds in, if it is such a sum.
    pub index: Option<Vec<Option<usize>>>,
    pub commutative: bool,
    pub associative: bool,
    pub distinct_answers: usize,
    pub equations: usize,
    /// Equations that are trained on.
    pub train: usize,
    pub batch: usize,
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
    pub step: u64,
    pub watch: Watch,
    #[serde(flatten)]
    pub inspection: Inspection,
}

/// One subgroup of each conjugacy class.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Subgroup {
    pub generators: Vec<String>,
    pub order: usize,
    /// The coset of each symbol.
    pub coset: Vec<u16>,
}

/// One point of the curves, and the table as the network sees it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Curves {
    pub step: u64,
    pub train_accuracy: f64,
    pub held_out_accuracy: f64,
    /// Of held-out cells whose mirror image is trained on, and of the others; none where there are
    /// none of a kind, or the operation is not commutative.
    pub mirrored_accuracy: Option<f64>,
    pub unmirrored_accuracy: Option<f64>,
    pub train_loss: f64,
    pub held_out_loss: f64,
    /// Of training alone, without evaluations; none before it was measured.
    pub steps_per_second: Option<f64>,
    /// First evaluated step with a train accuracy of 99 %.
    pub memorised_at: Option<u64>,
    /// First evaluated step with a held-out accuracy of 99 %.
    pub generalised_at: Option<u64>,
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint16Array"))]
    pub predicted: Vec<u16>,
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
    pub step: u64,
    pub history: History,
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
    /// Of each step, then of the whole table: trained on, held out.
    pub losses: Vec<f64>,
    pub step_millis: f64,
    /// Billions of operations of a step's matrix products.
    pub step_gflop: f64,
}
