//! What a trained network shows, computed from its weights and its logits, as plain numbers.

mod clock;
mod fourier;
pub mod gauge;
pub mod inside;
mod inspector;
mod irreps;
mod loss;
mod parts;
mod points;
mod rule;
mod sharpness;

use serde::{Deserialize, Serialize};

pub use clock::{Clock, Face};
pub use fourier::{Fourier, fourier, gini, rule_scores};
use gauge::Outlook;
use inside::{Inside, LayerTrace, Look, Switch};
pub use inspector::{Inspector, norm};
pub use irreps::{Irrep, Power, irreps, powers};
pub use parts::InParts;
pub use points::{Matrix, Method, fourier_pair, pca, tsne};
pub use rule::{Rule, Score, Scores};

/// What a reader looks at; nothing else is computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Watch {
    /// Frequencies, or irreducible representations.
    pub structure: bool,
    /// How flat the loss is around the network, which takes slopes of it.
    #[serde(default)]
    pub sharpness: bool,
    /// How close to grokking, which needs the structure of sums.
    #[serde(default)]
    pub gauge: bool,
    /// The rows of a matrix as points of a plane.
    pub points: Option<(Matrix, Method)>,
    /// A layer's neurons and heads, over the table.
    #[serde(default)]
    pub inside: Option<Look>,
    /// Which parts could be taken away, and what the rule does alone.
    #[serde(default)]
    pub parts: bool,
    /// The circles that symbols lie on, and where the answers point.
    #[serde(default)]
    pub clock: bool,
}

impl Watch {
    /// Whether nothing is looked at.
    pub fn is_empty(&self) -> bool {
        *self == Watch::default()
    }
}

/// What was found of what a [`Watch`] asks for; the rest is none or empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// ‖θ‖₂ of all parameters.
    pub weight_norm: f64,
    /// What frequencies the network uses; none if its operation is no sum.
    pub fourier: Option<Fourier>,
    /// How close to grokking.
    pub outlook: Option<Outlook>,
    /// What irreducible representations it uses; none if its operation is no group's.
    pub powers: Option<Vec<Power>>,
    /// φ of the loss over the training equations.
    pub sharpness: Option<f64>,
    /// x and y of each symbol, [symbols, 2].
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub points: Vec<f32>,
    /// A layer's neurons and heads.
    pub inside: Option<Inside>,
    /// Their pictures, [neurons + heads · positions, symbols, symbols], a byte a cell: 0 where there is
    /// no equation, 1 to 255 from least to largest.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint8Array"))]
    pub pictures: Vec<u8>,
    /// What could be taken away.
    pub parts: Option<Parts>,
    /// Its circles; none if its operation is no sum, or no frequency stands out.
    pub clock: Option<Clock>,
}

/// What a network is made of, as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Parts {
    /// What can be taken away.
    pub switches: Vec<Switch>,
    /// How much its rule gets right alone; none if its operation is no sum.
    pub rule: Option<Rule>,
}

/// Scores of every symbol for one equation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Prediction {
    /// The network's logits.
    pub network: Vec<f32>,
    /// What the rule of the key frequencies says, on the symbols that have an index.
    #[cfg_attr(test, ts(type = "Array<number | null> | null"))]
    pub rule: Option<Vec<f64>>,
    /// What each layer does at `=`, the first one first.
    pub layers: Vec<LayerTrace>,
}
