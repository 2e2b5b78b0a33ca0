//! A network without some of its parts.

use serde::{Deserialize, Serialize};

use super::cut::{Cut, Frequencies};
use super::margins::{Axes, Margins};
use super::scan::Scan;
use super::waves::Along;
use super::{TUNED, asked, rows_of};
use crate::data::Equation;
use crate::fused::Answer;
use crate::fused::cpu::Cpu;
use crate::fused::cpu::observe::Seen;
use crate::fused::program::{Id, Layer};
use crate::inspect::rule::Scores;

/// What is put in place of heads and neurons that are taken away. Of waves the mean always stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Fill {
    /// Nothing.
    #[default]
    Zero,
    /// Their mean over the table, position by position, in the whole network.
    Mean,
}

/// A network without some of its parts, beside the whole one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Ablated {
    /// The parts, as they were named.
    pub cuts: Vec<String>,
    /// What was put in their place.
    pub fill: Fill,
    /// How right the whole network is.
    pub whole: Scores,
    /// How right what is left of it is.
    pub left: Scores,
    /// The likeliest symbol of each equation.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Uint16Array"))]
    pub predicted: Vec<u16>,
    /// The probability of that symbol, 0 to 1.
    #[serde(skip_serializing)]
    #[cfg_attr(test, ts(type = "Float32Array"))]
    pub confidence: Vec<f32>,
}

/// What the network in `cpu` says of each equation without parts that it has; `keys` are its key
/// frequencies, and `scan` is of it.
pub fn ablate(
    cpu: &mut Cpu,
    scan: &Scan,
    equations: &[Equation],
    cuts: &[Cut],
    fill: Fill,
    keys: &[usize],
) -> Vec<Answer> {
    Ablation::new(cpu, scan, cuts, fill, keys).run(cpu, equations)
}

/// What the forward pass is changed by.
struct Ablation<'a> {
    scan: &'a Scan,
    layers: Vec<Layer>,
    /// By layer: columns of the heads' results that are replaced, and neurons.
    attended: Vec<Replacement>,
    hidden: Vec<Replacement>,
    /// Waves that are taken from the last layer's neurons, and from what the logits are computed from.
    neurons: Waves,
    logits: Waves,
    /// What the logits are computed from.
    answer: Id,
    /// Columns of the stream, and neurons.
    sizes: [usize; 2],
    symbols: usize,
}

/// Some columns, and what is put there at each position; zeros if it is empty.
#[derive(Default)]
struct Replacement {
    columns: Vec<usize>,
    means: Vec<Vec<f32>>,
}

/// Waves of a buffer's rows.
#[derive(Default)]
struct Waves {
    /// The frequencies that are taken away, or that alone are left.
    frequencies: Vec<usize>,
    alone: bool,
    /// The mean row, and the part with the frequencies by margin and place; empty until gathered.
    mean: Vec<f32>,
    part: Vec<f32>,
}

