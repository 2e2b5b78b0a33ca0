//! The program as dispatches for a batch of a given size.

use super::arguments::{Arguments, LossArguments, ProductArguments};
use super::constants::{NONE, ROWS_ACROSS, SEGMENTS, SPLITS, THREADS, TILE};
use super::context::{Kernel, within};
use super::space::Space;
use crate::config::{Activation, Loss};
use crate::error::Result;
use crate::fused::program::{Act, Attention, Ending, Id, MapId, Op, Program};
use crate::fused::rows::{Place, Span};

const PRODUCT: &str = include_str!("product.wgsl");
const ATTENTION: &str = include_str!("attention.wgsl");
const NORMALIZE: &str = include_str!("normalize.wgsl");
const LOSS: &str = include_str!("loss.wgsl");
const EMBED: &str = include_str!("embed.wgsl");

/// One call of a kernel.
#[derive(Debug)]
pub struct Dispatch {
    pub kernel: Kernel,
    pub arguments: Arguments,
    pub groups: [u32; 3],
}

/// What is done with the loss at the end of the forward pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    Train,
    Evaluate,
}

/// The dispatches of a program for so many equations.
pub struct Plan<'a> {
    space: Space<'a>,
    pub dispatches: Vec<Dispatch>,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// If there are more activations than the kernels' offsets count.
    pub fn new(program: &'a Program, count: usize, goal: Goal) -> Result<Plan<'a>> {
        within(needed(program, count, goal), 4 * u64::from(u32::MAX), "kernels can address")?;
        let mut plan = Plan { space: Space::new(program, count), dispatches: Vec::new() };
        for op in &program.forward {
            plan.forward(op, goal);
        }
        if goal == Goal::Train {
            program.backward.iter().for_each(|op| plan.backward(op));
        }
        Ok(plan)
    }

    /// Values of activations in all.
    pub fn n_activations(&self) -> u64 {
        self.space.n_activations
    }

    fn call(&mut self, kernel: Kernel, groups: [u32; 3], arguments: Arguments) {
        self.dispatches.push(Dispatch { kernel, arguments, groups });
    }

    fn forward(&mut self, op: &Op, goal: Goal) {
        match *op {
            Op::Embed { out } => {
                let groups = (self.space.rows(out) * self.space.d()).div_ceil(THREADS);
                let arguments = self.space.embed_arguments(out);
                self.call((EMBED, "embed", None), [groups, 1, 1], arguments);
            }
            Op::Normalize { gains, input, stats, out } => {
                let rows = self.space.rows(input);
                let arguments = self.space.norm_arguments(gains, [input, stats, input], Some(out));
                self.call((NORMALIZE, "normalize", None), across(rows), arguments);
            }
            Op::Linear { map: id, input, span, add, activation, out } => {
                let map = self.space.program.maps[id];
                let (first, rows) = self.space.span(input, span);
                let product = Product {
                    shape: [rows, map.outputs as u32, map.inputs as u32],
                    left: self.space.offsets[input] + first * map.inputs as u32,
                    right: map.weight as u32,
                    out: self.space.offsets[out],
                    add: add.map(|add| self.space.offsets[add]),
                    bias: map.bias,
                    activation,
                };
                self.product(0, 1, product);
            }
            Op::Attend(ref attention) => {
                let rows = self.space.rows(attention.attended);
                let arguments = self.space.attention_arguments(attention, [0; 3]);
                self.call((ATTENTION, "attend", None), across(rows), arguments);
            }
            Op::Loss { logits } => {
                let entry = match goal {
                    Goal::Train => "loss",
                    Goal::Evaluate => "judge",
                };
                let rows = self.space.rows(logits);
                let is_stablemax = self.space.program.loss == Loss::Stablemax;
                let kind = u32::from(is_stablemax) + 2 * u32::from(self.space.program.zero_sum);
                let arguments = Arguments::new(LossArguments {
                    rows,
                    n_symbols: self.space.program.n_symbols as u32,
                    logits: self.space.offsets[logits],
                });
                self.call((LOSS, entry, Some(kind)), across(rows), arguments);
            }
            _ => unreachable!("{op:?} goes backward"),
        }
    }

    fn backward(&mut self, op: &Op) {
        match *op {
            Op::WeightGradient { map, input, span, from } => {
                let map = self.space.program.maps[map];
                let (first, rows) = self.space.span(input, span);
                let product = Product {
                    shape: [map.outputs as u32, map.inputs as u32, rows],
                    left: self.space.offsets[from],
                    right: self.space.offsets[input] + first * map.inputs as u32,
                    out: map.weight as u32,
                    add: None,
                    bias: map.bias,
                    activation: None,
                };
                self.product(2, SPLITS, product);
            }
            Op::InputGradient { map, from, into, span, ending } => {
                self.input_gradient(map, from, into, span, ending);
            }
            Op::NormalizeGradient { gains, input, stats, from, into } => {
                let arguments = self.space.norm_arguments(gains, [input, stats, from], into);
                let groups = [self.space.d().div_ceil(THREADS), SPLITS, 1];
                self.call((NORMALIZE, "gains_gradient", None), groups, arguments.clone());
                let rows = self.space.rows(input);
                self.call((NORMALIZE, "input_gradient", None), across(rows), arguments);
            }
            Op::AttendGradient(ref attention) => self.attend_gradient(attention),
            Op::EmbedGradient { from } => {
                let tokens = self.space.program.n_symbols + self.space.program.prompt.len() - 2;
                let threads = (tokens + self.space.program.prompt.len()) as u32 * self.space.d();
                let arguments = self.space.embed_arguments(from);
                let groups = [threads.div_ceil(THREADS), 1, 1];
                self.call((EMBED, "embed_gradient", None), groups, arguments);
            }
            _ => unreachable!("{op:?} goes forward"),
        }
    }

    fn input_gradient(&mut self, map: MapId, from: Id, into: Id, span: Span, ending: Ending) {
        let map = self.space.program.maps[map];
        let (first, rows) = self.space.span(into, span);
        let (add, activation) = match ending {
            Ending::Replace => (false, None),
            Ending::Add => (true, None),
            Ending::Activation(activation) => (false, Some(activation)),
        };
        let out = self.space.offsets[into] + first * map.inputs as u32;
        let product = Product {
            shape: [rows, map.inputs as u32, map.outputs as u32],
            left: self.space.offsets[from],
            right: map.weight as u32,
            out,
            add: add.then_some(out),
            bias: None,
            activation,
        };
        self.product(1, 1, product);
    }

    fn product(&mut self, kind: u32, splits: u32, product: Product) {
        let [rows, columns, depth] = product.shape;
        let (activation, saved) = match product.activation {
            None => (0, NONE),
            Some(Act { kind: Activation::Relu, saved }) => (1, self.space.offsets[saved]),
            Some(Act { kind: Activation::Gelu, saved }) => (2, self.space.offsets[saved]),
        };
        let arguments = Arguments::new(ProductArguments {
            rows,
            columns,
            depth,
            left: product.left,
            right: product.right,
            out: product.out,
            add: product.add.unwrap_or(NONE),
            bias: product.bias.map_or(NONE, |bias| bias as u32),
            activation,
            saved,
            n_parameters: self.space.program.n_parameters as u32,
        });
        let groups = [columns.div_ceil(TILE), rows.div_ceil(TILE), splits];
        self.call((PRODUCT, "product", Some(kind)), groups, arguments);
    }

    fn attend_gradient(&mut self, attention: &Attention) {
        let ones = ones(attention);
        let results = self.space.rows(attention.attended);
        let scratch = scratch(self.space.program, self.space.count, attention);
        let scratch = scratch.map(|values| self.space.allocate(values));
        let arguments = self.space.attention_arguments(attention, scratch);
        self.call((ATTENTION, "scores_gradient", None), across(results), arguments.clone());
        if ones > 0 {
            let groups = [ones, SEGMENTS, 1];
            self.call((ATTENTION, "ones_gradient", None), groups, arguments.clone());
        }
        let inputs = self.space.rows(attention.stream);
        self.call((ATTENTION, "rows_gradient", None), across(inputs), arguments);
    }
}

