//! A run as a file that a page replays.
//!
//! The format is JSON, compressed with gzip, and documented in `docs/recordings.md`. It keeps what
//! the views show: curves at every evaluation, and at some steps the table as right or wrong, the
//! symbols as points, and what has been learned. Behind the JSON the network itself may follow, as it was
//! at a few steps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{Curves, Inspected, Started};
use crate::inspect::{Matrix, Method};

/// The version of a recording with weights; a reader refuses a newer one.
pub const RECORDING_VERSION: u32 = 3;
/// The version of one without, which is what it was before there were any.
const PLAIN_VERSION: u32 = 2;
/// Weights that a recording may carry, in bytes: a page opens no more.
pub const WEIGHTS_MAX: usize = 60_000_000;
/// Points are whole numbers up to this.
const GRID: f32 = 127.0;

/// A run as it is kept in a file: see `docs/recordings.md`.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    /// `grokking-run`.
    pub format: String,
    /// The oldest that has what is in it.
    pub version: u32,
    /// What made it.
    pub command: String,
    /// Program, machine and date, if the writer says them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<Value>,
    /// What is trained, as the page's `started` message has it.
    pub started: Value,
    /// Row-major; none where there is no equation.
    pub answer: Vec<Option<u16>>,
    /// Cells that are held out: a hexadecimal digit for four, the first cell in its lowest bit.
    pub held_out: String,
    /// Cells that are held out while their mirror image is trained on, written alike.
    pub mirrored: String,
    /// Cells that are trained on with another's answer, written alike.
    pub outlier: String,
    /// Row-major: the first evaluated step, plus one, at which a cell was right; 0 if none.
    pub first_right: Vec<u32>,
    /// First evaluated step with a train accuracy of 99 %.
    pub memorised_at: Option<u64>,
    /// First evaluated step with a held-out accuracy of 99 %.
    pub generalised_at: Option<u64>,
    /// Columns of equal length.
    pub curves: BTreeMap<String, Vec<Option<f64>>>,
    /// What was kept at some steps, in ascending order.
    pub frames: Vec<Frame>,
    /// The networks that follow the JSON, in ascending order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<Weights>,
}

/// A network that a recording carries.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Weights {
    /// Steps done; there is a frame of them.
    pub step: u64,
    /// Length of its safetensors file.
    pub bytes: usize,
}

/// What is kept of a network at one step.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// Steps done; the curves have it too.
    pub step: u64,
    /// Cells that are right, as `heldOut` is written.
    pub right: String,
    /// The inspection as the page's `inspected` message has it, without points.
    pub inspected: Value,
    /// One for each of [`PROJECTIONS`], or none.
    pub points: Vec<Points>,
}

/// A matrix as points of a plane.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct Points {
    /// Whose rows they are.
    pub matrix: Matrix,
    /// How rows became points.
    pub method: Method,
    /// x and y of each symbol, scaled to whole numbers.
    pub xy: Vec<i16>,
}

/// What is inspected at each frame.
pub const PROJECTIONS: [(Matrix, Method); 6] = [
    (Matrix::Embedding, Method::Pca),
    (Matrix::Embedding, Method::Fourier),
    (Matrix::Embedding, Method::Tsne),
    (Matrix::Unembedding, Method::Pca),
    (Matrix::Unembedding, Method::Fourier),
    (Matrix::Unembedding, Method::Tsne),
];

impl Recording {
    /// A run before its first evaluation; `command` is what makes the file.
    pub fn new(command: String, started: &Started) -> Recording {
        let flags = |cells: &[u8]| bits(cells.iter().map(|&flag| flag == 1));
        Recording {
            format: "grokking-run".into(),
            version: PLAIN_VERSION,
            command,
            made_by: None,
            started: serde_json::json!(started),
            answer: started
                .answer
                .iter()
                .map(|&answer| (answer != crate::data::NO_SYMBOL).then_some(answer))
                .collect(),
            held_out: flags(&started.held_out),
            mirrored: flags(&started.mirrored),
            outlier: flags(&started.outlier),
            first_right: Vec::new(),
            memorised_at: None,
            generalised_at: None,
            curves: BTreeMap::new(),
            frames: Vec::new(),
            weights: Vec::new(),
        }
    }

