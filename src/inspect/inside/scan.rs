//! One pass over the whole table, and what it says of every layer.

use std::rc::Rc;

use super::margins::{Axes, Margins};
use super::{Tuning, asked, observe, rows_of};
use crate::data::Equation;
use crate::fused::Answer;
use crate::fused::cpu::Cpu;
use crate::fused::cpu::observe::Seen;
use crate::fused::program::Layer;
use crate::fused::rows::Place;

/// What the whole network does on the whole table.
pub struct Scan {
    /// How the table is read.
    pub axes: Rc<Axes>,
    /// What the network says of each equation.
    pub answers: Vec<Answer>,
    /// The first layer first.
    pub layers: Vec<LayerScan>,
    /// The mean of 1 / deviation in the norm before the logits; 1 without one.
    pub scale: f64,
    /// The last layer's neurons at `=`, by place on every margin.
    pub hidden: Margins,
    /// What the logits are computed from, likewise.
    pub answer: Margins,
}

/// What one layer does.
pub struct LayerScan {
    /// By number.
    pub neurons: Vec<Tuning>,
    /// Mean rows of the heads' results, by position from the first that is computed on: [D] each.
    pub attended: Vec<Vec<f32>>,
    /// Mean rows of the neurons, likewise, [M].
    pub hidden: Vec<Vec<f32>>,
    /// Mean attention from `=` as it is applied, [H · T].
    pub weights: Vec<f32>,
    /// The values that attention reads of each symbol, as x and as y, [n, D]; of the first layer alone.
    pub values: Option<[Vec<f32>; 2]>,
}

/// Sums of one buffer's rows, by position.
struct Means {
    columns: usize,
    sums: Vec<Vec<f64>>,
}

impl Scan {
    /// Passes `equations` through the network in `cpu`, and keeps what each part said.
    pub async fn new(cpu: &mut Cpu, axes: Rc<Axes>, equations: &[Equation]) -> Scan {
        let program = cpu.program();
        let (d, n, layers) = (program.d_model, program.n_symbols, program.layers.clone());
        let (looks, last_norm) = (program.n_heads * program.prompt.len(), program.last_norm);
        let rate = program.attention_rate;
        let neurons = program.maps[layers[0].up].outputs;
        let counts = Counts::new(equations, n);
        let mut found: Vec<Gathered> = layers
            .iter()
            .map(|layer| Gathered {
                attended: Means::new(layer, d),
                hidden: Means::new(layer, neurons),
                margins: Margins::new(&axes, neurons),
                range: vec![[f32::INFINITY, f32::NEG_INFINITY]; neurons],
                weights: vec![0.0; looks],
            })
            .collect();
        let (answer, last) = (program.answer, layers.len() - 1);
        let mut answer_margins = Margins::new(&axes, d);
        let mut values = None;
        let mut scale = 0.0;
        let answers = observe(cpu, equations, &mut |seen: Seen<'_>| {
            for (layer, found) in layers.iter().zip(&mut found) {
                if seen.id == layer.attended {
                    found.attended.add(layer, &seen, &counts);
                } else if seen.id == layer.hidden {
                    found.hidden.add(layer, &seen, &counts);
                    for (equation, row) in asked(layer, &seen, neurons) {
                        found.margins.add(&axes, equation.x, equation.y, row);
                        for ([low, high], &value) in found.range.iter_mut().zip(row) {
                            (*low, *high) = (low.min(value), high.max(value));
                        }
                    }
                } else if seen.id == layer.weights {
                    for (_, row) in asked(layer, &seen, looks) {
                        let pairs = found.weights.iter_mut().zip(row);
                        pairs.for_each(|(sum, &weight)| *sum += f64::from(rate.apply(weight)));
                    }
                }
            }
            if seen.id == answer {
                for (equation, row) in asked(&layers[last], &seen, d) {
                    answer_margins.add(&axes, equation.x, equation.y, row);
                }
            }
            if seen.id == layers[0].keys_values && seen.equations.is_none() {
                values = Some(symbol_values(&layers[0], seen.rows, n, d));
            }
            if last_norm.is_some_and(|norm| norm.stats == seen.id) {
                let stats = seen.rows.chunks_exact(2).map(|stats| f64::from(stats[1]));
                scale += stats.sum::<f64>() / equations.len() as f64;
            }
        })
        .await;
        let mean = |sum: f64| (sum / equations.len() as f64) as f32;
        let mut hidden = Margins::new(&axes, neurons);
        let layers = found.into_iter().enumerate().map(|(at, found)| {
            let tunings = found.tunings(&axes);
            if at == last {
                hidden = found.margins;
            }
            LayerScan {
                neurons: tunings,
                attended: found.attended.finish(),
                hidden: found.hidden.finish(),
                weights: found.weights.into_iter().map(mean).collect(),
                values: values.take().filter(|_| at == 0),
            }
        });
        let layers = layers.collect();
        let scale = if last_norm.is_some() { scale } else { 1.0 };
        Scan { axes, answers, layers, scale, hidden, answer: answer_margins }
    }
}

