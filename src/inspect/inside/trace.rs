//! One equation followed through the network, and what one neuron reads and writes.

use serde::Serialize;

use super::asked;
use super::scan::Scan;
use crate::data::Equation;
use crate::fused::cpu::Cpu;
use crate::fused::cpu::observe::Seen;
use crate::fused::program::{Gains, Map};

/// Neurons that are named of each layer.
const NAMED: usize = 12;

/// What one layer does with one equation, at `=`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LayerTrace {
    /// What each head takes of each position, its attention as it is applied: a row for each head.
    pub attention: Vec<Vec<f32>>,
    /// The neurons that do most: in the last layer by what they add to the answer's logit, in others by
    /// their activation.
    pub neurons: Vec<Fired>,
    /// Neurons with an activation above 0.
    pub firing: usize,
    /// Neurons of the layer.
    pub of: usize,
    /// What all neurons of the last layer add to the answer's logit, around the symbols' mean.
    pub effect: Option<f64>,
}

/// What one neuron does with one equation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Fired {
    /// Its number in the layer, from 0.
    pub neuron: usize,
    /// After the nonlinearity.
    pub activation: f32,
    /// What it adds to the logit of the network's answer, around the symbols' mean; of the last layer
    /// alone.
    pub effect: Option<f64>,
}

/// Follows one equation through every layer.
pub fn trace(cpu: &mut Cpu, equation: &Equation) -> Vec<LayerTrace> {
    let program = cpu.program();
    let (positions, heads) = (program.prompt.len(), program.n_heads);
    let (layers, last_norm) = (program.layers.clone(), program.last_norm);
    let rate = program.attention_rate;
    let neurons = program.maps[layers[0].up].outputs;
    let mut applied = vec![Vec::new(); layers.len()];
    let mut activations = vec![Vec::new(); layers.len()];
    let mut scale = 1.0;
    let answers = cpu.observe(std::slice::from_ref(equation), &mut |seen: Seen<'_>| {
        for (at, layer) in layers.iter().enumerate() {
            if seen.id == layer.weights {
                for (_, row) in asked(layer, &seen, heads * positions) {
                    applied[at] = row.iter().map(|&weight| rate.apply(weight)).collect();
                }
            } else if seen.id == layer.hidden {
                asked(layer, &seen, neurons).for_each(|(_, row)| activations[at] = row.to_vec());
            }
        }
        if last_norm.is_some_and(|norm| norm.stats == seen.id) && seen.equations.is_some() {
            scale = f64::from(seen.rows[1]);
        }
    });
    let direction = to_logit(cpu, usize::from(answers[0].predicted));
    let last = layers.len() - 1;
    let each = applied.into_iter().zip(activations).enumerate();
    each.map(|(at, (attention, activations))| {
        let down = cpu.program().maps[layers[at].down];
        let effects: Option<Vec<f64>> = (at == last).then(|| {
            let of = |(neuron, &activation): (usize, &f32)| {
                f64::from(activation) * scale * along(cpu, down, neuron, &direction)
            };
            activations.iter().enumerate().map(of).collect()
        });
        let strength = |neuron: usize| match &effects {
            Some(effects) => effects[neuron].abs(),
            None => f64::from(activations[neuron]).abs(),
        };
        let mut order: Vec<usize> = (0..neurons).collect();
        order.sort_by(|&a, &b| strength(b).total_cmp(&strength(a)));
        let fired = |&neuron: &usize| Fired {
            neuron,
            activation: activations[neuron],
            effect: effects.as_ref().map(|effects| effects[neuron]),
        };
        LayerTrace {
            attention: attention.chunks_exact(positions).map(<[f32]>::to_vec).collect(),
            neurons: order.iter().take(NAMED).map(fired).collect(),
            firing: activations.iter().filter(|&&activation| activation > 0.0).count(),
            of: neurons,
            effect: effects.as_ref().map(|effects| effects.iter().sum()),
        }
    })
    .collect()
}