/// Values of activations that a plan allocates.
fn needed(program: &Program, count: usize, goal: Goal) -> u64 {
    let buffers = program.buffers.iter();
    let values = buffers.map(|buffer| (buffer.layout.rows(count) as u64) * buffer.columns as u64);
    let aside = program.backward.iter().filter_map(|op| match op {
        Op::AttendGradient(attention) if goal == Goal::Train => {
            Some(scratch(program, count, attention).iter().sum::<u64>())
        }
        _ => None,
    });
    values.sum::<u64>() + aside.sum::<u64>()
}

/// Values that the gradient of attention needs aside: of scores, of queries, and parts of those of
/// single rows.
fn scratch(program: &Program, count: usize, attention: &Attention) -> [u64; 3] {
    let results = program.buffers[attention.attended].layout.rows(count) as u64;
    let n_scores = (program.n_heads * attention.inputs.len()) as u64;
    let d = program.d_model as u64;
    [results * n_scores, results * d, u64::from(ones(attention) * SEGMENTS * 4) * d]
}

/// What a product is of: [rows, columns, depth] and offsets.
struct Product {
    shape: [u32; 3],
    left: u32,
    right: u32,
    out: u32,
    add: Option<u32>,
    bias: Option<usize>,
    activation: Option<Act>,
}

