//! The parts of a network as pictures over the table: its neurons, and where its heads look.
//!
//! All of it is at `=`, where the answer is read (Nanda et al. 2023, section 4). A function over the
//! table travels as a byte a cell: 0 where there is no equation, 1 to 255 from its least value to its
//! largest.

mod ablation;
mod cut;
mod margins;
mod scan;
mod trace;
mod waves;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub(super) use ablation::ablate;
pub use ablation::{Ablated, Fill};
pub use cut::Switch;
pub(super) use cut::{Cut, switches};
pub(super) use margins::Axes;
pub(super) use scan::Scan;
pub(super) use trace::trace;
pub use trace::{Fired, LayerTrace};

use crate::data::Equation;
use crate::fused::Answer;
use crate::fused::cpu::observe::Seen;
use crate::fused::cpu::{CHUNK, Cpu};
use crate::fused::program::Layer;
use crate::fused::rows::Place;
use crate::inspect::parts::{Work, breathe};

/// A neuron counts as tuned to one frequency, or to one representation, above this share of its
/// variance (Nanda et al. 2023).
pub const TUNED: f64 = 0.85;

/// Which layer is looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// From 0; beyond the last it is the last.
    pub layer: usize,
    /// A neuron whose weights are asked for, from 0.
    #[serde(default)]
    pub neuron: Option<usize>,
}

/// One layer's neurons and heads.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Inside {
    /// The layer, from 0.
    pub layer: usize,
    /// Layers of the network.
    pub layers: usize,
    /// Heads of a layer.
    pub heads: usize,
    /// Positions that `=` looks at, itself the last.
    pub positions: usize,
    /// The frequencies, or the representations, that neurons are sorted by; none if the operation has
    /// none.
    pub waves: Vec<String>,
    /// Every neuron, in the order of the wall: those tuned to one wave, wave by wave; then the others.
    pub neurons: Vec<Tuning>,
    /// Neurons with more than 85 % of their variance in one wave.
    pub tuned: usize,
    /// The neuron that was asked for, if the layer has it.
    pub opened: Option<Opened>,
}

/// What a neuron mostly is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tuning {
    /// Its number in the layer, from 0.
    pub neuron: usize,
    /// The wave with the most of its variance, by its place in [`Inside::waves`]; none if it is the same
    /// everywhere.
    pub wave: Option<usize>,
    /// The share of its variance in that wave, 0 to 1.
    pub share: f64,
    /// Its least activation over the table.
    pub low: f32,
    /// Its largest.
    pub high: f32,
}

/// A neuron's weights, from the symbols and to the answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Opened {
    /// Its number in the layer, from 0.
    pub neuron: usize,
    /// In the first layer, what each symbol as x adds to its input, and as y, with every head's mean
    /// attention, around the symbols' mean. Where a norm comes before the neuron, before that divides.
    pub inputs: Option<[Vec<f32>; 2]>,
    /// In the last layer, what one unit of its activation adds to each symbol's logit, around the
    /// symbols' mean, at the mean deviation of the norm before the logits.
    pub effects: Option<Vec<f32>>,
}

impl Inside {
    /// What a scan of the whole table found in a layer.
    pub(super) fn new(scan: &Scan, cpu: &Cpu, look: Look) -> Inside {
        let program = cpu.program();
        let layers = program.layers.len();
        let layer = look.layer.min(layers - 1);
        let neurons = &scan.layers[layer].neurons;
        let opened = look.neuron.filter(|&neuron| neuron < neurons.len());
        let mut order: Vec<usize> = (0..neurons.len()).collect();
        order
            .sort_by(|&a, &b| place(&neurons[a]).partial_cmp(&place(&neurons[b])).expect("finite"));
        Inside {
            layer,
            layers,
            heads: program.n_heads,
            positions: program.prompt.len(),
            waves: scan.axes.names(),
            neurons: order.into_iter().map(|at| neurons[at]).collect(),
            tuned: neurons.iter().filter(|neuron| neuron.share > TUNED).count(),
            opened: opened.map(|neuron| Opened {
                neuron,
                inputs: (layer == 0).then(|| trace::inputs(cpu, scan, neuron)),
                effects: (layer + 1 == layers).then(|| trace::effects(cpu, scan, neuron)),
            }),
        }
    }

