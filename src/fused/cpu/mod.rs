//! The program on the CPU.
//!
//! A batch is cut into chunks that fit a core's cache. Shared rows go forward first; then each
//! chunk goes forward and backward, and adds to the gradients of weights and shared rows; then
//! shared rows go backward. Chunks are dealt to cores, and to other processes, in parts whose sums
//! do not depend on who computes them: see [`sums`].

mod arena;
mod attention;
pub mod gemm;
mod lanes;
pub mod observe;
mod part;
mod pointwise;
pub mod sums;

use std::ops::Range;

use arena::{Arena, Part};
use gemm::{Matrix, Packed};
use observe::Observer;
use pulp::Arch;
use sums::{Node, Nodes, Partial, share};

use super::Answer;
use super::program::{Op, Program};
use crate::clock::Stopwatch;
use crate::data::Equation;
use crate::model::{ModelConfig, sinusoids};
use crate::optim::{Rates, Update};

/// Equations in a chunk: the buffers of a chunk of the paper's model are about 1 MB.
pub const CHUNK: usize = 128;

/// A network, its optimiser, and what a step needs.
pub struct Cpu {
    network: Network,
    moments: Vec<Vec<f32>>,
    /// The symbols as equations with x, for which shared rows are computed.
    symbols: Vec<Equation>,
    shared: Arena,
    /// One per thread.
    lanes: Vec<Lane>,
    /// Over the last batch.
    total: Partial,
    losses: Vec<f64>,
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

/// What one thread writes.
struct Lane {
    own: Arena,
    nodes: Nodes,
    spare: Vec<Partial>,
    scratch: Packed,
    equations: Vec<Equation>,
    /// Sums of each part's losses, rounded as they travel between processes.
    losses: Vec<f32>,
    answers: Vec<Answer>,
}

impl Cpu {
    /// Steps and evaluations are computed by `threads` lanes, from 1, on the cores of this process.
    pub fn new(config: &ModelConfig, parameters: Vec<f32>, update: &Update, threads: usize) -> Cpu {
        let moments = update.first_moments(&parameters);
        Cpu { moments, ..Cpu::with_lanes(config, parameters, threads) }
    }

    /// A network that only computes, on one core, with parameters of zero.
    pub fn inference(config: &ModelConfig) -> Cpu {
        let n_parameters = Program::new(config).n_parameters;
        Cpu::with_lanes(config, vec![0.0; n_parameters], 1)
    }

