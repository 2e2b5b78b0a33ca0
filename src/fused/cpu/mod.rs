//! The program on the CPU.
//!
//! A batch is cut into chunks that fit a core's cache. Shared rows go forward first; then each
//! chunk goes forward and backward, and leaves its part of the gradients of weights and shared
//! rows; then shared rows go backward. Natively the chunks are dealt to all cores, each with
//! buffers of its own, in an order that depends on nothing but their number.

mod arena;
mod attention;
pub mod gemm;
mod lanes;
mod part;
mod pointwise;

use std::ops::Range;

use arena::{Arena, Part};
use gemm::{Matrix, Packed};
use pulp::Arch;

use super::Answer;
use super::program::{Op, Program};
use crate::clock::Stopwatch;
use crate::data::Equation;
use crate::model::{ModelConfig, sinusoids};
use crate::optim::{Rates, Update};

/// Equations in a chunk: the buffers of a chunk of the paper's model are about 1 MB.
const CHUNK: usize = 128;

/// A network, its optimiser, and what a step needs.
pub struct Cpu {
    network: Network,
    moments: Vec<Vec<f32>>,
    /// The symbols as equations with x, for which shared rows are computed.
    symbols: Vec<Equation>,
    shared: Arena,
    /// One per core.
    lanes: Vec<Lane>,
    loss: Option<f64>,
}

/// What every part reads.
struct Network {
    program: Program,
    parameters: Vec<f32>,
    positions: Vec<f32>, // [T, D], where they are not parameters
    /// Each map's Wᵀ and W, packed since the parameters last changed.
    forward: Vec<Packed>,
    backward: Vec<Packed>,
    is_packed: bool,
}

/// What one core writes.
struct Lane {
    own: Arena,
    /// Gradients of shared rows.
    shared: Arena,
    gradient: Vec<f32>, // [P]
    scratch: Packed,
    equations: Vec<Equation>,
    loss: f64,
    answers: Vec<Answer>,
}

impl Cpu {
    pub fn new(config: &ModelConfig, parameters: Vec<f32>, update: &Update) -> Cpu {
        let moments = update.first_moments(&parameters);
        Cpu { moments, ..Cpu::with_lanes(config, parameters, cores()) }
    }

    /// A network that only computes, with parameters of zero.
    pub fn inference(config: &ModelConfig) -> Cpu {
        let n_parameters = Program::new(config).n_parameters;
        Cpu::with_lanes(config, vec![0.0; n_parameters], 1)
    }

    fn with_lanes(config: &ModelConfig, parameters: Vec<f32>, lanes: usize) -> Cpu {
        let program = Program::new(config);
        let zeros = vec![0.0; program.n_parameters];
        let lane = || Lane {
            own: Arena::new(&program, Part::Chunk(CHUNK)),
            shared: Arena::new(&program, Part::Shared),
            gradient: zeros.clone(),
            scratch: Packed::default(),
            equations: Vec::with_capacity(CHUNK),
            loss: 0.0,
            answers: Vec::new(),
        };
        let packs = || program.maps.iter().map(|_| Packed::default()).collect();
        Cpu {
            moments: Vec::new(),
            symbols: (0..config.n_symbols as u16)
                .map(|x| Equation { x, y: 0, answer: 0 })
                .collect(),
            shared: Arena::new(&program, Part::Shared),
            lanes: (0..lanes).map(|_| lane()).collect(),
            loss: None,
            network: Network {
                forward: packs(),
                backward: packs(),
                is_packed: false,
                positions: sinusoids(config.n_positions(), config.d_model),
                parameters,
                program,
            },
        }
    }

    /// Mean cross-entropy in nats of the last batch, if there was one.
    pub fn loss(&self) -> Option<f64> {
        self.loss
    }

    /// Parameters, then each moment, end to end.
    pub fn values(&self) -> Vec<f32> {
        let parts = std::iter::once(&self.network.parameters).chain(&self.moments);
        parts.flatten().copied().collect()
    }

    /// Takes back what [`Cpu::values`] gave.
    pub fn set_values(&mut self, values: &[f32]) {
        let parts = values.chunks_exact(self.network.parameters.len());
        let own = std::iter::once(&mut self.network.parameters).chain(&mut self.moments);
        own.zip(parts).for_each(|(own, part)| own.copy_from_slice(part));
        self.network.is_packed = false;
        self.loss = None;
    }

    /// The gradient of the last batch, [P].
    pub fn gradient(&self) -> &[f32] {
        &self.lanes[0].gradient
    }