    /// Pictures over the n x n table: one of each neuron in the order of the wall, then one of each
    /// head and position, whose bytes run from nothing that is taken of it to all.
    pub(super) async fn pictures(&self, cpu: &mut Cpu, equations: &[Equation]) -> Vec<u8> {
        let n = cpu.program().n_symbols;
        let layer = cpu.program().layers[self.layer].clone();
        let (looks, rate) = (self.heads * self.positions, cpu.program().attention_rate);
        let (neurons, cells) = (self.neurons.len(), n * n);
        let mut pictures = vec![0; (neurons + looks) * cells];
        let byte = |share: f32| 1 + (share.clamp(0.0, 1.0) * 254.0).round() as u8;
        observe(cpu, equations, &mut |seen: Seen<'_>| {
            let at = if seen.id == layer.hidden { 0 } else { neurons };
            if seen.id != layer.hidden && seen.id != layer.weights {
                return;
            }
            let columns = if at == 0 { neurons } else { looks };
            for (equation, row) in asked(&layer, &seen, columns) {
                let cell = usize::from(equation.x) * n + usize::from(equation.y);
                for slot in 0..columns {
                    let share = match self.neurons.get(slot).filter(|_| at == 0) {
                        Some(tuning) => {
                            let range = tuning.high - tuning.low;
                            if range > 0.0 {
                                (row[tuning.neuron] - tuning.low) / range
                            } else {
                                0.0
                            }
                        }
                        None => rate.apply(row[slot]),
                    };
                    pictures[(at + slot) * cells + cell] = byte(share);
                }
            }
        })
        .await;
        pictures
    }
}

/// [`Cpu::observe`] in parts.
fn observe<'a>(
    cpu: &'a mut Cpu,
    equations: &'a [Equation],
    observer: &'a mut dyn FnMut(Seen<'_>),
) -> Work<'a, Vec<Answer>> {
    Box::pin(async move {
        cpu.observe_shared(observer);
        let mut answers = Vec::with_capacity(equations.len());
        for chunk in equations.chunks(CHUNK) {
            breathe().await;
            answers.extend(cpu.observe_chunk(chunk, observer));
        }
        answers
    })
}

/// Where a neuron hangs on the wall: tuned ones first, wave by wave, each by falling share; then the
/// others, and those that are the same everywhere last.
fn place(tuning: &Tuning) -> (bool, bool, usize, f64) {
    let tuned = tuning.share > TUNED;
    let wave = tuning.wave.filter(|_| tuned).unwrap_or(0);
    (!tuned, tuning.wave.is_none() && tuning.low == tuning.high, wave, -tuning.share)
}

/// The rows of `=` in one part of a layer's buffer, each with its equation.
pub(super) fn asked<'a>(
    layer: &Layer,
    seen: &'a Seen<'_>,
    columns: usize,
) -> impl Iterator<Item = (&'a Equation, &'a [f32])> {
    let equations = seen.equations.unwrap_or_default();
    let block = layer.asked_block() * equations.len() * columns;
    let rows = seen.rows.get(block..).unwrap_or_default();
    equations.iter().zip(rows.chunks_exact(columns))
}

/// The rows of each position in one part of a layer's buffer, from the first that is computed on; none where
/// they are in the other part.
fn rows_of<'a>(
    layer: &'a Layer,
    equations: Option<&[Equation]>,
    symbols: usize,
) -> impl Iterator<Item = Option<Range<usize>>> + use<'a> {
    let count = equations.map(<[Equation]>::len);
    layer.outputs.iter().map(move |&place| match (place, count) {
        (Place::Own(block), Some(count)) => Some(block * count..(block + 1) * count),
        (Place::X(first) | Place::Y(first), None) => Some(first..first + symbols),
        (Place::One(first), None) => Some(first..first + 1),
        _ => None,
    })
}
