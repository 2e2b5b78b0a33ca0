//! What came of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::value::Value;

/// The end of one run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The named bundle of settings that it was, if its sweep has such.
    #[serde(default)]
    pub variant: Option<String>,
    /// Every setting, as it would be typed.
    #[serde(deserialize_with = "texts")]
    pub config: BTreeMap<String, String>,
    /// The last evaluated step.
    pub steps: u64,
    /// First evaluated step with a train accuracy of 99 %.
    pub memorised_at: Option<u64>,
    /// First evaluated step with a held-out accuracy of 99 %.
    pub generalised_at: Option<u64>,
    /// Highest held-out accuracy of any evaluation, 0 to 1.
    pub best_held_out_accuracy: f64,
    /// At the last evaluation.
    #[serde(default)]
    pub held_out_accuracy: f64,
    /// At the evaluation that memorised: what the network knows beyond what it was shown.
    #[serde(default)]
    pub held_out_accuracy_memorised: Option<f64>,
    /// Accuracy on held-out cells whose mirror image is trained on, at the last evaluation; none where
    /// there are none, or the operation is not commutative.
    #[serde(default)]
    pub mirrored_accuracy: Option<f64>,
    /// The same on the other held-out cells.
    #[serde(default)]
    pub unmirrored_accuracy: Option<f64>,
    /// How steeply the loss rises around the finished network, if it was asked for.
    #[serde(default)]
    pub sharpness: Option<f64>,
    /// How long it took.
    pub seconds: f64,
    /// Why it ended early: a run that diverges is a row like any other.
    pub error: Option<String>,
}

/// Numbers may be numbers in a file, and are texts here.
fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let values = BTreeMap::<String, Value>::deserialize(from)?;
    Ok(values.into_iter().map(|(id, value)| (id, value.to_string())).collect())
}

impl Outcome {
    /// Takes in an evaluation of the run.
    pub fn evaluated(&mut self, point: &crate::session::Curves) {
        self.steps = point.step;
        self.memorised_at = point.memorised_at;
        self.generalised_at = point.generalised_at;
        self.held_out_accuracy = point.held_out_accuracy;
        if point.memorised_at == Some(point.step) {
            self.held_out_accuracy_memorised = Some(point.held_out_accuracy);
        }
        self.mirrored_accuracy = point.mirrored_accuracy;
        self.unmirrored_accuracy = point.unmirrored_accuracy;
        self.best_held_out_accuracy = self.best_held_out_accuracy.max(point.held_out_accuracy);
    }
}