/// What a layer's buffers add up to.
struct Gathered {
    attended: Means,
    hidden: Means,
    margins: Margins,
    range: Vec<[f32; 2]>,
    weights: Vec<f64>,
}

impl Gathered {
    fn tunings(&self, axes: &Axes) -> Vec<Tuning> {
        let tuned = self.margins.tuned(axes).into_iter().zip(&self.range).enumerate();
        tuned
            .map(|(neuron, (tuned, &[low, high]))| Tuning {
                neuron,
                wave: tuned.wave,
                share: tuned.share,
                low,
                high,
            })
            .collect()
    }
}

/// How many equations have each symbol as x, and as y; and how many there are.
struct Counts {
    x: Vec<f64>,
    y: Vec<f64>,
    equations: f64,
}

impl Counts {
    fn new(equations: &[Equation], n: usize) -> Counts {
        let (mut x, mut y) = (vec![0.0; n], vec![0.0; n]);
        for equation in equations {
            x[usize::from(equation.x)] += 1.0;
            y[usize::from(equation.y)] += 1.0;
        }
        Counts { x, y, equations: equations.len() as f64 }
    }
}

impl Means {
    fn new(layer: &Layer, columns: usize) -> Means {
        Means { columns, sums: vec![vec![0.0; columns]; layer.outputs.len()] }
    }

    fn add(&mut self, layer: &Layer, seen: &Seen<'_>, counts: &Counts) {
        let columns = self.columns;
        let places = layer.outputs.iter().zip(rows_of(layer, seen.equations, counts.x.len()));
        for (sum, (place, rows)) in self.sums.iter_mut().zip(places) {
            let Some(rows) = rows else { continue };
            let shares: Option<&[f64]> = match place {
                Place::Own(_) => None,
                Place::X(_) => Some(&counts.x),
                Place::Y(_) => Some(&counts.y),
                Place::One(_) => Some(std::slice::from_ref(&counts.equations)),
            };
            let values = &seen.rows[rows.start * columns..rows.end * columns];
            for (at, row) in values.chunks_exact(columns).enumerate() {
                let weight = shares.map_or(1.0, |shares| shares[at]) / counts.equations;
                let pairs = sum.iter_mut().zip(row);
                pairs.for_each(|(sum, &value)| *sum += weight * f64::from(value));
            }
        }
    }

    fn finish(self) -> Vec<Vec<f32>> {
        let narrow = |row: Vec<f64>| row.into_iter().map(|value| value as f32).collect();
        self.sums.into_iter().map(narrow).collect()
    }
}

/// The values among the rows of keys and values, of each symbol as x and as y.
fn symbol_values(layer: &Layer, rows: &[f32], n: usize, d: usize) -> [Vec<f32>; 2] {
    let of = |wanted: fn(&Place) -> Option<usize>| -> Vec<f32> {
        let first = layer.inputs.iter().find_map(wanted).expect("x and y are read");
        let rows = rows[first * 2 * d..(first + n) * 2 * d].chunks_exact(2 * d);
        rows.flat_map(|row| row[d..].iter().copied()).collect()
    };
    let x = |place: &Place| if let Place::X(first) = place { Some(*first) } else { None };
    let y = |place: &Place| if let Place::Y(first) = place { Some(*first) } else { None };
    [of(x), of(y)]
}