/// What one unit of a neuron of the last layer adds to each symbol's logit, around the symbols' mean, at
/// the mean deviation of the norm before the logits.
pub(super) fn effects(cpu: &Cpu, scan: &Scan, neuron: usize) -> Vec<f32> {
    let program = cpu.program();
    let down = program.maps[program.layers[program.layers.len() - 1].down];
    let effect = |symbol| scan.scale * along(cpu, down, neuron, &to_logit(cpu, symbol));
    (0..program.n_symbols).map(|symbol| effect(symbol) as f32).collect()
}

/// What each symbol as x, and as y, adds to the input of a neuron of the first layer, with every head's
/// mean attention, around the symbols' mean.
///
/// # Panics
/// If the scan is of a network without layers.
pub(super) fn inputs(cpu: &Cpu, scan: &Scan, neuron: usize) -> [Vec<f32>; 2] {
    let program = cpu.program();
    let (layer, found, d) = (&program.layers[0], &scan.layers[0], program.d_model);
    let (up, output) = (program.maps[layer.up], program.maps[layer.output]);
    let row = &cpu.parameters()[up.weight + neuron * d..][..d];
    let reading = through(cpu, layer.norm, row.iter().map(|&w| f64::from(w)).collect());
    // The neuron's input weights over the heads' results, [D].
    let matrix = &cpu.parameters()[output.weight..][..d * d];
    let heads: Vec<f64> = (0..d)
        .map(|column| (0..d).map(|row| reading[row] * f64::from(matrix[row * d + column])).sum())
        .collect();
    let (positions, d_head) = (program.prompt.len(), d / program.n_heads);
    let values = found.values.as_ref().expect("the first layer has them");
    // x is the first position, and y the last but `=`.
    [(0, &values[0]), (positions - 2, &values[1])].map(|(position, values)| {
        let mut added: Vec<f64> = values
            .chunks_exact(d)
            .map(|value| {
                let column = |(at, &value): (usize, &f32)| {
                    let weight = found.weights[at / d_head * positions + position];
                    heads[at] * f64::from(weight) * f64::from(value)
                };
                value.iter().enumerate().map(column).sum()
            })
            .collect();
        centre(&mut added);
        added.into_iter().map(|value| value as f32).collect()
    })
}

/// The direction of the stream, before the last norm divides, along which a symbol's logit grows beside
/// the others', [D].
fn to_logit(cpu: &Cpu, symbol: usize) -> Vec<f64> {
    let program = cpu.program();
    let Map { weight, inputs: d, .. } = program.maps[program.unembed];
    let rows = &cpu.parameters()[weight..][..program.n_symbols * d];
    let mean = |at: usize| {
        let column = rows.iter().skip(at).step_by(d);
        column.map(|&value| f64::from(value)).sum::<f64>() / program.n_symbols as f64
    };
    let own = (0..d).map(|at| f64::from(rows[symbol * d + at]) - mean(at)).collect();
    through(cpu, program.last_norm.map(|norm| norm.gains), own)
}

/// A direction behind a norm as one before it: its gain, and its mean taken away.
fn through(cpu: &Cpu, gains: Option<Gains>, mut direction: Vec<f64>) -> Vec<f64> {
    if let Some(gains) = gains {
        let gain = &cpu.parameters()[gains.gain..][..direction.len()];
        direction.iter_mut().zip(gain).for_each(|(value, &gain)| *value *= f64::from(gain));
        centre(&mut direction);
    }
    direction
}

fn centre(values: &mut [f64]) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| *value -= mean);
}

/// How far a unit of a neuron moves the stream along a direction.
fn along(cpu: &Cpu, down: Map, neuron: usize, direction: &[f64]) -> f64 {
    let Map { weight, inputs, .. } = down;
    let column = cpu.parameters()[weight + neuron..].iter().step_by(inputs);
    direction.iter().zip(column).map(|(along, &value)| along * f64::from(value)).sum()
}