    /// Moves all parameters against the gradient of the last batch.
    pub fn update(&mut self, update: &Update, rates: Rates) {
        let gradient = &mut self.lanes[0].gradient;
        update.apply(rates, &mut self.network.parameters, gradient, &mut self.moments);
        self.network.is_packed = false;
    }

    /// Puts others in place of the parameters, and gives these.
    pub fn swap(&mut self, parameters: &mut Vec<f32>) {
        std::mem::swap(&mut self.network.parameters, parameters);
        self.network.is_packed = false;
    }

    /// [P]
    pub fn parameters(&self) -> &[f32] {
        &self.network.parameters
    }

    /// Computes loss and gradient of the equations of `table` at `indices`.
    pub fn differentiate(&mut self, table: &[Equation], indices: &[u32]) {
        let scale = 1.0 / indices.len() as f32;
        self.forward_shared();
        for lane in &mut self.lanes {
            lane.gradient.fill(0.0);
            lane.shared.clear_gradients(&self.network.program);
            lane.loss = 0.0;
        }
        let (network, shared) = (&self.network, &self.shared);
        let cores = self.lanes.len();
        for_each(&mut self.lanes, |index, lane| {
            for chunk in indices[share(index, cores, indices.len())].chunks(CHUNK) {
                lane.equations.clear();
                lane.equations.extend(chunk.iter().map(|&index| table[index as usize]));
                lane.differentiate(network, shared, scale);
            }
        });

        self.shared.clear_gradients(&network.program);
        for lane in &self.lanes {
            self.shared.add_gradients(&lane.shared, &network.program);
        }
        self.run_shared(|program| &program.backward);
        let (first, others) = self.lanes.split_first_mut().expect("there is a core");
        for lane in others {
            let pairs = first.gradient.iter_mut().zip(&lane.gradient);
            pairs.for_each(|(total, part)| *total += part);
        }
        let total: f64 = self.lanes.iter().map(|lane| lane.loss).sum();
        self.loss = Some(total / indices.len() as f64);
    }

    /// What the network says of each equation.
    pub fn evaluate(&mut self, equations: &[Equation]) -> Vec<Answer> {
        self.forward_shared();
        let (network, shared) = (&self.network, &self.shared);
        let cores = self.lanes.len();
        for_each(&mut self.lanes, |index, lane| {
            lane.answers.clear();
            for chunk in equations[share(index, cores, equations.len())].chunks(CHUNK) {
                lane.equations.clear();
                lane.equations.extend(chunk);
                let logits = lane.forward(network, shared);
                lane.judge(logits, &network.program);
            }
        });
        self.lanes.iter().flat_map(|lane| lane.answers.iter().copied()).collect()
    }

    /// Of each equation, [equations, symbols].
    pub fn logits(&mut self, equations: &[Equation]) -> Vec<f32> {
        self.forward_shared();
        let (network, shared) = (&self.network, &self.shared);
        let lane = &mut self.lanes[0];
        let mut all = Vec::with_capacity(equations.len() * network.program.n_symbols);
        for chunk in equations.chunks(CHUNK) {
            lane.equations.clear();
            lane.equations.extend(chunk);
            let logits = lane.forward(network, shared);
            all.extend(&lane.own.rows(logits)[..chunk.len() * network.program.n_symbols]);
        }
        all
    }

    fn forward_shared(&mut self) {
        self.network.pack();
        self.run_shared(|program| &program.forward);
    }

    /// Some operations on the shared rows.
    fn run_shared(&mut self, ops: impl Fn(&Program) -> &[Op]) {
        let first = &mut self.lanes[0];
        let mut work = part::Work {
            network: &self.network,
            part: Part::Shared,
            equations: &self.symbols,
            arena: &mut self.shared,
            above: None,
            gradient: &mut first.gradient,
            scratch: &mut first.scratch,
        };
        for op in ops(&self.network.program) {
            work.run(op);
        }
    }
}

impl Lane {
    /// Forward and backward for the chunk in `equations`; `scale` is 1 / batch.
    fn differentiate(&mut self, network: &Network, shared: &Arena, scale: f32) {
        let logits = self.forward(network, shared);
        let (kind, zero_sum) = (network.program.loss, network.program.zero_sum);
        let answers = self.equations.iter().map(|equation| usize::from(equation.answer));
        let rows = self.own.rows_mut(logits).chunks_exact_mut(network.program.n_symbols);
        self.loss += Arch::new().dispatch(|| {
            rows.zip(answers)
                .map(|(row, answer)| {
                    let loss = pointwise::cross_entropy(kind, row, answer, scale);
                    if zero_sum {
                        pointwise::centre(row);
                    }
                    f64::from(loss)
                })
                .sum::<f64>()
        });
        let mut work = self.work(network, shared);
        for op in &network.program.backward {
            work.run(op);
        }
    }