    /// Adds a point to the curves.
    pub fn evaluated(&mut self, point: &Curves) {
        let columns = [
            ("step", Some(point.step as f64)),
            ("trainAccuracy", Some(rounded(point.train_accuracy))),
            ("heldOutAccuracy", Some(rounded(point.held_out_accuracy))),
            ("mirroredAccuracy", point.mirrored_accuracy.map(rounded)),
            ("unmirroredAccuracy", point.unmirrored_accuracy.map(rounded)),
            ("trainLoss", Some(rounded(point.train_loss))),
            ("heldOutLoss", Some(rounded(point.held_out_loss))),
        ];
        for (name, value) in columns {
            self.curves.entry(name.into()).or_default().push(value);
        }
        self.memorised_at = point.memorised_at;
        self.generalised_at = point.generalised_at;
        self.first_right = point.first_right.clone();
    }

    /// The evaluation and the inspections of one step.
    pub fn frame(&mut self, point: &Curves, inspections: &[Inspected]) {
        let right = point
            .predicted
            .iter()
            .zip(&self.answer)
            .map(|(&predicted, &answer)| Some(predicted) == answer);
        let right = bits(right);
        let points = inspections.iter().filter_map(|inspected| {
            let (matrix, method) = inspected.watch.points?;
            let points = &inspected.inspection.points;
            let largest = points.iter().fold(0.0, |a: f32, b| a.max(b.abs())).max(1e-20);
            let xy = points.iter().map(|value| (value / largest * GRID).round() as i16).collect();
            Some(Points { matrix, method, xy })
        });
        let points = points.collect();
        let inspected = inspections.iter().find(|inspected| inspected.watch.structure);
        let mut inspected = serde_json::json!(inspected.map(|inspected| &inspected.inspection));
        round_all(&mut inspected);
        self.frames.push(Frame { step: point.step, right, inspected, points });
    }

    /// The network of the last frame will follow, as a safetensors file of so many bytes.
    ///
    /// # Panics
    /// If there is no frame.
    pub fn carry(&mut self, bytes: usize) {
        let step = self.frames.last().expect("weights are of a frame").step;
        self.version = RECORDING_VERSION;
        self.weights.push(Weights { step, bytes });
    }

    /// What a file holds before it is compressed: the JSON, and after a zero byte, which no JSON has, the
    /// safetensors files of `weights` one after the other. Who wants none of them reads up to that byte.
    ///
    /// # Panics
    /// If `files` is not as long as `weights` says.
    pub fn content(&self, files: &[u8]) -> Vec<u8> {
        assert_eq!(files.len(), self.weights.iter().map(|kept| kept.bytes).sum::<usize>());
        let mut content = serde_json::to_vec(self).expect("plain data");
        if !files.is_empty() {
            content.push(0);
            content.extend(files);
        }
        content
    }
}

/// Four cells a hexadecimal digit.
fn bits(cells: impl Iterator<Item = bool>) -> String {
    let cells: Vec<bool> = cells.collect();
    cells
        .chunks(4)
        .map(|four| {
            let digit = four.iter().rev().fold(0, |digit, &cell| 2 * digit + u32::from(cell));
            char::from_digit(digit, 16).expect("four bits are a digit")
        })
        .collect()
}

/// To four significant digits.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    format!("{value:.3e}").parse().expect("a number that was printed")
}

/// Every number that is not whole, to four significant digits, so that files are small.
pub fn round_all(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            *value = serde_json::json!(rounded(number.as_f64().unwrap_or(0.0)));
        }
        Value::Array(items) => items.iter_mut().for_each(round_all),
        Value::Object(fields) => fields.values_mut().for_each(round_all),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_hexadecimal_digits() {
        let cells = [true, false, false, false, true, true, true, true, false, true];
        assert_eq!(bits(cells.into_iter()), "1f2");
    }

    #[test]
    fn numbers_keep_four_digits() {
        assert_eq!(
            [1.23456, 0.000_123_456, 98_766.0, 0.0].map(rounded),
            [1.235, 0.000_123_5, 98_770.0, 0.0]
        );
    }
}