    fn with_lanes(config: &ModelConfig, parameters: Vec<f32>, lanes: usize) -> Cpu {
        let program = Program::new(config);
        let lane = || Lane {
            own: Arena::new(&program, Part::Chunk(CHUNK)),
            nodes: Nodes::default(),
            spare: Vec::new(),
            scratch: Packed::default(),
            equations: Vec::with_capacity(CHUNK),
            losses: Vec::new(),
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
            total: Partial::new(&program),
            losses: Vec::new(),
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

    /// The gradient of the last batch, `[P]`.
    pub fn gradient(&self) -> &[f32] {
        &self.total.gradient
    }

    /// Moves all parameters against the gradient of the last batch.
    pub fn update(&mut self, update: &Update, rates: Rates) {
        let gradient = &mut self.total.gradient;
        update.apply(rates, &mut self.network.parameters, gradient, &mut self.moments);
        self.network.is_packed = false;
    }

    /// Puts others in place of the parameters, and gives these.
    pub fn swap(&mut self, parameters: &mut Vec<f32>) {
        std::mem::swap(&mut self.network.parameters, parameters);
        self.network.is_packed = false;
    }

    /// What is computed.
    pub fn program(&self) -> &Program {
        &self.network.program
    }

    /// `[P]`
    pub fn parameters(&self) -> &[f32] {
        &self.network.parameters
    }

    /// Computes loss and gradient of the equations of `table` at `indices`.
    pub fn differentiate(&mut self, table: &[Equation], indices: &[u32]) {
        self.forward_shared();
        self.differentiate_parts(table, indices, 0..sums::parts(indices.len()));
        self.backward_shared(indices.len());
    }

    /// Computes the shared rows, which every part of a batch reads.
    pub fn forward_shared(&mut self) {
        self.forward_shared_to(&mut observe::Nobody);
    }

    /// Sums over some of a batch's parts, which stay with the lanes; parts come in their order.
    pub fn differentiate_parts(
        &mut self,
        table: &[Equation],
        indices: &[u32],
        parts: Range<usize>,
    ) {
        let (network, shared) = (&self.network, &self.shared);
        let lanes = self.lanes.len();
        for_each(&mut self.lanes, |index, lane| {
            let own = share(index, lanes, parts.len());
            for part in parts.start + own.start..parts.start + own.end {
                lane.differentiate_part(network, shared, table, indices, part);
            }
        });
        for lane in &mut self.lanes {
            self.losses.extend(lane.losses.drain(..).map(f64::from));
        }
    }

    /// The sums over some parts end to end: their losses, then their gradients.
    pub fn parts_to_send(
        &mut self,
        table: &[Equation],
        indices: &[u32],
        parts: Range<usize>,
    ) -> Vec<f32> {
        self.forward_shared();
        self.differentiate_parts(table, indices, parts);
        let mut values: Vec<f32> = self.losses.drain(..).map(|loss| loss as f32).collect();
        let program = &self.network.program;
        for lane in &mut self.lanes {
            lane.nodes.iter().for_each(|node| node.partial.write(program, &mut values));
            let Lane { nodes, spare, .. } = lane;
            spare.extend(nodes.take().map(|node| node.partial));
        }
        values
    }

    /// Takes in what [`Cpu::parts_to_send`] gave of the same parts elsewhere.
    ///
    /// # Panics
    /// If it is of another network.
    pub fn receive_parts(&mut self, parts: Range<usize>, values: &[f32]) {
        let (losses, values) = values.split_at(parts.len());
        self.losses.extend(losses.iter().map(|&loss| f64::from(loss)));
        let program = &self.network.program;
        let lane = self.lanes.last_mut().expect("there is a lane");
        let spare = || lane.spare.pop().unwrap_or_else(|| Partial::new(program));
        let nodes = Nodes::read(parts, values, program, spare);
        for node in nodes {
            let left = lane.nodes.push(node, program);
            lane.spare.extend(left);
        }
    }

    /// When all parts are there, in their order: their sum, and what it says of the shared rows.
    pub fn backward_shared(&mut self, equations: usize) {
        let program = &self.network.program;
        let mut total = Nodes::default();
        let given: Vec<(usize, Node)> = self
            .lanes
            .iter_mut()
            .enumerate()
            .flat_map(|(index, lane)| {
                lane.nodes.take().map(move |node| (index, node)).collect::<Vec<_>>()
            })
            .collect();
        let owners: Vec<usize> = given.iter().map(|&(lane, _)| lane).collect();
        let mut spare = Vec::new();
        for (_, node) in given {
            spare.extend(total.push(node, program));
        }
        let sum = total.take().next().expect("a batch has a part").partial;
        spare.push(std::mem::replace(&mut self.total, sum));
        // Every lane gets back as many buffers as it gave.
        for (lane, partial) in owners.into_iter().zip(spare) {
            self.lanes[lane].spare.push(partial);
        }
        self.shared.copy_gradients(&self.total.shared, program);
        self.run_shared(|program| &program.backward, &mut observe::Nobody);
        self.loss = Some(self.losses.drain(..).sum::<f64>() / equations as f64);
    }

    /// What the network says of each equation.
    pub fn evaluate(&mut self, equations: &[Equation]) -> Vec<Answer> {
        self.forward_shared();
        let (network, shared) = (&self.network, &self.shared);
        let (lanes, chunks) = (self.lanes.len(), equations.len().div_ceil(CHUNK));
        for_each(&mut self.lanes, |index, lane| {
            lane.answers.clear();
            for chunk in share(index, lanes, chunks) {
                let end = ((chunk + 1) * CHUNK).min(equations.len());
                lane.equations.clear();
                lane.equations.extend(&equations[chunk * CHUNK..end]);
                let logits = lane.forward(network, shared, &mut observe::Nobody);
                lane.judge(logits, &network.program);
            }
        });
        self.lanes.iter().flat_map(|lane| lane.answers.iter().copied()).collect()
    }

    /// After [`Cpu::forward_shared`], the logits of at most [`CHUNK`] equations, [equations, symbols].
    pub fn logits_of_chunk(&mut self, equations: &[Equation]) -> &[f32] {
        let (network, shared) = (&self.network, &self.shared);
        let lane = &mut self.lanes[0];
        lane.equations.clear();
        lane.equations.extend(equations);
        let logits = lane.forward(network, shared, &mut observe::Nobody);
        &lane.own.rows(logits)[..equations.len() * network.program.n_symbols]
    }

    /// Some operations on the shared rows.
    fn run_shared(&mut self, ops: impl Fn(&Program) -> &[Op], observer: &mut impl Observer) {
        let first = &mut self.lanes[0];
        let mut work = part::Work {
            network: &self.network,
            part: Part::Shared,
            equations: &self.symbols,
            arena: &mut self.shared,
            above: None,
            gradient: &mut self.total.gradient,
            scratch: &mut first.scratch,
        };
        for op in ops(&self.network.program) {
            work.run(op);
            work.show(op, observer);
        }
    }
}

impl Lane {
    fn differentiate_part(
        &mut self,
        network: &Network,
        shared: &Arena,
        table: &[Equation],
        indices: &[u32],
        part: usize,
    ) {
        let mut partial = self.spare.pop().unwrap_or_else(|| Partial::new(&network.program));
        partial.clear(&network.program);
        let scale = 1.0 / indices.len() as f32;
        let mut loss = 0.0;
        for chunk in indices[sums::equations(part, indices.len())].chunks(CHUNK) {
            self.equations.clear();
            self.equations.extend(chunk.iter().map(|&index| table[index as usize]));
            loss += self.differentiate(network, shared, &mut partial, scale);
        }
        self.losses.push(loss as f32);
        let left = self.nodes.push_part(part, partial, &network.program);
        self.spare.extend(left);
    }

    /// Forward and backward for the chunk in `equations`, whose losses are summed; `scale` is
    /// 1 / batch.
    fn differentiate(
        &mut self,
        network: &Network,
        shared: &Arena,
        partial: &mut Partial,
        scale: f32,
    ) -> f64 {
        let logits = self.forward(network, shared, &mut observe::Nobody);
        let (kind, zero_sum) = (network.program.loss, network.program.zero_sum);
        let answers = self.equations.iter().map(|equation| usize::from(equation.answer));
        let rows = self.own.rows_mut(logits).chunks_exact_mut(network.program.n_symbols);
        let loss = Arch::new().dispatch(|| {
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
        self.backward(network, shared, partial);
        loss
    }

    /// Backward for the chunk in `equations`, from the gradient in place of its logits.
    fn backward(&mut self, network: &Network, shared: &Arena, partial: &mut Partial) {
        let mut work = part::Work {
            network,
            part: Part::Chunk(self.equations.len()),
            equations: &self.equations,
            arena: &mut self.own,
            above: Some((shared, Some(&mut partial.shared))),
            gradient: &mut partial.gradient,
            scratch: &mut self.scratch,
        };
        for op in &network.program.backward {
            work.run(op);
        }
    }

    /// Forward for the chunk in `equations`, and where the logits are.
    fn forward(
        &mut self,
        network: &Network,
        shared: &Arena,
        observer: &mut impl Observer,
    ) -> usize {
        let mut work = part::Work {
            network,
            part: Part::Chunk(self.equations.len()),
            equations: &self.equations,
            arena: &mut self.own,
            above: Some((shared, None)),
            gradient: &mut [],
            scratch: &mut self.scratch,
        };
        let mut found = None;
        for op in &network.program.forward {
            match op {
                Op::Loss { logits } => found = Some(*logits),
                _ => work.run(op),
            }
            work.show(op, observer);
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

#[cfg(feature = "threads")]
/// Cores of this process that can be used.
pub fn cores() -> usize {
    rayon::current_num_threads()
}

#[cfg(not(feature = "threads"))]
/// Cores of this process that can be used.
pub fn cores() -> usize {
    1
}

#[cfg(feature = "threads")]
fn for_each<T: Send>(lanes: &mut [T], run: impl Fn(usize, &mut T) + Sync) {
    use rayon::prelude::*;
    lanes.par_iter_mut().enumerate().for_each(|(index, lane)| run(index, lane));
}

#[cfg(not(feature = "threads"))]
fn for_each<T>(lanes: &mut [T], run: impl Fn(usize, &mut T)) {
    lanes.iter_mut().enumerate().for_each(|(index, lane)| run(index, lane));
}