    /// Forward for the chunk in `equations`, and where the logits are.
    fn forward(&mut self, network: &Network, shared: &Arena) -> usize {
        let mut work = self.work(network, shared);
        let mut found = None;
        for op in &network.program.forward {
            match op {
                Op::Loss { logits } => found = Some(*logits),
                _ => work.run(op),
            }
        }
        found.expect("a program ends with the loss")
    }

    fn judge(&mut self, logits: usize, program: &Program) {
        let (n_symbols, kind) = (program.n_symbols, program.loss);
        let rows = self.own.rows(logits).chunks_exact(n_symbols);
        let (equations, answers) = (&self.equations, &mut self.answers);
        Arch::new().dispatch(|| {
            let judged = rows.zip(equations);
            answers
                .extend(judged.map(|(row, e)| pointwise::judge(kind, row, usize::from(e.answer))));
        });
    }

    fn work<'a>(&'a mut self, network: &'a Network, shared: &'a Arena) -> part::Work<'a> {
        part::Work {
            network,
            part: Part::Chunk(self.equations.len()),
            equations: &self.equations,
            arena: &mut self.own,
            above: Some((shared, &mut self.shared)),
            gradient: &mut self.gradient,
            scratch: &mut self.scratch,
        }
    }
}

impl Network {
    fn pack(&mut self) {
        if std::mem::replace(&mut self.is_packed, true) {
            return;
        }
        let packs = self.forward.iter_mut().zip(&mut self.backward);
        for (map, (forward, backward)) in self.program.maps.iter().zip(packs) {
            let length = map.outputs * map.inputs;
            let weight = Matrix::new(&self.parameters[map.weight..][..length], map.inputs);
            forward.pack(weight.transposed(), map.inputs, map.outputs);
            backward.pack(weight, map.outputs, map.inputs);
        }
    }

    /// Positions as they are added to tokens, [T, D].
    fn positions(&self) -> &[f32] {
        let length = self.program.prompt.len() * self.program.d_model;
        match self.program.positions {
            Some(offset) => &self.parameters[offset..offset + length],
            None => &self.positions,
        }
    }
}

/// What one of the cores has of so many equations: whole chunks, except for the last.
fn share(core: usize, cores: usize, equations: usize) -> Range<usize> {
    let share = equations.div_ceil(CHUNK).div_ceil(cores) * CHUNK;
    equations.min(core * share)..equations.min((core + 1) * share)
}

/// The rate of matrix products of a convenient size on all cores, in billions of operations a
/// second: what a step can come near.
pub fn peak_gflops() -> f64 {
    const SIDE: usize = 256;
    const REPEATS: usize = 100;
    let values = vec![0.5; SIDE * SIDE];
    let mut packed = Packed::default();
    packed.pack(Matrix::new(&values, SIDE), SIDE, SIDE);
    let mut sums = vec![vec![0.0; SIDE * SIDE]; cores()];
    let best = (0..5).map(|_| {
        let started = Stopwatch::start();
        for_each(&mut sums, |_, sum| {
            for _ in 0..REPEATS {
                gemm::accumulate(Matrix::new(&values, SIDE), SIDE, &packed, sum);
            }
        });
        let operations = 2 * SIDE.pow(3) * REPEATS * sums.len();
        operations as f64 / (started.millis() * 1e6)
    });
    best.fold(0.0, f64::max)
}

#[cfg(feature = "cli")]
fn cores() -> usize {
    rayon::current_num_threads()
}

#[cfg(not(feature = "cli"))]
fn cores() -> usize {
    1
}

#[cfg(feature = "cli")]
fn for_each<T: Send>(lanes: &mut [T], run: impl Fn(usize, &mut T) + Sync) {
    use rayon::prelude::*;
    lanes.par_iter_mut().enumerate().for_each(|(index, lane)| run(index, lane));
}

#[cfg(not(feature = "cli"))]
fn for_each<T>(lanes: &mut [T], run: impl Fn(usize, &mut T)) {
    lanes.iter_mut().enumerate().for_each(|(index, lane)| run(index, lane));
}