/// Positions whose row is the same in every equation.
fn ones(attention: &Attention) -> u32 {
    attention.inputs.iter().filter(|place| matches!(place, Place::One(_))).count() as u32
}

/// A workgroup per row.
fn across(rows: u32) -> [u32; 3] {
    [rows.min(ROWS_ACROSS), rows.div_ceil(ROWS_ACROSS), 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::model::ModelConfig;

    #[test]
    fn what_32_bits_do_not_count_is_counted() {
        let settings = [
            ("modulus", "199"),
            ("layers", "2"),
            ("width", "256"),
            ("mlpRatio", "8"),
            ("heads", "16"),
            ("activation", "gelu"),
            ("norm", "post"),
        ];
        let settings = settings.map(|(id, value)| (id.to_string(), value.to_string()));
        let config = Config::default().with(&settings.into()).unwrap();
        let program = Program::new(&ModelConfig::new(&config, 199));
        // 4.37 GB, which 32 bits take for 72 MB.
        let plan = Plan::new(&program, 39_204, Goal::Train).unwrap();
        assert_eq!(plan.n_activations(), needed(&program, 39_204, Goal::Train));
        let bytes = plan.n_activations() * 4;
        assert!((4_300_000_000..4_500_000_000).contains(&bytes), "{bytes}");
        let allowed = |limit| within(plan.n_activations(), limit, "the graphics card allows");
        assert_eq!(allowed(bytes), Ok(bytes));
        assert_eq!(
            allowed(bytes - 1).unwrap_err().to_string(),
            format!(
                "the device failed: a step needs a buffer of {0} MB, the graphics card allows {0} \
                 MB: choose a smaller batch or network",
                bytes >> 20
            )
        );
        let judged = Plan::new(&program, 39_204, Goal::Evaluate).unwrap();
        assert_eq!(judged.n_activations(), needed(&program, 39_204, Goal::Evaluate));
        // More values than there are offsets.
        let refused = Plan::new(&program, 200_000, Goal::Train).err().unwrap().to_string();
        assert!(refused.contains("MB, kernels can address 16383 MB"), "{refused}");
    }
}