impl<'a> Ablation<'a> {
    /// Of `cuts`, parts that the network has; `keys` are its key frequencies.
    fn new(cpu: &Cpu, scan: &'a Scan, cuts: &[Cut], fill: Fill, keys: &[usize]) -> Ablation<'a> {
        let program = cpu.program();
        let (d, d_head) = (program.d_model, program.d_model / program.n_heads);
        let neurons = scan.layers[0].neurons.len();
        let mut attended: Vec<Vec<usize>> = vec![Vec::new(); scan.layers.len()];
        let mut hidden = attended.clone();
        let mut waves = [Waves::default(), Waves::default()];
        for &cut in cuts {
            match cut {
                Cut::Head { layer, head } => {
                    attended[layer].extend(head * d_head..(head + 1) * d_head);
                }
                Cut::Mlp { layer } => hidden[layer].extend(0..neurons),
                Cut::Layer { layer } => {
                    attended[layer].extend(0..d);
                    hidden[layer].extend(0..neurons);
                }
                Cut::Cluster { layer, wave } => {
                    let all = scan.layers[layer].neurons.iter();
                    let tuned = all.filter(|n| n.wave == Some(wave - 1) && n.share > TUNED);
                    hidden[layer].extend(tuned.map(|neuron| neuron.neuron));
                }
                Cut::Neurons(which) => waves[0].take_away(which, keys),
                Cut::Logits(which) => waves[1].take_away(which, keys),
            }
        }
        let replaced = |columns: Vec<Vec<usize>>, means: fn(&Scan, usize) -> &Vec<Vec<f32>>| {
            let with_means = columns.into_iter().enumerate().map(|(layer, columns)| Replacement {
                columns,
                means: match fill {
                    Fill::Zero => Vec::new(),
                    Fill::Mean => means(scan, layer).clone(),
                },
            });
            with_means.collect()
        };
        let [in_neurons, in_logits] = waves;
        Ablation {
            scan,
            layers: program.layers.clone(),
            attended: replaced(attended, |scan, layer| &scan.layers[layer].attended),
            hidden: replaced(hidden, |scan, layer| &scan.layers[layer].hidden),
            neurons: in_neurons,
            logits: in_logits,
            answer: program.answer,
            sizes: [d, neurons],
            symbols: program.n_symbols,
        }
    }

    /// What is left of the network says of each equation. Waves are those of what is left of it before
    /// them, so where something is, each kind that is taken away costs a pass more.
    fn run(mut self, cpu: &mut Cpu, equations: &[Equation]) -> Vec<Answer> {
        let (scan, [d, neurons]) = (self.scan, self.sizes);
        let axes = &scan.axes;
        let mut is_whole =
            self.attended.iter().chain(&self.hidden).all(|part| part.columns.is_empty());
        if self.neurons.is_used() {
            let passed =
                (!is_whole).then(|| self.margins(cpu, equations, self.last().hidden, neurons));
            self.neurons.gather(axes, passed.as_ref().unwrap_or(&scan.hidden), Along::Everything);
            is_whole = false;
        }
        if self.logits.is_used() {
            let passed = (!is_whole).then(|| self.margins(cpu, equations, self.answer, d));
            self.logits.gather(axes, passed.as_ref().unwrap_or(&scan.answer), Along::Sum);
        }
        cpu.observe(equations, &mut |mut seen: Seen<'_>| self.change(&mut seen))
    }

    /// A buffer's rows at `=` by place on every margin, in what is left of the network so far.
    fn margins(
        &self,
        cpu: &mut Cpu,
        equations: &[Equation],
        buffer: Id,
        columns: usize,
    ) -> Margins {
        let mut margins = Margins::new(&self.scan.axes, columns);
        cpu.observe(equations, &mut |mut seen: Seen<'_>| {
            self.change(&mut seen);
            if seen.id == buffer {
                for (equation, row) in asked(self.last(), &seen, columns) {
                    margins.add(&self.scan.axes, equation.x, equation.y, row);
                }
            }
        });
        margins
    }

    fn last(&self) -> &Layer {
        &self.layers[self.layers.len() - 1]
    }

    fn change(&self, seen: &mut Seen<'_>) {
        let [d, neurons] = self.sizes;
        for (at, layer) in self.layers.iter().enumerate() {
            if seen.id == layer.attended {
                self.attended[at].put(layer, seen, d, self.symbols);
            } else if seen.id == layer.hidden {
                self.hidden[at].put(layer, seen, neurons, self.symbols);
            }
        }
        if seen.id == self.last().hidden {
            self.neurons.subtract(&self.scan.axes, seen, neurons);
        } else if seen.id == self.answer {
            self.logits.subtract(&self.scan.axes, seen, d);
        }
    }
}

impl Replacement {
    fn put(&self, layer: &Layer, seen: &mut Seen<'_>, columns: usize, symbols: usize) {
        if self.columns.is_empty() {
            return;
        }
        if self.means.is_empty() {
            for row in seen.rows.chunks_exact_mut(columns) {
                self.columns.iter().for_each(|&column| row[column] = 0.0);
            }
            return;
        }
        for (mean, rows) in self.means.iter().zip(rows_of(layer, seen.equations, symbols)) {
            let Some(rows) = rows else { continue };
            let values = &mut seen.rows[rows.start * columns..rows.end * columns];
            for row in values.chunks_exact_mut(columns) {
                self.columns.iter().for_each(|&column| row[column] = mean[column]);
            }
        }
    }
}

impl Waves {
    fn take_away(&mut self, which: Frequencies, keys: &[usize]) {
        match which {
            Frequencies::One(k) => self.add(&[k]),
            Frequencies::Keys => self.add(keys),
            Frequencies::Others => {
                // What is left are the keys, but those that are taken away as well.
                let taken = std::mem::take(&mut self.frequencies);
                self.frequencies = keys.iter().copied().filter(|k| !taken.contains(k)).collect();
                self.alone = true;
            }
        }
    }

    fn add(&mut self, frequencies: &[usize]) {
        if self.alone {
            self.frequencies.retain(|k| !frequencies.contains(k));
            return;
        }
        for k in frequencies {
            if !self.frequencies.contains(k) {
                self.frequencies.push(*k);
            }
        }
    }

    fn is_used(&self) -> bool {
        self.alone || !self.frequencies.is_empty()
    }

    fn gather(&mut self, axes: &Axes, margins: &Margins, along: Along) {
        self.mean = margins.means();
        self.part = margins.part(axes, &self.frequencies, along);
    }

    fn subtract(&self, axes: &Axes, seen: &mut Seen<'_>, columns: usize) {
        let Some(equations) = seen.equations.filter(|_| !self.part.is_empty()) else { return };
        for (equation, row) in equations.iter().zip(seen.rows.chunks_exact_mut(columns)) {
            let Some(places) = axes.places(equation.x, equation.y) else { continue };
            let sign = if self.alone { 1.0 } else { -1.0 };
            if self.alone {
                row.copy_from_slice(&self.mean);
            }
            for (margin, &place) in places.iter().enumerate() {
                let at = (margin * axes.n + usize::from(place)) * columns;
                let part = &self.part[at..at + columns];
                row.iter_mut().zip(part).for_each(|(value, part)| *value += sign * part);
            }
        }
    }
}
